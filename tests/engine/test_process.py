"""The engine's process: what cannot be started says why, and nothing is ever left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest

from codex_tui.engine.failures import CannotSendError
from codex_tui.engine.locate import EngineBinary
from codex_tui.engine.pipes import EngineProcess
from codex_tui.engine.process import describe_exit, spawn, stop_now
from codex_tui.engine.sweep import Mark, alive, family, sweep
from codex_tui.errors import ClientError
from tests.engine.fakes import children, gone, script

# A grandchild in the engine's session that no polite signal ends, as an MCP server may be.
STUBBORN_CHILD = """
child = subprocess.Popen([sys.executable, "-S", "-c", '''
import signal, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
print("up", flush=True)
time.sleep(300)
'''], stdout=subprocess.PIPE, process_group=0)
child.stdout.readline()
say({"child": child.pid})
"""


def test_a_file_of_another_architecture_cannot_run(tmp_path: Path) -> None:
    path = tmp_path / "codex"
    # The head of an executable for a machine that is none of ours (SPARC), and nothing behind it.
    path.write_bytes(b"\x7fELF\x02\x02\x01" + bytes(9) + b"\x00\x02\x00\x2b" + bytes(200))
    path.chmod(0o755)
    with pytest.raises(ClientError, match=r"cannot run the engine .*wrong architecture or format"):
        spawn(EngineBinary(str(path), "test"))


def test_a_missing_loader_is_not_called_a_missing_engine(tmp_path: Path) -> None:
    path = tmp_path / "codex"
    path.write_text("#!/no/such/loader\n")
    path.chmod(0o755)
    with pytest.raises(ClientError, match=r"cannot run the engine .*loader or interpreter is missing"):
        spawn(EngineBinary(str(path), "test"))


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match=r"no such directory: .*absent"):
        spawn(script(tmp_path, ""), cwd=tmp_path / "absent")


def test_starting_an_engine_needs_neither_anyio_nor_pydantic() -> None:
    code = (
        "import sys, codex_tui.engine.locate, codex_tui.engine.process\n"
        "heavy = {'anyio', 'asyncio', 'pydantic', 'textual', 'rich', 'pathlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"], check=True
    )


async def test_an_obedient_engine_gets_no_signal(tmp_path: Path) -> None:
    body = """
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, lambda *_: os._exit(9))
say({})
sys.stdin.read()
time.sleep(0.3)
os._exit(7)
"""
    process = EngineProcess(spawn(script(tmp_path, body)))
    assert await process.receive() == b"{}\n"
    assert await process.stop() == 7
    process.close()


async def test_an_engine_that_ignores_eof_is_terminated_after_two_seconds(tmp_path: Path) -> None:
    process = EngineProcess(spawn(script(tmp_path, "say({})\ntime.sleep(300)")))
    await process.receive()
    began = time.monotonic()
    assert await process.stop() == -signal.SIGTERM
    assert 1.9 < time.monotonic() - began < 10  # 2 s, and what a machine under load adds
    process.close()


async def test_an_engine_that_ignores_everything_is_killed_and_its_child_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codex_tui.engine.pipes.EOF_WAIT", 0.4)
    monkeypatch.setattr("codex_tui.engine.pipes.TERM_WAIT", 0.4)
    body = f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{STUBBORN_CHILD}\ntime.sleep(300)"
    process = EngineProcess(spawn(script(tmp_path, body)))
    child = int((await process.receive()).split(b":")[1].strip(b" }\n"))
    began = time.monotonic()
    assert await process.stop() == -signal.SIGKILL
    assert 0.7 < time.monotonic() - began < 10  # 0.8 s, and what a machine under load adds
    assert gone(child)
    assert process.pid not in children(os.getpid())
    process.close()


async def test_what_a_killed_engine_leaves_is_swept(tmp_path: Path) -> None:
    process = EngineProcess(spawn(script(tmp_path, f"{STUBBORN_CHILD}\ntime.sleep(300)")))
    child = int((await process.receive()).split(b":")[1].strip(b" }\n"))
    os.kill(process.pid, signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    assert not gone(child, 0.2)
    await process.stop()
    assert gone(child)
    process.close()


async def test_an_unread_engine_can_say_its_last_words_and_leave(tmp_path: Path) -> None:
    body = """
