"""The questions that wait, as the dialog sees them: which is next, which were answered or are alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codex_tui.dialogs.together import twins
from codex_tui.dialogs.tray import Entry, entries
from codex_tui.session.asides import is_aside
from codex_tui.session.denials import is_denial

if TYPE_CHECKING:
    from collections.abc import Callable, Set

    from codex_tui.dialogs.choices import Choice
    from codex_tui.dialogs.setting import Place
    from codex_tui.dialogs.step import Step
    from codex_tui.session.inbox import Question, QuestionKey
    from codex_tui.session.state import State


@dataclass
class Waiting:
    """`put_off` came up before and were put off; with `asked` the person wants to see everything, and
    before all the question whose key it is."""

    home: str
    look_up: Callable[[str], Place]
    put_off: Set[QuestionKey] = frozenset()
    asked: bool | QuestionKey = False
    state: State | None = None  # the newest one
    answered: set[QuestionKey] = field(default_factory=set["QuestionKey"])
    drafts: dict[QuestionKey, Step] = field(default_factory=dict["QuestionKey", "Step"])
    """What was begun on questions that were left for others."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that wait, oldest first."""
        return self.state.inbox.questions if self.state is not None else ()

    def find(self, key: QuestionKey) -> Question | None:
        """That question, while it waits."""
        return self.state.inbox.find(key) if self.state is not None else None

    def other_thread(self, question: Question) -> str | None:
        """The thread that asks, when it is not the one on screen."""
        active = self.state.active_id if self.state is not None else None
        return question.thread_id if question.thread_id != active else None

    def next(self) -> Question | None:
        """The oldest question that is neither answered nor, unless asked for, put off or by the way."""
        wanted, self.asked = self.asked, bool(self.asked)
        if not isinstance(wanted, bool) and (found := self.find(wanted)) is not None:
            return found
        return next((question for question in self.questions if self._comes_up(question)), None)

    def _comes_up(self, question: Question) -> bool:
        if question.key in self.answered or is_denial(question):
            return False  # what was denied is settled: it is only looked at on purpose
        return bool(self.asked) or not (question.key in self.put_off or is_aside(question))

    @property
    def on_their_way(self) -> bool:
        """Whether an answer was given that the inbox does not know of yet."""
        return any(question.key in self.answered for question in self.questions)

    def position(self, question: Question) -> int:
        """The question's place in the inbox, from 1."""
        return next((at for at, other in enumerate(self.questions, 1) if other.key == question.key), 1)

    def neighbour(self, question: Question, steps: int) -> QuestionKey | None:
        """The key of the question so many places on, round at the end; None when there is no other."""
        keys = [other.key for other in self.questions]
        if question.key not in keys or len(keys) < 2:
            return None
        return keys[(keys.index(question.key) + steps) % len(keys)]

    def entries(self) -> tuple[Entry, ...]:
        """What the tray lists."""
        return () if self.state is None else entries(self.state, self.put_off, self.answered)

    def twins(self, question: Question) -> tuple[Question, ...]:
        """The other unanswered questions that ask for the same."""
        if self.state is None or question.key in self.answered:
            return ()
        found = twins(question, self.state, self.home, self.look_up)
        return tuple(other for other in found if other.key not in self.answered)

    def together(self, question: Question, choice: Choice) -> list[QuestionKey]:
        """Of the questions a choice answers beside this one, those that still wait and still ask the same."""
        if not choice.together:
            return []
        same = {other.key for other in self.twins(question)}
        return [key for key in choice.together if key in same]
