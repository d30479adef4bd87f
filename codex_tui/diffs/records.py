"""Changes to files as plain records: files, hunks, lines. Their text is foreign and raw: only
`codex_tui.text` makes it showable.

A hunk keeps its lines as they stand in a diff (sign and text in one string), and makes a `Line`
record of one when somebody looks at it: a diff of 100,000 lines costs little until it is seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple, cast, overload

Kind = Literal["changed", "new", "deleted", "moved", "binary", "mode"]
"""What happened to a file. `moved` may have hunks too; `mode`: only its rights changed."""

Sign = Literal[" ", "+", "-", "\\", "?"]
"""`\\`: a remark on the line before it (no newline at end of file). `?`: a line that is no diff."""

NO_NEWLINE = "\\ No newline at end of file"

BLOCK: Final = 1024
"""Lines between two places of a hunk whose numbers are kept: counting that many signs takes no time."""


class Line(NamedTuple):
    """One line of a change, without its newline; a `\\r` before it is part of the text.

    `old_no` and `new_no` count from 1; None where the line is not in that file.
    """

    sign: Sign
    old_no: int | None
    new_no: int | None
    text: str


@dataclass(frozen=True)
class Hunk:
    """A run of changed lines with what stands around them.

    `old_start` and `new_start` are the numbers of the first line in either file, as a diff writes
    them: of the line before, where the hunk has no line of that file. `header` is what follows
    the second `@@`, often the enclosing function. `raw` holds the lines, each with its sign first.
    """

    old_start: int
    new_start: int
    header: str
    raw: tuple[str, ...]
    known: bool = True  # False: these lines were no diff, all have the sign `?`
    whole: bool = True  # False: the hunk's own counts say otherwise than its lines

    @cached_property
    def signs(self) -> str:
        """The signs of all lines, one character each."""
        return "".join([one[0] for one in self.raw])

    @cached_property
    def is_crlf(self) -> bool:
        """Whether every line of either file ends with a carriage return, but for one without a newline."""
        signs = self.signs
        return any(sign in " +-" for sign in signs[:2]) and all(
            one.endswith("\r") or signs[at + 1 : at + 2] == "\\"
            for at, one in enumerate(self.raw)
            if one[0] in " +-"
        )

    @cached_property
    def lines(self) -> Lines:
        """The lines, numbered. One for each of `raw`, in its order."""
        return Lines(self)

    @cached_property
    def added(self) -> int:
        return self.signs.count("+")

    @cached_property
    def removed(self) -> int:
        return self.signs.count("-")

    @cached_property
    def kept(self) -> int:
        return self.signs.count(" ")

    @property
    def old_count(self) -> int:
        """Lines of the old file."""
        return self.kept + self.removed

    @property
    def new_count(self) -> int:
        """Lines of the new file."""
        return self.kept + self.added


class Lines(Sequence[Line]):
    """The lines of a hunk, made when they are asked for."""

    __slots__ = ("_hunk", "_marks")

    def __init__(self, hunk: Hunk) -> None:
        self._hunk = hunk
        old, new, signs = hunk.old_start, hunk.new_start, hunk.signs
        self._marks = [(old, new)]  # the numbers before each block of lines
        for at in range(0, len(signs) - BLOCK, BLOCK):
            kept = signs.count(" ", at, at + BLOCK)
            old += kept + signs.count("-", at, at + BLOCK)
            new += kept + signs.count("+", at, at + BLOCK)
            self._marks.append((old, new))

    def __len__(self) -> int:
        return len(self._hunk.raw)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, index: int | slice) -> Line | tuple[Line, ...]:
        if isinstance(index, int):
            index = range(len(self))[index]
            return next(self._from(index))
        start, stop, step = index.indices(len(self))
        if step != 1:
            return tuple(self[at] for at in range(start, stop, step))
        return tuple(line for line, _ in zip(self._from(start), range(start, stop), strict=False))

    def __iter__(self) -> Iterator[Line]:
        return self._from(0)

    def numbered(self, sign: str, number: int) -> int | None:
        """The index of the line with that number: of the new file, for the sign `-` of the old one.
        Where there is none, the nearest above it; None for a number before all of them."""
        which = 0 if sign == "-" else 1
        block = max(0, bisect_right(self._marks, number, key=lambda mark: mark[which]) - 1)
        while True:
            found: int | None = None
            for at, line in enumerate(self._from(block * BLOCK), block * BLOCK):
                count = line.old_no if sign == "-" else line.new_no
                if count is not None:
                    if count > number:
                        break
                    found = at
            if found is not None or not block:
                return found
            block -= 1  # a block without a line of that file

    def _from(self, start: int) -> Iterator[Line]:
        raw, signs = self._hunk.raw, self._hunk.signs
        if start >= len(raw):
            return
        block = start // BLOCK
        old, new = self._marks[block]
        kept = signs.count(" ", block * BLOCK, start)
        old += kept + signs.count("-", block * BLOCK, start)
        new += kept + signs.count("+", block * BLOCK, start)
        for at in range(start, len(raw)):
            sign, text = cast("Sign", signs[at]), raw[at][1:]
            if sign == " ":
                yield Line(sign, old, new, text)
                old += 1
                new += 1
            elif sign == "+":
                yield Line(sign, None, new, text)
                new += 1
            elif sign == "-":
                yield Line(sign, old, None, text)
                old += 1
            else:
                yield Line(sign, None, None, text)


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What happened to one file.

    `path` is where it is now (for a deleted one: was), as its source names it; `old_path` is where
    it was before a move, else empty. `note` says in our words, maybe with foreign ones, what the
    hunks do not: that something was cut, was copied, is of an unknown kind. `label` tells apart several
    entries of one file that do not add up to one (`turn 3`). Modes are git's six digits or empty.
    """

    path: str
    kind: Kind = "changed"
    hunks: tuple[Hunk, ...] = ()
    old_path: str = ""
    added: int = 0
    removed: int = 0
    note: str = ""
    label: str = ""
    old_mode: str = ""
    new_mode: str = ""

    @property
    def doubt(self) -> str:
        """Why the hunks may not be all that changed, in our words; empty when they are."""
        if any(not hunk.known or "?" in hunk.signs for hunk in self.hunks):
            return "parts of this diff could not be read"
        return "" if all(hunk.whole for hunk in self.hunks) else "a hunk has more or fewer lines than it says"


def file_diff(
    path: str,
    kind: Kind,
    hunks: tuple[Hunk, ...],
    *,
    old_path: str = "",
    note: str = "",
    label: str = "",
    old_mode: str = "",
    new_mode: str = "",
) -> FileDiff:
    """A `FileDiff` with its lines counted."""
    added, removed = sum(hunk.added for hunk in hunks), sum(hunk.removed for hunk in hunks)
    return FileDiff(path, kind, hunks, old_path, added, removed, note, label, old_mode, new_mode)


def whole_file(text: str, sign: Literal["+", "-"]) -> tuple[Hunk, ...]:
    """The one hunk of a new (`+`) or deleted (`-`) file with that text; none for an empty one."""
    if not text:
        return ()
    raw = [sign + line for line in text.removesuffix("\n").split("\n")]
    if not text.endswith("\n"):
        raw.append(NO_NEWLINE)
    return (Hunk(0, 1, "", tuple(raw)) if sign == "+" else Hunk(1, 0, "", tuple(raw)),)
