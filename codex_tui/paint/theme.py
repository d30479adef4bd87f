"""Palettes from themes: every role readable on the theme's own background.

Colours are taken from Textual's theme variables and moved towards black or white until they
stand out enough: `TEXT_CONTRAST` for what is read, `DIM_CONTRAST` for what is secondary
(WCAG 2.1 contrast ratios, 1 to 21).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style

from codex_tui.paint.look import Palette

TEXT_CONTRAST = 4.5
DIM_CONTRAST = 3.0
WORD_TINT = 0.36  # share of its colour behind the words that changed within a line; a line has 0.14

STEPS = 20
"""In how many steps a colour is moved to white or black."""

Rgb = tuple[int, int, int]

_HEX = re.compile(r"#([0-9a-fA-F]{6})(?:[0-9a-fA-F]{2})?$")
_SHORT_HEX = re.compile(r"#([0-9a-fA-F]{3})$")

_DARK_ANSI = (
    *("#808080", "#e06c75", "#98c379", "#e5b567", "#61afef", "#c678dd", "#56b6c2", "#d0d0d0"),
    *("#9a9a9a", "#f07c85", "#a8d389", "#f5c577", "#71bfff", "#d688ed", "#66c6d2", "#ffffff"),
)
_LIGHT_ANSI = (
    *("#202020", "#b3261e", "#2f7d32", "#8a6100", "#1a5fb4", "#8e3aa8", "#00727d", "#5a5a5a"),
    *("#5a5a5a", "#c4362e", "#2f8d32", "#9a7100", "#2a6fc4", "#9e4ab8", "#00828d", "#202020"),
)


def rgb(color: str) -> Rgb | None:
    """The channels of `#rrggbb`, `#rrggbbaa` or `#rgb`; None for anything else (`ansi_red`, `auto 60%`)."""
    if match := _HEX.match(color):
        value = int(match.group(1), 16)
        return value >> 16, value >> 8 & 255, value & 255
    if match := _SHORT_HEX.match(color):
        red, green, blue = (int(digit * 2, 16) for digit in match.group(1))
        return red, green, blue
    return None


def hexed(color: Rgb) -> str:
    return f"#{color[0]:02x}{color[1]:02x}{color[2]:02x}"


_LINEAR = tuple(
    share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    for share in (channel / 255 for channel in range(256))
)


def _luminance(color: Rgb) -> float:
    red, green, blue = color
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, 1 (the same) to 21 (black on white)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of `other` over `one`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@lru_cache(maxsize=4096)
def readable(color: Rgb, paper: Rgb, ratio: float) -> Rgb:
    """`color`, moved towards white or black until its contrast with `paper` is at least `ratio`."""
    if contrast(color, paper) >= ratio:
        return color
    goal = max(((0, 0, 0), (255, 255, 255)), key=lambda end: contrast(end, paper))
    # Once it is enough it stays so: towards its goal a colour passes the paper at most at first.
    first, last = 1, STEPS
    while first < last:
        step = (first + last) // 2
        if contrast(mix(color, goal, step / STEPS), paper) >= ratio:
            last = step
        else:
            first = step + 1
    return mix(color, goal, last / STEPS)


@lru_cache(maxsize=1024)
def readable_hex(color: str, paper: str, ratio: float) -> str:
    """As `readable`, for `#rrggbb`; a colour of another notation stays as it is."""
    front, back = rgb(color), rgb(paper)
    return hexed(readable(front, back, ratio)) if front and back else color


def palette_for(variables: Mapping[str, str], dark: bool) -> Palette:
    """The roles' styles from a Textual theme's variables (`App.theme_variables`: names without `$`).

    Missing variables, and those that are no plain colour, fall back to one that suits `dark`.
    """

    def pick(name: str, fallback: str) -> Rgb:
        return rgb(variables.get(name, "")) or rgb(fallback) or (128, 128, 128)

    paper = pick("background", "#1b1f27" if dark else "#fafafa")
    text = readable(pick("foreground", "#d8dee9" if dark else "#24292f"), paper, TEXT_CONTRAST)
    strongest = (255, 255, 255) if dark else (0, 0, 0)

    def role(name: str, fallback: str) -> str:
        return hexed(readable(pick(name, fallback), paper, TEXT_CONTRAST))

    good = role("success", "#98c379" if dark else "#2f7d32")
    bad = role("error", "#e06c75" if dark else "#b3261e")
    warn = role("warning", "#e5b567" if dark else "#8a6100")
    accent = role("accent", "#e5b567" if dark else "#8a6100")
    link = role("primary", "#88c0d0" if dark else "#0b5cad")
    strong = hexed(readable(mix(text, strongest, 0.5), paper, TEXT_CONTRAST))
    dim = hexed(readable(mix(text, paper, 0.5), paper, DIM_CONTRAST + 0.6))

    def on_tint(color: str, share: float = 0.14) -> Style:
        back = hexed(mix(paper, rgb(color) or paper, share))
        return Style(color=readable_hex(color, back, TEXT_CONTRAST), bgcolor=back)

    return Palette(
        text=Style(color=hexed(text)),
        dim=Style(color=dim),
        strong=Style(color=strong, bold=True),
        prompt=Style(color=strong, bold=True),
        accent=Style(color=accent, bold=True),
        warn=Style(color=warn),
        good=Style(color=good),
        bad=Style(color=bad),
        added=on_tint(good),
        removed=on_tint(bad),
        added_word=on_tint(good, WORD_TINT),
        removed_word=on_tint(bad, WORD_TINT),
        code=Style(color=hexed(readable(mix(text, rgb(warn) or text, 0.45), paper, TEXT_CONTRAST))),
        code_block=Style(color=hexed(readable(mix(text, paper, 0.1), paper, TEXT_CONTRAST))),
        link=Style(color=link, underline=True),
        rule=Style(color=hexed(mix(paper, text, 0.25))),
        selected=Style(bgcolor=hexed(mix(paper, rgb(accent) or text, 0.25))),
        syntax="one-dark" if dark else "xcode",
        paper=hexed(paper),
        ansi=tuple(
            readable_hex(color, hexed(paper), DIM_CONTRAST) for color in (_DARK_ANSI if dark else _LIGHT_ANSI)
        ),
    )
