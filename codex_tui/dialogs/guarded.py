"""A modal page behind the guard: when its keys count, what was seen of it, how it scrolls.

The engine's questions and the question whether to trust a folder are such pages. What their answers
do is for the subclass.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual import events, on
from textual.screen import ModalScreen

from codex_tui.dialogs.answers import UNSEEN_KEY
from codex_tui.dialogs.gate import Gate
from codex_tui.dialogs.keys import BACK_KEYS, KEYS_KEY, keys_sheet, scroll_lines
from codex_tui.dialogs.panel import Memory, QuestionPanel, lateness
from codex_tui.dialogs.signs import KeyLine
from codex_tui.paint.look import Look, Marks
from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.text import own

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App, ComposeResult
    from textual.timer import Timer

    from codex_tui.dialogs.choices import Choice
    from codex_tui.dialogs.sheet import Sheet

COUNTDOWN_EVERY = 0.1  # seconds between two pictures of the countdown
_FAR = 1 << 30  # more rows than any page has

Result = TypeVar("Result")


class GuardedScreen(ModalScreen[Result]):
    """Shows one sheet in a panel. `clock` gives monotonic seconds."""

    AUTO_FOCUS = ""
    app: App[object]  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self, *, clock: Callable[[], float], marks: Marks | None = None) -> None:
        super().__init__()
        self._clock = clock
        self._marks = marks or Marks()
        self.gate = Gate(clock)  # tests may set how long it holds
        self._panel = QuestionPanel()
        self._held: Choice | None = None  # what the gate holds; None is the key for unseen rows
        self._lists_keys = False  # the page with all keys is on screen, in front of the sheet
        self._memory: Memory | None = None  # what was seen of that sheet
        self._timer: Timer | None = None
        self._release_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._panel

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._focus_came_back, init=False)
        follow_theme(self, lambda: self._panel.recolour(self._look()))

    def _look(self) -> Look:
        return Look(palette=palette_of(self), marks=self._marks)

    def on_resize(self, event: events.Resize) -> None:
        self._panel.resize_to(event.size.width, event.size.height)

    # -- for the subclass -----------------------------------------------------------------

    @property
    def _shown(self) -> Sheet | None:
        """The sheet whose answers count now."""
        raise NotImplementedError

    def _take(self, key: str, character: str | None, alive: bool) -> bool:
        """Whether the page took that key for itself; then it answers nothing."""
        return False

    def _take_paste(self, text: str, alive: bool) -> None:
        """What a paste does: it never answers."""

    def _choose(self, choice: Choice) -> None:
        """Carry an answer out: it is alive, meant, and everything was seen that it needs."""
        raise NotImplementedError

    def _key_lines(self) -> list[KeyLine]:
        """The keys that do something now, beside the answers."""
        frame = self._panel.frame
        lines = scroll_lines(()) if frame is not None and frame.scrolls else []
        return [*self._unseen_lines(), *lines]

    @property
    def _waivable(self) -> bool:
        """Whether there are grants that wait for rows to be seen, and room to see them."""
        sheet, panel = self._shown, self._panel
        grants = sheet is not None and any(choice.grants for choice in sheet.choices)
        return grants and panel.blocked and panel.frame is not None and panel.frame.window > 0

    def _unseen_lines(self) -> list[KeyLine]:
        return [KeyLine((UNSEEN_KEY,), own("answer without reading the rest"))] if self._waivable else []

    def _draw_moment(self) -> float:
        """Draw what changes with time, and say in how many seconds it changes again (or infinity)."""
        raise NotImplementedError

    # -- the guard ------------------------------------------------------------------------

    @on(QuestionPanel.Painted)
    def _start_guard(self) -> None:
        # Another page may have come since the message that this is for.
        if self.is_active and not self._lists_keys and self._panel.is_painted:
            self.gate.show()
            self.redraw()

    def on_screen_resume(self) -> None:
        """Nothing covers this screen any more: its guard starts anew."""
        if self._panel.is_painted:
            self._start_guard()

    def on_screen_suspend(self) -> None:
        self._close_guard()

    def _close_guard(self) -> None:
        """No key answers from here on, and nothing is drawn anew."""
        self.gate.hide()
        self._stop_timer()

    def _focus_came_back(self, focused: bool) -> None:
        if focused and not math.isinf(self.gate.shown_at):
            self._start_guard()

    def redraw(self) -> None:
        """Draw the countdown, and come back when it changes."""
        self._stop_timer()
        if not self.is_active or self._lists_keys:
            return
        wait = self._draw_moment()
        if 0 < self.gate.alive_in() < math.inf:
            wait = min(wait, COUNTDOWN_EVERY)
        if not math.isinf(wait):
            self._timer = self.set_timer(wait, self.redraw)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    # -- keys and mouse -------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character if event.is_printable else None, lateness(event))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        alive = self.gate.alive()
        self._touch()
        if not self._lists_keys:
            self._take_paste(event.text, alive)

    @on(QuestionPanel.Touched)
    def _touch(self) -> None:
        self.release()
        self.gate.touch()
        self.redraw()

    @on(QuestionPanel.Clicked)
    def _clicked(self, message: QuestionPanel.Clicked) -> None:
        self.press(message.key, late=message.late, at_once=True)

    def press(
        self, key: str, character: str | None = None, late: float = 0.0, *, at_once: bool = False
    ) -> None:
        """A key, or a click on its answer (empty for a click elsewhere), arrived now.

        `late`: seconds since it was pressed. `at_once` for what no paste can be: it is not held.
        """
        self.release(late)
        alive = self.gate.press(late)
        self.redraw()
        if self._lists_keys or key == KEYS_KEY:
            self._press_keys_page(key)
            return
        if self._take(key, character, alive) or self._scroll(key):
            return
        choice = self._choice(key)
        if choice is None and not (key == UNSEEN_KEY and self._waivable):
            return
        if not alive and (choice is None or not choice.eager or choice.grants or self.gate.in_burst):
            return
        self._held = choice
        self.gate.hold()
        if at_once:
            self._settle()
        else:
            self._come_back()

    def _press_keys_page(self, key: str) -> None:
        """Go to the page with all keys, or back from it; nothing answers there."""
        sheet = self._shown
        if sheet is None:
            return
        if not self._lists_keys:
            listed = keys_sheet(sheet.choices, self._key_lines(), blocked=self._panel.blocked)
            self._lists_keys, self._memory = True, self._panel.memory
            self.gate.hide()
            self._stop_timer()
            self._panel.show(listed, self._look(), *self.app.size)
            self._panel.update(alive_in=math.inf)
        elif key in BACK_KEYS:
            memory = self._memory
            self._forget_keys_page()
            self._panel.show(sheet, self._look(), *self.app.size, memory)
        else:
            self._scroll(key)

    def _forget_keys_page(self) -> None:
        """Another page goes on screen, or this one is no longer what it was."""
        self._lists_keys, self._memory = False, None

    def _choice(self, key: str) -> Choice | None:
        sheet = self._shown
        choices = sheet.choices if sheet is not None else ()
        return next((choice for choice in choices if choice.key == key), None)

    def _come_back(self) -> None:
        """Look again when what is held is due."""
        if self._release_timer is not None:
            self._release_timer.stop()
            self._release_timer = None
        wait = self.gate.due_in()
        if wait == 0.0:
            self._settle()
        elif not math.isinf(wait):
            self._release_timer = self.set_timer(wait, self._let_keys_pass)

    def _let_keys_pass(self) -> None:
        """Let the keys that are here already go first, those of the app's queue and then of this one's:
        when the program stood still for a while, the rest of a paste is in them."""
        self.app.call_later(lambda: self.call_later(self._come_back))

    def release(self, late: float = 0.0) -> None:
        """Carry out what is held if it was due `late` seconds ago."""
        if self.gate.holds and self.gate.due_in(self._clock() - max(0.0, late)) == 0.0:
            self._settle()

    def _settle(self) -> None:
        """Carry out what is held, if it still stands on screen as it did."""
        held = self._held
        self._held = None
        self.gate.held_at = math.inf
        if not self.is_active:
            return
        if held is None:
            if self._waivable:
                self._panel.update(waived=True)
            return
        choice = self._choice(held.key)
        if choice is None or not _is_same(choice, held) or (choice.grants and self._panel.blocked):
            return
        self._choose(choice)

    def _scroll(self, key: str) -> bool:
        page = self._panel.page
        rows = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -_FAR, "end": _FAR}.get(
            key.removeprefix("ctrl+")
        )
        if rows is None:
            return False
        self._panel.scroll_by(rows)
        return True


def _is_same(one: Choice, other: Choice) -> bool:
    """Whether two answers do the same; where they lead to is made anew with each sheet."""
    return replace(one, leads=None) == replace(other, leads=None)
