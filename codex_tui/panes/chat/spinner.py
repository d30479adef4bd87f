"""The mark that turns beside an item that runs. It moves in its own cell only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

if TYPE_CHECKING:
    from codex_tui.paint.look import Look
    from codex_tui.panes.chat.window import Row

SPIN_SECONDS = 0.25  # four pictures a second: seen, and not in the way
FRAMES = "◐◓◑◒"
ASCII_FRAMES = "|/-\\"
# What streams its own text shows that it lives; these only sit there while they run.
TURNING = frozenset(
    {
        "commandExecution",
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


def spin(strip: Strip, look: Look, tick: int) -> Strip:
    """`strip` with the turning mark in its first cell."""
    frames = FRAMES if ord(look.marks.dot) > 127 else ASCII_FRAMES
    mark = Segment(frames[tick % len(frames)], look.palette.dim)
    return Strip([mark, *strip.crop(1, strip.cell_length)], strip.cell_length)
