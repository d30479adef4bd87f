"""What a search over all threads finds (`thread/search`)."""

from __future__ import annotations

from dataclasses import dataclass

from codex_tui.history.entries import Entry


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread, and a few foreign words around the place."""

    entry: Entry
    snippet: str
