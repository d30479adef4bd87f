"""Golden screens of every dialog."""

from __future__ import annotations

from typing import Any, cast

import pytest
from textual.pilot import Pilot

from codex_tui.dialogs.panel import QuestionPanel
from codex_tui.paint.look import ASCII_MARKS
from tests.ui.dialogs.gallery import SCENES, SMALL
from tests.ui.dialogs.stage import Stage
from tests.ui.snapshot import Snap

SIZES = (SMALL, (80, 24), (200, 60))


async def _read(pilot: Pilot[Any]) -> None:
    app = cast(Stage, pilot.app)
    await app.live(pilot)
    while app.screen.query_one(QuestionPanel).blocked:
        app.dialog.press("pagedown")
        await pilot.pause()
    await app.live(pilot)


@pytest.mark.parametrize("name", SCENES)
async def test_a_page_looks_right(name: str, snap: Snap) -> None:
    # From small to large, so that what was not in sight at one size counts as unseen at the next.
    scene = SCENES[name]
    await snap(scene.stage(), f"dialogs/{name}", before=scene.go, sizes=SIZES)


async def test_the_guard_looks_right_while_keys_are_dead(snap: Snap) -> None:
    async def half(pilot: Pilot[Any]) -> None:
        app = cast(Stage, pilot.app)
        await pilot.pause()
        app.clock.now += 0.3
        app.dialog.redraw()

    await snap(SCENES["exec"].stage(), "dialogs/guard", before=half, sizes=[SMALL, (80, 24)])


async def test_a_long_command_looks_right_when_all_was_read(snap: Snap) -> None:
    await snap(SCENES["exec-long"].stage(), "dialogs/exec-long-read", before=_read, sizes=[(80, 24)])


async def test_a_page_looks_right_in_the_light_theme(snap: Snap) -> None:
    scene = SCENES["patch"]
    await snap(scene.stage(), "dialogs/patch-light", before=scene.go, sizes=[(120, 40)], theme="codex-light")


async def test_a_page_looks_right_in_ascii(snap: Snap) -> None:
    scene = SCENES["exec-hostile"]
    await snap(
        scene.stage(marks=ASCII_MARKS), "dialogs/exec-hostile-ascii", before=scene.go, sizes=[(80, 24)]
    )


async def test_the_list_of_keys_looks_right(snap: Snap) -> None:
    async def list_keys(pilot: Pilot[Any]) -> None:
        await _alive(pilot)
        cast(Stage, pilot.app).dialog.press("f1")
        await pilot.pause()

    await snap(SCENES["exec"].stage(), "dialogs/keys", before=list_keys, sizes=[SMALL, (80, 24)])


async def _alive(pilot: Pilot[Any]) -> None:
    await cast(Stage, pilot.app).live(pilot)
