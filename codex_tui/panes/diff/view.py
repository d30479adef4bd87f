"""The lines of a diff in a scroll view: only what is in sight is painted.

A cursor says which line is meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from codex_tui.paint.look import Look
from codex_tui.panes.colours import palette_of
from codex_tui.panes.diff.ahead import Ahead
from codex_tui.panes.diff.find import Marks
from codex_tui.panes.diff.page import Draft, Page, Place, Shape, Spot, key_of
from codex_tui.panes.diff.painter import Painter
from codex_tui.panes.diff.remarks import placed

if TYPE_CHECKING:
    from textual import events

    from codex_tui.diffs import FileDiff, Hunk
    from codex_tui.diffs.comments import Comment
    from codex_tui.panes.diff.find import Match
    from codex_tui.panes.diff.page import Anchor
    from codex_tui.text import SafeText

SPLIT_FROM = 120
"""Columns from which both sides stand beside each other by themselves."""
INLINE_LINES = 8_000
"""Lines that are laid out at once (under 50 ms); more go to a thread."""
LEAD = 3
"""Rows kept above a place that was jumped to."""


class DiffView(ScrollView, can_focus=False):
    """Shows files. What is on screen stays in place when the files, the size or the layout change."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    class Moved(Message):
        """The cursor is somewhere else, or the layout is there."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._files: Sequence[FileDiff] = ()
        self._page = Page((), Shape(1, False))
        self._painter = Painter(look)
        self._cursor = Place(0, 0)
        self._folded: set[str] = set()
        self._remarks: Sequence[Comment] = ()
        self._gone: Sequence[frozenset[int]] = ()  # for each file the hunks that were taken back
        self._marks = Marks()
        self._wanted: Match | None = None  # to go to when the layout is there
        self._split: bool | None = None  # None: by the width
        self._wrap = True
        self._shift = 0
        self._says: Sequence[SafeText] = ()
        self._order = 0  # the newest layout asked for
        self._ahead = Ahead(self, self._painted)
        self.busy = False
        self.active = False  # whether the keyboard is here

    # -- what it shows --------------------------------------------------------------------

    @property
    def files(self) -> Sequence[FileDiff]:
        return self._files

    @property
    def page(self) -> Page:
        return self._page

    @property
    def is_split(self) -> bool:
        return self.size.width >= SPLIT_FROM if self._split is None else self._split

    @property
    def wraps(self) -> bool:
        return self._wrap

    @property
    def spot(self) -> Spot | None:
        """Where the cursor is, None when there is nothing."""
        if not self._page.files:
            return None
        entry = self._page.entry(self._cursor)
        return Spot(self._cursor.file, entry.hunk, entry.line if entry.kind in ("line", "comment") else -1)

    @property
    def remark(self) -> int | None:
        """The index of the comment under the cursor."""
        if not self._page.files:
            return None
        entry = self._page.entry(self._cursor)
        return entry.comment if entry.kind == "comment" else None

    def hunk_at(self, spot: Spot) -> Hunk | None:
        """The hunk of a spot, None on a title."""
        return self.file_at(spot).hunks[spot.hunk] if spot.hunk >= 0 else None

    def file_at(self, spot: Spot) -> FileDiff:
        """The file of a spot: as it is on screen, newer files may still be laid out."""
        return self._page.files[spot.file].file

    def show(self, files: Sequence[FileDiff], says: Sequence[SafeText] = ()) -> None:
        """Show files; `says` is what stands there when there are none."""
        self._says = says
        self._wanted = None
        self._files = tuple(files)
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
            if look != self._painter.look:
                self._painter = Painter(look)
            self.refresh()

    @property
    def _columns(self) -> int:
        return max(1, self.scrollable_content_region.width)

    @property
    def _rows_high(self) -> int:
        return max(1, self.scrollable_content_region.height)

    # -- layout ---------------------------------------------------------------------------

    def on_mount(self) -> None:
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
        self.busy = True
        self.post_message(self.Moved())
        self.run_worker(self._lay_out_apart(self._order, draft), group="layout", exclusive=True)

    async def _lay_out_apart(self, order: int, draft: Draft) -> None:
        page = await asyncio.to_thread(draft.lay_out)
        if order == self._order:
            self._take(page)

    def _take(self, page: Page) -> None:
        """Another layout: the line under the cursor stays where it is on screen."""
        old, self.busy = self._page, False
        anchor: Anchor | None = None
        above = 0
        if old.files:
            anchor = old.anchor(self._cursor)
            above = old.row(self._cursor) - self._top
        self._page = page
        self._repaint_later()
        self.virtual_size = Size(self._columns, max(1, page.rows))
        place = page.find_anchor(anchor) if anchor is not None and page.files else None
        if place is None:
            self._cursor = Place(0, 0)
            self._scroll(0)
        else:
            self._cursor = place
            self._scroll(page.row(place) - max(0, min(above, self._rows_high - 1)))
        if self._wanted is not None:
            self.go_to(self._wanted)
        self.refresh()
        self.post_message(self.Moved())

    # -- moving ---------------------------------------------------------------------------

    @property
    def _top(self) -> int:
        return round(self.scroll_y)

    def _scroll(self, top: int) -> None:
        top = max(0, min(top, self._page.rows - self._rows_high))
        self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def _put(self, place: Place, lead: int = 0) -> None:
        """Set the cursor and bring it in sight, if it is far with `lead` rows above it."""
        self._cursor = place
        page, high = self._page, self._rows_high
        row = page.row(place._replace(row=0))
        rows = page.entry(place).rows
        top = self._top
        if row < top or row + min(rows, high) > top + high:
            near = -high < row - top < 2 * high
            if near and not lead:
                top = row if row < top else row + min(rows, high) - high
            else:
                top = row - min(lead, high // 4)
            self._scroll(top)
        self.refresh()
        self.post_message(self.Moved())

    def _settle_cursor(self) -> None:
        """After scrolling: the cursor on a row that is in sight."""
        page = self._page
        if not page.files:
            return
        row, top = page.row(self._cursor._replace(row=0)), self._top
        last = row + page.entry(self._cursor).rows - 1
        if last < top or row >= top + self._rows_high:
            self._cursor = self._page.solid(page.place(top if last < top else top + self._rows_high - 1), 1)
        self.refresh()
        self.post_message(self.Moved())

    def move(self, step: int) -> None:
        """The cursor to the next line down (1) or up (-1); a line higher than the view scrolls first."""
        page = self._page
        if not page.files:
            return
        row, top, high = page.row(self._cursor._replace(row=0)), self._top, self._rows_high
        last = row + page.entry(self._cursor).rows - 1
        if (step > 0 and last >= top + high) or (step < 0 and row < top):
            self._scroll(top + step)
            self.post_message(self.Moved())
            return
        after = last + 1 if step > 0 else row - 1
        if not 0 <= after < page.rows:
            return
        place = self._page.solid(page.place(after), step)
        if place != self._cursor._replace(row=0):
            self._put(place)

    def turn(self, pages: int) -> None:
        """A screen down or up, the cursor with it."""
        page = self._page
        if not page.files:
            return
        step = pages * max(1, self._rows_high - 1)
        row = page.row(self._cursor._replace(row=0))
        self._scroll(self._top + step)
        self._cursor = self._page.solid(page.place(row + step), 1 if pages > 0 else -1)
        self._put(self._cursor)

    def to_start(self) -> None:
        if self._page.files:
            self._put(Place(0, 0))

    def to_end(self) -> None:
        if self._page.files:
            self._put(self._page.solid(self._page.place(self._page.rows - 1), -1))

    def go_to_file(self, index: int) -> None:
        """The cursor to the title of a file, which comes to the top."""
        if 0 <= index < len(self._page.files):
            self._cursor = Place(index, 0)
            self._scroll(self._page.row(self._cursor))
            self._put(self._cursor)

    def step_file(self, step: int) -> None:
        spot = self.spot
        if spot is None:
            return
        on_title = self._cursor.entry == 0
        self.go_to_file(spot.file if step < 0 and not on_title else max(0, spot.file + step))

    def step_hunk(self, step: int) -> None:
        """To the next hunk, or to the one before."""
        place = self._page.change_from(self._cursor._replace(row=0), step)
        if place is not None:
            self._put(place, LEAD)

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
        self._wanted = None
        self._put(self._page.line_place(match.file, match.hunk, match.line), LEAD)

    def sideways(self, step: int) -> None:
        if not self._wrap:
            self._shift = max(0, self._shift + step * max(8, self._columns // 3))
            self.refresh()

    # -- folds and layout by key ----------------------------------------------------------

    def toggle_file(self) -> None:
        spot = self.spot
        if spot is not None:
            self._folded ^= {key_of(self.file_at(spot))}
            self._cursor = Place(spot.file, 0)
            self._lay_out()
            self._put(self._cursor)

    def toggle_all(self) -> None:
        """Fold all files, or unfold them if all are."""
        keys = {key_of(file) for file in self._files}
        spot = self.spot
        if spot is not None:
            self._folded = set() if keys <= self._folded else keys
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

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        first = self._top + self._rows_high * (1 if new_value >= old_value else -1)
        self._ahead.want(range(max(0, first), min(first + self._rows_high, self._page.rows)))
        self._settle_cursor()

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

    def _painted(self, row: int) -> Sequence[Strip]:
        """All rows of what stands at a row of the page."""
        page = self._page
        if row >= page.rows:
            return ()
        return self._painter.rows(page, page.place(row), self._shift, self._marks, self._remarks)

    def render_line(self, y: int) -> Strip:
        width = self._columns
        if not self._page.files:
            return self._painter.empty(self._says, y, width)
        row = self._top + y
        if row >= self._page.rows:
            return self._painter.blank(width)
        place = self._page.place(row)
        strips = self._painted(row)
        strip = strips[min(place.row, len(strips) - 1)]
        if place[:2] == self._cursor[:2]:
            strip = self._painter.under_cursor(strip, self.active)
        return strip if strip.cell_length == width else strip.adjust_cell_length(width)
