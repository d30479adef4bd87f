"""What one more delta costs in a transcript of 100 items and in one of 100,000: reducer, layout and frame.

Only our own code, in this process and without a terminal, in CPU time. Each delta is taken alone and
painted at once, which the client does not do when many come together.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from itertools import islice
from typing import Any

from bench import long_thread
from bench.clients import Client
from bench.tables import short
from bench.workbench import Workbench

SIZES = (100, 10_000, 100_000)
DELTAS = 400
PLACE = {"threadId": long_thread.THREAD, "turnId": "live", "itemId": "answer"}


def measure(clients: Sequence[Client], workbench: Workbench, runs: int) -> str:
    """A table of milliseconds a delta, and the ratio of each size to the smallest."""
    worlds = {size: World(size) for size in SIZES}
    taken: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(max(3, runs)):
        for size, world in worlds.items():  # in turn, so that a busy machine is busy for all
            taken[size].append(world.stream())
    best = {size: min(values) for size, values in taken.items()}
    rows = ["| items | CPU a delta, best run | median | to 100 items |", "|---|---|---|---|"]
    rows += [
        f"| {size:,} | {short(best[size] * 1000)} ms | {short(statistics.median(taken[size]) * 1000)} ms "
        f"| {best[size] / best[SIZES[0]]:.2f}× |"
        for size in SIZES
    ]
    return "CPU time. Wanted: at most 1.2×.\n\n" + "\n".join(rows)


class World:
    """A thread of `size` items in one turn and less, laid out, and an answer that grows in it."""

    def __init__(self, size: int) -> None:
        from codex_tui.paint.look import Look
        from codex_tui.panes.chat import painters
        from codex_tui.panes.chat.layout import Layout
        from codex_tui.panes.chat.window import Window
        from codex_tui.protocol.events import ThreadOpened
        from codex_tui.protocol.registry import notified, parse_result
        from codex_tui.session.reducer import reduce
        from codex_tui.session.state import State

        engine = long_thread.Engine(max(1, size // 10))
        result: Any = parse_result(
            "thread/resume", {"thread": engine.thread(), "cwd": "/", "initialTurnsPage": None}
        )
        page: Any = parse_result("thread/turns/list", engine.page(engine.turns, engine.turns))
        turns = tuple(reversed(page.data))
        self._reduce, self._notified = reduce, notified
        self._state, _ = reduce(State(), ThreadOpened(result, "resumed", turns))
        self._window = Window(Layout(painters, Look(width=100)), 40)
        assert self._state.active is not None
        self._window.load(self._state.active)
        self._window.frame()
        turn: dict[str, Any] = {"id": PLACE["turnId"], "items": [], "status": "inProgress"}
        self._take("turn/started", {"threadId": long_thread.THREAD, "turn": turn})

    def _take(self, method: str, params: dict[str, Any]) -> None:
        self._state, change = self._reduce(self._state, self._notified(method, params))
        assert self._state.active is not None
        self._window.take(self._state.active, change)
        self._window.frame()

    def stream(self) -> float:
        """Seconds of processor time a delta, over an answer that begins anew."""
        whole = long_thread.message(PLACE["itemId"], "")
        place = {name: PLACE[name] for name in islice(PLACE, 2)}
        self._take("item/started", {**place, "item": whole})
        began = time.process_time()
        text = ""
        for number in range(DELTAS):
            delta = f"word {number} of it{'. And on:' if number % 9 else chr(10) * 2}"
            text += delta
            self._take("item/agentMessage/delta", {**PLACE, "delta": delta})
        took = time.process_time() - began
        assert self._state.active is not None
        answer: Any = next(reversed(next(reversed(self._state.active.turns)).items))
        assert answer.body.text.endswith(text)
        return took / DELTAS
