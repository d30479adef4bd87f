"""Asks whether to trust a folder, before the engine is started there. Its result is the answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.screen import ModalScreen

from codex_tui.dialogs.frame import UNSEEN_KEY
from codex_tui.dialogs.gate import Gate
from codex_tui.dialogs.panel import QuestionPanel
from codex_tui.paint.look import Look, Marks
from codex_tui.panes.colours import follow_theme, palette_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App, ComposeResult
    from textual.timer import Timer

    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.trust import Answer

COUNTDOWN_EVERY = 0.1  # seconds between two pictures of the countdown


class TrustScreen(ModalScreen["Answer"]):
    """Shows `folder_sheet` behind the same guard as the engine's questions.

    It is no question of the engine's: there is none yet. So it has no place in the inbox.
    """

    AUTO_FOCUS = ""
    app: App[object]  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self, sheet: Sheet, *, clock: Callable[[], float], marks: Marks | None = None) -> None:
        super().__init__()
        self._sheet = sheet
        self._marks = marks or Marks()
        self._gate = Gate(clock)
        self._panel = QuestionPanel()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._panel

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._focus_came_back, init=False)
        follow_theme(self, lambda: self._panel.recolour(self._look()))
        self._panel.update(alive_in=math.inf)
        self._panel.show(self._sheet, self._look(), *self.app.size)

    def _look(self) -> Look:
        return Look(palette=palette_of(self), marks=self._marks)

    def on_resize(self, event: events.Resize) -> None:
        self._panel.resize_to(event.size.width, event.size.height)

    # -- the guard ------------------------------------------------------------------------

    @on(QuestionPanel.Painted)
    def _start_guard(self) -> None:
        if self.is_active:
            self._gate.show()
            self.redraw()

    def on_screen_resume(self) -> None:
        if self._panel.is_painted:
            self._start_guard()

    def on_screen_suspend(self) -> None:
        self._gate.hide()
        self._stop_timer()

    def _focus_came_back(self, focused: bool) -> None:
        if focused and not math.isinf(self._gate.shown_at):
            self._start_guard()

    def redraw(self) -> None:
        """Draw the countdown, and come back while it runs."""
        self._stop_timer()
        self._panel.update(alive_in=self._gate.alive_in(), progress=self._gate.progress())
        if 0 < self._gate.alive_in() < math.inf:
            self._timer = self.set_timer(COUNTDOWN_EVERY, self.redraw)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    # -- keys and mouse -------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.press(event.key)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._touch()

    @on(QuestionPanel.Touched)
    def _touch(self) -> None:
        self._gate.touch()
        self.redraw()

    @on(QuestionPanel.Clicked)
    def _clicked(self, message: QuestionPanel.Clicked) -> None:
        self.press(message.key)

    def press(self, key: str) -> None:
        """A key, or a click on its answer (empty for a click elsewhere), arrived now."""
        alive = self._gate.press()
        self.redraw()
        if self._scroll(key) or not alive or not self.is_active:
            return
        choice = next((choice for choice in self._sheet.choices if choice.key == key), None)
        if choice is None:
            if key == UNSEEN_KEY and self._panel.blocked:
                self._panel.update(waived=True)
        elif not (choice.grants and self._panel.blocked):
            self._gate.hide()
            self._stop_timer()
            self.dismiss(cast("Answer", choice.outcome))

    def _scroll(self, key: str) -> bool:
        page = self._panel.page
        rows = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -(1 << 30), "end": 1 << 30}
        if key not in rows:
            return False
        self._panel.scroll_by(rows[key])
        return True
