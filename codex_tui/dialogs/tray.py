"""The tray: every question that waits, of all threads, oldest first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.denial import denied_words
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.shell import read_command
from codex_tui.dialogs.signs import KeyLine
from codex_tui.paint.lines import Row, cut_row, part_width
from codex_tui.paint.question import exact
from codex_tui.protocol.approvals import CommandApproval, FileChangeApproval
from codex_tui.protocol.deltas import AutoReviewCompleted
from codex_tui.protocol.items import AgentMessage, FileChange
from codex_tui.protocol.questions import UserInputRequest
from codex_tui.session.asides import ASIDE
from codex_tui.session.denials import DENIED
from codex_tui.text import SafeText, join, line, number, own, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from textual.strip import Strip

    from codex_tui.dialogs.step import Step
    from codex_tui.paint.look import Look
    from codex_tui.session.inbox import Question, QuestionKey
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Item

JUMPS = {"right_square_bracket": 1, "left_square_bracket": -1, "ctrl+n": 1, "ctrl+p": -1}
"""Keys that go from one question to another, and how far."""
WORDS_READ = 400
"""Characters of a question's content that its one line is cut from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the tray. `mark` says what became of it: put off, answered."""

    key: QuestionKey
    received: float
    kind: SafeText
    content: SafeText
    asker: SafeText = own("")
    mark: SafeText = own("")


_KINDS: dict[str, SafeText] = {
    "item/commandExecution/requestApproval": own("command"),
    "item/fileChange/requestApproval": own("patch"),
    "item/permissions/requestApproval": own("rights"),
    "item/tool/requestUserInput": own("question"),
    ASIDE: own("question"),
    DENIED: own("denied"),
    "mcpServer/elicitation/request": own("tool server"),
    "item/tool/call": own("tool"),
    "execCommandApproval": own("command"),
    "applyPatchApproval": own("patch"),
}


def entries(
    state: State, put_off: Set[QuestionKey] = frozenset(), answered: Set[QuestionKey] = frozenset()
) -> tuple[Entry, ...]:
    """The questions that wait, oldest first."""
    from codex_tui.dialogs.setting import item_of

    found: list[Entry] = []
    for question in state.inbox.questions:
        thread = state.threads.get(question.thread_id or "")
        asker = own("")
        if thread is not None and thread.id != state.active_id:
            asker = line((thread.name or thread.preview or thread.id)[:WORDS_READ])
        mark = own("put off") if question.key in put_off else own("")
        kind, content = describe(question, item_of(question, state))
        found.append(
            Entry(
                question.key,
                question.received,
                kind,
                content,
                asker,
                own("answered") if question.key in answered else mark,
            )
        )
    return tuple(sorted(found, key=lambda entry: entry.received))


def describe(question: Question, item: Item | None) -> tuple[SafeText, SafeText]:
    """What kind of question it is, and what it is about, in one line each."""
    kind = _KINDS.get(question.method) or line(question.method[:WORDS_READ])
    params = question.params
    if isinstance(params, CommandApproval):
        if params.network_approval_context is not None:
            return own("network"), line(params.network_approval_context.host[:WORDS_READ])
        if params.kind == "writeStdin":
            kind = own("input")
        return kind, line(read_command(params.command or "").text[:WORDS_READ])
    if isinstance(params, FileChangeApproval):
        changes = item.body.changes if item is not None and isinstance(item.body, FileChange) else ()
        return kind, _joined(change.path for change in changes[:3]) or own("files not said")
    if isinstance(params, AutoReviewCompleted):
        about = denied_words(params, item)
        return kind, line(about[:WORDS_READ])
    raw = question.raw
    for name in ("message", "reason", "tool", "command"):
        if isinstance(told := raw.get(name), str) and told:
            return kind, line(told[:WORDS_READ])
    if isinstance(params, UserInputRequest):
        return kind, _joined(asked.question for asked in params.questions[:3])
    if isinstance(params, AgentMessage):
        return kind, _joined(asked.title for asked in (params.questions or ())[:3])
    return kind, own("")


def _joined(texts: Iterable[str]) -> SafeText:
    return join(*(line(text[:WORDS_READ]) for text in texts), by=own(", "))


