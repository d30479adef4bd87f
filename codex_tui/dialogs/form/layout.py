"""A form's fields as lines: name, value, and beside it what it takes or what is wrong with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style

from codex_tui.dialogs.form.fields import ChoiceEntry, Entry, SwitchEntry, TextEntry
from codex_tui.dialogs.signs import signs_of
from codex_tui.paint.lines import EMPTY, Part, Row, blanks, cut_row, part_width, wrap
from codex_tui.paint.question import exact
from codex_tui.text import SafeText, block, cell_width, cut, fit, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from codex_tui.dialogs.form.schema import Field
    from codex_tui.paint.look import Look, Palette

NARROW = 56
"""Cells below which a field's name and hint stand above and below its value."""
LABEL_MOST = 22
VALUE_MOST = 44
HINT_WIDTH = 26
LABEL_READ = 200
"""Characters of a title or an option that are drawn; more than any line holds."""
LIST_ROWS = 6
"""Options of a list that are in sight at once."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field as it is to be drawn."""

    about: Field
    entry: Entry
    focused: bool
    error: SafeText | None


def paint_fields(shown: Sequence[Shown], look: Look) -> tuple[list[Strip], int]:
    """The lines of all fields, and the line with the cursor."""
    labels = max((cell_width(_label(one.about)) for one in shown), default=0)
    strips: list[Strip] = []
    focus = 0
    for index, one in enumerate(shown):
        if index and (look.width < NARROW or one.about.description):
            strips.append(EMPTY)
        if one.focused:
            focus = len(strips) + _cursor_row(one, look, min(LABEL_MOST, labels))
        strips += _paint_field(one, look, min(LABEL_MOST, labels))
    return strips, focus


@lru_cache(maxsize=256)
def words(text: str, width: int) -> tuple[SafeText, ...]:
    """Foreign prose in rows; remembered, since a form is drawn anew with every key."""
    rows = [row for part in block(text) for row in wrap([(part, Style())], max(8, width))]
    return tuple(join(*(piece for piece, _ in row)) for row in rows)


# Only the message on screen, at two widths: it may be long.
_message_rows = lru_cache(maxsize=2)(words.__wrapped__)


class Said:
    """What the server says above its form, and a blank line; painted line by line."""

    def __init__(self, message: str, look: Look) -> None:
        said = bool(message.strip())
        self._rows = _message_rows(message, look.width) if said else (own("no message was given"),)
        self._style = look.palette.text if said else look.palette.dim

    def __len__(self) -> int:
        return len(self._rows) + 1

    def paint(self, index: int) -> Strip:
        return exact([(self._rows[index], self._style)]) if index < len(self._rows) else EMPTY


def _label(about: Field) -> SafeText:
    title = line((about.title or about.name)[:LABEL_READ]) or own("(no name)")
    return join(title, own(" *")) if about.required else title


def _paint_field(one: Shown, look: Look, labels: int) -> list[Strip]:
    palette, narrow = look.palette, look.width < NARROW
    mark: Part = (join(look.marks.chosen, own(" ")) if one.focused else own("  "), palette.accent)
    name = [(_label(one.about), palette.strong if one.focused else palette.text)]
    column = 2 if narrow else 2 + labels + 2
    hint_room = _hint_room(look, labels)
    values = _value_rows(one, look, _value_room(look, labels))
    hints = _hint_rows(one, look, hint_room)
    names = wrap(name, look.width - 2 if narrow else labels)
    rows: list[Row] = []
    if narrow:
        rows = [[mark, *row] for row in [*names, *values, *hints]]
    else:
        for index in range(max(len(names), len(values), len(hints))):
            row: Row = [mark, *(names[index] if index < len(names) else [])]
            row.append((blanks(column - part_width(row)), palette.text))
            row += values[index] if index < len(values) else []
            if index < len(hints):
                row += [(blanks(look.width - hint_room - part_width(row)), palette.text), *hints[index]]
            rows.append(row)
    about: list[Row] = [[(text, palette.dim)] for text in _described(one.about, look.width - column)]
    about += [row for note in one.about.notes for row in wrap([(note, palette.warn)], look.width - column)]
    rows += [[mark, (blanks(column - 2), palette.text), *row] for row in about]
    return [exact(row) for row in rows]


