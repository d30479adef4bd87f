"""What the engine's order of messages can spring on a client, one sentence each."""

from __future__ import annotations

import pytest

from codex_tui.protocol.events import Answered
from codex_tui.session.state import Touch
from codex_tui.session.transcript import Checklist, Notice
from tests.session.said import (
    THREAD,
    Said,
    after,
    asked,
    bodies,
    body,
    command,
    completed,
    delta,
    failure,
    item,
    last_step,
    message,
    output,
    patch,
    say,
    started,
    status,
    the_item,
    the_turn,
    turn_completed,
    turn_started,
)


@pytest.mark.parametrize("ending", ["completed", "interrupted", "failed"])
@pytest.mark.parametrize(
    "unfinished", [message("x"), item("reasoning", "x"), command("x"), patch("x"), item("mcpToolCall", "x")]
)
def test_items_that_never_complete_are_dropped_at_the_end_of_their_turn(
    ending: str, unfinished: dict[str, object]
) -> None:
    state, change = last_step(turn_started(), started(unfinished), turn_completed(status=ending))
    assert the_item(state, "x").phase == "dropped"
    assert the_turn(state).status == ending
    assert the_turn(state).running == ()
    assert {Touch("item", THREAD, "t1", "x"), Touch("turn", THREAD, "t1")} <= change


def test_what_had_arrived_of_a_dropped_message_stays() -> None:
    state = after(turn_started(), started(message("m")), delta("m", "half a wo"), turn_completed())
    assert body(the_item(state, "m")).text == "half a wo"


def test_a_command_that_outlives_its_turn_is_finished_in_place() -> None:
    state = after(
        turn_started(),
        started(command("c")),
        turn_completed(status="interrupted"),
        turn_started("t2"),
        started(message("m"), "t2"),
        output("c", "x\n"),
        completed(command("c", "x\n", "completed")),
    )
    assert the_item(state, "c").phase == "done"
    assert body(the_item(state, "c")).aggregated_output == "x\n"
    assert the_turn(state).status == "interrupted"
    assert bodies(the_turn(state, "t2").items) == ["agentMessage"]


def test_output_after_the_end_of_the_turn_does_not_set_the_command_running_again() -> None:
    state = after(turn_started(), started(command("c")), turn_completed(), output("c", "late"))
    assert the_item(state, "c").phase == "dropped"
    assert body(the_item(state, "c")).aggregated_output == "late"


def test_a_cancelled_patch_has_no_completion_and_is_dropped_with_its_answer() -> None:
    state = after(
        turn_started(),
        started(patch("p")),
        asked(0, "p", method="item/fileChange/requestApproval"),
        Answered(1, 0, "cancel"),
        turn_completed(status="interrupted"),
    )
    assert the_item(state, "p").phase == "dropped"
    assert the_item(state, "p").outcome == "cancel"
    assert len(state.inbox) == 0


def test_a_completion_without_a_start_makes_the_item() -> None:
    state = after(turn_started(), completed(message("m", "all of it")))
    assert the_item(state, "m").phase == "done"
    assert body(the_item(state, "m")).text == "all of it"


def test_the_final_output_replaces_a_stream_that_missed_the_head() -> None:
    state = after(
        turn_started(),
        started(command("c")),
        output("c", "line 2\n"),
        completed(command("c", "line 1\nline 2\n", "completed")),
    )
    assert body(the_item(state, "c")).aggregated_output == "line 1\nline 2\n"


def test_output_stays_when_the_completion_says_nothing_about_it() -> None:
    state = after(
        turn_started(), started(command("c")), output("c", "x"), completed(command("c", None, "failed"))
    )
    assert body(the_item(state, "c")).aggregated_output == "x"
    assert body(the_item(state, "c")).status == "failed"


def test_a_question_resolved_after_its_turn_is_gone_already() -> None:
    state, change = last_step(
        turn_started(),
        asked(0),
        turn_completed(status="interrupted"),
        say("serverRequest/resolved", requestId=0),
    )
    assert len(state.inbox) == 0
    assert not change


def test_the_end_of_a_turn_says_that_the_inbox_changed() -> None:
    _, change = last_step(turn_started(), asked(0), turn_completed())
    assert Touch("inbox") in change


