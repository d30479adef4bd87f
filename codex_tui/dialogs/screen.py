"""The one modal screen for questions: it shows one of those that wait and sends its answer.

There is never one screen a question: dismissing a covered screen would take the one on top.
What is asked next, resolved elsewhere or over with its turn is for `sync` to show. A question stays
on screen until it is settled or the person goes to another one.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from codex_tui.dialogs.bodies import basis_of, first_step, made_ready, page_meanwhile
from codex_tui.dialogs.exec import rule_sheet
from codex_tui.dialogs.guarded import GuardedScreen
from codex_tui.dialogs.keys import scroll_lines
from codex_tui.dialogs.say import SayStep
from codex_tui.dialogs.setting import Place, Setting, item_of, look_up, setting_of
from codex_tui.dialogs.sheet import OTHERS
from codex_tui.dialogs.signs import KeyLine, is_plain
from codex_tui.dialogs.step import Page, Step
from codex_tui.dialogs.together import with_together
from codex_tui.dialogs.tray import JUMPS, TrayStep
from codex_tui.dialogs.waiting import Waiting
from codex_tui.opener import open_url
from codex_tui.session.asides import is_aside
from codex_tui.session.denials import is_denial
from codex_tui.text import own

if TYPE_CHECKING:
    from collections.abc import Callable, Set

    from codex_tui.dialogs.choices import Choice
    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.intents import Intents
    from codex_tui.paint.look import Marks
    from codex_tui.session.inbox import Question, QuestionKey
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Item

AGE_EVERY = 1.0  # seconds between two pictures of how long the engine has waited
LATER_KEY = "f5"
TRAY_KEY = "f6"


class QuestionScreen(GuardedScreen["QuestionKey | None"]):
    """Ask the person. Its result is None, or the key of a question that was put off with F5.

    `put_off` are the questions that were put off before: they are marked, and unless the person
    `asked` for what waits they do not come up by themselves. With `asked` several questions begin
    with their list; when it is a question's key, with that one. `place` looks a path up in the file
    system, `home` is written as `~`, `open_page` hands a URL to the browser; tests inject them.
    """

    def __init__(
        self,
        intents: Intents,
        *,
        clock: Callable[[], float] = time.monotonic,
        marks: Marks | None = None,
        place: Callable[[str], Place] = look_up,
        home: str | None = None,
        open_page: Callable[[str], str] = open_url,
        put_off: Set[QuestionKey] = frozenset(),
        asked: bool | QuestionKey = False,
    ) -> None:
        super().__init__(clock=clock, marks=marks)
        self._intents = intents
        self._place = place
        self._home = os.path.expanduser("~") if home is None else home  # noqa: PTH111 - a string is wanted
        self._open_page = open_page
        self._waiting = Waiting(self._home, place, frozenset(put_off), asked)
        self._question: Question | None = None
        self._order = 0  # how many pages were shown anew: one that was made for an older one comes too late
        self._twins: tuple[QuestionKey, ...] = ()  # the others that ask for the same
        self._steps: list[Step] = []  # the question's first page, and the way from it to the one on screen
        self._awake = False  # the guard was open for this page: its own keys work
        self._over = False  # close as soon as no other screen covers this one

    # -- what the store says --------------------------------------------------------------

    def sync(self, state: State) -> None:
        """Show what the state says: the same question, the next one, or nothing when none waits."""
        waiting, before = self._waiting, self._waiting.state
        waiting.state = state
        question = waiting.find(self._question.key) if self._question is not None else None
        if question is None:
            question = waiting.next()
            if question is not None:
                self._show_of(question, state)
                if before is None and waiting.asked and not is_denial(question) and len(state.inbox) > 1:
                    self._open_tray()
            elif not waiting.on_their_way:
                self._close()
        elif question.key not in waiting.answered and not self._is_as_shown(question, state):
            self._show_of(question, state)
        elif before is None or before.inbox is not state.inbox:
            self._panel.update(position=waiting.position(question), count=len(state.inbox))
            self._renew_twins(question)
            self._renew_tray()

    def _is_as_shown(self, question: Question, state: State) -> bool:
        return bool(self._steps) and self._steps[0].sheet.basis == basis_of(
            question, item_of(question, state)
        )

    def _show_of(self, question: Question, state: State) -> None:
        setting = setting_of(question, state, self._home, self._place)
        item, position = item_of(question, state), self._waiting.position(question)
        self.show(question, item, position, len(state.inbox), setting)

    def show(
        self,
        question: Question,
        item: Item | None,
        position: int,
        count: int,
        setting: Setting | None = None,
    ) -> None:
        """Show `question`, the `position`-th of `count`; the guard starts anew when it is painted."""
        tray = self._tray
        self._question = question
        self._order += 1
        setting = setting or Setting(home=self._home, look_up=self._place)
        setting = replace(
            setting,
            open_page=self._open_page,
            copy=self.app.copy_to_clipboard,
            plain=is_plain(self._marks),
        )
        meanwhile = page_meanwhile(question, item, setting)
        step = meanwhile or first_step(question, item, setting)
        draft = self._waiting.drafts.get(question.key)
        if draft is not None and draft.sheet.basis == step.sheet.basis:
            step = draft
        self._steps = [step]
        self._twins = ()
        self._panel.update(position=position, count=count, age=self._clock() - question.received)
        self._renew_twins(question)
        if tray is not None:
            self._steps.append(tray)
            self._renew_tray()
        self._present()
        if meanwhile is not None:
            making = made_ready, question, item, setting, self._look(), *self.app.size
            self.run_worker(self._make_ready(self._order, question, making), group="page", exclusive=True)

    async def _make_ready(self, order: int, question: Question, making: tuple[Any, ...]) -> None:
        """Make a page that takes long in a thread. Shown, it is a page and has a guard of its own."""
        page = await asyncio.to_thread(*making)
        if order != self._order or not self._steps or question.key in self._waiting.answered:
            return  # it was declined meanwhile, or something else is asked now
        self._steps[0], self._twins = page, ()
        self._renew_twins(question)
        if len(self._steps) == 1:
            self._present()

    def _renew_twins(self, question: Question) -> None:
        """Offer one answer for all of the same kind, as many as there are now."""
        base, others = self._steps[0], self._waiting.twins(question)
        keys = tuple(other.key for other in others)
        if not isinstance(base, Page) or question.key in self._waiting.answered or keys == self._twins:
            return
        self._twins = keys
        self._steps[0] = page = Page(with_together(base.sheet, others))
        if len(self._steps) == 1 and self._panel.is_painted:
            self._become(page)
            self._start_guard()  # rows of answers have moved

    # -- from one question to another -----------------------------------------------------

    @property
    def _tray(self) -> TrayStep | None:
        return step if self._steps and isinstance(step := self._steps[-1], TrayStep) else None

    def _open_tray(self) -> None:
        listed = self._waiting.entries()
        if listed and self._question is not None:
            self._steps.append(TrayStep(listed, self._question.key, self._clock()))
            self._present()

    def _renew_tray(self) -> None:
        if (tray := self._tray) is not None and (listed := self._waiting.entries()):
            self._become(tray.revised(listed, self._clock()))

    def _toggle_tray(self) -> None:
        if self._tray is None:
            self._open_tray()
        else:
            self._steps.pop()
            self._present()

    def _jump(self, steps: int) -> None:
        """Go so many questions on, round at the end."""
        if self._question is not None and (key := self._waiting.neighbour(self._question, steps)) is not None:
            self._go_to(key)

    def _go_to(self, key: QuestionKey) -> None:
        question, state = self._waiting.find(key), self._waiting.state
        if question is None or state is None:
            return
        if self._question is not None and self._steps and not isinstance(self._steps[0], Page):
            self._waiting.drafts[self._question.key] = self._steps[0]
        self._steps = []
        self._show_of(question, state)

    @property
    def _shown(self) -> Sheet | None:
        return self._steps[-1].sheet if self._steps else None

    def _present(self) -> None:
        """Show the newest step as a page of its own, behind a guard of its own."""
        self.gate.hide()
        self._forget_keys_page()
        # What can only list or refuse was opened on purpose: it takes keys at once.
        self._awake = isinstance(self._steps[-1], SayStep | TrayStep)
        self._panel.show(self._steps[-1].sheet, self._look(), *self.app.size)
        self._tell_guard()
        if self._tray is None and self._question is not None and self._question.key in self._waiting.answered:
            self._panel.update(sent=own("the engine is told"), alive_in=math.inf)

    def _become(self, step: Step) -> None:
        """The step on screen has changed under the person's keys: same page, same guard."""
        self._steps[-1] = step
        if self._lists_keys:
            self._memory = None  # the page behind is no longer what was seen
            return
        self._panel.revise(step.sheet, self._look(), *self.app.size)

    def _close(self) -> None:
        self.gate.hide()
        self._over = True
        if self.is_active:
            self._close_guard()
            self.dismiss(None)

    # -- the guard ------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        if self._over:
            self.call_later(self._close)
        else:
            super().on_screen_resume()

    def _key_lines(self) -> list[KeyLine]:
        step, frame = self._steps[-1], self._panel.frame
        own_keys = step.keys
        lines = [*own_keys, *self._unseen_lines()]
        if frame is not None and frame.scrolls:
            lines += scroll_lines(own_keys)
        lines += [
            KeyLine((LATER_KEY,), own("later: the question stays, F5 opens it again")),
            KeyLine((TRAY_KEY,), own("all that waits, or back from there")),
        ]
        jumps = (
            JUMPS if step.sheet.others == OTHERS else (key for key in JUMPS if len(key) > 1 and "+" in key)
        )
        if self._panel.moment.count > 1 and step.sheet.others:
            lines.append(KeyLine(tuple(jumps), own("the next question, or the one before")))
        return lines

    def _draw_moment(self) -> float:
        if self._question is None:
            return math.inf
        self._tell_guard()
        if (tray := self._tray) is not None and int(tray.now) != int(self._clock()):
            self._become(replace(tray, now=self._clock()))
        return AGE_EVERY

    def _tell_guard(self) -> None:
        assert self._question is not None  # noqa: S101 - only called while one is shown
        self._panel.update(
            age=float(int(self._clock() - self._question.received)),
            alive_in=self.gate.alive_in(),
            progress=self.gate.progress(),
        )

    # -- keys and mouse -------------------------------------------------------------------

    def action_stop(self) -> None:
        """Ctrl+C: decline this question and stop its turn, through the same guard as its key."""
        if self._lists_keys:
            self._press_keys_page("escape")
            return
        if len(self._steps) > 1 and self.gate.alive():
            # Out of the later steps first, where Esc only goes back and nothing is written.
            del self._steps[1:]
        self.press("escape", at_once=True)

    def _take(self, key: str, character: str | None, alive: bool) -> bool:
        self._awake |= alive
        if key == LATER_KEY:
            self._put_off()
        elif key == TRAY_KEY:
            self._toggle_tray()
        elif self._awake and self._steps and (after := self._steps[-1].press(key, character)) is not None:
            self._become(after)
        elif key in JUMPS:
            self._jump(JUMPS[key])
        else:
            return False
        return True

    def _take_paste(self, text: str, alive: bool) -> None:
        self._awake |= alive
        if self._steps and self._awake and (after := self._steps[-1].paste(text)) is not None:
            self._become(after)

    def _put_off(self) -> None:
        if self._question is not None and self.is_active:
            self._close_guard()
            self.dismiss(self._question.key)

    def _choose(self, choice: Choice) -> None:
        if choice.opens is not None:
            self._go_to(choice.opens)
        elif choice.later:
            self._put_off()
        elif len(self._steps) > 1 and not choice.outcome and choice.leads is None:
            self._steps.pop()
            self._present()
        elif self._question is not None and self._question.key in self._waiting.answered:
            return
        elif choice.leads is not None:
            self._steps.append(choice.leads())
            self._present()
        elif choice.rule is not None and len(self._steps) == 1:
            self._steps.append(Page(rule_sheet(choice, choice.rule)))
            self._present()
        else:
            self._send(choice)

    def _send(self, choice: Choice) -> None:
        question = self._question
        if question is None or question.key in self._waiting.answered:
            return
        self.gate.hide()
        for key in (question.key, *self._waiting.together(question, choice)):
            self._waiting.answered.add(key)
            if is_denial(question) and choice.result is not None:
                self._intents.approve_denied(question.thread_id or "", choice.result)
            elif choice.result is None:
                self._intents.refuse(key, "this client does not know this request")
            elif not is_aside(question):
                self._intents.answer(key, choice.result, choice.outcome)
        if choice.says:
            self._intents.send(choice.says, thread_id=self._waiting.other_thread(question))
        if choice.interrupts:
            self._intents.interrupt(self._waiting.other_thread(question))
        self._panel.update(sent=choice.label, alive_in=math.inf)
        if is_denial(question):
            self._close()  # nobody waits; what came of it stands in the transcript
