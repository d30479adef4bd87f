"""Opening threads: the engine's history, and what is on screen already."""

from __future__ import annotations

import pytest

from codex_tui.protocol.base import Wire
from codex_tui.protocol.events import EngineStopped, OlderSought, OlderTurns, PromptSent, ThreadOpened
from codex_tui.protocol.registry import parse_result
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import NOTES, Above
from tests.session.said import (
    THREAD,
    after,
    bodies,
    body,
    command,
    completed,
    delta,
    item,
    last_step,
    message,
    opened,
    output,
    say,
    started,
    the_item,
    the_turn,
    turn_completed,
    turn_started,
    wire_turn,
)

PROMPT = item("userMessage", "u", content=[{"type": "text", "text": "hi"}], clientId="p-1")


def died() -> EngineStopped:
    return EngineStopped(1, "killed", -9)


def test_a_new_thread_is_the_active_one_with_its_settings() -> None:
    state, change = last_step(opened())
    assert state.active is not None
    settings = state.active.settings
    assert (settings.model, settings.provider, settings.effort) == ("gpt-x", "openai", "high")
    assert (settings.cwd, settings.approval_policy, settings.sandbox["type"]) == (
        "/work",
        "on-request",
        "workspaceWrite",
    )
    assert (state.active.branch, state.active.preview, state.active.status) == ("main", "hello", "idle")
    assert Touch("threads", THREAD) in change


def test_a_thread_announced_after_it_was_opened_keeps_its_transcript() -> None:
    record = {"id": THREAD, "name": "new name", "preview": ""}
    state = after(opened(), turn_started(), started(message("m")), say("thread/started", thread=record))
    assert bodies(the_turn(state).items) == ["agentMessage"]
    assert state.threads[THREAD].name == "new name"
    assert state.threads[THREAD].preview == "hello"
    assert state.threads[THREAD].settings.model == "gpt-x"


def test_what_was_said_before_the_thread_was_opened_stays() -> None:
    state = after(say("warning", message="unknown model"), opened())
    assert bodies(state.threads[THREAD].turns[0].items) == ["notice"]


def test_a_resumed_thread_shows_its_history() -> None:
    turns = (
        wire_turn("t1", PROMPT, message("m", "answer"), startedAt=100, completedAt=107, durationMs=7000),
        wire_turn("t2", command("c", "out", "failed"), status="interrupted"),
    )
    state = after(opened("resumed", *turns))
    assert [turn.status for turn in state.threads[THREAD].turns] == ["completed", "interrupted"]
    assert (the_turn(state).started_ms, the_turn(state).completed_ms) == (100_000, 107_000)
    assert [one.phase for one in the_turn(state).items] == ["done", "done"]
    assert body(the_item(state, "c", "t2")).aggregated_output == "out"


def test_a_turn_at_work_in_the_history_goes_on() -> None:
    partial = {**message("m", "half"), "startedAtMs": 1, "completedAtMs": None}
    history = wire_turn("t1", partial, command("c", None, "inProgress"), status="inProgress")
    state = after(opened("resumed", history, idle=False))
    assert the_turn(state).running == ("m", "c")
    state = after(delta("m", " and half"), turn_completed(), state=state)
    assert body(the_item(state, "m")).text == "half and half"
    assert the_item(state, "c").phase == "dropped"


def test_an_unfinished_command_of_an_ended_turn_is_dropped() -> None:
    history = wire_turn("t1", command("c", None, "inProgress"), status="interrupted")
    assert the_item(after(opened("resumed", history)), "c").phase == "dropped"


def test_a_failed_turn_of_the_history_says_why() -> None:
    history = wire_turn("t1", status="failed", error={"message": "quota", "codexErrorInfo": "other"})
    state = after(opened("resumed", history))
    assert [body(one).title for one in the_turn(state).items] == ["quota"]


def test_after_the_engines_death_the_partial_answer_stays_on_screen() -> None:
    state = after(
        opened(),
        turn_started(),
        completed(PROMPT),
        started(message("m")),
        delta("m", "partial"),
        died(),
        opened("resumed", wire_turn("t1", PROMPT, status="interrupted")),
    )
    assert the_turn(state).status == "interrupted"
    assert bodies(the_turn(state).items) == ["userMessage", "agentMessage"]
    assert the_item(state, "m").phase == "dropped"
    assert body(the_item(state, "m")).text == "partial"


def test_a_command_the_history_knows_the_end_of_is_finished() -> None:
    state = after(opened(), turn_started(), started(command("c")), output("c", "begin\n"), died())
    before = the_item(state, "c")
    history = wire_turn("t1", command("c", "begin\nend\n", "failed"), status="interrupted")
    item_now = the_item(after(opened("resumed", history), state=state), "c")
    assert item_now.phase == "done"
    assert body(item_now).aggregated_output == "begin\nend\n"
    assert item_now.revision > before.revision


def test_a_long_output_is_not_exchanged_for_the_historys_short_one() -> None:
    state = after(opened(), turn_started(), completed(command("c", "x" * 100, "completed")), turn_completed())
    before = the_item(state, "c")
    history = wire_turn("t1", command("c", "x" * 10, "completed"))
    assert the_item(after(opened("resumed", history), state=state), "c") is before


