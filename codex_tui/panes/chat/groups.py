"""Which neighbours of a turn stand behind one line, and the slots of those lines.

A group is at least two commands that only look around, with nothing between them that shows
itself except those that failed. Its line is a slot of its own before the first of them; the
commands' slots have no height until the line is unfolded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from codex_tui.paint.explored import Role
    from codex_tui.panes.chat.slots import Painters, Slot
    from codex_tui.session.transcript import Item

BLOCK = 200
"""Items of a turn among which groups are looked for: what one change costs at most."""

LINE_ID = "explored:"
"""Ids of lines begin so; the id of their first command follows."""


class Regrouped(NamedTuple):
    """Lines that go, lines that come (before their first member), and slots whose height changed."""

    gone: list[Slot]
    new: list[Slot]
    moved: list[Slot]


def plan(roles: Sequence[Role | None]) -> list[list[int]]:
    """The indices behind each line: its commands, and the silent thoughts between them."""
    groups: list[list[int]] = []
    run: list[int] = []
    for index, role in enumerate([*roles, None]):
        if role in ("done", "running") or (role == "silent" and run):
            run.append(index)
        elif role is None:
            while run and roles[run[-1]] == "silent":
                run.pop()
            if sum(roles[at] != "silent" for at in run) > 1:
                groups.append(run)
            run = []
    return groups


def regroup(painters: Painters, slots: Sequence[Slot], make: Callable[[Item], Slot]) -> Regrouped:
    """Group `slots`, neighbouring items of one turn. `make` gives the slot of a new line's item.

    Sets `group` of the slots and `members` of the lines; putting lines in their places is the caller's.
    """
    result = Regrouped([], [], [])
    role_of = painters.role_of
    before = [slot.group for slot in slots]
    for slot in slots:
        slot.role = role_of(cast("Item", slot.record))
        slot.group = None
    lines = {line.key[2]: line for line in before if line is not None}
    if not lines and sum(slot.role is not None for slot in slots) < 2:
        return result
    kept: set[str] = set()
    for indices in plan([slot.role for slot in slots]):
        members = [slots[at] for at in indices]
        item = painters.explored([slot.item for slot in members if slot.item and slot.role != "silent"])
        line = lines.get(item.id)
        if line is None:
            line = make(item)
            result.new.append(line)
        else:
            line.take(item)
            result.moved.append(line)
        kept.add(item.id)
        line.members = members
        for slot in members:
            slot.group = line
    result.gone.extend(line for key, line in lines.items() if key not in kept)
    result.moved.extend(slot for slot, line in zip(slots, before, strict=True) if slot.group is not line)
    return result
