"""Rewinds of earlier sessions: undone, finished, taken back, their prompts given back."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any, Literal

import pytest
from textual.pilot import Pilot

from codex_tui.ledger import Entry, Ledger
from codex_tui.panes.status import Rule
from codex_tui.rewind.record import What, record_of
from codex_tui.rewinding import take_back
from codex_tui.screens.rewind import RewindScreen, facts
from codex_tui.session.series import Series
from codex_tui.session.transcript import Above, Thread
from codex_tui.text import own
from tests.rewind.made import said, turn
from tests.rewind.test_rewinding import looked
from tests.ui.rewind.stage import NOW_MS, SECOND, THIRD, Refusing, RewindStage, conversation, rows, settled
from tests.ui.snapshot import Snap

HALF = {**SECOND, "/p/CHANGES.md": THIRD["/p/CHANGES.md"]}
"""Two of three files went back."""


@pytest.fixture
def stage(tmp_path: Path) -> RewindStage:
    return made(tmp_path)


def made(folder: Path, **more: object) -> RewindStage:
    stage = RewindStage(folder, **more)  # pyright: ignore[reportArgumentType]
    stage.app.main.rewinds.place = stage.copies
    return stage


def earlier(stage: RewindStage, word: str, what: What = "both") -> Entry:
    """An earlier session went back to before the newest prompt, and came so far."""
    look = looked(conversation(), "u2", stage.root)
    record = record_of(stage.thread, "u2", what, NOW_MS / 1000 - 90)
    fates = look.fates if what != "talk" else ()
    entry = take_back(look, fates, Ledger(stage.copies), record)
    assert isinstance(entry, Entry)
    entry.turn_to(word)
    entry.release()
    return entry


def half(stage: RewindStage) -> None:
    """It was killed before its last file."""
    earlier(stage, "writing")
    (stage.root / "CHANGES.md").write_text(THIRD["/p/CHANGES.md"])


@pytest.fixture(autouse=True)
def settled_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No disk holds up the screen."""
    settle = Entry.settle

    def checked(entry: Entry, stage: str) -> None:
        assert threading.current_thread() is not threading.main_thread()
        settle(entry, stage)

    monkeypatch.setattr(Entry, "settle", checked)


def stages(stage: RewindStage) -> list[str]:
    return [
        (path / "stage").read_text()
        for path in (stage.copies / "reverts").glob("*")
        if (path / "stage").exists()
    ]


def went_back(stage: RewindStage) -> Thread:
    return replace(stage.thread, turns=Series(list(stage.thread.turns)[:-1]))


async def begin(stage: RewindStage, pilot: Pilot[None], shown: Thread | None = None) -> None:
    """The thread is opened."""
    await stage.begin(shown)
    await pilot.app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
    await pilot.pause()


def notice(stage: RewindStage) -> str:
    return stage.app.main.query_one(Rule).notice


async def test_the_files_of_an_earlier_session_are_put_back(stage: RewindStage) -> None:
    earlier(stage, "done")
    (stage.root / "calc.py").write_text("theirs, and never a part of it\n")
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot, went_back(stage))
        assert notice(stage) == ""
        await pilot.press(*"/rewind undo", "enter")
        await settled(pilot)
        shown = rows(stage)
        assert "Put back what went back  note it in CHANGES.md and tidy up" in shown
        assert "2 min ago" not in shown and "1 min ago" in shown
        await pilot.press("r")
        assert "Put back 3 files as before the rewind?" in rows(stage)
        await pilot.press("y")
        await settled(pilot)
        assert stage.files == {**THIRD, "/p/calc.py": "theirs, and never a part of it\n"}
        assert stages(stage) == ["undone"]
        assert stage.notes.wanted == []


async def test_what_moved_on_is_left_alone_and_can_be_put_back_later(stage: RewindStage) -> None:
    earlier(stage, "done")
    (stage.root / "notes.txt").write_text("theirs\n")
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        await pilot.press("U")
        await settled(pilot)
        assert "notes.txt  stays: it was changed since the rewind" in rows(stage)
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == {**THIRD, "/p/notes.txt": "theirs\n"}
        await stage.open(pilot)
        await pilot.press("U")
        await settled(pilot)
        await pilot.press("space")
        assert "is written over all the same" in rows(stage)
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == THIRD
        assert stages(stage) == ["undone"]


