"""Command output: colours stay, movements in the line are done, everything else is seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from codex_tui.paint.ansi import SafeLine, count_lines, first_lines, last_lines, output_rows
from codex_tui.paint.lines import Row
from codex_tui.paint.look import Palette
from codex_tui.paint.output import Output
from codex_tui.paint.pens import styles_of
from codex_tui.paint.theme import DIM_CONTRAST, contrast, rgb

PALETTE = Palette()
STYLES = styles_of(PALETTE, PALETTE.text)


def shown(*lines: str) -> list[str]:
    return ["".join(text for text, _ in row) for row in output_rows(list(lines), PALETTE, PALETTE.text)]


def test_carriage_returns_show_what_was_printed_last() -> None:
    assert shown("10%\r55%\r100%", "crlf\r", "long text\rnew") == ["100%", "crlf", "newg text"]


def test_backspaces_tabs_and_erasing_are_done() -> None:
    assert shown("abc\b\bX") == ["aXc"]
    assert shown("a\tb") == ["a       b"]
    assert shown("abcdef\x1b[3D\x1b[K!") == ["abc!"]
    assert shown("abc\x1b[2K\rx") == ["x"]
    assert shown("ab\x1b[5Gx\x1b[2Cy") == ["ab  x  y"]


def test_wide_characters_take_two_columns_when_overwritten() -> None:
    assert shown("漢字\rab") == ["ab字"]


def test_clearing_the_screen_loses_nothing() -> None:
    assert shown("before\x1b[2J\x1b[Hafter") == ["before", "after"]


def test_modes_without_a_trace_go_and_all_other_sequences_are_seen() -> None:
    assert shown("\x1b[?25lx\x1b[?25h\x1b[?2004h\x1b(B") == ["x"]
    assert shown("\x1b]0;title\x07") == ["\\x1b]0;title\\x07"]
    assert shown("\x1b]52;c;eA==\x1b\\") == ["\\x1b]52;c;eA==\\x1b\\"]
    assert shown("\x1b[?1049h\x9b2J\x1bPq") == ["\\x1b[?1049h\\x9b2J\\x1bPq"]
    assert shown("\x1b[38;2;") == ["\\x1b[38;2;"]


def test_colours_stay_across_lines_until_they_are_reset() -> None:
    rows = output_rows(["\x1b[31mred", "still\x1b[0m plain"], PALETTE, PALETTE.text)
    red = rows[0][0][1]
    assert red.color is not None
    assert red.color.name == PALETTE.ansi[1]
    assert [(text, style == red) for text, style in rows[1]] == [("still", True), (" plain", False)]


def test_text_that_hides_in_its_background_is_made_readable() -> None:
    for codes in ("30;40", "38;2;10;10;10;48;2;10;10;10", "38;5;16", "8;30", "97;107"):
        ((_, style),) = output_rows([f"\x1b[{codes}mx"], PALETTE, PALETTE.text)[0]
        front = rgb(style.color.name if style.color else "")
        back = rgb(style.bgcolor.name if style.bgcolor else PALETTE.paper)
        assert front and back
        assert contrast(front, back) >= DIM_CONTRAST


def test_a_huge_line_shows_both_its_ends() -> None:
    (row,) = shown("a" * 50_000 + "b" * 50_000)
    assert len(row) < 20_000
    assert row.startswith("aaa")
    assert row.endswith("bbb")
    assert "84,000 characters not shown" in row


@given(st.text(st.sampled_from("ab\n"), max_size=40), st.integers(1, 6))
def test_first_and_last_lines_are_those_of_the_text(text: str, count: int) -> None:
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    head, rest = first_lines(text, count)
    assert head == lines[:count]
    assert (rest >= 0) == (len(lines) > count)
    assert last_lines(text, count)[0] == lines[-count:] if lines else last_lines(text, count)[0] == []
    assert count_lines(text) == len(lines)
    if rest >= 0:
        tail, begin = last_lines(text, count, rest)
        assert tail == lines[len(head) :][-count:]
        assert text.count("\n", rest, begin) == len(lines) - len(head) - len(tail)


_STYLED = st.lists(
    st.text("ab漢\u0301\u202e", max_size=6)
    | st.sampled_from(["\x1b[31m", "\x1b[1m", "\x1b[m", "\x1b[48;5;200m", "\x1b[38;2;9;8;7m"]),
    max_size=30,
)


def cells(row: Row) -> list[tuple[str, Style]]:
    return [(char, style) for text, style in row for char in text]


@given(_STYLED, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_line_looks_as_it_does_in_the_whole(parts: list[str], start: int, size: int) -> None:
    output = Output()
    output.feed("".join(parts))
    safe = SafeLine.of(output.lines[0])
    whole = safe.row(0, len(safe.text), STYLES)
    assert "".join(text for text, _ in whole) == safe.text
    assert cells(safe.row(start, min(start + size, len(safe.text)), STYLES)) == cells(whole)[start:][:size]


def test_a_row_of_many_colours_has_them_rounded_and_one_of_some_has_not() -> None:
    def row(colours: int) -> Row:
        output = Output()
        output.feed("".join(f"\x1b[38;2;{200 + n % 50};201;202mx" for n in range(colours)))
        safe = SafeLine.of(output.lines[0])
        return safe.row(0, colours, STYLES)

    assert len(row(40)) == 40
    assert 1 < len(row(200)) < 40
    assert "".join(text for text, _ in row(200)) == "x" * 200
