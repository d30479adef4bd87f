"""Warnings, errors and remarks: into the transcript they belong to, else into `state.notices`."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain, islice
from typing import Final, Literal

from codex_tui.protocol.account import LoginCompleted
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.deltas import StrictReviewRequired
from codex_tui.protocol.events import Notified, Remarked, UnknownNotified
from codex_tui.protocol.hooks import HookCompleted
from codex_tui.protocol.mcp import McpLoginCompleted, McpServerStatusUpdated
from codex_tui.protocol.notices import ConfigWarning, DeprecationNotice, GuardianWarned, Warned
from codex_tui.protocol.registry import ignores
from codex_tui.protocol.turns import AuthRecovery, ModelRerouted
from codex_tui.session.reducer.places import (
    Step,
    store_item,
    thread_of,
    turn_of,
    unchanged,
)
from codex_tui.session.state import NOTICES_KEPT, State, Touch
from codex_tui.session.transcript import NOTES, Item, Notice, Thread, Turn

RAW_KEPT: Final = 4000
"""Characters of an unknown message that are kept to look at: a screenful or two."""

LOOK_BACK: Final = 64
"""How many of the newest items a repeated notice is looked for in: engines repeat at once or not at all."""

Severity = Literal["info", "warning", "error"]


def note(
    state: State, notice: Notice, thread_id: str | None = None, turn_id: str = "", *, again: bool = False
) -> Step:
    """`notice` in that turn, else in the thread's running one, else between its turns; without a
    thread in `state.notices`. One that was just said is not said again, unless `again`."""
    if not thread_id:
        return note_outside(state, notice)
    thread = thread_of(state, thread_id)
    turn = _turn_for(thread, turn_id)
    if not again and _said(thread, turn, notice):
        return unchanged(state)
    item = Item(new_id(turn, "note"), turn.id, notice, "done")
    return store_item(state, thread, turn, item)


def note_outside(state: State, notice: Notice) -> Step:
    """`notice` in `state.notices`: once, and only the newest are kept."""
    if notice in state.notices:
        return unchanged(state)
    kept = (*state.notices, notice)[-NOTICES_KEPT:]
    return replace(state, notices=kept), frozenset({Touch("notices")})


def note_retry(state: State, notice: Notice, thread_id: str, turn_id: str) -> Step:
    """A notice that the turn tries again: in the place of the one before, if nothing was done since."""
    thread = thread_of(state, thread_id)
    turn = _turn_for(thread, turn_id)
    for old in islice(reversed(turn.items), LOOK_BACK):
        if old.id.startswith(RETRY):
            if old.body == notice:
                return unchanged(state)
            item = replace(old, body=notice, revision=old.revision + 1)
            return store_item(state, thread, turn, item)
        if old.phase != "dropped":
            break
    return store_item(state, thread, turn, Item(new_id(turn, RETRY), turn.id, notice, "done"))


RETRY: Final = "retry"
"""Ids of the items that hold a notice of a repeated attempt begin so."""


def _turn_for(thread: Thread, turn_id: str) -> Turn:
    turn = turn_of(thread, turn_id) if turn_id else None
    last = thread.turns[-1] if len(thread.turns) else None
    turn = turn or thread.running_turn or (last if last is not None and last.is_notes else None)
    return turn or Turn(f"{NOTES}{len(thread.turns)}", "completed")


def _said(thread: Thread, turn: Turn, notice: Notice) -> bool:
    """Errors are compared within their turn only: the next turn may fail for the same reason."""
    if notice.severity == "error":
        newest = reversed(turn.items)
    else:
        newest = chain.from_iterable(reversed(t.items) for t in reversed(thread.turns))
    return any(item.body == notice for item in islice(newest, LOOK_BACK))


def new_id(turn: Turn, word: str) -> str:
    """An id the engine does not use and that is new in `turn`, the same in every replay."""
    number = len(turn.items)
    while turn.items.find(f"{word}:{number}") is not None:
        number += 1
    return f"{word}:{number}"


def remarked(state: State, event: Remarked) -> Step:
    severity: Severity = (
        "error" if event.severity == "error" else "warning" if event.severity == "warning" else "info"
    )
    notice = Notice(severity, event.title, event.detail, "client")
    # In a thread that nobody knows nobody would see it.
    known = event.thread_id if event.thread_id in state.threads else None
    return note(state, notice, known or state.active_id, again=True)


def unknown(state: State, event: UnknownNotified) -> Step:
    """A message nobody knows, or that does not fit: kept to look at, outside the transcript."""
    if ignores(event.method) is not None:
        return unchanged(state)
    title = f"{event.method}: {event.problem}" if event.problem else event.method
    return note_outside(state, Notice("info", title, _raw(event.params), event.method))


def unfit(state: State, event: Notified) -> Step:
    """A known method with members of another kind; only a translator's mistake can make one."""
    title = f"{event.method}: {type(event.params).__name__} is not what this message holds"
    return note_outside(state, Notice("warning", title, "", event.method))


