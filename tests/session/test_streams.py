"""Texts that stream: where each piece goes, what a burst costs, what is kept of a flood."""

from __future__ import annotations

import pytest

from codex_tui.protocol.events import Event, Notified
from codex_tui.session.reducer import coalesce, reduce_all
from codex_tui.session.reducer.outputs import OUTPUT_SLACK, bounded
from codex_tui.session.reducer.streams import PARTS_KEPT
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import OUTPUT_HEAD, OUTPUT_TAIL, TEXT_KEPT
from tests.session.said import (
    THREAD,
    after,
    body,
    command,
    completed,
    delta,
    known,
    last_step,
    message,
    output,
    say,
    started,
    the_item,
    turn_completed,
    turn_started,
)


def summary(text: str, index: int = 0) -> Event:
    return say("item/reasoning/summaryTextDelta", turnId="t1", itemId="r", delta=text, summaryIndex=index)


def thought(text: str, index: int = 0) -> Event:
    return say("item/reasoning/textDelta", turnId="t1", itemId="r", delta=text, contentIndex=index)


def test_reasoning_streams_in_parts() -> None:
    part = say("item/reasoning/summaryPartAdded", turnId="t1", itemId="r", summaryIndex=1)
    state = after(turn_started(), summary("a"), summary("b"), part, summary("c", 1), thought("raw"))
    assert body(the_item(state, "r")).summary == ("ab", "c")
    assert body(the_item(state, "r")).content == ("raw",)
    assert last_step(part, state=state) == (state, frozenset())


def test_a_wild_part_number_makes_no_wild_list() -> None:
    state = after(turn_started(), summary("a", 10**9), summary("b", -5))
    parts = body(the_item(state, "r")).summary
    assert len(parts) == PARTS_KEPT
    assert parts[0] == "b"
    assert parts[-1] == "a"


def test_a_plan_and_a_message_stream_beside_each_other() -> None:
    state = after(
        turn_started(),
        delta("p", "# Pl", kind="plan/delta"),
        delta("m", "I "),
        delta("p", "an", kind="plan/delta"),
        delta("m", "plan"),
    )
    assert body(the_item(state, "p")).text == "# Plan"
    assert body(the_item(state, "m")).text == "I plan"
    assert the_item(state, "p").phase == "running"


def test_a_delta_for_an_item_of_another_kind_changes_nothing() -> None:
    state = after(turn_started(), started(command("c")))
    assert last_step(delta("c", "text"), state=state) == (state, frozenset())


def test_each_change_raises_the_revision_by_one() -> None:
    events = [started(message("m")), delta("m", "a"), delta("m", "b"), completed(message("m", "ab"))]
    state = after(turn_started())
    for revision, event in enumerate(events):
        state = after(event, state=state)
        assert the_item(state, "m").revision == revision


def test_a_thousand_deltas_are_one_change() -> None:
    burst = [delta("m", f"{number} ") for number in range(1000)]
    state, change = reduce_all(after(turn_started(), started(message("m"))), burst)
    assert body(the_item(state, "m")).text == "".join(f"{number} " for number in range(1000))
    assert the_item(state, "m").revision == 1
    assert change == {Touch("item", THREAD, "t1", "m")}


def test_only_neighbouring_pieces_of_the_same_text_are_joined() -> None:
    events = [
        delta("m", "a"),
        delta("m", "b"),
        delta("n", "c"),
        delta("m", "d"),
        delta("m", "e", turn="t2"),
        delta("m", "f", turn="t2"),
        delta("m", "g", turn="t2", kind="plan/delta"),
        summary("h"),
        summary("i"),
        summary("j", 1),
        thought("k"),
        thought("l", 1),
        turn_completed(),
        thought("m", 1),
    ]
    joined = [event.params for event in coalesce(events) if isinstance(event, Notified)]
    assert [getattr(one, "delta", "|") for one in joined] == [
        "ab",
        "c",
        "d",
        "ef",
        "g",
        "hi",
        "j",
        "k",
        "l",
        "|",
        "m",
    ]


def test_coalescing_leaves_the_events_it_was_given_alone() -> None:
    first, second = known("item/agentMessage/delta", turnId="t", itemId="m", delta="a"), delta("m", "b", "t")
    assert len(list(coalesce([first, second]))) == 1
    assert getattr(first.params, "delta", None) == "a"


def test_all_changes_of_a_batch_are_in_its_change() -> None:
    _, change = reduce_all(State(), [turn_started(), delta("m", "a"), delta("n", "b")])
    assert change == {
        Touch("threads", THREAD),
        Touch("turn", THREAD, "t1"),
        Touch("item", THREAD, "t1", "m"),
        Touch("item", THREAD, "t1", "n"),
    }


@pytest.mark.parametrize("piece", [1000, 300_000, 5_000_000])
def test_a_flood_of_output_keeps_its_head_and_its_tail(piece: int) -> None:
    whole = "".join(f"{number:9}\n" for number in range(200_000))
    state = after(turn_started(), started(command("c")))
    for start in range(0, len(whole), piece):
        state = after(output("c", whole[start : start + piece]), state=state)
    shown, cut = body(the_item(state, "c")).aggregated_output, the_item(state, "c").output_cut
    assert cut > 0
    assert cut + len(shown) == len(whole)
    assert len(shown) <= OUTPUT_HEAD + OUTPUT_TAIL + OUTPUT_SLACK
    assert shown[:OUTPUT_HEAD] == whole[:OUTPUT_HEAD]
    assert shown[OUTPUT_HEAD:] == whole[OUTPUT_HEAD + cut :]


def test_a_finished_command_has_nothing_cut_out() -> None:
    state = after(turn_started(), started(command("c")), output("c", "x" * 3_000_000))
    assert the_item(state, "c").output_cut > 0
    state = after(completed(command("c", "the engine's own cut", "completed")), state=state)
    assert the_item(state, "c").output_cut == 0


def test_a_final_output_beyond_all_bounds_loses_its_middle_too() -> None:
    for before in ([started(command("c"))], []):
        whole = completed(command("c", "h" * OUTPUT_HEAD + "x" * 20_000_000 + "end", "completed"))
        item = the_item(after(turn_started(), *before, whole), "c")
        assert len(body(item).aggregated_output) == OUTPUT_HEAD + OUTPUT_TAIL
        assert body(item).aggregated_output.endswith("xend")
        assert item.output_cut == 20_000_003 - OUTPUT_TAIL


def test_output_within_its_bounds_is_whole() -> None:
    text = "x" * (OUTPUT_HEAD + OUTPUT_TAIL)
    assert bounded(text) == (text, 0)


def test_a_message_beyond_all_reason_stops_growing() -> None:
    state = after(turn_started(), delta("m", "x" * (TEXT_KEPT - 1)), delta("m", "abc"))
    assert len(body(the_item(state, "m")).text) == TEXT_KEPT
    assert body(the_item(state, "m")).text.endswith("xa")
    assert the_item(state, "m").output_cut == 2
