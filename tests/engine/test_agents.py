"""Threads of sub-agents of the real engine: listed with what they do, shown, written to, left again."""

from __future__ import annotations

from typing import Any

import pytest

from codex_tui.history.open import open_threads
from codex_tui.session.state import State
from codex_tui.session.transcript import Notice
from tests.engine.scripted import ScriptedModel
from tests.engine.test_threads import Session, session

pytestmark = pytest.mark.engine

MORE = {"match_last": "and the salt", "items": [{"msg": "The helper says salt."}]}
HELPER = {"match_last": "CHECK THE TESTS", "items": [{"msg": "The helper says two."}]}
OLDER: list[Any] = [
    MORE,
    HELPER,
    [{"ns": "multi_agent_v1", "call": "spawn_agent", "args": {"message": "CHECK THE TESTS"}}],
    [{"msg": "Both of us are done."}],
]
SPAWN = {"task_name": "tests", "message": "CHECK THE TESTS"}
NEWER: list[Any] = [
    MORE,
    HELPER,
    [{"ns": "collaboration", "call": "spawn_agent", "args": SPAWN}],
    [{"ns": "collaboration", "call": "wait_agent", "args": {"timeout_ms": 10000}}],
    [{"msg": "Both of us are done."}],
]


def answered(state: State, thread_id: str, words: str) -> bool:
    thread = state.threads.get(thread_id)
    bodies = [item.body for turn in thread.turns for item in turn.items] if thread is not None else []
    return any(getattr(body, "text", "") == words for body in bodies)


async def _with_an_agent(s: Session) -> tuple[str, str]:
    """The ids of the main thread and of its agent's, which has answered."""
    main = s.active.id
    await s.say("look at the tests")
    state = await s.until(
        lambda state: any(answered(state, one, "The helper says two.") for one in state.threads)
    )
    (agent,) = [one for one in state.threads if one != main]
    await s.until(lambda state: state.threads[agent].running_turn is None)
    return main, agent


async def _show(s: Session, thread_id: str) -> None:
    s.conversation.threads.show(thread_id)
    await s.until(lambda state: state.active_id == thread_id)


async def test_an_agent_that_takes_prompts_answers_in_its_own_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(OLDER, model="gpt-5.2-codex") as scripted:
        async with session(scripted, monkeypatch) as s:
            main, agent = await _with_an_agent(s)
            rows = open_threads(s.state, {})
            assert [(row.id, row.depth, row.is_agent) for row in rows] == [(main, 0, False), (agent, 1, True)]
            assert rows[1].unread > 0
            await _show(s, agent)
            await s.say("and the salt")
            assert answered(s.state, agent, "The helper says salt.")
            assert not answered(s.state, main, "The helper says salt.")
            assert open_threads(s.state, {main: s.state.threads[main]})[0].unread == 0
            s.conversation.threads.leave_side()
            await s.until(lambda state: state.active_id == main)


async def test_an_agent_that_takes_none_says_where_to_write_and_the_prompt_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(NEWER, model="gpt-6-sol") as scripted:
        async with session(scripted, monkeypatch) as s:
            main, agent = await _with_an_agent(s)
            assert [row.title for row in open_threads(s.state, {})] == ["look at the tests", "tests"]
            await _show(s, agent)
            s.conversation.send("and the salt")

            def said(state: State) -> list[Notice]:
                bodies = [item.body for turn in state.threads[agent].turns for item in turn.items]
                return [body for body in bodies if isinstance(body, Notice) and body.severity == "error"]

            (notice,) = said(await s.until(lambda state: bool(said(state))))
            assert "takes its work only from the thread it belongs to" in notice.title
            assert "/back" in notice.detail
            assert s.face.back == [("and the salt", "Not sent")]
            s.conversation.threads.leave_side()
            await s.until(lambda state: state.active_id == main)


async def test_agents_of_an_earlier_session_are_listed_and_can_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(NEWER, model="gpt-6-sol") as scripted:
        async with session(scripted, monkeypatch) as s:
            main, agent = await _with_an_agent(s)
        async with session(scripted, monkeypatch, thread_id=main) as s:
            s.conversation.threads.look_for_agents(main)
            await s.until(lambda state: agent in state.threads)
            rows = open_threads(s.state, {})
            assert [(row.id, row.depth, row.title) for row in rows] == [
                (main, 0, "look at the tests"),
                (agent, 1, "tests"),
            ]
            assert (rows[1].doing, rows[1].unread) == ("closed", 0)
            await _show(s, agent)
            assert answered(s.state, agent, "The helper says two.")
            s.conversation.threads.look_for_agents(main)  # known ones stay as they are
            s.conversation.threads.leave_side()
            await s.until(lambda state: state.active_id == main)
            assert answered(s.state, agent, "The helper says two.")
