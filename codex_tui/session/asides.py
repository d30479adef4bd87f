"""Questions that the agent asks in a message and does not wait for (`delivery: "async"`).

The engine sends no request for them, so they are derived from the transcript: a message's questions
stand open until the person says anything after it. The answer is an ordinary prompt.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from codex_tui.session.inbox import Inbox, Question
from codex_tui.session.transcript import RECENT_TURNS, Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codex_tui.session.inbox import QuestionKey
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread

ASIDE: Final = "agentMessage/questions"
"""What stands in the place of a method: no request of the engine has this name."""

LOOK_BACK: Final = 500
"""Items of the newest turns that are looked at: questions further up have scrolled away long ago."""


def is_aside(question: Question) -> bool:
    """Whether the agent goes on without an answer to this one."""
    return question.method == ASIDE


def asides(state: State, received: Callable[[QuestionKey], float]) -> tuple[Question, ...]:
    """The open questions of the thread on screen, oldest first.

    `received` gives the time (monotonic seconds) at which a question was seen first.
    """
    thread = state.active
    # A prompt on its way is an answer until it fails.
    if thread is None or thread.pending or state.engine.phase != "ready":
        return ()
    found: list[Question] = []
    for item in _newest(thread):
        kind = getattr(item.body, "type", "")
        if kind == "userMessage":
            break
        if kind == "agentMessage" and item.phase == "done" and _asks(item):
            found.append(_question(state, thread, item, received))
    return tuple(reversed(found))


def with_asides(state: State, received: Callable[[QuestionKey], float]) -> State:
    """`state` with those questions behind the engine's own in the inbox."""
    found = asides(state, received)
    if not found:
        return state
    return replace(state, inbox=Inbox((*state.inbox.questions, *found)))


def _newest(thread: Thread) -> Iterator[Item]:
    """The thread's items, the newest first."""
    items = (item for turn in islice(reversed(thread.turns), RECENT_TURNS) for item in reversed(turn.items))
    return islice(items, LOOK_BACK)


def _asks(item: Item) -> bool:
    from codex_tui.protocol.items import AgentMessage

    body = item.body
    return isinstance(body, AgentMessage) and body.delivery == "async" and bool(body.questions)


def _question(state: State, thread: Thread, item: Item, received: Callable[[QuestionKey], float]) -> Question:
    from codex_tui.protocol.items import AgentMessage

    body = item.body if isinstance(item.body, AgentMessage) else None
    raw = body.model_dump(by_alias=True) if body is not None else {}
    question = Question(
        generation=state.engine.generation,
        request_id=f"{thread.id}/{item.turn_id}/{item.id}",
        method=ASIDE,
        params=body,
        raw=raw,
        thread_id=thread.id,
        turn_id=item.turn_id,
        item_id=item.id,
        received=0.0,
    )
    return replace(question, received=received(question.key))
