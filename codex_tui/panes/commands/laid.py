"""Lines of a log laid out for a width: where rows are cut; those that were in sight are painted, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codex_tui.paint.ansi import SafeLine
from codex_tui.text import hard_rows

if TYPE_CHECKING:
    from codex_tui.paint.lines import Row
    from codex_tui.paint.pens import Styles
    from codex_tui.paint.runs import Line

KEPT = 1_000_000
"""Characters of lines that stay laid out: many screens, so that scrolling paints only what is new."""
OVERHEAD = 100
"""What a line counts beside its characters."""


@dataclass(slots=True)
class Laid:
    """A line as it stood, at a width. A row is painted when it is first in sight: a line may have a
    hundred of them, with thousands of colours."""

    line: Line
    width: int
    safe: SafeLine
    ranges: list[tuple[int, int]]
    """The characters of each row, of the safe text."""
    _rows: dict[int, Row] = field(default_factory=dict[int, "Row"])

    def row(self, at: int, styles: Styles) -> Row:
        row = self._rows.get(at)
        if row is None:
            row = self._rows[at] = self.safe.row(*self.ranges[at], styles)
        return row


class Layouts:
    """The lines last laid out, by their numbers."""

    def __init__(self) -> None:
        self._held: dict[int, Laid] = {}
        self._size = 0

    def of(self, number: int, line: Line, width: int) -> Laid:
        """That line; laid out anew when it is not the one it was."""
        held = self._held.get(number)
        if held is not None and held.line is line and held.width == width:
            return held
        if self._size > KEPT:
            self.forget()
        safe = SafeLine.of(line)
        laid = self._held[number] = Laid(line, width, safe, hard_rows(safe.text, width))
        self._size += len(safe.text) + OVERHEAD
        return laid

    def forget(self) -> None:
        """What is painted is out of date, or too much."""
        self._held.clear()
        self._size = 0
