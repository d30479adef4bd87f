"""What was said beside the conversation: notices, the engine's standard error, skipped lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from codex_tui.panes.colours import palette_of
from codex_tui.text import block, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from codex_tui.session.transcript import Notice
    from codex_tui.text import SafeText

SHOWN_LINES = 1000  # the ring keeps more; a screen of this many still opens at once


class LogScreen(ModalScreen[None]):
    """Shows raw engine lines and notices, each made safe. Closes with Esc, F12 or q."""

    BINDINGS: ClassVar = [("escape,f12,q", "dismiss", "close")]

    def __init__(self, notices: Sequence[Notice], lines: Sequence[SafeText], alone: int = 0) -> None:
        """`alone` is how many requests of the engine were answered without asking anybody."""
        super().__init__()
        self._alone = alone
        self._notices = notices
        self._lines = lines[-SHOWN_LINES:]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="sheet") as sheet:
            sheet.border_title = "Notices and engine log"
            sheet.border_subtitle = "Esc closes"
            yield Static(self._text())

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def _text(self) -> Text:
        palette = palette_of(self)
        told = Text()
        for notice in self._notices:
            style = {"error": palette.bad, "warning": palette.warn}.get(notice.severity, palette.text)
            told.append(f"{notice.severity}: {line(notice.title)}\n", style=style)
            for part in block(notice.detail) if notice.detail else ():
                told.append(f"  {part}\n", style=palette.dim)
        if self._notices:
            told.append("\n")
        if self._alone:
            what = "request of the engine" if self._alone == 1 else "requests of the engine"
            told.append(f"{self._alone:,} {what} answered or refused without asking\n\n", style=palette.dim)
        told.append("The engine's own log\n", style=palette.strong)
        for text in self._lines:
            told.append(f"{text}\n", style=palette.dim)
        if not self._lines:
            told.append("It has written nothing.\n", style=palette.dim)
        told.rstrip()
        return told
