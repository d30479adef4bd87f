"""A thread of 10,000 items: opening it, typing and paging in it, idle and while an answer streams.

The engine is a scripted one (`bench.long_thread`), as no other client can be given a thread of that
many items in the time a bench has; so only our own client takes part. Times are those of the output,
from the key to the painting of it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import long_thread
from bench.clients import OURS, Client
from bench.tables import Figure, table
from bench.terminal import ScreenTimeoutError, Terminal, visible
from bench.workbench import Workbench, leave
from codex_tui.demo.home import write_config

TURNS = 1000
ITEMS = 10
#: Letters that are nowhere in the thread, each typed once: the one that shows is the one typed.
KEYS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
#: A quick typist.
EVERY_SECONDS = 0.12
#: A key that shows later than this counts with this time.
ECHO_SECONDS = 5.0
PAGES = 20
#: After so many back to the end: a thread of 100 items has no more.
PAGES_UP = 5
#: Visible bytes after which a page counts as painted: a page has thousands, the rule a few dozen.
PAGE_BYTES = 600
READY_SECONDS = 40.0
#: What the first page may come with.
PAGED = ("thread/turns/list", "thread/resume")
#: What the status line says of the scripted engine's model, once the thread is open.
MODEL = b"gpt-5.5"
#: On the first line of the thread.
FIRST = b"Prompt 0:"
#: Deltas of the streamed answer: as long as the keys and pages take.
DELTAS = 900


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    """Our client alone, whoever else is asked for."""
    named = {
        "open": Figure("last screen after its page arrived", "ms", limit=300),
        "launch": Figure("last screen after launch", "ms"),
        "whole": Figure("conversation, model and settings after launch", "ms"),
        "first": Figure("first line on screen after Ctrl+Home, all between fetched", "ms"),
        "memory": Figure("resident memory of the client", "MB", limit=150),
        "keys": Figure("key to screen, 95th percentile, idle", "ms", limit=50),
        "pages": Figure("page up, 95th percentile, idle", "ms", limit=50),
        "keys streaming": Figure("key to screen, 95th percentile, streaming", "ms", limit=50),
        "pages streaming": Figure("page up, 95th percentile, streaming", "ms", limit=50),
        "cpu": Figure("processor time of the client for an answer of 900 deltas, 60 a second", "s"),
    }
    for size in (TURNS // 100, TURNS):
        name = f"{size * ITEMS:,} items"
        for _ in range(max(1, runs // 2)):
            for key, value in one_run(OURS, bench, size).items():
                named[key].add(name, value)
    columns = [f"{TURNS * ITEMS:,} items", f"{TURNS // 100 * ITEMS:,} items"]
    return table(list(named.values()), columns)


def one_run(client: Client, bench: Workbench, turns: int) -> dict[str, float | None]:
    """Open, type, page, stream. Seconds become milliseconds where the figure says so."""
    log = bench.place.root / "moments"
    log.unlink(missing_ok=True)
    found: dict[str, float | None] = {}
    with _scripted(bench, turns) as engine:
        argv = (*client.argv, "resume", long_thread.THREAD)
        env = {"CODEX_TUI_ENGINE": str(engine), "LONG_THREAD_LOG": str(log)}
        env["LONG_THREAD_CWD"] = str(bench.place.project)
        with bench.terminal(Client(client.name, argv), env=env) as terminal:
            shown = terminal.wait_bytes(long_thread.LAST.encode(), READY_SECONDS)
            whole = terminal.wait_bytes(MODEL, READY_SECONDS)
            moments = _moments(log)
            arrived = min(moments[one] for one in PAGED if one in moments) - terminal.started
            found["launch"], found["open"] = shown * 1000, (shown - arrived) * 1000
            found["whole"] = whole * 1000
            terminal.wait_quiet(2.0, READY_SECONDS)
            pressed = time.monotonic() - terminal.started
            terminal.press("ctrl+home")  # what is measured is a thread that is here from its first line
            found["first"] = (terminal.wait_bytes(FIRST, READY_SECONDS) - pressed) * 1000
            terminal.press("ctrl+end")
            terminal.wait_quiet(2.0, READY_SECONDS)
            found["keys"] = _p95([_echo(terminal, key) for key in KEYS])
            terminal.press("ctrl+c")  # clears the draft
            terminal.pump(0.5)
            found["pages"] = _pages(terminal)
            found["memory"] = _memory(terminal)
            terminal.press("ctrl+end")
            terminal.pump(0.5)
            terminal.type(f"stream {DELTAS}")
            terminal.pump(0.5)
            cpu = _cpu(terminal)
            terminal.press("enter")
            terminal.pump(0.5)
            found["keys streaming"] = _p95([_echo(terminal, key) for key in KEYS])
            found["pages streaming"] = _pages(terminal)
            terminal.press("ctrl+end")
            try:
                terminal.wait_bytes(long_thread.LAST.encode(), DELTAS / long_thread.PACE + 10)
            except ScreenTimeoutError:
                found["keys streaming"] = None  # an answer that never ended makes the figures worthless
            found["cpu"] = _cpu(terminal) - cpu
            leave(terminal)
    return found


@contextmanager
def _scripted(bench: Workbench, turns: int) -> Generator[Path]:
    """An executable that is the scripted engine."""
    path = bench.place.root / "engine"
    script = Path(long_thread.__file__)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" {turns} "$@"\n', encoding="utf-8")
    path.chmod(0o700)
    write_config(bench.place, "http://127.0.0.1:9/v1")  # for what it says of the project: trusted
    yield path
    path.unlink()


def _moments(log: Path) -> dict[str, float]:
    lines = (line.split() for line in log.read_text(encoding="ascii").splitlines())
    return {word: float(at) for word, at in reversed([*lines])}  # the first of each


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def _memory(terminal: Terminal) -> float | None:
    return next((p.memory / 1e6 for p in terminal.processes() if p.pid == terminal.pid), None)


def _cpu(terminal: Terminal) -> float:
    return next((p.cpu for p in terminal.processes() if p.pid == terminal.pid), 0.0)


def _echo(terminal: Terminal, key: str) -> float:
    typed = time.monotonic() - terminal.started
    terminal.type(key)
    try:
        shown = terminal.wait_bytes(key.encode(), ECHO_SECONDS) - typed
    except ScreenTimeoutError:
        return ECHO_SECONDS
    terminal.pump(max(0.0, EVERY_SECONDS - shown))
    return shown


def _pages(terminal: Terminal) -> float:
    taken: list[float] = []
    for number in range(PAGES):
        if number % PAGES_UP == 0:
            terminal.press("ctrl+end")
            terminal.pump(0.5)
        taken.append(_page(terminal))
    return _p95(taken)


def _page(terminal: Terminal) -> float:
    pressed = time.monotonic()
    terminal.press("pageup")
    seen = 0
    while time.monotonic() - pressed < ECHO_SECONDS:
        data = terminal.read(0.1)
        seen += len(visible(data))
        if seen >= PAGE_BYTES:
            took = time.monotonic() - pressed
            terminal.pump(EVERY_SECONDS)
            return took
    return ECHO_SECONDS
