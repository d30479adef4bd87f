"""Requests that were written before the client was there: answered once, sent once."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from codex_tui.engine.client import EngineClient, engine_client
from codex_tui.engine.early import Forerunner, Sent, send_early
from codex_tui.engine.failures import EngineGoneError, RefusedError
from codex_tui.engine.locate import EngineBinary
from codex_tui.engine.process import spawn, stop_now
from codex_tui.engine.recorder import Recorder
from codex_tui.protocol.events import EngineReady, EngineStarting, Notified, ThreadOpened
from codex_tui.protocol.params import resume_params
from codex_tui.protocol.turns import Turn
from tests.engine.fakes import Heard, script
from tests.engine.scripted import ScriptedModel, bundled_engine

Request = tuple[str, dict[str, Any]]

START: Request = ("thread/start", {"cwd": "/"})
ACCOUNT: Request = ("account/read", {})
DELTA = (
    '{"method": "item/agentMessage/delta", '
    '"params": {"threadId": "t", "turnId": "u", "itemId": "i", "delta": "x"}}'
)
# Answers the three opening requests; whatever else comes is named on stderr.
SERVE = f"""
initialize()
start = ask()
assert start["params"] == {{"cwd": "/"}}, start
out.write(b'{DELTA}\\n')
say({{"id": start["id"], "result": {{"thread": {{"id": "t", "cwd": "/"}}}}}})
out.write(b'{DELTA}\\n')
account = ask()
say({{"id": account["id"], "result": {{"account": None, "requiresOpenaiAuth": False}}}})
print("not early:", ask()["method"], file=sys.stderr, flush=True)
ask()
"""


@asynccontextmanager
async def started(
    binary: EngineBinary, *requests: Request, env: Any = None, **more: Any
) -> AsyncGenerator[tuple[EngineClient, Heard]]:
    """A client of an engine that was asked these requests before."""
    process = spawn(binary, env=env, cwd="/")
    sent = send_early(process, requests)
    heard = Heard()
    try:
        async with (
            engine_client(process, path=binary.path, sent=sent, **more) as client,
            anyio.create_task_group() as group,
        ):
            group.start_soon(heard.listen, client)
            yield client, heard
            group.cancel_scope.cancel()
    finally:
        stop_now(process)


async def unanswered(client: EngineClient, call: Callable[[], Awaitable[object]], logged: str) -> None:
    """Make a call that the engine names in its log and never answers; it is given up as soon as it did."""

    async def make() -> None:
        await call()

    async with anyio.create_task_group() as group:
        group.start_soon(make)
        with anyio.fail_after(20):
            while logged not in client.log():  # noqa: ASYNC110 - a log has no event
                await anyio.sleep(0.01)
        group.cancel_scope.cancel()


async def test_an_early_request_is_answered_without_being_sent_again(tmp_path: Path) -> None:
    async with started(script(tmp_path, SERVE), START, ACCOUNT) as (client, heard):
        assert (await client.initialize()).engine_version == "0.0.1"
        assert (await client.thread_start(cwd="/")).thread.id == "t"
        assert (await client.account_read()).requires_openai_auth is False
        await unanswered(client, client.thread_list, "not early: thread/list")
        assert [type(event) for event in heard.events[:5]] == [
            EngineStarting,
            EngineReady,
            Notified,
            ThreadOpened,
            Notified,
        ]


async def test_what_opens_the_thread_is_an_event_before_anybody_asks_for_it(tmp_path: Path) -> None:
    async with started(script(tmp_path, SERVE), START, ACCOUNT) as (_, heard):
        assert (await heard.one(ThreadOpened)).result.thread.id == "t"


async def test_other_params_are_another_request(tmp_path: Path) -> None:
    async with started(script(tmp_path, SERVE), START, ACCOUNT) as (client, _):
        await client.initialize()
        await unanswered(client, lambda: client.thread_start(cwd="/elsewhere"), "not early: thread/start")


async def test_a_refused_early_request_is_made_again(tmp_path: Path) -> None:
    body = """
