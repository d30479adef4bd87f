"""Lines of a change as full-width rows: unified, or the old side beside the new one.

Pure. A row is painted to its last cell, so that the tint of an added or removed line reaches the
edge. How many rows a line takes is known without painting it: `rows_of` and the painters cut alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from codex_tui.paint.diff import sign_of
from codex_tui.paint.lines import Part, Row, blanks, chop, part_width
from codex_tui.paint.look import Look, Palette
from codex_tui.paint.theme import TEXT_CONTRAST, readable_hex
from codex_tui.text import SafeText, cell_width, join, number, own, tabbed
from codex_tui.text.width import hard_rows, is_narrow

LONGEST = 20_000
"""Characters of a line that are shown; a longer one is data and says how much is left out."""
MARGIN = 1
"""Cells at the left edge for the cursor and the mark of a comment."""
TWO_NUMBERS = 72
"""Columns from which a unified row has the line's number in the old file and in the new one."""
ONE_NUMBER = 30
"""Columns below which there is no room for numbers at all."""

Span = tuple[int, int]
"""First character and the one after the last."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How a row's cells are shared. `digits` 0: no numbers. `shift`: cells out of sight at the left,
    when lines are not wrapped."""

    width: int
    digits: int
    split: bool
    wrap: bool = True
    shift: int = 0
    single: bool = False  # there is only one file to count in

    @property
    def numbers(self) -> int:
        """How many columns of numbers a unified row has."""
        return 0 if not self.digits else 2 if self.width >= TWO_NUMBERS and not self.single else 1

    @property
    def halves(self) -> tuple[int, int]:
        """Cells of the old and of the new side, with their numbers and signs."""
        both = max(2, self.width - MARGIN - 1)
        return both - both // 2, both // 2

    @property
    def room(self) -> int:
        """Cells of text in a row; of both sides the smaller."""
        if self.split:
            return max(1, self.halves[1] - (self.digits + 1 if self.digits else 0) - 2)
        return max(1, self.width - MARGIN - self.numbers * (self.digits + 1) - 2)


def columns_for(
    width: int, largest: int, split: bool, wrap: bool = True, shift: int = 0, *, single: bool = False
) -> Columns:
    """The columns of a file whose line numbers go up to `largest`. `single`: a new or a deleted one."""
    digits = max(2, len(str(largest)))
    if width < (2 * ONE_NUMBER if split else ONE_NUMBER):
        digits = 0
    return Columns(width, digits, split, wrap, 0 if wrap else shift, single)


@dataclass(frozen=True, slots=True)
class Shown:
    """One line ready to be laid out: its sign, its numbers and its parts in their colours."""

    sign: str
    old: int | None
    new: int | None
    parts: Row


# -- text ---------------------------------------------------------------------------------


def shown_text(text: str) -> SafeText:
    """A line as it is drawn: tabs expanded, all else escaped, what is too long cut with a note."""
    if len(text) <= LONGEST:
        return tabbed(text)
    return join(tabbed(text[:LONGEST]), own(" … "), number(len(text) - LONGEST), own(" more characters"))


def rows_of(text: str, columns: Columns) -> int:
    """Rows that a line takes in `columns`."""
    return rows_in(text, columns.room) if columns.wrap else 1


