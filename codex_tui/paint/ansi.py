"""Lines of command output: resolved as a terminal would, and found in long texts without splitting them.

Modes that leave no trace on a page (cursor on and off, bracketed paste) are dropped. Every other
control sequence that is not obeyed is shown as an escape: a reader of the chat sees what was there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from rich.style import Style

from codex_tui.paint.lines import Row
from codex_tui.paint.look import Palette
from codex_tui.paint.output import Output
from codex_tui.paint.pens import PLAIN, Styles, rounded, styles_of
from codex_tui.paint.runs import Line, runs_of
from codex_tui.text import SafeText, join, line

MANY_COLOURS: Final = 48
"""Changes of style in one row from which on its true colours are rounded: a picture, not a text."""


def output_rows(texts: Iterable[str], palette: Palette, base: Style) -> list[Row]:
    """The rows of output lines (without their line ends), in order, not yet fitted to a width."""
    output = Output(seen=True)
    output.feed("\n".join(texts))
    output.finish()
    return [line_row(one, palette, base) for one in output.lines]


def line_row(resolved: Line, palette: Palette, base: Style) -> Row:
    """A resolved line with its styles, safe to show."""
    safe = SafeLine.of(resolved)
    return safe.row(0, len(safe.text), styles_of(palette, base))


@dataclass(frozen=True, slots=True)
class SafeLine:
    """A line made safe, of which any part can be painted without looking at the rest.

    `ends`: the character after each run of one style. `pens`: its pen.
    """

    text: SafeText
    ends: Sequence[int]
    pens: Sequence[int]

    @classmethod
    def of(cls, resolved: Line) -> SafeLine:
        if isinstance(resolved, str):
            text = line(resolved)
            return cls(text, (len(text),), (PLAIN,))
        ends, pens = runs_of(resolved)
        text = line(resolved.text)
        if text != resolved.text:  # what is written out takes more room than it did
            pieces = [line(resolved.text[start:end]) for start, end in pairwise((0, *ends))]
            text, ends = join(*pieces), tuple(accumulate(map(len, pieces)))
        return cls(text, ends, pens)

    def row(self, start: int, end: int, styles: Styles) -> Row:
        """The characters from `start` to before `end`."""
        at, ends = bisect_right(self.ends, start), self.ends
        last = bisect_right(ends, end - 1, at)
        pens = self.pens[at : last + 1]
        looks: Mapping[int, Style] = styles
        if len(pens) > MANY_COLOURS:
            pens, looks = [rounded(pen) for pen in pens], styles.picture
        row: Row = []
        begun, now = start, -1
        for pen, limit in zip(pens, ends[at : last + 1], strict=True):
            if start >= end:
                break
            stop = min(limit, end)
            if pen == now:
                row[-1] = (SafeText(self.text[begun:stop]), looks[pen])
            elif stop > start:
                row.append((SafeText(self.text[start:stop]), looks[pen]))
                begun, now = start, pen
            start = max(start, stop)
        return row


def first_lines(text: str, count: int) -> tuple[list[str], int]:
    """The first `count` lines and the index where the rest begins (-1: there is none)."""
    lines: list[str] = []
    at = 0
    while len(lines) < count:
        stop = text.find("\n", at)
        if stop < 0:
            if at < len(text):
                lines.append(text[at:])
            return lines, -1
        lines.append(text[at:stop])
        at = stop + 1
    return lines, at if at < len(text) else -1


def last_lines(text: str, count: int, since: int = 0) -> tuple[list[str], int]:
    """The last `count` lines of `text[since:]`, and where they begin. A line end at its end ends a line."""
    stop = len(text) - (1 if text.endswith("\n") and len(text) > since else 0)
    if stop <= since and len(text) <= since:
        return [], since
    lines: list[str] = []
    while len(lines) < count:
        at = text.rfind("\n", since, stop)
        lines.append(text[at + 1 : stop] if at >= 0 else text[since:stop])
        if at < 0:
            return lines[::-1], since
        stop = at
    return lines[::-1], stop + 1


def count_lines(text: str) -> int:
    """Lines of output; a line end at the end ends a line, it does not begin one."""
    return text.count("\n") + (1 if text and not text.endswith("\n") else 0)
