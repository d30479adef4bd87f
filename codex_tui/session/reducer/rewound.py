"""Turns taken back: by this client, which knows which, or by another one."""

from __future__ import annotations

from dataclasses import replace

from codex_tui.protocol.events import TurnsTakenBack
from codex_tui.protocol.threads import ThreadReverted
from codex_tui.session.reducer.notices import note
from codex_tui.session.reducer.places import Step, put_thread, thread_of, unchanged
from codex_tui.session.series import Series
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import Notice


def taken_back(state: State, event: TurnsTakenBack) -> Step:
    """The turn and all after it are gone, also what was noted between them."""
    thread = state.threads.get(event.thread_id)
    at = thread.turns.find(event.before_turn_id) if thread is not None else None
    if thread is None:
        return unchanged(state)
    if at is not None:
        left = thread.turns[:at]
        ids = {turn.id for turn in thread.turns[at:]}
        denials = tuple(one for one in thread.denials if one.turn_id not in ids)
        thread = replace(thread, turns=Series(left), denials=denials)
    return put_thread(state, replace(thread, took_back=True), [Touch("threads", thread.id)])


def reverted(state: State, said: ThreadReverted) -> Step:
    """`thread/reverted` does not say which turns were taken back. Those of this client are gone
    already; after another one's the turns stay, and a notice says it."""
    thread = thread_of(state, said.thread_id)
    if thread.took_back:
        return put_thread(state, replace(thread, took_back=False))
    title = "Turns of this thread were taken back; files were not"
    return note(state, Notice("warning", title, "", "thread/reverted"), said.thread_id)
