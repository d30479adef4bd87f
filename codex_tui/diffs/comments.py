"""Remarks on lines of a diff, and the one prompt that carries them all to the agent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Side = Literal["old", "new"]

QUOTED_LINES: Final = 12
"""Lines quoted of a longer stretch, from its beginning: the agent has the file, this finds the place."""
QUOTED_CHARACTERS: Final = 400
"""Characters quoted of a line."""


@dataclass(frozen=True, slots=True)
class Comment:
    """Words about a line. `side`: whether `line_no` counts in the old or in the new file. `quoted`
    is the line itself, or several parted by newlines, the first of which `line_no` names."""

    path: str
    side: Side
    line_no: int
    quoted: str
    text: str


def message_of(comments: Iterable[Comment], root: str = "") -> str:
    """One prompt of all comments, file by file and line by line; empty when there are none.

    Paths below `root` are given from there.
    """
    ordered = sorted(comments, key=lambda one: (one.path, one.line_no, one.side))
    parts: list[str] = []
    for (path, line_no, side), group in groupby(ordered, key=lambda one: (one.path, one.line_no, one.side)):
        said = list(group)
        gone = " (removed)" if side == "old" else ""
        place = f"{_short(path, root)}:{line_no}{gone}"
        quoted = [f"> {line}" for line in _quoted(max((one.quoted for one in said), key=len))]
        words = "\n\n".join(one.text.strip() for one in said)
        parts.append("\n".join([place, *quoted, "", words]))
    if not parts:
        return ""
    lead = "A comment on your changes:" if len(parts) == 1 else "Comments on your changes:"
    return "\n\n".join([lead, *parts])


def _short(path: str, root: str) -> str:
    base = root.rstrip("/") + "/"
    return path[len(base) :] if root and path.startswith(base) else path


def _quoted(text: str) -> list[str]:
    lines = text.split("\n")
    kept = [line if len(line) <= QUOTED_CHARACTERS else line[:QUOTED_CHARACTERS] + " …" for line in lines]
    return kept if len(kept) <= QUOTED_LINES else [*kept[:QUOTED_LINES], "…"]
