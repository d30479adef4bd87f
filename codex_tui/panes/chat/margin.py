"""Marks in the margin: one turns beside an item that runs, a bar stands beside the selected one."""

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
    frames = FRAMES if ord(look.marks.dot[0]) > 127 else ASCII_FRAMES
    return _with_mark(strip, 0, Segment(frames[tick % len(frames)], look.palette.dim))


def choose(strip: Strip | None, look: Look) -> Strip:
    """A row of the selected item: a bar beside it, in a cell of the gutter that is free."""
    bar = "▌" if ord(look.marks.dot[0]) > 127 else "|"
    return _with_mark(strip or Strip([]), 0 if look.gutter > 2 else 1, Segment(bar, look.palette.strong))


def _with_mark(strip: Strip, at: int, mark: Segment) -> Strip:
    width = max(strip.cell_length, at + 1)
    whole = strip.adjust_cell_length(width)
    return Strip([*whole.crop(0, at), mark, *whole.crop(at + 1, width)], width)
