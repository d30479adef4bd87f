"""The list of threads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from codex_tui.screens.history.facts import entry_parts
from codex_tui.screens.rows import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codex_tui.history import Entry, Listing
    from codex_tui.paint.look import Marks
    from codex_tui.panes.status.parts import Part


class EntryList(Choices, can_focus=True):
    """One thread a row. The chosen one stays chosen while others come and go."""

    def __init__(self, listing: Listing, *, marks: Marks, now: Callable[[], float] = time.time) -> None:
        super().__init__(marks)
        self._listing = listing
        self._now = now
        self._entries: Sequence[Entry] = ()
        self._snippets: Mapping[str, str] = {}
        self._sought = ""

    @property
    def chosen(self) -> Entry | None:
        """The thread under the mark."""
        return self._entries[self.at] if self._entries else None

    def fill(
        self,
        entries: Sequence[Entry],
        listing: Listing,
        snippets: Mapping[str, str],
        sought: str = "",
        *,
        anew: bool,
    ) -> None:
        """List `entries`; `anew` begins at the top, else the chosen thread stays chosen.

        `snippets` of a search for `sought`, by thread.
        """
        before, self._sought = self.chosen, sought
        self._entries, self._listing, self._snippets = entries, listing, snippets
        place = 0
        if not anew and before is not None:
            place = next((at for at, one in enumerate(entries) if one.id == before.id), self.at)
        self.show(len(entries), self._parts, place)
        if self.chosen != before:
            self.post_message(self.Moved())

    def _parts(self, row: int, width: int) -> list[Part]:
        entry = self._entries[row]
        return entry_parts(
            entry,
            self._listing,
            self._now(),
            width,
            self._marks,
            self._snippets.get(entry.id),
            self._sought,
        )
