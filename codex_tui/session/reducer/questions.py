"""The engine's questions to the person: they come, and go by an answer, by word of the engine, or
with their turn or engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.events import Answered, Asked
from codex_tui.protocol.notices import ServerRequestResolved
from codex_tui.session.inbox import Question
from codex_tui.session.reducer.places import Step, item_of, store_item, thread_of, turn_of, unchanged
from codex_tui.session.state import State, Touch

INBOX = Touch("inbox")


def asked(state: State, event: Asked) -> Step:
    """A server request that a person must answer. Even one about a turn that has ended is kept: a
    command that outlived its turn may ask, and waits for ever otherwise."""
    inside: Any = event.raw.get("params")
    raw = cast("JsonObject", inside) if isinstance(inside, dict) else event.raw
    question = Question(
        generation=event.generation,
        request_id=event.request_id,
        method=event.method,
        params=event.params,
        raw=event.raw,
        thread_id=_word(raw, "threadId", "conversationId"),
        turn_id=_word(raw, "turnId"),
        item_id=_word(raw, "itemId", "callId"),
        received=event.received,
    )
    inbox = state.inbox.add(question)
    if inbox is state.inbox:
        return unchanged(state)
    return replace(state, inbox=inbox), frozenset({INBOX})


def answered(state: State, event: Answered) -> Step:
    """This client's answer: the question goes, and its item says how it was answered."""
    key = (event.generation, type(event.request_id), event.request_id)
    question = state.inbox.find(key)
    if question is None:
        return unchanged(state)
    state = replace(state, inbox=state.inbox.close(key))
    if event.alone:
        engine = replace(state.engine, answered_alone=state.engine.answered_alone + 1)
        state = replace(state, engine=engine)
    thread = thread_of(state, question.thread_id or "")
    turn = turn_of(thread, question.turn_id or "")
    item = item_of(turn, question.item_id or "") if turn is not None else None
    if turn is None or item is None or item.outcome == event.outcome:
        return state, frozenset({INBOX})
    item = replace(item, outcome=event.outcome, revision=item.revision + 1)
    state, change = store_item(state, thread, turn, item)
    return state, change | {INBOX}


def resolved(state: State, said: ServerRequestResolved) -> Step:
    """`serverRequest/resolved`: answered by this client or another, or no longer waited for."""
    inbox = state.inbox.resolved(said.thread_id, said.request_id)
    if len(inbox) == len(state.inbox):
        return unchanged(state)
    return replace(state, inbox=inbox), frozenset({INBOX})


def _word(raw: JsonObject, *names: str) -> str | None:
    """The first of those members that is a string. The raw message is read, since one that does not
    fit its model still has its place in a thread."""
    return next((value for name in names if isinstance(value := raw.get(name), str)), None)
