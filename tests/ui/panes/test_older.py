"""Older turns: the line that tells of them, when they are wanted, and that nothing moves as they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual import on

from codex_tui.paint.look import Look
from codex_tui.paint.notice import paint_above
from codex_tui.panes.chat import ChatView
from codex_tui.panes.chat.finding import Found
from codex_tui.session.series import Series
from codex_tui.session.state import Change, Touch
from codex_tui.session.transcript import Above, Thread, Turn
from tests.paint.test_cells import assert_presentable
from tests.ui.panes.conversations import PlainPainters, asked, lines, said, thread, turn
from tests.ui.panes.stage import Stage, screen_rows
from tests.ui.panes.test_window import a_window, sight


def told(number: int, rows: int = 9) -> Turn:
    name = f"t{number}"
    return turn(
        name, asked(f"u{number}", f"ask {number}"), said(f"a{number}", lines(name, rows)), status="completed"
    )


def a_thread(first: int, last: int, above: Above | None = None) -> Thread:
    """Turns `first` to `last`, those of a thread that has more above them."""
    return replace(thread(*(told(at) for at in range(first, last + 1))), above=above or Above("c"))


def with_older(shown: Thread, above: Above | None, *older: Turn) -> tuple[Thread, Change]:
    """As `session.reducer.history.older` leaves it."""
    touches = {Touch("turn", shown.id, turn.id) for turn in older} | {Touch("thread", shown.id)}
    return replace(shown, turns=Series((*older, *shown.turns)), above=above), frozenset(touches)


def whole(shown: Thread) -> list[str]:
    window = a_window(shown, height=10_000)
    return sight(window)


# -- the window ------------------------------------------------------------------------------


def test_a_line_over_the_first_turn_says_that_there_are_older_ones() -> None:
    window = a_window(a_thread(5, 9))
    window.frame()
    window.home()
    assert sight(window)[:3] == ["^^ there", "", "ask 5"]
    grown, change = with_older(a_thread(5, 9), None)
    window.take(grown, change)
    assert sight(window)[0] == "ask 5"


@pytest.mark.parametrize("left", [None, Above("b"), Above("b", "coming")])
@pytest.mark.parametrize("up", range(8))
def test_what_is_read_at_the_top_stays_where_it_is_as_older_turns_come(up: int, left: Above | None) -> None:
    shown = a_thread(5, 9)
    window = a_window(shown)
    window.frame()
    window.move(-10_000)
    window.frame()
    window.move(up)
    before = sight(window)
    grown, change = with_older(shown, left, told(3), told(4))
    window.take(grown, change)
    after = sight(window)
    kept = [at for at, row in enumerate(before) if row and not row.startswith("^^")]
    assert [after[at] for at in kept] == [before[at] for at in kept]
    assert after == whole(grown)[(at := whole(grown).index(after[3]) - 3) : at + len(after)]
    assert window.new_below == 0


def test_a_change_of_the_line_alone_moves_nothing() -> None:
    shown = a_thread(5, 9)
    window = a_window(shown)
    window.frame()
    window.move(-10_000)
    before = sight(window)
    window.take(*with_older(shown, Above("c", "coming")))
    assert sight(window) == ["^^ coming", *before[1:]]


def test_whoever_went_to_the_first_row_stays_there_until_they_move() -> None:
    shown = a_thread(5, 9)
    window = a_window(shown)
    window.frame()
    window.home()
    window.frame()
    shown, change = with_older(shown, Above("b", "coming"), told(3), told(4))
    window.take(shown, change)
    assert sight(window)[:3] == ["^^ coming", "", "ask 3"]
    window.move(4)
    before = sight(window)
    window.take(*with_older(shown, None, told(1), told(2)))
    assert sight(window) == before


# -- the pane --------------------------------------------------------------------------------


class Asking(Stage):
    """Notes what the pane wants."""

    def __init__(self, shown: Thread, **more: Any) -> None:
        super().__init__(shown, PlainPainters().typed, **more)
        self.shown = shown
        self.wanted: list[bool] = []
        self.remarks: list[str] = []
        self.found: list[Found | None] = []

    @on(ChatView.OlderWanted)
    def want(self, message: ChatView.OlderWanted) -> None:
        self.wanted.append(message.whole)

    @on(ChatView.Says)
    def say(self, message: ChatView.Says) -> None:
        self.remarks.append(message.words)

    @on(ChatView.Searched)
    def find(self, message: ChatView.Searched) -> None:
        self.found.append(message.found)

    def older(self, above: Above | None, *older: Turn) -> None:
        self.shown, change = with_older(self.shown, above, *older)
        self.chat.apply(self.shown, change)


SIZE = (60, 24)


async def test_older_turns_are_wanted_two_windows_before_they_are_read_and_once() -> None:
    stage = Asking(a_thread(1, 30))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert stage.wanted == []  # some fifteen windows are here
        chat, high = stage.chat, stage.chat.size.height
        tops: list[float] = []
        while not stage.wanted:
            chat.action_page_up()
            await pilot.pause()
            tops.append(chat.scroll_y)
        assert 0 < tops[-1] < 2 * high <= tops[-2]
        for _ in range(5):
            chat.action_page_up()
        await pilot.pause()
        assert stage.wanted == [False]
        stage.older(Above("c", "coming"))
        chat.action_page_up()
        await pilot.pause()
        assert stage.wanted == [False]
        assert screen_rows(stage, chat)[0] == "^^ coming"


async def test_a_thread_whose_last_turns_fill_no_two_windows_asks_for_more_by_itself() -> None:
    stage = Asking(a_thread(8, 9))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert stage.wanted == [False]
        stage.older(Above("b"), told(6), told(7))
        await pilot.pause()
        assert stage.wanted == [False, False]


async def test_after_a_failure_only_the_reader_asks_again() -> None:
    stage = Asking(a_thread(8, 9))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.older(Above("c", "failed", "no answer"))
        stage.chat.action_page_down()
        await pilot.pause()
        assert stage.wanted == [False]
        stage.chat.action_page_up()
        await pilot.pause()
        assert stage.wanted == [False, False]


async def test_the_way_to_the_start_wants_all_of_it() -> None:
    stage = Asking(a_thread(1, 30))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.action_to_start()
        await pilot.pause()
        assert stage.wanted == [True]


async def test_a_search_looks_through_what_is_not_here_yet() -> None:
    stage = Asking(a_thread(5, 30))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.search("ask 2")
        await _until(pilot, lambda: bool(stage.found) and getattr(stage.found[-1], "total", 0) == 10)
        assert stage.wanted == [True]
        assert stage.found[-1] is not None
        assert stage.found[-1].more
        stage.older(Above("b", "failed", "no answer"))
        await _until(pilot, lambda: getattr(stage.found[-1], "lacking", False))
        assert not stage.found[-1].more
        stage.chat.find(1)
        await pilot.pause()
        assert stage.wanted == [True, True]
        stage.older(None, told(2), told(3), told(4))
        await _until(pilot, lambda: getattr(stage.found[-1], "total", 0) == 11)
        await _until(pilot, lambda: not getattr(stage.found[-1], "more", True))
        assert not getattr(stage.found[-1], "lacking", True)


async def test_a_jump_goes_on_in_what_comes_from_above() -> None:
    stage = Asking(a_thread(8, 9))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for _ in range(3):
            stage.chat.action_jump("prompt", -1)
        await pilot.pause()
        assert stage.remarks == ["looking further up"]
        stage.older(Above("b", "coming"), told(7))
        assert stage.chat.selected == ("item", "t7", "u7")
        stage.chat.action_jump("prompt", -1)
        stage.older(None)
        await pilot.pause()
        assert stage.remarks[-1] == "no prompt above"


async def test_whoever_moves_on_is_not_taken_along_by_a_jump() -> None:
    stage = Asking(a_thread(8, 9))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for _ in range(3):
            stage.chat.action_jump("prompt", -1)
        stage.chat.action_to_end()
        stage.older(None, told(7))
        await pilot.pause()
        assert stage.chat.selected == ("item", "t8", "u8")
        assert stage.chat.following


async def _until(pilot: Any, holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not come to pass")


# -- the line --------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [12, 40, 80])
def test_the_line_says_what_becomes_of_older_turns_in_any_width(width: int) -> None:
    look = Look(width=width)
    for above in (Above("c"), Above("c", "coming"), Above("c", "failed", "bad\x1b[31m " * 20)):
        assert_presentable(paint_above(above, look), look)
    (failed,) = paint_above(Above("c", "failed", "no answer"), Look(width=100))
    assert "older turns did not come: no answer   PgUp here tries again" in failed.text
