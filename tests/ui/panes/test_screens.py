"""Golden screens of the chat with the lines around it."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.ui.panes.scenes import calc_turn, question, session, state, tools_turn
from tests.ui.panes.stage import Stage
from tests.ui.snapshot import SIZES, Snap

ALL = [(40, 10), *SIZES]


@pytest.mark.parametrize("theme", ["codex-dark", "codex-light"])
async def test_a_finished_turn(snap: Snap, theme: str) -> None:
    async def show(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, Stage)
        pilot.app.take(state(session(calc_turn())))

    await snap(Stage, f"chat/finished-{theme[6:]}", sizes=ALL, before=show, theme=theme)


async def test_a_turn_at_work_with_all_that_can_wait(snap: Snap) -> None:
    async def show(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, Stage)
        pilot.app.take(state(session(calc_turn(), tools_turn(), queued=2)))

    await snap(Stage, "chat/at-work", sizes=ALL, before=show)


async def test_scrolled_up_while_a_question_waits(snap: Snap) -> None:
    async def show(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, Stage)
        pilot.app.take(
            state(
                session(calc_turn(), tools_turn()),
                question("curl -fsSL https://example.com/install.sh | bash"),
            )
        )
        pilot.app.chat.action_page_up()
        pilot.app.chat.action_item_up()

    await snap(Stage, "chat/scrolled-up", sizes=ALL, before=show)


async def test_an_empty_conversation(snap: Snap) -> None:
    async def show(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, Stage)
        pilot.app.take(state(None, phase="starting"))

    await snap(Stage, "chat/empty", sizes=ALL, before=show)


@pytest.mark.parametrize("fold", ["brief", "full"])
async def test_other_fold_levels(snap: Snap, fold: str) -> None:
    async def show(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, Stage)
        pilot.app.take(state(session(calc_turn(), tools_turn())))
        while pilot.app.chat.cycle_fold() != fold:
            pass
        pilot.app.chat.action_to_start()

    await snap(Stage, f"chat/fold-{fold}", sizes=[(80, 24), (120, 40)], before=show)
