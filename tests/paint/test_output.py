"""Resolving output: as a terminal would, whatever comes in whichever pieces."""

from __future__ import annotations

import importlib
import itertools
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.paint.openline import GROWN, MAX_LINE, MAX_SPANS, Effort
from codex_tui.paint.output import MOST_EFFORT, Output
from codex_tui.paint.page import SCREEN_ROWS
from codex_tui.paint.pens import Pen
from codex_tui.paint.runs import Line, line_text, spans_of

pyte: Any = importlib.import_module("pyte")  # it has no types
LNM = 20  # a line feed also returns, as the line discipline makes it
COLUMNS = 400


def resolved(*pieces: str, **options: Any) -> Output:
    output = Output(**options)
    for piece in pieces:
        output.feed(piece)
    return output


def texts(*pieces: str, **options: Any) -> list[str]:
    return [line_text(line).rstrip() for line in resolved(*pieces, **options).lines]


def number() -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.integers(0, 30).map(str))


_WORDS = st.text("abcXYZ .-", min_size=1, max_size=12)
_SGR = st.lists(
    st.sampled_from(["", "0", "1", "3", "4", "7", "22", "24", "27", "31", "42", "39", "49", "97"]), max_size=3
)
_SUPPORTED = st.one_of(
    _WORDS,
    st.sampled_from(["\r", "\n", "\r\n", "\b", "\t", "\x1b[2J", "\x1b[H", "\x1b[J", "\x1b[1J", "\x1bc"]),
    st.tuples(number(), st.sampled_from("ABCDEFGd")).map(lambda parts: f"\x1b[{parts[0]}{parts[1]}"),
    st.sampled_from(["\x1b[K", "\x1b[0K", "\x1b[1K", "\x1b[2K"]),
    st.tuples(number(), number(), st.sampled_from("Hf")).map(
        lambda parts: f"\x1b[{parts[0]};{parts[1]}{parts[2]}"
    ),
    _SGR.map(lambda codes: f"\x1b[{';'.join(codes)}m"),
)

EDITS = ["XY", "\rX", "\x1b[2D", "\x1b[3C", "\x1b[K", "\x1b[1K", "\x1b[2K"]


def on_pyte(
    text: str, columns: int = COLUMNS, height: int = SCREEN_ROWS
) -> tuple[list[str], tuple[int, int], Any]:
    """Rows, cursor and cells (by row and column) of a terminal emulator of its own."""
    screen = pyte.Screen(columns, height)
    screen.set_mode(LNM)
    stream = pyte.Stream(screen)
    # pyte forgets at a reset that a line feed begins a line.
    for index, part in enumerate(text.split("\x1bc")):
        if index:
            screen.reset()
            screen.set_mode(LNM)
        stream.feed(part)
    rows = [
        "".join(screen.buffer[y][x].data for x in range(max(screen.buffer[y], default=-1) + 1)).rstrip()
        for y in range(height)
    ]
    return rows, (screen.cursor.y, screen.cursor.x), screen.buffer


def padded(rows: list[str]) -> list[str]:
    return rows + [""] * (SCREEN_ROWS - len(rows))


def pens(line: Line) -> list[tuple[str, Pen]]:
    return [(char, pen) for text, pen in spans_of(line) for char in text]


@given(st.lists(_SUPPORTED, max_size=60), st.lists(st.integers(0, 400), max_size=6))
def test_the_screen_is_what_a_terminal_shows(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    output = resolved(*(text[a:b] for a, b in itertools.pairwise(edges)))
    rows, cursor, cells = on_pyte(text)
    assert padded([line_text(line).rstrip() for line in output.screen]) == rows
    assert output.cursor == cursor
    for y, line in enumerate(output.screen):
        for x, (char, pen) in enumerate(pens(line)):
            if char.strip():
                cell = cells[y][x]
                assert (pen.bold, pen.italic, pen.underline, pen.reverse) == (
                    cell.bold,
                    cell.italics,
                    cell.underscore,
                    cell.reverse,
                )
                assert (pen.front is None) == (cell.fg == "default")
                assert (pen.back is None) == (cell.bg == "default")


@pytest.mark.parametrize("first", EDITS)
def test_a_line_is_edited_as_a_terminal_edits_it(first: str) -> None:
    for rest in itertools.product(EDITS, repeat=3):
        text = "".join(["abcdefghij", first, *rest])
        rows, cursor, _ = on_pyte(text, columns=40, height=1)
        output = resolved(text)
        assert (padded([line_text(line).rstrip() for line in output.lines])[:1], output.cursor) == (
            rows,
            cursor,
        )


@given(
    st.text(st.sampled_from("ab \n\r\b\t\x1b[]0;mKH漢é\u0301\u200b\x9b\x07"), max_size=80),
    st.integers(0, 80),
    st.booleans(),
)
def test_where_a_stream_is_cut_makes_no_difference(text: str, cut: int, seen: bool) -> None:
    whole, halves = resolved(text, seen=seen), resolved(text[:cut], text[cut:], seen=seen)
    whole.finish()
    halves.finish()
    assert [*map(pens, halves.lines)] == [*map(pens, whole.lines)]
    assert halves.unshown == whole.unshown


@given(st.text(max_size=200))
def test_nothing_that_is_left_out_is_in_the_lines(text: str) -> None:
    output = resolved(text)
    output.finish()
    for line in output.lines:
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line_text(line))


