"""The keys of the commands pane."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from tests.ui.commands.scenes import full
from tests.ui.commands.stage import Stage, command, replaced, state, thread

NUMBERED = "".join(f"line {number}\n" for number in range(200))


def read(name: str) -> tuple[str, int] | None:
    """What a file holds and who may read it; None when it is gone."""
    path = Path(name)
    return (path.read_text("utf-8"), stat.S_IMODE(path.stat().st_mode)) if path.exists() else None


async def until(pilot: Pilot[Any], stage: Stage, shown: str) -> None:
    """Wait for something to be on screen; the test's own time limit ends it otherwise."""
    while not any(shown in row for row in stage.rows()):
        await pilot.pause(0.01)


async def test_output_is_followed_until_the_reader_goes_up_and_from_the_end_on_again() -> None:
    first = state(thread(command("c", "make", NUMBERED, phase="running"), status="inProgress"))
    stage = Stage(first)
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "line 199")
        more, change = replaced(first, command("c", "make", NUMBERED + "more\n", phase="running"))
        stage.pane.take(more, change)
        await until(pilot, stage, "more")
        await pilot.press("pageup")
        before = stage.rows()[3:-1]
        most, change = replaced(more, command("c", "make", NUMBERED + "more\nmost\n", phase="running"))
        stage.pane.take(most, change)
        await pilot.pause()
        assert [row for row in stage.rows() if row.startswith("  line")] == [
            row for row in before if row.startswith("  line")
        ]
        await pilot.press("end")
        await until(pilot, stage, "most")


async def test_the_final_output_takes_the_place_of_the_stream() -> None:
    first = state(thread(command("c", "make", "two\n", phase="running"), status="inProgress"))
    stage = Stage(first)
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "two")
        done, change = replaced(first, command("c", "make", "one\ntwo\nthree\n"))
        stage.pane.take(done, change)
        await until(pilot, stage, "three")
        rows = [row.strip() for row in stage.rows()]
        assert [row for row in rows if row in ("one", "two", "three")] == ["one", "two", "three"]


async def test_the_newest_command_is_chosen_until_the_person_chooses() -> None:
    first = state(thread(command("a", "first", "1\n"), status="inProgress"))
    stage = Stage(first)
    async with stage.run_test(size=(80, 24)) as pilot:
        second, change = replaced(first, command("b", "second", "2\n", at=1))
        stage.pane.take(second, change)
        await until(pilot, stage, "── second")
        await pilot.press("up")
        third, change = replaced(second, command("d", "third", "3\n", at=2))
        stage.pane.take(third, change)
        await pilot.pause()
        assert any("── first" in row for row in stage.rows())


async def test_finding_counts_steps_and_ends_with_escape() -> None:
    stage = Stage(state(thread(command("c", "make", NUMBERED))))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "line 199")
        await pilot.press("slash", *"line 17")
        assert "11 matches" in stage.rows()[-1]
        await pilot.press("enter")
        await until(pilot, stage, "/line 17  1 of 11")
        await pilot.press("N")
        await until(pilot, stage, "11 of 11")
        await pilot.press("escape")
        assert not any("of 11" in row for row in stage.rows())
        assert stage.left == 0


async def test_what_is_typed_fast_behind_the_slash_is_looked_for() -> None:
    stage = Stage(state(thread(command("c", "make", NUMBERED))))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "line 199")
        for key, character in (("slash", "/"), ("y", "y"), ("c", "c"), ("x", "x")):
            stage.pane.post_message(Key(key, character))
        await until(pilot, stage, "/ ycx")
        assert stage.copied == []


async def test_finding_goes_through_output_that_takes_longer_than_a_frame() -> None:
    text = "a" * 60 + "\n"
    stage = Stage(state(thread(command("c", "make", text * 15_000 + "needle\n"))))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "needle")
        await pilot.press("slash", "a")
        await until(pilot, stage, "100,000+ matches")
        await pilot.press("ctrl+u", *"needle", "enter")
        await until(pilot, stage, "1 of 1")


