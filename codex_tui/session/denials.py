"""Actions that the automatic reviewer denied, and that a person may still let the agent try once.

The engine waits for nothing here, so there is no request of its own: a denial is kept with its
thread, and becomes a question only when the person wants to see it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from codex_tui.session.inbox import Inbox, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.protocol.deltas import AutoReviewCompleted
    from codex_tui.session.inbox import QuestionKey
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread

DENIED: Final = "item/autoApprovalReview/completed"
"""What stands in the place of a method: a notification, so no request of the engine has this name."""


def is_denial(question: Question) -> bool:
    """Whether this is an action that was denied already, and nobody waits."""
    return question.method == DENIED


def denials(state: State, received: Callable[[QuestionKey], float]) -> tuple[Question, ...]:
    """The denials of all threads as questions, in the order in which they were said.

    `received` gives the time (monotonic seconds) at which a question was seen first.
    """
    found = [(denial, thread) for thread in state.threads.values() for denial in thread.denials]
    found.sort(key=lambda pair: pair[0].completed_at_ms or 0)
    return tuple(_question(state, thread, denial, received) for denial, thread in found)


def with_denials(state: State, received: Callable[[QuestionKey], float]) -> State:
    """`state` with the denials behind everything that waits in the inbox."""
    found = denials(state, received)
    return replace(state, inbox=Inbox((*state.inbox.questions, *found))) if found else state


def key_of(state: State, denial: AutoReviewCompleted) -> QuestionKey:
    """The key of a denial's question."""
    return (state.engine.generation, str, f"{denial.thread_id}/{denial.review_id}")


def denial_of(state: State, item_id: str | None = None) -> AutoReviewCompleted | None:
    """The newest denial of that item of the thread on screen; without an item the newest of all threads."""
    threads = (state.active,) if item_id is not None else tuple(state.threads.values())
    found = [
        denial
        for thread in threads
        if thread is not None
        for denial in thread.denials
        if item_id is None or denial.target_item_id == item_id
    ]
    return max(found, key=lambda denial: denial.completed_at_ms or 0, default=None)


def _question(
    state: State, thread: Thread, denial: AutoReviewCompleted, received: Callable[[QuestionKey], float]
) -> Question:
    key = key_of(state, denial)
    return Question(
        generation=key[0],
        request_id=key[2],
        method=DENIED,
        params=denial,
        raw=denial.model_dump(by_alias=True),
        thread_id=thread.id,
        turn_id=denial.turn_id,
        item_id=denial.target_item_id,
        received=received(key),
    )
