"""The chat pane: painted lines of one thread in a scroll view.

Nothing heavy is imported with this module: painters come in with the first transcript.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat.empty import paint_empty, paint_words
from codex_tui.panes.chat.finish import Finish
from codex_tui.panes.chat.layout import Layout, Painters
from codex_tui.panes.chat.margin import SPIN_SECONDS, Margin, spins
from codex_tui.panes.chat.pointer import Pointed
from codex_tui.panes.chat.selection import line_of
from codex_tui.panes.chat.window import FOLDS, Row, Window
from codex_tui.panes.colours import follow_theme, moves, palette_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from codex_tui.glimpse import Words
    from codex_tui.session.state import Change
    from codex_tui.session.transcript import Thread
    from codex_tui.text import SafeText

LEFT = 8
"""Threads whose place and folds are kept while others are on screen; a window holds what it has laid out."""


class ChatView(Pointed, can_focus=False):
    """The conversation. Follows the end until the reader leaves it, then holds still.

    `show` takes a whole thread, `apply` what changed in it. `following` and `new_below` (items
    that came or grew below since the reader left the end) are reactive; `Moved` tells the rule.
    """

    following: var[bool] = var(True)
    new_below: var[int] = var(0)

    class Moved(Message):
        """`following` or `new_below` changed."""

        def __init__(self, chat: ChatView) -> None:
            super().__init__()
            self.following = chat.following
            self.new_below = chat.new_below

    ALLOW_MAXIMIZE = False

    def __init__(
        self,
        look: Look | None = None,
        *,
        painters: Painters | None = None,
        greeting: Sequence[SafeText] = (),
        last_words: Callable[[], Sequence[Words]] = tuple,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`look`: marks, time zone and fold level to begin with; width and colours come from pane and theme.
        `greeting`: lines of an empty conversation before the key help. `painters`: `codex_tui.paint.cells`
        if not given. `last_words`: what is shown until the first thread is there; the keys, if nothing."""
        super().__init__(id=id, classes=classes)
        self._look = look or Look()
        self._painters = painters
        self._greeting = tuple(greeting)
        self._last_words = last_words
        self._left: dict[str, Window] = {}  # threads that were on screen before, as the reader left them
        self._empty = True
        self._waits = False  # the engine waits for the person, so nothing turns
        self._lines: list[Strip | None] = []  # what is on screen; None: a blank line
        self._finish = Finish()
        self._margin = Margin()
        self._spinning: set[int] = set()  # screen rows that carry a turning mark
        self._thumb = (0, 0, 0)  # the scroll bar's height, and its thumb's place and size
        self._tick = 0
        self._timer: Timer | None = None

    # -- what the store says --------------------------------------------------------------

    def show(self, thread: Thread | None) -> None:
        """Show all of `thread` anew, or the empty state. Another thread starts at its end, or where the
        reader left it."""
        if thread is not None:
            self._last_words = tuple
        if thread is None or not (len(thread.turns) or thread.pending):
            # Nothing to paint, so the painters are not loaded yet.
            self.end_search(give_back=False)
            if thread is None or thread.id != self._shown_id:
                self._leave()  # in one that was emptied there is no place to come back to
            self._window, self._shown_id, self._empty = None, None, True
            self._settle()
            return
        if self._window is None or thread.id != self._shown_id:
            self.end_search(give_back=False)
            self._leave()
            self._sought = None
            self._window = self._come_back(thread.id)
            self._shown_id = thread.id
        self._waits = _waits(thread)
        self._root_at(thread.settings.cwd)
        self._window.load(thread)
        self._empty = not self._window.layout.slots
        self._settle()

    def _leave(self) -> None:
        """Keep the place in the thread on screen."""
        if self._window is not None and self._shown_id is not None:
            self._left[self._shown_id] = self._window
            for gone in list(self._left)[:-LEFT]:
                del self._left[gone]

    def _come_back(self, thread_id: str) -> Window:
        """The window of a thread, at the place where it was left."""
        look = self._sized_look()
        window = self._left.pop(thread_id, None)
        if window is None:
            return Window(Layout(self._get_painters(), look), self._rows_high)
        window.resize(look.width, self._rows_high)
        if window.layout.look.fold != look.fold:
            window.fold(look.fold)
        window.dress(look)
        return window

    def apply(self, thread: Thread, change: Change) -> None:
        """Show what `change` touched of `thread`; another thread than before is shown as a whole."""
        if self._window is None or thread.id != self._shown_id:
            self.show(thread)
            return
        self._waits = _waits(thread)
        self._root_at(thread.settings.cwd)
        self._window.take(thread, change)
        self._search_again(thread.id, change)
        self._jump_on()
        self._empty = not self._window.layout.slots
        self._settle()

    def look_again(self) -> None:
        """The last words have come."""
        if self._window is None:
            self._settle()

    def dress(self, look: Look) -> None:
        """Other marks or another time zone; width, fold level and the theme's colours stay."""
        self._look = replace(look, fold=self._look.fold, palette=palette_of(self))
        if self._window is not None:
            self._window.dress(self._look)
        self._settle(anew=True)

    def _root_at(self, directory: str) -> None:
        """Paths below the thread's directory are shown relative to it."""
        if directory != self._look.root:
            self._look = replace(self._look, root=directory)
            if self._window is not None:
                self._window.dress(self._look)

    @property
    def fold(self) -> Fold:
        """The pane's fold level."""
        return self._look.fold

    def cycle_fold(self) -> Fold:
        """Brief, normal, everything, and round again; returns the new level."""
        level = FOLDS[(FOLDS.index(self._look.fold) + 1) % len(FOLDS)]
        self._look = replace(self._look, fold=level)
        if self._window is not None:
            self._window.fold(level)
            self._settle()
        return level

    def on_mount(self) -> None:
        follow_theme(self, lambda: self.dress(self._look))
        self.dress(self._look)

    # -- size and scroll bar --------------------------------------------------------------

    def on_resize(self) -> None:
        if self._window is not None:
            self._window.resize(self._columns, self._rows_high)
        self._settle(anew=True)

    def scroll_to(self, x: float | None = None, y: float | None = None, **_how: Any) -> None:
        """To a line of the whole (the scroll bar ends here). Never animated, never sideways."""
        if y is not None and self._window is not None:
            self._window.jump(round(y))
            self._settle()

    # -- painting -------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        # Of the selection's style the background alone: the theme's text colour for it is see-through.
        selected = Style(bgcolor=self.screen.get_component_rich_style("screen--selection").bgcolor)
        self._finish.set(self.size.width, self.background_colors[1], self.get_line_filters(), selected)
        lines = self._lines
        strips = [
            self._finish.row(lines[y] if y < len(lines) else None, self._marked(y)) for y in crop.line_range
        ]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Row `y` with the offsets that Textual asks for when text is selected with the mouse."""
        strip = self._lines[y] if y < len(self._lines) else None
        if self._window is None or self._empty or y >= len(self._window.rows):
            return strip or Strip.blank(self._columns)
        line = line_of(self._window.rows[y])
        return (strip or Strip.blank(1)).apply_offsets(0, line)

    @property
    def _columns(self) -> int:
        return max(1, self.scrollable_content_region.width)

    @property
    def _rows_high(self) -> int:
        return max(1, self.scrollable_content_region.height)

    def _sized_look(self) -> Look:
        return replace(self._look, width=self._columns)

    def _get_painters(self) -> Painters:
        if self._painters is None:
            from codex_tui.panes.chat import painters

            self._painters = painters
        return self._painters

    def _settle(self, anew: bool = False) -> None:
        """Make the next frame and repaint the rows that differ from the one on screen."""
        if not self.is_mounted or not self.size:
            return
        if anew and self._finder is not None:
            self._finder.forget()
        if self._window is None or self._empty:
            look = self._sized_look()
            words = self._last_words()[: self._rows_high]
            lines: list[Strip | None] = [
                *(paint_words(words, look) if words else paint_empty(look, self._rows_high, self._greeting))
            ]
            self._spinning = set()
            self._mirror_scroll(None)
            self._tell(None)
        else:
            rows = self._window.frame()
            self._spinning = set() if self._waits else {y for y, row in enumerate(rows) if spins(row)}
            lines = [self._line(y, row) for y, row in enumerate(rows)]
            self._mirror_scroll(self._window)
            self._tell(self._window)
            self._look_above()
        self._run_timer()
        old, self._lines = self._lines, lines
        self._repaint(old, anew)

    def _line(self, y: int, row: Row) -> Strip | None:
        """A row with its marks in the margin."""
        window = self._window
        if window is None:
            return row.strip
        chosen = row.slot.key == window.selected and (row.strip is not None or row.part > 0)
        tick = self._tick if y in self._spinning else None
        strip = self._margin.row(row.strip, window.layout.look, tick, chosen)
        return self._finder.mark(row, strip, window.layout.look) if self._finder is not None else strip

    def _repaint(self, old: list[Strip | None], anew: bool) -> None:
        new = self._lines
        if anew:
            self._finish.clear()
            self._margin.clear()
        elif len(self._finish) > 4 * self._rows_high:
            self._finish.keep(new)
            self._margin.clear()
        changed = [
            y
            for y in range(max(len(old), len(new)))
            if (old[y] if y < len(old) else None) is not (new[y] if y < len(new) else None)
        ]
        if anew or len(changed) * 2 > self._rows_high:
            self.refresh()
        elif changed:
            columns = self._columns  # worked out anew on each look
            self.refresh(*(Region(0, y, columns, 1) for y in changed))

    def _mirror_scroll(self, window: Window | None) -> None:
        """Tell the scroll bar where we are. No layout: the pane's size does not depend on its content."""
        high = self._rows_high
        total = max(1, window.layout.heights.total) if window is not None else 1
        top = min(window.top_line, max(0, total - high)) if window is not None else 0
        self.set_reactive(Widget.virtual_size, Size(self._columns, total))  # pyright: ignore[reportArgumentType]
        self.set_reactive(Widget.scroll_y, float(top))  # pyright: ignore[reportArgumentType]
        self.set_reactive(Widget.scroll_target_y, float(top))  # pyright: ignore[reportArgumentType]
        thumb = (high, high * top // total, high * high // total)
        if thumb != self._thumb or window is None or not window.following:
            # A bar that is painted anew for every delta costs more than the text.
            self._thumb = thumb
            bar = self.vertical_scrollbar
            bar.window_virtual_size, bar.window_size, bar.position = total, high, top

    def _tell(self, window: Window | None) -> None:
        now = (window.following, window.new_below) if window is not None else (True, 0)
        if now != (self.following, self.new_below):
            self.following, self.new_below = now
            self.post_message(self.Moved(self))

    # -- the turning mark of what runs ----------------------------------------------------

    def _run_timer(self) -> None:
        wanted = bool(self._spinning) and moves(self)
        if wanted and self._timer is None:
            self._timer = self.set_interval(SPIN_SECONDS, self._turn)
        elif not wanted and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _turn(self) -> None:
        self._tick += 1
        if self._window is None:
            return
        for y in self._spinning:
            if y < len(self._window.rows):
                self._lines[y] = self._line(y, self._window.rows[y])
                self.refresh(Region(0, y, 2, 1))


def _waits(thread: Thread) -> bool:
    return any(flag.startswith("waitingOn") for flag in thread.flags)