@dataclass(frozen=True, slots=True)
class TrayStep:
    """The list with one of its entries chosen; `now` is the time its ages are told at."""

    entries: tuple[Entry, ...]
    chosen: QuestionKey
    now: float
    sheet: Sheet = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sheet", self._sheet())

    def revised(self, entries: tuple[Entry, ...], now: float) -> TrayStep:
        """The same list with other entries; where the chosen one is gone, its neighbour is chosen."""
        keys = [entry.key for entry in entries]
        at = min(self.at, len(keys) - 1)
        return TrayStep(entries, self.chosen if self.chosen in keys else keys[at], now)

    @property
    def at(self) -> int:
        """Where the chosen entry stands."""
        keys = [entry.key for entry in self.entries]
        return keys.index(self.chosen) if self.chosen in keys else 0

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        return (
            KeyLine(("up", "down", "tab", "shift+tab", *JUMPS), own("the one above, or below")),
            KeyLine(("pageup", "pagedown", "home", "end"), own("ten further, or to an end")),
        )

    def press(self, key: str, character: str | None) -> Step | None:
        steps = {"up": -1, "down": 1, "tab": 1, "shift+tab": -1, "pageup": -10, "pagedown": 10, **JUMPS}
        last = len(self.entries) - 1
        if key in ("home", "end"):
            at = 0 if key == "home" else last
        elif key in ("tab", "shift+tab", *JUMPS):
            at = (self.at + steps[key]) % (last + 1)
        elif key in steps:
            at = max(0, min(self.at + steps[key], last))
        else:
            return None
        return replace(self, chosen=self.entries[at].key)

    def paste(self, text: str) -> Step | None:
        return None

    def _sheet(self) -> Sheet:
        count = len(self.entries)
        waiting = join(number(count), own(" questions wait") if count != 1 else own(" question waits"))
        return Sheet(
            title=waiting,
            facts=(),
            body=lambda look: Lines(self, look),
            measure=own("↑ ↓ choose, oldest first"),
            choices=(
                Choice(
                    "enter",
                    own("Show this one"),
                    own("show"),
                    NO_EFFECT,
                    None,
                    "",
                    eager=True,
                    opens=self.entries[self.at].key,
                ),
                Choice("escape", own("Back"), own("back"), NO_EFFECT, None, "", eager=True),
            ),
            focus=lambda look: self.at,
            others=own(""),
            waits=False,
        )


class Lines:
    """One line an entry: which is chosen, how long it waits, its kind, who asks and what for."""

    def __init__(self, tray: TrayStep, look: Look) -> None:
        self._tray, self._look = tray, look
        self._kinds = max((part_width([(entry.kind, look.palette.dim)]) for entry in tray.entries), default=0)
        self._kinds = min(self._kinds, 14)

    def __len__(self) -> int:
        return len(self._tray.entries)

    def paint(self, index: int) -> Strip:
        look, palette = self._look, self._look.palette
        entry = self._tray.entries[index]
        chosen = index == self._tray.at
        style = palette.strong if chosen else palette.text
        age = short_age(self._tray.now - entry.received)
        lead: Row = [
            (join(look.marks.prompt if chosen else own(" "), own(" ")), palette.accent),
            (SafeText(f"{age:>7}  "), palette.dim),
            (
                SafeText(f"{shorten(entry.kind, self._kinds, look.marks.ellipsis):<{self._kinds}}  "),
                palette.dim,
            ),
        ]
        tail: Row = [(join(own("  "), entry.mark), palette.warn)] if entry.mark else []
        if entry.asker:
            lead.append(
                (
                    join(own("sub-agent "), shorten(entry.asker, 20, look.marks.ellipsis), own(": ")),
                    palette.warn,
                )
            )
        room = look.width - part_width(lead) - part_width(tail)
        what = shorten(entry.content, max(1, room), look.marks.ellipsis)
        return exact(cut_row([*lead, (what, style), *tail], look.width))


def short_age(seconds: float) -> SafeText:
    """`12 s`, `3 min`, `2 h`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return join(number(whole), own(" s"))
    if whole < 3600:
        return join(number(whole // 60), own(" min"))
    return join(number(whole // 3600), own(" h"))
