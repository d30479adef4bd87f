"""What a reader should be warned of, whatever part of a question it stands in; and the second look
that a command needs when characters in it turn around what is read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.step import Page
from codex_tui.paint.question import (
    Fact,
    NumberedText,
    characters,
    counted_blanks,
    measure,
    oddities,
    uncounted,
)
from codex_tui.text import SafeText, join, line, own
from codex_tui.text.width import LONG

if TYPE_CHECKING:
    from codex_tui.dialogs.choices import Choice

_ESCAPE = re.compile(r"\\x[0-9a-f]{2}|<U\+[0-9A-F]{4,6}>")
_WORD = re.compile(r"[^\W\d_]+")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Alphabets whose letters are taken for each other's.
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
_SENSITIVE = re.compile(
    r"(?:^|/)(?:\.git|\.codex|\.vscode|\.idea|\.github|\.ssh|\.gnupg|\.devcontainer|\.agents|\.claude)(?:/|$)"
    r"|(?:^|/)(?:\.envrc|\.env|\.gitmodules|\.gitattributes|\.gitconfig|\.npmrc|\.pypirc|\.netrc|\.bashrc"
    r"|\.bash_profile|\.bash_login|\.profile|\.zshrc|\.zshenv|\.zprofile|\.zlogin|config\.fish|authorized_keys"
    r"|crontab|sudoers|AGENTS\.md)$",
    re.IGNORECASE,
)


def lookalikes(text: str) -> tuple[SafeText, ...]:
    """Sentences about letters that are not what they look like."""
    if text.isascii():
        return ()
    found: list[SafeText] = []
    # A word can only mix what the whole text has.
    mixes = len(_alphabets(text)) > 1
    if mixes and any(len(_alphabets(word)) > 1 for word in set(_WORD.findall(text)) if not word.isascii()):
        found.append(own("letters of several alphabets in one word: some may look like others"))
    if any(char > "~" and "!" <= unicodedata.normalize("NFKC", char) <= "~" for char in characters(text)):
        found.append(own("wide or styled letters that only look like plain ones"))
    return tuple(found)


def _alphabets(word: str) -> set[str]:
    chars = characters(word) if len(word) > LONG else set(word)
    names = (unicodedata.name(char, "").partition(" ")[0] for char in chars)
    return {name for name in names if name in _ALIKE}


def is_sensitive(path: str) -> bool:
    """Whether what is written there may run or be trusted later: hooks, settings, start-up files, keys."""
    return _SENSITIVE.search(path) is not None


def turns_around(text: str) -> bool:
    """Whether characters in it change the order in which it is read."""
    return _TURNS.search(text) is not None


def cautioned(sheet: Sheet) -> Sheet:
    """`sheet` with a warning when its title or facts have something to hide. Safe text tells: whatever
    was hidden is an escape in it."""
    labels: list[SafeText] = []
    label = own("")
    is_turned = False
    for fact in sheet.facts:
        label = fact.label or label
        text = "\n".join(fact.rows)
        odd = () if text.isascii() else set(text)
        is_turned |= any(unicodedata.bidirectional(char) in {"R", "AL"} for char in odd)
        if _ESCAPE.search(text) and label and label != "Careful" and label not in labels:
            labels.append(label)
    found: list[SafeText] = []
    if _ESCAPE.search(sheet.title):
        labels.insert(0, own("the title"))
    if labels:
        quoted = join(*labels, by=own(", "))
        found.append(join(own("invisible characters, written as escapes, in: "), quoted))
    if is_turned:
        found.append(own("right-to-left letters: a terminal may draw them in another order"))
    shown = {row for fact in sheet.facts if fact.label in {"Careful", ""} for row in fact.rows}
    more = [Fact(own("Careful"), (text,), "warn") for text in found if text not in shown]
    return replace(sheet, facts=(*sheet.facts, *more)) if more else sheet


_RUN = re.compile(" {4,}| +$")


def shown_path(path: str, *, plain: bool = False) -> SafeText:
    """A path with what is blank in it made countable, as commands are: `a␣12␣b`, `main.py␣1␣`; with
    `plain` in ASCII: `a<_12_>b`."""
    safe = uncounted(line(path), plain=plain)
    if "    " not in safe and not safe.endswith(" "):
        return safe
    return SafeText(_RUN.sub(lambda run: counted_blanks(len(run.group()), plain=plain), safe))


MISREAD = own("characters in it turn around what is read; what runs is in the order shown here")
NO_CONTENT = own("no content was sent: what would be written is not known")


def hidden_among(*values: object) -> tuple[SafeText, ...]:
    """A sentence when a text anywhere in those values (JSON, or a text) hides something."""
    queue: list[object] = list(values)
    texts: list[str] = []
    while queue:
        value = queue.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            queue += [*cast("dict[str, object]", value).keys(), *cast("dict[str, object]", value).values()]
        elif isinstance(value, list):
            queue += cast("list[object]", value)
    text = "\n".join(texts)
    return (*oddities(text, is_code=True), *lookalikes(text))


def looked_at_twice(choices: tuple[Choice, ...], why: SafeText, text: str) -> tuple[Choice, ...]:
    """The answers, with a second page before each grant that says `why`, and `text` again."""

    def second(choice: Choice) -> Choice:
        if not choice.grants or choice.leads is not None or choice.rule is not None:
            return choice
        return replace(choice, leads=lambda: Page(_again(choice, why, text)), result=None, outcome="")

    return tuple(second(choice) for choice in choices)


def _again(choice: Choice, why: SafeText, text: str) -> Sheet:
    from codex_tui.dialogs.choices import NO_EFFECT, Choice

    return Sheet(
        title=own("Really? Look once more"),
        facts=(Fact(own("Careful"), (why,), "warn"),),
        body=lambda look: NumberedText(text, look),
        measure=measure(text),
        choices=(
            replace(choice, key="enter"),
            Choice("escape", own("Back, nothing is sent"), own("back"), NO_EFFECT, None, ""),
        ),
    )
