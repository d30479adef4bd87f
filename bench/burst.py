"""Typing while 200,000 deltas come in at once: how soon each key shows, and whether the end is right.

Keys are letters that are nowhere in the answer, so each is found in the raw output.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.answers import END, long_answer
from bench.clients import Client
from bench.stream import DELTA, PROMPT, QUIET_SECONDS, READY_SECONDS, SETTLE_SECONDS
from bench.tables import Figure, table
from bench.terminal import ScreenTimeoutError, Terminal
from bench.workbench import Workbench, leave

DELTAS = 200_000
#: Each is typed once, so that the one that shows is the one that was typed.
KEYS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
#: A quick typist.
EVERY_SECONDS = 0.15
#: A client that shows a key later than this is not usable; the key counts with this time.
ECHO_SECONDS = 5.0
#: From Enter to the first key: the answer is running by then.
BEGIN_SECONDS = 1.5
#: A client that needs longer for the whole answer is left alone.
ANSWER_SECONDS = 50.0


@dataclass(frozen=True, slots=True)
class Typed:
    """Seconds from each key to its echo; and from Enter to the last word, None if it never came."""

    echoes: list[float]
    wall: float | None


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    figures = [
        Figure("key to screen, median", "ms"),
        Figure("key to screen, 95th percentile", "ms", limit=100),
        Figure("Enter to last word on screen", "s"),
    ]
    turn = {"msg": long_answer(DELTAS * DELTA), "chunk": DELTA}
    for _ in range(max(1, runs // 2)):
        for client in clients:
            with bench.model([[turn]]):
                one = type_along(client, bench)
            figures[0].add(client.name, statistics.median(one.echoes) * 1000)
            figures[1].add(client.name, statistics.quantiles(one.echoes, n=20)[-1] * 1000)
            figures[2].add(client.name, one.wall)
    title = f"**{DELTAS:,} deltas at once, {len(KEYS)} keys meanwhile**"
    return f"{title}\n\n{table(figures, [client.name for client in clients])}"


def type_along(client: Client, bench: Workbench) -> Typed:
    """Start `client`, ask once, and type while it answers."""
    with bench.terminal(client) as terminal:
        terminal.wait_for(client.shown, READY_SECONDS)
        terminal.wait_quiet(QUIET_SECONDS, SETTLE_SECONDS)
        terminal.type(PROMPT)
        terminal.wait_for(PROMPT)
        terminal.pump(0.5)  # a client may take keys that come too fast for a paste
        terminal.press("enter")
        began = time.monotonic() - terminal.started
        terminal.pump(BEGIN_SECONDS)
        echoes = [_echo(terminal, key) for key in KEYS]
        ended = _last_word(terminal)
        leave(terminal)
    return Typed(echoes, None if ended is None else ended - began)


def _last_word(terminal: Terminal) -> float | None:
    for chunk in terminal.output:  # a quick client is done before the typist is
        if END.encode() in chunk.data:
            return chunk.at
    with contextlib.suppress(ScreenTimeoutError):
        return terminal.wait_bytes(END.encode(), ANSWER_SECONDS)
    return None


def _echo(terminal: Terminal, key: str) -> float:
    typed = time.monotonic() - terminal.started
    terminal.type(key)
    try:
        shown = terminal.wait_bytes(key.encode(), ECHO_SECONDS) - typed
    except ScreenTimeoutError:
        return ECHO_SECONDS
    terminal.pump(max(0.0, EVERY_SECONDS - shown))
    return shown
