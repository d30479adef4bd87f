"""Background terminals, as the engine lists them when asked."""

from __future__ import annotations

from dataclasses import replace

from codex_tui.protocol.events import TerminalsListed
from codex_tui.protocol.terminals import BackgroundTerminal
from codex_tui.session.reducer.places import Step, put_thread, unchanged
from codex_tui.session.state import State


def listed(state: State, event: TerminalsListed) -> Step:
    """The list replaces the one before. A thread nobody knows gets none."""
    thread = state.threads.get(event.thread_id)
    if thread is None:
        return unchanged(state)
    terminals = tuple(one for one in event.terminals if isinstance(one, BackgroundTerminal))
    return put_thread(state, replace(thread, terminals=terminals))
