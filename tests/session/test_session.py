"""Threads, prompts, questions, engine and account."""

from __future__ import annotations

import pytest

from codex_tui.protocol.events import (
    AccountKnown,
    Answered,
    Asked,
    EngineReady,
    EngineStarting,
    EngineStopped,
    LineSkipped,
    PromptFailed,
    PromptSent,
)
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import Tokens
from tests.session.said import (
    THREAD,
    Said,
    after,
    asked,
    body,
    command,
    completed,
    item,
    last_step,
    message,
    opened,
    say,
    started,
    status,
    the_item,
    the_turn,
    turn_completed,
    turn_started,
)

ECHO = item("userMessage", "u", content=[{"type": "text", "text": "hi"}], clientId="p-1")
SENT = PromptSent(THREAD, "p-1", "hi", "turn", 1)


# Threads


def test_a_threads_status_says_what_it_waits_for() -> None:
    state, change = last_step(status("active", "waitingOnApproval"))
    assert state.threads[THREAD].status == "active"
    assert state.threads[THREAD].flags == ("waitingOnApproval",)
    assert Touch("thread", THREAD) in change
    assert after(status("idle"), state=state).threads[THREAD].flags == ()


def test_the_same_status_again_changes_nothing() -> None:
    state = after(status("idle"))
    assert last_step(status("idle"), state=state) == (state, frozenset())


def test_tokens_keep_the_window_a_message_leaves_out() -> None:
    def usage(total: int, last: int, **more: int) -> Said:
        told = {"total": {"totalTokens": total}, "last": {"totalTokens": last}, **more}
        return say("thread/tokenUsage/updated", turnId="t1", tokenUsage=told)

    state = after(usage(10, 10, modelContextWindow=100), usage(60, 50))
    assert state.threads[THREAD].tokens == Tokens(60, 50, 100)
    assert state.threads[THREAD].tokens.context_used == 0.5


def test_a_thread_gets_its_name() -> None:
    assert after(say("thread/name/updated", threadName="Fix it")).threads[THREAD].name == "Fix it"


def test_settings_change_in_mid_thread() -> None:
    told = {"model": "other", "effort": None, "cwd": "/else", "sandboxPolicy": {"type": "readOnly"}}
    settings = after(opened(), say("thread/settings/updated", threadSettings=told)).threads[THREAD].settings
    assert (settings.model, settings.effort, settings.cwd) == ("other", None, "/else")
    assert settings.sandbox["type"] == "readOnly"
    assert (settings.provider, settings.approval_policy) == ("openai", "on-request")


@pytest.mark.parametrize("end", ["archived", "deleted", "reverted"])
def test_a_thread_that_goes_stays_on_screen_and_says_so(end: str) -> None:
    state = after(turn_started(), completed(message("m", "x")), turn_completed(), say(f"thread/{end}"))
    assert body(the_item(state, "m")).text == "x"
    last = state.threads[THREAD].turns[-1]
    assert last.is_notes
    assert last.items[-1].body.type == "notice"


@pytest.mark.parametrize(("ephemeral", "then"), [(True, "notLoaded"), (False, "idle")])
def test_a_closed_thread_comes_back_unless_it_was_in_memory_only(ephemeral: bool, then: str) -> None:
    state = after(opened(ephemeral=ephemeral), say("thread/closed"), status("idle"))
    assert state.threads[THREAD].status == then


def test_a_closed_thread_is_not_loaded() -> None:
    assert after(status("idle"), say("thread/closed")).threads[THREAD].status == "notLoaded"


def test_a_goal_is_said_once_while_only_its_counters_grow() -> None:
    goal = {"objective": "Finish", "status": "active", "tokensUsed": 0}
    state = after(
        turn_started(),
        say("thread/goal/updated", goal=goal),
        say("thread/goal/updated", goal={**goal, "tokensUsed": 9}),
    )
    assert [body(one).title for one in the_turn(state).items] == ["Goal (active): Finish"]


# Prompts on their way


def test_an_echoed_prompt_is_no_longer_on_its_way() -> None:
    state = after(SENT, turn_started())
    assert [one.text for one in state.threads[THREAD].pending] == ["hi"]
    state, change = last_step(started(ECHO), state=state)
    assert state.threads[THREAD].pending == ()
    assert Touch("thread", THREAD) in change
    assert last_step(completed(ECHO), state=state)[1] == {Touch("item", THREAD, "t1", "u")}


def test_another_clients_prompt_takes_nothing_away() -> None:
    other = {**ECHO, "clientId": "somebody"}
    assert len(after(SENT, turn_started(), started(other)).threads[THREAD].pending) == 1


def test_a_failed_prompt_stops_waiting() -> None:
    state, change = last_step(SENT, PromptFailed(THREAD, "p-1", "overloaded"))
    assert state.threads[THREAD].pending == ()
    assert change == {Touch("thread", THREAD)}
    assert last_step(PromptFailed(THREAD, "p-1", "again"), state=state) == (state, frozenset())


def test_a_prompt_stands_once() -> None:
    state = after(SENT)
    assert last_step(SENT, state=state) == (state, frozenset())


@pytest.mark.parametrize(
    ("end", "how"), [("interrupted", "lost"), ("failed", "lost"), ("completed", "steer")]
)
def test_a_steering_prompt_is_lost_with_the_turn_that_was_cut_off(end: str, how: str) -> None:
    steering = PromptSent(THREAD, "p-1", "also this", "steer", 1)
    state, change = last_step(turn_started(), steering, turn_completed(status=end))
    assert [one.how for one in state.threads[THREAD].pending] == [how]
    assert (Touch("thread", THREAD) in change) == (how == "lost")
    echoed = after(turn_started("t2"), started(ECHO, "t2"), state=state)
    assert echoed.threads[THREAD].pending == ()