@pytest.mark.parametrize("answer", ["y", "n", "escape"])
async def test_terminating_asks_and_only_a_late_yes_does_it(answer: str) -> None:
    stage = Stage(full())
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("up", "up", "x")
        assert "Terminate npm run dev?" in stage.rows()[-1]
        await pilot.press("y")  # within the burst that the question came up in
        assert "Terminate npm run dev?" in stage.rows()[-1]
        stage.now += 1
        await pilot.press(answer)
        assert "Terminate" not in stage.rows()[-1]
        assert stage.wanted("end_terminals") == ([("end_terminals", "t", "4711")] if answer == "y" else [])


async def test_what_the_person_ran_is_stopped_with_its_turn() -> None:
    mine = command("m", "sleep 300", phase="running", source="userShell", processId=None)
    stage = Stage(state(thread(mine, status="inProgress")))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        assert "Stop sleep 300 and its turn?" in stage.rows()[-1]
        stage.now += 1
        await pilot.press("y")
        assert stage.wanted("interrupt") == [("interrupt", "t")]


async def test_all_in_the_background_are_terminated_by_thread() -> None:
    stage = Stage(full())
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("X")
        stage.now += 1
        await pilot.press("y")
        assert stage.wanted("end_terminals") == [("end_terminals", "t", None)]


async def test_t_lists_only_what_runs_in_the_background() -> None:
    stage = Stage(full())
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        assert sum("npm run dev" in row for row in stage.rows()) == 2  # in the list and above its output
        assert not any("pytest" in row for row in stage.rows())
        await pilot.press("t")
        assert any("pytest" in row for row in stage.rows())


async def test_the_log_goes_to_the_editor_whole_safe_and_private_and_is_removed() -> None:
    text = f"\x1b[31mred\x1b[0m\n\x1b]0;title\x07{NUMBERED}\u202e"
    stage = Stage(state(thread(command("c", "make", text))))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("o")
        while not stage.opened:
            await pilot.pause(0.01)
        assert read(stage.opened[0]) == (f"red\n{NUMBERED}<U+202E>\n", 0o600)
    assert read(stage.opened[0]) is None


async def test_the_output_and_the_command_are_copied_whole() -> None:
    stage = Stage(state(thread(command("c", "make", f"\x1b[31mred\x1b[0m\n{NUMBERED}"))))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("y")
        while not stage.copied:
            await pilot.pause(0.01)
        await pilot.press("c")
        assert stage.copied == [(f"red\n{NUMBERED}".rstrip("\n"), "output"), ("make", "command")]


async def test_a_command_too_long_for_the_rule_is_whole_where_it_is_opened() -> None:
    script = "for name in one two three\ndo\n  make $name\ndone"
    stage = Stage(state(thread(command("c", script, "out\n"))))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "out")
        assert not any("make $name" in row for row in stage.rows())
        await pilot.press("enter")
        rows = [row.strip() for row in stage.rows()]
        assert rows.index("make $name") + 2 == rows.index("out")
        assert rows.index("do") + 1 == rows.index("make $name")


async def test_output_of_any_kind_is_never_an_error() -> None:
    for text in ("\x7fELF" + "\x02\x01\x00" * 3000, "漢" * 30_000, "\x1b[H\x1b[2J\x1b[999B\ufffd" * 200):
        stage = Stage(state(thread(command("c", "cat", text, cut=12))))
        async with stage.run_test(size=(40, 10)) as pilot:
            await pilot.press("enter", "w", "right", "home", "end", "slash", "x", "enter", "w")
            assert len(stage.rows()) == 10


async def test_a_person_who_wants_to_type_into_a_command_is_told_why_that_cannot_be_done() -> None:
    stage = Stage(full())
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        assert "The engine lets only the agent type" in stage.rows()[-1]
        await pilot.press("i", "up")
        assert "The engine" not in stage.rows()[-1]
        assert stage.wanted("end_terminals") == stage.wanted("interrupt") == []
