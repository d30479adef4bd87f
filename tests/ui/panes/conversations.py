"""Threads to show, and painters that are simple enough to know their lines by heart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from rich.segment import Segment
from textual.strip import Strip

from codex_tui.paint.lines import TextStrip
from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat.layout import Painters
from codex_tui.protocol.items import AgentMessage, CommandExecution, UserInput, UserMessage
from codex_tui.session.series import Series
from codex_tui.session.state import Change, Touch
from codex_tui.session.transcript import Above, Item, Pending, Thread, Turn

BLOCK = 4  # source lines a cell


@dataclass(frozen=True, slots=True)
class PlainCell:
    """Up to `BLOCK` source lines of an item."""

    item: Item
    part: int
    text: str
    chunk: None = None

    @property
    def key(self) -> tuple[str, str, int]:
        return (self.item.turn_id, self.item.id, self.part)

    @property
    def stamp(self) -> str:
        return self.text


class PlainPainters:
    """A source line is a row (cut hard); brief shows the first only. Guesses are wrong on purpose."""

    def __init__(self) -> None:
        self.painted = 0

    @property
    def typed(self) -> Painters:
        """Its cells are its own, otherwise they are painters like any."""
        return cast("Painters", self)

    def cells_of(self, item: Item, known: Sequence[Any]) -> Sequence[Any]:
        rows = text_of(item).split("\n")
        cells = [
            PlainCell(item, part, "\n".join(rows[at : at + BLOCK]))
            for part, at in enumerate(range(0, len(rows), BLOCK))
        ]
        return [
            known[at] if at < len(known) and known[at].text == cell.text else cell
            for at, cell in enumerate(cells)
        ]

    def paint_cell(self, cell: PlainCell, look: Look, fold: Fold) -> Sequence[Strip]:
        self.painted += 1
        rows = broken(cell.text, look.width)
        if fold == "brief":
            rows = rows[:1] if cell.part == 0 else []
        return [
            Strip([Segment(row)]) if joint is None else TextStrip([Segment(row)], (), joint)
            for row, joint in rows
        ]

    def guess_height(self, cell: PlainCell, look: Look, fold: Fold) -> int:
        return 2

    def gap_before(self, prev: PlainCell | None, cell: PlainCell) -> int:
        return int(prev is not None and prev.item.turn_id != cell.item.turn_id and cell.part == 0)

    def foldable(self, cell: PlainCell) -> bool:
        return cell.item.body.type == "commandExecution"

    def role_of(self, item: Item) -> None:
        return None

    def explored(self, members: Sequence[Item]) -> Item:
        raise NotImplementedError

    def plain_text(self, item: Item) -> str:
        return text_of(item)

    def search_text(self, item: Item) -> str:
        return text_of(item)

    def paint_pending(self, pending: Pending, look: Look) -> Sequence[Strip]:
        return [Strip([Segment(f"waits: {pending.text}"[: look.width])])]

    def paint_above(self, above: Above, look: Look) -> Sequence[Strip]:
        return [Strip([Segment(f"^^ {above.phase}"[: look.width])])]

    def paint_turn_end(self, turn: Turn, look: Look) -> Sequence[Strip]:
        return [Strip([Segment(f"-- {turn.id} {turn.status}"[: look.width])])]


def wrap(text: str, width: int) -> list[str]:
    return [row for row, _ in broken(text, width)]


def broken(text: str, width: int) -> list[tuple[str, str | None]]:
    """Rows, and what stood between each and the one above in its line."""
    return [
        (row[at : at + width], "" if at else None)
        for row in text.split("\n")
        for at in range(0, max(1, len(row)), width)
    ]


def text_of(item: Item) -> str:
    body = item.body
    if isinstance(body, CommandExecution):
        return f"$ {body.command}" + (f"\n{body.aggregated_output}" if body.aggregated_output else "")
    if isinstance(body, UserMessage):
        return body.content[0].text
    return body.text if isinstance(body, AgentMessage) else body.type


def said(item_id: str, text: str, turn_id: str = "t1", phase: str = "done") -> Item:
    body = AgentMessage(type="agentMessage", id=item_id, text=text)
    return Item(item_id, turn_id, body, "running" if phase == "running" else "done")


def asked(item_id: str, text: str, turn_id: str = "t1") -> Item:
    content = (UserInput(type="text", text=text),)
    return Item(item_id, turn_id, UserMessage(type="userMessage", id=item_id, content=content), "done")


def ran(item_id: str, command: str, output: str = "", turn_id: str = "t1", running: bool = False) -> Item:
    body = CommandExecution(
        type="commandExecution",
        id=item_id,
        command=command,
        aggregated_output=output or None,
        status="inProgress" if running else "completed",
        exit_code=None if running else 0,
    )
    return Item(item_id, turn_id, body, "running" if running else "done")


def turn(turn_id: str, *items: Item, status: str = "inProgress") -> Turn:
    return Turn(turn_id, status, Series(replace(item, turn_id=turn_id) for item in items))


def thread(*turns: Turn, pending: tuple[Pending, ...] = ()) -> Thread:
    return Thread("th", turns=Series(turns), pending=pending)


def lines(prefix: str, count: int) -> str:
    """`count` lines that all differ."""
    return "\n".join(f"{prefix} {at}" for at in range(count))


def with_item(shown: Thread, item: Item) -> tuple[Thread, Change]:
    """The thread with `item` in its last turn, new or in the place of the one with its id."""
    last = shown.turns[-1]
    item = replace(item, turn_id=last.id)
    at = next((at for at, old in enumerate(last.items) if old.id == item.id), None)
    items = last.items.append(item) if at is None else last.items.put(at, item)
    touch = Touch("item", shown.id, last.id, item.id)
    return replace(shown, turns=shown.turns.put(-1, replace(last, items=items))), frozenset({touch})


def with_turn(shown: Thread, new: Turn) -> tuple[Thread, Change]:
    """The thread with `new` at its end, or in the place of the turn with its id."""
    at = next((at for at, old in enumerate(shown.turns) if old.id == new.id), None)
    turns = shown.turns.append(new) if at is None else shown.turns.put(at, new)
    return replace(shown, turns=turns), frozenset({Touch("turn", shown.id, new.id)})


def with_pending(shown: Thread, *texts: str) -> tuple[Thread, Change]:
    pending = tuple(Pending(f"c-{text}", text, "turn", 0) for text in texts)
    return replace(shown, pending=pending), frozenset({Touch("thread", shown.id)})
