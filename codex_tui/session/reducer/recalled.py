"""Plans that the engine's history leaves out and the thread's file has: put where they stood."""

from __future__ import annotations

from dataclasses import replace

from codex_tui.protocol.events import PlansRecalled, RecalledPlan
from codex_tui.session.reducer.notices import new_id
from codex_tui.session.reducer.places import Step, put_thread, unchanged
from codex_tui.session.series import Series
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import Checklist, Item, PlanStep, Thread, Turn


def plans(state: State, event: PlansRecalled) -> Step:
    """Into the turns that are known and have no plan of their own: those were heard."""
    thread = state.threads.get(event.thread_id)
    if thread is None:
        return unchanged(state)
    heard = {turn.id for turn in thread.turns if any(isinstance(item.body, Checklist) for item in turn.items)}
    touched: set[str] = set()
    for plan in event.plans:
        at = _turn_at(thread, plan)
        if at is not None and thread.turns[at].id not in heard:
            turn = _with_plan(thread.turns[at], plan)
            thread = replace(thread, turns=thread.turns.put(at, turn))
            touched.add(turn.id)
    if not touched:
        return unchanged(state)
    return put_thread(state, thread, [Touch("turn", thread.id, turn_id) for turn_id in touched])


def _turn_at(thread: Thread, plan: RecalledPlan) -> int | None:
    """The place of the plan's turn; by the prompts after it where the file says no more."""
    if plan.turn_id and (at := thread.turns.find(plan.turn_id)) is not None:
        return at
    if plan.before:
        return None
    told = [at for at, turn in enumerate(thread.turns) if not turn.is_notes]
    return told[-1 - plan.back] if plan.back < len(told) else None


def _with_plan(turn: Turn, plan: RecalledPlan) -> Turn:
    """`turn` with the plan before the item that came after it, else before its last words."""
    steps = tuple(PlanStep(step, status) for step, status in plan.steps)
    item = Item(new_id(turn, "plan"), turn.id, Checklist(steps, plan.explanation), "done")
    items = list(turn.items)
    at = turn.items.find(plan.before) if plan.before else None
    if at is None:
        at = len(items) - 1 if items and items[-1].body.type == "agentMessage" else len(items)
    return replace(turn, items=Series([*items[:at], item, *items[at:]]))
