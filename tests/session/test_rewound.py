"""Turns that were taken back are gone, and nobody is told twice."""

from __future__ import annotations

from codex_tui.protocol.events import TurnsTakenBack
from codex_tui.session.reducer.dispatch import take
from codex_tui.session.state import State, Touch
from tests.session.said import THREAD, completed, message, say, turn_completed, turn_started


def two_turns() -> State:
    state = State()
    for turn in ("t1", "t2"):
        for event in (
            turn_started(turn),
            completed(message(f"m-{turn}", "said"), turn),
            turn_completed(turn),
        ):
            state, _ = take(state, event)
    return state


def ids(state: State) -> list[str]:
    return [turn.id for turn in state.threads[THREAD].turns]


def test_the_turn_and_what_came_after_it_are_gone() -> None:
    state = two_turns()
    state, _ = take(state, say("warning", message="between the turns"))
    assert len(ids(state)) == 3
    state, change = take(state, TurnsTakenBack(THREAD, "t2"))
    assert ids(state) == ["t1"]
    assert change == {Touch("threads", THREAD)}
    state, _ = take(state, turn_started("t3"))
    assert ids(state) == ["t1", "t3"]


def test_all_turns_can_go() -> None:
    state, _ = take(two_turns(), TurnsTakenBack(THREAD, "t1"))
    assert ids(state) == []


def test_the_engine_s_own_word_on_it_is_no_news_the_first_time() -> None:
    state, _ = take(two_turns(), TurnsTakenBack(THREAD, "t2"))
    state, _ = take(state, say("thread/reverted"))
    assert ids(state) == ["t1"]
    state, _ = take(state, say("thread/reverted"))
    assert len(ids(state)) == 2, "another client's is said"


def test_an_unknown_turn_or_thread_changes_no_turn() -> None:
    state, _ = take(two_turns(), TurnsTakenBack(THREAD, "nobody"))
    assert ids(state) == ["t1", "t2"]
    before = State()
    assert take(before, TurnsTakenBack("nobody", "t1"))[0] is before
