"""What tells the engine that a person approves, once, what its automatic reviewer denied.

`thread/approveGuardianDeniedAction` wants the engine's own record of the review
(`GuardianAssessmentEvent`), which has snake_case members where the notification has camelCase ones.
The engine checks it strictly, so only what is known is written. It passes the approval on to the
model; the model's next try of that action is reviewed again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.deltas import AutoReviewCompleted, AutoReviewStarted

RISKS = ("low", "medium", "high", "critical")
AUTHORIZATIONS = ("unknown", "low", "medium", "high")

_ACTIONS: dict[str, tuple[str, ...]] = {
    "command": ("source", "command", "cwd"),
    "execve": ("source", "program", "argv", "cwd"),
    "writeStdin": ("approvalId", "processId", "stdin", "cwd"),
    "applyPatch": ("cwd", "files"),
    "networkAccess": ("target", "host", "protocol", "port"),
    "mcpToolCall": ("server", "toolName", "connectorId", "connectorName", "toolTitle"),
    "requestPermissions": ("reason", "permissions"),
}
"""The kinds of action the engine takes back, and their members as the notification has them."""

_OPTIONAL = {"connectorId", "connectorName", "toolTitle", "reason"}
_WORDS = {"source", "protocol"}
"""Members whose text is a word of the protocol: it changes its spelling too."""


def is_denial(review: AutoReviewStarted) -> bool:
    """Whether this is the last word on an action, and a no."""
    return isinstance(review, AutoReviewCompleted) and review.review.status == "denied"


def denial_event(review: AutoReviewStarted) -> JsonObject | None:
    """The `event` of `thread/approveGuardianDeniedAction` for a denied review.

    None when it was not denied, or its action is of a kind or shape that the engine would not take.
    """
    action = _action(review.action)
    if action is None or not is_denial(review):
        return None
    said = review.review
    event: JsonObject = {
        "id": review.review_id,
        "target_item_id": review.target_item_id,
        "turn_id": review.turn_id,
        "started_at_ms": review.started_at_ms or 0,
        "completed_at_ms": review.completed_at_ms if isinstance(review, AutoReviewCompleted) else None,
        "status": "denied",
        "risk_level": said.risk_level if said.risk_level in RISKS else None,
        "user_authorization": said.user_authorization if said.user_authorization in AUTHORIZATIONS else None,
        "rationale": said.rationale,
        "decision_source": "agent",
        "action": action,
    }
    return {name: value for name, value in event.items() if value is not None}


def _action(action: Mapping[str, Any]) -> JsonObject | None:
    kind = action.get("type")
    members = _ACTIONS.get(kind) if isinstance(kind, str) else None
    if kind is None or members is None:
        return None
    if any(action.get(name) is None for name in members if name not in _OPTIONAL):
        return None
    found: JsonObject = {"type": _snake(kind)}
    for name in members:
        value = action.get(name)
        if name in _WORDS and isinstance(value, str):
            value = _snake(value)
        elif name == "permissions":
            value = _snake_keys(value)
        found[_snake(name)] = value
    if kind == "writeStdin" and not str(found["cwd"]).startswith("file:"):
        # Of this kind alone the engine's record has the directory as a URI.
        found["cwd"] = f"file://{quote(str(found['cwd']))}"
    return found


def _snake_keys(value: Any) -> Any:
    """`value` with the names of all its members in snake_case; texts stay as they are."""
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        # The engine refuses members that say nothing, where it allows none at all.
        return {_snake(name): _snake_keys(member) for name, member in members.items() if member is not None}
    if isinstance(value, list | tuple):
        return [_snake_keys(member) for member in cast("list[Any]", value)]
    return value


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0].lower()}", name)
