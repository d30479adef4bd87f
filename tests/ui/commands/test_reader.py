"""A reader in a log: following, holding still, finding, at any width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.paint.look import Palette
from codex_tui.paint.output import Output
from codex_tui.paint.pens import styles_of
from codex_tui.panes.commands.reader import Reader

PALETTE = Palette()


def numbered(count: int, suffix: str = "") -> Output:
    output = Output()
    output.feed("".join(f"line {number}{suffix}\n" for number in range(count)))
    return output


def reader(output: Output, width: int = 40, height: int = 10) -> Reader:
    made = Reader(output)
    made.resize(width, height)
    return made


def seen(one: Reader) -> list[str]:
    return ["".join(text for text, _ in row.parts) for row in one.shown(PALETTE, PALETTE.text)]


def test_the_end_is_in_sight_at_first_and_while_it_grows() -> None:
    one = reader(numbered(100))
    assert seen(one)[-1] == "line 99"
    one.output.feed("more\n")
    assert seen(one)[-1] == "more"
    assert len(seen(one)) == 10


def test_scrolling_up_holds_still_while_output_grows_and_the_end_follows_again() -> None:
    one = reader(numbered(100))
    seen(one)
    one.move(-5)
    before = seen(one)
    one.output.feed("more\n" * 50)
    assert seen(one) == before
    assert not one.following
    one.move(1000)
    assert one.following
    assert seen(one)[-1] == "more"


def test_a_log_that_fits_always_follows() -> None:
    one = reader(numbered(3))
    seen(one)
    one.move(-3)
    one.home()
    assert one.following
    one.output.feed("more\n" * 20)
    assert seen(one)[-1] == "more"


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 300))
def test_what_stands_at_the_top_stays_there_at_every_width(first: int, second: int, up: int) -> None:
    one = reader(numbered(60, " with a few more words"), width=first)
    seen(one)
    one.move(-up)
    if one.following:
        return
    top, start = one.shown(PALETTE, PALETTE.text)[0].line, one.shown(PALETTE, PALETTE.text)[0].start
    one.resize(second, 10)
    again = one.shown(PALETTE, PALETTE.text)[0]
    assert again.line == top
    assert again.start <= start < max(again.end, again.start + 1)
    one.resize(first, 10)
    back = one.shown(PALETTE, PALETTE.text)[0]
    assert (back.line, back.start) == (top, start)


@given(st.lists(st.integers(-30, 30), max_size=12), st.integers(3, 30))
def test_moving_never_leaves_the_log(steps: list[int], width: int) -> None:
    one = reader(numbered(40, " and so on"), width=width, height=7)
    for step in steps:
        one.move(step)
        rows = one.shown(PALETTE, PALETTE.text)
        assert len(rows) == 7
        assert [(row.line, row.start) for row in rows] == sorted((row.line, row.start) for row in rows)


def test_down_and_up_again_is_where_it_was() -> None:
    one = reader(numbered(100, " with some words"), width=8)
    one.home()
    one.move(33)
    before = seen(one)
    one.move(50)
    one.move(-50)
    assert seen(one) == before


def test_lines_that_were_dropped_leave_the_reader_at_the_first_kept() -> None:
    output = Output(kept_lines=50)
    output.feed("".join(f"line {number}\n" for number in range(40)))
    one = reader(output)
    one.home()
    assert seen(one)[0] == "line 0"
    output.feed("".join(f"line {number}\n" for number in range(40, 400)))
    assert output.dropped > 0
    assert seen(one)[0] == f"line {output.dropped}"


def test_another_output_keeps_the_distance_from_the_end() -> None:
    one = reader(numbered(50))
    seen(one)
    one.move(-20)
    before = seen(one)
    whole = Output()
    whole.feed("a head that the stream had missed\n" * 7 + "".join(f"line {n}\n" for n in range(50)))
    one.renew(whole)
    assert seen(one) == before


def test_cut_lines_are_one_row_each() -> None:
    one = reader(numbered(5, " x" * 100))
    assert len(seen(one)) == 10
    one.toggle_wrap()
    assert len(seen(one)) == 5
    one.sideways(1)
    assert one.shift > 0
    one.toggle_wrap()
    assert one.shift == 0


def test_matches_are_counted_and_walked_through_in_a_circle() -> None:
    one = reader(numbered(100))
    seen(one)
    one.search("line 9")
    assert len(one.matches) == 11
    one.home()
    assert one.onward(1)
    assert one.matches[one.current or 0].line == 9
    assert one.onward(-1)
    assert one.current == 10
    assert "line 99" in seen(one)
    assert one.onward(1)
    assert one.current == 0
    assert "line 9" in seen(one)


def test_capitals_count_only_when_they_are_asked_for() -> None:
    output = Output()
    output.feed("Error\nerror\nERROR\n")
    one = reader(output)
    one.search("error")
    assert len(one.matches) == 3
    one.search("Error")
    assert len(one.matches) == 1


def test_what_comes_later_is_found_too_and_once() -> None:
    one = reader(numbered(100))
    one.search("line")
    one.output.feed("line 100\nno\nli")
    one.scan()
    assert len(one.matches) == 101
    one.output.feed("ne")
    one.scan()
    one.scan()
    assert len(one.matches) == 102


def test_nothing_found_goes_nowhere() -> None:
    one = reader(numbered(100))
    before = seen(one)
    one.search("zebra")
    assert not one.onward(1)
    assert seen(one) == before


def test_what_is_seen_is_what_is_found() -> None:
    output = Output()
    output.feed("a\u202eb\n")
    one = reader(output)
    one.search("<U+202E>")
    assert len(one.matches) == 1


def test_a_match_far_to_the_right_of_a_cut_line_comes_into_sight() -> None:
    output = Output()
    output.feed("x" * 500 + "needle\n")
    one = reader(output)
    one.toggle_wrap()
    one.search("needle")
    one.onward(1)
    assert one.shift <= 500 < one.shift + one.width


def test_an_empty_log_shows_nothing_and_moves_nowhere() -> None:
    one = reader(Output())
    one.move(5)
    one.home()
    one.search("x")
    assert seen(one) == []
    assert not one.onward(1)


@pytest.mark.parametrize("wrap", [True, False])
def test_of_a_line_of_thousands_of_colours_only_what_is_in_sight_is_painted(wrap: bool) -> None:
    output = Output()
    output.feed("".join(f"\x1b[38;2;{n % 256};{n // 256};99mxxxx" for n in range(3500)) + "\n")
    palette = Palette()
    one = reader(output, width=40, height=10)
    one.wrap = wrap
    one.home()
    styles = styles_of(palette, palette.text)
    styles.clear()
    shown = one.shown(palette, palette.text)
    assert "".join(text for row in shown for text, _ in row.parts) == "x" * (400 if wrap else 41)
    assert 0 < len(styles) <= (100 if wrap else 11)
