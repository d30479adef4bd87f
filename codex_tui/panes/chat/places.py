"""Places in a conversation, and how one is held while turns come in above it and items change.

A place is a row of a part of a slot, not a line number: heights above may turn out other than guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from codex_tui.panes.chat.layout import Layout
    from codex_tui.panes.chat.slots import Slot


class Place(NamedTuple):
    """Row `row` of part `part` of `slot`; the gap above a part counts as its first rows."""

    slot: Slot
    part: int
    row: int


class Row(NamedTuple):
    """One line in sight. `strip` is None in the gap above a part; `row` counts from the gap's first."""

    slot: Slot
    part: int
    row: int
    gap: int
    strip: Strip | None


class Held(NamedTuple):
    """A place, and `below` rows above it the first row in sight. `gap`: the one above the place, where
    nothing of the conversation stood above it."""

    place: Place
    below: int
    gap: int | None

    def found(self, layout: Layout) -> Place | None:
        """Where it is now; None when it went. `below` still counts."""
        slot, part, row = self.place
        if layout.slots[slot.index : slot.index + 1] != [slot]:
            # The slot went: a turn was laid anew, or the whole transcript.
            found = layout.find(slot.key)
            if found is None:
                return None
            slot = found
        if (line := layout.standing(slot)) is not slot:
            return Place(line, 0, row if part == 0 else 0)
        if self.gap is not None and not _is_first(slot, layout):
            # Older turns came in above it, and with them another gap.
            row = max(0, row + layout.gap(slot, 0) - self.gap)
        return Place(slot, part, row)


def hold(top: Place | None, rows: Sequence[Row], layout: Layout) -> Held | None:
    """What holds the rows in sight, of which `top` is the first. Not the line that tells of older turns:
    what comes in takes its place."""
    if top is None:
        return None
    below = 0
    if top.slot.key[0] == "above":
        for at, row in enumerate(rows):
            if row.slot is not top.slot:
                top, below = Place(row.slot, row.part, row.row), at
                break
    alone = top.part == 0 and top.slot.item is not None and _is_first(top.slot, layout)
    return Held(top, below, layout.gap(top.slot, 0) if alone and top.slot.cells else None)


def _is_first(slot: Slot, layout: Layout) -> bool:
    """Whether nothing of the conversation stands above it."""
    return slot.index <= int(layout.above is not None)
