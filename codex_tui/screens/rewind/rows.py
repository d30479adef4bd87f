"""The widgets of the rewind screen: rows to choose from, lines to read, and a few words below."""

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

from codex_tui.paint.lines import wrap
from codex_tui.paint.look import Look
from codex_tui.paint.sidebyside import plain_row
from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from textual import events

    from codex_tui.paint.look import Marks
    from codex_tui.panes.status.parts import Part

Paint = Callable[[int, int], Sequence["Part"]]
"""Row and width to what the row says."""


class Choices(ScrollView, can_focus=False):
    """Rows one of which is chosen; only those in sight are painted."""

    class Taken(Message):
        """The person clicked on the chosen row once more."""

    class Moved(Message):
        """A click chose another row."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self._count = 0
        self._paint: Paint = lambda _row, _width: []
        self.at = 0

    def show(self, count: int, paint: Paint, at: int = 0) -> None:
        """So many rows; `at` is chosen."""
        self._count, self._paint = count, paint
        self.at = max(0, min(at, count - 1))
        self.virtual_size = Size(self.size.width, count)
        self._reveal()
        self.refresh()

    def move(self, rows: int) -> None:
        """Choose another row, so many further down."""
        self.at = max(0, min(self.at + rows, self._count - 1))
        self._reveal()
        self.refresh()

    @property
    def page(self) -> int:
        return max(1, self.size.height - 1)

    def on_mount(self) -> None:
        follow_theme(self, self.refresh)

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, self._count)
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        row = place.y + self.scroll_offset.y if place is not None else -1
        if 0 <= row < self._count:
            if row == self.at and event.chain > 1:
                self.post_message(self.Taken())
            self.move(row - self.at)
            self.post_message(self.Moved())

    def _reveal(self) -> None:
        top, high = self.scroll_offset.y, max(1, self.size.height)
        if not top <= self.at < top + high:
            self.scroll_to(y=self.at if self.at < top else self.at - high + 1, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        row, width = y + self.scroll_offset.y, self.size.width
        palette = palette_of(self)
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        if row >= self._count:
            return Strip.blank(width, back)
        is_chosen = row == self.at
        if is_chosen:
            back += palette.selected
        mark = self._marks.folded if is_chosen else own(" ")
        segments = [Segment(f" {mark} ", back + palette.accent)]
        parts = self._paint(row, max(1, width - 5))
        segments += [Segment(text, back + getattr(palette, role)) for text, role in parts if text]
        return Strip(segments).adjust_cell_length(width, back)


class Sheet(ScrollView, can_focus=False):
    """Painted lines to scroll through."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._paint: Callable[[Look], Sequence[Strip]] = lambda _look: []
        self._strips: Sequence[Strip] = []

    def show(self, paint: Callable[[Look], Sequence[Strip]]) -> None:
        """Show what `paint` makes for the width there is, from its top."""
        self._paint = paint
        self._layout()
        self.scroll_to(y=0, animate=False, immediate=True)

    def move(self, rows: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, immediate=True)

    @property
    def page(self) -> int:
        return max(1, self.size.height - 1)

    def on_mount(self) -> None:
        follow_theme(self, self._layout)

    def on_resize(self) -> None:
        self._layout()

    def _layout(self) -> None:
        from dataclasses import replace

        if self.size.width:
            look = replace(self._look, width=self.size.width, palette=palette_of(self), fold="full")
            self._strips = self._paint(look)
            self.virtual_size = Size(self.size.width, len(self._strips))
            self.refresh()

    def render_line(self, y: int) -> Strip:
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        at = y + self.scroll_offset.y
        strip = self._strips[at] if at < len(self._strips) else Strip([])
        return strip.apply_style(back).adjust_cell_length(self.size.width, back)


class Words(Widget, can_focus=False):
    """A few lines of words, wrapped; warnings in their colour."""

    def __init__(self) -> None:
        super().__init__()
        self._says: Sequence[tuple[SafeText, bool]] = ()
        self._strips: list[Strip] = []

    def show(self, says: Sequence[tuple[SafeText, bool]]) -> None:
        self._says = says
        self._wrap()

    def on_mount(self) -> None:
        follow_theme(self, self._wrap)

    def on_resize(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        palette = palette_of(self)
        look = Look(width=self.size.width, palette=palette)
        strips: list[Strip] = []
        for text, warns in self._says:
            style = palette.warn if warns else palette.dim
            for row in wrap([(text, style)], max(8, self.size.width - 4)):
                strips.append(plain_row([(own("  "), style), *row], look))
        self._strips = strips
        self.styles.height = max(1, len(strips))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, back)
