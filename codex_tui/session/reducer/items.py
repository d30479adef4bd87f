"""Items as a whole: `item/started` and `item/completed`, and what is said about one on the side.

Started comes first and completed last, but either may be missing, completed may come long after
the turn's end, and a retried answer is a new item beside the old one, which never completes.
"""

from __future__ import annotations

from dataclasses import replace

from codex_tui.protocol.deltas import (
    ItemCompleted,
    ItemStarted,
    McpToolProgress,
    TerminalInteraction,
)
from codex_tui.protocol.items import (
    AgentMessage,
    CollabAgentToolCall,
    CommandExecution,
    FileChange,
    PlanItem,
    Reasoning,
    SubAgentActivity,
    UserMessage,
)
from codex_tui.protocol.items import Item as WireItem
from codex_tui.session.reducer.notices import note
from codex_tui.session.reducer.outputs import with_bounded_output
from codex_tui.session.reducer.places import (
    RUNNING,
    UNUSED,
    Step,
    close_items,
    is_running,
    item_of,
    put_thread,
    store,
    store_item,
    thread_of,
    touch,
    turn_of,
    unchanged,
    with_item,
)
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import Body, Item, Notice, Thread, Turn


def started(state: State, said: ItemStarted) -> Step:
    """`item/started`. For one already there (a patch that streamed before) it fills in the rest."""
    thread = thread_of(state, said.thread_id)
    turn = open_turn(thread, said.turn_id)
    body, old = said.item, item_of(turn, said.item.id)
    began = said.started_at_ms if said.started_at_ms is not None else body.started_at_ms
    if old is None:
        phase = "running" if is_running(turn) else "dropped"
        item = Item(body.id, turn.id, body, phase, started_ms=began)
    elif old.phase == "done":
        return unchanged(state)
    else:
        item = _changed(old, body=_with_streamed(old.body, body), started_ms=began)
        if item is old:
            return unchanged(state)
    orphans = _orphans(turn, body)
    turn = close_items(turn, orphans)
    touches = [Touch("item", thread.id, turn.id, orphan) for orphan in orphans]
    step = store(state, thread, with_item(turn, item), touch(thread, turn, item), *touches)
    return _beside(step, thread.id, body)


def completed(state: State, said: ItemCompleted) -> Step:
    """`item/completed`: the last word. What had streamed gives way to it, whatever the turn does now."""
    thread = thread_of(state, said.thread_id)
    turn = turn_of(thread, said.turn_id)
    if turn is None:
        # A command that outlived a turn nobody has loaded must not look like a turn at work.
        turn = Turn(said.turn_id, RUNNING if thread.status == "active" else "completed")
    body, old = said.item, item_of(turn, said.item.id)
    ended = said.completed_at_ms if said.completed_at_ms is not None else body.completed_at_ms
    kept, cut = _final(old, body)
    if old is None:
        started = body.started_at_ms
        item = Item(body.id, turn.id, kept, "done", started_ms=started, completed_ms=ended, output_cut=cut)
    else:
        item = _changed(old, body=kept, phase="done", completed_ms=ended, output_cut=cut)
        if item is old:
            return unchanged(state)
    return _beside(store_item(state, thread, turn, item), thread.id, body)


def open_turn(thread: Thread, turn_id: str) -> Turn:
    """The turn an item begins in. Items make their turn when it was announced under another id, and
    one that was taken for unused is open again."""
    turn = turn_of(thread, turn_id)
    if turn is None:
        return Turn(turn_id)
    if turn.status == UNUSED:
        return replace(turn, status=RUNNING)
    return turn


def progressed(state: State, said: McpToolProgress) -> Step:
    """`item/mcpToolCall/progress`."""
    return remark(state, said.thread_id, said.turn_id, said.item_id, note=said.message)


def typed(state: State, said: TerminalInteraction) -> Step:
    """`item/commandExecution/terminalInteraction`: shown when something was typed, not for a poll."""
    if not said.stdin:
        return unchanged(state)
    source = "item/commandExecution/terminalInteraction"
    notice = Notice("info", "Typed into the running command", said.stdin, source)
    return note(state, notice, said.thread_id, said.turn_id, again=True)


def remark(state: State, thread_id: str, turn_id: str, item_id: str, **members: object) -> Step:
    """The state with those members of an item changed; as it is when nobody knows that item."""
    thread = thread_of(state, thread_id)
    turn = turn_of(thread, turn_id)
    old = item_of(turn, item_id) if turn else None
    if turn is None or old is None:
        return unchanged(state)
    item = _changed(old, **members)
    return unchanged(state) if item is old else store_item(state, thread, turn, item)


def _changed(old: Item, **members: object) -> Item:
    """`old` with those members and the next revision; `old` itself when nothing differs."""
    if all(getattr(old, name) == value for name, value in members.items()):
        return old
    return replace(old, **members, revision=old.revision + 1)  # pyright: ignore[reportArgumentType]


def _with_streamed(old: Body, new: WireItem) -> WireItem:
    """What `item/started` says, and what had streamed before it where it says nothing."""
    match old, new:
        case (AgentMessage() | PlanItem(), AgentMessage() | PlanItem()) if not new.text:
            return new.model_copy(update={"text": old.text})
        case (Reasoning(), Reasoning()) if not new.summary and not new.content:
            return new.model_copy(update={"summary": old.summary, "content": old.content})
        case (CommandExecution(), CommandExecution()) if not new.aggregated_output:
            return new.model_copy(update={"aggregated_output": old.aggregated_output})
        case (FileChange(), FileChange()) if not new.changes:
            return new.model_copy(update={"changes": old.changes})
        case _:
            return new


def _final(old: Item | None, new: WireItem) -> tuple[WireItem, int]:
    """The body for good, and what is cut out of it. Only output the engine has no word on is kept."""
    streamed = old.body if old is not None else None
    if (
        old is not None
        and isinstance(new, CommandExecution)
        and new.aggregated_output is None
        and isinstance(streamed, CommandExecution)
        and streamed.aggregated_output
    ):
        return new.model_copy(update={"aggregated_output": streamed.aggregated_output}), old.output_cut
    return with_bounded_output(new)


def _orphans(turn: Turn, beginning: WireItem) -> tuple[str, ...]:
    """The running messages a new one replaces: the engine writes one at a time, and tells only by
    the new one that an attempt failed or that a review's raw answer was put into words."""
    if not isinstance(beginning, AgentMessage):
        return ()
    return tuple(
        item_id
        for item_id in turn.running
        if item_id != beginning.id
        and (item := item_of(turn, item_id)) is not None
        and isinstance(item.body, AgentMessage)
    )


def _beside(step: Step, thread_id: str, body: WireItem) -> Step:
    """What else an item says: a prompt has arrived, a thread has a parent."""
    state, change = step
    thread = state.threads[thread_id]
    if isinstance(body, UserMessage) and body.client_id is not None:
        left = tuple(one for one in thread.pending if one.client_id != body.client_id)
        if len(left) != len(thread.pending):
            state, more = put_thread(state, replace(thread, pending=left))
            change |= more
    elif isinstance(body, CollabAgentToolCall | SubAgentActivity):
        children = (body.agent_thread_id,) if isinstance(body, SubAgentActivity) else body.receiver_thread_ids
        for child_id in children:
            child = thread_of(state, child_id)
            if child_id and child_id != thread_id and child.parent_id is None:
                state, more = put_thread(state, replace(child, parent_id=thread_id))
                change |= more
    return state, change
