"""The line of output that is being written: text over text, at a cursor, in cells.

Most writing is at the end and costs what is written. Writing over what stands there costs the
line's length, which is bounded.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from codex_tui.paint.pens import PLAIN, Pen
from codex_tui.text import cell_width
from codex_tui.text.width import is_narrow

MAX_LINE: Final = 16_000
"""Characters of one line that are kept: its beginning and its end, half each."""
MAX_SPANS: Final = 4_000
"""Changes of style in one line; a line with more is art or an attack and loses its colours."""

Span = tuple[str, Pen]
Line = str | tuple[Span, ...]
"""A line as it stands: a plain string where it has no style of its own."""


class OpenLine:
    """`column`: the cursor's, from 0; `width`: cells of the line."""

    __slots__ = ("_cut", "_length", "_narrow", "column", "spans", "width")

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.column: int = 0
        self.width: int = 0
        self._length: int = 0  # characters
        self._narrow = True  # all its characters take one cell
        self._cut = 0  # characters that were left out of its middle

    def load(self, line: Line) -> None:
        """Open another line, with the cursor where it stands."""
        self._cut = 0
        if isinstance(line, str):
            self.spans = [(line, PLAIN)] if line else []
            self._measure(line)
        else:
            self.spans = list(line)
            self._measure(line_text(line))

    def frozen(self) -> Line:
        """The line as it stands."""
        spans = self.spans
        if self._length > MAX_LINE or self._cut:
            self._shorten()
            half = MAX_LINE // 2
            note: Span = (f" [{self._cut:,} characters not shown] ", Pen(dim=True))
            spans = [*_first(self.spans, half), note, *_last(self.spans, half)]
        if not spans:
            return ""
        if len(spans) == 1:
            return spans[0][0] if spans[0][1] is PLAIN else (spans[0],)
        return _joined(spans)

    def _shorten(self) -> None:
        """Cut the open line's middle to keep it within its bound; columns then count what is left."""
        extra = self._length - MAX_LINE
        if extra > 0:
            half = MAX_LINE // 2
            self.spans = [*_first(self.spans, half), *_last(self.spans, half)]
            self._cut += extra
            self._length = MAX_LINE
            at_end = self.column == self.width
            self.width = _cells_of("".join(text for text, _ in self.spans))
            self.column = self.width if at_end else min(self.column, self.width)

    def put(self, text: str, pen: Pen) -> None:
        """Write over what stands at the cursor."""
        narrow = is_narrow(text)
        if self.column == self.width and (narrow or self.width == 0 or not _joins(text)):
            self.spans.append((text, pen))
            self._narrow = self._narrow and narrow
            self.width += len(text) if narrow else _cells_of(text)
            self._length += len(text)
            self.column = self.width
        elif narrow and self._narrow:
            self._overwrite(text, pen)
        else:
            self._overwrite_cells(text, pen)
        self._bound()

    def append(self, pieces: list[Span], size: int) -> None:
        """Pieces of `size` narrow characters at the end of the line, where the cursor has to be."""
        self.spans += pieces
        self.width += size
        self._length += size
        self.column = self.width
        self._bound()

    def _bound(self) -> None:
        if self._length > 4 * MAX_LINE:
            self._shorten()
        if len(self.spans) > MAX_SPANS:
            self._merge()

    def _overwrite(self, text: str, pen: Pen) -> None:
        start, end = self.column, self.column + len(text)
        if start == 0 and end >= self.width:
            self.spans = [(text, pen)]
        else:
            before = _first(self.spans, start)
            if start > self.width:
                before.append((" " * (start - self.width), PLAIN))
            after = _last(self.spans, self.width - end) if end < self.width else []
            self.spans = [*before, (text, pen), *after]
        self.width = self._length = max(self.width, end)
        self.column = end

    def _overwrite_cells(self, text: str, pen: Pen) -> None:
        """As `_overwrite`, where characters take two cells or none."""
        cells = _cells(self.spans)
        column = self.column
        cells += [(" ", PLAIN)] * (column - len(cells))
        for char in text:
            size = _size(char)
            if size == 0:
                before = column - 1
                while before > 0 and not cells[before][0]:
                    before -= 1
                if before >= 0:
                    cells[before] = (cells[before][0] + char, cells[before][1])
                    continue
                size = 1
            if column < len(cells) and not cells[column][0]:
                cells[column - 1] = (" ", cells[column - 1][1])  # the other half of a wide one
            after = column + size
            if after < len(cells) and not cells[after][0]:
                cells[after] = (" ", cells[after][1])
            cells[column:after] = [(char, pen), ("", pen)][:size]
            column = after
        self._set_cells(cells)
        self.column = column

    def erase(self, how: int) -> None:
        """EL: to the end of the line, to its beginning, or all of it. What is erased loses its colours."""
        if how == 2:
            self._set([])
        elif how == 0 and self.column < self.width:
            if self._narrow:
                self._set(_first(self.spans, self.column))
            else:
                cells = _cells(self.spans)
                if not cells[self.column][0]:
                    cells[self.column - 1] = (" ", PLAIN)
                self._set_cells(cells[: self.column])
        elif how == 1:
            end = self.column + 1
            if end >= self.width:
                self._set([])
            else:
                cells = _cells(self.spans)
                if not cells[end][0]:
                    cells[end] = (" ", PLAIN)
                self._set_cells([(" ", PLAIN)] * end + cells[end:])

    def _merge(self) -> None:
        line = _joined(self.spans)
        self.spans = [(line, PLAIN)] if isinstance(line, str) else list(line)
        if len(self.spans) > MAX_SPANS // 2:
            self.spans = [("".join(text for text, _ in self.spans), PLAIN)]

    def _set(self, spans: list[Span]) -> None:
        self.spans = spans
        self._measure("".join(text for text, _ in spans))

    def _measure(self, text: str) -> None:
        self._length = len(text)
        self._narrow = is_narrow(text)
        self.width = self._length if self._narrow else _cells_of(text)

    def _set_cells(self, cells: list[Span]) -> None:
        grouped = groupby(cells, key=lambda cell: cell[1])
        self._set([("".join(char for char, _ in group), pen) for pen, group in grouped])


