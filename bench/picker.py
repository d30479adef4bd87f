"""The picker over 5,000 saved threads, and over 50: from its key to the first page, and from a filter's
key to the narrowed list.

The threads are copies of one that the real engine made, under other ids, prompts, directories and days.
Only our client takes part: no other one lists all of them.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import anyio

from bench.clients import OURS, Client
from bench.resume import make_thread
from bench.tables import Figure, table
from bench.terminal import Terminal
from bench.workbench import Workbench, leave

COUNTS = (50, 5000)
FIRST_PAGE_MS = 150
FILTER_MS = 50
DIRECTORIES = 7
READY_SECONDS = 40.0
#: The engine looks at all files once before its index knows them; 5,000 take it some 30 s.
KNOWN_SECONDS = 240.0
WORDS = ("parser", "release", "colours", "socket", "fractions", "layout", "database", "login")
FILTER = "parser"
#: Stands in the first prompt of each, painted in one piece.
ROW = b" is wrong with it?"
#: Without output for so long a key has been dealt with.
QUIET_SECONDS = 0.15


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    del clients
    parts: list[str] = []
    with bench.model([[{"msg": "Done."}]]):
        made = anyio.run(make_thread, bench, 1)
    for count in COUNTS:
        _fill(bench.place.home, bench.place.project, made, count)
        with bench.model([]):
            _get_known(bench, count)
            opened = Figure("F7 to the first page", "ms", limit=FIRST_PAGE_MS)
            again = Figure("F7 to the first page, the second time", "ms", limit=FIRST_PAGE_MS)
            whole = Figure("F7 to all of them listed", "ms")
            key = Figure(
                "a key of the filter to the narrowed list, the slowest of a word", "ms", limit=FILTER_MS
            )
            for _ in range(runs):
                _one(bench, count, opened, again, whole, key)
        figures = table([opened, again, whole, key], [OURS.name])
        parts.append(f"**{count:,} saved threads**\n\n{figures}")
    return "\n\n".join(parts)


def _one(bench: Workbench, count: int, opened: Figure, again: Figure, whole: Figure, key: Figure) -> None:
    with bench.terminal(OURS) as terminal:
        terminal.wait_for("❯", READY_SECONDS)
        terminal.wait_for("gpt", READY_SECONDS)
        terminal.pump(1.5)
        opened.add(OURS.name, _open(terminal))
        terminal.press("escape")
        terminal.wait_gone("resume", READY_SECONDS)
        terminal.pump(0.5)
        began = time.monotonic()
        again.add(OURS.name, _open(terminal))
        terminal.wait_for(lambda text: "…" not in _head(text), KNOWN_SECONDS)
        whole.add(OURS.name, (time.monotonic() - began) * 1000)
        terminal.press("tab", "d", "tab")
        terminal.wait_for("all directories", READY_SECONDS)
        terminal.wait_quiet(QUIET_SECONDS, READY_SECONDS)
        key.add(OURS.name, max(_narrow(terminal, sign) for sign in FILTER))
        terminal.press("escape", "escape")
        leave(terminal)


def _open(terminal: Terminal) -> float:
    """Milliseconds from the key to the first rows. The screen is read later, which takes long."""
    began = time.monotonic() - terminal.started
    terminal.press("f7")
    at = terminal.wait_bytes(ROW, READY_SECONDS)
    terminal.wait_for(_has_rows, READY_SECONDS)
    return (at - began) * 1000


def _narrow(terminal: Terminal, sign: str) -> float:
    """Milliseconds from a sign of the filter to the last that is painted for it."""
    head = _head(terminal.text)
    began = time.monotonic() - terminal.started
    terminal.type(sign)
    terminal.wait_quiet(QUIET_SECONDS, READY_SECONDS)
    if _head(terminal.text) == head:  # it took longer than to be quiet
        terminal.wait_for(_differs(head), READY_SECONDS)
        terminal.wait_quiet(QUIET_SECONDS, READY_SECONDS)
    return (terminal.output[-1].at - began) * 1000


def _differs(head: str) -> Callable[[str], bool]:
    return lambda text: _head(text) != head


def _head(text: str) -> str:
    return text.split("\n", 1)[0]


def _has_rows(text: str) -> bool:
    rows = text.split("\n")
    return "resume" in rows[0] and any(word in row for row in rows[2:-2] for word in WORDS)


def _get_known(bench: Workbench, count: int) -> None:
    """Have the engine look at all files once, as it does over the days on which they are made."""
    with bench.terminal(OURS) as terminal:
        terminal.wait_for("gpt", READY_SECONDS)
        terminal.pump(1.0)
        terminal.press("f7")
        terminal.wait_for(
            lambda text: f"of {count:,}" in _head(text) and "…" not in _head(text), KNOWN_SECONDS
        )
        terminal.press("escape")
        leave(terminal)


def _fill(home: Path, project: Path, made: str, count: int) -> None:
    """So many saved threads in an engine's home: copies of the one that was made there."""
    (source,) = [path for path in home.rglob("rollout-*.jsonl") if made in path.name]
    # As other clients leave them: their turns are in the file alone.
    text = source.read_text(encoding="utf-8").replace('"history_mode":"paginated"', '"history_mode":"legacy"')
    source.unlink()
    shutil.rmtree(home / "sessions")
    for index in home.glob("*.sqlite*"):
        index.unlink()
    now = datetime.datetime.now(datetime.UTC)
    folder = source.parent
    for number in range(count):
        at = now - datetime.timedelta(minutes=11 * number + 5)
        new = made if number == 0 else str(uuid.UUID(int=(uuid.UUID(made).int + number) % 2**128))
        prompt = f"{WORDS[number % len(WORDS)]} {number}: what is wrong with it?"
        copy = text.replace(made, new).replace("Prompt 0: and then?", prompt)
        if number % DIRECTORIES:
            copy = copy.replace(
                json.dumps(str(project))[1:-1], f"/srv/projects/project-{number % DIRECTORIES}"
            )
        folder = home / "sessions" / f"{at:%Y/%m/%d}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"rollout-{at:%Y-%m-%dT%H-%M-%S}-{new}.jsonl"
        path.write_text(copy, encoding="utf-8")
        os.utime(path, (at.timestamp(), at.timestamp()))