def test_turns_the_history_does_not_show_keep_their_place() -> None:
    live = after(
        opened(),
        *(turn_started("t1"), completed(message("a", "1"), "t1"), turn_completed("t1")),
        *(turn_started("t2"), completed(message("b", "2"), "t2"), turn_completed("t2")),
        *(turn_started("t3"), started(message("c"), "t3")),
        died(),
    )
    page = (wire_turn("t2", message("b", "2")), wire_turn("t4", message("d", "4")))
    state = after(opened("resumed", *page), state=live)
    assert [turn.id for turn in state.threads[THREAD].turns] == ["t1", "t2", "t4", "t3"]
    assert the_turn(state, "t3").status == "interrupted"


def test_items_only_the_history_knows_come_to_their_place() -> None:
    live = after(opened(), turn_started(), completed(message("a", "1")), completed(message("c", "3")))
    history = wire_turn("t1", message("a", "1"), message("b", "2"), message("c", "3"))
    state = after(opened("resumed", history, idle=False), state=live)
    assert [one.id for one in the_turn(state).items] == ["a", "b", "c"]


def test_a_history_in_another_order_loses_nothing() -> None:
    live = after(
        opened(), turn_started(), *(completed(message(name, name)) for name in "abc"), started(message("x"))
    )
    history = wire_turn("t1", message("c", "c"), message("a", "a"), message("a", "again"))
    state = after(opened("resumed", history, idle=False), state=live)
    assert sorted(one.id for one in the_turn(state).items) == ["a", "b", "c", "x"]


def test_a_turn_that_was_heard_to_end_is_not_reopened_by_an_older_history() -> None:
    live = after(opened(), turn_started(), completed(message("a", "1")), turn_completed())
    history = wire_turn("t1", message("a", "1"), status="inProgress")
    state = after(opened("resumed", history, idle=False), state=live)
    assert the_turn(state).status == "completed"
    assert state.threads[THREAD].running_turn is None


def test_a_turn_whose_end_was_not_heard_is_interrupted_when_the_thread_is_idle() -> None:
    live = after(opened(), turn_started(), started(message("m")))
    state = after(opened("resumed"), state=live)
    assert the_turn(state).status == "interrupted"
    assert the_item(state, "m").phase == "dropped"


def test_a_fork_is_a_thread_of_its_own() -> None:
    live = after(opened(), turn_started(), completed(message("a", "1")), turn_completed())
    state = after(opened("forked", wire_turn("t1", message("a", "1")), thread="fork"), state=live)
    assert state.active_id == "fork"
    assert len(state.threads) == 2
    assert body(the_item(state, "a", thread="fork")).text == "1"


def test_a_prompt_the_history_holds_is_no_longer_on_its_way() -> None:
    sent = PromptSent(THREAD, "p-1", "hi", "turn", 1)
    state = after(opened(), sent, died(), opened("resumed", wire_turn("t1", PROMPT)))
    assert state.threads[THREAD].pending == ()


def test_a_prompt_that_died_with_its_engine_is_marked_as_lost() -> None:
    sent, queued = (
        PromptSent(THREAD, "p-1", "do this too", "steer", 1),
        PromptSent(THREAD, "q", "x", "queue", 2),
    )
    state = after(opened(), turn_started(), sent, queued, died(), opened("resumed", wire_turn("t1")))
    assert [(one.text, one.how) for one in state.threads[THREAD].pending] == [
        ("do this too", "lost"),
        ("x", "queue"),
    ]


def test_an_answer_that_is_no_thread_is_said_and_changes_no_thread() -> None:
    state, change = last_step(ThreadOpened(Wire(), "started"))
    assert state.threads == State().threads
    assert change == {Touch("notices")}


@pytest.mark.parametrize("how", ["started", "resumed", "forked", "a new word"])
def test_opening_a_thread_twice_changes_nothing_but_says_so(how: str) -> None:
    once = after(opened(how, wire_turn("t1", message("m", "x"))))
    twice = after(opened(how, wire_turn("t1", message("m", "x"))), state=once)
    assert twice == once


def test_items_that_the_history_only_numbers_are_known_by_what_they_say() -> None:
    heard = [
        item("userMessage", "u", content=[{"type": "text", "text": "hi"}]),
        item("reasoning", "r", summary=["**So**"]),
        message("m", "one"),
        message("n", "one"),
    ]
    state = after(opened(), turn_started())
    for one in heard:
        state = after(started(one), completed(one), state=state)
    state = after(started(message("half", "")), delta("half", "and t"), died(), state=state)
    numbered = [{**one, "id": f"item-{at}"} for at, one in enumerate(heard)]
    told = wire_turn("t1", *numbered, message("item-9", "and two"), status="interrupted")
    turn = the_turn(after(opened("resumed", told), state=state))
    assert [one.id for one in turn.items if one.body.type != "notice"] == ["u", "r", "m", "n", "half"]
    assert body(turn.items[-1]).text == "and two"


