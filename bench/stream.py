"""A long answer: what it costs in processor time, and how soon its last word is on the screen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.answers import END, long_answer
from bench.clients import Client
from bench.tables import Figure, table
from bench.terminal import ScreenTimeoutError, Terminal
from bench.workbench import Turn, Workbench, leave

#: The answer of the title: 300 KB in 40-character deltas, as fast as the engine takes them.
LONG_BYTES = 300_000
DELTA = 40
#: The long one: 25,000 deltas.
MEGABYTE = 1_000_000
#: The same with code and tables, where some clients take time by the square of the length.
RICH_BYTES = 100_000
#: The paced answer: a quick model, for about ten seconds.
PACE = 60
PACED_SECONDS = 10
#: Longest time an answer may take; the slowest client seen needs a fifth of it.
ANSWER_SECONDS = 180.0
READY_SECONDS = 30.0
#: A client is done when it paints nothing for so long (spinners stop with the turn).
QUIET_SECONDS = 1.5
SETTLE_SECONDS = 15.0
PROMPT = "tell me"
#: No later than the other one, but for a frame.
LATER = 1.02


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: seconds of processor time of the whole tree, seconds from Enter to the last word
    (None if it never came), bytes painted, and resident bytes afterwards."""

    cpu: float
    wall: float | None
    painted: int
    memory: int
    own: int


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    few = max(1, runs // 2)
    rich = long_answer(RICH_BYTES, rich=True)
    paced = long_answer(PACE * PACED_SECONDS * DELTA, rich=True)
    tables = [
        _measure(
            "300 KB of prose and lists, at once",
            [{"msg": long_answer(LONG_BYTES), "chunk": DELTA}],
            clients,
            bench,
            runs,
        ),
        _measure(
            f"1 MB of prose and lists in {MEGABYTE // DELTA:,} deltas, at once",
            [{"msg": long_answer(MEGABYTE), "chunk": DELTA}],
            clients,
            bench,
            few,
            share=0.5,
        ),
        _measure(
            "100 KB with code and tables, at once",
            [{"msg": rich, "chunk": DELTA}],
            clients,
            bench,
            max(1, few // 2),
        ),
        _measure(
            f"24 KB with code and tables, {PACE} deltas a second",
            [{"msg": paced, "chunk": DELTA, "pause": 1 / PACE}],
            clients,
            bench,
            few,
            later=None,
        ),
    ]
    return "\n\n".join(tables)


def _measure(
    title: str,
    turn: Turn,
    clients: Sequence[Client],
    bench: Workbench,
    runs: int,
    *,
    share: float = 1,
    later: float | None = LATER,
) -> str:
    """`share`: of the other client's processor time that is wanted at most; `later`: of its time to the
    end, where the model does not set that."""
    cpu = Figure("processor time, client and engine", "s", share=share)
    wall = Figure("Enter to last word on screen", "s", share=later)
    painted = Figure("painted", "MB")
    memory = Figure("resident memory afterwards, client and engine", "MB")
    own = Figure("resident memory of the client's own process", "MB")
    for _ in range(runs):
        for client in clients:
            with bench.model([turn]):
                one = answer(client, bench)
            cpu.add(client.name, one.cpu)
            wall.add(client.name, one.wall)
            painted.add(client.name, one.painted / 1e6)
            memory.add(client.name, one.memory / 1e6)
            own.add(client.name, one.own / 1e6)
    figures = [cpu, wall, painted, memory, own]
    return f"**{title}**\n\n{table(figures, [client.name for client in clients])}"


def answer(client: Client, bench: Workbench) -> Answered:
    """Start `client`, ask once, and wait for the end of the answer."""
    with bench.terminal(client) as terminal:
        terminal.wait_for(client.shown, READY_SECONDS)
        terminal.wait_quiet(QUIET_SECONDS, SETTLE_SECONDS)
        terminal.type(PROMPT)
        terminal.wait_for(PROMPT)
        terminal.pump(0.5)  # a client may take keys that come too fast for a paste
        cpu, painted = terminal.cpu_seconds(), terminal.output_bytes
        terminal.press("enter")
        began = time.monotonic() - terminal.started
        ended = _last_word(terminal)
        terminal.wait_quiet(QUIET_SECONDS, SETTLE_SECONDS)
        result = Answered(
            cpu=terminal.cpu_seconds() - cpu,
            wall=None if ended is None else ended - began,
            painted=terminal.output_bytes - painted,
            memory=terminal.memory_bytes(),
            own=terminal.own_memory_bytes(),
        )
        leave(terminal)
    return result


def _last_word(terminal: Terminal) -> float | None:
    try:
        return terminal.wait_bytes(END.encode(), ANSWER_SECONDS)
    except ScreenTimeoutError:
        return None
