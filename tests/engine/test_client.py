"""A client and an engine that misbehaves: it ends as an event or a clear error, never as a hang."""

from __future__ import annotations

import ast
import inspect
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest

from codex_tui.engine import client as calls
from codex_tui.engine import saved
from codex_tui.engine.client import EngineClient, engine_client
from codex_tui.engine.failures import EngineGoneError, RefusedError, UnreadableAnswerError
from codex_tui.engine.process import spawn
from codex_tui.engine.stderr_log import KEPT_BYTES, KEPT_LINES, LONGEST_LINE, StderrLog
from codex_tui.protocol.events import (
    Asked,
    EngineReady,
    EngineStarting,
    EngineStopped,
    LineSkipped,
    Notified,
    ThreadOpened,
)
from codex_tui.protocol.registry import RESULTS
from codex_tui.protocol.turns import Turn
from tests.engine.fakes import children, gone, running, script

PLACE = '"threadId": "t", "turnId": "u", "itemId": "i"'
DELTA = f'{{"method": "item/agentMessage/delta", "params": {{{PLACE}, "delta": "x"}}}}'


async def logged(client: EngineClient) -> tuple[str, ...]:
    """The engine's log once something stands in it: it comes on a pipe of its own."""
    with anyio.fail_after(10):
        while not client.log():  # noqa: ASYNC110 - a log has no event
            await anyio.sleep(0.01)
    return client.log()


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def test_an_engine_that_exits_at_once_says_its_last_words(tmp_path: Path) -> None:
    body = """
for number in range(30):
    print(f"\\x1b[31mline {number}\\x1b[0m \\x1b]0;title\\x07", file=sys.stderr)
sys.exit(3)
"""
    async with running(script(tmp_path, body)) as (client, heard):
        with pytest.raises(EngineGoneError) as caught:
            await client.initialize()
        assert caught.value.title == "the engine stopped: exit code 3"
        last = caught.value.detail.splitlines()
        assert len(last) == 20
        assert last[-1] == "line 29 \\x1b]0;title\\x07"
        stopped = await heard.one(EngineStopped)
        assert (stopped.exit_code, stopped.expected, len(stopped.stderr)) == (3, False, 20)


async def test_the_events_of_a_life_come_in_order(tmp_path: Path) -> None:
    async with running(script(tmp_path, "initialize()\nask()"), generation=4) as (client, heard):
        result = await client.initialize()
        assert result.engine_version == "0.0.1"
        await client.stop()
        await heard.one(EngineStopped)
        assert [type(event) for event in heard.events] == [EngineStarting, EngineReady, EngineStopped]
        assert heard.events[1:] == [
            EngineReady(4, "0.0.1", "/nowhere"),
            EngineStopped(4, "exit code 0", 0, (), True),
        ]


async def test_an_engine_killed_in_mid_request_is_an_event_and_fails_the_request(tmp_path: Path) -> None:
    body = "initialize()\nask()\nos.kill(os.getpid(), signal.SIGKILL)"
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        with pytest.raises(EngineGoneError, match="signal SIGKILL"):
            await client.thread_list()
        stopped = await heard.one(EngineStopped)
        assert (stopped.exit_code, stopped.expected) == (-signal.SIGKILL, False)
        with pytest.raises(EngineGoneError):
            await client.turn_start("t", "hello?")
        assert await client.answer(0, {"decision": "accept"}) is False


async def test_exit_code_zero_in_mid_session_is_not_a_wish_of_ours(tmp_path: Path) -> None:
    async with running(script(tmp_path, "initialize()\nsys.exit(0)")) as (client, heard):
        await client.initialize()
        assert (await heard.one(EngineStopped)).expected is False


async def test_a_half_line_before_the_end_is_dropped_and_reported(tmp_path: Path) -> None:
    body = f"initialize()\nout.write(b'{DELTA}\\n{DELTA[:30]}')\nout.flush()\nsys.exit(1)"
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        await heard.one(EngineStopped)
        assert [type(event) for event in heard.events[2:]] == [Notified, LineSkipped, EngineStopped]
        assert any("half a line" in line for line in client.log())


async def test_noise_on_stdout_does_not_end_the_connection(tmp_path: Path) -> None:
    body = f"""
out.write(b"\\x1b[?2004hstarting up\\n\\n")
initialize()
out.write(b'warning: \\xff\\xfe\\n[]\\n{DELTA}\\n')
out.flush()
ask()
"""
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        await heard.one(Notified)
        assert sum(event.times for event in heard.of(LineSkipped)) == 3
        assert len([line for line in client.log() if line.startswith("[skipped")]) == 3