def _joined(spans: list[Span]) -> Line:
    """A line of the spans, with neighbours of one style put together."""
    made: list[Span] = []
    pieces, last = [spans[0][0]], spans[0][1]
    for text, pen in spans[1:]:
        if pen is last:  # pens come from one cache, so one style is one object; two would do no harm
            pieces.append(text)
        else:
            made.append(("".join(pieces), last))
            pieces, last = [text], pen
    made.append(("".join(pieces), last))
    return made[0][0] if len(made) == 1 and last is PLAIN else tuple(made)


def line_text(line: Line) -> str:
    """The characters of a line, foreign as they came."""
    return line if isinstance(line, str) else "".join(text for text, _ in line)


def _first(spans: list[Span], count: int) -> list[Span]:
    """The first `count` characters."""
    kept: list[Span] = []
    for text, pen in spans:
        if count <= 0:
            break
        kept.append((text[:count], pen))
        count -= len(text)
    return kept


def _last(spans: list[Span], count: int) -> list[Span]:
    """The last `count` characters."""
    kept: list[Span] = []
    for text, pen in reversed(spans):
        if count <= 0:
            break
        kept.append((text[-count:], pen))
        count -= len(text)
    return kept[::-1]


def _size(char: str) -> int:
    """Cells of a character; what is shown as an escape counts as one."""
    return cell_width(char) if char.isprintable() else 1


def _cells_of(text: str) -> int:
    return cell_width(text) if text.isprintable() else sum(map(_size, text))


def _joins(text: str) -> bool:
    """Whether it begins with a mark that belongs to the character before it."""
    return _size(text[0]) == 0


def _cells(spans: list[Span]) -> list[Span]:
    """One entry a cell: the character with its marks, or nothing for the second half of a wide one."""
    cells: list[Span] = []
    for text, pen in spans:
        for char in text:
            size = _size(char)
            if size == 0 and cells:
                at = -1 if cells[-1][0] or len(cells) == 1 else -2
                cells[at] = (cells[at][0] + char, cells[at][1])
            else:
                cells += [(char, pen), ("", pen)][: max(1, size)]
    return cells
