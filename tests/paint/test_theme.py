"""Palettes are readable on every theme's background."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.theme import BUILTIN_THEMES

from codex_tui.paint.code import token_style
from codex_tui.paint.look import ASCII_MARKS, Palette
from codex_tui.paint.theme import (
    DIM_CONTRAST,
    TEXT_CONTRAST,
    Rgb,
    contrast,
    hexed,
    palette_for,
    readable,
    readable_hex,
    rgb,
)

TEXTS = (
    "text",
    "strong",
    "prompt",
    "accent",
    "warn",
    "good",
    "bad",
    "added",
    "removed",
    "code",
    "code_block",
    "link",
)
NAMES = ["background", "foreground", "success", "error", "warning", "accent", "primary"]
channels = st.integers(0, 255)
colors = st.tuples(channels, channels, channels)


def assert_readable(palette: Palette) -> None:
    paper = rgb(palette.paper)
    assert paper
    for name in (*TEXTS, "dim"):
        style = getattr(palette, name)
        assert isinstance(style, Style) and style.color
        front, back = rgb(style.color.name), rgb(style.bgcolor.name) if style.bgcolor else paper
        assert front and back
        assert contrast(front, back) >= (DIM_CONTRAST if name == "dim" else TEXT_CONTRAST), name
    for color in palette.ansi:
        front = rgb(color)
        assert front
        assert contrast(front, paper) >= DIM_CONTRAST
    assert len(palette.ansi) == 16


@pytest.mark.parametrize("name", sorted(BUILTIN_THEMES))
def test_every_built_in_theme_gives_a_readable_palette(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    assert_readable(palette_for(theme.to_color_system().generate(), theme.dark))


@given(st.dictionaries(st.sampled_from(NAMES), colors.map(hexed)), st.booleans())
def test_any_theme_gives_a_readable_palette(variables: dict[str, str], dark: bool) -> None:
    assert_readable(palette_for(variables, dark))


def test_the_palette_without_a_theme_is_readable() -> None:
    assert_readable(Palette())


def test_variables_that_are_no_colours_fall_back() -> None:
    odd = {"background": "ansi_default", "foreground": "auto 87%", "success": "", "error": "red"}
    assert palette_for(odd, True) == palette_for({}, True)


@given(colors, colors, st.sampled_from([DIM_CONTRAST, TEXT_CONTRAST]))
def test_a_readable_colour_is_readable_and_one_that_was_stays(color: Rgb, paper: Rgb, ratio: float) -> None:
    made = readable(color, paper, ratio)
    assert contrast(made, paper) >= ratio
    if contrast(color, paper) >= ratio:
        assert made == color


def test_contrast_is_that_of_the_web_guidelines() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert readable_hex("#777777", "#ffffff", TEXT_CONTRAST) != "#777777"


def test_syntax_colours_are_readable_on_light_and_dark() -> None:
    from pygments.token import STANDARD_TYPES

    for dark in (True, False):
        palette = palette_for({}, dark)
        paper = rgb(palette.paper)
        assert paper
        for kind in STANDARD_TYPES:
            style = token_style(palette.syntax, palette.paper, kind)
            if style.color:
                front = rgb(style.color.name)
                assert front
                assert contrast(front, paper) >= DIM_CONTRAST


def test_every_mark_has_an_ascii_twin() -> None:
    for mark in fields(ASCII_MARKS):
        assert "".join(getattr(ASCII_MARKS, mark.name)).isascii(), mark.name
