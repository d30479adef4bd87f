"""Patches of the real engine: read from the state, combined, and taken back to the byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from codex_tui.diffs import FileDiff
from codex_tui.diffs.sources import ThreadDiffs, waiting_patches
from codex_tui.protocol.events import Asked
from codex_tui.revert import Reverted, revert, undo
from codex_tui.session.reducer import reduce_all
from codex_tui.session.series import Series
from codex_tui.session.state import State
from codex_tui.session.transcript import Thread
from tests.engine.test_real_engine import Session, session
from tests.ui.diff.stage import Stage
from tests.ui.diff.test_pane import until

pytestmark = pytest.mark.engine

FILES = {
    "crlf.txt": "one\r\ntwo\r\nthree\r\nfour\r\n",
    "no_end.txt": "a\nb\nc",
    "long.txt": "".join(f"l{at}\n" for at in range(60)),
    "with é blank.txt": "x\ny\n",
    "sub/gone.txt": "bye\nbye\n",
    "sub/empty.txt": "",
}


def patch(*lines: str) -> dict[str, str]:
    return {"custom": "apply_patch", "input": "\n".join(["*** Begin Patch", *lines, "*** End Patch", ""])}


FIRST = patch(
    *("*** Update File: crlf.txt", "@@", " one", "-two", "+TWO", " three"),
    *("*** Update File: no_end.txt", "@@", " b", "-c", "+C"),
    *("*** Update File: long.txt", "@@", " l4", "-l5", "+L5", "@@", " l39", "-l40", "-l41", "+L40", " l42"),
    *("*** Update File: with é blank.txt", "*** Move to: m/new name.txt", "@@", "-x", "+X", " y"),
    *("*** Delete File: sub/gone.txt", "*** Delete File: sub/empty.txt"),
    *("*** Add File: made.txt", "+p", "+q"),
)
SECOND = patch(
    *("*** Update File: long.txt", "@@", " l6", "+new", " l7"),
    *("*** Update File: no_end.txt", "@@", " a", "-b", " C"),
    *("*** Update File: made.txt", "@@", " p", "-q", "+Q"),
    *("*** Update File: crlf.txt", "@@", "-one", "+ONE"),
)
DONE = {"msg": "Done."}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the project but git's."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def thread_of(s: Session) -> tuple[State, Thread]:
    state, _ = reduce_all(State(), s.heard.events)
    return state, state.threads[s.thread_id]


def take_all_back(files: Sequence[FileDiff], root: Path, state: Path) -> list[Reverted]:
    done: list[Reverted] = []
    for file in files:
        found = revert(file, root, state)
        assert isinstance(found, Reverted), found
        assert found.drift == 0
        done.append(found)
    return done


def without_diffs(thread: Thread) -> Thread:
    """The thread as a resumed one: the engine's history has the patches, not the turns' diffs."""
    return replace(thread, turns=Series(replace(turn, diff="") for turn in thread.turns))


def names(files: Sequence[FileDiff], root: Path) -> Mapping[str, str]:
    return {file.path.removeprefix(f"{root}/"): file.kind for file in files}


async def test_a_turn_s_patches_are_taken_back_to_the_byte(tmp_path: Path) -> None:
    async with session([[FIRST], [SECOND], [DONE]], approval="never", files=FILES) as s:
        before = contents(s.scripted.project)
        await s.finished(await s.prompt())
        after = contents(s.scripted.project)
        assert after["crlf.txt"] == b"ONE\r\nTWO\r\nthree\r\nfour\r\n"
        _, thread = thread_of(s)
        for known in (thread, without_diffs(thread)):
            diffs = ThreadDiffs()
            files = diffs.turn(known)
            assert names(files, s.scripted.project) == {
                "crlf.txt": "changed",
                "long.txt": "changed",
                "m/new name.txt": "moved",
                "made.txt": "new",
                "no_end.txt": "changed",
                "sub/empty.txt": "deleted",
                "sub/gone.txt": "deleted",
            }
            assert not any(file.label or file.note or file.doubt for file in files)
            assert diffs.session(known) == files
            assert diffs.paths(known) >= {file.path for file in files}
            done = take_all_back(files, s.scripted.project, tmp_path)
            assert contents(s.scripted.project) == before
            assert [undo(one) for one in reversed(done)] == [None] * len(done)
            assert contents(s.scripted.project) == after


async def test_two_turns_are_one_session_and_one_hunk_alone_is_taken_back(tmp_path: Path) -> None:
    async with session([[FIRST], [DONE], [SECOND], [DONE]], approval="never", files=FILES) as s:
        before = contents(s.scripted.project)
        await s.finished(await s.prompt())
        await s.finished(await s.prompt())
        _, thread = thread_of(s)
        diffs = ThreadDiffs()
        assert set(names(diffs.turn(thread), s.scripted.project)) == {
            *("long.txt", "no_end.txt", "made.txt", "crlf.txt")
        }
        files = diffs.session(thread)
        assert diffs.session(thread) is files
        assert not any(file.label for file in files)
        long = next(file for file in files if file.path.endswith("long.txt"))
        assert len(long.hunks) == 2
        assert isinstance(revert(long, s.scripted.project, tmp_path, hunk=1), Reverted)
        text = contents(s.scripted.project)["long.txt"].decode()
        assert text == FILES["long.txt"].replace("l5\n", "L5\n", 1).replace("l7\n", "new\nl7\n", 1)
        assert isinstance(revert(long, s.scripted.project, tmp_path, reverted=(1,)), Reverted)
        take_all_back([file for file in files if file is not long], s.scripted.project, tmp_path)
        assert contents(s.scripted.project) == before


async def test_a_hunk_is_taken_back_in_the_pane_and_the_file_is_as_before(tmp_path: Path) -> None:
    only_long = patch(
        "*** Update File: long.txt", "@@", " l4", "-l5", "+L5", "@@", " l39", "-l40", "+L40", " l41"
    )
    async with session([[only_long], [DONE]], approval="never", files=FILES) as s:
        file = s.scripted.project / "long.txt"
        await s.finished(await s.prompt())
        after = file.read_text()
        state, _ = thread_of(s)
        stage = Stage(state)
        stage.pane.reverts.place = tmp_path
        async with stage.run_test(size=(100, 30)) as pilot:
            await pilot.press("full_stop", "r")
            await until(pilot, stage, "Take back the agent's change of long.txt, line 6?")
            await pilot.press("y")
            await until(pilot, stage, "taken back in long.txt")
            assert file.read_text() == after.replace("L5\n", "l5\n")
            await pilot.press("R", "y")
            await until(pilot, stage, "+2 −2  taken back")
            assert file.read_text() == FILES["long.txt"]
            await pilot.press("U", "U", "U")
            await until(pilot, stage, "nothing was taken back yet")
            assert file.read_text() == after


async def test_a_patch_that_waits_is_known_before_it_is_applied() -> None:
    async with session([[FIRST], [DONE]], files=FILES) as s:
        turn_id = await s.prompt()
        asked: Any = await s.heard.one(Asked)
        state, thread = thread_of(s)
        ((question, files),) = waiting_patches(state, thread.id)
        assert question.request_id == asked.request_id
        assert names(files, s.scripted.project)["made.txt"] == "new"
        assert waiting_patches(state, "another") == ()
        assert ThreadDiffs().turn(thread) == (), "nothing is applied yet"
        await s.client.answer(asked.request_id, {"decision": "decline"})
        await s.finished(turn_id)
        state, thread = thread_of(s)
        assert waiting_patches(state) == ()
        assert ThreadDiffs().turn(thread) == ()
