"""Whatever size the window takes, the words somebody reads stay in sight."""

from __future__ import annotations

import re
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.paint.look import Look
from codex_tui.panes.chat import painters
from codex_tui.panes.chat.layout import Layout
from codex_tui.panes.chat.window import Window
from codex_tui.session.transcript import Thread
from tests.ui.panes.conversations import asked, ran, said, thread, turn, with_item
from tests.ui.panes.stage import Stage, screen_rows

_WORD = re.compile(r"\bw\d+w\b")
SIZES = st.tuples(st.integers(40, 200), st.integers(10, 60))


@cache
def a_long_thread() -> Thread:
    """Paragraphs, lists, code, tables, prompts and commands, in which every word is there once."""
    count = iter(range(100_000))

    def words(number: int, by: str = " ") -> str:
        return by.join(f"w{next(count)}w" for _ in range(number))

    def answer() -> str:
        table = "\n".join(f"| {words(1)} | {words(9)} |" for _ in range(6))
        items = "\n".join(f"- {words(30)}" for _ in range(5))
        quote = f"> {words(40)}\n>\n> > {words(30)}"
        code = f"```python\n{words(20, chr(10))}\n```\n\n```\n{words(60)}\n```"
        return (
            f"{words(150)}\n\n{items}\n\n{code}\n\n| {words(1)} | {words(1)} |\n|--|--|\n{table}\n\n{quote}"
        )

    return thread(
        *(
            turn(
                f"t{at}",
                asked(f"u{at}", words(30)),
                ran(f"c{at}", words(5), words(30, "\n")),
                said(f"a{at}", answer()),
                status="completed",
            )
            for at in range(3)
        )
    )


def a_window(width: int = 80, height: int = 24) -> Window:
    window = Window(Layout(painters, Look(width=width)), height)
    window.load(a_long_thread())
    return window


def sight(window: Window) -> list[str]:
    return [row.strip.text if row.strip is not None else "" for row in window.frame()]


def words_in(rows: list[str]) -> list[str]:
    return _WORD.findall("\n".join(rows))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 250), st.lists(SIZES, min_size=1, max_size=4))
def test_the_first_words_stay_first_and_the_same_size_is_the_same_screen(
    up: int, sizes: list[tuple[int, int]]
) -> None:
    window = a_window()
    window.frame()
    window.move(-up)
    before = sight(window)
    at_the_end = window.following
    for width, height in sizes:
        window.resize(width, height)
        rows = sight(window)
        if not at_the_end:
            first = words_in(before)[0]
            # Unless the end is in sight, and with it what stands above.
            assert first in words_in(rows if window.following else rows[:4])
    window.resize(80, 24)
    assert sight(window) == before


def test_a_window_dragged_column_by_column_ends_where_it_began() -> None:
    window = a_window()
    window.frame()
    window.move(-60)
    before = sight(window)
    for width in [*range(80, 201), *range(200, 39, -1)]:
        window.resize(width, 24)
        assert words_in(before)[0] in words_in(sight(window)[:3])
    window.resize(80, 24)
    assert sight(window) == before


def test_who_moves_on_in_another_size_stays_there() -> None:
    window = a_window()
    window.frame()
    window.move(-60)
    window.frame()
    window.resize(120, 30)
    window.move(-9)
    before = sight(window)
    window.resize(44, 12)
    assert words_in(before)[0] in words_in(sight(window)[:3])
    window.resize(120, 30)
    assert sight(window) == before


def test_what_comes_while_the_end_is_in_sight_is_followed() -> None:
    window = a_window()
    window.frame()
    window.move(-5)
    window.frame()
    window.resize(80, 60)
    assert window.following
    shown, change = with_item(a_long_thread(), said("new", "the news"))
    window.take(shown, change)
    assert sight(window)[-1].strip() == "the news"
    window.resize(80, 24)
    assert sight(window)[-1].strip() == "the news"


async def test_the_pane_keeps_the_place_through_sizes_of_the_terminal() -> None:
    stage = Stage(a_long_thread())
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in range(3):
            stage.chat.action_page_up()
        before = screen_rows(stage, stage.chat)
        for size in ((200, 60), (40, 10), (120, 40), (60, 15)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert words_in(before)[0] in words_in(screen_rows(stage, stage.chat)[:3])
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert screen_rows(stage, stage.chat) == before