def rows_in(text: str, room: int, drawn: Callable[[str], SafeText] = shown_text) -> int:
    """Rows of `room` cells that what is drawn of a line takes."""
    # Only a short one is looked at: a line may have megabytes.
    if len(text) <= room and is_plain(text):
        return 1
    safe = drawn(text)
    if is_narrow(safe):
        return max(1, -(-len(safe) // room))
    return len(hard_rows(safe, room))


def is_plain(text: str) -> bool:
    """Whether each character is drawn as itself, in one cell."""
    return text.isascii() and text.isprintable() and "\\x" not in text and "<U+" not in text


def drawn_spans(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans of a line's characters as spans of what is drawn of it."""
    drawn = shown_text(text)
    if drawn == text:
        return [span for span in spans if span[0] < span[1]]
    found: list[Span] = []
    for start, end in spans:
        if start < min(end, LONGEST):
            found.append((len(tabbed(text[:start])), len(tabbed(text[: min(end, LONGEST)]))))
    return found


def restyled(parts: Sequence[Part], spans: Sequence[Span], style: Style) -> Row:
    """`parts` with `style` over the characters of `spans` (in order, apart from each other)."""
    row: Row = []
    base, which = 0, 0
    for text, own_style in parts:
        at, size = 0, len(text)
        while at < size:
            while which < len(spans) and spans[which][1] <= base + at:
                which += 1
            start, end = spans[which] if which < len(spans) else (base + size, base + size)
            if start > base + at:
                stop = min(size, start - base)
                row.append((SafeText(text[at:stop]), own_style))
            else:
                stop = min(size, end - base)
                row.append((SafeText(text[at:stop]), _over(own_style, style)))
            at = stop
        base += size
    return row


@lru_cache(maxsize=4096)
def _over(under: Style, style: Style) -> Style:
    """`style`'s background under the text of `under`, readable; its own colour where it says one."""
    paper = style.bgcolor.name if style.bgcolor is not None else ""
    if style.color is not None or under.color is None or not paper:
        return under + style
    return under + Style(color=readable_hex(under.color.name, paper, TEXT_CONTRAST), bgcolor=paper)


def word_style(sign: str, palette: Palette) -> Style:
    """What lies behind the words that changed within a line of that sign."""
    back = (palette.added_word if sign == "+" else palette.removed_word).bgcolor
    return Style(bgcolor=back.name) if back is not None else Style(underline=True)


def line_back(sign: str, palette: Palette) -> Style:
    """The ground that a line of that sign stands on."""
    back = palette.added.bgcolor if sign == "+" else palette.removed.bgcolor if sign == "-" else None
    return Style(bgcolor=back.name if back is not None else palette.paper)


# -- rows ---------------------------------------------------------------------------------


def unified_rows(shown: Shown, columns: Columns, look: Look) -> list[Strip]:
    """One line over the full width: numbers, sign, text."""
    ground = line_back(shown.sign, look.palette)
    if columns.numbers == 2:
        numbers = (shown.old, shown.new)
    else:
        numbers = (shown.old if shown.sign == "-" else shown.new,)
    width = columns.width - MARGIN
    side = _side(shown, numbers if columns.digits else (), width, columns, look, ground)
    margin = Segment(" " * MARGIN, _paper(look.palette.paper))
    return [Strip([margin, *segments], columns.width) for segments in side]


def split_rows(old: Shown | None, new: Shown | None, columns: Columns, look: Look) -> list[Strip]:
    """The old line beside the new one; a side without a line is left free."""
    sides: list[list[list[Segment]]] = []
    free: list[Segment] = []  # what stands in a side where it has no row
    paper = _paper(look.palette.paper)
    for shown, width, is_old in zip((old, new), columns.halves, (True, False), strict=True):
        # A side that wraps less goes on in its own colour: the line is as high as its other half.
        ground = line_back(shown.sign, look.palette) if shown is not None else paper
        free.append(Segment(" " * width, ground))
        if shown is None:
            sides.append([])
            continue
        name = shown.old if is_old else shown.new
        sides.append(_side(shown, (name,) if columns.digits else (), width, columns, look, ground))
    margin = Segment(" " * MARGIN, paper)
    rule = Segment(look.marks.column, paper + look.palette.rule)
    strips: list[Strip] = []
    for at in range(max(1, *map(len, sides))):
        left, right = (side[at] if at < len(side) else [free[which]] for which, side in enumerate(sides))
        strips.append(Strip([margin, *left, rule, *right], columns.width))
    return strips


def _side(
    shown: Shown,
    numbers: Sequence[int | None],
    width: int,
    columns: Columns,
    look: Look,
    ground: Style,
) -> list[list[Segment]]:
    """The rows of one line in `width` cells."""
    palette = look.palette
    room = max(1, width - len(numbers) * (columns.digits + 1) - 2)
    rows: list[Row]
    if columns.wrap:
        # Both sides are cut at the smaller's width: rows are counted without knowing the side.
        rows = chop(shown.parts, columns.room) if shown.parts else [[]]
    else:
        rows = [_shifted(shown.parts, columns.shift, room, look)]
    lead: list[Segment] = []
    for value in numbers:
        name = "" if value is None else str(value)
        lead.append(Segment(SafeText(f"{name:>{columns.digits}} "), ground + palette.dim))
    sign, style = sign_of(shown.sign, look)
    out: list[list[Segment]] = []
    begin = [*lead, Segment(sign, ground + style), Segment(" ", ground)]
    below = [Segment(" " * (width - room), ground)]
    for row in rows:
        used = part_width(row)
        segments = [Segment(text, ground + style) for text, style in row]
        rest = [Segment(" " * (room - used), ground)] if used < room else []
        out.append([*begin, *segments, *rest])
        begin = below
    return out


def _shifted(parts: Row, shift: int, room: int, look: Look) -> Row:
    """The cells of a line from `shift` on; a mark at each end where some are out of sight."""
    width = part_width(parts)
    if width <= room and not shift:
        return parts
    strip = Strip([Segment(text, style) for text, style in parts], width)
    mark = look.marks.ellipsis
    size = cell_width(mark)
    row: Row = []
    start, stop = shift, shift + room
    if shift and width:
        row.append((mark, look.palette.dim))
        start += size
    if stop < width:
        stop -= size
    if start < stop:
        row += [(SafeText(text), style or Style.null()) for text, style, _ in strip.crop(start, stop)]
    if width > shift + room:
        row += [(blanks(stop - start - part_width(row[1:] if shift else row)), Style.null())]
        row.append((mark, look.palette.dim))
    return row


@lru_cache(maxsize=16)
def _paper(color: str) -> Style:
    return Style(bgcolor=color)


def plain_row(parts: Iterable[Part], look: Look, ground: Style | None = None) -> Strip:
    """A full-width row of our own: titles, remarks. What is too long is cut."""
    back = ground or _paper(look.palette.paper)
    segments = [Segment(text, back + style) for text, style in parts if text]
    return Strip(segments).adjust_cell_length(look.width, back)
