"""How output asks to be drawn (SGR), and the style that makes of it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from rich.color import Color
from rich.style import Style

from codex_tui.paint.look import Palette
from codex_tui.paint.theme import DIM_CONTRAST, Rgb, hexed, readable, rgb

_BACK = 26  # bits before those of the background; a colour has 26, the switches stand above both
_COLOUR = (1 << _BACK) - 1
_RGB = 1 << 24
_BOLD, _DIM, _ITALIC, _UNDERLINE, _REVERSE, _STRIKE = (1 << (2 * _BACK + bit) for bit in range(6))


class Pen(int):
    """How text is drawn now, as one number: a log has hundreds of thousands, and numbers are nothing
    that the garbage collector would follow. 0 is plain; colours are read as an index into the 256,
    `#rrggbb`, or None."""

    __slots__ = ()

    @classmethod
    def of(
        cls,
        front: int | str | None = None,
        back: int | str | None = None,
        *,
        bold: bool = False,
        dim: bool = False,
        italic: bool = False,
        underline: bool = False,
        reverse: bool = False,
        strike: bool = False,
    ) -> Pen:
        """The pen with these traits."""
        return cls(
            _coded(front)
            | _coded(back) << _BACK
            | bold * _BOLD
            | dim * _DIM
            | italic * _ITALIC
            | underline * _UNDERLINE
            | reverse * _REVERSE
            | strike * _STRIKE
        )

    @property
    def front(self) -> int | str | None:
        return _decoded(self & _COLOUR)

    @property
    def back(self) -> int | str | None:
        return _decoded(self >> _BACK & _COLOUR)

    @property
    def bold(self) -> bool:
        return bool(self & _BOLD)

    @property
    def dim(self) -> bool:
        return bool(self & _DIM)

    @property
    def italic(self) -> bool:
        return bool(self & _ITALIC)

    @property
    def underline(self) -> bool:
        return bool(self & _UNDERLINE)

    @property
    def reverse(self) -> bool:
        return bool(self & _REVERSE)

    @property
    def strike(self) -> bool:
        return bool(self & _STRIKE)


PLAIN = Pen(0)


def _coded(color: int | str | None) -> int:
    if color is None:
        return 0
    return color + 1 if isinstance(color, int) else _RGB | int(color[1:], 16)


def _decoded(code: int) -> int | str | None:
    if code & _RGB:
        return f"#{code & ~_RGB:06x}"
    return code - 1 if code else None


@lru_cache(maxsize=4096)
def apply_sgr(pen: Pen, parameters: str) -> Pen:
    """`pen` after an SGR sequence with these parameters; unknown ones change nothing."""
    numbers = [int(number or 0) if len(number) < 5 else -1 for number in re.split("[;:]", parameters)]
    at = 0
    bits = int(pen)
    while at < len(numbers):
        code = numbers[at]
        at += 1
        if code in (38, 48):
            color, at = _color(numbers, at)
            if color is not None:
                bits = _front(bits, color) if code == 38 else _back(bits, color)
        else:
            bits = _simple(bits, code)
    return Pen(bits)


_SWITCHES = {
    1: (0, _BOLD),
    2: (0, _DIM),
    3: (0, _ITALIC),
    4: (0, _UNDERLINE),
    7: (0, _REVERSE),
    9: (0, _STRIKE),
    22: (_BOLD | _DIM, 0),
    23: (_ITALIC, 0),
    24: (_UNDERLINE, 0),
    27: (_REVERSE, 0),
    29: (_STRIKE, 0),
}
"""What a code switches off, and on."""


def _front(bits: int, color: int | str | None) -> int:
    return bits & ~_COLOUR | _coded(color)


def _back(bits: int, color: int | str | None) -> int:
    return bits & ~(_COLOUR << _BACK) | _coded(color) << _BACK


def _simple(bits: int, code: int) -> int:
    if code == 0:
        return 0
    if code in _SWITCHES:
        off, on = _SWITCHES[code]
        return bits & ~off | on
    if 30 <= code <= 37 or 90 <= code <= 97:
        return _front(bits, code - 30 if code < 90 else code - 82)
    if 40 <= code <= 47 or 100 <= code <= 107:
        return _back(bits, code - 40 if code < 100 else code - 92)
    if code == 39:
        return _front(bits, None)
    return _back(bits, None) if code == 49 else bits


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


STYLES_KEPT = 8_192
"""Styles remembered of a palette: more than a screen of text has, and some megabytes at most."""


_STEPS = (0, 95, 135, 175, 215, 255)
_CUBE: tuple[Rgb | None, ...] = (
    *[None] * 16,
    *((red, green, blue) for red, green, blue in product(_STEPS, repeat=3)),
    *((grey, grey, grey) for grey in range(8, 248, 10)),
)
"""The 256 colours of terminals, but for the first 16, which are the theme's."""