def test_a_turns_own_list_of_items_is_not_the_transcript() -> None:
    summary = {"id": "t1", "items": [message("m", "last")], "itemsView": "summary", "status": "completed"}
    state = after(
        turn_started(), completed(command("c", "", "completed")), say("turn/completed", turn=summary)
    )
    assert bodies(the_turn(state).items) == ["commandExecution"]


def test_a_reviews_items_make_their_turn_and_the_announced_one_stays_unused() -> None:
    state = after(
        started(item("enteredReviewMode", "e", review="changes"), "real"),
        turn_started("announced"),
        completed(message("m", "fine"), "real"),
        turn_completed("real"),
    )
    assert the_turn(state, "announced").status == "unused"
    assert the_turn(state, "real").status == "completed"
    assert state.threads[THREAD].running_turn is None


def test_an_item_of_a_turn_taken_for_unused_opens_it_again() -> None:
    unused = after(turn_started("t2"), turn_started("t1"), turn_completed("t1"))
    state, change = last_step(started(message("m"), "t2"), state=unused)
    assert Touch("turn", THREAD, "t2") in change
    assert the_turn(state, "t2").status == "inProgress"
    assert the_item(state, "m", "t2").phase == "running"


def test_a_reviews_raw_answer_is_dropped_when_it_is_put_into_words() -> None:
    state = after(
        turn_started(), started(message("raw")), delta("raw", '{"findings'), started(message("words"))
    )
    assert the_item(state, "raw").phase == "dropped"
    assert the_item(state, "words").phase == "running"


def test_a_patch_streams_before_it_is_announced() -> None:
    piece = {"path": "a", "kind": {"type": "add"}, "diff": ""}
    before = after(
        turn_started(), say("item/fileChange/patchUpdated", turnId="t1", itemId="p", changes=[piece])
    )
    assert [change.path for change in body(the_item(before, "p")).changes] == ["a"]
    state = after(started(patch("p", path="/abs/a")), state=before)
    assert [change.path for change in body(the_item(state, "p")).changes] == ["/abs/a"]
    assert len(the_turn(state).items) == 1
    assert the_item(state, "p").revision == the_item(before, "p").revision + 1


def test_a_sub_agents_thread_needs_no_announcement_and_knows_its_parent() -> None:
    spawn = item(
        "collabAgentToolCall", "s", tool="spawnAgent", receiverThreadIds=["child"], senderThreadId=THREAD
    )
    state = after(
        turn_started(),
        completed(spawn),
        status("active", thread="child"),
        turn_started("c1", thread="child"),
        completed(message("m", "child speaking"), "c1", threadId="child"),
    )
    child = state.threads["child"]
    assert child.parent_id == THREAD
    assert body(the_item(state, "m", "c1", "child")).text == "child speaking"
    assert state.threads[THREAD].parent_id is None


def test_a_sub_agents_activity_names_its_thread_too() -> None:
    activity = item("subAgentActivity", "s", kind="started", agentThreadId="child")
    assert after(turn_started(), completed(activity)).threads["child"].parent_id == THREAD


def test_turns_begin_without_being_asked_for() -> None:
    state = after(status("active"), turn_started("by-itself"))
    running = state.threads[THREAD].running_turn
    assert running is not None
    assert running.id == "by-itself"


def test_the_same_diff_again_changes_nothing() -> None:
    diff = say("turn/diff/updated", turnId="t1", diff="diff --git a/a b/a\n")
    state, change = last_step(turn_started(), diff)
    assert the_turn(state).diff == "diff --git a/a b/a\n"
    assert change == {Touch("turn", THREAD, "t1")}
    assert last_step(diff, state=state) == (state, frozenset())


def test_a_retried_answer_drops_the_broken_one() -> None:
    state = after(
        turn_started(),
        started(message("one")),
        delta("one", "partial"),
        failure("Reconnecting... 1/3", retry=True),
        started(message("two")),
        delta("two", "partial"),
        failure("Reconnecting... 2/3", retry=True),
        started(message("three")),
        completed(message("three", "full answer")),
        turn_completed(),
    )
    phases = {one.id: one.phase for one in the_turn(state).items if one.body.type == "agentMessage"}
    assert phases == {"one": "dropped", "two": "dropped", "three": "done"}


def test_notices_of_retries_do_not_pile_up() -> None:
    state = after(
        turn_started(),
        failure("Reconnecting... 1/5", retry=True),
        started(message("m")),
        failure("Reconnecting... 2/5", retry=True),
        failure("Reconnecting... 3/5", retry=True),
    )
    notices = [one for one in the_turn(state).items if isinstance(one.body, Notice)]
    assert [body(one).title for one in notices] == ["Reconnecting... 3/5"]
    assert notices[0].body == Notice(
        "warning", "Reconnecting... 3/5", "responseStreamDisconnected\nHTTP 500", "retry"
    )
    assert notices[0].revision == 2