async def test_an_engine_that_closes_stdout_but_lives_is_stopped(tmp_path: Path) -> None:
    body = """
initialize()
print(os.getpid(), file=sys.stderr, flush=True)
os.close(1)
while True:
    time.sleep(60)
"""
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        began = time.monotonic()
        stopped = await heard.one(EngineStopped)
        assert 1.5 < time.monotonic() - began < 8
        assert stopped.reason == "it closed its output"
        assert gone(int(stopped.stderr[0]))


async def test_a_process_that_holds_the_pipe_of_a_dead_engine_does_not_hold_us(tmp_path: Path) -> None:
    # In a session of its own and orphaned, so the sweep does not find it; it has the engine's stdout.
    body = """
initialize()
child = subprocess.Popen(
    [sys.executable, "-S", "-c", "import os; os.fork() and os._exit(0); import time; time.sleep(8)"],
    start_new_session=True,
)
child.wait()
os._exit(5)
"""
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        stopped = await heard.one(EngineStopped, 6)
        assert stopped.exit_code == 5


async def test_floods_of_stdout_and_stderr_arrive_whole_and_bounded(tmp_path: Path) -> None:
    body = f"""
initialize()
ask()
for _ in range(100):
    out.write(b'{DELTA}\\n' * 1000)
    out.flush()
    sys.stderr.write("x" * 50 + "\\n" + "y" * 300_000 + "\\n")
    sys.stderr.flush()
say({{"id": 2, "result": {{"data": []}}}})
ask()
"""
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        assert (await client.thread_list()).data == ()
        with anyio.fail_after(20):
            while len(heard.of(Notified)) < 100_000:  # noqa: ASYNC110 - what was heard has no event
                await anyio.sleep(0.01)
        log = await logged(client)
        assert len(log) <= KEPT_LINES
        assert sum(len(line) for line in log) <= KEPT_BYTES


async def test_unread_events_hold_the_engine_instead_of_filling_the_memory(tmp_path: Path) -> None:
    body = f"""
for number in range(100_000):
    out.write(b'{DELTA}\\n' * 10)
    if number % 1000 == 0:
        print(number, file=sys.stderr, flush=True)
"""
    process = spawn(script(tmp_path, body))
    async with engine_client(process) as client:
        with anyio.move_on_after(1):
            await client.over.wait()
        assert not client.over.is_set()
        # 1,000,000 lines are 110 MB; the pipe and the waiting batches hold less than a tenth.
        assert int(client.log()[-1]) < 20_000
    assert process.poll() is not None


async def test_a_client_left_by_an_error_stops_its_engine_and_lets_the_error_out(tmp_path: Path) -> None:
    process = spawn(script(tmp_path, "initialize()\nask()"))
    with pytest.raises(LookupError, match="mine"):
        async with engine_client(process) as client:
            await client.initialize()
            raise LookupError("mine")
    assert process.poll() == 0


async def test_a_cancelled_client_stops_its_engine(tmp_path: Path) -> None:
    process = spawn(script(tmp_path, "initialize()\nask()\ntime.sleep(100)"))
    with anyio.move_on_after(0.5) as scope:
        async with engine_client(process) as client:
            await client.initialize()
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    assert process.poll() == 0


async def test_fifteen_restarts_leave_no_zombie_and_no_descriptor(tmp_path: Path) -> None:
    binary = script(tmp_path, "sys.exit(1)")
    open_before = open_files()
    before = set(children(os.getpid()))
    for generation in range(15):
        async with engine_client(spawn(binary), generation=generation) as client:
            await client.over.wait()
    assert set(children(os.getpid())) <= before
    assert open_files() <= open_before + 4


async def test_answers_of_the_wrong_shape_are_errors_of_their_call(tmp_path: Path) -> None:
    body = "initialize()\nrequest = ask()\nsay({'id': request['id'], 'result': []})\nask()"
    async with running(script(tmp_path, body)) as (client, _):
        await client.initialize()
        with pytest.raises(UnreadableAnswerError, match="thread/start makes no sense"):
            await client.thread_start(cwd="/")


async def test_a_resume_brings_the_newest_turns_and_what_came_meanwhile_follows(tmp_path: Path) -> None:
    body = f"""
initialize()
def turn(number):
    return {{"id": f"u{{number}}", "items": [], "status": "completed"}}
request = ask()
assert request["params"]["excludeTurns"] is True, request
thread = {{"id": "t", "cwd": "/"}}
out.write(b'{DELTA}\\n')
page = {{"data": [turn(9), turn(8)], "nextCursor": "a"}}
say({{"id": request["id"], "result": {{"thread": thread, "initialTurnsPage": page}}}})
ask()
"""
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        opened = await client.thread_resume("t")
        assert [turn.id for turn in opened.turns if isinstance(turn, Turn)] == ["u8", "u9"]
        await heard.one(Notified)
        assert [type(event) for event in heard.events[2:]] == [ThreadOpened, Notified]


