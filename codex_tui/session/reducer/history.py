"""A thread as it is opened: the engine's history and what is on screen already become one transcript.

The engine's history lacks what never finished and shortens long outputs; the screen lacks what
this client did not hear. So finished items stay as they are on screen, the history fills in the
rest, and nothing is taken away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from codex_tui.protocol.events import OlderSought, OlderTurns, ThreadOpened
from codex_tui.protocol.items import AgentMessage, CommandExecution, PlanItem, Reasoning, UserMessage
from codex_tui.protocol.items import Item as WireItem
from codex_tui.protocol.threads import OpenedThread, ThreadResumeResult
from codex_tui.protocol.turns import Turn as WireTurn
from codex_tui.session.reducer.notices import new_id, note_outside
from codex_tui.session.reducer.outputs import with_bounded_output
from codex_tui.session.reducer.places import (
    RUNNING,
    Step,
    is_running,
    put_thread,
    thread_of,
    unchanged,
    with_item,
)
from codex_tui.session.reducer.threads import lose_prompts, with_opening
from codex_tui.session.reducer.turns import error_notice, milliseconds
from codex_tui.session.series import Named, Series
from codex_tui.session.state import State, Touch
from codex_tui.session.transcript import Above, Item, Notice, Thread, Turn

N = TypeVar("N", bound=Named)


def loaded(state: State, event: ThreadOpened | OlderTurns | OlderSought) -> Step:
    """A thread was opened, or what stands further up in one was asked for, or came."""
    match event:
        case ThreadOpened():
            return opened(state, event)
        case OlderTurns():
            return older(state, event)
        case OlderSought():
            return sought(state, event)


def opened(state: State, event: ThreadOpened) -> Step:
    """The thread becomes the active one, with its history."""
    result = event.result
    if not isinstance(result, OpenedThread):
        title = f"A thread was {event.how}, but the engine's answer is no thread"
        return note_outside(state, Notice("warning", title, "", "client"))
    history = [turn_from(told) for told in event.turns or result.thread.turns if isinstance(told, WireTurn)]
    before = thread_of(state, result.thread.id)
    thread = with_opening(before, result)
    if event.how == "resumed":
        thread = _met(thread, result, history)
    screen: Iterable[Turn] = thread.turns
    idle = thread.status != "active"
    if event.how == "resumed" and idle:
        screen = [_ended(turn) for turn in screen]
    thread = replace(thread, turns=Series(_merged(screen, history, _merge_turns)))
    echoed = _echoed(history)
    thread = replace(thread, pending=tuple(one for one in thread.pending if one.client_id not in echoed))
    if event.how == "resumed" and idle:
        thread = lose_prompts(thread, "turn", "steer")
    threads = MappingProxyType({**state.threads, thread.id: thread})
    state = replace(state, threads=threads, active_id=thread.id)
    return state, frozenset({Touch("threads", thread.id), Touch("thread", thread.id)})


def _met(thread: Thread, result: OpenedThread, history: Sequence[Turn]) -> Thread:
    """`thread` with what stands above it, now that its newest turns came (`thread/resume`).

    What was known stays if the new turns join it. Else so much was said elsewhere that there is a gap:
    then it goes, and comes again as one scrolls up.
    """
    page = result.initial_turns_page if isinstance(result, ThreadResumeResult) else None
    if page is None or page.next_cursor is None:
        return replace(thread, above=None)
    ids = {told.id for told in history}
    known = [turn.id for turn in thread.turns if not turn.is_notes]
    if known and known[0] not in ids:
        if not ids.isdisjoint(known):
            return replace(thread, above=Above(thread.above.cursor) if thread.above is not None else None)
        thread = replace(thread, turns=Series(turn for turn in thread.turns if turn.is_notes))
    return replace(thread, above=Above(page.next_cursor))


def older(state: State, event: OlderTurns) -> Step:
    """What came before: those turns stand above all others, unless they are there already."""
    thread = state.threads.get(event.thread_id)
    if thread is None:
        return unchanged(state)
    new = [
        turn_from(told)
        for told in event.turns
        if isinstance(told, WireTurn) and thread.turns.find(told.id) is None
    ]
    above = None
    if event.cursor is not None:
        above = Above(event.cursor, "coming" if event.coming else "there")
    thread = replace(thread, turns=Series((*new, *thread.turns)), above=above)
    touches = [Touch("turn", thread.id, turn.id) for turn in new]
    return put_thread(state, thread, [*touches, Touch("thread", thread.id)])


def sought(state: State, event: OlderSought) -> Step:
    """Older turns are on their way, or were not to be had."""
    thread = state.threads.get(event.thread_id)
    if thread is None or thread.above is None:
        return unchanged(state)
    cursor = "" if event.lost else thread.above.cursor
    above = Above(cursor, "failed" if event.why else "coming", event.why)
    return put_thread(state, replace(thread, above=above))


def turn_from(told: WireTurn) -> Turn:
    """A turn of the history, as if it had been heard."""
    turn = Turn(
        told.id,
        told.status,
        error=told.error.message if told.error else "",
        started_ms=milliseconds(told.started_at),
        completed_ms=milliseconds(told.completed_at),
        duration_ms=told.duration_ms,
    )
    for body in told.items:
        turn = with_item(turn, _item_from(turn, body))
    if told.error is not None and told.error.message:
        turn = with_item(turn, Item(new_id(turn, "note"), turn.id, error_notice(told.error), "done"))
    return turn


def _item_from(turn: Turn, body: WireItem) -> Item:
    kept, cut = with_bounded_output(body)
    started, ended = body.started_at_ms, body.completed_at_ms
    item = Item(body.id, turn.id, kept, "done", started_ms=started, completed_ms=ended, output_cut=cut)
    unfinished = getattr(body, "status", "") == RUNNING
    if is_running(turn) and body.completed_at_ms is None and body.started_at_ms is not None:
        unfinished = True
    if not unfinished:
        return item
    return replace(item, phase="running" if is_running(turn) else "dropped")


def _ended(turn: Turn) -> Turn:
    """`turn`, interrupted if it still ran: the thread does nothing now, and its end was not heard."""
    if not is_running(turn):
        return turn
    items = [
        replace(i, phase="dropped", revision=i.revision + 1) if i.phase == "running" else i
        for i in turn.items
    ]
    return replace(turn, status="interrupted", items=Series(items), running=())


def _merged(screen: Iterable[N], history: Iterable[N], merge: Callable[[N, N], N]) -> Iterator[N]:
    """Both in the history's order; what only the screen has keeps its place before its successor."""
    told_by_id = {told.id: told for told in history}
    screen_by_id = {known.id: known for known in screen}
    waiting = deque(screen_by_id.values())
    passed: set[str] = set()
    for told in told_by_id.values():
        known = screen_by_id.get(told.id)
        if known is None:
            yield told
            continue
        while told.id not in passed:
            earlier = waiting.popleft()
            passed.add(earlier.id)
            if earlier.id not in told_by_id:
                yield earlier
        yield merge(known, told)
    yield from (known for known in waiting if known.id not in told_by_id)