initialize()
early = ask()
say({"id": early["id"], "error": {"code": -32600, "message": "Not initialized"}})
again = ask()
assert (again["method"], again["params"]) == (early["method"], early["params"]), again
assert again["id"] > early["id"], again
say({"id": again["id"], "result": {"thread": {"id": "t", "cwd": "/"}}})
ask()
"""
    async with started(script(tmp_path, body), START) as (client, heard):
        await client.initialize()
        assert (await client.thread_start(cwd="/")).thread.id == "t"
        await heard.one(ThreadOpened)
        assert len(heard.of(ThreadOpened)) == 1


async def test_a_second_refusal_counts(tmp_path: Path) -> None:
    body = """
initialize()
for _ in range(2):
    say({"id": ask()["id"], "error": {"code": -32600, "message": "no"}})
ask()
"""
    async with started(script(tmp_path, body), START) as (client, _):
        await client.initialize()
        with pytest.raises(RefusedError, match="no"):
            await client.thread_start(cwd="/")


async def test_nothing_overtakes_an_early_resume(tmp_path: Path) -> None:
    body = f"""
initialize()
resume = ask()
out.write(b'{DELTA}\\n')
page = {{"data": [{{"id": "u", "items": [], "status": "completed"}}]}}
say({{"id": resume["id"], "result": {{"thread": {{"id": "t", "cwd": "/"}}, "initialTurnsPage": page}}}})
out.write(b'{DELTA}\\n')
out.flush()
ask()
"""
    early = ("thread/resume", resume_params("t", model="m"))
    async with started(script(tmp_path, body), early) as (client, heard):
        await client.initialize()
        await anyio.sleep(0.3)  # all answers are in by now
        assert [type(event) for event in heard.events] == [EngineStarting, EngineReady]
        opened = await client.thread_resume("t", model="m")
        assert [turn.id for turn in opened.turns if isinstance(turn, Turn)] == ["u"]
        await heard.until(lambda _: len(heard.of(Notified)) == 2)
        assert [type(event) for event in heard.events[2:]] == [ThreadOpened, Notified, Notified]


async def test_an_engine_that_ends_at_once_fails_an_early_request_with_its_last_words(tmp_path: Path) -> None:
    body = "print('bad config', file=sys.stderr, flush=True)\nsys.exit(3)"
    async with started(script(tmp_path, body), START) as (client, _):
        with pytest.raises(EngineGoneError, match="exit code 3") as caught:
            await client.initialize()
        assert caught.value.detail == "bad config"


def test_a_process_that_takes_nothing_was_sent_nothing(tmp_path: Path) -> None:
    process = spawn(script(tmp_path, "os.close(0)\nsay('closed')\ntime.sleep(60)"), cwd="/")
    try:
        assert process.stdout is not None
        process.stdout.readline()
        assert send_early(process, [START]) == ()
    finally:
        with process:
            process.kill()


async def test_a_recording_has_the_early_requests_too(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "session.jsonl")
    binary = script(tmp_path, SERVE)
    async with started(binary, START, ACCOUNT, recorder=recorder) as (client, _):
        await client.initialize()
        await client.thread_start(cwd="/")
    recorder.close()
    text = (tmp_path / "session.jsonl").read_text()
    assert text.index('"initialize"') < text.index('"initialized"') < text.index('"thread/start"')


@pytest.mark.engine
async def test_the_real_engine_answers_what_came_before_its_own_greeting() -> None:
    with ScriptedModel([[{"msg": "Hello."}]]) as scripted:
        cwd = str(scripted.project)
        binary = EngineBinary(str(bundled_engine()), "test")
        async with started(binary, ("thread/start", {"cwd": cwd}), ACCOUNT, env=scripted.env) as (client, _):
            await client.initialize()
            opened = await client.thread_start(cwd=cwd)
            await client.account_read()
            assert (await client.turn_start(opened.thread.id, "hello?")).turn.id


LOOK: Request = ("thread/read", {"threadId": "t"})
RESUMED = f"""
initialize()
look = ask()
say({{"id": look["id"], "result": {{"thread": {{"id": "t", "cwd": "/there"}}}}}})
out.write(b'{DELTA}\\n')
out.flush()
resume = ask()
assert (resume["method"], resume["params"]["model"]) == ("thread/resume", "of /there"), resume
page = {{"data": [{{"id": "u", "items": [], "status": "completed"}}]}}
say({{"id": resume["id"], "result": {{"thread": {{"id": "t", "cwd": "/there"}}, "initialTurnsPage": page}}}})
print("not early:", ask()["method"], file=sys.stderr, flush=True)
ask()
"""


def resume_of(asked: Any, result: Any) -> list[Request]:
    """The request that follows the look at a thread."""
    if asked.method != "thread/read":
        return []
    return [("thread/resume", resume_params("t", model=f"of {result['thread']['cwd']}"))]


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe cannot be waited for there")
async def test_what_follows_from_an_early_answer_is_asked_while_the_client_still_loads(
    tmp_path: Path,
) -> None:
    process = spawn(script(tmp_path, RESUMED), cwd="/")
    forerunner = Forerunner(process, send_early(process, (LOOK,)), resume_of)
    try:
        with anyio.fail_after(20):
            while not ahead_of(forerunner):  # noqa: ASYNC110 - a thread's doing
                await anyio.sleep(0.01)
        sent, unread = forerunner.hand_over()
        assert [one.method for one in sent] == ["initialize", "initialized", "thread/read", "thread/resume"]
        heard = Heard()
        async with (
            engine_client(process, sent=sent, unread=unread) as client,
            anyio.create_task_group() as group,
        ):
            group.start_soon(heard.listen, client)
            await client.initialize()
            assert (await client.thread_read("t")).thread.cwd == "/there"
            opened = await client.thread_resume("t", model="of /there")
            assert [turn.id for turn in opened.turns if isinstance(turn, Turn)] == ["u"]
            await heard.one(Notified)
            await unanswered(client, client.thread_list, "not early: thread/list")
            group.cancel_scope.cancel()
    finally:
        stop_now(process)


def ahead_of(forerunner: Forerunner) -> bool:
    """Whether it has asked what follows."""
    return len(forerunner._sent) == 4  # pyright: ignore[reportPrivateUsage]


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe cannot be waited for there")
async def test_the_answer_to_what_followed_is_told_and_nothing_read_after_it(tmp_path: Path) -> None:
    body = f"""
