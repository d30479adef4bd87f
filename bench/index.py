"""The search over what was said for engines that have none: our own index over 5,000 saved threads.

Only our own code, in this process: made anew while an event loop goes on beside it, brought up to date, and
asked for rare and for common words. The files are as engines up to 0.150 wrote them, a tenth of them words
that were said, those being the help texts of Python itself.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.clients import OURS, Client
from bench.tables import Figure, table
from bench.workbench import Workbench

if TYPE_CHECKING:
    from codex_tui.history.index import Index

FILES = 5000
TURNS = 4
LOOP_MS = 50
UNCHANGED_MS = 300
QUERY_MS = 50
TRIES = 5
BUILD_SECONDS = 600.0
QUERIES = ("generator expression", "exception", "the", "xyzzy", "発酵", "of", "e")
"""What is looked for: rare and common, in every thread and in one, of three letters and fewer."""


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    del clients, bench
    with TemporaryDirectory(prefix="codex-tui-index-") as folder:
        place = Path(folder)
        size = _fill(place / "home")
        return _measured(place, size, runs)


def _measured(place: Path, size: int, runs: int) -> str:
    from codex_tui.history.index import Index
    from codex_tui.launch import SWITCH_SECONDS

    sys.setswitchinterval(SWITCH_SECONDS)
    built = Figure("made anew", "s")
    work = Figure("processor time of that", "s")
    slice = Figure("longest wait of an event loop beside it", "ms", limit=LOOP_MS)
    unchanged = Figure("brought up to date, nothing changed", "ms", limit=UNCHANGED_MS)
    changed = Figure("brought up to date, one file changed", "ms", limit=UNCHANGED_MS)
    queries = [Figure(f"looked for `{wanted}`", "ms", limit=QUERY_MS) for wanted in QUERIES]
    me, kept = OURS.name, 0
    for run in range(min(runs, 2)):
        index = Index(place / "home", place / f"state{run}")
        cpu, began = time.process_time(), time.perf_counter()
        slice.add(me, asyncio.run(_watched(index)))
        built.add(me, time.perf_counter() - began)
        work.add(me, time.process_time() - cpu)
        kept = sum(path.stat().st_size for path in (place / f"state{run}").rglob("*.sqlite"))
        for _ in range(TRIES):
            unchanged.add(me, _timed(partial(_refreshed, index)))
            with (place / "home" / "sessions" / _name(7)).open("ab") as file:
                file.write(_event("agent_message", message="one more"))
            changed.add(me, _timed(partial(_refreshed, index)))
            for wanted, figure in zip(QUERIES, queries, strict=True):
                figure.add(me, _timed(partial(index.find, wanted, archived=False, limit=100)))
        index.close()
    speed = size / 1e6 / statistics.median([value for value in built.values[me] if value is not None])
    figures = table([built, work, slice, unchanged, changed, *queries], [me])
    return (
        f"{FILES:,} files of {size / 1e6:.0f} MB, {speed:.0f} MB/s; the index takes {kept / 1e6:.0f} MB.\n\n"
        f"{figures}"
    )


async def _watched(index: Index) -> float:
    """Milliseconds that a loop waited at most for its turn while the index is made."""
    index.refresh()
    longest, before, end = 0.0, time.perf_counter(), time.perf_counter() + BUILD_SECONDS
    while index.progress is not None:
        await asyncio.sleep(0.002)
        now = time.perf_counter()
        longest, before = max(longest, now - before - 0.002), now
        assert now < end, "it takes too long"
    return longest * 1000


def _refreshed(index: Index) -> None:
    index.refresh()
    assert index.wait(BUILD_SECONDS)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _fill(home: Path) -> int:
    """So many files; their bytes."""
    from pydoc_data.topics import topics  # Python's help texts: prose and code, some 700 kB

    words = " ".join(topics[name] for name in sorted(topics)).split(" ")
    pick = random.Random(5)

    def text(count: int) -> str:
        at = pick.randrange(len(words) - count)
        return " ".join(words[at : at + count])

    folder = home / "sessions"
    folder.mkdir(parents=True)
    size = 0
    for number in range(FILES):
        lines = [_line("session_meta", {"id": str(_id(number)), "instructions": text(400)})]
        for turn in range(TURNS):
            lines.append(_event("task_started", turn_id=f"{number}-{turn}"))
            for kind, count in (("user_message", 25), ("agent_message", 40), ("agent_message", 120)):
                said = text(count) + (" 発酵" if number % 1000 == 7 else "")
                role = "user" if kind == "user_message" else "assistant"
                part = {"type": "message", "role": role, "content": [{"type": "output_text", "text": said}]}
                output = {"type": "function_call_output", "output": text(400)}
                lines += [_line("response_item", part), _event(kind, message=said)]
                lines += [_line("response_item", output), _event("token_count", info={"total": count})]
            lines.append(_event("task_complete", turn_id=f"{number}-{turn}"))
        path = folder / _name(number)
        path.write_bytes(b"".join(lines))
        at = 1_760_000_000 + 600 * number
        os.utime(path, (at, at))
        size += path.stat().st_size
    return size


def _id(number: int) -> uuid.UUID:
    return uuid.UUID(int=number + (0x01998000 << 96))


def _name(number: int) -> str:
    at = datetime.datetime(2026, 1, 1) + datetime.timedelta(minutes=10 * number)
    return f"rollout-{at:%Y-%m-%dT%H-%M-%S}-{_id(number)}.jsonl"


def _event(kind: str, **members: object) -> bytes:
    return _line("event_msg", {"type": kind, **members})


def _line(kind: str, payload: Mapping[str, object]) -> bytes:
    record = {"timestamp": "2026-01-02T03:04:05.678Z", "type": kind, "payload": payload}
    return json.dumps(record).encode() + b"\n"
