"""A scroll view of finished rows: full width, on their own ground, filtered already.

Textual's cache of styles knows a row by its place on screen, so each step of scrolling would make
all rows anew; and its own way of scrolling lays out the screen. Here a row is what it was.
"""

from __future__ import annotations

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


class Sheet(ScrollView, can_focus=False):
    """Shows `row(y)` for each row in sight. The bar is always there, so its size is never in question."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    def row(self, y: int, columns: int) -> Strip:
        """The row that stands at `y` of the view, `columns` wide."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        return self.row(y, self._columns)

    def render_lines(self, crop: Region) -> list[Strip]:
        columns = self._columns
        strips = [self.row(y, columns) for y in crop.line_range]
        if crop.column_span != (0, columns):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    @property
    def _columns(self) -> int:
        return max(1, self.scrollable_content_region.width)

    @property
    def _rows_high(self) -> int:
        return max(1, self.scrollable_content_region.height)

    @property
    def _top(self) -> int:
        return round(self.scroll_y)

    def _rows_from(self, top: int) -> range:
        """The rows of a screen that begins at `top`."""
        return range(max(0, top), min(top + self._rows_high, self.virtual_size.height))

    def _reach(self, rows: int) -> None:
        """It has so many rows now."""
        self.set_reactive(Widget.virtual_size, Size(self._columns, rows))  # pyright: ignore[reportArgumentType]
        bar = self.vertical_scrollbar
        bar.window_virtual_size, bar.window_size = rows, self._rows_high

    def _scroll(self, top: int) -> None:
        """Row `top` to the top, or what is nearest to it."""
        top = max(0, min(top, self.virtual_size.height - self._rows_high))
        if top != self._top:
            before, now = self.scroll_y, float(top)
            self.set_reactive(Widget.scroll_y, now)  # pyright: ignore[reportArgumentType]
            self.set_reactive(Widget.scroll_target_y, now)  # pyright: ignore[reportArgumentType]
            self.vertical_scrollbar.position = top
            self.refresh()
            self.scrolled(before, now)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel or the bar moved it."""
        super().watch_scroll_y(old_value, new_value)
        self.scrolled(old_value, new_value)

    def scrolled(self, before: float, now: float) -> None:
        """Another row is at the top."""
