"""Drafts that begin with `!` are commands for the person's own shell, and the rule says so."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from codex_tui.composer.editor import BURST
from codex_tui.panes.status import Rule
from codex_tui.protocol import events
from tests.ui.app.stage import Stage

SAYS = "without the sandbox"


def rule(stage: Stage) -> str:
    return stage.app.main.query_one(Rule).render_line(0).text


def gutter(stage: Stage) -> str:
    return stage.app.main.composer.render_line(0).text.split()[0]


async def enter(pilot: Pilot[Any]) -> None:
    """Enter, as a person presses it: not within the burst of what is typed."""
    await pilot.pause(2 * BURST)
    await pilot.press("enter")
    await pilot.pause()


async def opened(stage: Stage) -> Any:
    await stage.play("answer-streamed", until=events.ThreadOpened)


async def test_a_draft_with_an_exclamation_mark_is_announced_and_run() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        assert SAYS not in rule(stage)
        assert gutter(stage) == "❯"
        await pilot.press("!", *"ls -la")
        await pilot.pause()
        assert SAYS in rule(stage)
        assert gutter(stage) == "$"
        stage.app.main.say("something else")
        assert SAYS in rule(stage)
        await enter(pilot)
        assert stage.notes.wanted == [("run_shell", "ls -la")]
        assert SAYS not in rule(stage)


@pytest.mark.parametrize("paste", ["!rm -rf build", "\n!rm -rf build", "!" + "echo 1\n" * 300])
async def test_what_would_run_is_announced_however_it_came_into_the_draft(paste: str) -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        stage.app.main.composer.post_message(_paste(paste))
        await pilot.pause()
        assert SAYS in rule(stage)
        await enter(pilot)
        assert stage.notes.wanted == [("run_shell", paste.strip()[1:])]


async def test_a_blank_before_the_mark_makes_it_a_prompt() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        await pilot.press("space", "!", "a")
        await pilot.pause()
        assert SAYS not in rule(stage)
        await enter(pilot)
        assert stage.notes.wanted == [("send", " !a", ())]


async def test_nothing_after_the_mark_runs_nothing() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        await pilot.press("!")
        await enter(pilot)
        assert stage.notes.wanted == []
        assert stage.app.main.composer.draft == "!"


async def test_escape_makes_a_prompt_of_it_and_stops_no_turn() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        await pilot.press("!", *"ls", "escape")
        await pilot.pause()
        assert stage.app.main.composer.draft == "ls"
        assert SAYS not in rule(stage)
        assert gutter(stage) == "❯"
        assert stage.notes.wanted == []


async def test_deleting_the_mark_leaves_the_mode() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        await pilot.press("!", "backspace")
        await pilot.pause()
        assert SAYS not in rule(stage)
        assert gutter(stage) == "❯"


async def test_what_ran_is_remembered_with_its_mark() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        await pilot.press("!", *"ls")
        await enter(pilot)
        await pilot.press("up")
        await pilot.pause()
        assert stage.app.main.composer.draft == "!ls"
        assert SAYS in rule(stage)


async def test_a_paste_without_brackets_runs_nothing_by_itself() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await opened(stage)
        composer = stage.app.main.composer
        for key, character in (
            ("!", "!"),
            ("l", "l"),
            ("s", "s"),
            ("enter", "\r"),
            ("x", "x"),
            ("enter", "\r"),
        ):
            composer.post_message(Key(key, character))
        await pilot.pause()
        assert stage.notes.wanted == []
        assert composer.draft == "!ls\nx\n"
        await enter(pilot)
        assert stage.notes.wanted == [("run_shell", "ls\nx")]


def _paste(text: str) -> Any:
    from textual.events import Paste

    return Paste(text)
