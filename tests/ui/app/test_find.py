"""Finding in the conversation, in the whole app: keys, the row, and where the reader ends up."""

from __future__ import annotations

import re

from textual.events import Key

from codex_tui.panes.chat.finding import Found
from codex_tui.panes.status.widgets import Rule
from codex_tui.screens.find import FindRow
from tests.ui.app.stage import Stage
from tests.ui.panes.stage import screen_rows
from tests.ui.snapshot import Snap

SIZE = (100, 20)


def find_row(stage: Stage) -> FindRow:
    return stage.app.main.query_one(FindRow)


def says(stage: Stage) -> str:
    return find_row(stage).render_line(0).text


def count(stage: Stage) -> str:
    """The `3 of 41` of the row."""
    found = re.search(r"\d+ of \d+", says(stage))
    assert found, says(stage)
    return found.group()


async def test_ctrl_f_finds_while_typing_and_esc_goes_back_to_where_the_reader_was() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.pause()
        before = screen_rows(stage.app, main.chat)
        await pilot.press("h", "i", "ctrl+f")
        await pilot.pause()
        assert find_row(stage).has_focus
        await pilot.press(*"test")
        await pilot.pause()
        first = says(stage)
        assert " find test" in first
        assert " of " in first
        await pilot.press("enter")
        await pilot.pause()
        assert says(stage) != first
        await pilot.press("shift+enter")
        await pilot.pause()
        assert says(stage) == first
        await pilot.press("escape")
        await pilot.pause()
        assert screen_rows(stage.app, main.chat) == before
        assert main.focused is main.composer
        assert main.composer.text == "hi"
        assert not find_row(stage).display
        assert not stage.notes.wanted


async def test_tab_goes_on_reading_at_the_match_and_esc_ends_first_the_search_then_reading() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("ctrl+f", *"calc", "tab")
        await pilot.pause()
        assert main.focused is main.chat
        at = count(stage)
        await pilot.press("n")
        await pilot.pause()
        assert count(stage) != at
        await pilot.press("N")
        await pilot.pause()
        assert count(stage) == at
        there = screen_rows(stage.app, main.chat)
        await pilot.press("escape")
        await pilot.pause()
        assert not find_row(stage).display
        assert main.focused is main.chat
        assert [row.replace("▌", " ") for row in screen_rows(stage.app, main.chat)] == [
            row.replace("▌", " ") for row in there
        ]
        await pilot.press("escape")
        await pilot.pause()
        assert main.focused is main.composer


async def test_from_reading_enter_goes_on_reading_and_nothing_found_is_said() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f2", "slash", *"calc", "enter")
        await pilot.pause()
        assert main.focused is main.chat
        await pilot.press("slash", "x", "q", "z")
        await pilot.pause()
        assert "nothing found" in says(stage)
        main.composer.focus()
        await pilot.pause()
        assert not find_row(stage).display
        assert not main.chat.is_searching


async def test_what_is_new_below_and_what_was_just_said_stand_in_the_row_too() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.play("tour")
        rule = stage.app.main.query_one(Rule)
        await pilot.press("ctrl+f", *"test")
        rule.below(False, 3)
        assert "Enter next" in says(stage)
        assert says(stage).endswith("─ ▾ 3 new ─── ")
        rule.say("copied the item")
        assert "copied the item" in says(stage)
        assert "Enter next" not in says(stage)
        rule.below(True, 0)
        assert "new" not in says(stage)
        rule.below(False, 3)
        await pilot.click(FindRow, offset=(90, 0))
        await pilot.pause()
        assert stage.app.main.chat.following


def type_at_once(stage: Stage, *keys: str) -> None:
    """Keys as they come over a slow line: all of them before the first one is looked at."""
    for key in keys:
        character = {"slash": "/", "space": " "}.get(key, key if len(key) == 1 else None)
        stage.app.post_message(Key(key, character))


async def test_what_is_typed_behind_the_key_in_one_go_is_what_is_looked_for() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        type_at_once(stage, "h", "ctrl+f", *"test")
        await pilot.pause()
        await pilot.pause()
        assert main.composer.text == "h"
        assert find_row(stage).query_text == "test"
        type_at_once(stage, "escape", *"i")
        await pilot.pause()
        await pilot.pause()
        assert main.composer.text == "hi"


async def test_in_a_burst_no_letter_is_obeyed_that_was_typed_to_find_or_to_write() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        type_at_once(stage, "f2", "slash", *"fork", "space", *"it")
        await pilot.pause()
        await pilot.pause()
        assert find_row(stage).query_text == "fork it"
        await pilot.press("escape")
        await pilot.pause()
        assert main.focused is main.chat
        type_at_once(stage, "i", *"fix", "space", *"it")
        await pilot.pause()
        await pilot.pause()
        assert main.composer.text == "fix it"
        assert not stage.notes.wanted


async def test_a_narrow_row_keeps_the_words_and_the_count() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(40, 10)) as pilot:
        await stage.play("tour")
        await pilot.press("ctrl+f", *"test")
        row = find_row(stage)
        row.tell(Found(3, 41, False, hidden=True))
        assert "find test" in says(stage)
        assert count(stage) == "3 of 41"
        await pilot.resize_terminal(120, 20)
        await pilot.pause()
        row.tell(Found(3, 41, False, hidden=True))
        assert "in what is left out" in says(stage)
        assert "Enter next" in says(stage)


async def test_finding_looks_right(snap: Snap) -> None:
    stage = Stage()

    async def find(pilot: object) -> None:
        await stage.play("tour")
        await stage.app.run_action("screen.find")
        find_row(stage).open(stage.app.main.composer)
        stage.app.main.chat.search("div")
        row = find_row(stage)
        row._take(row._entry.paste("div"))  # pyright: ignore[reportPrivateUsage]

    await snap(stage.app, "app/find", sizes=[(100, 30), (50, 20)], before=find)
