"""The real engine with the scripted model: every answer, every end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import pytest

from codex_tui.engine.client import EngineClient
from codex_tui.engine.failures import EngineGoneError, RefusedError
from codex_tui.engine.locate import EngineBinary
from codex_tui.protocol.events import (
    Asked,
    EngineReady,
    EngineStopped,
    Event,
    Notified,
    ThreadOpened,
)
from codex_tui.protocol.turns import Turn, TurnCompleted
from tests.engine.fakes import Heard, gone, running
from tests.engine.scripted import ScriptedModel, bundled_engine

pytestmark = pytest.mark.engine

COMMAND = "touch made.txt && echo done"
APPROVAL = "item/commandExecution/requestApproval"
RUN = {"call": "exec_command", "args": {"cmd": COMMAND}}
SAY = {"msg": "All done."}


def binary() -> EngineBinary:
    return EngineBinary(str(bundled_engine()), "test")


class Session:
    """One thread of one engine, and words for what a test does with it."""

    def __init__(self, client: EngineClient, heard: Heard, scripted: ScriptedModel, thread_id: str) -> None:
        self.client = client
        self.heard = heard
        self.scripted = scripted
        self.thread_id = thread_id

    async def prompt(self, text: str = "go") -> str:
        """Starts a turn and gives back its id."""
        return (await self.client.turn_start(self.thread_id, text)).turn.id

    async def asked(self, count: int = 1) -> Any:
        """The `count`-th approval of a command."""

        def wanted(event: Event) -> bool:
            return isinstance(event, Asked) and len(self.heard.of(Asked)) >= count

        await self.heard.until(wanted)
        return self.heard.of(Asked)[count - 1]

    async def finished(self, turn_id: str) -> Turn:
        def wanted(event: Event) -> bool:
            return (
                isinstance(event, Notified)
                and isinstance(event.params, TurnCompleted)
                and event.params.turn.id == turn_id
            )

        return (await self.heard.until(wanted)).params.turn

    def items(self, kind: str) -> list[Any]:
        """The completed items of that type, raw."""
        dumped = [
            event.params.model_dump(by_alias=True)["item"]
            for event in self.heard.of(Notified)
            if event.method == "item/completed"
        ]
        return [item for item in dumped if item["type"] == kind]

    @property
    def made(self) -> bool:
        return (self.scripted.project / "made.txt").exists()


@asynccontextmanager
async def session(script: Any, **config: Any) -> AsyncGenerator[Session]:
    with ScriptedModel(script, **config) as scripted:
        async with running(binary(), env=scripted.env) as (client, heard):
            await client.initialize()
            policy = scripted.thread
            opened = await client.thread_start(
                cwd=policy["cwd"], approval_policy=policy["approvalPolicy"], sandbox=policy["sandbox"]
            )
            yield Session(client, heard, scripted, opened.thread.id)


async def test_the_engine_says_who_it_is_and_opens_a_thread() -> None:
    async with session([]) as s:
        ready = await s.heard.one(EngineReady)
        assert ready.version.count(".") == 2
        assert ready.codex_home == str(s.scripted.home)
        opened = await s.heard.one(ThreadOpened)
        assert (opened.how, opened.turns) == ("started", ())
        account = await s.client.account_read()
        assert account.account is None


async def test_an_accepted_command_runs() -> None:
    async with session([[RUN], [SAY]]) as s:
        turn_id = await s.prompt()
        asked = await s.asked()
        assert asked.method == APPROVAL
        assert COMMAND in asked.params.command
        assert not s.made
        assert await s.client.answer(asked.request_id, {"decision": "accept"})
        assert (await s.finished(turn_id)).status == "completed"
        assert s.made
        (item,) = s.items("commandExecution")
        assert (item["status"], item["exitCode"]) == ("completed", 0)
        assert item["aggregatedOutput"].endswith("done\n")
        assert s.items("agentMessage")[-1]["text"] == "All done."
        assert s.client.peer.open_questions == ()


async def test_a_command_accepted_for_the_session_is_not_asked_again() -> None:
    async with session([[RUN], [RUN], [SAY]]) as s:
        turn_id = await s.prompt()
        await s.client.answer((await s.asked()).request_id, {"decision": "acceptForSession"})
        assert (await s.finished(turn_id)).status == "completed"
        assert len(s.items("commandExecution")) == 2
        assert len(s.heard.of(Asked)) == 1


async def test_a_prefix_rule_is_written_and_holds() -> None:
    listing = {"call": "exec_command", "args": {"cmd": "mkdir -p one"}}
    async with session([[listing], [listing], [SAY]]) as s:
        turn_id = await s.prompt()
        asked = await s.asked()
        rule = asked.raw["proposedExecpolicyAmendment"]
        assert rule[0] == "mkdir"
        decision = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": rule}}
        await s.client.answer(asked.request_id, {"decision": decision})
        assert (await s.finished(turn_id)).status == "completed"
        assert len(s.heard.of(Asked)) == 1
        rules = (s.scripted.home / "rules" / "default.rules").read_text()
        assert "mkdir" in rules


async def test_a_declined_command_does_not_run_and_the_turn_goes_on() -> None:
    async with session([[RUN], [SAY]]) as s:
        turn_id = await s.prompt()
        await s.client.answer((await s.asked()).request_id, {"decision": "decline"})
        assert (await s.finished(turn_id)).status == "completed"
        assert not s.made
        assert s.items("commandExecution")[0]["status"] == "declined"
        assert s.items("agentMessage")[-1]["text"] == "All done."


async def test_a_refused_question_counts_as_no() -> None:
    async with session([[RUN], [SAY]]) as s:
        turn_id = await s.prompt()
        await s.client.refuse((await s.asked()).request_id, -32601, "cannot show it")
        await s.finished(turn_id)
        assert not s.made


async def test_cancel_stops_the_turn() -> None:
    async with session([[RUN], [SAY]]) as s:
        turn_id = await s.prompt()
        await s.client.answer((await s.asked()).request_id, {"decision": "cancel"})
        assert (await s.finished(turn_id)).status == "interrupted"
        assert not s.made
        assert s.items("agentMessage") == []


async def test_interrupt_during_a_question_settles_it() -> None:
    async with session([[RUN], [SAY]]) as s:
        turn_id = await s.prompt()
        asked = await s.asked()
        await s.client.turn_interrupt(s.thread_id, turn_id)
        assert (await s.finished(turn_id)).status == "interrupted"
        await s.heard.until(lambda e: isinstance(e, Notified) and e.method == "serverRequest/resolved")
        assert await s.client.answer(asked.request_id, {"decision": "accept"}) is False
        await anyio.sleep(0.3)
        assert not s.made


async def test_interrupt_during_an_answer_and_a_steer() -> None:
    slow = [{"msg": "one two three four " * 20, "delay": 0.05}]
    async with session([[{"delay": 3}, SAY], [SAY], slow]) as s:
        turn_id = await s.prompt()
        with pytest.raises(RefusedError, match="expected active turn id"):
            await s.client.turn_steer(s.thread_id, "00000000-0000-7000-8000-000000000000", "other")
        await s.heard.until(lambda e: isinstance(e, Notified) and e.method == "turn/started")
        steered = await s.client.turn_steer(s.thread_id, turn_id, "be quick", client_id="mine")
        assert steered.turn_id == turn_id
        await s.finished(turn_id)
        assert [item["clientId"] for item in s.items("userMessage")] == [None, "mine"]
        with pytest.raises(RefusedError, match="no active turn"):
            await s.client.turn_interrupt(s.thread_id, turn_id)


async def queued(s: Session) -> list[dict[str, Any]]:
    """What the engine itself says is in its queue."""
    return (await s.client.peer.request("thread/queue/list", {"threadId": s.thread_id}))["data"]


async def test_a_queued_prompt_waits_for_its_turn() -> None:
    async with session([[RUN], [SAY], [{"msg": "Second."}]]) as s:
        first = await s.prompt("first")
        asked = await s.asked()
        await s.client.queue_add(s.thread_id, "second", client_id="q")
        assert [entry["clientUserMessageId"] for entry in await queued(s)] == ["q"]
        await s.client.answer(asked.request_id, {"decision": "decline"})
        await s.finished(first)
        await s.heard.until(lambda e: isinstance(e, Notified) and "Second." in str(e.params))
        assert await queued(s) == []


async def test_a_killed_engine_is_an_event_and_its_thread_can_be_resumed() -> None:
    with ScriptedModel([[{"msg": "First."}], [RUN], [{"msg": "After."}]]) as scripted:
        async with running(binary(), env=scripted.env) as (client, heard):
            await client.initialize()
            policy = scripted.thread
            opened = await client.thread_start(cwd=policy["cwd"], approval_policy="untrusted")
            s = Session(client, heard, scripted, opened.thread.id)
            await s.finished(await s.prompt())
            await s.prompt("then")
            asked = await s.asked()
            assert client.process is not None
            os.kill(client.process.pid, signal.SIGKILL)
            stopped = await heard.one(EngineStopped)
            assert (stopped.exit_code, stopped.expected) == (-signal.SIGKILL, False)
            assert await client.answer(asked.request_id, {"decision": "accept"}) is False
            with pytest.raises(EngineGoneError):
                await s.prompt()
        async with running(binary(), env=scripted.env, generation=2) as (client, heard):
            await client.initialize()
            listed = await client.thread_list(1, cwd=str(scripted.project))
            assert listed.data[0].id == s.thread_id
            resumed = await client.thread_resume(s.thread_id)
            turns = [turn for turn in resumed.turns if isinstance(turn, Turn)]
            assert [turn.status for turn in turns] == ["completed", "interrupted"]
            assert [item.type for item in turns[0].items] == ["userMessage", "agentMessage"]
            again = Session(client, heard, scripted, s.thread_id)
            assert (await again.finished(await again.prompt())).status == "completed"
            assert not again.made


async def test_an_unknown_thread_is_refused_in_the_engines_words() -> None:
    async with session([]) as s:
        with pytest.raises(RefusedError) as caught:
            await s.client.thread_resume("00000000-0000-7000-8000-000000000000")
        assert "00000000-0000-7000-8000-000000000000" in caught.value.title


async def test_a_broken_config_is_refused_with_the_place_in_the_file() -> None:
    with ScriptedModel([]) as scripted:
        (scripted.home / "config.toml").write_text('model = "x"\nthis is not toml\n')
        async with running(binary(), env=scripted.env) as (client, _):
            await client.initialize()
            with pytest.raises(RefusedError) as caught:
                await client.thread_start(cwd=str(scripted.project))
            said = caught.value.title + caught.value.detail
            assert "config.toml:2:" in said


async def test_a_config_the_engine_dies_of_is_named() -> None:
    with ScriptedModel([], config_top='approval_policy = "untrusted"') as scripted:
        async with running(binary(), env=scripted.env) as (client, _):
            with pytest.raises((EngineGoneError, RefusedError)) as caught:
                await client.initialize()
                await client.thread_start(cwd=str(scripted.project))
            assert "untrusted" in caught.value.title


def test_a_killed_client_leaves_nothing(tmp_path: Path) -> None:
    sleeper = {"call": "exec_command", "args": {"cmd": "echo $$ > pid.txt; sleep 120"}}
    with ScriptedModel([[sleeper], [SAY]], approval="never", sandbox="danger-full-access") as scripted:
        code = f"""
