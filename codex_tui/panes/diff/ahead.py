"""Colouring and painting what comes next while nobody presses a key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget

AFTER = 0.04
"""Seconds of rest after which it begins."""
SLICE = 0.008
"""Seconds of painting at once: a key does not wait for much more."""

Work = Callable[[], object]


class Ahead:
    """Has rows painted, so that turning the page finds them ready.

    Colours, which cost most, are made in a thread: a block of long lines takes a tenth of a second.
    """

    def __init__(
        self, widget: Widget, colours: Callable[[int], Sequence[Work]], paint: Callable[[int], object]
    ) -> None:
        """`colours`: what has to be done in a thread before a row is painted; `paint`: paints what stands
        at a row, or finds it painted."""
        self._widget = widget
        self._colours = colours
        self._paint = paint
        self._timer: asyncio.TimerHandle | None = None
        self._order = 0  # the newest wish

    def want(self, rows: Sequence[int], after: float = AFTER, done: Work | None = None) -> None:
        """Paint these rows soon, then call `done`; earlier wishes are dropped."""
        self._order += 1
        self._later(self._order, rows, after, done)

    def _later(self, order: int, rows: Sequence[int], after: float, done: Work | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        # Not Textual's: one of no time never comes, one of little time not always.
        self._timer = asyncio.get_running_loop().call_later(after, self._go_on, order, rows, done)

    def _go_on(self, order: int, rows: Sequence[int], done: Work | None) -> None:
        if order != self._order or not self._widget.is_mounted:
            return
        begun = time.perf_counter()
        for at, row in enumerate(rows):
            if works := self._colours(row):
                self._apart(works, lambda rest=rows[at:]: self._go_on(order, rest, done))
                return
            self._paint(row)
            if time.perf_counter() - begun > SLICE and at + 1 < len(rows):
                self._later(order, rows[at + 1 :], 0.0, done)
                return
        if done is not None:
            done()

    def _apart(self, works: Sequence[Work], then: Callable[[], None]) -> None:
        """Do `works` in a thread, `then` here."""

        def ready(did: asyncio.Future[None]) -> None:
            if not did.cancelled():
                did.result()
                then()

        asyncio.get_running_loop().run_in_executor(None, _do_all, works).add_done_callback(ready)


def _do_all(works: Sequence[Work]) -> None:
    for work in works:
        work()