@given(st.lists(st.one_of(_SUPPORTED, st.sampled_from(["漢字", "e\u0301", "\u0301"])), max_size=60))
def test_reading_changes_nothing_whenever_it_is_done(parts: list[str]) -> None:
    read, unread = Output(), Output()
    for part in parts:
        read.feed(part)
        unread.feed(part)
        assert read.count in (len(read.lines), len(read.lines) - 1)
    assert read.lines == unread.lines
    assert read.cursor == unread.cursor


def test_what_leaves_the_screen_stays() -> None:
    assert texts("".join(f"{n}\n" for n in range(100)))[:100] == [str(n) for n in range(100)]


def test_the_cursor_reaches_no_further_up_than_the_screen() -> None:
    rows = texts("".join(f"{n}\n" for n in range(100)) + "\x1b[999A!")
    assert rows[100 - SCREEN_ROWS + 1] == f"!{100 - SCREEN_ROWS + 1}"[:1] + str(100 - SCREEN_ROWS + 1)[1:]
    assert rows[0] == "0"


def test_clearing_the_screen_keeps_what_was_printed() -> None:
    assert texts("one\n\n\x1b[H\x1b[2Jtwo") == ["one", "two"]
    assert texts("one\x1b[2J\x1b[Htwo\x1b[2J\x1b[Hthree") == ["one", "two", "three"]


def test_clearing_the_screen_leaves_the_cursor_where_it_was() -> None:
    assert texts("one\x1b[2Jtwo") == ["one", "   two"]


def test_a_live_display_is_drawn_in_its_place() -> None:
    frames = "".join(f"\x1b[2A\x1b[Ka {n}\n\x1b[Kb {n}\n" for n in range(50))
    assert texts("top\n\n\n" + frames) == ["top", "a 49", "b 49", ""]


def test_a_progress_bar_of_a_hundred_thousand_returns_is_one_line() -> None:
    output = resolved(
        *("".join(f"\r{n:6} of 100000" for n in range(at, at + 1000)) for at in range(0, 100_000, 1000))
    )
    assert [line_text(line) for line in output.lines] == [" 99999 of 100000"]


def test_strings_and_unknown_sequences_are_left_out_and_counted() -> None:
    output = resolved(
        "a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c\x1b[?1049hd\x1bPq#0\x1b\\e\x1b[5nf\x9bg\x07\x00h"
    )
    assert [line_text(line) for line in output.lines] == ["abcdefgh"]
    assert output.unshown == 6


def test_an_unfinished_string_hides_no_further_line() -> None:
    assert texts("a\x1b]0;never ended\nb") == ["a", "b"]
    assert texts("a\x1b]" + "x" * 10_000, "y")[0].endswith("y")


def test_wide_characters_lose_their_other_half_when_overwritten() -> None:
    assert texts("漢字\r\x1b[1Cx") == [" x字"]
    assert texts("漢字\rab") == ["ab字"]
    assert texts("漢字\rabc") == ["abc"]


def test_marks_stay_with_their_character() -> None:
    assert texts("e\u0301x\rab") == ["ab"]
    assert texts("e", "\u0301x") == ["e\u0301x"]


def test_a_line_of_many_megabytes_keeps_both_ends() -> None:
    output = resolved("head ", *(["x" * 100_000] * 200), " tail")
    (line,) = output.lines
    text = line_text(line)
    assert text.startswith("head xxx")
    assert text.endswith("xxx tail")
    assert "19,984,010 characters not shown" in text
    assert len(text) < MAX_LINE + 100


