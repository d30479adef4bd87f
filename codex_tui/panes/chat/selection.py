"""Text selected with the mouse, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.selection import Selection

    from codex_tui.panes.chat.layout import Slot
    from codex_tui.panes.chat.window import Row, Window

# Rows a selection may take; a whole long session would be painted to copy it.
ROWS_BOUND = 20_000
_PART_BITS, _ROW_BITS = 24, 24


def line_of(row: Row) -> int:
    """A number for a row that grows downwards and does not change when heights above do."""
    return _line(row.slot, row.part, row.row)


def selected_text(window: Window, selection: Selection) -> str:
    """The text between two offsets (x in characters, y as `line_of` has it), without the gutter."""
    first, last = selection.start, selection.end
    slots = window.layout.slots
    start_y = first.y if first is not None else 0
    end_y = last.y if last is not None else _line_of_index(len(slots))
    gutter = window.layout.look.gutter
    texts: list[str] = []
    for slot in slots[start_y >> (_PART_BITS + _ROW_BITS) : (end_y >> (_PART_BITS + _ROW_BITS)) + 1]:
        if (
            slot.item is not None
            and start_y < _line_of_index(slot.index)
            and _line_of_index(slot.index + 1) <= end_y
        ):
            texts.extend(window.layout.painters.plain_text(slot.item).split("\n"))
        else:
            for y, text in _rows(window, slot):
                if start_y <= y <= end_y:
                    stop = last.x if last is not None and y == end_y else len(text)
                    start = first.x if first is not None and y == start_y else 0
                    if not text[:gutter].strip():
                        start = max(start, min(gutter, len(text)))
                    texts.append(text[start:stop].rstrip())
        if len(texts) > ROWS_BOUND:
            break
    return "\n".join(texts)


def _rows(window: Window, slot: Slot) -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = []
    for part in range(len(window.layout.split(slot))):
        gap, strips = window.painted(slot, part)
        rows.extend((_line(slot, part, at), "") for at in range(gap))
        rows.extend((_line(slot, part, gap + at), strip.text) for at, strip in enumerate(strips))
    return rows


def _line(slot: Slot, part: int, row: int) -> int:
    return _line_of_index(slot.index) + (part << _ROW_BITS) + row


def _line_of_index(index: int) -> int:
    return index << (_PART_BITS + _ROW_BITS)
