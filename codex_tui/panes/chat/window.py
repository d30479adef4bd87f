"""The part of the conversation that is in sight: follows the end, or holds still where somebody reads.

What is held is a place (slot, part, row), not a line number: heights above may turn out other
than guessed without anything moving on screen. No widget here; the view asks for a frame.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat.anchor import Anchor, anchor_at
from codex_tui.panes.chat.layout import Layout, Slot, SlotKey
from codex_tui.panes.chat.places import Place, Row, hold
from codex_tui.panes.chat.strips import StripCache

if TYPE_CHECKING:
    from textual.strip import Strip

    from codex_tui.session.state import Change
    from codex_tui.session.transcript import Above, Pending, Thread, Turn

FOLDS: tuple[Fold, ...] = ("brief", "normal", "full")


class Window:
    """`height` lines of a layout."""

    def __init__(self, layout: Layout, height: int) -> None:
        self.layout = layout
        self.height = max(1, height)
        self.following = True
        self.selected: SlotKey | None = None
        self.rows: list[Row] = []
        self._top: Place | None = None
        self._home: Place | None = None  # where `home` has led: nobody has moved as long as it is the top
        self._unseen: dict[SlotKey, Slot] = {}
        self._cache = StripCache()
        self._anchor: Anchor | None = None

    # -- what happens to it ---------------------------------------------------------------

    @property
    def new_below(self) -> int:
        """How many items below came or grew since the reader left the end."""
        return len(self._unseen)

    def load(self, thread: Thread) -> None:
        """All of a transcript anew; the reading position stays if its item is still there."""
        top = self._top
        self._cache.clear()
        self.layout.load(thread)
        self._unseen.clear()
        if not self.following and top is not None:
            self.put(top)

    def take(self, thread: Thread, change: Change) -> None:
        """What changed in the thread that is shown."""
        held = hold(self._top, self.rows, self.layout)
        is_home = self.is_home
        touched = self.layout.apply(thread, change)
        if held is not None:
            self._top = top = held.found(self.layout)
            self.following = self.following or top is None
            if is_home:
                self.home()
            elif top is not None and held.below:
                self._top = self._up(top, held.below)
        if not self.following:
            stays = {key: slot for key in self._unseen if (slot := self.layout.find(key)) is not None}
            standing = (self.layout.standing(slot) for slot in (*stays.values(), *touched))
            self._unseen = {slot.key: slot for slot in standing}

    def resize(self, width: int, height: int) -> None:
        """Another size; the words at the top stay there."""
        self._restyle(replace(self.layout.look, width=width), height)

    def fold(self, fold: Fold) -> None:
        """The pane's fold level; items folded on their own follow it again."""
        heads = (y for y, row in enumerate(self.rows) if row.part == 0 and row.row == row.gap)
        at = next(heads, 0)
        slot = self.rows[at].slot if self.rows else None
        self.layout.own_folds.clear()
        self._restyle(replace(self.layout.look, fold=fold))
        if slot is not None and not self.following:
            self._put_at(slot, at)

    def dress(self, look: Look) -> None:
        """Other colours, marks or time zone; width and fold level stay."""
        mine = self.layout.look
        self._restyle(replace(look, width=mine.width, fold=mine.fold))

    def toggle(self, slot: Slot) -> None:
        """Unfold one item or fold it again; its first row stays where it is."""
        if slot.item is None:
            return
        at = next((y for y, row in enumerate(self.rows) if row.slot is slot and row.strip is not None), 0)
        first = self.rows[at] if self.rows else None
        if first is None or first.slot is not slot or first.part or first.row != first.gap:
            at = 0
        other: Fold = "brief" if self.layout.look.fold == "full" else "full"
        self.layout.refold(slot, None if slot.key in self.layout.own_folds else other)
        self._put_at(slot, at)

    def follow(self) -> None:
        """To the end, and stay there."""
        self.following = True
        self._unseen.clear()

    def home(self) -> None:
        """To the first row, and stay there while more comes in above it."""
        self.following = False
        self._top = self._home = Place(self.layout.slots[0], 0, 0) if self.layout.slots else None

    @property
    def is_home(self) -> bool:
        """Whether `home` was the last move."""
        return self._home is not None and self._top is self._home

    def move(self, rows: int) -> None:
        """Up (negative) or down by `rows`."""
        top = self._top
        if top is None or not rows:
            return
        self.following = False
        self._top = self._up(top, -rows) if rows < 0 else self._down(top, rows)

    def jump(self, line: int) -> None:
        """To a line of the whole, as the scroll bar has it."""
        heights = self.layout.heights
        if not heights.total:
            return
        index, within = heights.at(min(max(0, line), heights.total - 1))
        slot = self.layout.slots[index]
        lines = self.layout.split(slot)
        if not lines.total:
            return
        part, row = lines.at(min(within, lines.total - 1))
        self.following = False
        self._top = Place(slot, part, row)

    @property
    def chosen(self) -> Slot | None:
        """The selected item, as long as some of it is in sight: else nobody sees what a key means."""
        key = self.selected
        return self.layout.find(key) if key and any(row.slot.key == key for row in self.rows) else None

    def select(self, step: int) -> None:
        """Select the item above (-1) or below (1), from what is in sight on; below the last: follow."""
        index, rows = len(self.layout.slots), [row for row in self.frame() if row.slot.item is not None]
        if (slot := self.chosen) is not None:
            index = slot.index + step
        elif rows and step < 0:
            index = rows[-1].slot.index
        elif rows and not self.following:
            index = next((row for row in rows if row.part == 0 and row.row <= row.gap), rows[0]).slot.index
        while 0 <= index < len(self.layout.slots):
            candidate = self.layout.slots[index]
            if candidate.item is not None and self._measure(candidate):
                self.selected = candidate.key
                self._reveal(candidate)
                return
            index += step
        if step > 0:
            self.selected = None
            self.follow()

    def here(self, step: int) -> int:
        """The index from which a search upwards (`step` -1) or downwards (1) goes on: beside the
        selected item when that is in sight, else beyond the rows in sight."""
        if (slot := self.chosen) is not None:
            return slot.index + step
        if not self.rows:
            return len(self.layout.slots) - 1 if step < 0 else 0
        return self.rows[-1 if step < 0 else 0].slot.index

    def go(self, slot: Slot) -> None:
        """Select an item and put it at the top, below one row of what stands before it."""
        self.selected = slot.key
        self._put_at(slot, min(1, self.height - 1))

    @property
    def place(self) -> Place | None:
        """Where the window begins; None while it follows the end."""
        return None if self.following else self._top

    def put(self, place: Place | None) -> None:
        """Begin at a place that was kept; None, or one whose item went: follow the end."""
        slot = self.layout.find(place.slot.key) if place is not None else None
        if place is None or slot is None:
            self.follow()
        else:
            self.following, self._top = False, Place(slot, place.part, place.row)

    def show(self, place: Place) -> None:
        """Bring a row in sight, a third of the window below its top unless it is there already."""
        if not any((row.slot, row.part, row.row) == place for row in self.frame()):
            self.following = False
            self._top = self._up(place, self.height // 3)

    # -- what is in sight -----------------------------------------------------------------

    @property
    def top_line(self) -> int:
        """The line of the whole at which the window begins."""
        if self._top is None:
            return 0
        slot, part, row = self._top
        return self.layout.heights.top(slot.index) + self.layout.split(slot).top(part) + row

    def frame(self) -> list[Row]:
        """The rows in sight, at most `height`. Paints what is not painted yet."""
        if self.following or self._top is None:
            self._top = self._end_up()
        elif self._top.part >= max(1, len(self.layout.split(self._top.slot))):
            # The item has fewer parts than it had.
            self._top = Place(self._top.slot, max(0, self._top.slot.parts - 1), 0)
        rows = self._fill()
        if len(rows) < self.height:
            # The end is in sight with room below it: no blank lines while there is something above.
            self._top = self._end_up()
            rows = self._fill()
            self.following = True
        elif self._after(rows[-1]) is None:
            self.following = True
        self.rows = rows
        self._forget_seen()
        return rows

    def painted(self, slot: Slot, part: int) -> tuple[int, Sequence[Strip]]:
        """The gap above a part in lines, and its strips."""
        layout = self.layout
        layout.split(slot)
        key: Hashable = slot.key
        stamp: Hashable = slot.serial
        if slot.item is not None:
            cell = slot.cells[part]
            key, stamp = (slot.key, cell.key, layout.fold_of(slot)), cell.stamp
        strips = self._cache.get(key, stamp)
        if strips is None:
            strips = self._cache.put(key, stamp, self._paint(slot, part))
        gap = layout.gap(slot, part) if strips else 0
        layout.measured(slot, part, gap + len(strips))
        return gap, strips

    def _paint(self, slot: Slot, part: int) -> Sequence[Strip]:
        look, painters = self.layout.look, self.layout.painters
        if slot.item is not None:
            return painters.paint_cell(slot.cells[part], look, self.layout.fold_of(slot))
        if slot.key[0] == "end":
            return painters.paint_turn_end(cast("Turn", slot.record), look)
        if slot.key[0] == "above":
            return painters.paint_above(cast("Above", slot.record), look)
        return painters.paint_pending(cast("Pending", slot.record), look)

    def _fill(self) -> list[Row]:
        rows: list[Row] = []
        if self._top is None:
            return rows
        slot, part, row = self._top
        while True:
            gap, strips = self.painted(slot, part) if len(self.layout.split(slot)) else (0, ())
            for at in range(row, gap + len(strips)):
                rows.append(Row(slot, part, at, gap, strips[at - gap] if at >= gap else None))
                if len(rows) == self.height:
                    return rows
            following = self._next(slot, part)
            if following is None:
                return rows
            slot, part = following
            row = 0

    def _restyle(self, look: Look, height: int | None = None) -> None:
        anchor = anchor_at(self, self._top, self._anchor)
        self.height = max(1, height or self.height)
        if look != self.layout.look:
            self._cache.clear()
            self.layout.restyle(look)
        if anchor is not None:
            slot, part, _ = anchor.place
            self.following, self._top = False, Place(slot, part, anchor.row(self))
            self.frame()
            anchor = anchor._replace(left=self._top)
        self._anchor = anchor

    def _put_at(self, slot: Slot, y: int) -> None:
        """Scroll so that the first painted row of `slot` stands at row `y` of the window."""
        gap = self.painted(slot, 0)[0] if self.layout.split(slot) else 0
        self.following = False
        self._top = self._up(Place(slot, 0, gap), y)

    def _reveal(self, slot: Slot) -> None:
        self.frame()
        shown = [row for row in self.rows if row.slot is slot and (row.part or row.strip is not None)]
        gap = self.painted(slot, 0)[0]
        high = self._measure(slot) - gap
        # Of one that is higher than the window, what somebody reads already stays in sight.
        if len(shown) == min(high, self.height) or (shown and high > self.height and shown[0].part):
            return
        below = self._top is not None and slot.index > self._top.slot.index
        self.following = False
        self._put_at(slot, max(0, self.height - high) if below else 0)

    def _measure(self, slot: Slot) -> int:
        """The slot's height, measured as far as a window of it goes."""
        total = 0
        for part in range(len(self.layout.split(slot))):
            if total > self.height:
                break
            total += self._size(slot, part)
        return total

    def _size(self, slot: Slot, part: int) -> int:
        gap, strips = self.painted(slot, part) if part < len(self.layout.split(slot)) else (0, ())
        return gap + len(strips)

    def _end_up(self) -> Place | None:
        """Where the window begins when it shows the end."""
        for slot in reversed(self.layout.slots):
            if parts := len(self.layout.split(slot)):
                return self._up(Place(slot, parts - 1, self._size(slot, parts - 1)), self.height)
        return None

    def _up(self, place: Place, rows: int) -> Place:
        slot, part, row = place
        while rows > row:
            rows -= row
            before = self._before(slot, part)
            if before is None:
                return Place(slot, part, 0)
            slot, part = before
            row = self._size(slot, part)
        return Place(slot, part, row - rows)

    def _down(self, place: Place, rows: int) -> Place:
        slot, part, row = place
        while True:
            size = self._size(slot, part)
            if row + rows < size:
                return Place(slot, part, row + rows)
            following = self._next(slot, part)
            if following is None:
                return Place(slot, part, row)
            rows -= max(0, size - row)
            slot, part = following
            row = 0

    def _before(self, slot: Slot, part: int) -> tuple[Slot, int] | None:
        if part:
            return slot, part - 1
        for index in range(slot.index - 1, -1, -1):
            before = self.layout.slots[index]
            if parts := len(self.layout.split(before)):
                return before, parts - 1
        return None

    def _next(self, slot: Slot, part: int) -> tuple[Slot, int] | None:
        if part + 1 < len(self.layout.split(slot)):
            return slot, part + 1
        for index in range(slot.index + 1, len(self.layout.slots)):
            after = self.layout.slots[index]
            if len(self.layout.split(after)):
                return after, 0
        return None

    def _after(self, row: Row) -> Row | None:
        """Something below `row`, or None at the end (parts of no height do not count)."""
        slot, part = row.slot, row.part
        if row.row + 1 < self._size(slot, part):
            return row
        while (following := self._next(slot, part)) is not None:
            slot, part = following
            if self._size(slot, part):
                return row
        return None

    def _forget_seen(self) -> None:
        if self.following:
            self._unseen.clear()
        elif self._unseen and self.rows:
            last = self.rows[-1]
            whole = last.part == last.slot.parts - 1 and last.row + 1 == self._size(last.slot, last.part)
            limit = last.slot.index + (1 if whole else 0)
            self._unseen = {key: slot for key, slot in self._unseen.items() if slot.index >= limit}