def _cursor_row(one: Shown, look: Look, labels: int) -> int:
    """Lines of the field above the one with the cursor."""
    names = 0
    if look.width < NARROW:
        names = len(wrap([(_label(one.about), Style())], look.width - 2))
    entry = one.entry
    if not isinstance(entry, ChoiceEntry) or _is_inline(one, entry, look, _value_room(look, labels)):
        return names
    here, top = _list_window(entry, entry.found())
    return names + entry.is_long + here - top


def _value_room(look: Look, labels: int) -> int:
    if look.width < NARROW:
        return look.width - 2
    column = 2 + labels + 2
    return min(VALUE_MOST, look.width - column - 2 - min(HINT_WIDTH, look.width - column - 12))


def _hint_room(look: Look, labels: int) -> int:
    if look.width < NARROW:
        return look.width - 2
    return look.width - 2 - labels - 2 - _value_room(look, labels) - 2


def _described(about: Field, width: int) -> tuple[SafeText, ...]:
    return words(about.description, width) if about.description else ()


def _hint_rows(one: Shown, look: Look, width: int) -> list[Row]:
    palette = look.palette
    if one.error is not None:
        return wrap([(join(look.marks.bad, own(" "), one.error), palette.bad)], width)
    text = hint(one.about)
    return wrap([(text, palette.dim)], width) if text else []


def hint(about: Field) -> SafeText:
    """What the field takes, in few words."""
    if about.kind == "text":
        formats = {
            "date": own("YYYY-MM-DD"),
            "date-time": own("2026-02-03T04:05:06Z"),
            "email": own("e-mail address"),
            "uri": own("URI"),
        }
        length = _range(about.min_length or None, about.max_length, own("characters"))
        return join(*(part for part in (formats.get(about.format, own("")), length) if part), by=own(", "))
    if about.kind in {"integer", "number"}:
        unit = own("whole number") if about.kind == "integer" else own("number")
        if about.minimum is None and about.maximum is None:
            return unit
        return _range(about.minimum, about.maximum, own(""))
    if about.kind == "choices":
        picks = _range(about.min_items or None, about.max_items, own("of them"))
        return picks or own("any of them")
    return own("")


def _range(low: float | None, high: float | None, unit: SafeText) -> SafeText:
    unit = join(own(" "), unit) if unit else unit
    if low is not None and high is not None:
        return join(exact_number(low), own(" to "), exact_number(high), unit)
    if low is not None:
        return join(own("at least "), exact_number(low), unit)
    return join(own("at most "), exact_number(high), unit) if high is not None else own("")


