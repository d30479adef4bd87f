"""Where things stand on the commands pane at a size: the list, the head of the output, the output. Pure."""

from __future__ import annotations

from dataclasses import dataclass

BESIDE_FROM = 100
"""Columns from which list and output stand beside each other."""
STACKED_FROM = 15
"""Rows from which list and output stand one above the other; below, Enter changes between them."""
TITLE_FROM = 12
"""Rows from which a line says how many commands there are."""
DETAIL_FROM = 18
"""Rows from which a second line says where and when."""
COMMAND_SHARE = 4
"""The part of the pane, one in so many rows, that a long command takes above its output."""
LEAST_LIST = 3
WIDEST_LIST = 72


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in cells; nothing of it is on screen while `height` is 0."""

    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0

    def holds(self, x: int, y: int) -> bool:
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Places:
    """`head` has the command of the output below it. `divider`: the column between list and output."""

    title: Box
    list: Box
    head: Box
    body: Box
    foot: Box
    divider: int | None = None


def arrange(width: int, height: int, commands: int, opened: bool, said: int = 0) -> Places:
    """Places for a pane of `width` x `height`; `opened`: the output has it to itself, and `said` rows
    of its head are for the command."""
    foot = Box(0, height - 1, width, 1) if height > 2 else Box()
    title = Box(0, 0, width, 1) if height >= TITLE_FROM else Box()
    top = title.height
    rows = height - top - foot.height
    detail = 2 if height >= DETAIL_FROM else 1
    if opened:
        head = Box(0, top, width, min(detail + said, max(0, rows - 1)))
        return Places(title, Box(), head, Box(0, top + head.height, width, rows - head.height), foot)
    if width >= BESIDE_FROM:
        left = min(WIDEST_LIST, width * 2 // 5)
        head = Box(left + 1, top, width - left - 1, min(detail, max(0, rows - 1)))
        body = Box(left + 1, top + head.height, head.width, rows - head.height)
        return Places(title, Box(0, top, left, rows), head, body, foot, divider=left)
    if height < STACKED_FROM:
        return Places(title, Box(0, top, width, rows), Box(), Box(), foot)
    listed = max(LEAST_LIST, min(commands, rows // 3))
    head = Box(0, top + listed, width, detail)
    body = Box(0, head.y + detail, width, rows - listed - detail)
    return Places(title, Box(0, top, width, listed), head, body, foot)
