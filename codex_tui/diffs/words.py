"""What changed within a pair of lines, word by word; and which lines of a hunk make a pair.

Both are for what is looked at: their costs are bounded for each line and each hunk.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.diffs.records import Hunk

Span = tuple[int, int]
"""A run of characters of a line: from, to (not included)."""

MAX_CHARACTERS: Final = 4_000
"""A longer line has no marks: nobody reads it word by word, and some are megabytes."""
MAX_WORDS: Final = 120
"""Words that differ of either line which are compared with each other: their product is the cost,
about 2 ms at worst. Beyond, the whole stretch between the first and the last difference is marked."""
ALIKE: Final = 0.4
"""The share of a pair's characters that must be the same. Below, the lines have little to do with
each other, and marks would be noise."""
ISLAND: Final = 2
"""Equal characters between two marks that are marked too: single brackets and commas say nothing."""

_WORD = re.compile(r"\w+|\s+|([^\w\s])\1*")


def mark_words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The spans of `old` that were replaced, and those of `new` that replaced them.

    Both are empty where the lines are equal, or have too little in common, or are too long.
    """
    if old == new or len(old) > MAX_CHARACTERS or len(new) > MAX_CHARACTERS:
        return (), ()
    one, two = _words(old), _words(new)
    begin = _common(one, two)
    end = _common(one[begin:][::-1], two[begin:][::-1])
    middle_one, middle_two = one[begin : len(one) - end], two[begin : len(two) - end]
    before = len("".join(one[:begin]))
    first, second, same = _between(middle_one, middle_two, before)
    same += _weight(one[:begin]) + _weight(one[len(one) - end :])
    if same < ALIKE * max(_weight(one), _weight(two)):
        return (), ()
    return _merged(first, old), _merged(second, new)


def _words(text: str) -> list[str]:
    """Words, runs of blanks, and runs of one sign (`//`): joined they are `text`."""
    return [match.group() for match in _WORD.finditer(text)]


def _between(one: Sequence[str], two: Sequence[str], start: int) -> tuple[list[Span], list[Span], int]:
    """Spans of what differs between two runs of words that begin at `start`, and how much is the same."""
    if not one or not two or len(one) > MAX_WORDS or len(two) > MAX_WORDS:
        return [(start, start + len("".join(one)))], [(start, start + len("".join(two)))], 0
    first: list[Span] = []
    second: list[Span] = []
    same = at_one = at_two = 0
    for left, right, size in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks():
        gap_one, gap_two = len("".join(one[at_one:left])), len("".join(two[at_two:right]))
        begin_one = first[-1][1] if first else start
        begin_two = second[-1][1] if second else start
        first.append((begin_one, begin_one + gap_one))
        second.append((begin_two, begin_two + gap_two))
        shared = one[left : left + size]
        width = len("".join(shared))
        # A span of no length holds the place up to which both were read.
        read_one, read_two = begin_one + gap_one + width, begin_two + gap_two + width
        first.append((read_one, read_one))
        second.append((read_two, read_two))
        same += _weight(shared)
        at_one, at_two = left + size, right + size
    return first, second, same


def _weight(words: Sequence[str]) -> int:
    """Characters, blanks not counted: indentation makes no lines alike."""
    return sum(len(word) for word in words if not word.isspace())


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        count += 1
    return count


def _merged(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Spans in order without empty ones; those that only a sign or a blank parts are one."""
    out: list[Span] = []
    for begin, end in spans:
        if begin == end:
            continue
        if out and begin - out[-1][1] <= ISLAND and not _says(text[out[-1][1] : begin]):
            out[-1] = (out[-1][0], end)
        else:
            out.append((begin, end))
    return tuple(out)


def _says(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


# -- pairs of lines --------------------------------------------------------------------------

MAX_COMPARED: Final = 3_000
"""Pairs of lines of a hunk that are looked at for likeness (about 5 µs each); then their order decides."""
MAX_BLOCK: Final = 40
"""Lines of either side of a block that are looked at for likeness."""

_TOKEN = re.compile(r"\w+")

Pair = tuple[int, int]


def pairs_of(hunk: Hunk) -> list[Pair]:
    """The lines of a hunk side by side: the indexes (of `hunk.raw`) of the old and of the new one.

    -1 stands for none. A kept line is paired with itself. Removed lines stand beside the added ones
    that follow them: in order where there are as many, else the most alike beside each other.
    """
    pairs: list[Pair] = []
    old: list[int] = []
    new: list[int] = []
    remarks: dict[int, int] = {}  # a line, and the remark on it that follows
    budget = MAX_COMPARED

    def settle() -> None:
        nonlocal budget
        cost = len(old) * len(new)
        if len(old) == len(new) or not cost or cost > budget or max(len(old), len(new)) > MAX_BLOCK:
            found = _in_order(old, new)
        else:
            budget -= cost
            found = _by_likeness(hunk.raw, old, new)
        if not remarks:
            pairs.extend(found)
        else:
            for one, two in found:
                pairs.append((one, two))
                if one in remarks or two in remarks:
                    pairs.append((remarks.get(one, -1), remarks.get(two, -1)))
        old.clear()
        new.clear()

    before = " "
    for at, raw in enumerate(hunk.raw):
        sign = raw[0]
        if sign == "-":
            if new:
                settle()
            old.append(at)
        elif sign == "+":
            new.append(at)
        elif sign == "\\" and before in "+-":
            remarks[at - 1] = at
        else:
            if old or new:
                settle()
            pairs.append((at, at))
        before = sign
    settle()
    return pairs


def _in_order(old: Sequence[int], new: Sequence[int]) -> list[Pair]:
    return list(zip_longest(old, new, fillvalue=-1))


def _by_likeness(raw: Sequence[str], old: Sequence[int], new: Sequence[int]) -> list[Pair]:
    """The pairing, in order, whose lines have the most words in common; others fill the gaps."""
    bags = {at: Counter(_TOKEN.findall(raw[at][1 : MAX_CHARACTERS + 1])) for at in (*old, *new)}
    sizes = {at: bag.total() for at, bag in bags.items()}
    rows, columns = len(old), len(new)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]  # of what is left from there on
    likeness = [[0.0] * columns for _ in range(rows)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            one, two = old[row], new[column]
            size = max(sizes[one], sizes[two])
            alike = (bags[one] & bags[two]).total() / size if size else 0.0
            if alike >= ALIKE:
                likeness[row][column] = alike
            best[row][column] = max(
                best[row + 1][column + 1] + likeness[row][column],
                best[row + 1][column],
                best[row][column + 1],
            )
    pairs: list[Pair] = []
    row = column = from_row = from_column = 0
    while row < rows and column < columns:
        alike = likeness[row][column]
        if alike and best[row][column] == best[row + 1][column + 1] + alike:
            pairs += [*_in_order(old[from_row:row], new[from_column:column]), (old[row], new[column])]
            row, column = row + 1, column + 1
            from_row, from_column = row, column
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs + _in_order(old[from_row:], new[from_column:])
