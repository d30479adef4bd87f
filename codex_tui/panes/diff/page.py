"""What stands in the diff from top to bottom, all files of it: what is at a row, where a line is.

Finding what stands at a row is a bisection, and only what is in sight is ever painted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from codex_tui.panes.diff.entries import Comments, Entry, FilePage, Shape

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff


class Place(NamedTuple):
    """Row `row` of entry `entry` of file `file`."""

    file: int
    entry: int
    row: int = 0


class Spot(NamedTuple):
    """What the cursor is on: a file, and the hunk and line of it (-1 on its title)."""

    file: int
    hunk: int
    line: int


class Anchor(NamedTuple):
    """Where somebody reads, in words that outlive another layout: a file's path, a side, a number.
    Without a `sign` the number is that of the entry."""

    path: str
    sign: str
    number: int
    row: int


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
        page = self.files[file]
        return Place(file, 0 if page.folded else page.places[hunk][line])

    def anchor(self, place: Place) -> Anchor:
        """The words for a place; see `find_anchor`."""
        page, entry = self.files[place.file], self.entry(place)
        lines = page.file.hunks[entry.hunk].lines if entry.hunk >= 0 else ()
        line = lines[max(0, entry.line)] if lines else None
        number = None if line is None else line.old_no if line.sign == "-" else line.new_no
        if line is None or number is None:
            return Anchor(page.file.path, "", place.entry, place.row)
        return Anchor(page.file.path, line.sign, number, place.row)

    def find_anchor(self, anchor: Anchor) -> Place | None:
        """The place an anchor names now, or the nearest line of its file; None if that is gone."""
        file = next((at for at, page in enumerate(self.files) if page.file.path == anchor.path), None)
        if file is None:
            return None
        page = self.files[file]
        if page.folded:
            return Place(file, 0)
        if not anchor.sign:  # a title, or what has no number: its entry is all there is to go by
            return Place(file, min(anchor.number, len(page.entries) - 1))
        is_old = anchor.sign == "-"
        best, nearest = Place(file, 0), -1
        for hunk, places in zip(page.file.hunks, page.places, strict=False):
            start, count = (hunk.old_start, hunk.old_count) if is_old else (hunk.new_start, hunk.new_count)
            number = max(start, min(anchor.number, start + count - 1))
            far = abs(number - anchor.number)
            if not count or (nearest >= 0 and far >= nearest):
                continue
            line = hunk.lines.numbered(anchor.sign, number)
            if line is not None and line < len(places):
                best, nearest = Place(file, places[line]), far
        entry = self.entry(best)
        return best._replace(row=min(anchor.row, entry.rows - 1))

    # -- where a cursor can go ------------------------------------------------------------

    def solid(self, place: Place, step: int) -> Place:
        """That place, or the next one down (1) or up (-1) that a cursor can be on."""
        file, entry = place.file, place.entry
        while 0 <= file < len(self.files):
            entries = self.files[file].entries
            while 0 <= entry < len(entries):
                if entries[entry].kind not in ("gap", "note"):
                    return Place(file, entry)
                entry += step
            file += step
            if 0 <= file < len(self.files):
                entry = 0 if step > 0 else len(self.files[file].entries) - 1
        return self.solid(place, -step) if step > 0 else Place(0, 0)

    def change_from(self, here: Place, step: int) -> Place | None:
        """The first changed line of the next hunk, or of the one before; folded files are passed over."""
        for file in range(here.file, len(self.files) if step > 0 else -1, step):
            starts = self.files[file].starts
            for at in starts if step > 0 else reversed(starts):
                place = Place(file, at)
                if (place > here) if step > 0 else (place < here):
                    return place
        return None


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a page is made from. `shut`: keys (see `key_of`) of files of which only the title is
    shown; `comments` and `gone` (the hunks taken back) for each file."""

    files: Sequence[FileDiff]
    shape: Shape
    shut: frozenset[str] = frozenset()
    comments: Sequence[Comments] = ()
    gone: Sequence[frozenset[int]] = ()
    known: Mapping[int, FilePage] = field(default_factory=dict[int, "FilePage"])
    """Pages laid out before, by the id of their file."""

    def lay_out(self) -> Page:
        """The page."""
        return Page([self._held(at) or self._made(at) for at in range(len(self.files))], self.shape)

    def begin(self, most: int) -> Page:
        """The beginning of it: about so many lines."""
        pages: list[FilePage] = []
        for at, file in enumerate(self.files):
            pages.append(self._made(at, most))
            most -= sum(len(hunk.raw) for hunk in file.hunks) + len(file.hunks) + 1
            if most <= 0:
                break
        return Page(pages, self.shape)

    def lines(self) -> int:
        """Lines that have to be laid out anew."""
        return sum(
            len(hunk.raw)
            for at, file in enumerate(self.files)
            if not self._held(at) and key_of(file) not in self.shut
            for hunk in file.hunks
        )

    def _of(self, at: int) -> tuple[Shape, Comments, bool, frozenset[int]]:
        remarks: Comments = self.comments[at] if self.comments else {}
        gone = self.gone[at] if self.gone else frozenset[int]()
        return self.shape, remarks, key_of(self.files[at]) in self.shut, gone

    def _held(self, at: int) -> FilePage | None:
        held = self.known.get(id(self.files[at]))
        if held is None or held.file is not self.files[at] or held.is_part:
            return None
        return held if (held.shape, held.comments, held.folded, held.gone) == self._of(at) else None

    def _made(self, at: int, most: int | None = None) -> FilePage:
        return FilePage(self.files[at], *self._of(at), most=most)


def key_of(file: FileDiff) -> str:
    """What tells the entries of a diff apart."""
    return f"{file.path}\0{file.label}"
