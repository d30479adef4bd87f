"""From parts of safe text with styles to the lines on screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from codex_tui.paint.look import NARROW, Look
from codex_tui.text import SafeText, cell_width, cut, hard_rows, own, shorten, word_rows

Part = tuple[SafeText, Style]
"""Safe text and how it looks."""

Row = list[Part]
"""One line on screen."""


class TextRow(Row):
    """A row that knows how its text reads without the screen.

    `lead`: characters at its start that are ours: an indent, the bar of a quote. `joint`: what
    stood between this row and the one above, where a line was broken to fit; None where one begins.
    """

    __slots__ = ("joint", "lead")

    def __init__(self, parts: Iterable[Part], joint: str | None = None, lead: int = 0) -> None:
        super().__init__(parts)
        self.joint = joint
        self.lead = lead


class TextStrip(Strip):
    """A line of the screen that can be copied as text.

    `cuts` are ranges of characters that are no text: gutter, indent, padding. `joint` as in `TextRow`.
    """

    __slots__ = ["cuts", "joint"]

    def __init__(
        self, segments: Iterable[Segment], cuts: tuple[tuple[int, int], ...], joint: str | None = None
    ) -> None:
        super().__init__(segments)
        self.cuts = cuts
        self.joint = joint

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TextStrip)
            and (self.cuts, self.joint) == (other.cuts, other.joint)
            and super().__eq__(other)
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType] - as strips have none


def led(lead: Sequence[Part], row: Row) -> Row:
    """`row` behind parts of ours that are no text."""
    joint, before = (row.joint, row.lead) if isinstance(row, TextRow) else (None, 0)
    return TextRow([*lead, *row], joint, before + _length(lead))


READING_WIDTH = 100
"""Cells a line of prose takes at most: longer ones are hard to read."""
MIN_TITLE = 14
"""Cells a title keeps before right-hand facts are dropped for it; half the line if that is more."""
LAST_TITLE = 6
"""Cells a title keeps before even the outcome is dropped for it: how it ended is half the story."""
MIN_TEXT = 5
"""Cells that text gets however deep it is nested."""
_SPACE = own(" ")


def blanks(count: int) -> SafeText:
    """`count` spaces."""
    return SafeText(" " * max(0, count))


def part_width(parts: Iterable[Part]) -> int:
    """Cells that the parts take side by side."""
    return sum(cell_width(text) for text, _ in parts)


def slice_parts(parts: Sequence[Part], ranges: Iterable[tuple[int, int]]) -> list[Row]:
    """The rows that (start, end) character ranges, in order, cut out of the parts."""
    whole = ""
    rows: list[Row] = []
    before = 0  # where the row above starts
    index, base = 0, 0  # the part that holds the position looked at, and where it begins
    for start, end in ranges:
        row: Row = []
        while index < len(parts) and base + len(parts[index][0]) <= start:
            base += len(parts[index][0])
            index += 1
        at, offset = index, base
        while at < len(parts) and offset < end:
            text, style = parts[at]
            piece = text[max(0, start - offset) : end - offset]
            if piece:
                row.append((SafeText(piece), style))
            offset += len(text)
            at += 1
        if rows:
            # Blanks at the end of a row are not painted, so they belong to what joins it to the next.
            whole = whole or "".join([part for part, _ in parts])
            gap = start
            while gap > before and whole[gap - 1] == " ":
                gap -= 1
            row = TextRow(row, whole[gap:start])
        rows.append(row)
        before = start
    return rows


def wrap(parts: Sequence[Part], width: int) -> list[Row]:
    """Rows of whole words, each at most `width` cells."""
    text = "".join(part for part, _ in parts)
    if len(text) <= width and text.isascii():
        return [list(parts)]
    return slice_parts(parts, word_rows(text, width))


def chop(parts: Sequence[Part], width: int) -> list[Row]:
    """Rows cut anywhere, each at most `width` cells; every blank stays. For code and output."""
    text = "".join(part for part, _ in parts)
    if len(text) <= width and text.isascii():
        return [list(parts)]
    return slice_parts(parts, hard_rows(text, width))


def cut_row(parts: Sequence[Part], width: int) -> Row:
    """The beginning of the parts that takes at most `width` cells."""
    row: Row = []
    for text, style in parts:
        size = cell_width(text)
        if size > width:
            kept = cut(text, width)
            if kept:
                row.append((kept, style))
            break
        row.append((text, style))
        width -= size
    return row


def strip_of(
    parts: Iterable[Part], cuts: tuple[tuple[int, int], ...] = (), joint: str | None = None
) -> Strip:
    """A line of the screen; blanks at its end are left out. `cuts`, `joint`: see `TextStrip`."""
    segments = [Segment(text, style) for text, style in parts if text]
    while segments and not segments[-1].text.strip(" ") and not _is_filled(segments[-1].style):
        segments.pop()
    if segments and segments[-1].text.endswith(" ") and not _is_filled(segments[-1].style):
        segments[-1] = Segment(segments[-1].text.rstrip(" "), segments[-1].style)
    return TextStrip(segments, cuts, joint) if cuts or joint is not None else Strip(segments)


def _is_filled(style: Style | None) -> bool:
    return style is not None and style.bgcolor is not None


EMPTY = Strip([], 0)
"""A blank line."""


def gutter(look: Look, mark: SafeText | None = None, style: Style | None = None) -> Row:
    """The cells before the text: blank, or with a mark in its column."""
    if mark is None:
        return [(blanks(look.gutter), look.palette.text)]
    before = look.gutter - 2
    after = 2 - min(2, cell_width(mark))
    return [
        (blanks(before), look.palette.text),
        (cut(mark, 2), style or look.palette.dim),
        (blanks(after), look.palette.text),
    ]


def text_width(look: Look, indent: int = 0) -> int:
    """Cells from the text column, `indent` further right, to the right margin."""
    return max(1, look.width - look.gutter - indent - right_margin(look))


def prose_width(look: Look, indent: int = 0) -> int:
    """As `text_width`, but no wider than is good to read."""
    return min(READING_WIDTH, text_width(look, indent))


def right_margin(look: Look) -> int:
    """Cells left free at the right edge."""
    return 2 if look.width >= NARROW else 0


def indented(look: Look, rows: Iterable[Row], indent: int = 0, *, is_text: bool = False) -> list[Strip]:
    """Rows in the text column, `indent` cells further right. `is_text`: a copy keeps that indent."""
    lead = (blanks(look.gutter + indent), look.palette.text)
    kept = indent if is_text else 0

    def strip(row: Row) -> Strip:
        if isinstance(row, TextRow):
            return strip_of([lead, *row], ((0, look.gutter + indent + row.lead),), row.joint)
        return strip_of([lead, *row], ((0, look.gutter + indent - kept),))

    return [strip(row) if row else EMPTY for row in rows]


def behind_mark(look: Look, mark: SafeText, style: Style, row: Row) -> Strip:
    """A row in the text column with a mark in the gutter."""
    lead = gutter(look, mark, style)
    return strip_of([*lead, *row], ((0, _length(lead)),))


def _length(parts: Iterable[Part]) -> int:
    return sum(len(text) for text, _ in parts)


def clock(look: Look, ms: int | None, seconds: bool = False) -> list[Row]:
    """The time of day, as a fact; none when it is not known."""
    if ms is None:
        return []
    whole = ms // 1000 + look.utc_offset_min * 60
    time = f"{whole // 3600 % 24:02d}:{whole // 60 % 60:02d}"
    return [[(SafeText(f"{time}:{whole % 60:02d}" if seconds else time), look.palette.dim)]]


def at_the_edge(row: Row, look: Look) -> Strip:
    """Facts alone at the right edge of a line; no text, and no line of its own in a copy."""
    room = look.width - right_margin(look)
    row = cut_row(row, room)
    row = [(blanks(room - part_width(row)), look.palette.text), *row]
    return strip_of(row, ((0, _length(row)),), "")


def with_aside(strip: Strip, fact: Row, look: Look) -> Strip:
    """A line with a fact at its right edge, where there is room; a copy does not have it."""
    free = look.width - right_margin(look) - strip.cell_length - part_width(fact)
    if free < 2 or not fact:
        return strip
    said = len(strip.text)
    cuts = ((said, said + free + _length(fact)),)
    aside = [Segment(blanks(free), look.palette.text), *(Segment(text, style) for text, style in fact)]
    if isinstance(strip, TextStrip):
        return TextStrip([*strip, *aside], (*strip.cuts, *cuts), strip.joint)
    return TextStrip([*strip, *aside], cuts)


def headline(
    look: Look,
    mark: SafeText,
    mark_style: Style,
    title: Sequence[Part],
    facts: Sequence[Row] = (),
    fold_sign: SafeText | None = None,
) -> Strip:
    """The brief line of an item: mark, title, and facts at the right edge. It never wraps.

    When it began comes last where the look says so.
    `facts` stand from left to right in the order given, the outcome first; when the title has
    no room, they are dropped from the last one on, the outcome only where there is next to none.
    The title gives way in its longest part.
    """
    palette = look.palette
    time = clock(look, look.at_ms, seconds=True)
    facts = [*facts, *time]
    room = text_width(look)
    sign: Row = [(_SPACE, palette.dim), (fold_sign, palette.dim)] if fold_sign else []
    sign_width = part_width(sign) or 2
    wanted = min(part_width(title), max(MIN_TITLE, room // 2))
    shown = list(facts)
    by: Part = (SafeText(f" {look.marks.separator} "), palette.dim)
    while True:
        right = _joined(shown, by)
        used = part_width(right)
        used += 2 + sign_width if used else (sign_width if sign else 0)
        if not shown or room - used >= (wanted if len(shown) > 1 else min(wanted, LAST_TITLE)):
            break
        shown.pop()
    left = shorten_row(look, title, max(0, room - used))
    lead = gutter(look, mark, mark_style)
    if not (right or sign):
        return strip_of([*lead, *left], ((0, _length(lead)),))
    middle = blanks(room - used - part_width(left) + (2 if right else 0))
    # A copy has two blanks before the facts, and neither the time nor the sign.
    begin = _length(lead) + _length(left)
    end = begin + len(middle)
    told = right if len(shown) < len(facts) else _joined(shown[: -len(time) or None], by)
    cuts = ((0, _length(lead)), (min(begin + 2, end) if told else begin, end))
    if sign or len(told) < len(right):
        cuts = (*cuts, (end + _length(told), end + _length(right) + _length(sign)))
    return strip_of([*lead, *left, (middle, palette.text), *right, *sign], cuts)


def headline_room(look: Look, facts: Sequence[Row], fold_sign: SafeText | None = None) -> int:
    """Cells that `headline` leaves for a title when it shows all these facts."""
    facts = [*facts, *clock(look, look.at_ms, seconds=True)]
    used = sum(map(part_width, facts)) + 3 * (len(facts) - 1) + 4 if facts else 2 if fold_sign else 0
    return max(1, text_width(look) - used)


def _joined(facts: Sequence[Row], by: Part) -> Row:
    row: Row = []
    for fact in facts:
        if fact:
            row += [by, *fact] if row else fact
    return row


def shorten_row(look: Look, parts: Sequence[Part], width: int) -> Row:
    """At most `width` cells: the longest part gives way in its middle, then the rest is cut."""
    excess = part_width(parts) - width
    if excess <= 0:
        return list(parts)
    longest = max(range(len(parts)), key=lambda index: cell_width(parts[index][0]))
    text, style = parts[longest]
    shorter = shorten(text, max(1, cell_width(text) - excess), look.marks.ellipsis)
    return cut_row([*parts[:longest], (shorter, style), *parts[longest + 1 :]], width)


def note(look: Look, text: SafeText, indent: int = 0) -> Strip:
    """A dim remark of ours in the text column, such as how much is not shown."""
    return strip_of(
        [
            (blanks(look.gutter + indent), look.palette.text),
            (shorten(text, text_width(look, indent), look.marks.ellipsis), look.palette.dim),
        ],
        ((0, look.gutter + indent),),
    )
