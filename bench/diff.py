"""Large diffs: opening the working tree's, paging and stepping through it, beside the official `/diff`;
and how long our interface stands still while enormous or senseless ones are read.

The first half runs in real terminals. Times are those of the output: from the key to the first line
of the diff, to the last painted sign of a page or a step. The second half runs our pane
without a terminal and looks how much it works between two rings of a timer of five milliseconds.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from textual.app import App, ComposeResult

from bench.answers import END
from bench.clients import OURS, Client
from bench.tables import Figure, short, table
from bench.terminal import ScreenTimeoutError, Terminal, visible
from bench.workbench import Workbench, leave
from codex_tui.launch import GC_THRESHOLDS, SWITCH_SECONDS
from codex_tui.paint.look import Look
from codex_tui.panes.diff import DiffPane
from codex_tui.panes.side import EVERYTHING
from codex_tui.paths import styles_dir
from codex_tui.session.series import Series
from codex_tui.session.state import State
from codex_tui.session.transcript import Settings, Thread, Turn

#: Lines of the file that changes; every fourth of them does, so the diff has a quarter more.
SIZES = (8_000, 300_000)
READY_SECONDS = 40.0
#: Git itself takes a while for the large one.
OPEN_SECONDS = 30.0
#: A key that shows later than this counts with this time.
KEY_SECONDS = 5.0
KEYS = 25
#: A held key repeats about thirty times a second; a reader presses some times a second.
EVERY_SECONDS = 0.15
#: After so much silence a screen is painted.
QUIET_SECONDS = 0.06
CHANGED = b"reckon"
"""Only in changed lines."""
WANTED_MS = 50
BEAT = 0.005
SETTLE_SECONDS = 0.5


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    """Two tables in terminals, one of our own."""
    parts: list[str] = []
    for size in SIZES:
        figures = {
            "open": Figure("first line on screen", "ms"),
            "page": Figure("page down, 95th percentile", "ms", limit=WANTED_MS),
            "step": Figure("line down, 95th percentile", "ms", limit=WANTED_MS),
            "end": Figure("last line on screen", "ms"),
            "memory": Figure("resident memory of the client", "MB"),
        }
        for _ in range(max(1, runs // 2)):
            for client in clients:
                write_changes(bench.place.project, size)
                for name, value in one_run(client, bench, size).items():
                    figures[name].add(client.name, value)
        title = f"**The working tree's diff, {size * 5 // 4:,} lines ({_bytes(size):.2g} MB)**"
        parts.append(f"{title}\n\n{table(list(figures.values()), [client.name for client in clients])}")
    parts.append(asyncio.run(_standstills(runs)))
    return "\n\n".join(parts)


# -- in terminals ----------------------------------------------------------------------------


def write_changes(project: Path, size: int) -> None:
    """A file of `size` lines in the last commit, of which every fourth is another one now."""
    lines = [f"value_{at} = compute({at}, name='number {at}')\n" for at in range(size)]
    git = ("git", "-c", "user.name=dev", "-c", "user.email=dev@example.com", "-C", str(project))
    (project / "large.py").write_text("".join(lines), encoding="utf-8")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "large"], check=True)
    lines[1::4] = [line.replace("compute", CHANGED.decode()) for line in lines[1::4]]
    (project / "large.py").write_text("".join(lines), encoding="utf-8")


def _bytes(size: int) -> float:
    """Megabytes of the diff: a line is as long as its number is."""
    return size * 5 / 4 * (37 + 2 * len(str(size))) / 1e6


def one_run(client: Client, bench: Workbench, size: int) -> dict[str, float | None]:
    """Open the diff, page, step, go to its end. Milliseconds, and megabytes."""
    found: dict[str, float | None] = {}
    with bench.model([[{"msg": END}]]), bench.terminal(client) as terminal:
        terminal.wait_for(client.shown, READY_SECONDS)
        terminal.wait_quiet(2.0, READY_SECONDS)
        if client is OURS:
            terminal.press("f3")
            terminal.pump(1.0)
            asked = _now(terminal)
            terminal.press("3")
        else:
            terminal.type("/diff")
            terminal.pump(1.0)
            asked = _now(terminal)
            terminal.press("enter")
        try:
            found["open"] = (terminal.wait_bytes(CHANGED, OPEN_SECONDS) - asked) * 1000
        except ScreenTimeoutError:
            return {"open": None, "page": None, "step": None, "end": None}
        terminal.wait_quiet(1.0, READY_SECONDS)
        found["page"] = _p95([_painted(terminal, "pagedown") for _ in range(KEYS)])
        found["step"] = _p95([_painted(terminal, "down") for _ in range(KEYS)])
        asked = _now(terminal)
        terminal.press("end")
        last = f"{(size - 2) // 4 * 4 + 1}".encode()
        try:
            found["end"] = (terminal.wait_bytes(last, OPEN_SECONDS) - asked) * 1000
        except ScreenTimeoutError:
            found["end"] = None
        found["memory"] = next((p.memory / 1e6 for p in terminal.processes() if p.pid == terminal.pid), None)
        terminal.press("q")
        leave(terminal)
    return found


def _now(terminal: Terminal) -> float:
    return time.monotonic() - terminal.started


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def _painted(terminal: Terminal, key: str) -> float:
    """Seconds from a key until the last sign of what it paints; a client that repaints only what
    differs has few."""
    pressed = last = time.monotonic()
    terminal.press(key)
    while (now := time.monotonic()) - pressed < KEY_SECONDS:
        if visible(terminal.read(QUIET_SECONDS)):
            last = time.monotonic()
        elif last > pressed and now - last >= QUIET_SECONDS:
            terminal.pump(EVERY_SECONDS)
            return last - pressed
    return KEY_SECONDS


# -- without a terminal ----------------------------------------------------------------------


class _Stage(App[None]):
    """The pane alone."""

    CSS_PATH: ClassVar = [styles_dir() / "app.tcss", styles_dir() / "diff.tcss"]

    def __init__(self) -> None:
        super().__init__()
        self.pane = DiffPane(Look())

    def compose(self) -> ComposeResult:
        yield self.pane


def _file(path: str, lines: Sequence[str]) -> str:
    removed = sum(line[0] != "+" for line in lines)
    added = sum(line[0] != "-" for line in lines)
    head = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1,{removed} +1,{added} @@\n"
    return head + "\n".join(lines) + "\n"


def _lines(count: int) -> list[str]:
    return [f"{' -+ '[at % 4]}value_{at} = compute({at}, name='number {at}')" for at in range(count)]


DIFFS: dict[str, Callable[[], str]] = {
    "10,000 lines": lambda: _file("large.py", _lines(10_000)),
    "20 MB, 400,000 lines": lambda: _file("large.py", _lines(400_000)),
    "20 MB, one line": lambda: _file("large.min.js", ["-" + "x" * 10_000_000, "+" + "é" * 10_000_000]),
    "20 MB that are no diff": lambda: "what is this\n" * 1_600_000,
    "5,000 files": lambda: "".join(_file(f"d{at % 50}/f{at}.py", _lines(8)) for at in range(5_000)),
}


async def _standstills(runs: int) -> str:
    gc.set_threshold(*GC_THRESHOLDS)
    sys.setswitchinterval(SWITCH_SECONDS)
    rows = [
        [
            "",
            "on screen after",
            "longest standstill, processor time",
            "longest standstill, by the clock",
            "a key, processor time",
        ],
        ["---"] * 5,
    ]
    for name, make in DIFFS.items():
        diff = make()
        found = [await _standstill(diff) for _ in range(max(1, runs // 2))]
        cells = [f"{short(statistics.median(values))} ms" for values in zip(*found, strict=True)]
        rows.append([name, *cells])
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"**What a turn changed, read by our pane at 120x40**\n\n{lines}"


async def _standstill(diff: str) -> tuple[float, float, float, float]:
    """Milliseconds until a diff is on screen; the longest between two beats until all of it is laid out,
    in processor time of the interface's own thread and by the clock, which has what other threads
    held it up too; and the most processor time that a key took until nothing was left to do."""
    stage = _Stage()
    async with stage.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        thread = Thread(id="t", settings=Settings(cwd="/p"), turns=Series([Turn("u", diff=diff)]))
        state = State(threads=MappingProxyType({"t": thread}), active_id="t")
        gaps: list[float] = []
        waits: list[float] = []

        async def beat() -> None:
            while True:
                before, clock = time.thread_time(), time.perf_counter()
                await asyncio.sleep(BEAT)
                gaps.append(time.thread_time() - before)
                waits.append(time.perf_counter() - clock - BEAT)

        await asyncio.sleep(SETTLE_SECONDS)  # the program's own first frame is no part of this
        beating = asyncio.create_task(beat())
        begun = time.perf_counter()
        await asyncio.sleep(0)
        stage.pane.take(state, EVERYTHING)
        while not stage.pane.view.page.files:  # noqa: ASYNC110 - the pane says it to nobody
            await asyncio.sleep(BEAT)
        await pilot.pause()
        shown = time.perf_counter() - begun
        while stage.pane.view.busy:  # noqa: ASYNC110 - as above
            await asyncio.sleep(BEAT)
        await pilot.pause()
        stopped, waited = max(gaps), max(waits)
        keys: list[float] = []
        for key in ("down", "pagedown", "full_stop", "end", "home", "right_square_bracket"):
            pressed = time.thread_time()
            await pilot.press(key)
            keys.append(time.thread_time() - pressed)
        beating.cancel()
    return shown * 1000, stopped * 1000, waited * 1000, max(keys) * 1000
