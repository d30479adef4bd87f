"""Plans read off a thread's file, and put into the turns they belong to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codex_tui.history import plans
from codex_tui.history.plans import plans_in
from codex_tui.protocol.events import PlansRecalled, RecalledPlan
from codex_tui.session.transcript import Checklist, PlanStep
from tests.session.said import THREAD, after, message, opened, say, turn_started, wire_turn

Json = dict[str, Any]


def call(*steps: str, name: str = "update_plan", **more: Any) -> Json:
    plan = [{"step": step, "status": "in_progress"} for step in steps]
    return {"type": "function_call", "name": name, "arguments": json.dumps({"plan": plan, **more})}


def done(item_id: str) -> Json:
    return {"type": "item_completed", "item": {"id": item_id}}


def began(turn_id: str) -> Json:
    return {"type": "task_started", "turn_id": turn_id}


PROMPT: Json = {"type": "user_message", "message": "hi"}


def written(folder: Path, *payloads: Json | str) -> Path:
    path = folder / "rollout.jsonl"
    lines = [one if isinstance(one, str) else json.dumps({"payload": one}) for one in payloads]
    path.write_text("\n".join(lines))
    return path


def recalled(folder: Path, *payloads: Json | str) -> list[tuple[list[str], str, int, str]]:
    found = plans_in(written(folder, *payloads))
    return [([step for step, _ in plan.steps], plan.turn_id, plan.back, plan.before) for plan in found]


def test_a_plan_knows_its_turn_and_what_followed(tmp_path: Path) -> None:
    told = recalled(
        tmp_path, began("t1"), done("u"), call("a"), done("c"), began("t2"), call("b"), done("m"), done("n")
    )
    assert told == [(["a"], "t1", 0, "c"), (["b"], "t2", 0, "m")]


def test_a_plan_takes_the_place_of_the_one_just_before_it(tmp_path: Path) -> None:
    told = recalled(tmp_path, began("t"), call("a"), call("a", "b"), done("c"), call("z"))
    assert told == [(["a", "b"], "t", 0, "c"), (["z"], "t", 0, "")]


def test_where_turns_have_no_names_prompts_are_counted(tmp_path: Path) -> None:
    assert recalled(tmp_path, PROMPT, call("a"), PROMPT, PROMPT, call("b")) == [
        (["a"], "", 2, ""),
        (["b"], "", 0, ""),
    ]


def test_plans_of_turns_that_were_taken_back_are_gone(tmp_path: Path) -> None:
    back = {"type": "thread_rolled_back", "num_turns": 2}
    told = recalled(tmp_path, PROMPT, call("a"), PROMPT, call("b"), PROMPT, back, PROMPT, call("c"))
    assert told == [(["a"], "", 1, ""), (["c"], "", 0, "")]


@pytest.mark.parametrize(
    "odd",
    [
        call("x", name="other"),
        {"type": "function_call", "name": "update_plan", "arguments": "{half"},
        {"type": "function_call", "name": "update_plan", "arguments": None},
        {"type": "function_call", "name": "update_plan", "arguments": '{"plan": {"update_plan": 1}}'},
        {"type": "function_call", "name": "update_plan", "arguments": '{"plan": []}'},
        '{"payload": "update_plan"}',
        '["update_plan"]',
        '{"payload": {"type": "function_call", "name": "update_plan"',
        "[" * 100_000 + '"update_plan"',
    ],
)
def test_odd_lines_are_passed_over(odd: Json | str, tmp_path: Path) -> None:
    assert recalled(tmp_path, began("t"), odd, call("a")) == [(["a"], "t", 0, "")]


def test_only_the_end_of_a_large_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "TAIL", 1000)
    told = recalled(tmp_path, call("old"), *[done("x" * 100)] * 20, began("t"), call("new"))
    assert told == [(["new"], "t", 0, "")]


def test_a_plan_stands_where_it_stood_and_in_no_turn_that_was_heard() -> None:
    steps = (("look", "completed"),)
    told = opened(
        "resumed",
        wire_turn("t1", message("a", "one"), message("b", "two")),
        wire_turn("t2", message("c", "three"), message("d", "four")),
    )
    state = after(
        told,
        PlansRecalled(
            THREAD,
            (
                RecalledPlan(steps, "", "gone", 0, "x"),
                RecalledPlan(steps, "", "", 1, ""),
                RecalledPlan(steps, "so", "t2", 0, "c"),
            ),
        ),
    )
    turns = [[item.body.type for item in turn.items] for turn in state.threads[THREAD].turns]
    assert turns == [
        ["agentMessage", "checklist", "agentMessage"],
        ["checklist", "agentMessage", "agentMessage"],
    ]
    assert state.threads[THREAD].turns[1].items[0].body == Checklist((PlanStep("look", "completed"),), "so")
    again = PlansRecalled(THREAD, (RecalledPlan((("other", "pending"),), "", "t2", 0, "d"),))
    assert after(again, state=state) == state


def test_plans_of_a_thread_nobody_opened_change_nothing() -> None:
    plan = {"step": "look", "status": "pending"}
    state = after(turn_started(), say("turn/plan/updated", turnId="u1", threadId=THREAD, plan=[plan]))
    other = PlansRecalled("other", (RecalledPlan((("x", "pending"),), "", "", 0, ""),))
    assert after(other, state=state) == state
