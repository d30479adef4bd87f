"""The one modal screen for questions: it shows the head of the inbox and sends its answer.

There is never one screen a question: dismissing a covered screen would take the one on top.
What is asked next, resolved elsewhere or over with its turn is for `sync` to show.
"""

from __future__ import annotations

import math
import os
import time
from typing import TYPE_CHECKING

from textual import events, on
from textual.screen import ModalScreen

from codex_tui.dialogs.bodies import basis_of, first_step
from codex_tui.dialogs.exec import rule_sheet
from codex_tui.dialogs.frame import UNSEEN_KEY
from codex_tui.dialogs.gate import Gate
from codex_tui.dialogs.panel import QuestionPanel, lateness
from codex_tui.dialogs.setting import Place, Setting, item_of, look_up, setting_of
from codex_tui.dialogs.step import Page, Step
from codex_tui.paint.look import Look, Marks
from codex_tui.panes.colours import follow_theme, palette_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App, ComposeResult
    from textual.timer import Timer

    from codex_tui.dialogs.choices import Choice
    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.intents import Intents
    from codex_tui.session.inbox import Question, QuestionKey
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Item

COUNTDOWN_EVERY = 0.1  # seconds between two pictures of the countdown
AGE_EVERY = 1.0  # seconds between two pictures of how long the engine has waited
LATER_KEY = "f5"


