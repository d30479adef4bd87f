"""Heights of things on top of each other, in lines: who is at a line, where does one begin.

A Fenwick tree, so that finding, reading and changing cost O(log n). Splicing costs time in
proportion to what comes after it: next to nothing at the end, where a conversation grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class LineIndex:
    """A list of heights (lines, 0 or more) with prefix sums."""

    __slots__ = ("_heights", "_total", "_tree")

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tree: list[int] = [0]
        self._total = 0
        self._rebuild(0)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    @property
    def total(self) -> int:
        """Lines of all members together."""
        return self._total

    def top(self, index: int) -> int:
        """The line at which member `index` begins: the heights of all before it. `len` is allowed."""
        if not 0 <= index <= len(self._heights):
            raise IndexError(index)
        lines = 0
        tree = self._tree
        while index:
            lines += tree[index]
            index &= index - 1
        return lines

    def at(self, line: int) -> tuple[int, int]:
        """The member that covers `line`, and the line within it; members of height 0 are never found.

        IndexError outside of `0 <= line < total`.
        """
        if not 0 <= line < self._total:
            raise IndexError(line)
        index, tree, size = 0, self._tree, len(self._heights)
        step = 1 << (size.bit_length() - 1)
        while step:
            if (after := index + step) <= size and tree[after] <= line:
                index = after
                line -= tree[after]
            step >>= 1
        return index, line

    def put(self, index: int, height: int) -> int:
        """Set one height; returns by how many lines it changed."""
        change = height - self._heights[index]
        if change:
            self._heights[index] = height
            self._total += change
            node, tree, size = index + 1, self._tree, len(self._heights)
            while node <= size:
                tree[node] += change
                node += node & -node
        return change

    def append(self, height: int) -> None:
        """Put a member at the end."""
        self._heights.append(height)
        self._total += height
        self._tree.append(self._node(len(self._heights)))

    def splice(self, start: int, stop: int, heights: Sequence[int]) -> None:
        """Put `heights` in the place of the members `start` to `stop`."""
        if not 0 <= start <= stop <= len(self._heights):
            raise IndexError((start, stop))
        if start == stop == len(self._heights):
            for height in heights:
                self.append(height)
            return
        self._heights[start:stop] = heights
        self._rebuild(start)

    def _node(self, node: int) -> int:
        """The sum that tree node `node` (from 1) stands for, from its smaller nodes."""
        lines, tree = self._heights[node - 1], self._tree
        bottom = node & (node - 1)
        child = node - 1
        while child > bottom:
            lines += tree[child]
            child &= child - 1
        return lines

    def _rebuild(self, start: int) -> None:
        del self._tree[start + 1 :]
        tree, node_of = self._tree, self._node
        for node in range(start + 1, len(self._heights) + 1):
            tree.append(node_of(node))
        self._total = self.top(len(self._heights))
