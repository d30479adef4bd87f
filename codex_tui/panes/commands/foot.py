"""The foot of the commands pane: its keys, what is asked, what is being written to find. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.panes.commands.rows import painted
from codex_tui.panes.status.parts import Fact, compose, words
from codex_tui.text import SafeText, join, line, own

if TYPE_CHECKING:
    from textual.strip import Strip

    from codex_tui.paint.look import Look
    from codex_tui.panes.commands.reader import Reader
    from codex_tui.panes.commands.roster import Entry


@dataclass(frozen=True, slots=True)
class Foot:
    """What decides the foot. `asked`, `finding` and `why_not` come before the keys."""

    entry: Entry | None
    reader: Reader | None
    opened: bool
    only_background: bool
    background: int
    asked: SafeText | None = None
    finding: str | None = None
    why_not: bool = False
    """Whether to say why nobody can type into a command here."""


def foot_row(foot: Foot, look: Look) -> Strip:
    """The last row of the pane."""
    if foot.asked is not None:
        return ask_row(foot.asked, look)
    if foot.finding is not None:
        return find_row(foot.finding, foot.reader, look)
    if foot.why_not:
        said = words(own("The engine lets only the agent type"), "warn")
        return _row([said, words(own("tell it what, or run it yourself elsewhere"), "text", 50)], [], look)
    facts: list[tuple[SafeText, SafeText, int]] = []
    if foot.entry is not None:
        facts += _of_command(foot.entry, foot.reader, foot.opened)
    if foot.only_background or foot.background:
        facts.append((own("t"), own("all") if foot.only_background else own("background"), 70))
    if foot.background:
        facts.append((own("X"), own("terminate all"), 40))
    return key_row([*facts, (own("Esc"), own("back"), 95)], look)


def _of_command(entry: Entry, reader: Reader | None, opened: bool) -> list[tuple[SafeText, SafeText, int]]:
    facts = [(own("Enter"), own("back to the list") if opened else own("open"), 90)]
    if entry.process_id is not None:
        facts.append((own("x"), own("terminate"), 85))
    elif entry.is_mine and entry.standing == "running":
        facts.append((own("x"), own("stop"), 85))
    if reader is not None and reader.matches:
        facts.append((own("n N"), own("next, before"), 84))
    facts.append((own("/"), own("find"), 80))
    if reader is not None and not reader.following:
        facts.append((own("End"), own("follow"), 82))
    facts.append((own("y"), own("copy"), 60))
    facts.append((own("o"), own("whole log"), 55))
    wraps = reader is None or reader.wrap
    return [*facts, (own("w"), own("cut lines") if wraps else own("wrap"), 30)]


def key_row(facts: Sequence[tuple[SafeText, SafeText, int]], look: Look) -> Strip:
    """Keys with what they do and their rank, as many as fit; Esc always."""
    left = [_key(*fact) for fact in facts if fact[0] != "Esc"]
    right = [_key(*fact) for fact in facts if fact[0] == "Esc"]
    return _row(left, right, look)


def _key(key: SafeText, says: SafeText, rank: int) -> Fact:
    return Fact(((key, "text"), (own(" "), "dim"), (says, "dim")), rank)


def ask_row(question: SafeText, look: Look) -> Strip:
    """While something is asked."""
    right = [_key(own("y"), own("yes"), 99), _key(own("any other key"), own("no"), 98)]
    return _row([words(question, "warn")], right, look)


def find_row(query: str, reader: Reader | None, look: Look) -> Strip:
    """While it is written what to find."""
    left = [Fact(((own("/ "), "strong"), (line(query), "text"), (look.marks.chosen, "accent")))]
    right: list[Fact] = []
    if reader is not None and query:
        noun = own(" match") if len(reader.matches) == 1 else own(" matches")
        right = [words(join(reader.found, noun) if reader.matches else own("not found"), "dim", 50)]
    return _row(left, right, look)


def _row(left: Sequence[Fact], right: Sequence[Fact], look: Look) -> Strip:
    return painted([(own("  "), "text"), *compose(left, right, max(0, look.width - 4))], look.palette)
