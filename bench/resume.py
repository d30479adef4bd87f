"""Resuming a thread of 300 turns: from launch to the last answer on the screen.

The thread is made once, by the real engine with a scripted model; every client resumes that one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence

import anyio

from bench.answers import END, long_answer
from bench.clients import Client, engine_path, environment
from bench.tables import Figure, table
from bench.terminal import ScreenTimeoutError
from bench.workbench import Turn, Workbench, leave

TURNS = 300
#: A turn's answer, about what a model says; the last one ends in END.
ANSWER_BYTES = 1200
READY_SECONDS = 40.0
#: The engine needs some 20 ms for a turn; a loaded machine ten times that.
MAKE_SECONDS = 240.0
IDLE_SECONDS = 3.0


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    shown = Figure("launch to the last answer on screen", "ms", share=1)
    cpu = Figure("processor time until then and 3 s on, client and engine", "s")
    memory = Figure("resident memory, client and engine", "MB")
    own = Figure("resident memory of the client's own process", "MB", limit=150)
    with bench.model(_answers()):
        thread = anyio.run(make_thread, bench, TURNS)
    for number in range(-1, runs):  # the first round warms the caches
        for client in clients:
            with bench.model([]):
                at, spent, resident, alone = resume(client, bench, thread)
            if number >= 0:
                shown.add(client.name, None if at is None else at * 1000)
                cpu.add(client.name, spent)
                memory.add(client.name, resident / 1e6)
                own.add(client.name, alone / 1e6)
    title = f"**a thread of {TURNS} turns**"
    return f"{title}\n\n{table([shown, cpu, memory, own], [client.name for client in clients])}"


def resume(client: Client, bench: Workbench, thread: str) -> tuple[float | None, float, int, int]:
    """Seconds from launch to the last word, processor seconds of the tree, resident bytes of it and of
    the client alone."""
    argv = (*client.argv, "resume", thread)
    with bench.terminal(Client(client.name, argv)) as terminal:
        at = None
        with contextlib.suppress(ScreenTimeoutError):
            at = terminal.wait_bytes(END.encode(), READY_SECONDS)
        terminal.pump(IDLE_SECONDS)
        spent, resident = terminal.cpu_seconds(), terminal.memory_bytes()
        own = terminal.own_memory_bytes()
        leave(terminal)
    return at, spent, resident, own


async def make_thread(bench: Workbench, turns: int) -> str:
    """A thread of so many turns in the workbench's home; gives its id."""
    from codex_tui.engine.client import engine_client
    from codex_tui.engine.locate import EngineBinary
    from codex_tui.engine.process import spawn
    from codex_tui.protocol.events import Notified

    env = os.environ | environment(bench.place, bench.port)
    process = spawn(EngineBinary(str(engine_path()), "bundled"), env=env, cwd=bench.place.project)
    ended_in, ended = anyio.create_memory_object_stream[str](turns)

    async def read() -> None:
        async for batch in client.events():
            for event in batch:
                if isinstance(event, Notified) and event.method == "turn/completed":
                    await ended_in.send(event.method)

    thread = ""
    with anyio.fail_after(MAKE_SECONDS):
        async with engine_client(process) as client, anyio.create_task_group() as group:
            group.start_soon(read)
            await client.initialize()
            thread = (await client.thread_start(cwd=str(bench.place.project))).thread.id
            for number in range(turns):
                await client.turn_start(thread, f"Prompt {number}: and then?")
                await ended.receive()
            await client.stop()
            group.cancel_scope.cancel()
    return thread


def _answers() -> list[Turn]:
    plain = long_answer(ANSWER_BYTES, rich=True).replace(END, "")
    turns: list[Turn] = [[{"msg": f"## Answer {number}\n\n{plain}"}] for number in range(TURNS - 1)]
    return [*turns, [{"msg": long_answer(ANSWER_BYTES, rich=True)}]]
