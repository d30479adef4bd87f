"""The line of output that is being written: text over text, at a cursor, in cells.

A line that only grows is a list of pieces, and writing costs what is written. One that is written
over is a list of cells from then on, and costs the same.
"""

from __future__ import annotations

from itertools import compress, groupby, islice
from operator import itemgetter, ne
from typing import Final

from codex_tui.paint.pens import PLAIN, Pen
from codex_tui.paint.runs import Line, Span, beginning, line_of, line_text, spans_of
from codex_tui.text import cell_width
from codex_tui.text.width import is_narrow

MAX_LINE: Final = 16_000
"""Characters of one line that are kept: its beginning and its end, half each."""
GROWN: Final = 4 * MAX_LINE
"""Characters of an open line from which on its middle goes, so that this happens seldom."""
MAX_SPANS: Final = 4_000
"""Changes of style in one line; a line with more is art or an attack and loses its colours."""
NEAR: Final = 400
"""Where a cursor is cheap to lead to with blanks."""
SIZES_KEPT: Final = 8_192
"""Characters whose width is remembered: more than one text has."""


class Effort:
    """What opening lines has cost: one `unit` is a character that became a cell."""

    __slots__ = ("units",)
    SPAN: Final = 8
    """Units of a piece of one style, however short."""

    def __init__(self) -> None:
        self.units = 0


