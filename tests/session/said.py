"""Short ways to say what the engine says, through the same parsing as its real lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codex_tui.protocol.events import Asked, Event, Notified, ThreadOpened, UnknownNotified
from codex_tui.protocol.registry import notified, parse_request, parse_result
from codex_tui.session.reducer.dispatch import take
from codex_tui.session.state import Change, State
from codex_tui.session.transcript import Item, Turn

Said = Notified | UnknownNotified

THREAD = "th"


def say(method: str, **params: Any) -> Said:
    return notified(method, {"threadId": THREAD, **params})


def known(method: str, **params: Any) -> Notified:
    """As `say`, but the message must fit its model."""
    event = say(method, **params)
    assert isinstance(event, Notified), event
    return event


def turn_started(turn: str = "t1", thread: str = THREAD) -> Said:
    body: dict[str, Any] = {"id": turn, "items": [], "status": "inProgress", "startedAt": 100}
    return say("turn/started", threadId=thread, turn=body)


def turn_completed(
    turn: str = "t1", status: str = "completed", error: str | None = None, **more: Any
) -> Said:
    body: dict[str, Any] = {"id": turn, "items": [], "status": status, "completedAt": 107, "durationMs": 7000}
    if error is not None:
        body["error"] = {"message": error, "codexErrorInfo": "other", "additionalDetails": None}
    return say("turn/completed", turn=body, **more)


def item(kind: str, name: str, /, **members: Any) -> dict[str, Any]:
    return {"type": kind, "id": name, **members}


def message(name: str, text: str = "") -> dict[str, Any]:
    return item("agentMessage", name, text=text)


def command(name: str, output: str | None = None, status: str = "inProgress") -> dict[str, Any]:
    return item("commandExecution", name, command="ls", cwd="/", status=status, aggregatedOutput=output)


def patch(name: str, status: str = "inProgress", path: str = "/a") -> dict[str, Any]:
    change = {"path": path, "kind": {"type": "add"}, "diff": "one\n"}
    return item("fileChange", name, changes=[change], status=status)


def started(body: dict[str, Any], turn: str = "t1", **more: Any) -> Said:
    return say("item/started", turnId=turn, item=body, startedAtMs=1, **more)


def completed(body: dict[str, Any], turn: str = "t1", **more: Any) -> Said:
    return say("item/completed", turnId=turn, item=body, completedAtMs=2, **more)


def delta(name: str, text: str, turn: str = "t1", kind: str = "agentMessage/delta", **more: Any) -> Said:
    return say(f"item/{kind}", turnId=turn, itemId=name, delta=text, **more)


def output(name: str, text: str, turn: str = "t1") -> Said:
    return delta(name, text, turn, "commandExecution/outputDelta")


def failure(text: str, turn: str = "t1", *, retry: bool) -> Said:
    error = {"message": text, "codexErrorInfo": {"responseStreamDisconnected": {"httpStatusCode": 500}}}
    return say("error", turnId=turn, error=error, willRetry=retry)


def status(word: str, *flags: str, thread: str = THREAD) -> Said:
    body: dict[str, Any] = {"type": word}
    if word == "active":
        body["activeFlags"] = list(flags)
    return say("thread/status/changed", threadId=thread, status=body)


def asked(
    request_id: int | str = 0,
    item_id: str = "c",
    turn: str = "t1",
    generation: int = 1,
    method: str = "item/commandExecution/requestApproval",
) -> Asked:
    raw: dict[str, Any] = {"threadId": THREAD, "turnId": turn, "itemId": item_id, "command": "ls"}
    return Asked(generation, request_id, method, parse_request(method, raw), raw, 0.0)


def wire_turn(name: str, *items: dict[str, Any], status: str = "completed", **more: Any) -> dict[str, Any]:
    return {"id": name, "items": list(items), "status": status, "itemsView": "full", **more}


def opened(
    how: str = "started",
    *turns: dict[str, Any],
    thread: str = THREAD,
    idle: bool = True,
    ephemeral: bool = False,
) -> ThreadOpened:
    result = {
        "thread": {
            "id": thread,
            "preview": "hello",
            "cwd": "/work",
            "status": {"type": "idle" if idle else "active"},
            "gitInfo": {"branch": "main"},
            "ephemeral": ephemeral,
            "turns": list(turns),
        },
        "model": "gpt-x",
        "modelProvider": "openai",
        "cwd": "/work",
        "approvalPolicy": "on-request",
        "sandbox": {"type": "workspaceWrite"},
        "reasoningEffort": "high",
    }
    model: Any = parse_result("thread/resume", result)
    return ThreadOpened(model, how, model.thread.turns)


def after(*events: Event, state: State | None = None) -> State:
    """The state after those events; whatever raises, raises."""
    return last_step(*events, state=state)[0]


def last_step(*events: Event, state: State | None = None) -> tuple[State, Change]:
    """The state after those events, and what the last one changed."""
    state = state or State()
    change: Change = frozenset()
    for event in events:
        state, change = take(state, event)
    return state, change


def the_turn(state: State, turn: str = "t1", thread: str = THREAD) -> Turn:
    found = state.threads[thread].turns
    at = found.find(turn)
    assert at is not None, f"no turn {turn} among {[one.id for one in found]}"
    return found[at]


def the_item(state: State, name: str, turn: str = "t1", thread: str = THREAD) -> Item:
    items = the_turn(state, turn, thread).items
    at = items.find(name)
    assert at is not None, f"no item {name} among {[one.id for one in items]}"
    return items[at]


def bodies(items: Iterable[Item]) -> list[str]:
    return [one.body.type for one in items]


def body(found: Item) -> Any:
    """The body without its type: tests ask for members of the kind they know it to be."""
    return found.body
