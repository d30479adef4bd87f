"""How output asks to be drawn (SGR), and the style that makes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rich.style import Style

from codex_tui.paint.look import Palette
from codex_tui.paint.theme import DIM_CONTRAST, hexed, readable, rgb


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


@lru_cache(maxsize=4096)
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
    return PLAIN if pen == PLAIN else pen


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
def pen_style(pen: Pen, palette: Palette, base: Style) -> Style:
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
