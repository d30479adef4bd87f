"""Going back, as a person does it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from codex_tui.screens.rewind import RewindScreen
from codex_tui.session.series import Series
from codex_tui.session.state import EngineHealth, Touch
from codex_tui.session.transcript import Above
from tests.rewind.made import said, turn
from tests.ui.app.stage import WHOLE
from tests.ui.rewind.stage import FIRST, SECOND, THIRD, Refusing, RewindStage, rows, settled
from tests.ui.snapshot import Snap


@pytest.fixture
def stage(tmp_path: Path) -> RewindStage:
    made = RewindStage(tmp_path)
    made.app.main.rewinds.place = made.copies
    return made


async def test_both_go_back_and_the_prompt_returns(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        assert "3 prompts" in rows(stage)
        await pilot.press("down", "down", "enter")
        await settled(pilot)
        shown = rows(stage)
        assert "CHANGES.md  is deleted" in shown
        assert "new/name.py  moves to old/name.py" in shown
        assert "notes.txt  comes back" in shown
        assert "1 command may have changed more files" in shown
        assert stage.files == THIRD, "looking writes nothing"
        await pilot.press("r", "n")
        assert stage.files == THIRD
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == FIRST
        assert stage.notes.wanted == [("take_turns_back", "t", "u0")]
        assert stage.app.screen is stage.app.main
        assert stage.app.main.composer.draft == "repair the division"
        assert len(list((stage.copies / "reverts").iterdir())) == 1

        # What went back can be put back, from the copies.
        await pilot.press("ctrl+c")
        await stage.open(pilot)
        assert "U puts back 4 files that went back 0 s ago" in rows(stage)
        await pilot.press("U")
        await settled(pilot)
        shown = rows(stage)
        assert "CHANGES.md  comes back" in shown
        assert "notes.txt  is deleted" in shown
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == THIRD
        await stage.open(pilot)
        assert "U puts back" not in rows(stage)


async def test_files_alone_go_back(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("tab", "r", "y")
        await settled(pilot)
        assert stage.files == SECOND
        assert stage.notes.wanted == []
        assert stage.app.main.composer.is_empty


async def test_the_conversation_alone_goes_back(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("shift+tab")
        assert "CHANGES.md  is deleted" not in rows(stage)
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == THIRD
        assert stage.notes.wanted == [("take_turns_back", "t", "u2")]
        assert list((stage.copies / "reverts").iterdir()) == [], "nothing of it is left to be kept"


async def test_a_file_that_somebody_changed_stays_unless_it_is_chosen(stage: RewindStage) -> None:
    (stage.root / "CHANGES.md").write_text("theirs\n")
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "stays: the new file was changed since" in rows(stage)
        await pilot.press("tab", "r")
        assert "Go back: 2 files?" in rows(stage)
        await pilot.press("y")
        await settled(pilot)
        assert stage.files == {**SECOND, "/p/CHANGES.md": "theirs\n"}
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("tab", "space", "r", "y")
        await settled(pilot)
        assert stage.files == SECOND


async def test_when_the_engine_refuses_it_is_told_what_was_done_and_that_can_be_undone(
    tmp_path: Path,
) -> None:
    stage = RewindStage(tmp_path, notes=Refusing())
    stage.app.main.rewinds.place = stage.copies
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("r", "y")
        await settled(pilot)
        shown = " ".join(rows(stage).split())
        assert "The conversation did not go back: the engine says no" in shown
        assert "3 files went back." in shown
        assert stage.files == SECOND
        await pilot.press("U", "tab")
        await settled(pilot)
        assert "This rewind was cut off" in rows(stage)
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == THIRD
        assert stage.app.main.composer.is_empty


async def test_when_a_file_changes_under_the_hand_nothing_is_done(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        (stage.root / "CHANGES.md").write_text("theirs\n")
        await pilot.press("r", "y")
        await settled(pilot)
        shown = " ".join(rows(stage).split())
        assert "Not gone back: CHANGES.md: the file is being changed by something else" in shown
        assert "No file was changed. The conversation was not touched." in shown
        assert stage.notes.wanted == []
        assert stage.files == {**THIRD, "/p/CHANGES.md": "theirs\n"}


async def test_a_conversation_that_went_on_is_not_cut(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await stage.begin(replace(stage.thread, turns=stage.thread.turns.append(turn("u3", said("more")))))
        await pilot.press("r", "y")
        await settled(pilot)
        assert "The conversation went on meanwhile" in rows(stage)
        assert stage.files == THIRD
        assert stage.notes.wanted == []


async def test_without_an_engine_nothing_is_half_done(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("enter")
        await settled(pilot)
        stage.state = replace(stage.state, engine=EngineHealth("died", 1))
        await stage.app.deliver(stage.state, WHOLE)
        await pilot.press("r", "y")
        await settled(pilot)
        assert "There is no engine to take the conversation back" in rows(stage)
        assert stage.files == THIRD


async def test_an_agent_s_thread_does_not_go_back_alone(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin(replace(stage.thread, parent_id="parent"))
        await pilot.press(*"/rewind", "enter")
        await pilot.pause()
        assert stage.app.screen is stage.app.main
        assert "an agent's thread or a side talk cannot go back" in rows(stage)


async def test_escape_is_no_rewind_with_a_draft_or_while_a_turn_is_stopped(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await pilot.press("a", "escape", "escape")
        assert stage.app.screen is stage.app.main
        await pilot.press("ctrl+c", "escape")
        stage.clock.now += 10
        await pilot.press("escape")
        assert stage.app.screen is stage.app.main, "too far apart"
        running = replace(stage.thread.turns[-1], status="inProgress")
        await stage.begin(replace(stage.thread, turns=Series([*stage.thread.turns[:-1], running])))
        await pilot.press("escape", "escape")
        assert stage.notes.wanted == [("interrupt",), ("interrupt",)]
        await stage.begin()
        await pilot.press("escape", "escape")
        assert stage.app.screen is stage.app.main, "those were meant for the turn"
        stage.clock.now += 10
        await stage.open(pilot)
        assert isinstance(stage.app.screen, RewindScreen)
        await pilot.press("escape")
        assert stage.app.screen is stage.app.main


async def test_from_the_conversation_the_selected_prompt_is_chosen(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.begin()
        await pilot.press("f2", "left_square_bracket", "left_square_bracket", "R")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "why was it wrong?" in rows(stage).splitlines()[0]


async def test_the_plan_looks_right(snap: Snap, tmp_path: Path) -> None:
    stage = RewindStage(tmp_path)
    (stage.root / "calc.py").write_text("# mine\n" + THIRD["/p/calc.py"])
    (stage.root / "CHANGES.md").write_text("theirs\n")
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await stage.begin()
        await stage.open(pilot)
        await pilot.press("down", "down", "enter")
        await settled(pilot)
        for size in ((80, 24), (40, 10), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await snap._compare(pilot, "rewind/plan", size)  # pyright: ignore[reportPrivateUsage]


async def test_prompts_that_are_not_here_yet_are_fetched_and_stand_below_the_others(
    stage: RewindStage,
) -> None:
    whole = stage.thread
    async with stage.app.run_test() as pilot:
        await stage.begin(replace(whole, turns=Series(whole.turns[1:]), above=Above("c", "coming")))
        await stage.open(pilot)
        await pilot.press("down")
        assert stage.notes.wanted == [("older", "t", True)]
        assert "repair the division" not in rows(stage)
        stage.state = stage.known(whole)
        await stage.app.deliver(stage.state, frozenset({Touch("turn", "t", "u0"), Touch("thread", "t")}))
        await pilot.pause()
        assert "repair the division" in rows(stage)
        await pilot.press("enter")
        await settled(pilot)
        assert "why was it wrong?" in rows(stage)