async def test_one_goes_through_several_rewinds(stage: RewindStage) -> None:
    earlier(stage, "done")
    earlier(stage, "done", "files")
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        await pilot.press("U")
        await settled(pilot)
        assert "rewind 1 of 2" not in rows(stage), "one that wrote nothing is not offered"


async def test_one_that_was_cut_off_is_told_and_finished(stage: RewindStage) -> None:
    half(stage)
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        assert notice(stage) == "A rewind was cut off here: Esc Esc finishes it or takes it back"
        assert stage.app.screen is stage.app.main, "no key that is under way meets another screen"
        await stage.open(pilot)
        shown = rows(stage)
        assert "This rewind was cut off  note it in CHANGES.md" in shown
        assert "CHANGES.md  is deleted" in shown
        assert "notes.txt  went back already" in shown
        assert "The conversation did not go back yet: 1 turn will" in shown
        await pilot.press("r")
        assert "Finish it: 1 turn and 1 file?" in rows(stage)
        await pilot.press("y")
        await settled(pilot)
        assert stage.files == SECOND
        assert stage.notes.wanted == [("take_turns_back", "t", "u2")]
        assert stage.app.main.composer.draft == "note it in CHANGES.md and tidy up"
        await pilot.app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        assert (stages(stage)[0], notice(stage)) == ("done", "")


async def test_one_that_was_cut_off_is_taken_back(stage: RewindStage) -> None:
    half(stage)
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        await pilot.press("tab")
        await settled(pilot)
        assert "CHANGES.md  is as it was already" in rows(stage)
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == THIRD
        assert stage.notes.wanted == []
        assert stages(stage)[0] == "undone"


async def test_one_that_was_cut_off_can_be_left_as_it_is(stage: RewindStage) -> None:
    half(stage)
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        await pilot.press("shift+tab")
        await settled(pilot)
        assert "Nothing is written" in rows(stage)
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == HALF
        assert (stages(stage), notice(stage)) == (["done"], "")
        await stage.open(pilot)
        await pilot.press("U")
        await settled(pilot)
        await pilot.press("r", "y")
        await settled(pilot)
        assert stage.files == THIRD


async def test_when_the_engine_refuses_again_it_is_still_offered(tmp_path: Path) -> None:
    stage = made(tmp_path, notes=Refusing())
    half(stage)
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        await pilot.press("r", "y")
        await settled(pilot)
        assert "The conversation did not go back: the engine says no" in rows(stage)
        assert stage.files == SECOND
        await pilot.press("escape")
        await pilot.app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        assert stages(stage)[0] == "files"
        assert notice(stage).startswith("A rewind was cut off")


async def test_what_another_program_is_at_is_not_touched(stage: RewindStage) -> None:
    half(stage)
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        (held,) = Ledger(stage.copies).cut_off("t")
        assert held.hold()
        await pilot.press("r", "y")
        await settled(pilot)
        assert "Another program is at it just now." in rows(stage)
        assert stage.files == HALF
        held.release()


async def test_a_rewind_whose_copies_went_meanwhile_is_no_crash(stage: RewindStage) -> None:
    half(stage)
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        rmtree(stage.copies / "reverts")
        await pilot.press("r", "y")
        await settled(pilot)
        assert "What was kept of it is not there any more." in rows(stage)
        assert stage.files == HALF


@pytest.mark.parametrize("what", ["both", "talk"])
async def test_a_prompt_that_was_on_its_way_to_the_composer_arrives(stage: RewindStage, what: What) -> None:
    earlier(stage, "files", what)
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot, went_back(stage))
        assert stage.app.main.composer.draft == "note it in CHANGES.md and tidy up"
        assert notice(stage) == ""
        assert stages(stage) == (["done"] if what == "both" else [])
        await begin(stage, pilot, replace(went_back(stage), id="another"))
        await begin(stage, pilot, went_back(stage))
        assert stage.app.main.composer.draft == "note it in CHANGES.md and tidy up", "and that once"


