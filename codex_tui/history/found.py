"""What a search over all threads finds (`thread/search`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.history.entries import Entry

if TYPE_CHECKING:
    from codex_tui.session.transcript import Thread


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread, and a few foreign words around the place."""

    entry: Entry
    snippet: str


@dataclass(frozen=True, slots=True)
class Peek:
    """A look into a thread: some of its turns, and at how many places the words that are looked for stand."""

    thread: Thread
    places: int = 0
