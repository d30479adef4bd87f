"""What the diff pane changes outside: files taken back, and the working tree it asks git for."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from textual.pilot import Pilot

from codex_tui.panes.diff.asking import TOO_SOON
from codex_tui.session.series import Series
from codex_tui.session.state import EngineHealth, State
from codex_tui.session.transcript import Settings
from tests.clock import Clock
from tests.ui.dialogs.stage import change, patch_item, patch_question
from tests.ui.dialogs.stage import state as asking
from tests.ui.diff.stage import Stage, state
from tests.ui.diff.test_pane import cursor, text, until

OLD = "".join(f"line {at}\n" for at in range(1, 31))
NEW = OLD.replace("line 3\n", "line three\n").replace("line 25\n", "line 25\nline 25 and a half\n")
DIFF = """\
diff --git a/a.txt b/a.txt
--- a/a.txt
+++ b/a.txt
@@ -1,5 +1,5 @@
 line 1
 line 2
-line 3
+line three
 line 4
 line 5
@@ -24,3 +24,4 @@
 line 24
 line 25
+line 25 and a half
 line 26
"""


def at(place: Path, diff: str = DIFF) -> State:
    """A thread that works in `place`."""
    made = state(diff)
    thread = replace(made.threads["t"], settings=Settings(cwd=str(place)))
    return replace(
        made,
        threads=MappingProxyType({"t": thread}),
        engine=EngineHealth(phase="ready", codex_home=str(place.parent / "home")),
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "proj"
    place.mkdir()
    (place / "a.txt").write_text(NEW)
    return place


def open_at(project: Path) -> Stage:
    stage = Stage(at(project))
    stage.pane.reverts.place = project.parent / "state"
    return stage


def commit(project: Path, text: str) -> None:
    """A trusted repository in which `a.txt` has that text."""
    home = project.parent / "home"
    home.mkdir()
    (home / "config.toml").write_text(f'[projects."{project}"]\ntrust_level = "trusted"\n')
    (project / "a.txt").write_text(text)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "first")):
        git = ("git", "-c", "user.name=dev", "-c", "user.email=dev@example.com")
        subprocess.run([*git, *words], cwd=project, check=True)


async def yes(pilot: Pilot[None], stage: Stage, key: str, says: str, then: str) -> None:
    """Press `key`, read what it asks, say yes, and wait for what comes of it."""
    await pilot.press(key)
    assert says in " ".join(text(stage).split())
    await pilot.press("y")
    await until(pilot, stage, then)


async def test_a_hunk_is_taken_back_after_a_yes_and_put_back(project: Path) -> None:
    stage, file = open_at(project), project / "a.txt"
    async with stage.run_test(size=(90, 40)) as pilot:
        await pilot.press("full_stop", "r")
        assert "Take back the agent's change of a.txt, line 3?" in text(stage)
        assert "1 line goes, 1 line comes back" in text(stage)
        await pilot.press("escape")
        assert file.read_text() == NEW
        await yes(pilot, stage, "r", "a.txt, line 3?", "U undoes it")
        assert file.read_text() == NEW.replace("line three", "line 3")
        assert "taken back" in text(stage)
        await pilot.press("r")
        assert "taken back already" in text(stage)
        await pilot.press("U")
        await until(pilot, stage, "put back in a.txt")
        assert file.read_text() == NEW


async def test_a_yes_typed_ahead_takes_nothing_back(project: Path) -> None:
    stage, file = open_at(project), project / "a.txt"
    stage.pane.ask.clock = clock = Clock()
    async with stage.run_test(size=(90, 40)) as pilot:
        await pilot.press("full_stop", *"try")
        await pilot.pause()
        assert "Take back the agent's change" in text(stage)
        clock.now += 2 * TOO_SOON
        await pilot.press("y")
        await until(pilot, stage, "U undoes it")
        assert file.read_text() == NEW.replace("line three", "line 3")


async def test_a_look_at_git_for_a_thread_that_was_left_is_given_up(project: Path) -> None:
    commit(project, OLD)
    (project / "a.txt").write_text(NEW)
    stage = open_at(project)
    async with stage.run_test(size=(80, 24)) as pilot:
        stage.pane.choose("tree")
        await asyncio.sleep(0.001)  # it has begun
        threads = {**stage.first.threads, "o": replace(stage.first.threads["t"], id="o", turns=Series())}
        stage.take(replace(stage.first, threads=MappingProxyType(threads), active_id="o"))
        while any(worker.group == "tree" for worker in stage.workers):
            await pilot.pause(0.02)
        assert stage.pane._tree is None  # pyright: ignore[reportPrivateUsage]
        assert "changed nothing yet" in text(stage)


async def test_what_is_put_back_is_in_the_working_tree_at_once(project: Path) -> None:
    commit(project, OLD)
    (project / "a.txt").write_text(NEW)
    stage = open_at(project)
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        await yes(pilot, stage, "R", "Take back", "taken back in a.txt")
        await pilot.press("3")
        await until(pilot, stage, "Nothing differs")
        await pilot.press("U")
        await until(pilot, stage, "line three")


async def test_in_seven_rows_a_question_and_its_keys_are_in_sight(project: Path) -> None:
    stage = open_at(project)
    async with stage.run_test(size=(40, 7)) as pilot:
        await pilot.press("full_stop", "r")
        await until(pilot, stage, "y take it back")
        assert "a.txt, line 3?" in text(stage)


async def test_a_whole_file_is_taken_back_without_what_already_was(project: Path) -> None:
    stage, file = open_at(project), project / "a.txt"
    async with stage.run_test(size=(90, 40)) as pilot:
        await pilot.press("full_stop")
        await yes(pilot, stage, "r", "a.txt, line 3?", "U undoes it")
        await yes(pilot, stage, "R", "all of the agent's changes of a.txt?", "+2 −1  taken back")
        assert file.read_text() == OLD


async def test_a_conflict_says_why_and_writes_nothing(project: Path) -> None:
    stage, file = open_at(project), project / "a.txt"
    file.write_text(NEW.replace("line three", "line 3, mine"))
    async with stage.run_test(size=(90, 40)) as pilot:
        await pilot.press("full_stop")
        await yes(pilot, stage, "r", "a.txt, line 3?", "Not taken back; nothing was written.")
        assert "a.txt:1: the file was changed there since" in text(stage)
        assert "line 3, mine" in file.read_text()
        await pilot.press("x")
        assert "Not taken back" not in text(stage)


async def test_a_new_file_is_named_as_what_would_be_deleted(project: Path) -> None:
    head = "diff --git a/n.txt b/n.txt\nnew file mode 100644\n--- /dev/null\n+++ b/n.txt\n"
    new = head + "@@ -0,0 +1 @@\n+hello\n"
    stage = Stage(at(project, new))
    stage.pane.reverts.place = project.parent / "state"
    (project / "n.txt").write_text("hello\n")
    async with stage.run_test(size=(90, 40)) as pilot:
        await yes(pilot, stage, "r", "Delete n.txt, which the agent made?", "U undoes it")
        assert not (project / "n.txt").exists()


async def test_the_working_tree_is_asked_of_git_and_again_by_key(project: Path) -> None:
    commit(project, OLD)
    stage = Stage(at(project, ""))
    async with stage.run_test(size=(90, 40)) as pilot:
        assert "This turn has changed nothing yet." in text(stage)
        await pilot.press("3")
        await until(pilot, stage, "Nothing differs from the last commit.")
        (project / "a.txt").write_text(NEW)
        (project / "b.txt").write_text("untracked\n")
        await pilot.press("g")
        await until(pilot, stage, "line three")
        await until(pilot, stage, "untracked")
        await pilot.press("full_stop", "r")
        assert "only what the agent wrote can be taken back here" in text(stage)


async def test_a_folder_that_nobody_trusted_is_not_asked_about(project: Path) -> None:
    stage = Stage(at(project))
    async with stage.run_test(size=(90, 40)) as pilot:
        await pilot.press("3")
        await until(pilot, stage, "git is not asked in a folder that you have not trusted")


async def test_a_patch_that_waits_is_a_source_as_long_as_it_waits() -> None:
    waits = asking(
        patch_question(), items=[patch_item(change("/home/ada/proj/calc.py", "@@ -1 +1 @@\n-a\n+b\n"))]
    )
    stage = Stage(waits)
    async with stage.run_test(size=(90, 30)) as pilot:
        await pilot.press("4")
        assert "▾ 4 waits for you" in text(stage)
        assert "calc.py" in cursor(stage)
        stage.take(asking())
        await pilot.pause()
        assert "waits for you" not in text(stage)
        assert "▾ 1 this turn" in text(stage)
