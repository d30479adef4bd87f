"""What stands in the chat, from top to bottom: a slot an item, one for a turn's end, one a waiting prompt.

A slot has a guessed height until somebody looks at it; then it is split into the painter's cells,
whose heights are guessed until painted. So 100,000 items cost a number each. A change of one
item costs O(log n) and its own cells; new items are spliced in where their turn ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat.groups import BLOCK, LINE_ID, regroup
from codex_tui.panes.chat.heights import LineIndex
from codex_tui.panes.chat.slots import Painters, Slot, SlotKey, TurnSlots, end_slot, loose_slots

if TYPE_CHECKING:
    from codex_tui.paint.cells import Cell
    from codex_tui.session.state import Change
    from codex_tui.session.transcript import Above, Item, Thread, Turn

__all__ = ["Layout", "Painters", "Slot", "SlotKey"]


class Layout:
    """The slots of one thread and their heights in lines."""

    def __init__(self, painters: Painters, look: Look) -> None:
        self.painters = painters
        self.look = look
        self.slots: list[Slot] = []
        self.heights = LineIndex()
        self.own_folds: dict[SlotKey, Fold] = {}  # items folded otherwise than the pane
        self._turns: list[TurnSlots] = []
        self._items: dict[tuple[str, str], Slot] = {}
        self._above: list[Slot] = []  # the line over the first turn, if there are older ones
        self._pending: list[Slot] = []

    @property
    def above(self) -> Above | None:
        """What stands above the first turn, and is not here yet."""
        return cast("Above", self._above[0].record) if self._above else None

    # -- taking the transcript ------------------------------------------------------------

    def load(self, thread: Thread) -> None:
        """Lay out all of `thread` anew."""
        self._turns, self._items, self._pending = [], {}, []
        for turn in thread.turns:
            self._add_turn(turn)
        self._above, self._pending = loose_slots(thread)
        self._put_all()
        self.heights = LineIndex(self._rough(slot) for slot in self.slots)

    def _put_all(self) -> None:
        self.slots = [*self._above, *(slot for turn in self._turns for slot in turn.laid()), *self._pending]
        for index, slot in enumerate(self.slots):
            slot.index = index

    def apply(self, thread: Thread, change: Change) -> list[Slot]:
        """Take what `change` touched of `thread`; returns the slots of items that are new or changed."""
        touches = [touch for touch in change if touch.thread_id in ("", thread.id)]
        if any(touch.kind == "threads" for touch in touches):
            self.load(thread)
            return []
        touched: dict[SlotKey, Slot] = {}
        turns = {touch.turn_id for touch in touches if touch.kind in ("item", "turn")}
        for turn in self._take_turns(thread, turns):
            wanted = [touch.item_id for touch in touches if touch.kind == "item" and touch.turn_id == turn.id]
            for slot in self._take_items(turn, wanted):
                touched[slot.key] = slot
        if any(touch.kind == "thread" for touch in touches):
            self._take_loose(thread)
        return list(touched.values())

    def _take_turns(self, thread: Thread, wanted: set[str]) -> list[Turn]:
        """The records of the `wanted` turns in order, after new turns got their place."""
        self._take_older(thread)
        known = len(self._turns)
        if known > len(thread.turns) or (known and thread.turns[known - 1].id != self._turns[-1].id):
            self.load(thread)
            return []
        new = [thread.turns[index] for index in range(known, len(thread.turns))]
        old: list[Turn] = []
        looked_for = wanted - {turn.id for turn in new}
        for index in range(known - 1, -1, -1):  # the newest turns are the ones that change
            if not looked_for:
                break
            if self._turns[index].id in looked_for:
                looked_for.discard(self._turns[index].id)
                old.append(thread.turns[index])
        for turn in new:
            self._splice(len(self.slots) - len(self._pending), 0, self._add_turn(turn).laid())
        return [*reversed(old), *new]

    def _take_older(self, thread: Thread) -> None:
        """Turns that came in above the first one get their place; nothing below is laid anew."""
        if not self._turns or not len(thread.turns) or thread.turns[0].id == self._turns[0].id:
            return
        new = thread.turns.find(self._turns[0].id)
        if new is not None:
            older = [self._turn_slots(thread.turns[index]) for index in range(new)]
            self._splice(len(self._above), 0, [slot for turn in older for slot in turn.laid()])
            self._turns[:0] = older

    def _add_turn(self, turn: Turn) -> TurnSlots:
        made = self._turn_slots(turn)
        self._turns.append(made)
        return made

    def _turn_slots(self, turn: Turn) -> TurnSlots:
        made = TurnSlots(turn.id)
        made.status = turn.status
        made.slots = [self._item_slot(turn.id, item, at) for at, item in enumerate(turn.items)]
        self._group_all(made)
        made.end = end_slot(turn)
        return made

    def _take_items(self, turn: Turn, wanted: list[str]) -> list[Slot]:
        turn_index = next(i for i in range(len(self._turns) - 1, -1, -1) if self._turns[i].id == turn.id)
        known = self._turns[turn_index]
        touched: list[Slot] = []
        had = len(known.slots)
        in_order = had <= len(turn.items) and (not had or known.slots[-1].key[2] == turn.items[had - 1].id)
        if in_order and len(turn.items) > had:
            new = [self._item_slot(turn.id, turn.items[at], at) for at in range(had, len(turn.items))]
            self._splice(self._place_after(turn_index), 0, new)
            known.slots.extend(new)
            touched.extend(new)
        lost = [item_id for item_id in wanted if not self._holds(turn, item_id)]
        if not in_order or lost:
            self._relay(turn_index, turn)
        # A turn that ends drops items the engine never completed, so all of them are looked at.
        ids = wanted if turn.status == known.status else [slot.key[2] for slot in known.slots]
        for item_id in ids:
            slot = self._items.get((turn.id, item_id))
            if slot is not None and slot.position < len(turn.items):
                item = turn.items[slot.position]
                if item is not slot.record:
                    self._take_record(slot, item)
                    touched.append(slot)
        known.status = turn.status
        self._take_end(turn_index, turn)
        if self.look.fold != "full":
            self._regroup_around(known, touched, had)
        return touched

    def _holds(self, turn: Turn, item_id: str) -> bool:
        slot = self._items.get((turn.id, item_id))
        return (
            slot is not None and slot.position < len(turn.items) and turn.items[slot.position].id == item_id
        )

    def _relay(self, turn_index: int, turn: Turn) -> None:
        """Lay one turn's items anew (some went, or changed their order); what stays keeps its slot."""
        known = self._turns[turn_index]
        self._take_lines_out([slot for slot in self._turns[turn_index].slots if slot.group is not None])
        first = known.slots[0].index if known.slots else self._place_after(turn_index)
        before = {slot.key[2]: slot for slot in known.slots}
        for item_id in before:
            del self._items[turn.id, item_id]
        slots: list[Slot] = []
        for at, item in enumerate(turn.items):
            slot = before.get(item.id)
            if slot is None:
                slot = self._item_slot(turn.id, item, at)
            slot.position = at
            self._items[turn.id, item.id] = slot
            slots.append(slot)
        removed = len(known.slots)
        known.slots = slots
        self._splice(first, removed, slots)
        for slot in slots:
            if slot.record is not turn.items[slot.position]:
                self._take_record(slot, turn.items[slot.position])
        if self.look.fold != "full":
            for start in range(0, len(slots), BLOCK):
                self._regroup(slots[start : start + BLOCK])

    # -- lines that stand for several items, see `groups` -----------------------------------

    def is_hidden(self, slot: Slot) -> bool:
        """Whether the item stands behind a line that is folded."""
        return slot.group is not None and self.own_folds.get(slot.group.key) != "full"

    def standing(self, slot: Slot) -> Slot:
        """What stands for the slot: itself, or the folded line it is behind."""
        return slot.group if slot.group is not None and self.is_hidden(slot) else slot

    def _group_all(self, turn: TurnSlots) -> None:
        """Group the items of a turn that is not laid out; `TurnSlots.laid` puts the lines in."""
        wanted = self.look.fold != "full"
        for slot in turn.slots:
            if slot.group is not None:
                self._items.pop(slot.group.key[1:], None)
                slot.group = None
                slot.forget()
        for start in range(0, len(turn.slots) if wanted else 0, BLOCK):
            for slot in regroup(self.painters, turn.slots[start : start + BLOCK], self._line_slot).moved:
                slot.forget()

    def _line_slot(self, item: Item) -> Slot:
        return self._item_slot(item.turn_id, item, 0)

    def _regroup_around(self, turn: TurnSlots, touched: Sequence[Slot], new_from: int) -> None:
        """Group anew where an item came (position `new_from` on) or plays another role than before."""
        blocks = {
            slot.position // BLOCK
            for slot in touched
            if (item := slot.item) is not None
            and (slot.position >= new_from or self.painters.role_of(item) != slot.role)
        }
        for block in sorted(blocks):
            self._regroup(turn.slots[block * BLOCK : (block + 1) * BLOCK])

    def _regroup(self, slots: Sequence[Slot]) -> None:
        result = regroup(self.painters, slots, self._line_slot)
        for line in result.gone:
            del self._items[line.key[1:]]
            self.own_folds.pop(line.key, None)
            self._splice(line.index, 1, [])
        for line in result.new:
            self._splice(line.members[0].index, 0, [line])
        for slot in result.moved:
            self._measure_anew(slot)

    def _take_lines_out(self, slots: Sequence[Slot]) -> None:
        for line in {id(slot.group): slot.group for slot in slots}.values():
            if line is not None:
                self._items.pop(line.key[1:], None)
                self._splice(line.index, 1, [])
        for slot in slots:
            slot.group = None
            self._measure_anew(slot)

    def _measure_anew(self, slot: Slot) -> None:
        slot.forget()
        self.heights.put(slot.index, self._rough(slot))

    def _take_end(self, turn_index: int, turn: Turn) -> None:
        known = self._turns[turn_index]
        made = end_slot(turn)
        if made is None or (known.end is not None and known.end.record is turn):
            return
        if known.end is None:
            self._splice(self._place_after(turn_index), 0, [made])
            known.end = made
        else:
            self._take_record(known.end, turn)

    def _take_loose(self, thread: Thread) -> None:
        """What stands above the turns and below them."""
        above, pending = loose_slots(thread)
        if self.above is not thread.above:
            self._splice(0, len(self._above), above)
            self._above = above
        if [slot.record for slot in self._pending] != list(thread.pending):
            self._splice(len(self.slots) - len(self._pending), len(self._pending), pending)
            self._pending = pending

    def _take_record(self, slot: Slot, record: object) -> None:
        slot.take(record)
        if slot.lines is not None and (item := slot.item) is not None and not self.is_hidden(slot):
            self._split_anew(slot, item, slot.lines)

    def _item_slot(self, turn_id: str, item: Item, position: int) -> Slot:
        slot = Slot("item", turn_id, item.id, item, position)
        self._items[turn_id, item.id] = slot
        return slot

    def _place_after(self, turn_index: int) -> int:
        """Where a new item of that turn goes: behind its items, before its end."""
        known = self._turns[turn_index]
        if known.slots:
            return known.slots[-1].index + 1
        if known.end is not None:
            return known.end.index
        for before in range(turn_index - 1, -1, -1):
            if (last := self._turns[before].last) is not None:
                return last.index + 1
        return len(self._above)

    def _splice(self, start: int, removed: int, new: list[Slot]) -> None:
        heights = [slot.lines.total if slot.lines is not None else self._rough(slot) for slot in new]
        self.slots[start : start + removed] = new
        self.heights.splice(start, start + removed, heights)
        stop = start + len(new) if removed == len(new) else len(self.slots)
        for index in range(start, stop):
            self.slots[index].index = index

    # -- heights --------------------------------------------------------------------------

    def fold_of(self, slot: Slot) -> Fold:
        return self.own_folds.get(slot.key, self.look.fold)

    def split(self, slot: Slot) -> LineIndex:
        """The heights of the slot's parts; guessed ones on the first look at it."""
        if slot.lines is None:
            if self.is_hidden(slot):
                slot.lines = LineIndex()
            elif (item := slot.item) is not None:
                slot.cells = self.painters.cells_of(item, ())
                slot.lines = LineIndex(self._guess(slot, cell) for cell in slot.cells)
            else:
                slot.lines = LineIndex([self.heights[slot.index]])
            self.heights.put(slot.index, slot.lines.total)
        return slot.lines

    def measured(self, slot: Slot, part: int, height: int) -> None:
        """Part `part` turned out `height` lines high, its gap included."""
        lines = self.split(slot)
        if lines.put(part, height):
            self.heights.put(slot.index, lines.total)

    def gap(self, slot: Slot, part: int) -> int:
        """Blank lines above a part."""
        if slot.item is None:
            # Prompts on their way stand apart from the conversation, not from each other.
            before = self.slots[slot.index - 1] if slot.index else None
            return int(slot.key[0] == "pending" and before is not None and before.key[0] != "pending")
        cell = slot.cells[part]
        if part:
            return self.painters.gap_before(slot.cells[part - 1], cell)
        for index in range(slot.index - 1, -1, -1):
            above = self.slots[index]
            if above.item is not None:
                self.split(above)
                if above.cells:
                    return self.painters.gap_before(above.cells[-1], cell)
        return max(len(self._above), self.painters.gap_before(None, cell))

    def restyle(self, look: Look) -> None:
        """Guess all heights anew, for another width or fold level."""
        regroups = "full" in (look.fold, self.look.fold) and look.fold != self.look.fold
        self.look = look
        if regroups:
            for turn in self._turns:
                self._group_all(turn)
            self._put_all()
        for slot in self.slots:
            if slot.lines is not None and slot.item is not None:
                slot.lines = LineIndex(self._guess(slot, cell) for cell in slot.cells)
        self.heights = LineIndex(
            slot.lines.total if slot.lines is not None else self._rough(slot) for slot in self.slots
        )

    def refold(self, slot: Slot, fold: Fold | None) -> None:
        """Fold one item otherwise than the pane; None: as the pane again."""
        if fold is None:
            self.own_folds.pop(slot.key, None)
        else:
            self.own_folds[slot.key] = fold
        for member in slot.members:
            self._measure_anew(member)
        if slot.lines is not None:
            slot.lines = LineIndex(self._guess(slot, cell) for cell in slot.cells)
            self.heights.put(slot.index, slot.lines.total)

    def items_of(self, turns: set[str]) -> Iterator[Slot]:
        """The items of those turns, without the lines that stand for several."""
        return (slot for turn in self._turns if turn.id in turns for slot in turn.slots)

    def find(self, key: SlotKey) -> Slot | None:
        """The slot of that key, if it still stands in the conversation."""
        if key[0] == "item":
            slot = self._items.get((key[1], key[2]))
            # A line that went left its items where it stood.
            return slot or self._items.get((key[1], key[2].removeprefix(LINE_ID)))
        return next((slot for slot in reversed(self.slots) if slot.key == key), None)

    def _split_anew(self, slot: Slot, item: Item, lines: LineIndex) -> None:
        """After the item changed: parts that stayed the same keep their heights."""
        old = slot.cells
        new = self.painters.cells_of(item, old)
        # A long answer has thousands of parts: those that are the very same are not looked at, thirty
        # times a second. Keys need no comparing: a part's key is its number.
        same: int = getattr(new, "kept", 0)
        while same < min(len(old), len(new)) and old[same].stamp == new[same].stamp:
            same += 1
        # A part that grows is about as high as it was: better than any guess.
        heights = [lines[at] if at < len(old) else self._guess(slot, new[at]) for at in range(same, len(new))]
        slot.cells = new
        lines.splice(same, len(old), heights)
        self.heights.put(slot.index, lines.total)

    def _guess(self, slot: Slot, cell: Cell) -> int:
        return self.painters.guess_height(cell, self.look, self.fold_of(slot))

    def _rough(self, slot: Slot) -> int:
        """Lines of a slot nobody has looked at: cheap, for every item there is."""
        if (item := slot.item) is None or slot.members:
            return 1
        if self.is_hidden(slot):
            return 0
        text = getattr(item.body, "text", "")
        room = max(10, self.look.width - 2 * self.look.gutter)
        return 2 + len(text) // room if isinstance(text, str) else 2
