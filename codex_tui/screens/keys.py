"""The keys of the program, read from the one table of actions."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar, Final

from rich.style import Style
from rich.text import Text
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from codex_tui.actions import ACTIONS, SCOPE_TITLES, key_words
from codex_tui.panes.colours import palette_of

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from codex_tui.actions import Scope
    from codex_tui.paint.look import Palette

COLUMN: Final = 46
"""Cells that a column of keys wants at least; where there is room for several, they stand beside another."""

TITLE: Final = 20
"""Cells below which what a key does stands under it instead of beside it."""

GAP: Final = 2


def key_table(palette: Palette, width: int, first: Scope | None = None) -> Text:
    """All actions by scope, in as many columns as `width` has room for; `first` leads."""
    scopes = sorted(SCOPE_TITLES, key=lambda scope: scope != first)
    count = max(1, (width + GAP) // (COLUMN + GAP))
    each = (width - (count - 1) * GAP) // count
    columns = _columns([_block(palette, scope, each) for scope in scopes], count)
    table = Text()
    for row in range(max(map(len, columns))):
        for at, column in enumerate(columns):
            cell = column[row] if row < len(column) else Text()
            table.append_text(cell)
            if at < len(columns) - 1:
                table.append(" " * (each + GAP - cell.cell_len))
        table.append("\n")
    table.rstrip()
    return table


def _block(palette: Palette, scope: Scope, width: int) -> list[Text]:
    """A scope's title and actions, a line each, with a blank one behind."""
    lines = [Text(SCOPE_TITLES[scope], style=palette.strong + Style(underline=True))]
    actions = [action for action in ACTIONS if action.scope == scope]
    lead = 4 + max((len(key_words(action)) for action in actions), default=0)
    below = width - lead < TITLE
    for action in actions:
        keys = Text(f"  {key_words(action)}", style=palette.good)
        first, *more = textwrap.wrap(action.title, max(1, width - (4 if below else lead)))
        if below:
            lines.append(keys)
            lines += [Text(f"    {row}", style=palette.text) for row in (first, *more)]
            continue
        keys.pad_right(lead - keys.cell_len)
        keys.append(first, style=palette.text)
        lines.append(keys)
        lines += [Text(" " * lead + rest, style=palette.text) for rest in more]
    return [*lines, Text()]


def _columns(blocks: list[list[Text]], count: int) -> list[list[Text]]:
    """The blocks in reading order, over at most `count` columns that are about as long."""
    longest = max(map(len, blocks))
    for height in range(longest, sum(map(len, blocks)) + 1):
        columns: list[list[Text]] = [[]]
        for block in blocks:
            if columns[-1] and len(columns[-1]) + len(block) > height:
                columns.append([])
            columns[-1] += block
        if len(columns) <= count:
            return columns
    return [[line for block in blocks for line in block]]


class KeysScreen(ModalScreen[None]):
    """`F1`: closes with Esc, F1 or q. `first`: the keys of where the person is, before all others."""

    BINDINGS: ClassVar = [("escape,f1,q", "dismiss", "close")]

    def __init__(self, first: Scope | None = None) -> None:
        super().__init__()
        self._first: Scope | None = first

    def compose(self) -> ComposeResult:
        self._table = Static()
        with VerticalScroll(classes="sheet -wide") as sheet:
            sheet.border_title = "Keys"
            yield self._table

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        sheet = self.query_one(VerticalScroll)
        table = key_table(palette_of(self), max(1, sheet.scrollable_content_region.width), self._first)
        self._table.update(table)
        more = len(table.plain.splitlines()) > sheet.scrollable_content_region.height
        sheet.border_subtitle = "PgDn more   Esc closes" if more else "Esc closes"
