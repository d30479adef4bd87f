"""What a program costs: processor time and memory of it and all its descendants.

On Linux the kernel's /proc is read; elsewhere `ps` is asked, whose clock ticks in hundredths too.
Time of children that ended and were waited for counts through their parent.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_HAS_PROC = (_PROC / "self" / "stat").exists()
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: `ps` answers in well under a second; more means it hangs.
_PS_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Process:
    """One process: `cpu` in seconds, its own and of its reaped children; `memory` in resident bytes."""

    pid: int
    parent: int
    session: int
    name: str
    state: str
    cpu: float
    memory: int


def all_processes() -> dict[int, Process]:
    """Every process that can be seen, by id; zombies are left out."""
    found = _from_proc() if _HAS_PROC else _from_ps()
    return {process.pid: process for process in found if process.state not in "ZX"}


def tree(root: int) -> list[Process]:
    """`root`, if it lives, and its descendants."""
    everyone = all_processes()
    children: dict[int, list[int]] = {}
    for process in everyone.values():
        children.setdefault(process.parent, []).append(process.pid)
    found: list[Process] = []
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        if pid in everyone:
            found.append(everyone[pid])
        waiting.extend(children.get(pid, ()))
    return found


def marked(mark: str) -> list[Process]:
    """Processes that were started with `mark` in their environment, wherever they hang now.

    Only where /proc shows environments; elsewhere nothing is found.
    """
    if not _HAS_PROC:
        return []
    needle = mark.encode()
    found: list[Process] = []
    for pid, process in all_processes().items():
        try:
            environment = (_PROC / str(pid) / "environ").read_bytes()
        except OSError:
            continue
        if needle in environment:
            found.append(process)
    return found


def _from_proc() -> list[Process]:
    found: list[Process] = []
    for folder in _PROC.iterdir():
        entry = folder.name
        if not entry.isdigit():
            continue
        try:
            stat = (folder / "stat").read_bytes().decode(errors="replace")
        except OSError:
            continue  # it ended meanwhile
        head, _, tail = stat.rpartition(")")
        name = head.partition("(")[2]
        fields = tail.split()
        found.append(
            Process(
                pid=int(entry),
                parent=int(fields[1]),
                session=int(fields[3]),
                name=name,
                state=fields[0],
                cpu=sum(int(part) for part in fields[11:15]) * _TICK,
                memory=int(fields[21]) * _PAGE,
            )
        )
    return found


def _from_ps() -> list[Process]:
    command = ["ps", "-A", "-o", "pid=,ppid=,pgid=,state=,time=,rss=,comm="]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_PS_SECONDS).stdout
    found: list[Process] = []
    for line in output.splitlines():
        pid, parent, group, state, time, rss, name = line.split(None, 6)
        found.append(
            Process(
                pid=int(pid),
                parent=int(parent),
                session=int(group),
                name=name,
                state=state[0],
                cpu=_seconds(time),
                memory=int(rss) * 1024,
            )
        )
    return found


def _seconds(clock: str) -> float:
    """`[dd-]hh:mm:ss`, or `mm:ss.cc` as macOS prints it."""
    days, _, rest = clock.rpartition("-")
    total = 0.0
    for part in rest.split(":"):
        total = total * 60 + float(part)
    return total + (int(days) * 86400 if days else 0)