def _merge_turns(known: Turn, told: Turn) -> Turn:
    """One turn of both. Its status is the history's, unless the screen has heard of a proper end."""
    heard_end = not is_running(known) and not (known.status == "interrupted" and known.completed_ms is None)
    kept = known if heard_end and is_running(told) else told
    running = is_running(kept)

    def merge(one: Item, other: Item) -> Item:
        return _phased(_merge_items(one, other), running)

    items = [_phased(item, running) for item in _merged(known.items, _named(known, told), merge)]
    return replace(
        known,
        status=kept.status,
        error=kept.error or known.error,
        items=Series(items),
        running=tuple(item.id for item in items if item.phase == "running"),
        started_ms=known.started_ms if known.started_ms is not None else told.started_ms,
        completed_ms=kept.completed_ms if kept.completed_ms is not None else known.completed_ms,
        duration_ms=kept.duration_ms if kept.duration_ms is not None else known.duration_ms,
    )


def _named(known: Turn, told: Turn) -> list[Item]:
    """The items of `told` under the names they have on screen. Of threads that older engines wrote the
    history numbers the items; then they are known by what they say."""
    strange = {at: item for at, item in enumerate(told.items) if known.items.find(item.id) is None}
    items = list(told.items)
    for heard in known.items if strange else ():
        if told.items.find(heard.id) is None:
            at = next((at for at, item in strange.items() if _is_same(heard, item)), None)
            if at is not None:
                items[at] = replace(strange.pop(at), id=heard.id)
    return items


def _is_same(heard: Item, told: Item) -> bool:
    """Whether both say the same, as far as one has been heard."""
    match heard.body, told.body:
        case (AgentMessage(text=begun), AgentMessage(text=whole)) | (
            PlanItem(text=begun),
            PlanItem(text=whole),
        ):
            return begun == whole or (heard.phase != "done" and whole.startswith(begun))
        case UserMessage(content=one), UserMessage(content=other):
            return [part.text for part in one] == [part.text for part in other]
        case Reasoning(summary=one), Reasoning(summary=other):
            return one == other
        case _:
            return False


def _merge_items(known: Item, told: Item) -> Item:
    """The finished one; of two finished ones the screen's, whose output is not shortened; of two
    unfinished ones the one that got further."""
    if known.phase == "done" or (told.phase != "done" and _length(known) >= _length(told)):
        return known
    return replace(
        told,
        revision=known.revision + 1,
        outcome=known.outcome,
        note=known.note,
        started_ms=known.started_ms if known.started_ms is not None else told.started_ms,
    )


def _phased(item: Item, running: bool) -> Item:
    """`item` as it can be in a turn that runs, or does not."""
    if item.phase == "running" and not running:
        return replace(item, phase="dropped", revision=item.revision + 1)
    return item


def _length(item: Item) -> int:
    match item.body:
        case AgentMessage(text=text) | PlanItem(text=text):
            return len(text)
        case CommandExecution(aggregated_output=output):
            return len(output or "") + item.output_cut
        case _:
            return 0


def _echoed(history: Iterable[Turn]) -> set[str]:
    bodies = (item.body for turn in history for item in turn.items)
    return {body.client_id for body in bodies if isinstance(body, UserMessage) and body.client_id}
