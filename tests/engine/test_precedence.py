"""Who comes first at the processor while the engine floods: seen in the kernel's own words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from codex_tui.engine.precedence import BEHIND, CALM_AFTER, FULL_READS, Precedence
from tests.clock import Clock
from tests.engine.test_real_engine import RUN, SAY, session


def divided() -> bool:
    try:
        return bool(Path("/proc/self/autogroup").read_text())
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not divided(), reason="this system divides nothing between sessions")


@contextmanager
def sleeper(*, own_session: bool) -> Generator[int]:
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=own_session) as process:
        yield process.pid
        assert process.stdin is not None
        process.stdin.close()


def nice(pid: int) -> int:
    return int(Path(f"/proc/{pid}/autogroup").read_text().split()[-1])


def test_a_flood_puts_the_engine_behind_and_its_end_puts_it_back() -> None:
    clock = Clock()
    with sleeper(own_session=True) as pid:
        precedence = Precedence(pid, clock)
        for _ in range(FULL_READS - 1):
            precedence.note(full=True)
        precedence.note(full=False)
        precedence.note(full=True)
        assert nice(pid) == 0  # reads with pauses between them are none
        for _ in range(FULL_READS):
            precedence.note(full=True)
        assert nice(pid) == BEHIND
        clock.now += CALM_AFTER / 2
        precedence.note(full=False)
        assert nice(pid) == BEHIND
        clock.now += CALM_AFTER
        precedence.note(full=False)
        assert nice(pid) == 0


def test_a_process_in_our_own_session_is_left_alone() -> None:
    with sleeper(own_session=False) as pid:
        before = nice(pid)
        precedence = Precedence(pid, Clock())
        for _ in range(FULL_READS):
            precedence.note(full=True)
        assert nice(pid) == before


def test_a_process_that_is_gone_is_no_error() -> None:
    with sleeper(own_session=True) as pid:
        precedence = Precedence(pid, Clock())
    for _ in range(FULL_READS):
        precedence.note(full=True)


async def test_what_the_engine_runs_is_not_put_behind() -> None:
    look = {**RUN, "args": {"cmd": "cat /proc/self/autogroup"}}
    async with session([[look], [SAY]], approval="never", sandbox="danger-full-access") as s:
        process = s.client.process
        assert process is not None
        precedence = Precedence(process.pid, Clock())
        for _ in range(FULL_READS):
            precedence.note(full=True)
        assert nice(process.pid) == BEHIND
        await s.finished(await s.prompt())
        (item,) = s.items("commandExecution")
        assert item["aggregatedOutput"].strip().endswith("nice 0")