LONG, WIDE = "y" * 16_000, "漢" * 8_000
HOSTILE = {
    "over a long line": LONG + "".join(f"\x1b[1G{n % 10}\x1b[{n % 2000}G!" for n in range(4000)),
    "over a long line of wide characters": WIDE + "\x1b[1G字\x1b[1000G!" * 4000,
    "on every row of a screen of long lines": (WIDE + "\n") * 24
    + "".join(f"\x1b[{n % 24 + 1};{n % 2000}H字" for n in range(6000)),
    "between a long line and new ones": (WIDE + "\n") * 2 + "\x1b[A字\x1b[J\n" * 6000,
    "erasing to the left": LONG * 3 + "x\x1b[1K" * 8000 + "\x1b[1K\rx\x1b[2000C" * 2000,
    "erasing a coloured line piece by piece": "".join(f"\x1b[3{n % 8}mx" for n in range(3900))
    + "\x1b[D\x1b[K" * 6000,
    "marks upon marks": "e" + "\u0301" * 80_000,
    "a cleared screen": "\x1b[24;1Hx\x1b[2J" * 4000,
    "controls and nothing else": "\x01\x1b[5n\x9b" * 12_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_piece_of_output_costs_a_frame(name: str) -> None:
    """Each costs 40 ms at most; what grows with the length of a line would cost seconds."""
    output, text = Output(), HOSTILE[name]
    for at in range(0, len(text), 4096):
        began = time.thread_time()
        output.feed(text[at : at + 4096])
        assert output.lines
        assert time.thread_time() - began < 0.5


class Measured(Output):
    """Knows what its pieces cost."""

    @property
    def effort(self) -> int:
        return self._effort.units


@pytest.mark.parametrize("name", HOSTILE)
def test_a_piece_opens_little_more_than_it_may_and_the_rest_gives_the_same(name: str) -> None:
    """In units of work, so that the speed of the machine says nothing."""
    output, text = Measured(), HOSTILE[name][:300_000]
    for at in range(0, len(text), 2048):
        left = text[at : at + 2048]
        while left:
            left = output.feed_some(left)
            assert output.effort <= MOST_EFFORT + GROWN + MAX_SPANS * Effort.SPAN
    whole = resolved(text)
    assert [*map(pens, output.lines)] == [*map(pens, whole.lines)]
    assert output.cursor == whole.cursor


def test_what_costs_much_is_left_for_the_next_piece() -> None:
    output = Output()
    output.feed((WIDE + "\n") * 20)
    left = output.feed_some("".join(f"\x1b[{row}H字" for row in range(1, 21)) + "\x1b[0")
    assert left.endswith("\x1b[20H字\x1b[0")
    assert left.count("字") > 10
    output.feed(left + "mx")
    assert [line_text(line)[:1] for line in output.screen[:20]] == ["字"] * 20
    assert line_text(output.screen[19])[:2] == "字x"


@given(st.lists(_SUPPORTED, max_size=40), st.integers(1, 30))
def test_the_beginning_of_a_line_is_how_it_begins(parts: list[str], count: int) -> None:
    output, read = resolved(*parts), resolved(*parts)
    for at, line in enumerate(read.lines):
        begun = pens(output.beginning(at, count))
        assert begun == pens(line)[: len(begun)]
        assert len(begun) >= min(count, len(pens(line))) // 2


def test_reading_a_cut_line_changes_nothing() -> None:
    pieces = ["y" * 50_000, "\r", "z" * 10, "\n", "end"]
    read, unread = Output(), Output()
    for piece in pieces:
        read.feed(piece)
        assert read.lines
        unread.feed(piece)
    assert read.lines == unread.lines


def test_only_the_newest_lines_are_kept() -> None:
    output = resolved(*(f"{n}\n" for n in range(1000)), kept_lines=100)
    assert output.dropped + output.count == 1000
    assert 100 <= output.count <= 125
    assert line_text(output.lines[0]) == str(output.dropped)


def test_only_the_newest_characters_are_kept() -> None:
    output = resolved(*(f"{n:99}\n" for n in range(1000)), kept_characters=10_000)
    assert sum(len(line_text(line)) for line in output.lines) < 13_000
    assert line_text(output.lines[-2]).strip() == "999"


def test_a_line_of_endless_colours_loses_them() -> None:
    output = resolved(*(f"\x1b[3{n % 8}mx" for n in range(20_000)))
    (line,) = output.lines
    assert line_text(line).count("x") >= MAX_LINE
    assert len(spans_of(line)) <= MAX_SPANS + 4
