"""Facts on one line: which stay when it gets narrow, and where they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from codex_tui.text import SafeText, cell_width, own, shorten

Role = Literal["text", "dim", "strong", "accent", "warn", "good", "bad", "rule", "cursor"]
"""A role of `codex_tui.paint.look.Palette`; `cursor` is where the next character goes."""

Part = tuple[SafeText, Role]

APART = own("   ")
ALWAYS = 99
"""The rank of what is never dropped."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to know. `rank`: the lowest goes first when there is no room. `by`: what stands
    between it and the fact before it on the same side."""

    parts: tuple[Part, ...]
    rank: int = ALWAYS
    by: SafeText = APART


def words(text: SafeText, role: Role = "text", rank: int = ALWAYS, by: SafeText = APART) -> Fact:
    """A fact of one part."""
    return Fact(((text, role),), rank, by)


def compose(left: Sequence[Fact], right: Sequence[Fact], width: int) -> list[Part]:
    """Left and right facts in at most `width` cells, blanks in between; the right ones end at the edge.

    Facts go by rank until the rest fits; if what must stay is too wide, the left gives way in the middle.
    """
    kept = sorted({fact.rank for fact in (*left, *right)} - {ALWAYS})
    while True:
        space = 3 if left and right else 0
        used = _width(_side(left)) + _width(_side(right)) + space
        if used <= width or not kept:
            break
        lowest = kept.pop(0)
        left = [fact for fact in left if fact.rank != lowest]
        right = [fact for fact in right if fact.rank != lowest]
    ends = _cut(_side(right), width)
    starts = _cut(_side(left), max(0, width - _width(ends) - (1 if ends else 0)))
    between = width - _width(starts) - _width(ends)
    return [*starts, (SafeText(" " * between), "text"), *ends]


def ruled(left: Sequence[Fact], right: Sequence[Fact], width: int, dash: SafeText) -> list[Part]:
    """As `compose`, on a rule of `dash`: ` ─── left ────── right ─── right ─── `."""
    margin, end = own(" "), 3
    room = width - 2 * len(margin)
    between: list[Part] = [(own(" "), "text"), (SafeText(dash * end), "rule"), (own(" "), "text")]

    def dashes(count: int) -> Part:
        return SafeText(dash * max(0, count)), "rule"

    def side(facts: Sequence[Fact]) -> list[Part]:
        row: list[Part] = []
        for fact in facts:
            row.extend([*(between if row else []), *fact.parts])
        return row

    def inner() -> int:
        return room - (end + 1 if left else 0) - (end + 1 if right else 0)

    kept = sorted({fact.rank for fact in (*left, *right)} - {ALWAYS})
    while _width(side(left)) + _width(side(right)) + 3 > inner() and kept:
        lowest = kept.pop(0)
        left = [fact for fact in left if fact.rank != lowest]
        right = [fact for fact in right if fact.rank != lowest]
    ends = _cut(side(right), inner())
    starts = _cut(side(left), max(0, inner() - _width(ends) - 3))
    row: list[Part] = [(margin, "rule")]
    if starts:
        row.extend([dashes(end), (own(" "), "text"), *starts, (own(" "), "text")])
    tail: list[Part] = [(own(" "), "text"), *ends, (own(" "), "text"), dashes(end)] if ends else []
    row.append(dashes(room - _width(row[1:]) - _width(tail)))
    return [*row, *tail]


def _side(facts: Sequence[Fact]) -> list[Part]:
    row: list[Part] = []
    for fact in facts:
        if row:
            row.append((fact.by, "dim"))
        row.extend(fact.parts)
    return row


def _width(parts: Iterable[Part]) -> int:
    return sum(cell_width(text) for text, _ in parts)


def _cut(parts: Sequence[Part], width: int) -> list[Part]:
    """The parts in at most `width` cells: the first that does not fit is shortened, the rest go."""
    row: list[Part] = []
    for text, role in parts:
        short = shorten(text, width)
        if short:
            row.append((short, role))
        if short != text:
            break
        width -= cell_width(text)
    return row