class Styles(dict[int, Style]):
    """The style of each pen on a palette's paper; text is kept readable whatever colours it asked for.

    `picture`: for rows that are drawn rather than written. Their colours are rounded, so that there
    are few, and what has a background of its own stays as it is.
    """

    def __init__(self, palette: Palette, base: Style) -> None:
        super().__init__({PLAIN: base})
        self.picture = Picture(self)
        self._base = base
        self._is_bare = Style.from_color(base.color) == base  # then a colour of its own is all there is
        self._text, self._dim = _triplet(base.color), _triplet(palette.dim.color)
        self._paper = rgb(palette.paper)
        self._indexed = (*[rgb(color) for color in palette.ansi], *_CUBE[len(palette.ansi) :])

    def __missing__(self, number: int) -> Style:
        front, back = self.channels(number & _COLOUR), self.channels(number >> _BACK & _COLOUR)
        if front is None and (back is not None or number & _DIM):
            front = self._dim if number & _DIM else self._text
        paper = back or self._paper
        if front is not None and paper is not None:
            front = readable(front, paper, DIM_CONTRAST)
        made = self.drawn(front, back)
        if not self._is_bare or front is None:
            made = self._base + made
        if number >= _BOLD:
            made += Style(
                bold=bool(number & _BOLD) or None,
                italic=bool(number & _ITALIC) or None,
                underline=bool(number & _UNDERLINE) or None,
                reverse=bool(number & _REVERSE) or None,
                strike=bool(number & _STRIKE) or None,
            )
        if len(self) >= STYLES_KEPT:
            self.clear()
            self[PLAIN] = self._base
        self[number] = made
        return made

    def channels(self, code: int) -> Rgb | None:
        """A colour of a pen."""
        if code & _RGB:
            return code >> 16 & 255, code >> 8 & 255, code & 255
        return self._indexed[code - 1] if code else None

    @staticmethod
    def drawn(front: Rgb | None, back: Rgb | None) -> Style:
        """A style of these colours."""
        return Style.from_color(
            Color.from_rgb(*front) if front else None, Color.from_rgb(*back) if back else None
        )


class Picture(dict[int, Style]):
    """As `Styles`, by rounded pens."""

    def __init__(self, styles: Styles) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, number: int) -> Style:
        styles = self._styles
        front, back = number & _COLOUR, number >> _BACK & _COLOUR
        if front and back and number < _BOLD:
            made = styles.drawn(styles.channels(front), styles.channels(back))
        else:
            made = styles[number]
        if len(self) >= STYLES_KEPT:
            self.clear()
        self[number] = made
        return made


def _triplet(color: Color | None) -> Rgb | None:
    return rgb(color.name) if color else None


@lru_cache(maxsize=4)
def styles_of(palette: Palette, base: Style) -> Styles:
    """The styles of pens, remembered for some palettes."""
    return Styles(palette, base)


def rounded(number: int) -> int:
    """A pen whose true colours are rounded to 16 steps a channel: hardly to be seen, and far fewer."""
    if number & _RGB:
        number = number & ~0x0F0F0F | (number & 0xF0F0F0) >> 4
    if number & _RGB << _BACK:
        number = number & ~(0x0F0F0F << _BACK) | (number & 0xF0F0F0 << _BACK) >> 4
    return number
