"""An entry of the diff as lines of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from codex_tui.paint.diff import counts
from codex_tui.paint.facts import path_in
from codex_tui.paint.inks import Inks
from codex_tui.paint.lines import Row, blanks, part_width, shorten_row, wrap
from codex_tui.paint.sidebyside import (
    MARGIN,
    Shown,
    Span,
    drawn_spans,
    plain_row,
    restyled,
    split_rows,
    unified_rows,
)
from codex_tui.paint.theme import hexed, mix, rgb
from codex_tui.panes.chat.strips import StripCache
from codex_tui.text import SafeText, join, line, own, word_rows

if TYPE_CHECKING:
    from textual.color import Color
    from textual.filter import LineFilter

    from codex_tui.diffs import FileDiff, Kind
    from codex_tui.diffs.comments import Comment
    from codex_tui.paint.look import Look
    from codex_tui.panes.diff.entries import Entry, FilePage
    from codex_tui.panes.diff.find import Marks
    from codex_tui.panes.diff.page import Page, Place

CURSOR_SHARE = 0.13
"""How far the ground of the row under the cursor moves towards the text's colour."""
NARROW = 50
"""Columns below which titles have no line after them."""


class Painter:
    """Paints in one look. Lines take the whole width."""

    def __init__(self, look: Look, filters: Sequence[LineFilter] = (), ground: Color | None = None) -> None:
        """`filters`: what the app does to all colours, on that `ground`."""
        self._look = look
        self.filters = filters
        self._ground = ground
        self._inks = Inks(look)
        self._cache = StripCache()
        self._room: int | None = None
        self._plain: dict[tuple[int, int], Sequence[Strip]] = {}  # painted without colours since `begin`
        self._is_plain = False

    @property
    def look(self) -> Look:
        return self._look

    def begin(self, room: int | None) -> None:
        """From now on so many characters are coloured at once (None: all); lines beyond them are painted
        without colours, and `owes` says so."""
        self._room = room
        self._plain.clear()

    @property
    def owes(self) -> bool:
        """Whether there was something since `begin` that has its colours to come."""
        return bool(self._plain)

    def uncoloured(self, page: Page, place: Place) -> list[Callable[[], object]]:
        """What has to be done, in any thread, before the entry at a place is painted quickly."""
        page_of_file, entry = page.files[place.file], page.entry(place)
        if entry.kind != "line":
            return []
        file = page_of_file.file
        hunk = file.hunks[entry.hunk]
        return [
            partial(self._inks.colour, file, hunk, index)
            for index in {entry.old, entry.new}
            if index >= 0 and self._inks.cost(file, hunk, index)
        ]

    def rows(
        self, page: Page, place: Place, shift: int, marks: Marks, remarks: Sequence[Comment]
    ) -> Sequence[Strip]:
        """All rows of the entry at a place, painted when they were not yet."""
        file = page.files[place.file]
        entry = file.entries[place.entry]
        spans, current = marks.at(place.file, entry)
        key, stamp = (place.file, place.entry), (file, shift, spans, current)
        strips = self._plain.get(key) or self._cache.get(key, stamp)
        if strips is None:
            self._is_plain = False
            strips = self._entry(file, entry, shift, spans, current, remarks)
            if self._is_plain:
                self._plain[key] = strips
            else:
                strips = self._cache.put(key, stamp, strips)
        return strips

    def filtered(self, strip: Strip) -> Strip:
        """A row as it goes to the terminal; the row remembers it."""
        if self._ground is not None:
            for one in self.filters:
                strip = strip.apply_filter(one, self._ground)
        return strip

    def _entry(
        self,
        page: FilePage,
        entry: Entry,
        shift: int,
        found: Sequence[Sequence[Span]],
        current: tuple[int, int, int] | None,
        remarks: Sequence[Comment],
    ) -> list[Strip]:
        """All rows of an entry. `found`: matches in its old and its new line; `current`: the one
        the reader is at (line, start, end)."""
        match entry.kind:
            case "file":
                return [self._title(page)]
            case "note":
                return [self._note(page.file)]
            case "hunk":
                return [self._between(page, entry)]
            case "gap":
                return [self.blank(page.shape.width)]
            case "comment":
                return self._comment(
                    remarks[entry.comment].text if entry.comment < len(remarks) else "", entry
                )
            case _:
                return self._line(page, entry, shift, found, current)

    # -- lines ----------------------------------------------------------------------------

    def _line(
        self,
        page: FilePage,
        entry: Entry,
        shift: int,
        found: Sequence[Sequence[Span]],
        current: tuple[int, int, int] | None,
    ) -> list[Strip]:
        columns = replace(page.columns, shift=shift)
        both: list[Shown | None] = []
        for at, index in enumerate((entry.old, entry.new)):
            spans = found[at] if found else ()
            other = (entry.new, entry.old)[at] if columns.split else None
            both.append(self._shown(page, entry.hunk, index, other, spans, current) if index >= 0 else None)
        old, new = both
        if columns.split:
            strips = split_rows(old, new, columns, self._look)
        else:
            shown = new or old
            strips = unified_rows(shown, columns, self._look) if shown is not None else []
        if any((entry.hunk, index) in page.comments for index in (entry.old, entry.new)):
            mark = Segment(self._look.marks.dot, self._paper + self._look.palette.warn)
            strips[0] = Strip([mark, *strips[0].crop(MARGIN, strips[0].cell_length)], strips[0].cell_length)
        return strips

    def _shown(
        self,
        page: FilePage,
        hunk: int,
        index: int,
        other: int | None,
        found: Sequence[Span],
        current: tuple[int, int, int] | None,
    ) -> Shown:
        record = page.file.hunks[hunk]
        one = record.lines[index]
        cost = self._inks.cost(page.file, record, index) if self._room is not None else 0
        if self._room is not None and cost > self._room:
            self._is_plain = True
            parts = self._inks.plain(record, index)
        else:
            self._room = self._room - cost if self._room is not None else None
            parts = self._inks.line(page.file, record, index, other)
        if found:
            plain = [span for span in found if (index, *span) != current]
            parts = restyled(parts, drawn_spans(one.text, plain), self._found)
        if current is not None and current[0] == index and current[1:] in found:
            here = drawn_spans(one.text, [current[1:]])
            parts = restyled(parts, here, self._found + Style(reverse=True, bold=True))
        return Shown(one.sign, one.old_no, one.new_no, parts)

    @property
    def _found(self) -> Style:
        palette = self._look.palette
        back = hexed(mix(rgb(palette.paper) or (0, 0, 0), rgb(_colour(palette.warn)) or (128, 128, 0), 0.4))
        return Style(bgcolor=back)

    # -- what stands between --------------------------------------------------------------

    def _title(self, page: FilePage) -> Strip:
        look, file = self._look, page.file
        palette = look.palette
        width = page.shape.width
        sign = look.marks.folded if page.folded else look.marks.unfolded
        row: Row = [(join(own(" "), sign, own(" ")), palette.dim), *self.name(file, palette.strong)]
        if file.added or file.removed or file.kind in ("changed", "new", "deleted"):
            row += [(own("  "), palette.dim), *counts(file, look)]
        if word := word_of(file):
            row += [(own("  "), palette.dim), (word, palette.warn if file.kind == "deleted" else palette.dim)]
        if any(hunk.is_crlf for hunk in file.hunks):
            row += [(own("  "), palette.dim), (own("CRLF"), palette.dim)]
        if page.is_gone:
            row += [(own("  "), palette.dim), (own("taken back"), palette.warn)]
        if file.label:
            row += [(own("  "), palette.dim), (line(file.label), palette.dim)]
        row = shorten_row(look, row, width - 1)
        room = width - part_width(row) - 2
        if width >= NARROW and room > 1:
            row += [(own(" "), palette.dim), (SafeText(look.marks.rule * room), palette.rule)]
        return plain_row(row, replace(look, width=width))

    def name(self, file: FileDiff, style: Style) -> Row:
        """The file's path, the folder less loud than its name."""
        look = self._look
        shown = path_in(look.root, file.path) if file.path else own("without a name")
        folder, slash, last = shown.rpartition("/")
        row: Row = [(SafeText(folder + slash), look.palette.dim)] if slash else []
        row.append((SafeText(last), style))
        if file.old_path and file.old_path != file.path:
            arrow = join(path_in(look.root, file.old_path), own(" "), look.marks.arrow, own(" "))
            row.insert(0, (arrow, look.palette.dim))
        return row

    def _note(self, file: FileDiff) -> Strip:
        palette = self._look.palette
        told = [line(words) for words in (file.note, file.doubt) if words]
        says = join(*told, by=own("; ")) if told else _nothing(file)
        return plain_row(
            [(own("   "), palette.dim), (says, palette.warn if file.doubt else palette.dim)], self._look
        )

    def _between(self, page: FilePage, entry: Entry) -> Strip:
        look = self._look
        columns = page.columns
        numbers = 1 if columns.split else columns.numbers
        lead = MARGIN + (numbers * (columns.digits + 1) if columns.digits else 0) - 2
        header = page.file.hunks[entry.hunk].header
        row: Row = [(blanks(lead), look.palette.dim), (look.marks.between, look.palette.dim)]
        row.append((join(own("   "), line(header)), look.palette.dim))
        if entry.hunk in page.gone and not page.is_gone:
            row.append((own("  taken back") if header else own("taken back"), look.palette.warn))
        return plain_row(shorten_row(look, row, page.shape.width), replace(look, width=page.shape.width))

    def _comment(self, words: str, entry: Entry) -> list[Strip]:
        look = self._look
        bar = join(blanks(INDENT - 2), look.marks.bar, own(" "))
        rows = wrap([(line(words), look.palette.text)], comment_room(look.width))
        ground = Style(bgcolor=_moved(look.palette.paper, _colour(look.palette.warn), 0.1))
        strips = [plain_row([(bar, look.palette.warn), *row], look, ground) for row in rows[: entry.rows]]
        return strips or [self.blank(look.width)]

    # -- around ---------------------------------------------------------------------------

    @property
    def _paper(self) -> Style:
        return Style(bgcolor=self._look.palette.paper)

    def blank(self, width: int) -> Strip:
        return Strip([Segment(" " * width, self._paper)], width)

    def empty(self, says: Sequence[SafeText], y: int, width: int) -> Strip:
        """Row `y` of a view without files."""
        palette = self._look.palette
        rows: list[Row] = [[]]
        for index, text in enumerate(says):
            style = palette.text if not index else palette.dim
            rows += [
                [(own("  "), style), (SafeText(text[start:end]), style)]
                for start, end in word_rows(text, max(8, width - 4))
            ]
        return plain_row(rows[y] if y < len(rows) else [], replace(self._look, width=width))

    def under_cursor(self, strip: Strip, active: bool) -> Strip:
        """A row with the cursor: a bar at its edge, and its ground lifted while the keyboard is here."""
        palette = self._look.palette
        text = _colour(palette.text)
        bar = Segment(self._look.marks.chosen, self._paper + (palette.strong if active else palette.dim))
        row = [bar]
        for segment in strip.crop(MARGIN, strip.cell_length):
            style = segment.style or self._paper
            if active:
                back = style.bgcolor.name if style.bgcolor is not None else palette.paper
                style = style + Style(bgcolor=_moved(back, text, CURSOR_SHARE))
            row.append(Segment(segment.text, style))
        return Strip(row, strip.cell_length)


