"""Drafts come back after any end, each with its thread; earlier prompts are found again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from codex_tui.journal import Draft, Journal
from codex_tui.protocol import events
from tests.ui.app.stage import WHOLE, Stage
from tests.ui.snapshot import Snap


@asynccontextmanager
async def session(
    folder: Path, recording: str = "answer-streamed", until: type[events.Event] | None = None
) -> AsyncGenerator[tuple[Stage, Pilot[Any]]]:
    stage = Stage(journal=Journal(folder))
    async with stage.app.run_test() as pilot:
        await stage.play(recording, until)
        await pilot.pause()
        yield stage, pilot


async def test_a_draft_comes_back_with_its_thread(tmp_path: Path) -> None:
    async with session(tmp_path) as (_, pilot):
        await pilot.press(*"half")
    async with session(tmp_path) as (stage, _):
        assert stage.app.main.composer.draft == "half"


async def test_each_thread_has_its_own_while_one_goes_from_thread_to_thread(tmp_path: Path) -> None:
    async with session(tmp_path) as (stage, pilot):
        composer, one = stage.app.main.composer, stage.state
        thread = one.active
        assert thread is not None
        other = replace(one, threads={"other": replace(thread, id="other")}, active_id="other")
        await pilot.press(*"one")
        await stage.app.deliver(other, WHOLE)
        assert composer.draft == ""
        await pilot.press(*"two")
        await stage.app.deliver(one, WHOLE)
        assert composer.draft == "one"
        await stage.app.deliver(other, WHOLE)
        assert composer.draft == "two"


async def test_a_draft_is_on_disk_a_moment_after_the_key_as_if_the_program_were_killed(
    tmp_path: Path,
) -> None:
    async with session(tmp_path) as (stage, pilot):
        thread = stage.state.active
        assert thread is not None
        await pilot.press(*"half")
        journal = Journal(tmp_path)
        for _ in range(100):
            if journal.draft(thread.id) == Draft("half"):
                break
            await pilot.pause(0.05)
        assert journal.draft(thread.id) == Draft("half")


async def test_what_was_sent_is_no_draft_any_more(tmp_path: Path) -> None:
    async with session(tmp_path) as (stage, pilot):
        await pilot.press(*"half", "enter")
        thread = stage.state.active
        assert thread is not None
    assert not Journal(tmp_path).draft(thread.id)


async def test_the_draft_of_a_new_thread_waits_in_its_folder(tmp_path: Path) -> None:
    async with session(tmp_path, until=events.ThreadOpened) as (_, pilot):
        await pilot.press(*"first words")
    async with session(tmp_path, until=events.ThreadOpened) as (stage, _):
        assert stage.app.main.composer.draft == "first words"


async def test_a_kept_draft_stands_above_what_was_typed_before_the_thread_opened(tmp_path: Path) -> None:
    async with session(tmp_path) as (_, pilot):
        await pilot.press(*"kept")
    stage = Stage(journal=Journal(tmp_path))
    async with stage.app.run_test() as pilot:
        await pilot.press(*"early")
        await stage.play("answer-streamed")
        await pilot.pause()
        assert stage.app.main.composer.draft == "kept\nearly"


async def test_up_goes_on_into_earlier_sessions(tmp_path: Path) -> None:
    async with session(tmp_path) as (_, pilot):
        await pilot.press(*"old", "enter")
    async with session(tmp_path) as (stage, pilot):
        await pilot.press("up")
        assert stage.app.main.composer.draft == "old"


async def test_ctrl_r_finds_an_earlier_prompt_and_puts_it_into_the_composer(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for prompt in ("fix div in calc", "run the tests", "explain [bold]div[/]"):
        journal.add_prompt(prompt, "/")
    async with session(tmp_path) as (stage, pilot):
        await pilot.press(*"draft", "ctrl+r", *"div", "down", "enter")
        await pilot.pause()
        assert stage.app.main.composer.draft == "fix div in calc"
        assert stage.notes.wanted == []
        await pilot.press("ctrl+underscore")
        assert stage.app.main.composer.draft == "draft"


async def test_escape_leaves_the_draft_alone(tmp_path: Path) -> None:
    Journal(tmp_path).add_prompt("old", "/")
    async with session(tmp_path) as (stage, pilot):
        await pilot.press(*"draft", "ctrl+r", "escape")
        await pilot.pause()
        assert stage.app.main.composer.draft == "draft"


async def test_the_search_of_prompts(tmp_path: Path, snap: Snap) -> None:
    journal = Journal(tmp_path)
    for prompt in (
        "run the tests",
        "fix the failing test in calc",
        "explain [bold]div[/]\nand\nmore",
        "tour",
    ):
        journal.add_prompt(prompt, "/")
    stage = Stage(journal=journal)

    async def before(pilot: Pilot[Any]) -> None:
        await stage.play("answer-streamed")
        await pilot.press("ctrl+r", *"e")
        await pilot.pause()

    await snap(stage.app, "app/recall", sizes=((40, 10), (80, 24)), before=before)


async def test_a_state_folder_that_takes_nothing_is_told_once_and_the_session_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    told: list[str] = []
    stage = Stage(journal=Journal(tmp_path / "state", told.append))
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        await pilot.press(*"hello")
        keeper = stage.app.main.drafts
        assert keeper is not None
        keeper.keep()
        await pilot.press("enter", *"more")
        keeper.keep()
        await pilot.press("ctrl+r", "escape")
        assert stage.notes.wanted == [("send", "hello", ())]
        assert stage.app.main.composer.draft == "more"
    (words,) = told
    assert words.startswith("Prompts and drafts are not kept: ")