def test_a_retry_after_something_was_done_is_a_new_notice() -> None:
    state = after(
        turn_started(),
        failure("Reconnecting... 1/5", retry=True),
        completed(message("m", "done")),
        failure("Reconnecting... 1/5", retry=True),
    )
    assert bodies(the_turn(state).items) == ["notice", "agentMessage", "notice"]


def test_a_retry_leaves_running_commands_alone() -> None:
    state = after(turn_started(), started(command("c")), failure("Reconnecting... 1/5", retry=True))
    assert the_item(state, "c").phase == "running"


def test_a_final_error_stands_once_though_it_is_said_twice() -> None:
    state = after(turn_started(), status("systemError"), failure("boom", retry=False))
    state = after(
        say(
            "turn/completed",
            turn={
                "id": "t1",
                "items": [],
                "status": "failed",
                "error": {
                    "message": "boom",
                    "codexErrorInfo": {"responseStreamDisconnected": {"httpStatusCode": 500}},
                },
            },
        ),
        state=state,
    )
    assert [body(one).title for one in the_turn(state).items] == ["boom"]
    assert the_turn(state).error == "boom"
    assert the_turn(state).status == "failed"


def test_a_failed_turn_says_why_even_without_an_error_before() -> None:
    state = after(turn_started(), turn_completed(status="failed", error="quota"))
    assert [one.body for one in the_turn(state).items] == [Notice("error", "quota", "", "error")]


def test_the_plan_is_replaced_while_nothing_comes_in_between() -> None:
    def plan(word: str) -> Said:
        return say(
            "turn/plan/updated", turnId="t1", explanation=None, plan=[{"step": "look", "status": word}]
        )

    first = after(turn_started(), plan("pending"))
    state = after(plan("inProgress"), state=first)
    assert bodies(the_turn(state).items) == ["checklist"]
    assert the_turn(state).items[0].revision == 1
    assert last_step(plan("inProgress"), state=state)[1] == frozenset()
    state = after(completed(message("m", "x")), plan("completed"), state=state)
    assert bodies(the_turn(state).items) == ["checklist", "agentMessage", "checklist"]
    last = the_turn(state).items[-1].body
    assert isinstance(last, Checklist)
    assert last.steps[0].status == "completed"


def test_deltas_of_a_finished_item_change_nothing() -> None:
    state = after(turn_started(), completed(message("m", "whole")))
    assert last_step(delta("m", "more"), state=state) == (state, frozenset())


def test_deltas_without_a_start_begin_the_item() -> None:
    state = after(turn_started(), delta("m", "a"), delta("m", "b"))
    assert body(the_item(state, "m")).text == "ab"
    assert the_item(state, "m").revision == 1
    assert body(the_item(after(started(message("m")), state=state), "m")).text == "ab"


def test_a_finished_item_does_not_start_again() -> None:
    state = after(turn_started(), completed(message("m", "whole")))
    assert last_step(started(message("m")), state=state) == (state, frozenset())


def test_an_item_that_starts_after_its_turn_is_not_at_work() -> None:
    state = after(turn_started(), completed(message("m", "x")), turn_completed(), started(command("c")))
    assert the_item(state, "c").phase == "dropped"
    assert the_turn(state).status == "completed"


def test_dropping_an_item_is_a_change_of_its_picture() -> None:
    running = after(turn_started(), started(message("m")))
    dropped = after(turn_completed(), state=running)
    assert the_item(dropped, "m").revision == the_item(running, "m").revision + 1


def test_an_empty_delta_changes_nothing() -> None:
    state = after(turn_started())
    assert last_step(output("c", ""), state=state) == (state, frozenset())


def test_a_turn_that_ended_does_not_start_again() -> None:
    state = after(turn_started(), turn_completed())
    assert last_step(turn_started(), state=state) == (state, frozenset())


def test_a_late_completion_of_an_unknown_turn_is_no_turn_at_work() -> None:
    state = after(status("idle"), completed(command("c", "x", "completed"), "old"))
    assert the_turn(state, "old").status == "completed"
    assert state.threads[THREAD].running_turn is None
