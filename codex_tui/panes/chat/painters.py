"""The painters of the chat in one place. Heavy (markdown, models): imported with the first transcript."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from codex_tui.paint import cells
from codex_tui.paint.cells import Cell, cells_of, foldable, gap_before, guess_height, plain_text
from codex_tui.paint.explored import explored, role_of
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.message import paint_pending
from codex_tui.paint.notice import paint_above, paint_turn_end
from codex_tui.paint.sought import search_text
from codex_tui.text import join, line, own

__all__ = [
    "cells_of",
    "explored",
    "foldable",
    "gap_before",
    "guess_height",
    "paint_above",
    "paint_cell",
    "paint_pending",
    "paint_turn_end",
    "plain_text",
    "role_of",
    "search_text",
]


def paint_cell(cell: Cell, look: Look, fold: Fold) -> list[Strip]:
    """As `codex_tui.paint.cells.paint_cell`; one item that cannot be painted must not end the session."""
    try:
        return cells.paint_cell(cell, look, fold)
    except Exception as error:  # said in the item's place, so not swallowed
        says = join(
            own("! cannot be shown: "), line(f"{cell.item.body.type}, {type(error).__name__}: {error}")
        )
        return [Strip([Segment(says, look.palette.bad)])]
