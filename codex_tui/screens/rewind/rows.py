"""The widgets of the rewind screen: lines to read, and a few words below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from codex_tui.paint.lines import wrap
from codex_tui.paint.look import Look
from codex_tui.paint.sidebyside import plain_row
from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.screens.rows import Choices
from codex_tui.text import SafeText, own

__all__ = ["Choices", "Sheet", "Words"]


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
