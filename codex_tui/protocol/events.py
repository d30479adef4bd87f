"""Events: everything that can happen to the session's state, in one union.

The engine room yields them (older engines are translated into the same ones), the host
adds what the person did, and `session.reducer` is their only consumer. Times are
monotonic seconds of the client's injected clock unless a name ends in `_ms`.

Named tuples, because they are made and loaded several times faster than frozen dataclasses:
24,000 a second pass in a flood, and the first answer waits for this module. Tell them apart by
type; two of different types may compare equal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from codex_tui.protocol.base import JsonObject, RequestId, Wire


class Notified(NamedTuple):
    """A notification with a model of its own (see `registry.NOTIFICATIONS`)."""

    method: str
    params: Wire
    emitted_at_ms: int | None = None


class UnknownNotified(NamedTuple):
    """A notification nobody knows, or whose members do not fit its model; kept raw."""

    method: str
    params: JsonObject
    problem: str = ""


class Asked(NamedTuple):
    """A server request. `params` is None when its method is unknown or its members do not fit."""

    generation: int
    request_id: RequestId
    method: str
    params: Wire | None
    raw: JsonObject
    received: float


class Answered(NamedTuple):
    """This client answered a server request; `outcome` is a word for the transcript (accept, decline, …).

    `alone` says that no person was asked.
    """

    generation: int
    request_id: RequestId
    outcome: str
    alone: bool = False


class ThreadOpened(NamedTuple):
    """A thread was started, resumed or forked; `result` is that request's result.

    `turns` are its known turns, oldest first (empty for a new thread).
    """

    result: Wire
    how: str  # started, resumed, forked
    turns: tuple[Wire, ...] = ()


class OlderTurns(NamedTuple):
    """Turns of an open thread from before those that are known, oldest first (`thread/turns/list`).

    `cursor`: of what stands above them, None at the beginning; `coming`: that is asked for already.
    """

    thread_id: str
    turns: tuple[Wire, ...]
    cursor: str | None = None
    coming: bool = False


class OlderSought(NamedTuple):
    """Turns from above were asked for, or, with `why` (foreign), could not be had.

    `lost`: the engine does not know the cursor any more.
    """

    thread_id: str
    why: str = ""
    lost: bool = False


class RecalledPlan(NamedTuple):
    """A plan that a thread's file tells. `steps`: each with its status, as on the wire. `turn_id` is ""
    where the file names no turns: then `back` prompts came after. `before`: the item that followed, or ""."""

    steps: tuple[tuple[str, str], ...]
    explanation: str
    turn_id: str
    back: int
    before: str


class PlansRecalled(NamedTuple):
    """The plans of a thread that was opened, oldest first; the engine's history has none."""

    thread_id: str
    plans: tuple[RecalledPlan, ...]


class AgentsListed(NamedTuple):
    """The threads of a thread's sub-agents, as the engine keeps them (`thread/list`)."""

    threads: tuple[Wire, ...]


class TurnsTakenBack(NamedTuple):
    """The engine has taken that turn and all after it out of the thread (`thread/revert`)."""

    thread_id: str
    before_turn_id: str


class ThreadShown(NamedTuple):
    """The person looks at another thread now, one that is open already."""

    thread_id: str


class PromptSent(NamedTuple):
    """A prompt left the composer; shown until the engine echoes an item with this `client_id`."""

    thread_id: str
    client_id: str
    text: str
    how: str  # turn, steer, queue
    at_ms: int


class PromptFailed(NamedTuple):
    """A prompt did not get through; its text goes back to the composer."""

    thread_id: str
    client_id: str
    reason: str


class EngineStarting(NamedTuple):
    generation: int
    path: str


class EngineReady(NamedTuple):
    generation: int
    version: str
    codex_home: str


class EngineStopped(NamedTuple):
    """The engine is gone. `expected` when this client asked for it. `stderr` are its last lines, raw."""

    generation: int
    reason: str
    exit_code: int | None
    stderr: tuple[str, ...] = ()
    expected: bool = False


class LineSkipped(NamedTuple):
    """A line from the engine that is no message. `sample` is its beginning, raw."""

    reason: str
    sample: str
    times: int = 1


class AccountKnown(NamedTuple):
    """The answer to `account/read`; `account` is None when nobody is logged in."""

    account: JsonObject | None
    requires_openai_auth: bool


class BranchSeen(NamedTuple):
    """The git branch of a thread's directory, as its `.git/HEAD` says; the engine tells it only late."""

    thread_id: str
    branch: str | None


class DenialApproved(NamedTuple):
    """The engine was told that the person approves, once, what its automatic reviewer denied."""

    thread_id: str
    review_id: str


class TerminalsListed(NamedTuple):
    """All background terminals of a thread, each a `terminals.BackgroundTerminal`, newest first."""

    thread_id: str
    terminals: tuple[Wire, ...]


class Remarked(NamedTuple):
    """Something this client has to say in the transcript: severity info, warning or error."""

    severity: str
    title: str
    detail: str = ""
    thread_id: str | None = None


Event = (
    Notified
    | UnknownNotified
    | Asked
    | Answered
    | ThreadOpened
    | OlderTurns
    | OlderSought
    | PlansRecalled
    | AgentsListed
    | ThreadShown
    | TurnsTakenBack
    | PromptSent
    | PromptFailed
    | EngineStarting
    | EngineReady
    | EngineStopped
    | LineSkipped
    | AccountKnown
    | BranchSeen
    | DenialApproved
    | TerminalsListed
    | Remarked
)

Json = dict[str, Any] | list[Any] | str | int | float | bool | None
