"""Commands in the composer, as a person types them."""

from __future__ import annotations

from textual import events
from textual.pilot import Pilot

from codex_tui.actions import SLASH
from codex_tui.screens.history import HistoryScreen
from codex_tui.screens.keys import KeysScreen
from codex_tui.screens.slash import CommandList
from tests.ui.app.stage import Stage
from tests.ui.snapshot import Snap


def chosen(stage: Stage) -> str:
    command = stage.app.main.query_one(CommandList).chosen
    return command.word if command is not None else ""


async def test_a_slash_lists_them_and_enter_carries_the_chosen_one_out() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        listed = stage.app.main.query_one(CommandList)
        assert not listed.display
        await pilot.press("slash", "n")
        await pilot.pause()
        assert listed.display
        assert chosen(stage) == "new"
        await pilot.press("enter")
        await pilot.pause()
        assert stage.notes.wanted == [("new_thread",)]
        assert not listed.display
        assert stage.app.main.composer.is_empty


async def test_letters_in_a_burst_count_though_the_list_has_not_seen_them() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        await pilot.press("slash")
        await pilot.pause()
        assert chosen(stage) == SLASH[0].word != "new"
        for key, character in (("n", "n"), ("e", "e"), ("enter", "\r")):
            stage.app.main.composer.post_message(events.Key(key, character))
        await pilot.pause()
        assert stage.notes.wanted == [("new_thread",)]
        assert stage.app.main.composer.is_empty


async def test_tab_completes_and_arrows_choose_and_escape_closes_the_list_only() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        await pilot.press("slash")
        await pilot.pause()
        first = chosen(stage)
        await pilot.press("down", "up", "down")
        assert chosen(stage) == SLASH[1].word != first
        await pilot.press("up", "tab")
        await pilot.pause()
        assert stage.app.main.composer.draft == f"/{first} "
        assert not stage.app.main.query_one(CommandList).display
        await pilot.press("ctrl+c", "slash", "f")
        await pilot.pause()
        await pilot.press("escape", "i")
        await pilot.pause()
        assert stage.app.main.composer.draft == "/fi"
        assert stage.notes.wanted == []


async def test_typed_ahead_they_run_without_the_list_and_the_picker_gets_its_filter() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        stage.app.main.composer.insert("/resume frac")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(stage.app.screen, HistoryScreen)
        assert stage.notes.wanted == []


async def test_an_unknown_word_says_so_and_the_draft_stays() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        stage.app.main.composer.insert("/dance now")
        await pilot.press("enter")
        await pilot.pause()
        assert stage.app.main.composer.draft == "/dance now"
        assert stage.notes.wanted == []
        await pilot.press("home", "space", "enter")
        await pilot.pause()
        assert stage.notes.wanted == [("send", " /dance now", ())]


async def test_a_path_is_a_prompt() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        stage.app.main.composer.insert("/etc/hosts is wrong")
        await pilot.press("enter")
        await pilot.pause()
        assert stage.notes.wanted == [("send", "/etc/hosts is wrong", ())]


async def test_every_command_can_be_carried_out_also_without_an_engine() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        methods = stage.app.main.slash.methods
        assert set(methods) == {command.word for command in SLASH}
        stage.app.main.composer.insert("/keys")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(stage.app.screen, KeysScreen)


async def test_the_list_of_commands(snap: Snap) -> None:
    stage = Stage()

    async def type_slash(pilot: Pilot[None]) -> None:
        await stage.play("answer-streamed")
        await pilot.press("slash", "down")
        await pilot.pause()

    await snap(stage.app, "app/slash", sizes=((80, 24), (40, 10)), before=type_slash)