def test_a_queued_prompt_waits_through_turns_for_its_own() -> None:
    queued = PromptSent(THREAD, "p-1", "later", "queue", 1)
    state = after(turn_started(), queued, say("thread/queue/changed"), turn_completed())
    assert len(state.threads[THREAD].pending) == 1
    assert after(turn_started("t2"), started(ECHO, "t2"), state=state).threads[THREAD].pending == ()


# Questions


def test_a_question_knows_its_place_even_when_it_does_not_fit_its_model() -> None:
    raw = {"threadId": THREAD, "turnId": "t1", "itemId": "c", "command": 7}
    state, change = last_step(Asked(1, 0, "item/commandExecution/requestApproval", None, raw, 3.0))
    head = state.inbox.head
    assert head is not None
    assert (head.thread_id, head.turn_id, head.item_id, head.received) == (THREAD, "t1", "c", 3.0)
    assert change == {Touch("inbox")}


def test_a_question_of_an_unknown_kind_is_shown() -> None:
    state = after(Asked(1, 5, "new/thing", None, {"threadId": 7, "callId": "x"}, 0.0))
    head = state.inbox.head
    assert head is not None
    assert (head.method, head.thread_id, head.item_id) == ("new/thing", None, "x")


def test_a_whole_message_as_raw_is_understood_too() -> None:
    whole = {"id": 1, "method": "m", "params": {"threadId": THREAD, "turnId": "t"}}
    head = after(Asked(1, 1, "m", None, whole, 0.0)).inbox.head
    assert head is not None
    assert (head.thread_id, head.turn_id) == (THREAD, "t")


def test_an_answer_closes_the_question_and_marks_its_item() -> None:
    state, change = last_step(turn_started(), started(command("c")), asked(0, "c"), Answered(1, 0, "accept"))
    assert len(state.inbox) == 0
    assert the_item(state, "c").outcome == "accept"
    assert change == {Touch("inbox"), Touch("item", THREAD, "t1", "c")}
    done = after(completed(command("c", "x", "completed")), state=state)
    assert the_item(done, "c").outcome == "accept"


def test_an_answer_to_nothing_changes_nothing() -> None:
    state = after(asked(0))
    assert last_step(Answered(1, "0", "accept"), state=state) == (state, frozenset())
    assert last_step(Answered(2, 0, "accept"), state=state) == (state, frozenset())


def test_a_question_resolved_elsewhere_goes() -> None:
    state, change = last_step(asked(0), asked(1), say("serverRequest/resolved", requestId=0))
    assert [one.request_id for one in state.inbox.questions] == [1]
    assert change == {Touch("inbox")}


def test_a_command_that_outlived_its_turn_may_still_ask() -> None:
    state = after(turn_started(), started(command("c")), turn_completed(), asked(0, "c"))
    assert len(state.inbox) == 1


# Engine and account


def test_the_engines_death_ends_what_ran_and_keeps_what_was_said() -> None:
    state, change = last_step(
        EngineStarting(1, "/bin/codex"),
        EngineReady(1, "0.163.0", "/home/.codex"),
        turn_started(),
        completed(message("m", "said")),
        started(command("c")),
        turn_started("k1", thread="child"),
        asked(0, "c"),
        EngineStopped(1, "killed", -9, ("last line",)),
    )
    assert (state.engine.phase, state.engine.exit_code, state.engine.stderr) == ("died", -9, ("last line",))
    assert state.engine.version == "0.163.0"
    assert len(state.inbox) == 0
    assert the_turn(state).status == the_turn(state, "k1", "child").status == "interrupted"
    assert the_item(state, "c").phase == "dropped"
    assert body(the_item(state, "m")).text == "said"
    assert {thread.status for thread in state.threads.values()} == {"notLoaded"}
    assert {Touch("engine"), Touch("inbox"), Touch("item", THREAD, "t1", "c")} <= change


def test_an_engine_stopped_on_purpose_did_not_die() -> None:
    assert after(EngineStarting(1, "x"), EngineStopped(1, "quit", 0, expected=True)).engine.phase == "stopped"


def test_a_late_word_of_an_old_engine_does_not_touch_the_new_one() -> None:
    state = after(EngineStarting(2, "x"), EngineReady(2, "v", ""), asked(0, generation=2), turn_started())
    late = (EngineStopped(1, "killed", -9), EngineReady(1, "old", ""), EngineStarting(1, "old"))
    for event in late:
        assert last_step(event, state=state) == (state, frozenset())


def test_a_new_engine_starts_with_a_clean_record() -> None:
    state = after(
        EngineStarting(1, "x"),
        LineSkipped("no JSON", "x"),
        EngineStopped(1, "boom", 1),
        EngineStarting(2, "y"),
    )
    assert (state.engine.phase, state.engine.reason, state.engine.skipped_lines) == ("starting", "", 0)


def test_skipped_lines_are_counted_and_said_once() -> None:
    state = after(LineSkipped("no JSON", "{oops"), LineSkipped("no JSON", "{again", 4))
    assert state.engine.skipped_lines == 5
    assert [one.detail for one in state.notices] == ["no JSON\n{oops"]


def test_the_account_is_unknown_until_the_engine_says_it() -> None:
    assert not State().account.known
    state = after(AccountKnown(None, True))
    assert (state.account.known, state.account.account, state.account.requires_openai_auth) == (
        True,
        None,
        True,
    )
    state, change = last_step(say("account/updated", authMode="apikey", planType=None), state=state)
    assert state.account.account == {"type": "apiKey", "planType": None}
    assert state.account.requires_openai_auth
    assert change == {Touch("engine")}
    assert after(say("account/updated", authMode=None), state=state).account.account is None