async def test_a_refused_resume_lets_the_events_go_on(tmp_path: Path) -> None:
    body = f"""
initialize()
request = ask()
out.write(b'{DELTA}\\n')
say({{"id": request["id"], "error": {{"code": -32600, "message": "no rollout found for thread id t"}}}})
ask()
"""
    async with running(script(tmp_path, body)) as (client, heard):
        await client.initialize()
        with pytest.raises(RefusedError, match="no rollout found for thread id t"):
            await client.thread_resume("t")
        await heard.one(Notified)


async def test_questions_reach_the_person_and_answers_the_engine(tmp_path: Path) -> None:
    body = f"""
initialize()
say({{"id": 0, "method": "item/fileChange/requestApproval", "params": {{{PLACE}}}}})
answer = ask()
print(json.dumps(answer), file=sys.stderr, flush=True)
ask()
"""
    async with running(script(tmp_path, body), generation=2) as (client, heard):
        await client.initialize()
        asked = await heard.one(Asked)
        assert (asked.generation, asked.request_id) == (2, 0)
        assert asked.params is not None
        assert await client.answer(0, {"decision": "decline"})
        assert await logged(client) == ('{"id": 0, "result": {"decision": "decline"}}',)


async def test_a_prompt_carries_text_pictures_and_its_own_id(tmp_path: Path) -> None:
    body = """
initialize()
request = ask()
print(json.dumps(request["params"], sort_keys=True), file=sys.stderr, flush=True)
say({"id": request["id"], "result": {"turn": {"id": "u"}}})
ask()
"""
    async with running(script(tmp_path, body)) as (client, _):
        await client.initialize()
        result = await client.turn_start(
            "t", "look", ["/p.png"], client_id="c", effort="high", approval_policy="never"
        )
        assert result.turn.id == "u"
        assert await logged(client) == (
            '{"approvalPolicy": "never", "clientUserMessageId": "c", "effort": "high", '
            '"input": [{"path": "/p.png", "type": "localImage"}, {"text": "look", "type": "text"}], '
            '"threadId": "t"}',
        )


def test_a_killed_client_takes_its_engine_with_it(tmp_path: Path) -> None:
    binary = script(tmp_path, "initialize()\nask()")
    code = f"""
import anyio
from codex_tui.engine.client import engine_client
from codex_tui.engine.locate import EngineBinary
from codex_tui.engine.process import spawn

async def main():
    process = spawn(EngineBinary({binary.path!r}, "test"))
    async with engine_client(process) as client:
        await client.initialize()
        print(process.pid, flush=True)
        await anyio.sleep_forever()

anyio.run(main)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path.cwd()) as client:
        assert client.stdout is not None
        pid = int(client.stdout.readline())
        client.kill()
    assert gone(pid)


def test_the_stderr_log_keeps_the_end_and_counts_the_rest() -> None:
    log = StderrLog()
    for number in range(KEPT_LINES * 2):
        log.feed(f"line {number}\n".encode())
    log.feed(b"unfinish")
    log.feed(b"ed \xff")
    assert len(log.lines()) == KEPT_LINES + 1
    assert log.tail(2) == (f"line {KEPT_LINES * 2 - 1}", "unfinished \ufffd")
    assert log.dropped == KEPT_LINES
    log.feed(b"z" * LONGEST_LINE * 3 + b"\nend\n")
    assert len(log.tail(2)[0]) == LONGEST_LINE
    assert log.tail(1) == ("end",)


def test_the_registry_names_the_results_of_exactly_the_methods_that_are_called() -> None:
    methods = {
        node.args[0].value
        for module in (calls, saved)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"call", "_ask"}
        and isinstance(node.args[0], ast.Constant)
    }
    assert methods == RESULTS.keys()


@pytest.mark.parametrize(("answer", "known"), [("result", ["u1", "u2"]), ("error", [])])
async def test_an_engine_that_sends_no_page_of_turns_is_asked_for_them(
    tmp_path: Path, answer: str, known: list[str]
) -> None:
    body = """
initialize()
resume = ask()
say({"id": resume["id"], "result": {"thread": {"id": "t", "turns": []}, "cwd": "/", "model": "m"}})
turns = ask()
assert (turns["method"], turns["params"]["threadId"]) == ("thread/turns/list", "t")
page = {"data": [{"id": "u2", "items": []}, {"id": "u1", "items": []}], "code": -32600, "message": "none"}
say({"id": turns["id"], ANSWER: page})
ask()
"""
    async with running(script(tmp_path, body.replace("ANSWER", repr(answer)))) as (client, heard):
        await client.initialize()
        opened = await client.thread_resume("t")
        assert [getattr(turn, "id", "") for turn in opened.turns] == known
        assert (await heard.one(ThreadOpened)).turns == opened.turns