say({})
sys.stdin.read()
out.write(b"x" * 3_000_000)
out.flush()
os._exit(4)
"""
    process = EngineProcess(spawn(script(tmp_path, body)))
    await process.receive()
    assert await process.stop() == 4
    process.close()


async def test_a_cancelled_stop_still_stops(tmp_path: Path) -> None:
    process = EngineProcess(spawn(script(tmp_path, "say({})\ntime.sleep(300)")))
    await process.receive()
    with anyio.move_on_after(0.1):
        await process.stop()
    assert process.exit_code == -signal.SIGTERM
    process.close()


async def test_a_full_pipe_is_reported_and_no_half_line_is_followed_by_another(tmp_path: Path) -> None:
    body = """
say({})
time.sleep(1.5)
for line in sys.stdin.buffer:
    say({"length": len(line)})
"""
    process = EngineProcess(spawn(script(tmp_path, body)))
    await process.receive()
    big = b"x" * 300_000 + b"\n"
    with pytest.raises(CannotSendError, match="has not read"):
        await process.send(big, deadline=0.3)
    with pytest.raises(CannotSendError):
        await process.send(b"never sent\n", deadline=0.1)
    await process.send(b"next\n")
    lines = b""
    while lines.count(b"\n") < 2:
        lines += await process.receive()
    assert lines == b'{"length": 300001}\n{"length": 5}\n'
    await process.stop()
    process.close()


async def test_a_closed_input_is_reported(tmp_path: Path) -> None:
    process = EngineProcess(spawn(script(tmp_path, "os.close(0)\nsay({})\ntime.sleep(1)")))
    await process.receive()
    with pytest.raises(CannotSendError, match="cannot send to the engine"):
        await process.send(b"x\n")
    await process.stop()
    process.close()


async def test_waiting_for_an_engine_costs_nothing(tmp_path: Path) -> None:
    process = EngineProcess(spawn(script(tmp_path, "say({})\nsys.stdin.read()")))
    await process.receive()
    async with anyio.create_task_group() as group:
        group.start_soon(process.drain_stderr)
        group.start_soon(process.receive)
        group.start_soon(process.wait)
        await anyio.sleep(0.2)
        before = time.process_time()
        await anyio.sleep(1.5)
        assert time.process_time() - before < 0.02
        group.cancel_scope.cancel()
    await process.stop()
    process.close()


def test_the_emergency_stop_needs_no_event_loop(tmp_path: Path) -> None:
    body = f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{STUBBORN_CHILD}\ntime.sleep(300)"
    process = spawn(script(tmp_path, body))
    assert process.stdout is not None
    assert process.stderr is not None
    child = int(process.stdout.readline().split(b":")[1].strip(b" }\n"))
    began = time.monotonic()
    stop_now(process)
    assert time.monotonic() - began < 10  # 2 s, and what a machine under load adds
    assert process.poll() == -signal.SIGKILL
    assert gone(child)
    process.stdout.close()
    process.stderr.close()


def test_a_reused_pid_is_never_hit() -> None:
    bystander = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(30)"])
    try:
        assert sweep([Mark(bystander.pid, "another start time")]) == []
        assert bystander.poll() is None
        (mark,) = [mark for mark in family(os.getpid()) if mark.pid == bystander.pid]
        assert alive(mark)
        assert sweep([mark]) == [mark]
        assert bystander.wait(5) == -signal.SIGTERM
        assert not alive(mark)
    finally:
        bystander.kill()
        bystander.wait()


def test_exits_are_described() -> None:
    assert describe_exit(3) == "exit code 3"
    assert describe_exit(-9) == "signal SIGKILL"
    assert describe_exit(-200) == "signal 200"