class OpenLine:
    """`column`: the cursor's, from 0; `width`: cells of the line."""

    __slots__ = ("_blank", "_chars", "_cut", "_effort", "_frozen", "_length", "_pens", "_spans", "column")

    def __init__(self, effort: Effort) -> None:
        self.column: int = 0
        self._effort = effort
        self._cut = 0  # characters that were left out of its middle
        self._start([], 0)

    def _start(self, spans: list[Span], length: int) -> None:
        self._spans: list[Span] | None = spans  # of narrow text; None while it is a list of cells
        self._chars: list[str] = []
        """Its cells: a character with its marks, or nothing for the second half of a wide one."""
        self._pens: list[Pen] = []
        self._blank = 0  # so many cells at its beginning are blank for sure
        self._length = length  # characters; of cells: no fewer than there are
        self._frozen: Line | None = None

    def load(self, line: Line) -> None:
        """Open another line; the cursor's column stays."""
        self._cut = 0
        text = line_text(line)
        self._start(spans_of(line), len(text))
        if not is_narrow(text):
            self._open_for_change()

    @property
    def width(self) -> int:
        return len(self._chars) if self._spans is None else self._length

    @property
    def is_empty(self) -> bool:
        return not (self._chars if self._spans is None else self._spans)

    def frozen(self) -> Line:
        """The line as it stands."""
        if self._frozen is None:
            self._frozen = self._as_line()
        return self._frozen

    # -- writing -----------------------------------------------------------------------------

    def put(self, text: str, pen: Pen) -> None:
        """Write over what stands at the cursor."""
        self._frozen = None
        if self._spans is not None:
            if is_narrow(text):
                if self.column == self._length:
                    self._spans.append((text, pen))
                    self.column = self._length = self._length + len(text)
                    self._bound()
                    return
                if self.column == 0 and len(text) >= self._length:
                    self._cut = 0
                    self._start([(text, pen)], len(text))
                    self.column = len(text)
                    self._bound()
                    return
            self._open_for_change()
        self._write(text, pen)

    def append(self, pieces: list[Span], size: int) -> None:
        """Pieces of `size` narrow characters at the end of the line, where the cursor has to be."""
        self._frozen = None
        if self._spans is None:
            for text, pen in pieces:
                self._write(text, pen)
            return
        self._spans += pieces
        self._length += size
        self.column = self._length
        self._bound()

    def _write(self, text: str, pen: Pen) -> None:
        chars, column = self._chars, self.column
        if column > len(chars):
            self._pens += [PLAIN] * (column - len(chars))
            chars += " " * (column - len(chars))
        made = text if is_narrow(text) else self._cells_of(text)
        end = column + len(made)
        if made:
            self._halve(column)
            self._halve(end)
            chars[column:end] = made
            self._pens[column:end] = [pen] * len(made)
        self._blank = min(self._blank, column)
        self._length += len(text)
        self.column = end
        self._bound()

    def _cells_of(self, text: str) -> list[str]:
        """Cells for a text; marks at its beginning go to the character before the cursor."""
        sizes = text.translate(_SIZES)
        if "0" not in sizes:
            return _paired(text, sizes)
        made: list[str] = []
        start = 0
        while start < len(text):
            end = start + 1
            while end < len(text) and sizes[end] == "0":
                end += 1
            if sizes[start] != "0":
                made += [text[start:end], ""][: int(sizes[start])]
            elif not self._mark(text[start:end]):
                made.append(text[start:end])
            start = end
        return made

    def _mark(self, marks: str) -> bool:
        """Put marks on the character before the cursor; False when there is none."""
        at = self.column - 1
        while at > 0 and not self._chars[at]:
            at -= 1
        if at < 0:
            return False
        self._chars[at] += marks
        return True

    def _halve(self, at: int) -> None:
        """What is written at this cell takes one half of a wide character there: the other is blank."""
        if 0 < at < len(self._chars) and not self._chars[at]:
            self._chars[at - 1] = self._chars[at] = " "

    def _open_cells(self) -> None:
        spans, self._spans = self._spans or [], None
        self._effort.units += self._length + Effort.SPAN * len(spans)
        for text, pen in spans:
            if is_narrow(text):
                self._chars += text
            else:
                self.column = len(self._chars)  # for the marks at the beginning of a piece
                self._chars += self._cells_of(text)
            self._pens += [pen] * (len(self._chars) - len(self._pens))

    def erase(self, how: int) -> None:
        """EL: to the end of the line, to its beginning, or all of it. What is erased loses its colours."""
        if how == 2 or (how == 1 and self.column + 1 >= self.width):
            if self.column <= NEAR:
                self._cut = 0
                self._start([], 0)
            else:  # what is written next would need as many blanks
                self._blank_out(self.width)
        elif how == 0 and self.column == 0:
            self._start([], 0)
        elif how == 0 and self.column < self.width:
            self._open_for_change()
            self._halve(self.column)
            del self._chars[self.column :]
            del self._pens[self.column :]
            self._blank = min(self._blank, self.column)
        elif how == 1:
            self._blank_out(self.column + 1)

    def _blank_out(self, end: int) -> None:
        """Blanks up to that cell; those that are there already cost nothing."""
        self._open_for_change()
        self._halve(end)
        start = min(self._blank, end)
        self._chars[start:end] = " " * (end - start)
        self._pens[start:end] = [PLAIN] * (end - start)
        self._blank = max(self._blank, end)

    def _open_for_change(self) -> None:
        self._frozen = None
        if self._spans is not None:
            column = self.column
            self._open_cells()
            self.column = column

    # -- bounds ------------------------------------------------------------------------------

    def _bound(self) -> None:
        if self._spans is not None and len(self._spans) > MAX_SPANS:
            self._spans = _fewer(self._spans)
        if self._length > GROWN:
            if self._spans is None:
                self._length = sum(map(len, self._chars))
            if self._length > GROWN // 2:
                self._shorten()

    def _shorten(self) -> None:
        """Cut the open line's middle to keep it within its bound; columns then count what is left."""
        at_end, cut = self.column == self.width, self._cut + self._length - MAX_LINE
        half = MAX_LINE // 2
        spans = self._pieces()
        column = self.column
        self.load(_line([*_first(spans, half), *_last(spans, half)]))
        self._cut = cut
        self.column = self.width if at_end else min(column, self.width)

    # -- reading -----------------------------------------------------------------------------

    def beginning(self, count: int) -> Line:
        """The first `count` characters (or cells) and nothing else; the line itself when it has no more."""
        if self._frozen is not None or count > MAX_LINE // 2 or self.width <= count:
            return beginning(self.frozen(), count)
        return _line(_first(self._pieces(count), count))

    def _pieces(self, count: int | None = None) -> list[Span]:
        """What the line (or its first `count` cells) consists of."""
        if self._spans is not None:
            return self._spans
        chars, pens = self._chars[:count], self._pens[:count]
        if not chars:
            return []
        if pens.count(pens[0]) == len(pens):
            return [("".join(chars), pens[0])]
        edges = list(compress(range(1, len(pens)), map(ne, islice(pens, 1, None), pens)))
        return [
            ("".join(chars[start:end]), pens[start])
            for start, end in zip([0, *edges], [*edges, len(chars)], strict=True)
        ]

    def _as_line(self) -> Line:
        spans = self._pieces()
        length = self._length if self._spans is not None else sum(len(text) for text, _ in spans)
        if len(spans) > MAX_SPANS:
            spans = _fewer(spans)
        if length > MAX_LINE or self._cut:
            half = MAX_LINE // 2
            cut = self._cut + max(0, length - MAX_LINE)
            note: Span = (f" [{cut:,} characters not shown] ", Pen.of(dim=True))
            head = _first(spans, half)
            spans = [*head, note, *_last(spans, min(half, length - half))]
        return _line(spans)


def _line(spans: list[Span]) -> Line:
    return line_of([text for text, _ in spans], [pen for _, pen in spans])


def _fewer(spans: list[Span]) -> list[Span]:
    """Neighbours of one style put together; without styles where that is not enough."""
    made: list[Span] = []
    for pen, run in groupby(spans, key=itemgetter(1)):
        made.append(("".join(text for text, _ in run), pen))
    return made if len(made) <= MAX_SPANS // 2 else [("".join(text for text, _ in made), PLAIN)]


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


class _Sizes(dict[int, str]):
    """For `str.translate`: the cells of a character, `0`, `1` or `2`, of at most so many kept; what is
    shown as an escape counts as one."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        size = str(cell_width(char)) if char.isprintable() else "1"
        if len(self) < SIZES_KEPT:
            self[code] = size
        return size


_SIZES = _Sizes()


def _paired(text: str, sizes: str) -> list[str]:
    """Cells of characters of one or two."""
    if "1" not in sizes:
        wide = [""] * (2 * len(text))
        wide[::2] = text
        return wide
    if "2" not in sizes:
        return list(text)
    made: list[str] = []
    for char, size in zip(text, sizes, strict=True):
        made.append(char)
        if size == "2":
            made.append("")
    return made