@pytest.mark.parametrize("prompt", ["", "look at this"])
async def test_images_that_were_on_their_way_to_the_composer_arrive(stage: RewindStage, prompt: str) -> None:
    record = replace(record_of(stage.thread, "u2", "talk", 0.0), prompt=prompt, images=("/p/shot.png",))
    entry = Ledger(stage.copies).begin(record, {}, {}, {})
    entry.release()
    async with stage.app.run_test() as pilot:
        composer = stage.app.main.composer
        composer.show_draft("look at this")
        await begin(stage, pilot, went_back(stage))
        assert (composer.draft, composer.images) == ("look at this", ("/p/shot.png",))
        assert stages(stage) == []


async def test_what_went_on_without_it_is_settled(stage: RewindStage) -> None:
    earlier(stage, "files")
    async with stage.app.run_test() as pilot:
        await begin(
            stage, pilot, replace(stage.thread, turns=stage.thread.turns.append(turn("u3", said("on"))))
        )
        assert (stages(stage), notice(stage)) == (["done"], "")
        assert stage.app.main.composer.is_empty


async def test_words_behind_the_command_that_mean_nothing_stay_with_the_person(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot)
        await pilot.press(*"/rewind all", "enter")
        await pilot.pause()
        assert stage.app.main.composer.draft == "/rewind all"
        await pilot.press("ctrl+c", *"/rewind undo", "enter")
        await settled(pilot)
        assert isinstance(stage.app.screen, RewindScreen)
        assert "No rewind of this conversation or folder has files to put back." in rows(stage)


async def test_one_that_was_cut_off_looks_right(snap: Snap, tmp_path: Path) -> None:
    stage = made(tmp_path)
    half(stage)
    (stage.root / "notes.txt").write_text("theirs\n")
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await begin(stage, pilot)
        await stage.open(pilot)
        shown: Any = stage.app.screen
        shown._plan.place = Path("/home/ada/.local/state/codex-tui")  # for the eye alone
        for size in ((80, 24), (40, 10)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await snap._compare(pilot, "rewind/cut", size)  # pyright: ignore[reportPrivateUsage]


def newest_alone(stage: RewindStage, phase: Literal["there", "coming", "failed"]) -> Thread:
    """The thread as far as it is known when it was opened."""
    return replace(stage.thread, turns=Series(list(stage.thread.turns)[-1:]), above=Above("cursor", phase))


async def test_files_are_looked_at_once_older_turns_have_come(stage: RewindStage) -> None:
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot, newest_alone(stage, "coming"))
        await stage.open(pilot)
        assert "1 prompt   older ones are coming" in rows(stage)
        await pilot.press("enter")
        await pilot.pause()
        assert "looking at the files" in rows(stage)
        assert "CHANGES.md" not in rows(stage).partition("\n")[2], "earlier turns say what a file was"
        await stage.begin()
        await settled(pilot)
        assert "CHANGES.md  is deleted" in rows(stage)
        await pilot.press("escape")
        assert "3 prompts" in rows(stage)


@pytest.mark.parametrize("phase", ["failed", "there"])
async def test_older_turns_that_do_not_come_are_told(
    stage: RewindStage, phase: Literal["failed", "there"]
) -> None:
    """They had failed before, too; or there are more than come at once."""
    async with stage.app.run_test() as pilot:
        await begin(stage, pilot, newest_alone(stage, phase))
        await stage.open(pilot)
        assert "1 prompt   older ones are coming" in rows(stage), "they were just asked for again"
        await stage.begin(newest_alone(stage, "coming"))
        await stage.begin(newest_alone(stage, phase))
        await pilot.pause()
        assert "1 prompt   older ones did not come" in rows(stage)
        await pilot.press("enter")
        await settled(pilot)
        assert "Older turns did not come: what they did to these files is not known." in rows(stage)


def test_where_it_is_narrow_a_question_keeps_what_it_is_about() -> None:
    question = own("Go back: 1 turn and 2 files?"), own("1 turn and 2 files?"), own("go back")
    narrow, wide = ("".join(text for text, _ in facts.asked(question, width)) for width in (36, 80))
    assert narrow.startswith("1 turn and 2 files?")
    assert wide.startswith("Go back: 1 turn and 2 files?")


def test_without_a_home_of_the_person_a_folder_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    assert facts.place_of(Path("/var/state")) == "/var/state"
