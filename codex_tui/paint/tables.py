"""A table fitted to a width: columns side by side, or one line a cell where they cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codex_tui.paint.lines import Part, Row, blanks, chop, part_width, wrap
from codex_tui.paint.look import Look
from codex_tui.text import SafeText, own

MIN_COLUMN = 5
"""Cells a column has at least, before a table becomes a list of its cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as lines of parts; `aligns` are `left`, `right`, `center` or empty, one a column."""

    head: Sequence[Row]
    body: Sequence[Sequence[Row]]
    aligns: Sequence[str]


def table_rows(table: Table, look: Look, width: int) -> list[Row]:
    """The rows of `table` in at most `width` cells."""
    count = len(table.head)
    natural = [
        max(1, *(part_width(row[column]) if column < len(row) else 0 for row in (table.head, *table.body)))
        for column in range(count)
    ]
    widths = column_widths(natural, width - 3 * (count - 1))
    if widths is None:
        return _as_list(table, look, width)
    marks, rule = look.marks, look.palette.rule
    between: Part = (SafeText(f" {marks.column} "), rule)
    rows = _row(table.head, table.aligns, widths, between, look)
    rows.append(
        [
            (
                SafeText(f"{marks.rule}{marks.cross}{marks.rule}".join(marks.rule * size for size in widths)),
                rule,
            )
        ]
    )
    for cells in table.body:
        rows += _row(cells, table.aligns, widths, between, look)
    return rows


def column_widths(natural: Sequence[int], room: int) -> list[int] | None:
    """Widths of at most `room` cells in all: narrow columns keep theirs, the wide ones share the
    rest evenly. None when that leaves one with less than `MIN_COLUMN`."""
    widths = list(natural)
    open_columns = sorted(range(len(natural)), key=lambda index: natural[index])
    left = room
    for position, index in enumerate(open_columns):
        share = left // (len(open_columns) - position)
        if natural[index] > share:
            if share < MIN_COLUMN:
                return None
            widths[index] = share
        left -= widths[index]
    return widths


def _row(
    cells: Sequence[Row], aligns: Sequence[str], widths: Sequence[int], between: Part, look: Look
) -> list[Row]:
    columns: list[list[Row]] = [
        wrap(cells[index], size) if index < len(cells) else [[]] for index, size in enumerate(widths)
    ]
    rows: list[Row] = []
    for at in range(max(map(len, columns), default=0)):
        row: Row = []
        for index, (column, size) in enumerate(zip(columns, widths, strict=True)):
            parts = column[at] if at < len(column) else []
            free = size - part_width(parts)
            align = aligns[index] if index < len(aligns) else ""
            before = free if align == "right" else free // 2 if align == "center" else 0
            if index:
                row.append(between)
            row += [(blanks(before), look.palette.text), *parts, (blanks(free - before), look.palette.text)]
        rows.append(row)
    return rows


def _as_list(table: Table, look: Look, width: int) -> list[Row]:
    """Each row as lines of `column: cell`, blank rows between."""
    rows: list[Row] = []
    colon: Part = (own(": "), look.palette.dim)
    for cells in table.body or [[]]:
        if rows:
            rows.append([])
        for index, head in enumerate(table.head):
            cell = cells[index] if index < len(cells) else []
            rows += wrap([*head, colon, *cell], width)
    return [kept for row in rows for kept in (chop(row, width) if row else [row])]
