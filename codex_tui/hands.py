"""Whether a person has just pressed a key: then whatever streams in waits until the key is on screen.

A key passes the event loop several times before it shows. While the engine sends as fast as it
can, each time another slice of work stands before it; so for a moment there is none.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOMENT = 0.05
"""Seconds that work waits after a key: what a key takes to the screen on a busy machine."""
BETWEEN = 0.05
"""Seconds that work has at least between two such moments: a key held down must not stop the stream."""


class Hands:
    """`pressed` may be called from any thread; `give_way` belongs to one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def pressed(self) -> None:
        """A key, or anything else that a person does, came from the terminal."""
        now = self._clock()
        if now >= self._until + BETWEEN:
            self._until = now + MOMENT

    async def give_way(self) -> None:
        """Wait until the moment after the last key is over; usually there is none."""
        if (left := self._until - self._clock()) > 0:
            await asyncio.sleep(left)
