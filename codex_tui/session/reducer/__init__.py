"""What has happened, one event at a time: `reduce(state, event)` gives the next state and what changed.

Pure, and total: no event raises. What the engine says that nobody knows becomes a notice.
"""

from __future__ import annotations

from collections.abc import Iterable

from codex_tui.protocol.events import Event
from codex_tui.session.reducer.dispatch import take
from codex_tui.session.reducer.notices import RAW_KEPT, note_outside
from codex_tui.session.reducer.places import unchanged
from codex_tui.session.reducer.streams import coalesce
from codex_tui.session.state import Change, State, Touch
from codex_tui.session.transcript import Notice

__all__ = ["coalesce", "reduce", "reduce_all"]


def reduce(state: State, event: Event) -> tuple[State, Change]:
    """The state after `event`, and what changed. Never raises; the same state means nothing changed."""
    try:
        return take(state, event)
    except Exception as problem:  # a mistake in here must not end the session
        title = f"{type(event).__name__} could not be taken in: {type(problem).__name__}"
        try:
            return note_outside(state, Notice("error", title, str(problem)[:RAW_KEPT], "client"))
        except Exception:
            return unchanged(state)


def reduce_all(state: State, events: Iterable[Event]) -> tuple[State, Change]:
    """The state after all of them, neighbouring pieces of one text taken as one, and all that changed."""
    touches: set[Touch] = set()
    for event in coalesce(events):
        state, change = reduce(state, event)
        touches |= change
    return state, frozenset(touches)
