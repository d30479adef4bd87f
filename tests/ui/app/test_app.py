"""The app as a person meets it: what keys do, when questions open, what is never lost."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from codex_tui import crash
from codex_tui.app import Greeting
from codex_tui.dialogs import QuestionScreen
from codex_tui.protocol import events
from tests.ui.app.stage import Stage


async def test_what_is_typed_before_the_engine_is_ready_is_held_and_then_sent() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await pilot.press(*"hello", "enter")
        assert stage.app.unsent() == ["hello"]
        await stage.play("answer-streamed", until=events.ThreadOpened)
        assert stage.notes.wanted == [("send", "hello", ())]
        assert stage.app.unsent() == []


async def test_images_of_the_command_line_go_with_the_first_prompt_only() -> None:
    stage = Stage(Greeting(images=["/a.png"]))
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed", until=events.ThreadOpened)
        await pilot.press("a", "enter", "b", "enter")
        await pilot.pause()
        assert stage.notes.wanted == [("send", "a", ("/a.png",)), ("send", "b", ())]


async def test_a_prompt_that_did_not_get_through_returns_above_what_was_written_since() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await pilot.press(*"new")
        stage.app.give_back("old", "Not sent")
        await pilot.pause()
        assert stage.app.main.composer.draft == "old\nnew"


async def test_ctrl_c_clears_the_draft_and_twice_on_an_empty_one_quits() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await pilot.press("x", "ctrl+c")
        assert stage.app.main.composer.draft == ""
        await pilot.press("ctrl+c")
        assert stage.app.is_running
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert not stage.app.is_running


async def test_two_slow_ctrl_c_do_not_quit() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await pilot.press("ctrl+c")
        await stage.pass_time(pilot, 2.5)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert stage.app.is_running


async def test_escape_stops_the_running_turn() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("interrupt-message", until=events.ThreadOpened)
        await pilot.press("escape")
        assert stage.notes.wanted == []
        told = list(stage.recorded("interrupt-message"))
        begun = next(
            n for n, e in enumerate(told) if isinstance(e, events.Notified) and e.method == "turn/started"
        )
        await stage.show(told[: begun + 1])
        await pilot.press("escape")
        assert stage.notes.wanted == [("interrupt",)]


async def test_a_question_opens_by_itself_on_an_empty_composer_after_a_quiet_second() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("command-accepted", until=events.Asked)
        await stage.pass_time(pilot, 1.1)
        assert isinstance(stage.app.screen, QuestionScreen)


async def test_a_question_waits_for_a_draft_and_f5_opens_it() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await pilot.press("x")
        await stage.play("command-accepted", until=events.Asked)
        await stage.pass_time(pilot, 60.0)
        assert stage.app.screen is stage.app.main
        await pilot.press("f5")
        await pilot.pause()
        assert isinstance(stage.app.screen, QuestionScreen)
        assert stage.app.main.composer.draft == "x"


async def test_keys_typed_as_a_question_opens_answer_nothing() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("command-accepted", until=events.Asked)
        await stage.pass_time(pilot, 1.1)
        await pilot.press("y", "y", "enter", "s", "p", "d")
        assert stage.notes.wanted == []
        await stage.pass_time(pilot, 0.8)
        await pilot.press("y")
        await stage.pass_time(pilot, 1)
        assert [wanted[0] for wanted in stage.notes.wanted] == ["answer"]


async def test_ctrl_c_in_a_question_stops_that_turn_and_does_not_quit() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("command-accepted", until=events.Asked)
        await stage.pass_time(pilot, 1.1)
        await stage.pass_time(pilot, 0.8)
        await pilot.press("ctrl+c")
        assert [wanted[2] for wanted in stage.notes.wanted] == [{"decision": "cancel"}]
        assert stage.app.is_running


async def test_a_question_settled_elsewhere_closes() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("command-accepted", until=events.Asked)
        await stage.pass_time(pilot, 1.1)
        await stage.play("command-accepted")
        await pilot.pause()
        assert stage.app.screen is stage.app.main
        assert stage.notes.wanted == []


async def test_a_dead_engine_keeps_the_draft_and_r_starts_it_again() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        await pilot.press(*"more")
        await stage.show([events.EngineStopped(1, "signal SIGKILL", -9)])
        await pilot.press("r")
        assert stage.app.main.composer.draft == "morer"
        await pilot.press("enter")
        assert stage.app.main.composer.draft == "morer"
        assert stage.notes.wanted == []
        await pilot.press("escape", "r")
        assert stage.notes.wanted == [("restart",)]
        assert stage.app.main.composer.has_focus


async def test_with_nothing_written_r_starts_a_dead_engine_at_once() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        await stage.show([events.EngineStopped(1, "signal SIGKILL", -9)])
        await pilot.press("r")
        assert stage.notes.wanted == [("restart",)]
        assert stage.app.main.composer.draft == ""


async def test_a_question_put_off_stays_closed_until_f5() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("command-accepted", until=events.Asked)
        await stage.pass_time(pilot, 1.1)
        await pilot.press("f5")
        await stage.pass_time(pilot, 10.0)
        assert stage.app.screen is stage.app.main
        await pilot.press("f5")
        await pilot.pause()
        assert isinstance(stage.app.screen, QuestionScreen)
        assert stage.notes.wanted == []


async def test_help_and_log_open_and_close_with_their_own_key() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        for key in ("f1", "f12"):
            await pilot.press(key)
            assert stage.app.screen is not stage.app.main
            await pilot.press(key)
            assert stage.app.screen is stage.app.main


def test_a_crash_report_holds_no_text_and_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    typed = "-".join(["sk", "secret", "canary"])
    try:
        raise ValueError(typed)
    except ValueError as error:
        told = crash.report(error)
    (written,) = (tmp_path / "codex-tui").iterdir()
    assert "ValueError" in told.title
    assert typed not in written.read_text() + told.title + told.detail
    assert "test_app.py" in written.read_text()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
