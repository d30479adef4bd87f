"""A choice of a few ways on, each by its key."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from codex_tui.dialogs.gate import may_open
from codex_tui.text import SafeText, join, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from codex_tui.app import CodexApp
    from codex_tui.intents import Way

ASK_EVERY = 0.1  # seconds between looks whether a person has stopped typing and can be asked
DEAF = 0.5  # seconds after it came up in which no key counts: it was meant for something else


class ChooseScreen(ModalScreen[str | None]):
    """Dismisses with the key of the chosen way, or with None."""

    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - as the screen declares it
    BINDINGS: ClassVar = [("escape,ctrl+c", "dismiss", "leave it")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self, heading: SafeText, detail: SafeText, ways: Sequence[Way]) -> None:
        super().__init__()
        self._heading: SafeText = heading
        self._detail: SafeText = detail
        self._ways = ways
        self._since = 0.0

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet recall choose") as sheet:
            sheet.border_subtitle = "a key or Enter   Esc closes"
            yield Static(Content(self._heading), classes="choose--why")
            if self._detail:
                yield Static(Content(self._detail), classes="recall--count")
            rows = [Content(join(way.key, own("   "), way.words)) for way in self._ways]
            yield OptionList(*rows, compact=True, markup=False)

    def on_mount(self) -> None:
        self._since = self.app.clock()
        self.query_one(OptionList).highlighted = 0

    def on_key(self, event: events.Key) -> None:
        if any(way.key == event.key for way in self._ways):
            event.stop()
            self._choose(event.key)

    @on(OptionList.OptionSelected)
    def _take(self, message: OptionList.OptionSelected) -> None:
        self._choose(self._ways[message.option_index].key)

    def _choose(self, key: str) -> None:
        if self.app.clock() - self._since >= DEAF:
            self.dismiss(key)


async def choose(app: CodexApp, heading: SafeText, detail: SafeText, ways: Sequence[Way]) -> str | None:
    """Ask as soon as nobody is typing; the key of the chosen way, None for none of them."""
    # It is time that has to pass.
    while app.screen is not app.main or not may_open(True, app.last_key_at, app.clock()):  # noqa: ASYNC110
        await asyncio.sleep(ASK_EVERY)
    chosen: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def take(key: str | None) -> None:
        if not chosen.done():
            chosen.set_result(key)

    app.call_later(app.push_screen, ChooseScreen(heading, detail, ways), take)
    return await chosen
