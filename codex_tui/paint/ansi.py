"""Lines of command output: resolved as a terminal would, and found in long texts without splitting them.

Modes that leave no trace on a page (cursor on and off, bracketed paste) are dropped. Every other
control sequence that is not obeyed is shown as an escape: a reader of the chat sees what was there.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style

from codex_tui.paint.lines import Row
from codex_tui.paint.look import Palette
from codex_tui.paint.openline import Line
from codex_tui.paint.output import Output
from codex_tui.paint.pens import pen_style
from codex_tui.text import line


def output_rows(texts: Iterable[str], palette: Palette, base: Style) -> list[Row]:
    """The rows of output lines (without their line ends), in order, not yet fitted to a width."""
    output = Output(seen=True)
    output.feed("\n".join(texts))
    output.finish()
    return [line_row(one, palette, base) for one in output.lines]


def line_row(resolved: Line, palette: Palette, base: Style) -> Row:
    """A resolved line with its styles, safe to show."""
    if isinstance(resolved, str):
        return [(line(resolved), base)] if resolved else []
    return [(line(text), pen_style(pen, palette, base)) for text, pen in resolved]


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
