"""Panes beside the chat: which one is there, who has the keyboard, and what stays where it was."""

from __future__ import annotations

import pytest

from codex_tui.panes.commands import CommandPane
from codex_tui.panes.diff import DiffPane
from tests.ui.app.stage import Stage
from tests.ui.panes.stage import screen_rows

NARROW, WIDE = (80, 24), (160, 40)


async def test_on_a_wide_screen_a_side_pane_stands_beside_the_chat() -> None:
    stage = Stage()
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.play("tour")
        await pilot.press("f3")
        await pilot.pause()
        main = stage.app.main
        assert isinstance(main.focused, DiffPane)
        assert main.chat.display
        assert main.chat.size.width + main.focused.outer_size.width + 1 >= WIDE[0]
        assert main.chat.region.right <= main.focused.region.x


async def test_on_a_narrow_screen_it_takes_the_chats_place_and_gives_it_back() -> None:
    stage = Stage()
    async with stage.app.run_test(size=NARROW) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f4")
        await pilot.pause()
        assert isinstance(main.focused, CommandPane)
        assert not main.chat.display
        await pilot.press("f2")
        await pilot.pause()
        assert main.chat.display
        assert main.panes.shown is None
        assert main.focused is main.composer


@pytest.mark.parametrize("size", [(40, 10), NARROW, WIDE])
async def test_a_pane_that_comes_and_goes_leaves_the_reader_where_they_were(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await stage.play("tour")
        chat = stage.app.main.chat
        await pilot.press("pageup", "pageup", "ctrl+up")
        await pilot.pause()
        before = screen_rows(stage.app, chat)
        await pilot.press("f3", "f4")
        await pilot.pause()
        await pilot.resize_terminal(120, 30)
        await pilot.press("f4")
        await pilot.pause()
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert screen_rows(stage.app, chat) == before
        assert not chat.following


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_key_that_opened_a_pane_closes_it_when_it_has_the_keyboard(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f3", "f4")
        await pilot.pause()
        assert isinstance(main.focused, CommandPane)
        assert main.panes.shown == "commands"
        await pilot.press("f4")
        await pilot.pause()
        assert main.panes.shown is None
        assert main.focused is main.composer


async def test_finding_from_a_pane_that_covered_the_chat_leads_back_to_the_composer() -> None:
    stage = Stage()
    async with stage.app.run_test(size=NARROW) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f3", "ctrl+f", "escape", *"hi")
        await pilot.pause()
        assert main.focused is main.composer
        assert main.composer.draft == "hi"


async def test_a_pane_left_on_a_wide_screen_stays_and_typing_reaches_the_composer() -> None:
    stage = Stage()
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f3", "escape", *"hi")
        await pilot.pause()
        assert main.panes.shown == "diff"
        assert main.composer.draft == "hi"


async def test_a_key_gives_the_changes_all_of_a_wide_screen_and_the_chat_comes_back() -> None:
    stage = Stage()
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f3", "v")
        await pilot.pause()
        assert not main.chat.display
        assert isinstance(main.focused, DiffPane)
        assert main.focused.size.width == WIDE[0]
        await pilot.press("v")
        await pilot.pause()
        assert main.chat.display
        await pilot.press("v", "escape")
        await pilot.pause()
        assert main.chat.display
        assert main.focused is main.composer


async def test_the_same_pane_is_shown_again_with_what_happened_meanwhile() -> None:
    stage = Stage()
    async with stage.app.run_test(size=NARROW) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f3")
        first = main.panes.side
        await pilot.press("f3", "f3")
        await pilot.pause()
        assert main.panes.side is first


async def test_a_window_made_narrow_shows_one_pane_and_made_wide_again_both() -> None:
    stage = Stage()
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f3")
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert not main.chat.display
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert main.chat.display
        assert main.panes.side is not None
        assert main.panes.side.display


async def test_reading_takes_the_keyboard_only_when_asked_for() -> None:
    stage = Stage()
    async with stage.app.run_test(size=NARROW) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.click("ChatView", offset=(5, 5))
        assert main.focused is main.composer
        await pilot.press("f2")
        assert main.focused is main.chat
        await pilot.press("escape", "x")
        assert main.focused is main.composer
        assert main.composer.draft == "x"


async def test_a_paste_outside_the_composer_goes_into_the_prompt() -> None:
    from textual.events import Paste

    stage = Stage()
    async with stage.app.run_test(size=NARROW) as pilot:
        await stage.play("tour")
        main = stage.app.main
        await pilot.press("f3")
        main.post_message(Paste("words"))
        await pilot.pause()
        assert main.composer.draft == "words"
        assert main.focused is main.composer
