"""Rows to choose from, for the picker and for going back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from codex_tui.paint.look import Palette
from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.text import SafeText, own, shorten

if TYPE_CHECKING:
    from textual import events

    from codex_tui.paint.look import Marks
    from codex_tui.panes.status.parts import Part

Paint = Callable[[int, int], Sequence["Part"]]
"""Row and width to what the row says."""

BESIDE = 5
"""Cells of a row that are not its own: the mark between blanks, a blank and the scroll bar."""


class Choices(ScrollView, can_focus=False, inherit_bindings=False):
    """Rows one of which is chosen; only those in sight are painted.

    `empty` stands where there are none. Its style must always show the scroll bar, so that rows that
    come and go are no new layout. Keys are the screen's: those of a scroll view would move the rows
    under the mark.
    """

    class Taken(Message):
        """The person clicked on the chosen row once more."""

    class Moved(Message):
        """Another row is chosen."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self._palette = Palette()
        self._count = 0
        self._paint: Paint = lambda _row, _width: []
        self.empty: SafeText = own("")
        self.at = 0

    def show(self, count: int, paint: Paint, at: int = 0) -> None:
        """So many rows; `at` is chosen."""
        self._count, self._paint = count, paint
        self.at = max(0, min(at, count - 1))
        self._measure()
        self.refresh()

    def move(self, rows: int) -> None:
        """Choose another row, so many further down."""
        before, self.at = self.at, max(0, min(self.at + rows, self._count - 1))
        if self.at != before:
            self._reveal()
            self.refresh_lines(before)
            self.refresh_lines(self.at)
            self.post_message(self.Moved())

    @property
    def page(self) -> int:
        return max(1, self.size.height - 1)

    def on_mount(self) -> None:
        follow_theme(self, self._recolour)
        self._recolour()

    def on_resize(self) -> None:
        self._measure()

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        row = place.y + self.scroll_offset.y if place is not None else -1
        if 0 <= row < self._count:
            if row == self.at and event.chain > 1:
                self.post_message(self.Taken())
            self.move(row - self.at)

    def _recolour(self) -> None:
        self._palette = palette_of(self)
        self.refresh()

    def _measure(self) -> None:
        """Tell the scroll bar how many there are, and keep the chosen one in sight."""
        size = Size(self.size.width, self._count)
        self.set_reactive(Widget.virtual_size, size)  # pyright: ignore[reportArgumentType]
        bar = self.vertical_scrollbar
        bar.window_virtual_size, bar.window_size = self._count, self.size.height
        self._reveal()

    def _reveal(self) -> None:
        high = max(1, self.size.height)
        top = max(self.at - high + 1, min(self.scroll_offset.y, self.at, max(0, self._count - high)))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        row, width = y + self.scroll_offset.y, self.size.width
        palette = self._palette
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        if row == 0 == self._count:
            empty = shorten(self.empty, max(1, width - BESIDE), self._marks.ellipsis)
            return Strip([Segment(f"   {empty}", back + palette.dim)]).adjust_cell_length(width, back)
        if row >= self._count:
            return Strip.blank(width, back)
        is_chosen = row == self.at
        if is_chosen:
            back += palette.selected
        mark = self._marks.folded if is_chosen else own(" ")
        segments = [Segment(f" {mark} ", back + palette.accent)]
        parts = self._paint(row, max(1, width - BESIDE))
        segments += [Segment(text, back + getattr(palette, role)) for text, role in parts if text]
        return Strip(segments).adjust_cell_length(width, back)
