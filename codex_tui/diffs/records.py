"""Changes to files as plain records: files, hunks, lines. Their text is foreign and raw: only
`codex_tui.text` makes it showable.

A hunk keeps its lines as they stand in a diff (sign and text in one string), and makes `Line`
records of them when somebody looks: a diff of 100,000 lines costs little until it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, cast

Kind = Literal["changed", "new", "deleted", "moved", "binary", "mode"]
"""What happened to a file. `moved` may have hunks too; `mode`: only its rights changed."""

Sign = Literal[" ", "+", "-", "\\", "?"]
"""`\\`: a remark on the line before it (no newline at end of file). `?`: a line that is no diff."""

NO_NEWLINE = "\\ No newline at end of file"


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
    def lines(self) -> tuple[Line, ...]:
        """The lines, numbered. One for each of `raw`, in its order."""
        out: list[Line] = []
        old, new = self.old_start, self.new_start
        for one in self.raw:
            sign, text = cast("Sign", one[0]), one[1:]
            if sign == " ":
                out.append(Line(sign, old, new, text))
                old += 1
                new += 1
            elif sign == "+":
                out.append(Line(sign, None, new, text))
                new += 1
            elif sign == "-":
                out.append(Line(sign, old, None, text))
                old += 1
            else:
                out.append(Line(sign, None, None, text))
        return tuple(out)

    @cached_property
    def added(self) -> int:
        return sum(one[0] == "+" for one in self.raw)

    @cached_property
    def removed(self) -> int:
        return sum(one[0] == "-" for one in self.raw)

    @cached_property
    def kept(self) -> int:
        return sum(one[0] == " " for one in self.raw)

    @property
    def old_count(self) -> int:
        """Lines of the old file."""
        return self.kept + self.removed

    @property
    def new_count(self) -> int:
        """Lines of the new file."""
        return self.kept + self.added


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
        if any(not hunk.known or any(one[0] == "?" for one in hunk.raw) for hunk in self.hunks):
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
