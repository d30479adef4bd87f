"""The engine's log: the last lines of its standard error and what was skipped on its output."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from codex_tui.text import block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

SHOWN_LINES = 1000  # the ring keeps more; a screen of this many still opens at once


class LogScreen(ModalScreen[None]):
    """Shows raw engine lines, each made safe."""

    BINDINGS: ClassVar = [("escape,f12,q", "dismiss", "close")]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines[-SHOWN_LINES:]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="sheet") as sheet:
            sheet.border_title = "Engine log"
            sheet.border_subtitle = "Esc closes"
            safe = [part for line in self._lines for part in block(line)]
            yield Static(Text("\n".join(safe) or "The engine has written nothing.", no_wrap=False))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).scroll_end(animate=False)