def exact_number(value: float) -> SafeText:
    """A bound with every digit it has; whole ones without a point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return number(value) if isinstance(value, int) and abs(value) < 10**15 else line(repr(value))


# -- values -------------------------------------------------------------------------------


def _value_rows(one: Shown, look: Look, width: int) -> list[Row]:
    entry, palette = one.entry, look.palette
    if isinstance(entry, TextEntry):
        return [_text_row(one, entry, look, min(width, VALUE_MOST))]
    if isinstance(entry, SwitchEntry):
        signs = [_sign(entry.state is want, look, several=False) for want in (True, False)]
        return [[*signs[0], (own("yes   "), palette.text), *signs[1], (own("no"), palette.text)]]
    if isinstance(entry, ChoiceEntry):
        if _is_inline(one, entry, look, width):
            return [_inline(one, entry, look)]
        return _list_rows(one, entry, look, width)
    return []


def _text_row(one: Shown, entry: TextEntry, look: Look, width: int) -> Row:
    """The text around the cursor; what is left and right of it out of sight is marked."""
    palette = look.palette
    ground = palette.text + palette.selected
    hide, dot = one.about.secret, signs_of(look.marks).dot

    def masked(text: str) -> SafeText:
        return SafeText(dot * len(text)) if hide else line(text)

    near = 2 * width  # no more characters can be in sight, whatever they are drawn as
    before = masked(entry.text[max(0, entry.cursor - near) : entry.cursor])
    after = masked(entry.text[entry.cursor : entry.cursor + near])
    if not one.focused:
        before, after = own(""), masked(entry.text[:near])
    room = max(1, width - 1)
    more = look.marks.ellipsis
    if cell_width(before) > room - 1 - cell_width(more):
        kept = max(1, room * 2 // 3)
        while before and cell_width(before) > kept:
            before = SafeText(before[len(before) // 2 :] if len(before) > 4 * kept else before[1:])
        before = join(more, before)
    row: Row = [(before, ground)]
    if one.focused:
        caret, after = (cut(after, 1) or SafeText(after[:1]) or own(" ")), SafeText(after[1:])
        row.append((caret, ground + Style(reverse=True)))
    left = width - part_width(row)
    if cell_width(after) > left:
        after = join(cut(after, max(0, left - cell_width(more))), more)
    row.append((fit(after, max(0, left)), ground))
    return row


def _sign(picked: bool, look: Look, *, several: bool) -> Row:
    one = join(own("("), signs_of(look.marks).dot, own(") "))
    signs = (own("[x] "), own("[ ] ")) if several else (one, own("( ) "))
    return [(signs[0] if picked else signs[1], look.palette.accent if picked else look.palette.dim)]


def _under_cursor(one: Shown, palette: Palette) -> Style:
    return palette.strong + Style(underline=True) if one.focused else palette.text


def _is_inline(one: Shown, entry: ChoiceEntry, look: Look, width: int) -> bool:
    return not entry.is_long and part_width(_inline(one, entry, look)) <= width


def _list_window(entry: ChoiceEntry, found: Sequence[int]) -> tuple[int, int]:
    """Where the cursor is among the options found, and the first one in sight."""
    here = found.index(entry.at) if entry.at in found else 0
    height = min(LIST_ROWS, len(entry.options))
    return here, max(0, min(here - height // 2, len(found) - height))


def _inline(one: Shown, entry: ChoiceEntry, look: Look) -> Row:
    palette = look.palette
    row: Row = []
    for at, option in enumerate(entry.options[: LIST_ROWS * 2]):
        style = _under_cursor(one, palette) if at == entry.at else palette.text
        row += [(own("   ") if at else own(""), palette.text)]
        row += [*_sign(at in entry.picked, look, several=entry.several)]
        row.append((line(option.title[:LABEL_READ]), style))
    return row


def _list_rows(one: Shown, entry: ChoiceEntry, look: Look, width: int) -> list[Row]:
    """What is picked, and a window on the options around the cursor, always of the same height."""
    palette = look.palette
    found = entry.found()
    height = min(LIST_ROWS, len(entry.options))
    _, top = _list_window(entry, found)
    rows: list[Row] = [_list_head(one, entry, look, width, len(found))] if entry.is_long else []
    for at in found[top : top + height]:
        option = entry.options[at]
        style = _under_cursor(one, palette) if at == entry.at else palette.text
        row = [*_sign(at in entry.picked, look, several=entry.several)]
        row.append((line(option.title[:LABEL_READ]), style))
        if option.title != option.value:
            row.append((join(own("  "), line(option.value[:LABEL_READ])), palette.dim))
        # One line an option; the review shows the whole value.
        over = part_width(row) > width
        more: Part = (look.marks.ellipsis, palette.dim)
        rows.append([*cut_row(row, width - cell_width(more[0])), more] if over else row)
    rows += [[]] * (height + entry.is_long - len(rows))
    return rows


def _list_head(one: Shown, entry: ChoiceEntry, look: Look, width: int, found: int) -> Row:
    palette = look.palette
    if one.focused:
        looked_for = join(own("/ "), line(entry.filter)) if entry.filter else own("type to find")
        counted = join(own("  "), number(found), own(" of "), number(len(entry.options)))
        return [
            (cut(looked_for, max(1, width - cell_width(counted))), palette.accent),
            (counted, palette.dim),
        ]
    chosen = [line(entry.options[at].title[:LABEL_READ]) for at in sorted(entry.picked)[:20]]
    if not chosen:
        return [(join(number(len(entry.options)), own(" to choose from")), palette.dim)]
    return [(cut(join(*chosen, by=own(", ")), width), palette.strong)]
