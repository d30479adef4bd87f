"""Approving once what the automatic reviewer denied, with the real engine and its reviewer."""

from __future__ import annotations

import json

import pytest

from codex_tui.engine.failures import RefusedError
from codex_tui.protocol.deltas import AutoReviewCompleted
from codex_tui.protocol.denials import denial_event
from codex_tui.protocol.events import Event, Notified
from tests.engine.fakes import running
from tests.engine.scripted import ScriptedModel
from tests.engine.test_real_engine import Session, binary
from tests.protocol.denied import ACTIONS, denied

pytestmark = pytest.mark.engine

WIPE = {
    "call": "exec_command",
    "args": {
        "cmd": "rm -rf ../old-builds",
        "login": False,
        "sandbox_permissions": "require_escalated",
        "justification": "They take much room.",
    },
}
NO = {"msg": json.dumps({"risk_level": "high", "outcome": "deny", "rationale": "Nobody named it."})}


def review(event: Event) -> bool:
    return isinstance(event, Notified) and isinstance(event.params, AutoReviewCompleted)


async def test_the_model_is_told_of_just_the_action_that_was_approved() -> None:
    script = [[WIPE], [NO], [{"msg": "Then they stay."}], [{"msg": "Thank you."}]]
    with ScriptedModel(script, approval="on-request") as scripted:
        async with running(binary(), env=scripted.env) as (client, heard):
            await client.initialize()
            opened = await client.thread_start(
                cwd=str(scripted.project),
                approval_policy="on-request",
                sandbox="workspace-write",
                approvals_reviewer="auto_review",
            )
            session = Session(client, heard, scripted, opened.thread.id)
            turn_id = await session.prompt("make room")
            said = (await heard.until(review)).params
            event = denial_event(said)
            assert event is not None
            assert (event["status"], event["rationale"]) == ("denied", "Nobody named it.")
            await session.finished(turn_id)
            assert session.items("commandExecution")[-1]["status"] == "declined"
            await client.approve_denied(session.thread_id, event)
            await session.finished(await session.prompt("go on"))
            told = json.dumps(scripted.server.requests[-1])
            assert "manually approved a specific action" in told
            assert "rm -rf ../old-builds" in json.dumps(told)


async def test_the_engine_takes_every_kind_of_action_back_and_nothing_else() -> None:
    with ScriptedModel([]) as scripted:
        async with running(binary(), env=scripted.env) as (client, _):
            await client.initialize()
            opened = await client.thread_start(cwd=str(scripted.project), approval_policy="on-request")
            for action in ACTIONS.values():
                event = denial_event(denied(action))
                assert event is not None
                await client.approve_denied(opened.thread.id, event)
            with pytest.raises(RefusedError, match="unknown variant"):
                await client.approve_denied(
                    opened.thread.id, {"id": "x", "status": "denied", "action": {"type": "hologram"}}
                )
