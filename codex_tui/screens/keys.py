"""The keys of the program, read from the one table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from codex_tui.actions import ACTIONS, SCOPE_TITLES, key_words
from codex_tui.panes.colours import palette_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from codex_tui.paint.look import Palette


def key_table(palette: Palette) -> Text:
    """All actions by scope: keys, then what they do."""
    table = Text()
    for scope, title in SCOPE_TITLES.items():
        rows = [(key_words(action), action.title) for action in ACTIONS if action.scope == scope]
        table.append(f"{title}\n", style=palette.strong)
        for keys, what in rows:
            table.append(f"  {keys:<22}", style=palette.strong)
            table.append(f"{what}\n")
        table.append("\n")
    table.rstrip()
    return table


class KeysScreen(ModalScreen[None]):
    """`F1`: closes with Esc, F1 or q."""

    BINDINGS: ClassVar = [("escape,f1,q", "dismiss", "close")]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="sheet") as sheet:
            sheet.border_title = "Keys"
            sheet.border_subtitle = "Esc closes"
            yield Static(key_table(palette_of(self)))