def _raw(params: JsonObject) -> str:
    try:
        return json.dumps(params, ensure_ascii=False, default=repr)[:RAW_KEPT]
    except (ValueError, TypeError, RecursionError):
        return ""


def warned(state: State, said: Warned) -> Step:
    return note(state, Notice("warning", said.message, "", "warning"), said.thread_id)


def guardian_warned(state: State, said: GuardianWarned) -> Step:
    return note(state, Notice("warning", said.message, "", "guardianWarning"), said.thread_id)


def config_warned(state: State, said: ConfigWarning) -> Step:
    """`configWarning`; with the file and the place in it when there is one."""
    where = said.path or ""
    if where and said.range is not None:
        where += f":{said.range.start.line}:{said.range.start.column}"
    detail = "\n".join(part for part in (said.details or "", where) if part)
    return note_outside(state, Notice("warning", said.summary, detail, "configWarning"))


def deprecated(state: State, said: DeprecationNotice) -> Step:
    return note_outside(state, Notice("info", said.summary, said.details or "", "deprecationNotice"))


def server_status(state: State, said: McpServerStatusUpdated) -> Step:
    """`mcpServer/startupStatus/updated`: only what went wrong is said."""
    if said.status not in ("failed", "cancelled"):
        return unchanged(state)
    title = f"MCP server {said.name} did not start"
    if said.failure_reason == "reauthenticationRequired":
        title = f"MCP server {said.name} needs a new login"
    notice = Notice("warning", title, said.error or "", "mcpServer/startupStatus/updated")
    return note(state, notice, said.thread_id)


def server_login(state: State, said: McpLoginCompleted) -> Step:
    if said.success:
        return unchanged(state)
    title = f"Login to MCP server {said.name} failed"
    return note(
        state, Notice("warning", title, said.error or "", "mcpServer/oauthLogin/completed"), said.thread_id
    )


def login_completed(state: State, said: LoginCompleted) -> Step:
    if said.success:
        return unchanged(state)
    return note_outside(state, Notice("error", "Login failed", said.error or "", "account/login/completed"))


def hook_completed(state: State, said: HookCompleted) -> Step:
    """`hook/completed`: only a hook that failed, blocked or stopped something is worth a line."""
    run = said.run
    if run.status in ("completed", "running"):
        return unchanged(state)
    words = [run.status_message or "", *(entry.text for entry in run.entries)]
    detail = "\n".join(part for part in (*words, run.source_path) if part)
    notice = Notice("warning", f"Hook {run.event_name}: {run.status}", detail, "hook/completed")
    return note(state, notice, said.thread_id, said.turn_id or "")


def rerouted(state: State, said: ModelRerouted) -> Step:
    title = f"Answered by {said.to_model} instead of {said.from_model}"
    notice = Notice("warning", title, said.reason, "model/rerouted")
    return note(state, notice, said.thread_id, said.turn_id)


def recovering(state: State, said: AuthRecovery) -> Step:
    notice = Notice("info", said.message or f"Login to {said.provider} is renewed", "", "modelProvider")
    return note(state, notice, said.thread_id, said.turn_id)


def strict_review(state: State, said: StrictReviewRequired) -> Step:
    title = "From here on the automatic reviewer looks at everything"
    notice = Notice("info", title, "", "autoApprovalReview/strictReviewRequired")
    return note(state, notice, said.thread_id, said.turn_id)
