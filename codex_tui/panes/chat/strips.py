"""Painted strips that are likely to be needed again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.strip import Strip

# About eighty screens of sixty lines; at 1 to 2 KB a strip a dozen megabytes at most.
ROWS_BOUND = 5_000


class StripCache:
    """The newest painting of each cell; the longest unused go when there are more than `ROWS_BOUND` rows.

    Not `textual.cache.LRUCache`, which keeps the old value when a key is written again.
    """

    def __init__(self, bound: int = ROWS_BOUND) -> None:
        self._bound = bound
        self._rows = 0
        self._held: OrderedDict[Hashable, tuple[Hashable, Sequence[Strip]]] = OrderedDict()

    @property
    def rows(self) -> int:
        """Rows held now."""
        return self._rows

    def get(self, key: Hashable, stamp: Hashable) -> Sequence[Strip] | None:
        """The strips of `key` if they were painted from `stamp`."""
        held = self._held.get(key)
        if held is None or held[0] != stamp:
            return None
        self._held.move_to_end(key)
        return held[1]

    def put(self, key: Hashable, stamp: Hashable, strips: Sequence[Strip]) -> Sequence[Strip]:
        """Keep `strips` in the place of what `key` had, and return what is kept.

        Rows that look as before stay the same objects: what was made of them stays good, and only
        the end of a growing paragraph counts as changed.
        """
        if (old := self._held.pop(key, None)) is not None:
            self._rows -= len(old[1])
            strips = [
                old[1][at] if at < len(old[1]) and old[1][at] == strip else strip
                for at, strip in enumerate(strips)
            ]
        self._held[key] = (stamp, strips)
        self._rows += len(strips)
        while self._rows > self._bound and len(self._held) > 1:
            self._rows -= len(self._held.popitem(last=False)[1][1])
        return strips

    def clear(self) -> None:
        self._held.clear()
        self._rows = 0
