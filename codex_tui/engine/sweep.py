"""What a dead engine left behind: found by session and parentage, ended by signal.

An MCP server that ignores signals outlives an engine that was killed; it keeps the engine's
session id, which is the engine's pid. Commands run in sessions of their own and are found as
descendants while the engine still lives. A process is always named by pid and start time, so
that a reused pid is never hit.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

TERM_WAIT = 0.5
"""Seconds between SIGTERM and SIGKILL for what is swept; it already had the engine's whole stop."""

POLL_INTERVAL = 0.02
PS_WAIT = 2.0
"""Seconds `ps` may take (macOS and other systems without /proc)."""


class Mark(NamedTuple):
    """One process: `started` is its start time in the system's own words, only to compare."""

    pid: int
    started: str


class _Row(NamedTuple):
    mark: Mark
    parent: int
    session: int


def family(pid: int) -> list[Mark]:
    """All living processes in the session of `pid` and all its descendants, without itself."""
    rows = _processes()
    inside = {pid}
    members: dict[Mark, None] = {}
    grown = True
    while grown:
        grown = False
        for row in rows:
            if row.mark.pid not in inside and (row.parent in inside or row.session == pid):
                inside.add(row.mark.pid)
                members[row.mark] = None
                grown = True
    members.pop(next((row.mark for row in rows if row.mark.pid == pid), Mark(pid, "")), None)
    ours = os.getpid()
    return [mark for mark in members if mark.pid != ours]


def sweep(marks: Iterable[Mark]) -> list[Mark]:
    """End those of `marks` that still live: SIGTERM, a short wait, SIGKILL. Gives back whom it hit."""
    left = [mark for mark in marks if _send(mark, signal.SIGTERM)]
    hit = list(left)
    end = time.monotonic() + TERM_WAIT
    while left and time.monotonic() < end:
        time.sleep(POLL_INTERVAL)
        left = [mark for mark in left if alive(mark)]
    for mark in left:
        _send(mark, getattr(signal, "SIGKILL", signal.SIGTERM))
    return hit


def alive(mark: Mark) -> bool:
    """Whether that very process still runs (a zombie does not)."""
    return _started(mark.pid) == mark.started


def _send(mark: Mark, number: int) -> bool:
    """Signal that very process; False when it is gone."""
    if sys.platform == "linux":
        try:
            handle = os.pidfd_open(mark.pid)
        except OSError:
            return False
        try:
            # The handle is held while the start time is compared: nobody can slip in between.
            if not alive(mark):
                return False
            signal.pidfd_send_signal(handle, number)
        except OSError:
            return False
        finally:
            os.close(handle)
        return True
    if not alive(mark):
        return False
    with suppress(OSError):
        os.kill(mark.pid, number)
        return True
    return False


def _processes() -> list[_Row]:
    if sys.platform == "linux":
        return [row for name in os.listdir("/proc") if name.isdigit() and (row := _stat(int(name)))]  # noqa: PTH208
    if sys.platform == "win32":
        return []  # no sessions there; the engine's own clean-up has to do
    rows: list[_Row] = []
    for line in _ps("-A").splitlines():
        pid, parent, started = [*line.split(None, 2), "", "", ""][:3]
        with suppress(ValueError, OSError):
            rows.append(_Row(Mark(int(pid), started.strip()), int(parent), os.getsid(int(pid))))
    return rows


def _started(pid: int) -> str | None:
    if sys.platform == "linux":
        row = _stat(pid)
        return row.mark.started if row is not None else None
    fields = _ps("-p", str(pid)).split(None, 2)
    return fields[2].strip() if len(fields) == 3 else None


def _stat(pid: int) -> _Row | None:
    """One row of /proc; None for a process that is gone or a zombie."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            text = file.read()
    except OSError:
        return None
    # The name in parentheses may hold anything; the fields after the last one are plain.
    fields = text[text.rindex(b")") + 2 :].split()
    if fields[0] in (b"Z", b"X"):
        return None
    return _Row(Mark(pid, fields[19].decode()), int(fields[1]), int(fields[3]))


def _ps(*selection: str) -> str:
    command = ["ps", *selection, "-o", "pid=,ppid=,lstart="]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PS_WAIT, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