def older(*turns: dict[str, object], cursor: str | None = None, coming: bool = False) -> OlderTurns:
    """As the client says it: oldest first."""
    told = parse_result("thread/turns/list", {"data": list(turns)}).data  # pyright: ignore
    return OlderTurns(THREAD, told, cursor, coming)  # pyright: ignore


def resumed(cursor: str | None, *ids: str) -> ThreadOpened:
    """A thread whose newest turns are these, oldest first; `cursor` of what stands above them."""
    page = {"data": [wire_turn(id, message(f"m-{id}", id)) for id in reversed(ids)], "nextCursor": cursor}
    result = parse_result("thread/resume", {"thread": {"id": THREAD}, "initialTurnsPage": page})
    return ThreadOpened(result, "resumed", tuple(reversed(result.initial_turns_page.data)))  # pyright: ignore


def shown(state: State) -> tuple[list[str], Above | None]:
    thread = state.threads[THREAD]
    return [turn.id for turn in thread.turns], thread.above


def test_what_came_before_stands_above_what_is_known() -> None:
    state, change = last_step(
        opened("resumed", wire_turn("t3", message("c", "three"))),
        older(wire_turn("t1", message("a", "one")), wire_turn("t2", message("b", "two"))),
    )
    assert [turn.id for turn in state.threads[THREAD].turns] == ["t1", "t2", "t3"]
    assert body(the_item(state, "a")).text == "one"
    assert change == {Touch("turn", THREAD, "t1"), Touch("turn", THREAD, "t2"), Touch("thread", THREAD)}


def test_a_thread_knows_that_more_stands_above_it_until_all_has_come() -> None:
    state = after(resumed("c8", "t8", "t9"))
    assert shown(state) == (["t8", "t9"], Above("c8"))
    state, change = last_step(OlderSought(THREAD), state=state)
    assert shown(state)[1] == Above("c8", "coming")
    assert change == {Touch("thread", THREAD)}
    state = after(older(wire_turn("t7"), cursor="c7", coming=True), state=state)
    assert shown(state) == (["t7", "t8", "t9"], Above("c7", "coming"))
    state = after(OlderSought(THREAD, "the engine went"), state=state)
    assert shown(state)[1] == Above("c7", "failed", "the engine went")
    state = after(older(wire_turn("t6")), state=state)
    assert shown(state) == (["t6", "t7", "t8", "t9"], None)
    assert after(OlderSought(THREAD), state=state) == state


def test_a_cursor_that_the_engine_has_forgotten_is_not_used_again() -> None:
    state = after(resumed("c8", "t8"), OlderSought(THREAD, "no such turn", lost=True))
    assert shown(state)[1] == Above("", "failed", "no such turn")


def test_what_was_read_further_up_stays_when_a_thread_is_resumed_again() -> None:
    state = after(resumed("c8", "t8", "t9"), older(wire_turn("t7"), cursor="c7"))
    assert shown(after(resumed("c9", "t9", "t10"), state=state)) == (["t7", "t8", "t9", "t10"], Above("c7"))
    assert shown(after(resumed("c6", "t6", "t7", "t8"), state=state)) == (
        ["t6", "t7", "t8", "t9"],
        Above("c6"),
    )
    whole = after(older(wire_turn("t6")), state=state)
    assert shown(after(resumed("c9", "t9", "t10"), state=whole))[1] is None


def test_a_fetch_that_a_dead_engine_left_undone_can_be_asked_for_again() -> None:
    state = after(resumed("c8", "t8", "t9"), older(wire_turn("t7"), cursor="c7"), OlderSought(THREAD))
    assert shown(after(resumed("c8", "t8", "t9"), state=state))[1] == Above("c7")


def test_turns_with_a_gap_below_them_go_and_come_again_in_their_order() -> None:
    state = after(resumed("c1", "t1", "t2"), say("warning", threadId=THREAD, message="low on disk"))
    state = after(resumed("c8", "t8", "t9"), state=state)
    ids, above = shown(state)
    assert above == Above("c8")
    assert [id for id in ids if not id.startswith(NOTES)] == ["t8", "t9"]
    state = after(older(*(wire_turn(f"t{at}") for at in range(1, 8))), state=state)
    assert [id for id in shown(state)[0] if not id.startswith(NOTES)] == [f"t{at}" for at in range(1, 10)]


def test_a_turn_that_is_known_is_not_taken_from_the_older_ones() -> None:
    page = older(wire_turn("t1", message("a", "other")), wire_turn("t2", message("b", "other")))
    state, _ = last_step(opened("resumed", wire_turn("t2", message("b", "two"))), page)
    assert [turn.id for turn in state.threads[THREAD].turns] == ["t1", "t2"]
    assert body(the_item(state, "b", "t2")).text == "two"
    assert last_step(page, state=state) == (state, frozenset())


def test_older_turns_of_a_thread_nobody_opened_change_nothing() -> None:
    state, change = last_step(older(wire_turn("t1", message("a", "one"))))
    assert (state, change) == (State(), frozenset())
