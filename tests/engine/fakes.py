"""Small stand-ins for the engine: real processes that misbehave in one way each."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio

from codex_tui.engine.client import EngineClient, engine_client
from codex_tui.engine.locate import EngineBinary
from codex_tui.engine.process import spawn, stop_now
from codex_tui.protocol.events import Event

# What every fake starts with: `say` writes one message, `ask` reads one, `serve` answers initialize.
PRELUDE = """
import json, os, signal, subprocess, sys, time
out = sys.stdout.buffer

def say(message):
    out.write(json.dumps(message).encode() + b"\\n")
    out.flush()

def ask():
    line = sys.stdin.buffer.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)

def initialize():
    request = ask()
    say({"id": request["id"], "result": {"userAgent": "codex_tui/0.0.1 (fake)", "codexHome": "/nowhere"}})
    ask()
"""


def script(folder: Path, body: str, name: str = "codex") -> EngineBinary:
    """An executable of that body behind the prelude."""
    path = folder / name
    path.write_text(f"#!{sys.executable} -S\n{PRELUDE}\n{body}\n")
    path.chmod(0o755)
    return EngineBinary(str(path), "test")


class Heard:
    """All events of a client, and a way to wait for one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = anyio.Event()

    async def listen(self, client: EngineClient) -> None:
        async for batch in client.events():
            self.events.extend(batch)
            self._news.set()
            self._news = anyio.Event()

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    async def until(self, wanted: Callable[[Event], bool], seconds: float = 20) -> Any:
        """The first event that `wanted` accepts, now or within `seconds`."""
        seen = 0
        with anyio.fail_after(seconds):
            while True:
                for event in self.events[seen:]:
                    if wanted(event):
                        return event
                seen = len(self.events)
                await self._news.wait()

    async def one(self, kind: type[Any], seconds: float = 20) -> Any:
        return await self.until(lambda event: isinstance(event, kind), seconds)


@asynccontextmanager
async def running(
    binary: EngineBinary, env: dict[str, str] | None = None, **more: Any
) -> AsyncGenerator[tuple[EngineClient, Heard]]:
    """A client of that engine with somebody who reads its events."""
    process = spawn(binary, env=env, cwd="/")
    heard = Heard()
    try:
        async with (
            engine_client(process, path=binary.path, **more) as client,
            anyio.create_task_group() as group,
        ):
            group.start_soon(heard.listen, client)
            try:
                yield client, heard
            finally:
                group.cancel_scope.cancel()
    finally:
        left = process.poll() is None
        stop_now(process)
        assert not left, "the engine outlived its client"


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether that process ends (or is only a zombie) within `seconds`: long, for machines under load."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.strip()
        if not state or state.startswith("Z"):
            return True
        time.sleep(0.02)
    return False


def children(pid: int) -> list[int]:
    """Pids of the direct children of `pid`, zombies included, but for the `ps` that looks."""
    command = ["ps", "-A", "-o", "pid=,ppid=,comm="]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in text.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == pid and row[2] != "ps"]
