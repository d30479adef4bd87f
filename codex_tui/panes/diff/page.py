"""What stands in the diff from top to bottom, and how high each thing is. No widget, no colours.

A page is made of files, a file of entries: its title, marks between hunks, lines (or pairs of lines
beside each other), comments. Entries know their rows, so finding the one at a row is a bisection,
and only what is in sight is ever painted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple

from codex_tui.diffs.words import pairs_of
from codex_tui.paint.sidebyside import Columns, columns_for, rows_of

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff, Hunk

Kind = Literal["file", "note", "hunk", "line", "comment", "gap"]


class Entry(NamedTuple):
    """One thing of a file. `old` and `new` are indexes of lines of its hunk, -1 for none; unified
    rows have only one of them, a line without a change has both. `comment`: index of the comment."""

    kind: Kind
    hunk: int
    old: int
    new: int
    rows: int
    comment: int = -1

    @property
    def line(self) -> int:
        """The line it is about: the new one where there are two."""
        return self.new if self.new >= 0 else self.old


class Place(NamedTuple):
    """Row `row` of entry `entry` of file `file`."""

    file: int
    entry: int
    row: int = 0


class Anchor(NamedTuple):
    """Where somebody reads, in words that outlive another layout: a file's path, a side, a number."""

    path: str
    sign: str
    number: int
    row: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How lines are laid out; all files of a page alike."""

    width: int
    split: bool
    wrap: bool = True


Comments = Mapping[tuple[int, int], Sequence[tuple[int, int]]]
"""The comments at a line of a file, by the indexes of its hunk and itself: index and height of each."""


class FilePage:
    """The entries of one file and the rows above each."""

    __slots__ = ("columns", "comments", "ends", "entries", "file", "folded", "gone", "shape", "starts")

    def __init__(
        self,
        file: FileDiff,
        shape: Shape,
        comments: Comments | None = None,
        folded: bool = False,
        gone: frozenset[int] = frozenset(),
    ) -> None:
        """`gone`: hunks that were taken back; it is said above each."""
        self.file, self.shape, self.comments, self.folded, self.gone = (
            file,
            shape,
            comments or {},
            folded,
            gone,
        )
        # A file with one side only has the whole width for it.
        single = file.kind in ("new", "deleted")
        split = shape.split and not single
        self.columns: Columns = columns_for(shape.width, _largest(file), split, shape.wrap, single=single)
        self.starts: list[int] = []  # the entries of the first changed lines of the hunks
        entries = [Entry("file", -1, -1, -1, 1)]
        if not folded:
            if file.note or file.doubt or not file.hunks:
                entries.append(Entry("note", -1, -1, -1, 1))
            for at, hunk in enumerate(file.hunks):
                self._hunk(at, hunk, entries)
            entries.append(Entry("gap", -1, -1, -1, 1))
        self.entries = entries
        self.ends = list(accumulate(entry.rows for entry in entries))

    @property
    def rows(self) -> int:
        return self.ends[-1]

    @property
    def is_gone(self) -> bool:
        """Whether all of it was taken back."""
        return bool(self.gone) and len(self.gone) == len(self.file.hunks)

    def _hunk(self, at: int, hunk: Hunk, out: list[Entry]) -> None:
        changed = False
        if at or hunk.header or (at in self.gone and not self.is_gone):
            out.append(Entry("hunk", at, -1, -1, 1))
        columns, raw = self.columns, hunk.raw
        for old, new in pairs_of(hunk) if self.columns.split else _singles(hunk):
            rows = rows_of(raw[new][1:], columns) if new >= 0 else 1
            if old >= 0 and old != new:
                rows = max(rows, rows_of(raw[old][1:], columns))
            if not changed and old != new:
                changed = True
                self.starts.append(len(out))
            out.append(Entry("line", at, old, new, rows))
            if self.comments:
                for line in dict.fromkeys((old, new)):
                    out += [
                        Entry("comment", at, -1, line, high, index)
                        for index, high in self.comments.get((at, line), ())
                    ]


def _largest(file: FileDiff) -> int:
    return max(
        (max(hunk.old_start + hunk.old_count, hunk.new_start + hunk.new_count) for hunk in file.hunks),
        default=0,
    )


def _singles(hunk: Hunk) -> list[tuple[int, int]]:
    return [
        (at, -1) if raw[0] == "-" else (-1, at) if raw[0] == "+" else (at, at)
        for at, raw in enumerate(hunk.raw)
    ]


class Page:
    """All files."""

    __slots__ = ("ends", "files", "shape")

    def __init__(self, files: Sequence[FilePage], shape: Shape) -> None:
        self.files = files
        self.shape = shape
        self.ends = list(accumulate(file.rows for file in files))

    @property
    def rows(self) -> int:
        return self.ends[-1] if self.ends else 0

    def place(self, row: int) -> Place:
        """What stands at a row; the nearest there is outside of the page."""
        row = max(0, min(row, self.rows - 1))
        file = bisect_right(self.ends, row)
        row -= self.ends[file - 1] if file else 0
        ends = self.files[file].ends
        entry = bisect_right(ends, row)
        return Place(file, entry, row - (ends[entry - 1] if entry else 0))

    def row(self, place: Place) -> int:
        """The row of a place."""
        ends = self.files[place.file].ends
        above = self.ends[place.file - 1] if place.file else 0
        return above + (ends[place.entry - 1] if place.entry else 0) + place.row

    def entry(self, place: Place) -> Entry:
        return self.files[place.file].entries[place.entry]

    def line_place(self, file: int, hunk: int, line: int) -> Place:
        """Where a line of a hunk stands; the title of its file when that is folded."""
        for at, entry in enumerate(self.files[file].entries):
            if entry.kind == "line" and entry.hunk == hunk and line in (entry.old, entry.new):
                return Place(file, at)
        return Place(file, 0)

    def anchor(self, place: Place) -> Anchor:
        """The words for a place; see `find_anchor`."""
        page, entry = self.files[place.file], self.entry(place)
        if entry.hunk < 0:
            return Anchor(page.file.path, "", place.entry, place.row)
        lines = page.file.hunks[entry.hunk].lines
        line = lines[max(0, entry.line)] if lines else None
        if line is None:
            return Anchor(page.file.path, "", 0, 0)
        number = line.old_no if line.sign == "-" else line.new_no
        return Anchor(page.file.path, line.sign, number or 0, place.row)

    def find_anchor(self, anchor: Anchor) -> Place | None:
        """The place an anchor names now, or the nearest line of its file; None if that is gone."""
        file = next((at for at, page in enumerate(self.files) if page.file.path == anchor.path), None)
        if file is None:
            return None
        page = self.files[file]
        if not anchor.sign:
            return Place(file, 0)
        best, nearest = Place(file, 0), -1
        for at, entry in enumerate(page.entries):
            if entry.kind != "line":
                continue
            lines = page.file.hunks[entry.hunk].lines
            for index in (entry.old, entry.new):
                if index < 0:
                    continue
                line = lines[index]
                number = (line.old_no if anchor.sign == "-" else line.new_no) or 0
                if not number:
                    continue
                far = 2 * abs(number - anchor.number) + (line.sign != anchor.sign)
                if nearest < 0 or far < nearest:
                    best, nearest = Place(file, at), far
        entry = self.entry(best)
        return best._replace(row=min(anchor.row, entry.rows - 1))


def lay_out(
    files: Sequence[FileDiff],
    shape: Shape,
    folded: frozenset[str],
    comments: Sequence[Comments],
    gone: Sequence[frozenset[int]],
    known: Mapping[int, FilePage],
) -> Page:
    """The page of `files`. `folded`: keys (see `key_of`) of files of which only the title is shown;
    `known`: pages laid out before, by the id of their file."""
    pages: list[FilePage] = []
    for file, remarks, taken_back in zip(files, comments, gone, strict=True):
        held = known.get(id(file))
        is_folded = key_of(file) in folded
        if (
            held is None
            or held.file is not file
            or (held.shape, held.comments, held.folded, held.gone) != (shape, remarks, is_folded, taken_back)
        ):
            held = FilePage(file, shape, remarks, is_folded, taken_back)
        pages.append(held)
    return Page(pages, shape)


def key_of(file: FileDiff) -> str:
    """What tells the entries of a diff apart."""
    return f"{file.path}\0{file.label}"
