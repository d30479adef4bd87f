"""Marks in the margin: one turns beside an item that runs, a bar stands beside the selected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

if TYPE_CHECKING:
    from codex_tui.paint.look import Look
    from codex_tui.panes.chat.window import Row

SPIN_SECONDS = 0.25  # four pictures a second: seen, and not in the way
# What streams its own text shows that it lives; these only sit there while they run.
TURNING = frozenset(
    {
        "commandExecution",
        "explored",
        "mcpToolCall",
        "dynamicToolCall",
        "collabAgentToolCall",
        "webSearch",
        "imageGeneration",
        "sleep",
        "contextCompaction",
    }
)


def spins(row: Row) -> bool:
    """Whether this row is the first of an item that runs and shows no growing text."""
    item = row.slot.item
    return (
        item is not None
        and row.part == 0
        and row.row == row.gap
        and item.phase == "running"
        and item.body.type in TURNING
    )


class Margin:
    """Puts marks beside rows, and gives the same strip again as long as nothing changed."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, int | None, bool], tuple[Strip | None, Strip]] = {}

    def clear(self) -> None:
        self._held.clear()

    def row(self, raw: Strip | None, look: Look, tick: int | None, chosen: bool) -> Strip | None:
        """`raw` (None: a blank row) with the turning mark at its picture `tick`, and the bar if `chosen`."""
        if tick is None and not chosen:
            return raw
        key = (id(raw), tick, chosen)
        if (held := self._held.get(key)) is not None and held[0] is raw:
            return held[1]
        strip = raw or Strip([])
        if chosen:
            bar = Segment(look.marks.chosen, look.palette.strong)
            strip = _with_mark(strip, 0 if look.gutter > 2 else 1, bar)
        if tick is not None:
            turning = look.marks.turning
            strip = _with_mark(strip, 0, Segment(turning[tick % len(turning)], look.palette.dim))
        self._held[key] = (raw, strip)
        return strip


def _with_mark(strip: Strip, at: int, mark: Segment) -> Strip:
    width = max(strip.cell_length, at + 1)
    whole = strip.adjust_cell_length(width)
    return Strip([*whole.crop(0, at), mark, *whole.crop(at + 1, width)], width)
