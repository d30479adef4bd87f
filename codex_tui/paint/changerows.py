"""A file's change whole and exact, for a question that may be said yes to: nothing is cut, and where
only blanks changed, blanks are visible.

Unified, or the old side beside the new one. Rows are counted at once and painted when they are seen.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import OrderedDict
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from textual.strip import Strip

from codex_tui.diffs.words import pairs_of
from codex_tui.paint.diff import DiffLine, has_header, header_row, line_rows, with_blanks
from codex_tui.paint.inks import Inks
from codex_tui.paint.lines import Row
from codex_tui.paint.question import exact
from codex_tui.paint.sidebyside import Shown, columns_for, is_plain, plain_row, rows_in, split_rows
from codex_tui.text import SafeText, join, line, own, tabbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codex_tui.diffs import FileDiff, Hunk, Line
    from codex_tui.paint.look import Look, Marks

SIDES_FROM = 132
"""Cells from which a question has room for both sides of a change: a terminal of 140 columns."""
INDENT = own("  ")
NUMBERS_FROM = 24
"""Cells of a unified row below which there is no room for numbers."""
BLOCK = 1024
"""Lines that are looked at together."""
KEPT = 400
"""Entries whose rows are kept: some screens of them."""


def has_two_sides(file: FileDiff) -> bool:
    """Whether there is something on both sides; else one takes the whole width."""
    return file.kind not in ("new", "deleted") and bool(file.added or file.removed)


class _Entry(NamedTuple):
    """What stands somewhere: a line, a pair of lines, or what is above a hunk (`old` and `new` -1)."""

    hunk: int
    old: int
    new: int


class ChangeRows:
    """All rows of a file's change in `look.width` cells (`codex_tui.paint.question.Rows`)."""

    def __init__(self, file: FileDiff, look: Look) -> None:
        self._file, self._look = file, look
        self._split = look.width >= SIDES_FROM and has_two_sides(file)
        self._drawn = Drawn(file, look.marks, trailing=self._split)
        self._inks = Inks(look, self._drawn.text)
        # Numbers of both files never stand in one row here, so the sum is wide enough for either.
        largest = max((hunk.old_start + hunk.new_start + len(hunk.raw) for hunk in file.hunks), default=0)
        self._columns = columns_for(look.width, largest, split=True)
        self._digits = _digits(file) if look.width - len(INDENT) >= NUMBERS_FROM else 0
        self._room = self._columns.room
        if not self._split:
            edge = self._digits + 1 if self._digits else 0
            self._room = max(1, look.width - len(INDENT) - edge - 2)
        self._hunks, self._olds, self._news = array("i"), array("i"), array("i")  # of each entry
        counts = array("i")
        for at, hunk in enumerate(file.hunks):
            if has_header(hunk, not self._olds):
                self._add(at, (-1,), (-1,))
                counts.append(1)
            sizes = self._counts(hunk)
            if self._split:
                pairs = pairs_of(hunk)
                self._add(at, [old for old, _ in pairs], [new for _, new in pairs])
                sizes.append(0)  # the side that has none: -1
                counts.extend([max(sizes[old], sizes[new]) for old, new in pairs])
            else:
                self._add(at, range(len(sizes)), range(len(sizes)))
                counts.extend(sizes)
        self._ends = array("l", accumulate(counts))
        self._painted: OrderedDict[int, Sequence[Strip]] = OrderedDict()

    def _add(self, hunk: int, olds: Sequence[int], news: Sequence[int]) -> None:
        self._hunks.extend([hunk] * len(olds))
        self._olds.extend(olds)
        self._news.extend(news)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def paint(self, index: int) -> Strip:
        at = bisect_right(self._ends, index)
        strips = self._painted.get(at)
        if strips is None:
            strips = self._painted[at] = self._paint(_Entry(self._hunks[at], self._olds[at], self._news[at]))
            while len(self._painted) > KEPT:
                self._painted.popitem(last=False)
        return strips[index - (self._ends[at - 1] if at else 0)]

    def _counts(self, hunk: Hunk) -> list[int]:
        """The rows of each line. Where all of a block is drawn as it is, lengths tell."""
        counts: list[int] = []
        for begin in range(0, len(hunk.raw), BLOCK):
            block = hunk.raw[begin : begin + BLOCK]
            if self._drawn.keeps(block):
                counts += [max(1, -(-(len(raw) - 1) // self._room)) for raw in block]
            else:
                counts += [self._count(hunk, at) for at in range(begin, begin + len(block))]
        return counts

    def _count(self, hunk: Hunk, at: int) -> int:
        raw = hunk.raw[at]
        room = self._look.width - len(INDENT) if raw[0] == "?" and not self._split else self._room
        return rows_in(raw[1:], room, lambda text: self._drawn.text(raw[0], text))

    def _paint(self, entry: _Entry) -> Sequence[Strip]:
        hunk = self._file.hunks[entry.hunk]
        palette = self._look.palette
        if entry.old < 0 and entry.new < 0:
            return [self._header(hunk)]
        if self._split:
            old = self._shown(hunk, entry.old, entry.new) if entry.old >= 0 else None
            new = self._shown(hunk, entry.new, entry.old) if entry.new >= 0 else None
            return split_rows(old, new, self._columns, self._look)
        shown = self._shown(hunk, entry.new)
        one = DiffLine(hunk.lines[entry.new].sign, shown.old if shown.new is None else shown.new, "")
        rows = line_rows(one, shown.parts, self._look, self._look.width - len(INDENT), self._digits)
        return [exact([(INDENT, palette.text), *row]) for row in rows]

    def _header(self, hunk: Hunk) -> Strip:
        palette = self._look.palette
        if self._split:
            head: Row = [(join(own("   "), self._look.marks.between, own("   ")), palette.dim)]
            return plain_row([*head, (line(hunk.header), palette.dim)], self._look)
        one = DiffLine("@", None, hunk.header)
        row = header_row(one, self._look, self._look.width - len(INDENT), self._digits)
        return exact([(INDENT, palette.text), *row])

    def _shown(self, hunk: Hunk, at: int, other: int | None = None) -> Shown:
        one: Line = hunk.lines[at]
        return Shown(one.sign, one.old_no, one.new_no, self._inks.line(self._file, hunk, at, other))


class Drawn:
    """What is drawn of a change's lines: all of them, tabs expanded, odd characters escaped."""

    def __init__(self, file: FileDiff, marks: Marks, *, trailing: bool) -> None:
        """`trailing`: blanks at the end of changed lines are visible, their tint goes on to the edge."""
        self._marks = marks
        self._trailing = trailing
        self._only_blanks = _only_blanks(file)

    def keeps(self, raw: Sequence[str]) -> bool:
        """Whether each of these lines is surely drawn as it is, every character in one cell."""
        text = "".join(raw)
        return (
            is_plain(text)
            and not any(one[0] == "?" for one in raw)
            and (not self._only_blanks or not any(one[1:] in self._only_blanks for one in raw))
        )

    def text(self, sign: str, text: str) -> SafeText:
        """What is drawn of a line."""
        if sign not in "+-":
            return tabbed(text)
        if text in self._only_blanks:
            return with_blanks(text, self._marks)
        drawn = tabbed(text)
        kept = drawn.rstrip(" ")
        if not self._trailing or len(kept) == len(drawn):
            return drawn
        return join(SafeText(kept), SafeText(self._marks.blank * (len(drawn) - len(kept))))


def _only_blanks(file: FileDiff) -> frozenset[str]:
    """The texts of removed and of added lines that look the same but for their blanks."""
    lines = {sign: [raw[1:] for hunk in file.hunks for raw in hunk.raw if raw[0] == sign] for sign in "-+"}
    keys = {sign: _without_blanks(texts) for sign, texts in lines.items()}
    shared = set(keys["-"]) & set(keys["+"])
    if not shared:
        return frozenset()
    sides: dict[str, dict[str, set[str]]] = {"-": {}, "+": {}}
    for sign, texts in lines.items():
        for key, text in zip(keys[sign], texts, strict=True):
            if key in shared:
                sides[sign].setdefault(key, set()).add(text)
    found: set[str] = set()
    for key in shared:
        removed, added = sides["-"][key], sides["+"][key]
        if removed != added or len(removed) > 1:
            looks = _by_look(removed), _by_look(added)
            for look in looks[0].keys() & looks[1].keys():
                texts = looks[0][look] | looks[1][look]
                found |= texts if len(texts) > 1 else set()
    return frozenset(found)


def _without_blanks(texts: Sequence[str]) -> list[str]:
    """Each text without its blanks; all at once, which is much faster than one by one."""
    return "\n".join(texts).replace("\t", "").replace(" ", "").split("\n") if texts else []


def _by_look(texts: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in texts:
        found.setdefault(tabbed(text).rstrip(" "), set()).add(text)
    return found


def _digits(file: FileDiff) -> int:
    """The width of the largest number of a unified row: of the new file, for removed lines of the old."""
    largest = 0
    for hunk in file.hunks:
        for at in (hunk.signs.rfind("-"), max(hunk.signs.rfind("+"), hunk.signs.rfind(" "))):
            if at >= 0:
                one = hunk.lines[at]
                largest = max(largest, (one.old_no if one.new_no is None else one.new_no) or 0)
    return len(str(largest))
