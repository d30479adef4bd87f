"""Denied actions in the whole app: told at the item, opened by a key, approved once."""

from __future__ import annotations

from codex_tui.actions import ACTIONS, key_words
from codex_tui.paint.cells import APPROVE_HINT
from codex_tui.protocol.events import DenialApproved, Event, Notified
from tests.ui.app.stage import Stage
from tests.ui.dialogs.stage import screen_text


def up_to_the_denial(stage: Stage) -> list[Event]:
    told: list[Event] = []
    for event in stage.recorded("review-denied"):
        told.append(event)
        if isinstance(event, Notified) and event.method == "turn/completed":
            break
    return told


def test_the_key_that_the_item_names_is_the_key_of_the_action() -> None:
    action = next(action for action in ACTIONS if action.id == "approve_denied")
    assert f" · {key_words(action)}: " in APPROVE_HINT


async def test_the_item_tells_and_a_key_opens_it_behind_the_guard() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.show(up_to_the_denial(stage))
        await stage.pass_time(pilot, 5)
        text = screen_text(stage.app)
        assert stage.app.screen is stage.app.main
        assert "automatic review: denied, high risk" in text
        assert APPROVE_HINT.strip() in text
        await pilot.press("alt+a")
        await stage.pass_time(pilot, 2)
        assert "Approve this denied action once?" in screen_text(stage.app)
        await pilot.press("y")
        await stage.pass_time(pilot, 1)
        ((kind, thread_id, event),) = stage.notes.wanted
        assert (kind, event["action"]["command"]) == ("approve", "/bin/bash -c 'rm -rf ../old-builds'")
        await pilot.pause()
        assert stage.app.screen is stage.app.main
        await stage.show([DenialApproved(thread_id, event["id"])])
        await pilot.pause()
        text = screen_text(stage.app)
        assert "You approved a denied action once" in text
        assert APPROVE_HINT.strip() not in text


async def test_escape_leaves_it_and_nothing_is_put_off() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.show(up_to_the_denial(stage))
        await pilot.press("alt+a")
        await stage.pass_time(pilot, 2)
        await pilot.press("escape")
        await stage.pass_time(pilot, 1)
        assert stage.app.screen is stage.app.main
        assert stage.notes.wanted == []
        assert "it stays denied" in screen_text(stage.app)


async def test_without_a_denial_the_key_says_so() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.play("answer-streamed")
        await pilot.press("alt+a")
        await pilot.pause()
        assert stage.app.screen is stage.app.main
        assert "has denied nothing" in screen_text(stage.app)
