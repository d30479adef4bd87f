"""From launch to first paint, to typed text on the screen, and to the first answer; then sitting idle.

Two texts are typed: one at the very launch, which must be kept, and one at the first paint. A
moment later Enter sends them, so that a first frame without a client behind it would show here.
Times are those of the output that brought them, found afterwards by replaying it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.answers import END
from bench.clients import Client
from bench.screen import Screen
from bench.tables import Figure, table
from bench.terminal import ScreenTimeoutError, Terminal, visible
from bench.workbench import Workbench, leave

#: Typed at launch and at the first paint; neither is on any client's first screen.
EARLY = "zqearly"
LATE = "xwlate"
#: A client that has not painted by then is not measured.
PAINT_SECONDS = 30.0
#: From first paint to Enter: a person's shortest pause, and no client takes it for a paste.
ENTER_AFTER = 0.3
#: How long the answer, one word, may take.
ANSWER_SECONDS = 15.0
#: Starting an engine and its first look around are over by then; idle is measured after it.
SETTLE_SECONDS = 5.0
IDLE_SECONDS = 10.0
#: Idle takes long and varies little.
IDLE_RUNS = 2


@dataclass(frozen=True, slots=True)
class Start:
    """One launch: seconds from it, None for what never came; idle in per cent of a core; bytes."""

    paint: float | None
    early: float | None
    late: float | None
    answered: float | None
    idle: float | None
    memory: float
    own: float


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    figures = [
        Figure("first paint of the composer", "ms"),
        Figure("text typed at launch is on screen", "ms", limit=350),
        Figure("text typed at first paint is on screen", "ms", limit=350),
        Figure("answer to it is on screen", "ms"),
        Figure(f"idle, of one core, over {IDLE_SECONDS:.0f} s", "%", limit=1),
        Figure("resident memory, client and engine", "MB"),
        Figure("resident memory of the client's own process", "MB"),
    ]
    for number in range(-1, runs):  # the first round warms the caches
        for client in clients:
            with bench.model([[{"msg": END}]]):
                one = launch(client, bench, idle=0 <= number < IDLE_RUNS)
            if number < 0:
                continue
            times = (one.paint, one.early, one.late, one.answered)
            for figure, value in zip(figures, times, strict=False):
                figure.add(client.name, None if value is None else value * 1000)
            if one.idle is not None:
                figures[4].add(client.name, one.idle)
                figures[5].add(client.name, one.memory / 1e6)
                figures[6].add(client.name, one.own / 1e6)
    return table(figures, [client.name for client in clients])


def launch(client: Client, bench: Workbench, *, idle: bool) -> Start:
    """Start `client` once, type, and look."""
    with bench.terminal(client) as terminal:
        terminal.type(EARLY)
        _wait_for_paint(terminal, client)
        terminal.type(LATE)
        terminal.pump(ENTER_AFTER)
        terminal.press("enter")
        answered = None
        with contextlib.suppress(ScreenTimeoutError):
            answered = terminal.wait_bytes(END.encode(), ANSWER_SECONDS) if client.talks else None
        share = _idle_share(terminal) if idle else None
        memory, own = terminal.memory_bytes(), terminal.own_memory_bytes()
        paint = seen(terminal, client.shown)
        early = seen(terminal, lambda text: EARLY in text)
        late = seen(terminal, lambda text: LATE in text)
        leave(terminal)
    return Start(paint, early, late, answered, share, memory, own)


def _wait_for_paint(terminal: Terminal, client: Client) -> None:
    """Until the output holds the first frame; no emulator, to disturb nothing."""
    wanted = (client.mark or "").encode()
    so_far = b""
    deadline = time.monotonic() + PAINT_SECONDS
    while time.monotonic() < deadline and terminal.running:
        so_far += terminal.read(0.1)
        if wanted in so_far if wanted else visible(so_far):
            return


def _idle_share(terminal: Terminal) -> float:
    terminal.pump(SETTLE_SECONDS)
    before, began = terminal.cpu_seconds(), time.monotonic()
    terminal.pump(IDLE_SECONDS)
    return 100 * (terminal.cpu_seconds() - before) / (time.monotonic() - began)


def seen(terminal: Terminal, shown: Callable[[str], bool]) -> float | None:
    """When the screen first satisfied `shown`, in seconds after the launch."""
    screen = Screen(120, 40)
    for chunk in terminal.output:
        screen.feed(chunk.data)
        if shown(screen.text):
            return chunk.at
    return None
