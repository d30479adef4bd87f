"""Painting what comes next while nobody presses a key."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widget import Widget

AFTER = 0.04
"""Seconds of rest after which it begins."""
SLICE = 0.01
"""Seconds of it at once: a key does not wait for much more."""


class Ahead:
    """Has rows painted, so that turning the page finds their colours, which cost most, made."""

    def __init__(self, widget: Widget, paint: Callable[[int], object]) -> None:
        """`paint`: paints what stands at a row, or finds it painted."""
        self._widget = widget
        self._paint = paint
        self._timer: Timer | None = None
        self._rows = range(0)

    def want(self, rows: range) -> None:
        """Paint these rows soon; earlier wishes are dropped."""
        self._rows = rows
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._widget.set_timer(AFTER, self._go_on)

    def _go_on(self) -> None:
        begun = time.perf_counter()
        for row in self._rows:
            self._paint(row)
            if time.perf_counter() - begun > SLICE:
                self.want(range(row + 1, self._rows.stop))
                return
