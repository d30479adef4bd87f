"""What the whole screen looks like. One of these pictures is the README's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.pilot import Pilot

from codex_tui.app import Greeting
from codex_tui.protocol import events
from tests.ui.app.stage import Stage
from tests.ui.snapshot import Snap

SIZES = ((80, 24), (120, 40), (200, 60))
SMALL = ((40, 10), *SIZES)


def until_patch(stage: Stage) -> Sequence[events.Event]:
    """The recorded tour up to its question about the patch."""
    told: list[events.Event] = []
    for event in stage.recorded("tour"):
        told.append(event)
        if isinstance(event, events.Asked) and "fileChange" in event.method:
            break
    return told


async def test_the_empty_session(snap: Snap) -> None:
    stage = Stage(Greeting(placeholder="Ask for anything, or describe a change"))

    async def before(pilot: Pilot[Any]) -> None:
        await stage.play("answer-streamed", until=events.ThreadOpened)

    await snap(stage.app, "app/empty", sizes=SMALL, before=before)


async def test_a_session_that_has_done_some_work(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await stage.play("tour")

    await snap(stage.app, "app/conversation", sizes=SMALL, before=before)


async def test_a_patch_waits_for_approval(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await stage.show(until_patch(stage))
        await stage.pass_time(pilot, 2.0)
        await stage.pass_time(pilot, 2.0)

    await snap(stage.app, "app/approval", sizes=SMALL, before=before)


async def test_a_question_waits_while_somebody_writes(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await pilot.press(*"and then")
        await stage.show(until_patch(stage))

    await snap(stage.app, "app/announced", before=before)


async def test_a_dead_engine(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await stage.play("command-fails")
        await stage.show([events.EngineStopped(1, "signal SIGKILL", -9, ("thread 'main' panicked",))])

    await snap(stage.app, "app/dead", before=before)


async def test_the_keys(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await pilot.press("f1")

    await snap(stage.app, "app/keys", sizes=SMALL, before=before)


async def test_the_light_theme(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await stage.play("tour")

    await snap(stage.app, "app/light", sizes=[(120, 40)], before=before, theme="codex-light")
