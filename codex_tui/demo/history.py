"""What a request to the model tells about the conversation so far: the tour keeps no state of its own.

So a resumed thread, an edited past or a second window need no bookkeeping.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from codex_tui.demo.sse import JsonObject

Outcome = Literal["none", "ok", "failed", "declined"]
"""How the newest call of a scene ended; `none` if there was none."""

_CALL_ID = re.compile(r"(?P<scene>[a-z]+)-(?P<stage>\d+)-(?P<kind>[a-z]+)-\d+")
_EXIT = re.compile(r"exited with code (-?\d+)")


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call the tour made: `stage` counts from 0, `kind` is a word of the scene's choice."""

    scene: str
    stage: int
    kind: str
    outcome: Outcome
    output: str


@dataclass(frozen=True, slots=True)
class History:
    """`prompt` is the newest thing the person said, `calls` all calls ever made,
    `since` those made after the prompt. `length` is the number of input items."""

    prompt: str
    calls: tuple[Call, ...]
    since: tuple[Call, ...]
    length: int


def read_history(request: JsonObject) -> History:
    """The history in the body of `POST /v1/responses`."""
    items: list[JsonObject] = list(request.get("input") or [])
    outputs = {str(item.get("call_id")): _text(item.get("output")) for item in items if "output" in item}
    prompt, calls, since = "", list[Call](), list[Call]()
    for item in items:
        if item.get("type") == "message" and item.get("role") == "user":
            said = _text(item.get("content"))
            # The engine's own notes to the model stand in tags.
            if said and not said.lstrip().startswith("<"):
                prompt, since = said, []
        elif match := _CALL_ID.fullmatch(str(item.get("call_id", ""))):
            if "output" in item:
                continue
            output = outputs.get(match[0], "")
            call = Call(match["scene"], int(match["stage"]), match["kind"], outcome_of(output), output)
            calls.append(call)
            since.append(call)
    return History(prompt, tuple(calls), tuple(since), len(items))


def call_id(scene: str, stage: int, kind: str, history: History) -> str:
    """An id that tells a later request where the tour stands, and that no other call has."""
    return f"{scene}-{stage}-{kind}-{history.length}"


def outcome_of(output: str) -> Outcome:
    """How a call ended, from the words the engine gives to the model."""
    if not output or "rejected by user" in output or "aborted by user" in output:
        return "declined"
    if match := _EXIT.search(output):
        return "ok" if match[1] == "0" else "failed"
    return "ok" if "Success." in output or "Exit code: 0" in output or "Plan updated" in output else "failed"


def _text(content: object) -> str:
    """The text of a message's content or a call's output: a string, or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts: list[JsonObject] = [part for part in content if isinstance(part, dict)]  # pyright: ignore
        return "".join(str(part.get("text", "")) for part in parts)
    return ""
