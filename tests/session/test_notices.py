"""Warnings, remarks, and whatever nobody knows: where they stand and how much of them is kept."""

from __future__ import annotations

import json

import pytest

from codex_tui.protocol.base import Wire
from codex_tui.protocol.events import (
    Notified,
    Remarked,
    UnknownNotified,
)
from codex_tui.protocol.items import UnknownItem
from codex_tui.session.reducer import dispatch, reduce
from codex_tui.session.reducer.notices import RAW_KEPT
from codex_tui.session.state import NOTICES_KEPT, State, Touch
from codex_tui.session.transcript import Notice
from tests.session.said import (
    THREAD,
    Said,
    after,
    body,
    command,
    delta,
    item,
    last_step,
    opened,
    say,
    started,
    the_item,
    the_turn,
    turn_started,
)

# Notices


def test_a_warning_stands_in_the_running_turn_and_not_twice() -> None:
    warning = say("warning", message="careful")
    state = after(turn_started(), warning, warning)
    assert [one.body for one in the_turn(state).items] == [Notice("warning", "careful", "", "warning")]
    assert the_turn(state).items[0].phase == "done"


def test_warnings_between_turns_share_a_turn_that_is_not_the_engines() -> None:
    state = after(say("warning", message="one"), say("warning", message="two"), turn_started())
    turns = state.threads[THREAD].turns
    assert [turn.is_notes for turn in turns] == [True, False]
    assert [body(one).title for one in turns[0].items] == ["one", "two"]
    assert state.threads[THREAD].running_turn is turns[1]


def test_a_warning_without_a_thread_stands_outside() -> None:
    state = after(say("warning", message="all", threadId=None))
    assert [one.title for one in state.notices] == ["all"]


def test_a_wrong_configuration_names_the_place() -> None:
    place = {"start": {"line": 3, "column": 5}, "end": {"line": 3, "column": 9}}
    told = say("configWarning", summary="Invalid", details="why", path="/c.toml", range=place)
    state, change = last_step(told, told)
    assert state.notices == (Notice("warning", "Invalid", "why\n/c.toml:3:5", "configWarning"),)
    assert not change


@pytest.mark.parametrize("word", ["starting", "ready"])
def test_a_server_that_starts_is_not_worth_a_line(word: str) -> None:
    told = say("mcpServer/startupStatus/updated", name="lab", status=word)
    assert last_step(told)[1] == frozenset()


def test_a_server_that_fails_is() -> None:
    told = say("mcpServer/startupStatus/updated", name="lab", status="failed", error="no such file")
    notice = body(after(turn_started(), told).threads[THREAD].turns[0].items[0])
    assert (notice.title, notice.detail) == ("MCP server lab did not start", "no such file")


@pytest.mark.parametrize(("word", "lines"), [("completed", 0), ("blocked", 1), ("failed", 1)])
def test_only_a_hook_that_got_in_the_way_is_worth_a_line(word: str, lines: int) -> None:
    run = {"id": "h", "eventName": "preToolUse", "status": word, "entries": [{"kind": "error", "text": "no"}]}
    state = after(turn_started(), say("hook/completed", turnId="t1", run=run))
    assert len(the_turn(state).items) == lines


def test_a_rerouted_model_is_said() -> None:
    told = say("model/rerouted", turnId="t1", fromModel="a", toModel="b", reason="highRiskCyberActivity")
    assert body(the_turn(after(turn_started(), told)).items[0]).title == "Answered by b instead of a"


def test_what_is_typed_into_a_command_is_shown_and_polls_are_not() -> None:
    def typed(text: str) -> Said:
        return say(
            "item/commandExecution/terminalInteraction", turnId="t1", itemId="c", processId="1", stdin=text
        )

    state = after(turn_started(), started(command("c")), typed("y\n"), typed(""), typed("y\n"))
    assert [body(one).detail for one in the_turn(state).items if one.id != "c"] == ["y\n", "y\n"]


def test_an_automatic_review_and_a_tools_progress_stand_at_their_item() -> None:
    review = say(
        "item/autoApprovalReview/completed",
        turnId="t1",
        reviewId="r",
        targetItemId="c",
        review={"status": "approved"},
        action={"type": "command"},
    )
    state = after(turn_started(), started(command("c")), review)
    assert the_item(state, "c").note == "automatic review: approved"
    why = {"status": "timedOut", "riskLevel": "high", "rationale": "deletes files"}
    late = say(
        "item/autoApprovalReview/started",
        turnId="t1",
        reviewId="r",
        targetItemId="c",
        review=why,
        action={"type": "command"},
    )
    assert (
        the_item(after(late, state=state), "c").note
        == "automatic review: timed out, high risk: deletes files"
    )
    progress = say("item/mcpToolCall/progress", turnId="t1", itemId="c", message="3 of 4")
    assert the_item(after(progress, state=state), "c").note == "3 of 4"


def test_the_clients_own_remarks_stand_in_the_active_thread_each_time() -> None:
    remark = Remarked("error", "No engine", "gone")
    state = after(opened(), remark, remark)
    assert [body(one).title for one in state.threads[THREAD].turns[0].items] == ["No engine", "No engine"]
    assert [one.title for one in after(remark).notices] == ["No engine"]


def test_a_remark_of_an_unknown_severity_is_information() -> None:
    assert after(Remarked("odd", "x")).notices[0].severity == "info"


# Unknown things


def test_an_unknown_item_is_kept_with_all_it_brought() -> None:
    state = after(turn_started(), started(item("hologram", "h", depth=3)))
    shown = the_item(state, "h").body
    assert isinstance(shown, UnknownItem)
    assert (shown.model_extra or {})["depth"] == 3


def test_an_unknown_message_is_kept_to_look_at() -> None:
    state, change = last_step(say("brand/new", word="x"))
    assert state.notices[0].source == "brand/new"
    assert json.loads(state.notices[0].detail)["word"] == "x"
    assert change == {Touch("notices")}


def test_an_ignored_message_is_not() -> None:
    assert last_step(say("thread/readState/changed", readState={})) == (State(), frozenset())


def test_only_so_much_of_unknown_messages_is_kept() -> None:
    state = State()
    for number in range(NOTICES_KEPT + 50):
        state = after(UnknownNotified(f"new/{number}", {"text": "x" * 2 * RAW_KEPT}), state=state)
    assert len(state.notices) == NOTICES_KEPT
    assert state.notices[-1].source == f"new/{NOTICES_KEPT + 49}"
    assert len(state.notices[-1].detail) == RAW_KEPT


def test_a_message_nested_beyond_reason_is_kept_without_its_inside() -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"x": deep}
    assert after(UnknownNotified("deep", deep)).notices[0].detail == ""


def test_a_known_message_with_the_wrong_members_is_said() -> None:
    state = after(Notified("item/started", Wire()))
    assert "Wire" in state.notices[0].title


def test_a_mistake_in_the_reducer_does_not_end_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(state: State, said: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setitem(dispatch.MESSAGES, "item/agentMessage/delta", broken)
    state, change = reduce(State(), delta("m", "x"))
    assert state.notices[0].detail == "oops"
    assert change == {Touch("notices")}