initialize()
say({{"id": ask()["id"], "result": {{"thread": {{"id": "t", "cwd": "/there"}}}}}})
resume = ask()
out.write(b'{DELTA}\\n')
page = {{"data": [{{"id": "u", "items": [], "status": "completed"}}]}}
say({{"id": resume["id"], "result": {{"thread": {{"id": "t", "cwd": "/there"}}, "initialTurnsPage": page}}}})
ask()
"""
    told: list[tuple[str, Any]] = []

    def follow(asked: Sent, result: Any) -> list[Request]:
        told.append((asked.method, result))
        return resume_of(asked, result)

    process = spawn(script(tmp_path, body), cwd="/")
    forerunner = Forerunner(process, send_early(process, (LOOK,)), follow)
    try:
        with anyio.fail_after(20):
            while forerunner._thread is not None and forerunner._thread.is_alive():  # noqa: ASYNC110  # pyright: ignore[reportPrivateUsage]
                await anyio.sleep(0.01)
        sent, unread = forerunner.hand_over()
        assert [method for method, _ in told] == ["initialize", "thread/read", "thread/resume"]
        assert told[-1][1]["initialTurnsPage"]["data"][0]["id"] == "u"
        assert len(sent) == 4
        assert unread.count(b"\n") == 4  # all of it is still there for whoever reads on
    finally:
        stop_now(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe cannot be waited for there")
async def test_an_answer_that_makes_no_sense_early_is_left_for_later(tmp_path: Path) -> None:
    body = """
initialize()
look = ask()
out.write(b'no message\\n')
say({"id": look["id"], "result": {"thread": None}})
again = ask()
say({"id": again["id"], "result": {"thread": {"id": "t", "cwd": "/"}}})
ask()
"""
    process = spawn(script(tmp_path, body), cwd="/")
    forerunner = Forerunner(process, send_early(process, (LOOK,)), resume_of)
    try:
        with anyio.fail_after(20):
            while forerunner._read.count(b"\n") < 3:  # noqa: ASYNC110  # pyright: ignore[reportPrivateUsage]
                await anyio.sleep(0.01)
        sent, unread = forerunner.hand_over()
        assert [one.method for one in sent] == ["initialize", "initialized", "thread/read"]
        assert unread.count(b"\n") == 3
    finally:
        stop_now(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