import anyio
from codex_tui.engine.client import engine_client
from codex_tui.engine.locate import EngineBinary
from codex_tui.engine.process import spawn

async def main():
    process = spawn(EngineBinary({binary().path!r}, "test"))
    async with engine_client(process) as client, anyio.create_task_group() as group:
        async def listen():
            async for _ in client.events():
                pass
        group.start_soon(listen)
        await client.initialize()
        opened = await client.thread_start(**{{
            "cwd": {str(scripted.project)!r}, "approval_policy": "never", "sandbox": "danger-full-access"}})
        await client.turn_start(opened.thread.id, "go")
        print(process.pid, flush=True)
        await anyio.sleep_forever()

anyio.run(main)
"""
        command = [sys.executable, "-c", code]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=scripted.env, cwd=Path.cwd()) as client:
            assert client.stdout is not None
            engine = int(client.stdout.readline())
            pid_file = scripted.project / "pid.txt"
            with anyio.from_thread.start_blocking_portal() as portal:
                portal.call(_appears, pid_file)
            shell = int(pid_file.read_text())
            client.kill()
        assert gone(engine)
        assert gone(shell)


async def _appears(path: Path) -> None:
    with anyio.fail_after(20):
        while not (await anyio.Path(path).exists() and await anyio.Path(path).read_text()):  # noqa: ASYNC110
            await anyio.sleep(0.02)
