"""The current state's one owner: applies events through the reducer, tells the interface.

`put` takes events from anywhere in the event loop; `run` applies what has gathered and
delivers the new state and what changed, at most `FRAMES_PER_SECOND` times a second (less often
while text only grows) and never while the interface still works on the delivery before. It knows
no widget.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from codex_tui.hands import Hands
    from codex_tui.protocol.events import Event
    from codex_tui.session.state import Change, State

FRAMES_PER_SECOND = 30
# After a quiet moment so many frames may come at once: what opens a thread or starts a turn comes
# in three or four steps, and somebody waits for the last one.
FRAMES_AHEAD = 3
# Text that a model writes reads as flowing at this rate, for half the work.
GROWING_PER_SECOND = 16
# When so many events came for one frame, nobody can read along; then it is the end that counts.
FLOOD = 500
FLOODED_PER_SECOND = 8
GROWING = frozenset(
    {
        "item/agentMessage/delta",
        "item/commandExecution/outputDelta",
        "item/fileChange/outputDelta",
        "item/plan/delta",
        "item/reasoning/summaryTextDelta",
        "item/reasoning/textDelta",
    }
)
# Events that may wait for the next frame. The engine sends up to 24,000 a second, so a frame
# gathers about 800; what is above makes the reader wait, and so the engine's pipe.
WAITING_BOUND = 4096
# A stall longer than this is the interface's, not a frame's: slices keep keys alive in between.
SLICE = 1024


class Store:
    """Holds `state`. Everything runs in one event loop; no locks. Gives way to `hands`, if it has any."""

    def __init__(self) -> None:
        from codex_tui.session.state import State

        self.state: State = State()
        self.hands: Hands | None = None
        self._waiting: list[Event] = []
        self._filled = asyncio.Event()
        self._news = asyncio.Event()  # something waits that is more than growing text
        self._due = 0.0  # the earliest moment of the next frame
        self._room = asyncio.Event()
        self._room.set()
        self._applied = asyncio.Event()  # set, and replaced, after each batch
        self._shown = asyncio.Event()  # the interface has what is applied
        self._shown.set()

    def put(self, *events: Event) -> None:
        """Events that must not wait: what the person did, what the engine's process did."""
        self._waiting.extend(events)
        self._filled.set()
        if not self._news.is_set() and not all(map(_grows, events)):
            self._news.set()

    async def put_all(self, events: Iterable[Event]) -> None:
        """Events from the engine; waits while too many are still to be applied."""
        self.put(*events)
        await self._give_way()
        if len(self._waiting) > WAITING_BOUND:
            self._room.clear()
            await self._room.wait()

    async def until(self, holds: Callable[[State], bool]) -> State:
        """The first state of which `holds` is true, this one included.

        What the engine has answered may still wait for its frame: who goes on from an answer waits
        for the state that knows of it. Without a deadline; the caller has one.
        """
        while not holds(self.state):
            await self._applied.wait()
        return self.state

    async def shown(self) -> None:
        """Until the interface has the state of now. Without a deadline; the caller has one."""
        await self._shown.wait()

    async def run(self, deliver: Callable[[State, Change], Awaitable[None]]) -> None:
        """Apply and deliver until cancelled."""
        while True:
            await self._filled.wait()
            began = time.monotonic()
            flood = len(self._waiting) >= FLOOD
            change = await self._apply()
            await self._give_way()
            if change:
                await deliver(self.state, change)
            self._shown.set()
            await self._pause(began, FLOODED_PER_SECOND if flood else GROWING_PER_SECOND)

    async def _give_way(self) -> None:
        if self.hands is not None:
            await self.hands.give_way()

    async def _pause(self, began: float, growing: int) -> None:
        """Until the next frame is due after one that began then; `growing` of them a second for mere text."""
        frame = 1 / FRAMES_PER_SECOND
        self._due = max(self._due, began - FRAMES_AHEAD * frame) + frame
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), max(0.0, began + 1 / growing - time.monotonic()))
        await asyncio.sleep(max(0.0, self._due - time.monotonic()))

    async def _apply(self) -> Change:
        from codex_tui.session.reducer import reduce_all

        self._filled.clear()
        self._news.clear()
        self._shown.clear()
        batch, self._waiting = self._waiting, []
        self._room.set()
        changes: Change = frozenset()
        for start in range(0, len(batch), SLICE):
            self.state, change = reduce_all(self.state, batch[start : start + SLICE])
            changes |= change
            await asyncio.sleep(0)
            await self._give_way()
        applied, self._applied = self._applied, asyncio.Event()
        applied.set()
        return changes


def _grows(event: Event) -> bool:
    return getattr(event, "method", "") in GROWING
