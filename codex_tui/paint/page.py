"""The page that output makes: its lines, the screen at its end that a cursor moves over, what is dropped."""

from __future__ import annotations

from collections import deque
from typing import Final

from codex_tui.paint.openline import Effort, OpenLine
from codex_tui.paint.runs import Line, beginning

SCREEN_ROWS: Final = 24
"""Rows that cursor movements reach: what the engine's own terminals have."""
KEPT_LINES: Final = 50_000
"""Lines kept, the newest: more than anybody scrolls through, and a few megabytes."""
KEPT_CHARACTERS: Final = 8 * 1024 * 1024
"""Characters kept, the newest: eight times what the engine keeps of a command."""
SHORT: Final = 400
"""Cells of a line that is cheap to open anew; a longer one stays open as long as it is on the screen."""
PORTIONS: Final = 32
"""Parts in which the oldest of what is kept is dropped."""


class Page:
    """Lines that only grow, but for the last ones: those are a screen and can be written over."""

    def __init__(self, kept_lines: int = KEPT_LINES, kept_characters: int = KEPT_CHARACTERS) -> None:
        self.dropped = 0
        """Lines that were dropped at the beginning."""
        self._kept_lines, self._kept_characters = kept_lines, kept_characters
        self._lines: list[Line] = [""]
        self._top = 0  # where the screen begins in the lines
        self._row = 0  # the cursor's line, which is `_open`: that holds it, not `_lines`
        self._effort = Effort()
        self._open = OpenLine(self._effort)
        self._held: dict[int, OpenLine] = {}  # other lines of the screen that the cursor came away from
        self._sizes: deque[tuple[int, int]] = deque()  # from which line on so many characters came
        self._size = 0  # the sum of those

    # -- what it shows ---------------------------------------------------------------------

    @property
    def lines(self) -> list[Line]:
        """All lines from `dropped` on. A line end at the end ends a line, it does not begin one.

        The list is this object's own and changes with the next `feed`.
        """
        self._write_back()
        return self._lines

    @property
    def count(self) -> int:
        """Lines that there are, without an empty one at the end."""
        last = len(self._lines) - 1
        line = self._open if self._row == last else self._held.get(last)
        empty = not self._lines[last] if line is None else line.is_empty
        return last + (0 if empty else 1)

    @property
    def screen(self) -> list[Line]:
        """The lines that cursor movements reach."""
        return self.lines[self._top :]

    @property
    def settled(self) -> int:
        """How many of `lines`, from the first on, will not change any more."""
        return self._top

    def line(self, at: int) -> Line:
        """One of `lines`; the others that are being written are left as they are."""
        line = self._open if at == self._row else self._held.get(at)
        return self._lines[at] if line is None else line.frozen()

    def beginning(self, at: int, count: int) -> Line:
        """Of one of `lines` no more than the first `count` characters or cells."""
        line = self._open if at == self._row else self._held.get(at)
        return beginning(self._lines[at], count) if line is None else line.beginning(count)

    @property
    def cursor(self) -> tuple[int, int]:
        """Row on the screen, column; from 0."""
        return self._row - self._top, self._open.column

    # -- the cursor ---------------------------------------------------------------------

    def _newline(self) -> None:
        self._move(self._row + 1, 0)

    def _move(self, row: int, column: int) -> None:
        if row != self._row:
            fresh = row == len(self._lines) and self._open.width <= SHORT
            if fresh:
                self._lines[self._row] = self._open.frozen()
            else:
                self._held[self._row] = self._open
            while len(self._lines) <= row:
                self._lines.append("")
            self._row = row
            self._scroll()
            held = self._held.pop(row, None)
            if held is None:
                held = self._open if fresh else OpenLine(self._effort)
                held.load(self._lines[row])
            self._open = held
        self._open.column = column

    def _scroll(self) -> None:
        """The screen follows the cursor down; what leaves it is not written over any more."""
        self._top = max(self._top, self._row - SCREEN_ROWS + 1)
        if self._held:
            for row in [row for row in self._held if row < self._top]:
                self._lines[row] = self._held.pop(row).frozen()

    def _write_back(self) -> None:
        """Put what is open where it stands in the lines."""
        self._lines[self._row] = self._open.frozen()
        for row, line in self._held.items():
            self._lines[row] = line.frozen()

    def _clear(self) -> None:
        """ED 2: the screen moves up, so that what stood there stays; the cursor keeps its place on it."""
        place = self._row - self._top
        self._write_back()
        self._held.clear()
        while len(self._lines) > self._top and not self._lines[-1]:
            self._lines.pop()
        self._top = len(self._lines)
        self._row = self._top + place
        self._lines += [""] * (place + 1)
        self._open.load(self._lines[self._row])

    def _note_size(self, line: int, size: int) -> None:
        self._size += size
        if self._sizes and self._sizes[-1][1] < self._kept_characters // PORTIONS:
            line, old = self._sizes.pop()
            size += old
        self._sizes.append((line, size))

    def _trim(self) -> None:
        """Drop the oldest lines that are too many; those on the screen stay."""
        first = self.dropped
        if len(self._lines) > self._kept_lines * 5 // 4:
            first += len(self._lines) - self._kept_lines
        while len(self._sizes) > 1 and (self._size > self._kept_characters or self._sizes[1][0] <= first):
            self._size -= self._sizes.popleft()[1]
            first = max(first, self._sizes[0][0])
        more = min(first - self.dropped, self._top)
        if more > 0:
            del self._lines[:more]
            self.dropped += more
            self._top -= more
            self._row -= more
            self._held = {row - more: line for row, line in self._held.items()}
