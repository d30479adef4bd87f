"""What the mouse does in the conversation: the wheel, clicks, and text that is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.selection import SelectEnd

from codex_tui.panes.chat.copying import Copying
from codex_tui.panes.chat.selection import line_at, line_of, selected_text, start_of, text_at, word_at

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Offset
    from textual.selection import Selection
    from textual.strip import Strip

    from codex_tui.panes.chat.finish import Span
    from codex_tui.panes.chat.layout import Slot
    from codex_tui.panes.chat.window import Row

WHEEL_ROWS = 3  # rows a notch of the wheel moves


class Pointed(Copying, can_focus=False):
    """The conversation under a mouse. A double click selects a word, a triple click a line."""

    _lines: list[Strip | None]
    _empty: bool
    _toggled: Slot | None = None  # what the last single click unfolded or folded
    _marking = False  # text is selected
    _owed = 0.0  # part of a row that a selection past the edge has still to scroll

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()  # else the base class scrolls too
        self._move(-WHEEL_ROWS)

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self._move(WHEEL_ROWS)

    def on_click(self, event: events.Click) -> None:
        """A click on an item that folds toggles it; one that ended a selection of text does not."""
        event.prevent_default()  # Textual would select all of the pane with a double click
        place = event.get_content_offset(self)
        if event.button != 1 or place is None:
            return
        if event.ctrl or event.meta:
            self._follow(place)
        elif event.chain == 1:
            self._toggled = None
            self._toggle_at(place.y)
        elif event.chain <= 3:
            self._select_at(place, line=event.chain == 3)

    def _row_at(self, y: int) -> Row | None:
        window = self._window
        if window is None or self._empty or not 0 <= y < len(window.rows):
            return None
        return window.rows[y]

    def _toggle_at(self, y: int) -> None:
        window, row = self._window, self._row_at(y)
        if window is None or row is None or row.strip is None or row.slot.item is None:
            return
        if self.text_selection is None and window.layout.painters.foldable(row.slot.cells[row.part]):
            window.toggle(row.slot)
            self._toggled = row.slot
            self._settle()

    def _select_at(self, place: Offset, line: bool) -> None:
        window = self._window
        if window is not None and (slot := self._toggled) is not None:
            # The first of these clicks was not meant to fold anything.
            self._toggled = None
            window.toggle(slot)
            self._settle()
        row = self._row_at(place.y)
        if window is None or row is None or row.strip is None:
            return
        found = line_at(window, row) if line else word_at(row, self._character(place))
        if found is not None:
            self.screen.selections = {self: found}

    def _follow(self, place: Offset) -> None:
        """Go where the text under the mouse leads: a file opens, an address is shown first."""
        window, row = self._window, self._row_at(place.y)
        if window is None or row is None or row.strip is None:
            return
        from codex_tui.panes.chat.links import link_at

        item = row.slot.item
        root = getattr(item.body, "cwd", "") if item is not None else ""
        link = link_at(*text_at(window, row, self._character(place)), root or self._look.root)
        if link is None:
            self.post_message(self.Says("that leads nowhere"))
        elif link.kind == "file":
            self.post_message(self.FileWanted(link.target, link.line))
        else:
            self.post_message(self.LinksWanted([link]))

    def _character(self, place: Offset) -> int:
        shown = self._lines[place.y]
        return len(shown.crop(0, place.x).text) if shown is not None else 0

    # -- selected text --------------------------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        if self._window is None:
            return None
        return selected_text(self._window, selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        if selection is not None and not self._marking:
            # Not here, where the screen is at work: what it sends does not come back up to it.
            self.call_next(lambda: self.post_message(self.Says("Ctrl+C copies what is selected")))
        self._marking = selection is not None
        self.refresh()

    def _marked(self, y: int) -> Span | None:
        """The characters of row `y` that are selected with the mouse."""
        row, selection = self._row_at(y), self.text_selection
        if row is None or selection is None:
            return None
        span = selection.get_span(line_of(row))
        return (max(span[0], start_of(row.strip)), span[1]) if span is not None else None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Somebody else moved the place that mirrors ours: Textual, when the mouse that selects comes
        to the edge. By parts of a row, which are saved up. What it does after another size is not for us."""
        window = self._window
        if window is None or self._empty:
            return
        if self.screen._select_state is None:  # pyright: ignore[reportPrivateUsage] - nobody selects
            self.set_reactive(type(self).scroll_y, old_value)
            return
        self._owed += new_value - old_value
        rows = int(self._owed)
        self._owed -= rows
        if rows:
            self._move(rows)
            self._extend_selection()
        else:
            self.set_reactive(type(self).scroll_y, old_value)

    def _extend_selection(self) -> None:
        """What scrolled under the resting mouse is selected too."""
        screen = self.screen
        state = screen._select_state  # pyright: ignore[reportPrivateUsage] - Textual's own, on scrolling
        if state is None:
            return
        at = self.app.mouse_position  # pyright: ignore[reportUnknownMemberType]
        widget, offset = screen.get_widget_and_offset_at(*at)
        if widget is self and offset is not None:
            end = SelectEnd(self, self, offset)
            screen._select_state = state.update_end(at, end)  # pyright: ignore[reportPrivateUsage]
