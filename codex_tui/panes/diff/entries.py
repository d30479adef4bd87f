"""What stands in one file of the diff, and how high each thing is. No widget, no colours.

A file is made of entries: its title, marks between hunks, lines (or pairs of lines beside each
other), comments. They are numbers until somebody looks at one: half a million records would keep
the collector busy for longer than a key may take.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from codex_tui.diffs.words import pairs_of
from codex_tui.paint.inks import body
from codex_tui.paint.sidebyside import LONGEST, Columns, columns_for, is_plain, rows_of
from codex_tui.text.safe import TAB_STOP

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff, Hunk

Kind = Literal["file", "note", "hunk", "line", "comment", "gap"]
KINDS: tuple[Kind, ...] = ("file", "note", "hunk", "line", "comment", "gap")
_FILE, _NOTE, _HUNK, _LINE, _COMMENT, _GAP = range(len(KINDS))

PIECE = 16 * 1024
"""Entries that are added up at once: meanwhile no other thread gets on."""

BLOCK = 1024
"""Lines that are looked at together: where all are plain, their lengths say how high they are."""


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


class Entries(Sequence[Entry]):
    """Entries, made when they are asked for."""

    __slots__ = ("_numbers",)

    SIZE = 6

    def __init__(self) -> None:
        self._numbers = array("i")

    def add(self, kind: int, hunk: int, old: int, new: int, rows: int, comment: int = -1) -> None:
        self._numbers.extend((kind, hunk, old, new, rows, comment))

    def __len__(self) -> int:
        return len(self._numbers) // self.SIZE

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index] * self.SIZE
        kind, *numbers = self._numbers[at : at + self.SIZE]
        return Entry(KINDS[kind], *numbers)

    def ends(self) -> array[int]:
        """For each entry the row after its last."""
        ends = array("l")
        rows = self._numbers[4 :: self.SIZE]
        for at in range(0, len(rows), PIECE):
            before = ends[-1] if ends else 0
            ends.extend(islice(accumulate(rows[at : at + PIECE], initial=before), 1, None))
        return ends


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

    __slots__ = (
        "columns",
        "comments",
        "ends",
        "entries",
        "file",
        "folded",
        "gone",
        "is_part",
        "places",
        "shape",
        "starts",
    )

    def __init__(
        self,
        file: FileDiff,
        shape: Shape,
        comments: Comments | None = None,
        folded: bool = False,
        gone: frozenset[int] = frozenset(),
        most: int | None = None,
    ) -> None:
        """`gone`: hunks that were taken back; it is said above each. `most`: lines that are laid out."""
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
        self.places: list[array[int]] = []  # for each hunk the entries of its lines
        self.is_part = False
        self.entries = Entries()
        self.entries.add(_FILE, -1, -1, -1, 1)
        if not folded:
            if file.note or file.doubt or not file.hunks:
                self.entries.add(_NOTE, -1, -1, -1, 1)
            self._hunks(file.hunks, most)
            self.entries.add(_GAP, -1, -1, -1, 1)
        self.ends = self.entries.ends()

    @property
    def rows(self) -> int:
        return self.ends[-1]

    @property
    def is_gone(self) -> bool:
        """Whether all of it was taken back."""
        return bool(self.gone) and len(self.gone) == len(self.file.hunks)

    def _hunks(self, hunks: Sequence[Hunk], most: int | None) -> None:
        for at, hunk in enumerate(hunks):
            if most is not None and len(hunk.raw) > most:
                self.is_part = True
                self._hunk(at, replace(hunk, raw=hunk.raw[:most]))
                return
            self._hunk(at, hunk)
            most = None if most is None else most - len(hunk.raw)

    def _hunk(self, at: int, hunk: Hunk) -> None:
        out, changed = self.entries, False
        if at or hunk.header or (at in self.gone and not self.is_gone):
            out.add(_HUNK, at, -1, -1, 1)
        places = array("l", bytes(len(hunk.raw) * array("l").itemsize))
        self.places.append(places)
        here, tall, comments = len(out), _tall(hunk, self.columns), self.comments
        for old, new in pairs_of(hunk) if self.columns.split else _singles(hunk):
            if not changed and old != new:
                changed = True
                self.starts.append(here)
            if old >= 0:
                places[old] = here
            if new >= 0:
                places[new] = here
            out.add(_LINE, at, old, new, max(tall.get(old, 1), tall.get(new, 1)) if tall else 1)
            here += 1
            if comments:
                for line in dict.fromkeys((old, new)):
                    for index, high in comments.get((at, line), ()):
                        out.add(_COMMENT, at, -1, line, high, index)
                        here += 1


SAMPLE = 500
"""Lines that are looked at to know how long they are in these files: about 0.1 ms."""


def fit_halves(files: Iterable[FileDiff], width: int) -> bool:
    """Whether three in four lines of what has two sides take one row in half of so many columns."""
    lines = (
        raw[: 2 * width].expandtabs(TAB_STOP)
        for file in files
        if file.kind not in ("new", "deleted")
        for hunk in file.hunks
        for raw in hunk.raw
    )
    sizes = sorted(len(one) - 1 for one in islice(lines, SAMPLE))
    return bool(sizes) and sizes[len(sizes) * 3 // 4] <= columns_for(width, 9_999, split=True).room


def _tall(hunk: Hunk, columns: Columns) -> dict[int, int]:
    """The rows of the lines that take more than one."""
    found: dict[int, int] = {}
    if not columns.wrap:
        return found
    raw, room = hunk.raw, columns.room
    for begin in range(0, len(raw), BLOCK):
        block = raw[begin : begin + BLOCK]
        sizes = list(map(len, block))
        longest = max(sizes) - 1  # without the sign
        if longest <= LONGEST and is_plain("".join(block)):
            if longest > room:
                found |= {
                    at: -(-(size - 1) // room) for at, size in enumerate(sizes, begin) if size - 1 > room
                }
            continue
        for at in range(begin, begin + len(block)):
            rows = rows_of(body(hunk, at), columns)
            if rows > 1:
                found[at] = rows
    return found


def _largest(file: FileDiff) -> int:
    return max(
        (max(hunk.old_start + hunk.old_count, hunk.new_start + hunk.new_count) for hunk in file.hunks),
        default=0,
    )


def _singles(hunk: Hunk) -> Iterable[tuple[int, int]]:
    for at, raw in enumerate(hunk.raw):
        yield (at, -1) if raw[0] == "-" else (-1, at) if raw[0] == "+" else (at, at)
