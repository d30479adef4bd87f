"""Everything that streams into an item, and how neighbouring pieces of it become one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from codex_tui.protocol.deltas import (
    AgentMessageDelta,
    CommandOutputDelta,
    ItemNotice,
    PatchUpdated,
    PlanDelta,
    ReasoningDelta,
    ReasoningPartAdded,
    ReasoningSummaryDelta,
    TextDelta,
)
from codex_tui.protocol.events import Event, Notified
from codex_tui.protocol.items import AgentMessage, CommandExecution, FileChange, PlanItem, Reasoning
from codex_tui.protocol.items import Item as WireItem
from codex_tui.session.reducer.items import open_turn
from codex_tui.session.reducer.outputs import bounded
from codex_tui.session.reducer.places import (
    Step,
    is_running,
    item_of,
    store_item,
    thread_of,
    unchanged,
)
from codex_tui.session.state import State
from codex_tui.session.transcript import TEXT_KEPT, Body, Item

PARTS_KEPT: Final = 1000
"""Parts of one reasoning: far above any model's; a wild index must not make a wild list."""

Streamed = tuple[WireItem, int]
"""An item's body with one piece more, and how many characters fell out of it."""


def agent_text(state: State, said: AgentMessageDelta) -> Step:
    """`item/agentMessage/delta`."""
    if not said.delta:
        return unchanged(state)
    return _grow(state, said, AgentMessage, "agentMessage")


def plan_text(state: State, said: PlanDelta) -> Step:
    """`item/plan/delta`."""
    if not said.delta:
        return unchanged(state)
    return _grow(state, said, PlanItem, "plan")


def reasoning(state: State, said: ReasoningSummaryDelta | ReasoningDelta | ReasoningPartAdded) -> Step:
    """`item/reasoning/summaryTextDelta`, `…/textDelta` and `…/summaryPartAdded`."""
    if isinstance(said, TextDelta) and not said.delta:
        return unchanged(state)
    return _grow(state, said, Reasoning, "reasoning")


def output(state: State, said: CommandOutputDelta) -> Step:
    """`item/commandExecution/outputDelta`: its head may be missing, completion brings all of it."""
    if not said.delta:
        return unchanged(state)
    return _grow(state, said, CommandExecution, "commandExecution")


def patch(state: State, said: PatchUpdated) -> Step:
    """`item/fileChange/patchUpdated`: the patch as far as it is written, before its `item/started`."""
    return _grow(state, said, FileChange, "fileChange")


def _grow(state: State, said: ItemNotice, model: type[WireItem], kind: str) -> Step:
    """One piece more of an item; one never announced begins with it, a finished one stays as it is."""
    thread = thread_of(state, said.thread_id)
    turn = open_turn(thread, said.turn_id)
    old = item_of(turn, said.item_id)
    if old is None:
        phase = "running" if is_running(turn) else "dropped"
        blank = model(type=kind, id=said.item_id)
        body, cut = _with_piece(blank, said) or (blank, 0)
        item = Item(said.item_id, turn.id, body, phase, output_cut=cut)
        return store_item(state, thread, turn, item)
    grown = _with_piece(old.body, said) if old.phase != "done" else None
    if grown is None:
        return unchanged(state)
    body, cut = grown
    item = replace(old, body=body, revision=old.revision + 1, output_cut=old.output_cut + cut)
    return store_item(state, thread, turn, item)


def _with_piece(body: Body, said: ItemNotice) -> Streamed | None:
    """None when the piece is no piece of such a body, or nothing new."""
    match body, said:
        case (AgentMessage(), AgentMessageDelta()) | (PlanItem(), PlanDelta()):
            kept = said.delta[: max(0, TEXT_KEPT - len(body.text))]
            return body.model_copy(update={"text": body.text + kept}), len(said.delta) - len(kept)
        case (Reasoning(), ReasoningSummaryDelta()):
            parts = _with_part(body.summary, said.summary_index, said.delta)
            return body.model_copy(update={"summary": parts}), 0
        case (Reasoning(), ReasoningPartAdded()):
            parts = _with_part(body.summary, said.summary_index, "")
            return None if parts == body.summary else (body.model_copy(update={"summary": parts}), 0)
        case (Reasoning(), ReasoningDelta()):
            parts = _with_part(body.content, said.content_index, said.delta)
            return body.model_copy(update={"content": parts}), 0
        case (CommandExecution(), CommandOutputDelta()):
            whole, cut = bounded((body.aggregated_output or "") + said.delta)
            return body.model_copy(update={"aggregated_output": whole}), cut
        case (FileChange(), PatchUpdated()):
            if said.changes == body.changes:
                return None
            return body.model_copy(update={"changes": said.changes}), 0
        case _:
            return None


def _with_part(parts: tuple[str, ...], index: int, text: str) -> tuple[str, ...]:
    index = min(max(index, 0), PARTS_KEPT - 1)
    filled = parts + ("",) * (index + 1 - len(parts))
    room = max(0, TEXT_KEPT - len(filled[index]))
    return (*filled[:index], filled[index] + text[:room], *filled[index + 1 :])


def coalesce(events: Iterable[Event]) -> Iterator[Event]:
    """The same events with neighbouring pieces of one text joined: a burst costs one append."""
    first: Notified | None = None
    pieces: list[TextDelta] = []
    for event in events:
        piece = event.params if isinstance(event, Notified) else None
        if isinstance(piece, TextDelta) and pieces and _continues(pieces[0], piece):
            pieces.append(piece)
            continue
        if first is not None:
            yield _joined(first, pieces)
            first, pieces = None, []
        if isinstance(event, Notified) and isinstance(piece, TextDelta):
            first, pieces = event, [piece]
        else:
            yield event
    if first is not None:
        yield _joined(first, pieces)


def _continues(one: TextDelta, other: TextDelta) -> bool:
    """Whether `other` is a later piece of the text `one` belongs to."""
    if type(other) is not type(one):
        return False
    if (one.item_id, one.turn_id, one.thread_id) != (other.item_id, other.turn_id, other.thread_id):
        return False
    if isinstance(one, ReasoningSummaryDelta) and isinstance(other, ReasoningSummaryDelta):
        return one.summary_index == other.summary_index
    if isinstance(one, ReasoningDelta) and isinstance(other, ReasoningDelta):
        return one.content_index == other.content_index
    return True


def _joined(first: Notified, pieces: list[TextDelta]) -> Notified:
    if len(pieces) == 1:
        return first
    text = "".join(piece.delta for piece in pieces)
    return first._replace(params=pieces[0].model_copy(update={"delta": text}))
