"""The cursor of a diff: what it is on, and how keys move it. It is always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.message import Message

from codex_tui.panes.diff.entries import Shape
from codex_tui.panes.diff.page import Page, Place, Spot
from codex_tui.panes.diff.sheet import Sheet

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff, Hunk

LEAD = 3
"""Rows kept above a place that was jumped to."""


class Walk(Sheet, can_focus=False):
    """Goes about in a page."""

    class Moved(Message):
        """The cursor is somewhere else, or the layout is there."""

    def __init__(self) -> None:
        super().__init__()
        self._page = Page((), Shape(1, False))
        self._cursor = Place(0, 0)

    def look_ahead(self, step: int) -> None:
        """Have the next screen painted, or the one before."""
        raise NotImplementedError

    @property
    def page(self) -> Page:
        return self._page

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

    # -- moving ---------------------------------------------------------------------------

    def _put(self, place: Place, lead: int = 0) -> None:
        """Set the cursor and bring it in sight, if it is far with `lead` rows above it."""
        before, self._cursor = self._cursor, place
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
        self._repaint(before)
        self._repaint(place)
        self.post_message(self.Moved())

    def _repaint(self, place: Place) -> None:
        """Paint the rows of one entry anew."""
        if place.file < len(self._page.files) and place.entry < len(self._page.files[place.file].entries):
            y = self._page.row(place._replace(row=0)) - self._top
            self.refresh(Region(0, y, self._columns, self._page.entry(place).rows))

    def scrolled(self, before: float, now: float) -> None:
        """The cursor stays on a row that is in sight, and the next screen is painted soon."""
        page = self._page
        if not page.files:
            return
        self.look_ahead(1 if now >= before else -1)
        row, top = page.row(self._cursor._replace(row=0)), self._top
        last = row + page.entry(self._cursor).rows - 1
        if last < top or row >= top + self._rows_high:
            self._cursor = self._page.solid(page.place(top if last < top else top + self._rows_high - 1), 1)
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
        self._put(page.solid(page.place(row + step), 1 if pages > 0 else -1))

    def to_start(self) -> None:
        if self._page.files:
            self._put(Place(0, 0))

    def to_end(self) -> None:
        if self._page.files:
            self._put(self._page.solid(self._page.place(self._page.rows - 1), -1))

    def go_to_file(self, index: int) -> None:
        """The cursor to the title of a file, which comes to the top."""
        if 0 <= index < len(self._page.files):
            self._scroll(self._page.row(Place(index, 0)))
            self._put(Place(index, 0))

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
