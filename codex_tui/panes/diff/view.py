"""The lines of a diff in a scroll view: only what is in sight is painted.

A cursor says which line is meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from textual.geometry import Region

from codex_tui.paint.code import lexer_named
from codex_tui.paint.look import Look
from codex_tui.panes.colours import app_of, palette_of
from codex_tui.panes.diff.ahead import Ahead, Work
from codex_tui.panes.diff.entries import Shape, fit_halves
from codex_tui.panes.diff.find import Marks
from codex_tui.panes.diff.page import Draft, Page, Place, Spot, key_of
from codex_tui.panes.diff.painter import Painter
from codex_tui.panes.diff.remarks import placed
from codex_tui.panes.diff.walk import LEAD, Walk

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from codex_tui.diffs import FileDiff
    from codex_tui.diffs.comments import Comment
    from codex_tui.panes.diff.find import Match
    from codex_tui.panes.diff.page import Anchor
    from codex_tui.text import SafeText

SPLIT_FROM = 120
"""Columns from which both sides stand beside each other by themselves."""
SPLIT_IF_SHORT = 88
"""The same for files most of whose lines fit into a half."""
INLINE_LINES = 8_000
"""Lines that are laid out at once (under 25 ms); more go to a thread."""
FIRST_LINES = 1_000
"""Lines of those that are on screen meanwhile: more than a screen and the one after it."""
SCREENS_AHEAD = 2
"""Screens that are painted before somebody turns to them: on a busy machine one is not always enough."""
FRESH = 4_000
"""Characters that are coloured within a frame (about 20 ms); the colours of more come after it."""


class DiffView(Walk, can_focus=False):
    """Shows files. What is on screen stays in place when the files, the size or the layout change."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._files: Sequence[FileDiff] = ()
        self._painter = Painter(look)
        self._folded: set[str] = set()
        self._remarks: Sequence[Comment] = ()
        self._gone: Sequence[frozenset[int]] = ()  # for each file the hunks that were taken back
        self._marks = Marks()
        self._wanted: Match | Literal["end"] | None = None  # to go to when the layout is there
        self._split: bool | None = None  # None: by the width, and by the lines' lengths
        self._fits: dict[int, bool] = {}  # whether they fit into halves of a width
        self._wrap = True
        self._shift = 0
        self._says: Sequence[SafeText] = ()
        self._order = 0  # the newest layout asked for
        self._ahead = Ahead(self, self._uncoloured, self._paint_ahead)
        self.busy = False
        self.active = False  # whether the keyboard is here

    # -- what it shows --------------------------------------------------------------------

    @property
    def files(self) -> Sequence[FileDiff]:
        return self._files

    @property
    def is_split(self) -> bool:
        return self.splits_in(self.size.width)

    def splits_in(self, width: int) -> bool:
        """Whether both sides would stand beside each other in so many columns."""
        if self._split is not None:
            return self._split
        if not SPLIT_IF_SHORT <= width < SPLIT_FROM:
            return width >= SPLIT_FROM
        if width not in self._fits:
            self._fits[width] = fit_halves(self._files, width)
        return self._fits[width]

    @property
    def wraps(self) -> bool:
        return self._wrap

    def show(self, files: Sequence[FileDiff], says: Sequence[SafeText] = ()) -> None:
        """Show files; `says` is what stands there when there are none."""
        self._says = says
        self._wanted = None
        self._files = tuple(files)
        self._fits.clear()
        self._lay_out()

    def mark(self, matches: Sequence[Match], current: Match | None) -> None:
        """Mark what was found, and go to one of it."""
        self._marks = Marks(matches, current)
        if current is not None:
            self.go_to(current)
        self.refresh()

    def remarks_at(self, remarks: Sequence[Comment]) -> None:
        """Show these comments below their lines."""
        self._remarks = tuple(remarks)
        self._lay_out()

    def taken_back(self, hunks: Sequence[frozenset[int]]) -> None:
        """Say of these hunks, for each file, that they were taken back."""
        if any(hunks) or any(self._gone):
            self._gone = hunks
            self._lay_out()

    def dress(self, look: Look) -> None:
        """Other colours or marks."""
        self._look = look
        self._repaint_later()

    def _repaint_later(self) -> None:
        if self.is_mounted and self.size:
            look = replace(self._look, palette=palette_of(self), width=self._columns)
            filters = tuple(self.get_line_filters())
            if (look, filters) != (self._painter.look, self._painter.filters):
                self._painter = Painter(look, filters, self.background_colors[1])
            self.refresh()

    # -- layout ---------------------------------------------------------------------------

    def on_mount(self) -> None:
        # What colours most files takes 40 ms to load: meanwhile, in a thread.
        asyncio.get_running_loop().run_in_executor(None, lexer_named, "python")
        self._repaint_later()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Lay the files out for the size there is; much of it in a thread."""
        if not self.is_mounted or not self.size:
            return
        self._order += 1
        draft = Draft(
            self._files,
            Shape(self._columns, self.is_split, self._wrap),
            frozenset(self._folded),
            placed(self._files, self._remarks, self._columns) if self._remarks else (),
            self._gone if len(self._gone) == len(self._files) else (),
            {id(page.file): page for page in self._page.files},
        )
        if draft.lines() <= INLINE_LINES:
            self._take(draft.lay_out())
            return
        begin = draft.begin(FIRST_LINES)
        if self._begins(begin):
            self._take(begin, busy=True)
        self.busy = True
        self.post_message(self.Moved())
        self.run_worker(self._lay_out_apart(self._order, draft), group="layout", exclusive=True)

    def _begins(self, page: Page) -> bool:
        """Whether the beginning of a page has what is read now, or that is gone."""
        old = self._page
        if not old.files or old.row(self._cursor) + self._rows_high < page.rows:
            return True
        path = old.files[self._cursor.file].file.path
        return all(file.path != path for file in self._files)

    async def _lay_out_apart(self, order: int, draft: Draft) -> None:
        page = await asyncio.to_thread(draft.lay_out)
        if order == self._order:
            self._take(page)

    def _take(self, page: Page, busy: bool = False) -> None:
        """Another layout: the line under the cursor stays where it is on screen."""
        old, self.busy = self._page, busy
        anchor: Anchor | None = None
        above = 0
        if old.files:
            anchor = old.anchor(self._cursor)
            above = old.row(self._cursor) - self._top
        self._page = page
        self._repaint_later()
        self._reach(max(1, page.rows))
        place = page.find_anchor(anchor) if anchor is not None and page.files else None
        if place is None:
            self._cursor = Place(0, 0)
            self._scroll(0)
        else:
            self._cursor = place
            self._scroll(page.row(place) - max(0, min(above, self._rows_high - 1)))
        wanted = self._wanted
        if wanted == "end":
            self.to_end()
        elif wanted is not None:
            self.go_to(wanted)
        self.refresh()
        self.look_ahead(1)
        self.post_message(self.Moved())

    # -- going to what was found, and sideways -------------------------------------------

    def to_end(self) -> None:
        """The cursor to the last line; if only the beginning is laid out, as soon as the rest is."""
        super().to_end()
        self._wanted = "end" if self.busy else None

    def _put(self, place: Place, lead: int = 0) -> None:
        self._wanted = None
        super()._put(place, lead)

    def go_to(self, match: Match) -> None:
        """The cursor to a match; its file unfolds."""
        file = self._files[match.file]
        if key_of(file) in self._folded:
            self._folded.discard(key_of(file))
            self._wanted = match
            self._lay_out()
            return
        if self.busy:
            self._wanted = match
            return
        self._put(self._page.line_place(match.file, match.hunk, match.line), LEAD)

    def sideways(self, step: int) -> None:
        if not self._wrap:
            self._shift = max(0, self._shift + step * max(8, self._columns // 3))
            self.refresh()

    # -- folds and layout by key ----------------------------------------------------------

    def toggle_file(self) -> None:
        spot = self.spot
        if spot is not None:
            self._fold(spot, self._folded ^ {key_of(self.file_at(spot))})

    def toggle_all(self) -> None:
        """Fold all files, or unfold them if all are."""
        keys = {key_of(file) for file in self._files}
        spot = self.spot
        if spot is not None:
            self._fold(spot, set() if keys <= self._folded else keys)

    def _fold(self, spot: Spot, folded: set[str]) -> None:
        self._folded = folded
        self._cursor = Place(spot.file, 0)
        self._lay_out()
        self._put(self._cursor)

    def toggle_split(self) -> None:
        self._split = not self.is_split
        self._lay_out()

    def toggle_wrap(self) -> None:
        self._wrap, self._shift = not self._wrap, 0
        self._lay_out()

    # -- mouse ----------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self._top + offset.y >= self._page.rows:
            return
        place = self._page.place(self._top + offset.y)
        on_title = self._page.entry(place).kind == "file"
        self._put(self._page.solid(place, 1))
        if on_title:
            self.toggle_file()

    # -- painting -------------------------------------------------------------------------

    def row(self, y: int, columns: int) -> Strip:
        strip = self._row(self._top + y) if self._page.files else self._painter.empty(self._says, y, columns)
        if strip.cell_length != columns:
            strip = strip.adjust_cell_length(columns)
        return self._painter.filtered(strip)

    def _row(self, row: int) -> Strip:
        """What stands at a row of the page."""
        if row >= self._page.rows:
            return self._painter.blank(self._columns)
        place = self._page.place(row)
        strips = self._painted(place)
        strip = strips[min(place.row, len(strips) - 1)]
        return self._painter.under_cursor(strip, self.active) if place[:2] == self._cursor[:2] else strip

    def render_lines(self, crop: Region) -> list[Strip]:
        painter = self._painter
        painter.begin(0 if self.busy else FRESH)  # beside a thread that lays out everything takes longer
        strips = super().render_lines(crop)
        if painter.owes:
            # What was not coloured in time is after this frame.
            self._ahead.want(self._rows_from(self._top), 0.0, self._coloured)
        painter.begin(None)
        return strips

    def _painted(self, place: Place) -> Sequence[Strip]:
        """All rows of what stands at a place."""
        return self._painter.rows(self._page, place, self._shift, self._marks, self._remarks)

    def look_ahead(self, step: int) -> None:
        high = self._rows_high
        first = self._top + high if step > 0 else self._top - 1
        rows = range(first, first + step * SCREENS_AHEAD * high, step)
        self._ahead.want([row for row in rows if 0 <= row < self._page.rows])

    def _coloured(self) -> None:
        self.refresh()
        self.look_ahead(1)

    def _uncoloured(self, row: int) -> Sequence[Work]:
        page = self._page
        return self._painter.uncoloured(page, page.place(row)) if row < page.rows else ()

    def _paint_ahead(self, row: int) -> None:
        if row < self._page.rows:
            self._painter.filtered(self._row(row)).render(app_of(self).console)  # which the strip remembers
