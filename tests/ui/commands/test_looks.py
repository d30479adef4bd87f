"""How the commands pane looks."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from tests.ui.commands.scenes import full
from tests.ui.commands.stage import Stage
from tests.ui.snapshot import Snap


async def to_failure(pilot: Pilot[Any]) -> None:
    await pilot.press("up", "up", "up", "up", "up")


async def found(pilot: Pilot[Any]) -> None:
    await pilot.press("up", "up", "enter", *"/GET", "enter", "N", "N")


async def asking(pilot: Pilot[Any]) -> None:
    await pilot.press("up", "up", "x")


async def test_a_running_build_below_the_list(snap: Snap) -> None:
    await snap(lambda: Stage(full()), "commands/running", sizes=[(80, 24), (120, 40)])


async def test_a_failed_test_with_its_colours(snap: Snap) -> None:
    await snap(lambda: Stage(full()), "commands/failed", sizes=[(200, 60)], before=to_failure)


async def test_what_was_found_in_an_opened_log(snap: Snap) -> None:
    await snap(lambda: Stage(full()), "commands/found", sizes=[(80, 24)], before=found)


async def test_a_small_pane_shows_the_list_and_asks_at_its_foot(snap: Snap) -> None:
    await snap(lambda: Stage(full()), "commands/asking", sizes=[(40, 10)], before=asking)
