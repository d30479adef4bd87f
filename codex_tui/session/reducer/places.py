"""Where things stand in the state, and how one of them is put back: thread, turn, item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from codex_tui.session.state import NOTHING, Change, State, Touch
from codex_tui.session.transcript import Item, Thread, Turn

Step = tuple[State, Change]

RUNNING = "inProgress"
UNUSED = "unused"


def unchanged(state: State) -> Step:
    return state, NOTHING


def thread_of(state: State, thread_id: str) -> Thread:
    """The thread with that id, or a new one: sub-agents' threads are never announced."""
    return state.threads.get(thread_id) or Thread(thread_id)


def turn_of(thread: Thread, turn_id: str) -> Turn | None:
    at = thread.turns.find(turn_id)
    return None if at is None else thread.turns[at]


def item_of(turn: Turn, item_id: str) -> Item | None:
    at = turn.items.find(item_id)
    return None if at is None else turn.items[at]


def is_running(turn: Turn) -> bool:
    return turn.status == RUNNING


def with_item(turn: Turn, item: Item) -> Turn:
    """`turn` with `item` in its place, or at its end; `running` kept right."""
    at = turn.items.find(item.id)
    items = turn.items.append(item) if at is None else turn.items.put(at, item)
    running = turn.running
    if (item.phase == "running") != (item.id in running):
        running = (*running, item.id) if item.phase == "running" else _without(running, item.id)
    return replace(turn, items=items, running=running)


def _without(ids: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one != gone)


def with_turn(thread: Thread, turn: Turn) -> Thread:
    """`thread` with `turn` in its place, or at its end."""
    at = thread.turns.find(turn.id)
    turns = thread.turns.append(turn) if at is None else thread.turns.put(at, turn)
    return replace(thread, turns=turns)


def put_thread(state: State, thread: Thread, touches: Iterable[Touch] = ()) -> Step:
    """The state with `thread` in it. Without `touches` the thread itself is what changed."""
    new = thread.id not in state.threads
    if not new and state.threads[thread.id] == thread:
        return unchanged(state)
    change = frozenset(touches) or frozenset({Touch("thread", thread.id)})
    if new:
        change |= {Touch("threads", thread.id)}
    threads = MappingProxyType({**state.threads, thread.id: thread})
    return replace(state, threads=threads), change


def store(state: State, thread: Thread, turn: Turn, *touches: Touch) -> Step:
    """The state with `turn` in `thread`: `touches`, and the turn itself if they don't tell all."""
    change, old = set(touches), turn_of(thread, turn.id)
    if not change or old is None or old.status != turn.status:
        change.add(Touch("turn", thread.id, turn.id))
    return _store_thread(state, with_turn(thread, turn), change)


def _store_thread(state: State, thread: Thread, change: set[Touch]) -> Step:
    if thread.id not in state.threads:
        change.add(Touch("threads", thread.id))
    threads = MappingProxyType({**state.threads, thread.id: thread})
    return replace(state, threads=threads), frozenset(change)


def store_item(state: State, thread: Thread, turn: Turn, item: Item) -> Step:
    return store(state, thread, with_item(turn, item), touch(thread, turn, item))


def touch(thread: Thread, turn: Turn, item: Item) -> Touch:
    return Touch("item", thread.id, turn.id, item.id)


def close_items(turn: Turn, item_ids: Iterable[str]) -> Turn:
    """`turn` with those running items dropped: what had arrived of them stays."""
    for item_id in item_ids:
        item = item_of(turn, item_id)
        if item is not None and item.phase == "running":
            turn = with_item(turn, replace(item, phase="dropped", revision=item.revision + 1))
    return turn
