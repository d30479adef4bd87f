"""The second step of "always allow a prefix": the rule word by word, as it will be written.

The engine takes the client's own prefix, so the person decides how much of the command it covers.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.offers import prefix_rule
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.shell import count_commands, read_command, simple_commands
from codex_tui.dialogs.signs import KeyLine
from codex_tui.paint.lines import EMPTY, Row, chop
from codex_tui.paint.question import Fact, NumberedText, Painted, Rows, Stacked, exact
from codex_tui.protocol import approvals
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.dialogs.setting import Setting
    from codex_tui.dialogs.step import Step
    from codex_tui.paint.look import Look

MATCHES_SHOWN = 3
"""Commands of this session that are named as examples of what the rule would have let through."""

_RUNS_OTHERS = re.compile(
    r"(?:python|pypy|ruby|perl|php|lua|node|deno|bun|java|osascript|tclsh|Rscript)[\d.]*|"
    r"(?:ba|z|da|k|a|c|tc|fi)?sh|pwsh|powershell|cmd|"
    r"env|sudo|doas|su|xargs|parallel|nohup|timeout|nice|ionice|time|watch|setsid|stdbuf|strace|"
    r"eval|exec|command|builtin|ssh|docker|podman|kubectl|npx|bunx|uvx|pipx|uv|busybox|chroot|script|"
    r"make|just|awk|gawk|mawk|sed|vi|vim|ed|less|man"
)
_EXPANDED = re.compile(r"[*?\[\]{}$`~]")


def first_words(offered: tuple[str, ...], script: str) -> tuple[str, ...]:
    """The words that a rule can be made of: those of the first command when the offer begins it."""
    commands = simple_commands(script)
    words = commands[0] if commands else ()
    return words if words[: len(offered)] == offered else offered


def warnings(words: Sequence[str], script: str) -> tuple[SafeText, ...]:
    """What a person should know of a rule for these words before it is written."""
    found: list[SafeText] = []
    name = words[0].rsplit("/", 1)[-1]
    if _RUNS_OTHERS.fullmatch(name):
        found.append(join(line(name), own(" can run anything that comes after these words")))
    elif name == "find":
        found.append(own("find can run commands and delete files (-exec, -delete)"))
    elif name == "git" and (len(words) == 1 or words[1].startswith("-")):
        found.append(own("git can run other programs by its options (-c, --exec-path)"))
    if len(words) == 1:
        found.append(join(own("one word: every "), line(name), own(" command, whatever its arguments")))
    if any(_EXPANDED.search(word) for word in words):
        found.append(own("the rule takes * ? $ ~ and the like as they are written, not what they stand for"))
    count = count_commands(script)
    if count > 1:
        found.append(join(own("it covers only the first of "), number(count), own(" commands")))
    return tuple(found)


def matches(words: tuple[str, ...], past: Sequence[str]) -> list[str]:
    """Those of the past commands of which a part begins with the words, as they were run, each once."""
    size = len(words)
    found = dict.fromkeys(read_command(command).text for command in past)
    return [text for text in found if any(command[:size] == words for command in simple_commands(text))]


@dataclass(frozen=True, slots=True)
class PrefixStep:
    """`count` of `words` are in the rule; at least one is."""

    words: tuple[str, ...]
    count: int
    script: str
    setting: Setting

    @property
    def prefix(self) -> tuple[str, ...]:
        """The words of the rule as it stands."""
        return self.words[: self.count]

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        return (KeyLine(("left", "right"), own("one word less, or more")),) if len(self.words) > 1 else ()

    def press(self, key: str, character: str | None) -> Step | None:
        count = {"left": self.count - 1, "right": self.count + 1}.get(key)
        if count is None or len(self.words) == 1:
            return None
        return replace(self, count=max(1, min(count, len(self.words))))

    def paste(self, text: str) -> Step | None:
        return None

    @property
    def sheet(self) -> Sheet:
        prefix = self.prefix
        rule = prefix_rule(prefix)
        facts = [
            Fact(own("Written to"), (self.setting.rules_file,), "code"),
            Fact(own("Lasts"), (own("for good and in every project, until you remove it from that file"),)),
            Fact(
                own("Means"),
                (own("commands that begin with these words run without asking and without the sandbox"),),
                "warn",
            ),
            *(
                Fact(own("Careful") if index == 0 else own(""), (text,), "warn")
                for index, text in enumerate(warnings(prefix, self.script))
            ),
            *self._past(),
        ]
        return Sheet(
            title=own("Write this rule?"),
            facts=tuple(facts),
            body=lambda look: self._body(rule, look),
            measure=own("← shorter   → longer") if len(self.words) > 1 else own(""),
            choices=(
                Choice(
                    "enter",
                    own("Write it, and run this command"),
                    own("write the rule"),
                    NO_EFFECT,
                    approvals.accept_with_prefix(prefix),
                    "acceptWithExecpolicyAmendment",
                    grants=True,
                ),
                Choice("escape", own("Back, nothing is written"), own("back"), NO_EFFECT, None, ""),
            ),
            focus=lambda look: 0,
        )

    def _past(self) -> list[Fact]:
        """Which of this session's commands the rule would have let through unasked."""
        found = matches(self.prefix, self.setting.past)
        if not found:
            return []
        rows = [line(text) for text in found[-MATCHES_SHOWN:]]
        rows = [row if len(row) <= 200 else SafeText(f"{row[:200]} [and more]") for row in rows]
        left = len(found) - len(rows)
        if left:
            rows.append(join(own("and "), number(left), own(" more of this session")))
        return [Fact(own("Would match"), tuple(rows), "dim")]

    def _body(self, rule: SafeText, look: Look) -> Rows:
        palette = look.palette
        row: Row = []
        for index, word in enumerate(self.words):
            inside = index < self.count
            text = SafeText(f"{line(shlex.quote(word))} ")
            row.append((text, palette.strong if inside else palette.dim))
            if index + 1 == self.count:
                row.append((SafeText(f"{look.marks.column} "), palette.accent))
        rows = [exact(part) for part in chop(row, look.width)]
        return Stacked([Painted([*rows, EMPTY]), NumberedText(rule, look)])
