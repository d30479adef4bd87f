"""One thing of the conversation and its height, and what the painters of the chat offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Literal, Protocol, cast

if TYPE_CHECKING:
    from textual.strip import Strip

    from codex_tui.paint.cells import Cell
    from codex_tui.paint.explored import Role
    from codex_tui.paint.look import Fold, Look
    from codex_tui.panes.chat.heights import LineIndex
    from codex_tui.session.transcript import Above, Item, Pending, Thread, Turn

SlotKind = Literal["above", "item", "end", "pending"]
SlotKey = tuple[str, str, str]
"""Kind, turn id, item or client id."""

_serials = count()


class Painters(Protocol):
    """What `codex_tui.paint.cells` offers; handed in, so that the first frame does not wait for it."""

    @property
    def cells_of(self) -> Callable[[Item, Sequence[Cell]], Sequence[Cell]]: ...
    @property
    def paint_cell(self) -> Callable[[Cell, Look, Fold], Sequence[Strip]]: ...
    @property
    def guess_height(self) -> Callable[[Cell, Look, Fold], int]: ...
    @property
    def gap_before(self) -> Callable[[Cell | None, Cell], int]: ...
    @property
    def foldable(self) -> Callable[[Cell], bool]: ...
    @property
    def role_of(self) -> Callable[[Item], Role | None]: ...
    @property
    def explored(self) -> Callable[[Sequence[Item]], Item]: ...
    @property
    def plain_text(self) -> Callable[[Item], str]: ...
    @property
    def search_text(self) -> Callable[[Item], str]: ...
    @property
    def paint_pending(self) -> Callable[[Pending, Look], Sequence[Strip]]: ...
    @property
    def paint_above(self) -> Callable[[Above, Look], Sequence[Strip]]: ...
    @property
    def paint_turn_end(self) -> Callable[[Turn, Look], Sequence[Strip]]: ...


class Slot:
    """One thing of the conversation. `part` n of an item is its cell n; other slots have one part.

    `group` is the line this item stands behind, `members` are the items behind this line, see
    `codex_tui.panes.chat.groups`.
    """

    __slots__ = ("cells", "group", "index", "key", "lines", "members", "position", "record", "role", "serial")

    def __init__(self, kind: SlotKind, turn_id: str, own_id: str, record: object, position: int = 0) -> None:
        self.key: SlotKey = (kind, turn_id, own_id)
        self.record = record
        self.position = position  # index among its turn's items
        self.index = 0  # index in the layout
        self.serial = next(_serials)  # another one for every record it holds
        self.cells: Sequence[Cell] = ()
        self.lines: LineIndex | None = None  # a height a part, once somebody looked
        self.role: Role | None = None
        self.group: Slot | None = None
        self.members: Sequence[Slot] = ()

    def take(self, record: object) -> None:
        """Hold another record."""
        self.record = record
        self.serial = next(_serials)

    def forget(self) -> None:
        """Back to a guessed height."""
        self.cells, self.lines = (), None

    @property
    def item(self) -> Item | None:
        return cast("Item", self.record) if self.key[0] == "item" else None

    @property
    def parts(self) -> int:
        """How many parts, 0 before it was split."""
        return len(self.lines) if self.lines is not None else 0


class TurnSlots:
    """The slots of one turn."""

    __slots__ = ("end", "id", "slots", "status")

    def __init__(self, turn_id: str) -> None:
        self.id = turn_id
        self.status = ""
        self.slots: list[Slot] = []
        self.end: Slot | None = None

    @property
    def last(self) -> Slot | None:
        return self.end or (self.slots[-1] if self.slots else None)

    def laid(self) -> list[Slot]:
        """Its slots from top to bottom: each line before the first item behind it, the end last."""
        slots: list[Slot] = []
        for slot in self.slots:
            if slot.group is not None and slot.group.members[0] is slot:
                slots.append(slot.group)
            slots.append(slot)
        return [*slots, self.end] if self.end is not None else slots


def end_slot(turn: Turn) -> Slot | None:
    """The slot of a turn's last line, None while it runs."""
    return Slot("end", turn.id, "", turn) if turn.status != "inProgress" or turn.error else None


def loose_slots(thread: Thread) -> tuple[list[Slot], list[Slot]]:
    """The slots of no turn: the line over the first one, if there are older ones; prompts on their way."""
    above = [Slot("above", "", "", thread.above)] if thread.above is not None else []
    return above, [Slot("pending", "", pending.client_id, pending) for pending in thread.pending]