INDENT = 6
"""Cells before the words of a comment."""


def comment_room(width: int) -> int:
    """Cells of a comment's row."""
    return max(8, min(width - INDENT - 1, 100))


@lru_cache(maxsize=256)
def _moved(color: str, towards: str, share: float) -> str:
    one, other = rgb(color), rgb(towards)
    return hexed(mix(one, other, share)) if one and other else color


def _colour(style: Style) -> str:
    return style.color.name if style.color is not None else "#808080"


def word_of(file: FileDiff) -> SafeText:
    """What happened to a file when it is more than a change, and what it is when it is no plain file."""
    words = [_HAPPENED[file.kind]] if file.kind in _HAPPENED else []
    modes = {file.old_mode, file.new_mode} - {""}
    words += [what for start, what in _NOT_PLAIN if any(mode.startswith(start) for mode in modes)]
    if file.kind != "mode" and len(modes) == 2:
        words.append(join(own("rights "), line(file.old_mode), own(" to "), line(file.new_mode)))
    return join(*words, by=own("  ")) if words else own("")


_HAPPENED: dict[Kind, SafeText] = {
    "new": own("new"),
    "deleted": own("deleted"),
    "moved": own("moved"),
    "binary": own("binary"),
    "mode": own("rights"),
}
_NOT_PLAIN = (("120", own("symbolic link")), ("160", own("submodule")))


def _nothing(file: FileDiff) -> SafeText:
    """Why a file has no lines."""
    match file.kind:
        case "binary":
            return own("a binary file: nothing to read here")
        case "mode":
            return join(
                own("only its rights changed: "), line(file.old_mode), own(" to "), line(file.new_mode)
            )
        case "moved":
            return own("moved as it is")
        case "new" | "deleted":
            return own("an empty file")
        case _:
            return own("no lines changed")
