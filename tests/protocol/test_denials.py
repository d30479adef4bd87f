"""The engine's record of a denied review, made from its notification."""

from __future__ import annotations

from typing import Any

import pytest

from codex_tui.protocol.base import read
from codex_tui.protocol.deltas import AutoReviewCompleted, AutoReviewStarted
from codex_tui.protocol.denials import denial_event, is_denial
from tests.protocol.denied import ACTIONS, denied


def test_members_are_written_as_the_engine_keeps_them() -> None:
    command = {"type": "command", "source": "unifiedExec", "command": "/bin/bash -c 'rm x'", "cwd": "/srv"}
    assert denial_event(denied(command)) == {
        "id": "review",
        "target_item_id": "call",
        "turn_id": "turn",
        "started_at_ms": 10,
        "completed_at_ms": 20,
        "status": "denied",
        "risk_level": "high",
        "user_authorization": "low",
        "rationale": "Not asked for.",
        "decision_source": "agent",
        "action": {
            "type": "command",
            "source": "unified_exec",
            "command": "/bin/bash -c 'rm x'",
            "cwd": "/srv",
        },
    }


def test_rights_change_the_names_of_their_members_and_nothing_else() -> None:
    entry = {"path": {"type": "path", "path": "/srv/someFile"}, "access": "write"}
    files = {"globScanMaxDepth": 3, "entries": [entry], "read": None}
    action = {"type": "requestPermissions", "reason": None, "permissions": {"fileSystem": files}}
    event = denial_event(denied(action))
    assert event is not None
    assert event["action"]["permissions"] == {"file_system": {"glob_scan_max_depth": 3, "entries": [entry]}}


@pytest.mark.parametrize("kind", ACTIONS)
def test_every_kind_of_the_engine_has_its_event(kind: str) -> None:
    event = denial_event(denied(ACTIONS[kind]))
    assert event is not None
    assert not [name for name in event["action"] if name != name.lower()]


@pytest.mark.parametrize(
    "action",
    [
        {"type": "hologram"},
        {"type": "command", "source": "shell", "command": "ls"},
        {"type": None},
        {},
        {"type": ["command"]},
    ],
)
def test_what_the_engine_would_not_take_has_none(action: dict[str, Any]) -> None:
    assert denial_event(denied(action)) is None


@pytest.mark.parametrize("status", ["approved", "timedOut", "aborted", "inProgress", "odd"])
def test_only_a_no_can_be_overruled(status: str) -> None:
    review = denied(ACTIONS["command"], status=status)
    assert not is_denial(review)
    assert denial_event(review) is None


def test_a_review_that_has_only_begun_is_no_denial() -> None:
    begun = read(AutoReviewStarted, denied(ACTIONS["command"]).model_dump(by_alias=True))
    assert not isinstance(begun, AutoReviewCompleted)
    assert not is_denial(begun)


def test_words_of_a_newer_engine_are_left_out() -> None:
    event = denial_event(denied(ACTIONS["command"], riskLevel="cosmic", userAuthorization="royal"))
    assert event is not None
    assert "risk_level" not in event
    assert "user_authorization" not in event
