"""The agent's plans of a saved thread, read off its file: the engine's history leaves them out.

Only the end of a file is read, as much as the turns need that come with a resume.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from codex_tui.protocol.events import RecalledPlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Json = dict[str, Any]

TAIL: Final = 8 * 1024 * 1024
"""Bytes of a file's end: twenty turns have one or two, and more takes some 20 ms."""
STEPS: Final = 200
"""Steps of one plan; nobody follows a longer one."""

_TELLING: Final = (
    b'"update_plan"',
    b'"item_completed"',
    b'"user_message"',
    b'"task_started"',
    b'"thread_rolled_back"',
)


def plans_in(path: Path) -> tuple[RecalledPlan, ...]:
    """The plans at the end of a thread's file, oldest first. What it cannot read counts for nothing.

    Raises OSError.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        lines = file.read(TAIL).split(b"\n")
    return tuple(_plans(lines[1:] if size > TAIL else lines))


def _plans(lines: Iterable[bytes]) -> list[RecalledPlan]:
    found: list[RecalledPlan] = []
    turn_id = ""
    is_last = False  # nothing came after the newest plan yet: another one takes its place
    for payload in _payloads(lines):
        kind = payload.get("type")
        if kind == "function_call":
            steps = _steps(payload)
            if steps:
                plan = RecalledPlan(steps, _explanation(payload), turn_id, 0, "")
                found[-1 if is_last else len(found) :] = [plan]
                is_last = True
        elif kind == "task_started":
            turn_id, is_last = _text(payload, "turn_id"), False
        elif kind == "user_message":
            found = [one._replace(back=one.back + 1) for one in found]
            is_last = False
        elif kind == "thread_rolled_back":
            turns = payload.get("num_turns")
            gone = turns if isinstance(turns, int) else 0
            found = [one._replace(back=one.back - gone) for one in found if one.back >= gone]
            is_last = False
        elif kind == "item_completed" and is_last:
            found[-1] = found[-1]._replace(before=_text(_member(payload, "item"), "id"))
            is_last = False
    return found


def _payloads(lines: Iterable[bytes]) -> Iterator[Json]:
    for line in lines:
        if any(word in line for word in _TELLING):
            payload = _member(_parsed(line), "payload")
            if payload:
                yield payload


def _steps(payload: Json) -> tuple[tuple[str, str], ...]:
    """Step and status of the plan that a call sets; none of other calls and odd shapes."""
    if payload.get("name") != "update_plan":
        return ()
    listed = _parsed(payload.get("arguments")).get("plan")
    told = cast("list[object]", listed)[:STEPS] if isinstance(listed, list) else []
    steps = [cast("Json", one) for one in told if isinstance(one, dict)]
    return tuple(
        (_text(one, "step"), _text(one, "status").replace("in_progress", "inProgress")) for one in steps
    )


def _explanation(payload: Json) -> str:
    return _text(_parsed(payload.get("arguments")), "explanation")


def _parsed(raw: object) -> Json:
    try:
        told: object = json.loads(raw) if isinstance(raw, str | bytes) else None
    except (ValueError, RecursionError):
        return {}
    return cast("Json", told) if isinstance(told, dict) else {}


def _member(told: Json, name: str) -> Json:
    value: object = told.get(name)
    return cast("Json", value) if isinstance(value, dict) else {}


def _text(told: Json, name: str) -> str:
    value: object = told.get(name)
    return value if isinstance(value, str) else ""