class QuestionScreen(ModalScreen["QuestionKey | None"]):
    """Ask the person. Its result is None, or the key of a question that was put off with F5.

    `place` looks a path up in the file system, `home` is written as `~`; tests inject both.
    """

    AUTO_FOCUS = ""
    app: App[object]  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(
        self,
        intents: Intents,
        *,
        clock: Callable[[], float] = time.monotonic,
        marks: Marks | None = None,
        place: Callable[[str], Place] = look_up,
        home: str | None = None,
    ) -> None:
        super().__init__()
        self._intents = intents
        self._clock = clock
        self._marks = marks or Marks()
        self._place = place
        self._home = os.path.expanduser("~") if home is None else home  # noqa: PTH111 - a string is wanted
        self._gate = Gate(clock)
        self._panel = QuestionPanel()
        self._question: Question | None = None
        self._steps: list[Step] = []  # the question's first page, and the way from it to the one on screen
        self._awake = False  # the guard was open for this page: its own keys work
        self._answered: set[QuestionKey] = set()
        self._timer: Timer | None = None
        self._over = False  # close as soon as no other screen covers this one

    def compose(self) -> ComposeResult:
        yield self._panel

    # -- what the store says --------------------------------------------------------------

    def sync(self, state: State) -> None:
        """Show the head of the inbox, or close when nothing waits any more."""
        question = state.inbox.head
        if question is None:
            self._close()
            return
        if question.key in self._answered:
            return  # the answer is on its way; the next one is shown when the inbox says so
        item = item_of(question, state)
        shown = self._question is not None and self._question.key == question.key
        if shown and self._steps and self._steps[0].sheet.basis == basis_of(question, item):
            self._panel.update(count=len(state.inbox))
            return
        setting = setting_of(question, state, self._home, self._place)
        self.show(question, item, 1, len(state.inbox), setting)

    def show(
        self,
        question: Question,
        item: Item | None,
        position: int,
        count: int,
        setting: Setting | None = None,
    ) -> None:
        """Show `question`, the `position`-th of `count`; the guard starts anew when it is painted."""
        self._question = question
        self._steps = [first_step(question, item, setting or Setting(home=self._home, look_up=self._place))]
        self._panel.update(position=position, count=count, age=self._clock() - question.received)
        self._present()

    @property
    def _shown(self) -> Sheet | None:
        return self._steps[-1].sheet if self._steps else None

    def _present(self) -> None:
        """Show the newest step as a page of its own, behind a guard of its own."""
        self._gate.hide()
        self._awake = False
        self._panel.show(self._steps[-1].sheet, self._look(), *self.app.size)
        self._tell_guard()

    def _become(self, step: Step) -> None:
        """The step on screen has changed under the person's keys: same page, same guard."""
        self._steps[-1] = step
        self._panel.revise(step.sheet, self._look(), *self.app.size)

    def _look(self) -> Look:
        return Look(palette=palette_of(self), marks=self._marks)

    def _close(self) -> None:
        self._gate.hide()
        self._over = True
        if self.is_active:
            self._stop_timer()
            self.dismiss(None)

    # -- the guard ------------------------------------------------------------------------

    @on(QuestionPanel.Painted)
    def _start_guard(self) -> None:
        if self.is_active:
            self._gate.show()
            self.redraw()

    def on_screen_resume(self) -> None:
        """Nothing covers this screen any more: its guard starts anew."""
        if self._over:
            self.call_later(self._close)
        elif self._panel.is_painted:
            self._start_guard()

    def on_screen_suspend(self) -> None:
        self._gate.hide()
        self._stop_timer()

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._focus_came_back, init=False)
        follow_theme(self, lambda: self._panel.recolour(self._look()))

    def _focus_came_back(self, focused: bool) -> None:
        if focused and not math.isinf(self._gate.shown_at):
            self._start_guard()

    def redraw(self) -> None:
        """Draw the countdown and the age, and come back when either changes."""
        self._stop_timer()
        if self._question is None or not self.is_active:
            return
        self._tell_guard()
        left = self._gate.alive_in()
        wait = COUNTDOWN_EVERY if 0 < left < math.inf else AGE_EVERY
        self._timer = self.set_timer(wait, self.redraw)

    def _tell_guard(self) -> None:
        assert self._question is not None  # noqa: S101 - only called while one is shown
        self._panel.update(
            age=float(int(self._clock() - self._question.received)),
            alive_in=self._gate.alive_in(),
            progress=self._gate.progress(),
        )

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
        self._touch()
        if self._steps and self._awake and (after := self._steps[-1].paste(event.text)) is not None:
            self._become(after)

    @on(QuestionPanel.Touched)
    def _touch(self) -> None:
        self._gate.touch()
        self.redraw()

    @on(QuestionPanel.Clicked)
    def _clicked(self, message: QuestionPanel.Clicked) -> None:
        self.press(message.key, late=message.late)

    def on_resize(self, event: events.Resize) -> None:
        self._panel.resize_to(event.size.width, event.size.height)

    def action_stop(self) -> None:
        """Ctrl+C: decline this question and stop its turn, through the same guard as its key."""
        if len(self._steps) > 1 and self._gate.alive():
            # Out of the later steps first, where Esc only goes back and nothing is written.
            del self._steps[1:]
        self.press("escape")

    def press(self, key: str, character: str | None = None, late: float = 0.0) -> None:
        """A key, or a click on its answer (empty for a click elsewhere), arrived now.

        `late`: seconds since it was pressed.
        """
        alive = self._gate.press(late)
        self._awake |= alive
        self.redraw()
        if key == LATER_KEY:
            self._put_off()
        elif self._awake and self._steps and (after := self._steps[-1].press(key, character)) is not None:
            self._become(after)
        elif not self._scroll(key) and alive:
            self._answer_with(key)

    def _put_off(self) -> None:
        if self._question is not None and self.is_active:
            self._gate.hide()
            self._stop_timer()
            self.dismiss(self._question.key)

    def _scroll(self, key: str) -> bool:
        panel = self._panel
        rows = {
            "up": -1,
            "down": 1,
            "pageup": -panel.page,
            "pagedown": panel.page,
            "home": -(1 << 30),
            "end": 1 << 30,
        }.get(key.removeprefix("ctrl+"))
        if rows is None:
            return False
        panel.scroll_by(rows)
        return True

    def _answer_with(self, key: str) -> None:
        sheet = self._shown
        if sheet is None:
            return
        choice = next((choice for choice in sheet.choices if choice.key == key), None)
        if choice is None:
            if key == UNSEEN_KEY and self._panel.blocked:
                self._panel.update(waived=True)
        elif choice.grants and self._panel.blocked:
            return
        elif choice.leads is not None:
            self._steps.append(choice.leads())
            self._present()
        elif choice.rule is not None and len(self._steps) == 1:
            self._steps.append(Page(rule_sheet(choice, choice.rule)))
            self._present()
        elif len(self._steps) > 1 and not choice.outcome:
            self._steps.pop()
            self._present()
        else:
            self._send(choice)

    def _send(self, choice: Choice) -> None:
        question = self._question
        if question is None or question.key in self._answered:
            return
        self._answered.add(question.key)
        self._gate.hide()
        if choice.result is None:
            self._intents.refuse(question.key, "this client does not know this request")
        else:
            self._intents.answer(question.key, choice.result, choice.outcome)
        if choice.interrupts:
            self._intents.interrupt()
        self._panel.update(sent=choice.label, alive_in=math.inf)
