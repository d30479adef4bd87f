"""The list of threads: only the rows in sight are painted, however many there are."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.screens.history.facts import entry_parts
from codex_tui.text import own

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events

    from codex_tui.history import Entry, Listing
    from codex_tui.paint.look import Marks


class EntryList(ScrollView, can_focus=True):
    """One thread a row. The chosen one stays chosen while others come and go."""

    class Moved(Message):
        """Another thread is chosen, or none."""

    class Taken(Message):
        """The person clicked on the chosen thread."""

    def __init__(self, listing: Listing, *, marks: Marks, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._listing = listing
        self._marks = marks
        self._now = now
        self._entries: Sequence[Entry] = ()
        self._snippets: Mapping[str, str] = {}
        self.at = 0

    @property
    def chosen(self) -> Entry | None:
        """The thread under the mark."""
        return self._entries[self.at] if self._entries else None

    def show(
        self, entries: Sequence[Entry], listing: Listing, snippets: Mapping[str, str], *, anew: bool
    ) -> None:
        """List `entries`; `anew` begins at the top, else the chosen thread stays chosen."""
        before = self.chosen
        self._entries, self._listing, self._snippets = entries, listing, snippets
        place = 0
        if not anew and before is not None:
            place = next((at for at, one in enumerate(entries) if one.id == before.id), self.at)
        self.at = max(0, min(place, len(entries) - 1))
        self.virtual_size = Size(self.size.width, len(entries))
        self._reveal()
        self.refresh()
        if self.chosen != before:
            self.post_message(self.Moved())

    def move(self, rows: int) -> None:
        """Choose another thread, so many rows further down."""
        at = max(0, min(self.at + rows, len(self._entries) - 1))
        if at != self.at and self._entries:
            self.at = at
            self._reveal()
            self.refresh()
            self.post_message(self.Moved())

    @property
    def page(self) -> int:
        return max(1, self.size.height - 1)

    def on_mount(self) -> None:
        follow_theme(self, self.refresh)

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._entries))
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        row = place.y + self.scroll_offset.y if place is not None else -1
        if 0 <= row < len(self._entries):
            if row == self.at and event.chain > 1:
                self.post_message(self.Taken())
            self.move(row - self.at)

    def _reveal(self) -> None:
        top, high = self.scroll_offset.y, max(1, self.size.height)
        if not top <= self.at < top + high:
            self.scroll_to(y=self.at if self.at < top else self.at - high + 1, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        width = self.size.width
        palette = palette_of(self)
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        if row >= len(self._entries):
            return Strip.blank(width, back)
        entry = self._entries[row]
        is_chosen = row == self.at
        if is_chosen:
            back += palette.selected
        parts = entry_parts(
            entry, self._listing, self._now(), max(1, width - 4), self._snippets.get(entry.id)
        )
        mark = self._marks.folded if is_chosen else own(" ")
        segments = [Segment(f" {mark} ", back + palette.accent)]
        segments += [Segment(text, back + getattr(palette, role)) for text, role in parts if text]
        return Strip(segments).adjust_cell_length(width, back)
