"""Rules that hold after any events in any order: lost, repeated, shuffled, of several threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codex_tui.protocol.events import (
    Answered,
    EngineReady,
    EngineStarting,
    EngineStopped,
    Event,
    LineSkipped,
    PromptFailed,
    PromptSent,
    Remarked,
    ThreadOpened,
    UnknownNotified,
)
from codex_tui.session.reducer import reduce_all
from codex_tui.session.reducer.dispatch import take
from codex_tui.session.state import Change, State, Touch
from codex_tui.session.transcript import Item, Turn
from tests.replay import broken_rules, texts
from tests.session.said import (
    asked,
    command,
    completed,
    delta,
    failure,
    item,
    message,
    opened,
    output,
    patch,
    say,
    started,
    status,
    turn_completed,
    turn_started,
    wire_turn,
)

THREADS = st.sampled_from(["th", "child"])
TURNS = st.sampled_from(["t1", "t2", "t3"])
NAMES = st.sampled_from(["a", "b", "c"])
TEXTS = st.sampled_from(["", "x", "yy\n"])
WORDS = st.sampled_from(["completed", "interrupted", "failed", "inProgress", "odd"])


def prompt(name: str) -> dict[str, Any]:
    return item("userMessage", f"u{name}", content=[{"type": "text", "text": name}], clientId=name)


@st.composite
def any_body(draw: st.DrawFn) -> dict[str, Any]:
    name, text = draw(NAMES), draw(TEXTS)
    bodies: list[dict[str, Any]] = [
        message(name, text),
        command(name, draw(st.none() | TEXTS)),
        patch(name),
        prompt(name),
        item("reasoning", name),
        item("hologram", name),
        item("subAgentActivity", name, agentThreadId="child"),
    ]
    return draw(st.sampled_from(bodies))


@st.composite
def any_opening(draw: st.DrawFn) -> ThreadOpened:
    turns = [
        wire_turn(draw(TURNS), draw(any_body()), status=draw(WORDS)) for _ in range(draw(st.integers(0, 3)))
    ]
    return opened(draw(st.sampled_from(["started", "resumed", "forked"])), *turns, idle=draw(st.booleans()))


@st.composite
def any_event(draw: st.DrawFn) -> Event:
    turn, thread, name, text, word = draw(TURNS), draw(THREADS), draw(NAMES), draw(TEXTS), draw(WORDS)
    number, generation, yes = draw(st.sampled_from([0, 1, "0"])), draw(st.integers(1, 2)), draw(st.booleans())
    steps = [{"step": "s", "status": word}]
    makers: list[Callable[[], Event]] = [
        lambda: turn_started(turn, thread),
        lambda: turn_completed(turn, word, threadId=thread),
        lambda: turn_completed(turn, "failed", error="broken"),
        lambda: started(draw(any_body()), turn, threadId=thread),
        lambda: completed(draw(any_body()), turn, threadId=thread),
        lambda: delta(name, text, turn),
        lambda: delta(name, text, turn, "plan/delta"),
        lambda: output(name, text, turn),
        lambda: failure("broken", turn, retry=yes),
        lambda: status("active" if yes else "idle"),
        lambda: asked(number, name, turn, generation),
        lambda: Answered(generation, number, "accept"),
        lambda: say("serverRequest/resolved", requestId=number),
        lambda: say("turn/diff/updated", turnId=turn, diff=text),
        lambda: say("turn/plan/updated", turnId=turn, plan=steps),
        lambda: PromptSent("th", name, "hi", draw(st.sampled_from(["turn", "steer", "queue"])), 1),
        lambda: PromptFailed("th", name, "no"),
        lambda: say("warning", message=text),
        lambda: draw(any_opening()),
        lambda: EngineStarting(generation, "codex"),
        lambda: EngineReady(generation, "v", ""),
        lambda: EngineStopped(generation, "gone", None),
        lambda: LineSkipped("why", text),
        lambda: Remarked("info", text),
        lambda: UnknownNotified("new/thing", {"x": 1}),
        lambda: say(draw(st.sampled_from(["thread/deleted", "thread/closed", "thread/reverted"]))),
    ]
    return draw(st.sampled_from(makers))()


@st.composite
def muddled(draw: st.DrawFn) -> list[Event]:
    """A plausible session, with events lost, repeated and swapped."""
    events: list[Event] = [opened()]
    for turn in ("t1", "t2"):
        events += [status("active"), turn_started(turn), completed(prompt(turn), turn)]
        for name in draw(st.lists(NAMES, max_size=3, unique=True)):
            events += [
                started(message(name), turn),
                *(delta(name, f"{number} ", turn) for number in range(3)),
            ]
            events += [completed(message(name, "0 1 2 "), turn)]
            shell = f"{name}-command"
            events += [started(command(shell), turn), asked(0, shell, turn), Answered(1, 0, "accept")]
            events += [output(shell, "out", turn), completed(command(shell, "all out", "completed"), turn)]
        events += [status("idle"), turn_completed(turn)]
    kept = draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events)))
    events = [event for event, keep in zip(events, kept, strict=True) if keep or draw(st.integers(0, 3))]
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, max(0, len(events) - 1)))
        other = draw(st.integers(0, max(0, len(events) - 1)))
        if events and draw(st.booleans()):
            events.insert(at, events[other])
        elif events:
            events[at], events[other] = events[other], events[at]
    return events


# Speed is not the matter here, and the machine may be busy.
ORDERS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SEQUENCES = muddled() | st.lists(any_event(), max_size=40)


def items(state: State) -> Iterator[tuple[Touch, Item]]:
    for thread in state.threads.values():
        for turn in thread.turns:
            for one in turn.items:
                yield Touch("item", thread.id, turn.id, one.id), one


def turns(state: State) -> Iterator[tuple[Touch, Turn]]:
    for thread in state.threads.values():
        for turn in thread.turns:
            yield Touch("turn", thread.id, turn.id), turn


def redrawn(change: Change) -> bool:
    return any(touch.kind == "threads" for touch in change)


@ORDERS
@given(SEQUENCES)
def test_the_rules_of_a_state_hold_after_any_events(events: list[Event]) -> None:
    state = State()
    for event in events:
        before = state
        state, _ = take(before, event)
        assert list(broken_rules(state)) == []
        keys = [question.key for question in state.inbox.questions]
        assert len(keys) == len(set(keys))
        for thread in state.threads.values():
            clients = [one.client_id for one in thread.pending]
            assert len(clients) == len(set(clients))


@ORDERS
@given(SEQUENCES)
def test_nothing_changes_without_being_said_and_nothing_is_lost(events: list[Event]) -> None:
    state = State()
    for event in events:
        before = state
        state, change = take(before, event)
        if not isinstance(event, ThreadOpened):  # opening is a change of what is on screen by itself
            assert (state == before) == (not change)
        was, now = dict(items(before)), dict(items(state))
        assert was.keys() <= now.keys()
        for touch, one in now.items():
            old = was.get(touch)
            if one != old:
                assert touch in change or redrawn(change)
            if old is not None:
                assert (one.revision > old.revision) == (one != old)
                assert one.revision >= old.revision
        bare = {touch: replace(turn, items=Turn("").items, running=()) for touch, turn in turns(before)}
        for touch, turn in turns(state):
            if replace(turn, items=Turn("").items, running=()) != bare.get(touch):
                assert touch in change or redrawn(change)
        if before.inbox != state.inbox:
            assert Touch("inbox") in change


@ORDERS
@given(SEQUENCES)
def test_the_end_of_a_turn_takes_its_questions(events: list[Event]) -> None:
    state = State()
    for event in events:
        running = {(t.thread_id, t.turn_id) for t, turn in turns(state) if turn.status == "inProgress"}
        state, _ = take(state, event)
        if isinstance(event, ThreadOpened):
            continue
        left = {
            (t.thread_id, t.turn_id) for t, turn in turns(state) if turn.status in ("completed", "failed")
        }
        ended = running & left
        assert not [q for q in state.inbox.questions if (q.thread_id, q.turn_id) in ended]


@ORDERS
@given(SEQUENCES)
def test_prompts_wait_from_their_sending_to_one_end(events: list[Event]) -> None:
    state = State()
    for event in events:
        before = {one.client_id for thread in state.threads.values() for one in thread.pending}
        state, _ = take(state, event)
        came = {one.client_id for thread in state.threads.values() for one in thread.pending} - before
        assert not came or isinstance(event, PromptSent)


@ORDERS
@given(SEQUENCES, st.integers(1, 40))
def test_a_batch_comes_to_the_same_as_its_events_one_by_one(events: list[Event], size: int) -> None:
    single = batched = State()
    for event in events:
        single, _ = take(single, event)
    for start in range(0, len(events), size):
        batched, _ = reduce_all(batched, events[start : start + size])

    def told(state: State) -> dict[Touch, object]:
        return {touch: (one.phase, one.outcome, one.body.type, texts(one)) for touch, one in items(state)}

    assert told(single) == told(batched)
    assert {touch: turn.status for touch, turn in turns(single)} == {
        touch: turn.status for touch, turn in turns(batched)
    }
    assert single.inbox == batched.inbox
    assert single.notices == batched.notices
