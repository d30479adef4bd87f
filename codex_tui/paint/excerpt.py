"""The beginning and the end of a long output, as much as can be painted in one go.

A line of many megabytes, or one that draws over itself ten thousand times, costs no more than others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

MOST: Final = 160_000
"""Units of work that an unfolded output may cost: some 30 ms. 2,000 lines of plain text are within it."""
MOST_FOLDED: Final = 16_000
"""The same for the few rows of a folded one, which is painted anew while it grows."""

_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]{0,96}[ -/]{0,4}[@-~]?|[\]PX^_][^\x07\x18\x1a\x1b\n]{0,96}\x07?|.?)")
_LONGEST_SEQUENCE: Final = 100


def cost(line: str) -> int:
    """Units of work of a line: one a plain character, more for what has to be resolved or measured."""
    return len(line) * _weight(line)


def _weight(line: str) -> int:
    if not line.isascii():
        return 4
    return 1 if line.isprintable() else 2


def first_within(lines: Sequence[str], units: int = MOST) -> tuple[list[str], int]:
    """The first of the lines that cost no more, the last of them cut where that is needed; and how many
    characters they take, their line ends included."""
    kept: list[str] = []
    size = 0
    for line in lines:
        price = cost(line)
        if price > units:
            begun = line[: _edge(line, units // _weight(line))]
            return ([*kept, begun], size + len(begun)) if begun else (kept, size)
        units -= price
        kept.append(line)
        size += len(line) + 1
    return kept, size


def last_within(lines: Sequence[str], units: int = MOST) -> tuple[list[str], int]:
    """The same from the last one on; the first of them may be cut. How many characters come before them."""
    kept: list[str] = []
    before = sum(len(line) + 1 for line in lines)
    for line in reversed(lines):
        price = cost(line)
        if price > units:
            at = _edge(line, len(line) - units // _weight(line))
            return (
                ([line[at:], *kept[::-1]], before - len(line) - 1 + at) if line[at:] else (kept[::-1], before)
            )
        units -= price
        kept.append(line)
        before -= len(line) + 1
    return kept[::-1], before


def _edge(line: str, at: int) -> int:
    """Where to cut near a place: not within a control sequence."""
    began = line.rfind("\x1b", max(0, at - _LONGEST_SEQUENCE), at)
    if began < 0:
        return at
    found = _SEQUENCE.match(line, began)
    return max(at, found.end()) if found else at
