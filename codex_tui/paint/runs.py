"""Lines of output as they are kept: their text, and where it changes its style.

A log has tens of thousands of lines with some styles each, so a line is one object, or two.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from codex_tui.paint.pens import Pen

Span = tuple[str, Pen]
"""Text of one style."""


class Coloured(NamedTuple):
    """A line with styles. `runs`: for each run the character after its end and its pen, as 64-bit
    numbers. Runs may be empty, and neighbours may be of one style."""

    text: str
    runs: bytes


Line = str | Coloured
"""A line as it stands, foreign as it came: a plain string where it has no style of its own."""

RUN_BYTES = 16


def line_of(texts: Sequence[str], pens: Sequence[int]) -> Line:
    """The line of pieces, each with its pen."""
    text = "".join(texts)
    if not any(pens):
        return text
    ends = accumulate(map(len, texts))
    return Coloured(text, array("Q", chain.from_iterable(zip(ends, pens, strict=True))).tobytes())


def runs_of(line: Coloured) -> tuple[Sequence[int], Sequence[int]]:
    """Where each run ends, and its pen."""
    numbers = array("Q", line.runs)
    return numbers[::2], numbers[1::2]


def spans_of(line: Line) -> list[Span]:
    """The line in pieces of one style, none of them empty."""
    if isinstance(line, str):
        return [(line, Pen(0))] if line else []
    spans: list[Span] = []
    start = 0
    for end, pen in zip(*runs_of(line), strict=True):
        if end > start:
            spans.append((line.text[start:end], Pen(pen)))
            start = end
    return spans


def line_text(line: Line) -> str:
    """The characters of a line, foreign as they came."""
    return line if isinstance(line, str) else line.text


def beginning(line: Line, count: int) -> Line:
    """Its first `count` characters; the line itself when it has no more."""
    if isinstance(line, str):
        return line[:count]  # a string cut to its own length is the same one
    if len(line.text) <= count:
        return line
    ends, _ = runs_of(line)
    runs = bisect_left(ends, count) + 1
    return Coloured(line.text[:count], line.runs[: runs * RUN_BYTES])
