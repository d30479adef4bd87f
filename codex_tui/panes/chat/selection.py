"""Text selected with the mouse, as it reads: no gutter, no padding, lines whole that were broken to fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Offset
from textual.selection import Selection

from codex_tui.paint.lines import TextStrip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.strip import Strip

    from codex_tui.panes.chat.layout import Slot
    from codex_tui.panes.chat.window import Row, Window

# Rows a selection may take; a whole long session would be painted to copy it.
ROWS_BOUND = 20_000
_PART_BITS, _ROW_BITS = 24, 24

# What a double click takes: a name, a path, a number with its sign, an address.
_WORD = re.compile(r"[\w./:@~+\-%#=?&$]+")
_TRAILING = ".:,?"


class Line(NamedTuple):
    """One painted row of the selection: its number, text, and what of it is no text (`TextStrip`)."""

    y: int
    text: str
    cuts: tuple[tuple[int, int], ...]
    joint: str | None


def line_of(row: Row) -> int:
    """A number for a row that grows downwards and does not change when heights above do."""
    return _line(row.slot, row.part, row.row)


def start_of(strip: Strip | None) -> int:
    """The first character of a row that is text."""
    return _start(strip.cuts) if isinstance(strip, TextStrip) else 0


def _start(cuts: tuple[tuple[int, int], ...]) -> int:
    return cuts[0][1] if cuts and cuts[0][0] == 0 else 0


def selected_text(window: Window, selection: Selection) -> str:
    """The text between two offsets (x in characters, y as `line_of` has it)."""
    first, last = selection.start, selection.end
    start_y = first.y if first is not None else 0
    end_y = last.y if last is not None else _line_of_index(len(window.layout.slots))
    texts: list[str] = []
    for line in _lines(window, start_y, end_y):
        start = first.x if first is not None and line.y == start_y else 0
        stop = last.x if last is not None and line.y == end_y else len(line.text)
        text = _kept(line, start, stop)
        if line.joint is not None and texts:
            texts[-1] += line.joint + text
        elif text or line.joint is None:
            texts.append(text)
        if len(texts) > ROWS_BOUND:
            break
    return "\n".join(text.rstrip() for text in texts)


def shown_text(window: Window, slot: Slot) -> str:
    """All that is shown of an item."""
    first, last = _line_of_index(slot.index), _line_of_index(slot.index + 1) - 1
    return selected_text(window, Selection(Offset(0, first), Offset(0, last))).strip("\n")


def text_at(window: Window, row: Row, x: int) -> tuple[str, int]:
    """The whole line of which `row` shows a part, and where in it character `x` of the row stands."""
    found = line_at(window, row)
    if found is None or found.start is None or found.end is None:
        return "", 0
    text, at = "", 0
    for line in _lines(window, found.start.y, found.end.y):
        text += line.joint or ""
        if line.y == line_of(row):
            at = len(text) + len(_kept(line, 0, x))
        text += _kept(line, 0, len(line.text))
    return text, at


def word_at(row: Row, x: int) -> Selection | None:
    """The word under character `x` of a row, a single sign where there is none."""
    text = row.strip.text if row.strip is not None else ""
    if not start_of(row.strip) <= x < len(text) or text[x] == " ":
        return None
    y = line_of(row)
    for found in _WORD.finditer(text):
        if found.start() <= x < found.end():
            end = max(x + 1, found.start() + len(found.group().rstrip(_TRAILING)))
            return Selection(Offset(found.start(), y), Offset(end, y))
    return Selection(Offset(x, y), Offset(x + 1, y))


def line_at(window: Window, row: Row) -> Selection | None:
    """The whole line of which `row` shows a part."""
    if row.strip is None:
        return None
    lines = list(_lines(window, _line(row.slot, row.part, 0), _line(row.slot, row.part + 1, 0) - 1))
    at = next((at for at, line in enumerate(lines) if line.y == line_of(row)), None)
    if at is None:
        return None
    first = last = at
    while first and lines[first].joint is not None:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].joint is not None:
        last += 1
    begin, end = lines[first], lines[last]
    return Selection(Offset(_start(begin.cuts), begin.y), Offset(len(end.text), end.y))


def _kept(line: Line, start: int, stop: int) -> str:
    """The characters from `start` to `stop` without those that are cut."""
    at, out = start, ""
    for begin, end in line.cuts:
        out += line.text[at : max(at, min(begin, stop))]
        at = max(at, end)
    return out + line.text[at : max(at, stop)]


def _lines(window: Window, start_y: int, end_y: int) -> Iterator[Line]:
    """The rows between two numbers, both included."""
    slots = window.layout.slots
    bits = _PART_BITS + _ROW_BITS
    for slot in slots[start_y >> bits : (end_y >> bits) + 1]:
        parts = len(window.layout.split(slot))
        for part in range(parts):
            if _line(slot, part + 1, 0) <= start_y:
                continue
            if _line(slot, part, 0) > end_y:
                return
            gap, strips = window.painted(slot, part)
            for at in range(gap + len(strips)):
                y = _line(slot, part, at)
                if y < start_y:
                    continue
                if y > end_y:
                    return
                yield _read(y, strips[at - gap] if at >= gap else None, window.layout.look.gutter)


def _read(y: int, strip: Strip | None, gutter: int) -> Line:
    text = strip.text if strip is not None else ""
    if isinstance(strip, TextStrip):
        return Line(y, text, strip.cuts, strip.joint)
    blank = not text[:gutter].strip()
    return Line(y, text, ((0, gutter),) if blank else (), None)


def _line(slot: Slot, part: int, row: int) -> int:
    return _line_of_index(slot.index) + (part << _ROW_BITS) + row


def _line_of_index(index: int) -> int:
    return index << (_PART_BITS + _ROW_BITS)
