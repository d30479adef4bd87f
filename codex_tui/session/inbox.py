"""Questions of the engine that wait for an answer, oldest first. Pure operations, no terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codex_tui.protocol.base import JsonObject, RequestId, Wire

QuestionKey = tuple[int, type, int | str]
"""(engine generation, type of the id, id): `0` and `"0"` are two questions."""


@dataclass(frozen=True, slots=True)
class Question:
    """One server request that a person must answer. `params` is None for kinds nobody knows."""

    generation: int
    request_id: RequestId
    method: str
    params: Wire | None
    raw: JsonObject
    thread_id: str | None
    turn_id: str | None
    item_id: str | None
    received: float  # monotonic seconds

    @property
    def key(self) -> QuestionKey:
        return (self.generation, type(self.request_id), self.request_id)


@dataclass(frozen=True, slots=True)
class Inbox:
    questions: tuple[Question, ...] = ()

    @property
    def head(self) -> Question | None:
        return self.questions[0] if self.questions else None

    def __len__(self) -> int:
        return len(self.questions)

    def find(self, key: QuestionKey) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    def add(self, question: Question) -> Inbox:
        """With `question` at the end; one already there stays as it is."""
        return self if self.find(question.key) else Inbox((*self.questions, question))

    def resolved(self, thread_id: str, request_id: RequestId) -> Inbox:
        """Without the question the engine says is settled; it names no generation, only one runs."""

        def settled(q: Question) -> bool:
            same = type(q.request_id) is type(request_id) and q.request_id == request_id
            return same and q.thread_id in (thread_id, None)

        return replace(self, questions=tuple(q for q in self.questions if not settled(q)))

    def close(self, key: QuestionKey) -> Inbox:
        """Without that question; unknown keys change nothing (answered, resolved elsewhere, both)."""
        return replace(self, questions=tuple(q for q in self.questions if q.key != key))

    def turn_ended(self, thread_id: str, turn_id: str) -> Inbox:
        """Without the questions of an ended turn: the engine no longer waits for them."""
        return Inbox(tuple(q for q in self.questions if (q.thread_id, q.turn_id) != (thread_id, turn_id)))

    def engine_stopped(self, generation: int) -> Inbox:
        """Without the questions of an engine that is gone; it never asks them again."""
        return Inbox(tuple(q for q in self.questions if q.generation != generation))
