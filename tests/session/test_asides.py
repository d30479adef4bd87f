"""Questions in a message that the agent does not wait for: open until the person says something."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from codex_tui.engine.replay import replay_batches
from codex_tui.protocol.items import parse_item
from codex_tui.session.asides import asides, is_aside, with_asides
from codex_tui.session.reducer import reduce
from codex_tui.session.series import Series
from codex_tui.session.state import EngineHealth, State
from codex_tui.session.transcript import Item, Pending, Thread, Turn

RECORDING = Path(__file__).parents[1] / "recordings" / "question-aside.jsonl"


def at_zero(_: Any) -> float:
    return 0.0


def message(number: int, *titles: str, delivery: str | None = "async") -> Item:
    asked = [{"title": title, "options": None} for title in titles] or None
    raw = {"type": "agentMessage", "id": f"m{number}", "text": "?", "delivery": delivery, "questions": asked}
    return Item(f"m{number}", "u", parse_item(raw), "done")


def prompt(number: int) -> Item:
    raw = {"type": "userMessage", "id": f"p{number}", "content": [{"type": "text", "text": "hi"}]}
    return Item(f"p{number}", "u", parse_item(raw), "done")


def state(*items: Item, pending: tuple[Pending, ...] = ()) -> State:
    thread = Thread("t", turns=Series([Turn("u", items=Series(items))]), pending=pending)
    return State({"t": thread}, "t", engine=EngineHealth("ready", 1))


def titles(of: State) -> list[str]:
    return [json.dumps(question.raw["questions"][0]["title"]) for question in asides(of, at_zero)]


def test_questions_stand_open_until_something_is_said_after_them() -> None:
    assert titles(state(prompt(0), message(1, "Which?"))) == ['"Which?"']
    assert titles(state(prompt(0), message(1, "Which?"), prompt(2))) == []
    assert titles(state(message(1, "Old?"), prompt(2), message(3, "A?"), message(4, "B?"))) == [
        '"A?"',
        '"B?"',
    ]


def test_a_prompt_on_its_way_is_an_answer() -> None:
    asked = state(message(1, "Which?"), pending=(Pending("c", "> Which?\n\nthis", "steer", 5),))
    assert titles(asked) == []


def test_other_messages_ask_nothing() -> None:
    assert titles(state(message(1, "Which?", delivery=None), message(2))) == []


def test_a_message_still_being_written_asks_nothing_yet() -> None:
    assert titles(state(replace(message(1, "Which?"), phase="running"))) == []


def test_without_an_engine_nothing_could_be_answered() -> None:
    assert titles(replace(state(message(1, "Which?")), engine=EngineHealth("died", 1))) == []


def test_they_stand_behind_the_engines_own_questions_and_change_nothing_else() -> None:
    asked = state(message(1, "Which?"))
    waiting = with_asides(asked, lambda key: 7.0)
    (question,) = waiting.inbox.questions
    assert is_aside(question)
    assert (question.thread_id, question.item_id, question.received) == ("t", "m1", 7.0)
    assert replace(waiting, inbox=asked.inbox) == asked
    nothing = state(prompt(1))
    assert with_asides(nothing, at_zero) is nothing


def test_the_real_engines_questions_come_and_go() -> None:
    now = State()
    seen: list[int] = []
    for _, batch in replay_batches(RECORDING):
        for event in batch:
            now, _ = reduce(now, event)
            seen.append(len(asides(now, at_zero)))
    assert max(seen) == 1
    assert seen[-1] == 0
