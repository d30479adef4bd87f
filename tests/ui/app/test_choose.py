"""A choice of ways on, instead of an error: asked when nobody types, answered with a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from codex_tui.detours import ways_around, ways_elsewhere, ways_to, why
from codex_tui.engine.failures import RefusedError
from codex_tui.history import Entry
from codex_tui.screens.choose import DEAF, ChooseScreen
from codex_tui.text import line, own
from codex_tui.text.source import source_of
from tests.ui.app.stage import Stage
from tests.ui.snapshot import Snap

BUSY = RefusedError("thread/resume", -32600, "thread 0199 has an active writer: pid 4711")
NEAR = [
    Entry("0199aa00-0000-7000-8000-000000000001", name="bread & zebras"),
    Entry("0199aa00-0000-7000-8000-000000000002", prompt="How long does dough rest, and where? " * 9),
]


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        await pilot.pause(0.1)
    raise AssertionError("it did not come to pass")


def ask(stage: Stage) -> asyncio.Task[str | None]:
    heading, detail = why(BUSY), line(source_of(BUSY.title))
    return asyncio.create_task(stage.app.choose(heading, detail, ways_around(BUSY, "")))


async def asked(stage: Stage, pilot: Pilot[Any]) -> asyncio.Task[str | None]:
    """The choice on screen, with ears."""
    answer = ask(stage)
    stage.clock.now += 10.0
    await until(pilot, lambda: isinstance(stage.app.screen, ChooseScreen))
    await pilot.pause()
    stage.clock.now += DEAF
    return answer


async def test_a_key_or_the_row_with_enter_is_the_answer_and_escape_is_none() -> None:
    for keys, answer in ((["t"], "t"), (["down", "enter"], "t"), (["enter"], "c"), (["escape"], None)):
        stage = Stage()
        async with stage.app.run_test() as pilot:
            await stage.play("answer-streamed")
            task = await asked(stage, pilot)
            await pilot.press(*keys)
            await until(pilot, task.done)
            assert task.result() == answer
            assert stage.app.screen is stage.app.main


async def test_a_click_on_a_way_goes_it() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        task = await asked(stage, pilot)
        await pilot.click("OptionList", offset=(3, 1))
        await until(pilot, task.done)
        assert task.result() == "t"


async def test_no_key_that_was_meant_for_something_else_counts() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        stage.clock.now += 10.0
        await pilot.press(*"fix t")
        task = ask(stage)
        await pilot.pause(0.4)
        assert stage.app.screen is stage.app.main  # somebody types
        stage.clock.now += 10.0
        await until(pilot, lambda: isinstance(stage.app.screen, ChooseScreen))
        await pilot.press("t", "enter", "x")
        assert not task.done()
        stage.clock.now += DEAF
        await pilot.press("t")
        await until(pilot, task.done)
        assert task.result() == "t"
        assert stage.app.main.composer.draft == "fix t"


async def test_the_choice_looks_right_from_the_smallest_screen_on(snap: Snap) -> None:
    stages: list[Stage] = []

    def app() -> Any:
        stages.append(Stage())
        return stages[-1].app

    async def come(pilot: Pilot[Any]) -> None:
        stage = stages[-1]
        await stage.play("answer-streamed")
        ways = [*ways_around(BUSY, ""), *ways_to(NEAR)]
        answer = asyncio.create_task(stage.app.choose(why(BUSY), line(source_of(BUSY.title)), ways))
        stage.clock.now += 10.0
        await until(pilot, lambda: isinstance(stage.app.screen, ChooseScreen))
        await pilot.pause()
        assert not answer.done()

    await snap(app, "app/choose", sizes=[(40, 10), (80, 24)], before=come)


def test_a_deleted_directory_leaves_two_ways() -> None:
    from pathlib import Path

    assert [way.key for way in ways_elsewhere(Path("/here"))] == ["h", "k"]
    assert own("/here") in ways_elsewhere(Path("/here"))[0].words
