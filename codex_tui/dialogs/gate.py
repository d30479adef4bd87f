"""When a dialog may open by itself, and when its answer keys are alive. No terminal, no own clock.

Times are monotonic seconds of a clock that is handed in. The aim: no key that was meant for
something else ever answers a question.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.session.inbox import Inbox, Question, QuestionKey

IDLE_TO_OPEN = 1.0
"""Seconds without a key after which nobody is typing: a dialog may open by itself."""
ON_SCREEN = 0.7
"""Seconds a question must have been on screen before it can be answered: time to see that it is there."""
QUIET = 0.5
"""Seconds without a key before an answer counts: longer than the gaps of typing and of a held key."""
ANSWER_HELD = 0.15
"""Seconds without a further key before a key that answers takes effect. The characters of a paste come
within a few milliseconds, a held key repeats after 200 at the least, and nobody feels the wait."""
BURST = 0.02
"""Seconds between two keys below which no hand pressed them: they are a paste's."""
_EXACT = 1e-9  # what float subtraction may lose


def may_open(draft_empty: bool, last_key_at: float | None, now: float) -> bool:
    """Whether a dialog may open by itself: nothing is being written and no key came for a while."""
    return draft_empty and open_in(last_key_at, now) == 0.0


def open_in(last_key_at: float | None, now: float) -> float:
    """Seconds until `may_open` can become true if no further key comes; 0 when it is so now."""
    return 0.0 if last_key_at is None else _left(last_key_at + IDLE_TO_OPEN, now)


def _left(due: float, now: float) -> float:
    left = due - now
    return left if left > _EXACT else 0.0


@dataclass
class Gate:
    """The guard of one dialog. `show` starts it anew, every key, paste or click goes through `press`.

    A key that may answer is held (`hold`) and counts once `held_for` seconds have passed without
    anything else (`due_in`): a paste over a terminal without bracketed paste is a burst of keys, whose
    first would pass as one that was meant.
    """

    clock: Callable[[], float]
    held_for: float = ANSWER_HELD
    shown_at: float = math.inf  # nothing is on screen: never alive
    touched_at: float = -math.inf
    pressed_at: float = -math.inf
    held_at: float = math.inf  # nothing is held
    in_burst: bool = False  # the newest key came too soon after the one before

    def show(self) -> None:
        """A question, or another text of the same one, came on screen now."""
        self.shown_at = self.clock()
        self.held_at = math.inf

    def hide(self) -> None:
        """Nothing is on screen that could be answered."""
        self.shown_at = self.held_at = math.inf

    def touch(self) -> None:
        """A key, a repeat of one, a paste or a click arrived now; what was held is void."""
        self.held_at = math.inf
        self.touched_at = max(self.touched_at, self.clock())

    def press(self, late: float = 0.0) -> bool:
        """A key arrived now: whether it may answer. It counts as a key for the next one in any case.

        `late`: seconds since it was pressed. What waited while the screen stood still was not
        meant for what came on screen meanwhile.
        """
        pressed_at = self.clock() - max(0.0, late)
        alive = self.alive_in(pressed_at) == 0.0
        self.in_burst = max(0.0, pressed_at - self.pressed_at) < min(BURST, self.held_for)
        self.pressed_at = pressed_at
        self.touch()
        return alive

    def hold(self) -> None:
        """The key that arrived now answers, unless anything else comes within `held_for`."""
        self.held_at = self.clock()

    @property
    def holds(self) -> bool:
        """Whether an answer is held, due or not."""
        return not math.isinf(self.held_at)

    def due_in(self, now: float | None = None) -> float:
        """Seconds until what is held takes effect; infinite when nothing is."""
        return _left(self.held_at + self.held_for, self.clock() if now is None else now)

    def alive(self) -> bool:
        """Whether an answer key pressed now would count."""
        return self.alive_in() == 0.0

    def alive_in(self, now: float | None = None) -> float:
        """Seconds until answer keys come alive if no further key comes; infinite while nothing is shown."""
        due = max(self.shown_at + ON_SCREEN, self.touched_at + QUIET)
        return _left(due, self.clock() if now is None else now)

    def progress(self) -> float:
        """How much of the wait is over, 0 to 1, for the bar beside the countdown."""
        left = self.alive_in()
        return 0.0 if math.isinf(left) else max(0.0, 1.0 - left / ON_SCREEN)


@dataclass
class Opener:
    """Decides whether the question at the head of the inbox opens by itself.

    A question that was put off stays so until F5 asks for it; a new one opens again.
    """

    put_off: set[QuestionKey] = field(default_factory=set["QuestionKey"])

    def postpone(self, key: QuestionKey) -> None:
        """The person closed the dialog without an answer."""
        self.put_off.add(key)

    def keep_only(self, keys: set[QuestionKey]) -> None:
        """Forget questions that are no longer in the inbox."""
        self.put_off &= keys

    def first(self, inbox: Inbox) -> Question | None:
        """The oldest question that was not put off."""
        return next((question for question in inbox.questions if question.key not in self.put_off), None)

    def opens(self, key: QuestionKey, draft_empty: bool, last_key_at: float | None, now: float) -> bool:
        """Whether the dialog opens by itself now."""
        return key not in self.put_off and may_open(draft_empty, last_key_at, now)
