"""Command output: colours kept, carriage returns and backspaces resolved, the rest made visible.

What a terminal would do is done for what programs commonly send: SGR, CR, BS, cursor moves
within the line, erasing in the line. Clearing the screen starts a new line, so that nothing
that was printed is lost. Modes that leave no trace on a page (cursor on and off, bracketed
paste) are dropped. Every other control character is shown as an escape, never obeyed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from rich.style import Style

from codex_tui.paint.lines import Row
from codex_tui.paint.look import Palette
from codex_tui.paint.theme import DIM_CONTRAST, hexed, readable, rgb
from codex_tui.text import cell_width, line
from codex_tui.text.safe import TAB_STOP

MAX_LINE = 16_000
"""Characters of one line that are looked at; of a longer one its beginning and its end."""
MAX_COLUMN = 2_000
"""Where a cursor movement may lead: as far as lines of real programs go."""

_SGR = re.compile(r"\x1b\[([0-9;:]*)m")
_MOVES = re.compile(r"\x1b\[([0-9]{0,4})([CDGK])|\x1b\[\?(?:25|7|12|1|1004|2004|2026)[hl]|\x1b\(B|[\r\b\t]")
_CLEARS = re.compile(r"\x1b\[(?:[0-3]?J|(?:1?;1?|1)?[Hf])|\x1bc")
_NEEDS_CURSOR = re.compile(r"[\r\b\t]|\x1b\[[0-9]{0,4}[CDGK]|\x1b\[\?|\x1b\(B")


@dataclass(frozen=True, slots=True)
class Pen:
    """How text is drawn now. Colours are an index into the 256, `#rrggbb`, or None."""

    front: int | str | None = None
    back: int | str | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


PLAIN = Pen()


def output_rows(texts: list[str], palette: Palette, base: Style) -> list[Row]:
    """The rows of output lines (without their line ends), in order, not yet fitted to a width."""
    rows: list[Row] = []
    pen = PLAIN
    for text in texts:
        whole = text.rstrip("\r")
        if "\x1b" not in whole and not _NEEDS_CURSOR.search(whole):
            rows.append([(line(_bounded(whole)), _style(pen, palette, base))] if whole else [])
            continue
        pieces = [piece for piece in _CLEARS.split(_bounded(whole)) if piece] or [""]
        for piece in pieces:
            row, pen = _resolve(piece, pen, palette, base)
            rows.append(row)
    return rows


def _bounded(text: str) -> str:
    if len(text) <= MAX_LINE:
        return text
    half = MAX_LINE // 2
    return f"{text[:half]} [{len(text) - MAX_LINE:,} characters not shown] {text[-half:]}"


def _resolve(text: str, pen: Pen, palette: Palette, base: Style) -> tuple[Row, Pen]:
    runs: list[tuple[str, Pen]] = []
    at = 0
    for found in _SGR.finditer(text):
        if found.start() > at:
            runs.append((text[at : found.start()], pen))
        pen = apply_sgr(pen, found.group(1))
        at = found.end()
    if at < len(text):
        runs.append((text[at:], pen))
    if any(_NEEDS_CURSOR.search(run) for run, _ in runs):
        runs = _drawn(runs)
    return [(line(run), _style(of, palette, base)) for run, of in runs if run], pen


def _drawn(runs: list[tuple[str, Pen]]) -> list[tuple[str, Pen]]:
    """The runs as they stand on the line after every cursor movement."""
    cells: list[tuple[str, Pen]] = []
    column = 0
    for run, pen in runs:
        at = 0
        for found in _MOVES.finditer(run):
            column = _put(cells, column, run[at : found.start()], pen)
            column = _move(cells, column, found)
            at = found.end()
        column = _put(cells, column, run[at:], pen)
    return [
        ("".join(char for char, _ in group), pen) for pen, group in groupby(cells, key=lambda cell: cell[1])
    ]


def _move(cells: list[tuple[str, Pen]], column: int, found: re.Match[str]) -> int:
    sign = found.group()
    if sign == "\r":
        return 0
    if sign == "\b":
        return max(0, column - 1)
    if sign == "\t":
        return min(column + TAB_STOP - column % TAB_STOP, MAX_COLUMN)
    letter, count = found.group(2), int(found.group(1) or 0)
    if letter == "C":
        return min(column + max(1, count), MAX_COLUMN)
    if letter == "D":
        return max(0, column - max(1, count))
    if letter == "G":
        return min(max(1, count) - 1, MAX_COLUMN)
    if letter == "K":
        if count == 0:
            del cells[column:]
        elif count in (1, 2):
            for index in range(min(len(cells), len(cells) if count == 2 else column + 1)):
                cells[index] = (" ", PLAIN)
    return column


def _put(cells: list[tuple[str, Pen]], column: int, text: str, pen: Pen) -> int:
    if not text:
        return column
    if len(cells) < column:
        cells += [(" ", PLAIN)] * (column - len(cells))
    for char in text:
        size = cell_width(char) if char.isprintable() else 1
        if size == 0 and column and len(cells) >= column:
            before, kept = cells[column - 1]
            cells[column - 1] = (before + char, kept)
            continue
        cells[column : column + size] = [(char, pen), ("", pen)][:size]
        column += size
    return column


def apply_sgr(pen: Pen, parameters: str) -> Pen:
    """`pen` after an SGR sequence with these parameters; unknown ones change nothing."""
    numbers = [int(number or 0) if len(number) < 5 else -1 for number in re.split("[;:]", parameters)]
    at = 0
    while at < len(numbers):
        code = numbers[at]
        at += 1
        if code in (38, 48):
            color, at = _color(numbers, at)
            if color is not None:
                pen = replace(pen, front=color) if code == 38 else replace(pen, back=color)
        else:
            pen = _simple(pen, code)
    return pen


_SWITCHES: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    9: {"strike": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    29: {"strike": False},
}


def _simple(pen: Pen, code: int) -> Pen:
    if code == 0:
        return PLAIN
    if code in _SWITCHES:
        return replace(pen, **_SWITCHES[code])
    if 30 <= code <= 37 or 90 <= code <= 97:
        return replace(pen, front=code - 30 if code < 90 else code - 82)
    if 40 <= code <= 47 or 100 <= code <= 107:
        return replace(pen, back=code - 40 if code < 100 else code - 92)
    if code == 39:
        return replace(pen, front=None)
    return replace(pen, back=None) if code == 49 else pen


def _color(numbers: list[int], at: int) -> tuple[int | str | None, int]:
    kind = numbers[at] if at < len(numbers) else -1
    if kind == 5 and at + 1 < len(numbers):
        index = numbers[at + 1]
        return (index if 0 <= index <= 255 else None), at + 2
    if kind == 2 and at + 3 < len(numbers):
        red, green, blue = numbers[at + 1 : at + 4]
        if all(0 <= channel <= 255 for channel in (red, green, blue)):
            return hexed((red, green, blue)), at + 4
        return None, at + 4
    return None, len(numbers)


@lru_cache(maxsize=1024)
def _style(pen: Pen, palette: Palette, base: Style) -> Style:
    """The pen's style on the palette's paper; text is kept readable whatever colours it asked for."""
    if pen == PLAIN:
        return base
    front, back = _hex(pen.front, palette), _hex(pen.back, palette)
    paper = rgb(back or palette.paper)
    if front is None and (back is not None or pen.dim):
        front = (
            palette.dim.color.name
            if pen.dim and palette.dim.color
            else base.color.name
            if base.color
            else None
        )
    wanted = rgb(front or "")
    if wanted is not None and paper is not None:
        front = hexed(readable(wanted, paper, DIM_CONTRAST))
    return base + Style(
        color=front,
        bgcolor=back,
        bold=pen.bold or None,
        italic=pen.italic or None,
        underline=pen.underline or None,
        reverse=pen.reverse or None,
        strike=pen.strike or None,
    )


def _hex(color: int | str | None, palette: Palette) -> str | None:
    if color is None or isinstance(color, str):
        return color
    if color < 16:
        return palette.ansi[color] if color < len(palette.ansi) else None
    if color < 232:
        red, green, blue = (color - 16) // 36, (color - 16) // 6 % 6, (color - 16) % 6
        return hexed((_STEPS[red], _STEPS[green], _STEPS[blue]))
    grey = 8 + 10 * (color - 232)
    return hexed((grey, grey, grey))


_STEPS = (0, 95, 135, 175, 215, 255)


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
