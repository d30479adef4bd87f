"""Turns: their beginning, their end, and what belongs to one as a whole (diff, plan, error).

They also begin without a request of this client's (queue, goal, review, sub-agents), and a review
is announced under an id that it then never uses: its items make their turn, the other one stays
empty until the review ends.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from codex_tui.protocol.threads import ThreadCompacted
from codex_tui.protocol.turns import (
    ErrorNotified,
    TurnCompleted,
    TurnDiffUpdated,
    TurnError,
    TurnPlanUpdated,
    TurnStarted,
)
from codex_tui.session.reducer.items import open_turn
from codex_tui.session.reducer.notices import new_id, note, note_retry
from codex_tui.session.reducer.places import (
    RUNNING,
    UNUSED,
    Step,
    close_items,
    is_running,
    item_of,
    put_thread,
    store,
    store_item,
    thread_of,
    turn_of,
    unchanged,
)
from codex_tui.session.reducer.threads import lose_prompts
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import RECENT_TURNS, Checklist, Item, Notice, PlanStep, Thread, Turn

STREAMS = ("agentMessage", "reasoning", "plan")
"""Items a model call writes itself: a call that breaks off leaves them unfinished for good."""


def started(state: State, said: TurnStarted) -> Step:
    """`turn/started`. A turn that has ended stays ended."""
    thread = thread_of(state, said.thread_id)
    old = turn_of(thread, said.turn.id)
    began = milliseconds(said.turn.started_at)
    if old is None:
        return store(state, thread, Turn(said.turn.id, started_ms=began))
    if began is None or old.started_ms is not None:
        return unchanged(state)
    return store(state, thread, replace(old, started_ms=began))


def completed(state: State, said: TurnCompleted) -> Step:
    """`turn/completed`: what still runs in it is dropped, its questions are no longer waited for.

    Its `turn.items` are at most the last answer, so they are not looked at.
    """
    thread = thread_of(state, said.thread_id)
    told = said.turn
    ended = turn_of(thread, told.id) or Turn(told.id)
    touches = [Touch("item", thread.id, ended.id, item_id) for item_id in ended.running]
    new = replace(
        close_items(ended, ended.running),
        status=told.status if told.status != RUNNING else "completed",
        error=told.error.message if told.error else ended.error,
        started_ms=ended.started_ms if ended.started_ms is not None else milliseconds(told.started_at),
        completed_ms=milliseconds(told.completed_at) if told.completed_at is not None else ended.completed_ms,
        duration_ms=told.duration_ms if told.duration_ms is not None else ended.duration_ms,
    )
    change: frozenset[Touch] = frozenset()
    if new != ended or turn_of(thread, told.id) is None:
        state, change = store(state, thread, new, Touch("turn", thread.id, new.id), *touches)
    state, more = _close_empty(state, thread.id, new)
    change |= more
    inbox = state.inbox.turn_ended(thread.id, new.id)
    if len(inbox) != len(state.inbox):
        state, change = replace(state, inbox=inbox), change | {Touch("inbox")}
    if new.status != "completed":
        # Observed: a prompt that was to steer a turn is forgotten when that turn is cut off.
        state, more = put_thread(state, lose_prompts(state.threads[thread.id], "steer"))
        change |= more
    if told.error is not None and told.error.message:
        state, more = note(state, error_notice(told.error), thread.id, new.id)
        change |= more
    return state, change


def _close_empty(state: State, thread_id: str, ended: Turn) -> Step:
    """The turns that were announced and never used, now that the real one has ended."""
    thread, change = state.threads[thread_id], frozenset[Touch]()
    for turn in tuple(islice(reversed(thread.turns), RECENT_TURNS)):
        if turn.id != ended.id and is_running(turn) and not turn.items:
            closed = replace(turn, status=UNUSED)
            state, more = store(state, state.threads[thread_id], closed)
            change |= more
    return state, change


def interrupt(state: State, thread: Thread, turn: Turn) -> Step:
    """The state with that turn ended by the engine's end: what still runs in it is dropped."""
    touches = [Touch("item", thread.id, turn.id, item_id) for item_id in turn.running]
    new = replace(close_items(turn, turn.running), status="interrupted")
    return store(state, thread, new, Touch("turn", thread.id, turn.id), *touches)


def failed(state: State, said: ErrorNotified) -> Step:
    """`error`: the model call broke off. With `will_retry` its unfinished items will not go on: the
    next attempt writes new ones. Without it, `turn/completed` follows with the same error."""
    thread = thread_of(state, said.thread_id)
    turn = turn_of(thread, said.turn_id)
    change: frozenset[Touch] = frozenset()
    if turn is not None and (orphans := _streams(turn)):
        touches = [Touch("item", thread.id, turn.id, item_id) for item_id in orphans]
        state, change = store(state, thread, close_items(turn, orphans), *touches)
    if said.will_retry:
        notice = replace(error_notice(said.error), severity="warning", source="retry")
        state, more = note_retry(state, notice, said.thread_id, said.turn_id)
    else:
        state, more = note(state, error_notice(said.error), said.thread_id, said.turn_id)
    return state, change | more


def _streams(turn: Turn) -> tuple[str, ...]:
    items = (item_of(turn, item_id) for item_id in turn.running)
    return tuple(item.id for item in items if item is not None and item.body.type in STREAMS)


def error_notice(error: TurnError) -> Notice:
    """An error in words: what the provider said, what it adds, and the engine's word for it."""
    status = f"HTTP {error.http_status}" if error.http_status is not None else ""
    kind = error.kind if error.kind != "other" else ""
    detail = "\n".join(part for part in (error.additional_details or "", kind, status) if part)
    return Notice("error", error.message or kind or "The model call failed", detail, "error")


def compacted(state: State, said: ThreadCompacted) -> Step:
    """`thread/compacted` of older engines."""
    notice = Notice("info", "Context compacted", "", "thread/compacted")
    return note(state, notice, said.thread_id, said.turn_id)


def diff_updated(state: State, said: TurnDiffUpdated) -> Step:
    """`turn/diff/updated`: sent several times with the same diff."""
    thread = thread_of(state, said.thread_id)
    turn = turn_of(thread, said.turn_id) or Turn(said.turn_id)
    if turn.diff == said.diff:
        return unchanged(state)
    return store(state, thread, replace(turn, diff=said.diff))


def plan_updated(state: State, said: TurnPlanUpdated) -> Step:
    """`turn/plan/updated`: in the place of the plan before, if nothing came in between."""
    thread = thread_of(state, said.thread_id)
    turn = open_turn(thread, said.turn_id)
    steps = tuple(PlanStep(step.step, step.status) for step in said.plan)
    plan = Checklist(steps, said.explanation or "")
    last = turn.items[-1] if len(turn.items) else None
    if last is None or not isinstance(last.body, Checklist):
        return store_item(state, thread, turn, Item(new_id(turn, "plan"), turn.id, plan, "done"))
    if last.body == plan:
        return unchanged(state)
    return store_item(state, thread, turn, replace(last, body=plan, revision=last.revision + 1))


def milliseconds(seconds: int | None) -> int | None:
    return None if seconds is None else seconds * 1000
