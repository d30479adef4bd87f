"""Shell commands of the person and background terminals, with the real engine."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from codex_tui.engine.failures import RefusedError
from codex_tui.protocol.deltas import CommandOutputDelta, ItemCompleted
from codex_tui.protocol.events import Event, Notified, Remarked, TerminalsListed
from codex_tui.protocol.terminals import BackgroundTerminal
from codex_tui.session.reducer import reduce_all
from codex_tui.session.state import State
from codex_tui.shells import end_terminals, look_at_terminals
from tests.engine.test_real_engine import SAY, Session, session

pytestmark = pytest.mark.engine

FULL = {"approval": "never", "sandbox": "danger-full-access"}


def runs_on(command: str) -> dict[str, Any]:
    """A call that comes back at once while its command goes on."""
    return {"call": "exec_command", "args": {"cmd": command, "login": False, "yield_time_ms": 300}}


class Kept:
    """Where events for the state go, in place of a store."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def put(self, *events: Event) -> None:
        self.events += events


async def completed(s: Session, count: int = 1) -> Any:
    """The `count`-th command that was completed."""

    def wanted(event: Event) -> bool:
        ends = isinstance(event, Notified) and isinstance(event.params, ItemCompleted)
        return ends and len(s.items("commandExecution")) >= count

    await s.heard.until(wanted)
    return s.items("commandExecution")[count - 1]


async def test_a_shell_command_runs_outside_the_sandbox_and_is_an_item() -> None:
    async with session([], approval="untrusted", sandbox="read-only") as s:
        await s.client.shell_command(s.thread_id, "echo one | tr o O; touch made.txt; exit 3")
        item = await completed(s)
        assert s.made
        assert (item["source"], item["status"], item["exitCode"]) == ("userShell", "failed", 3)
        assert item["aggregatedOutput"] == "One\n"
        assert "touch made.txt" in item["command"]


async def test_a_blank_shell_command_is_refused() -> None:
    async with session([]) as s:
        with pytest.raises(RefusedError, match="empty"):
            await s.client.shell_command(s.thread_id, "  ")


async def test_the_agent_reads_what_a_shell_command_printed() -> None:
    async with session([[SAY]]) as s:
        await s.client.shell_command(s.thread_id, "echo for the agent")
        # Its item is completed a little before its turn, which the prompt would only steer.
        await s.heard.until(lambda event: isinstance(event, Notified) and event.method == "turn/completed")
        await s.finished(await s.prompt())
        assert "<user_shell_command>" in str(s.scripted.server.requests[-1])
        assert "for the agent" in str(s.scripted.server.requests[-1])


async def test_what_outlives_its_turn_is_listed_prints_on_and_can_be_terminated() -> None:
    slow = "for n in 1 2 3; do echo step $n; sleep 0.4; done; sleep 300"
    async with session([[runs_on(slow)], [runs_on("sleep 301")], [SAY]], **FULL) as s:
        turn = await s.finished(await s.prompt())
        assert turn.status == "completed"
        kept: Any = Kept()
        await look_at_terminals(s.client, kept, s.thread_id)
        (listed,) = kept.events
        assert isinstance(listed, TerminalsListed)
        by_command = {one.command: one for one in listed.terminals if isinstance(one, BackgroundTerminal)}
        assert set(by_command) == {slow, "sleep 301"}
        await s.heard.until(
            lambda event: (
                isinstance(event, Notified)
                and isinstance(event.params, CommandOutputDelta)
                and "step 3" in event.params.delta
            )
        )
        one = by_command[slow]
        await end_terminals(s.client, kept, s.thread_id, one.process_id)
        assert (await completed(s))["id"] == one.item_id
        state, _ = reduce_all(State(), [*s.heard.events, *kept.events])
        assert state.active is not None
        assert [left.command for left in state.active.terminals] == ["sleep 301"]
        await end_terminals(s.client, kept, s.thread_id, one.process_id)
        assert [event.title for event in kept.events if isinstance(event, Remarked)] == [
            "That command had ended by itself"
        ]
        await end_terminals(s.client, kept, s.thread_id, None)
        assert (await completed(s, 2))["status"] == "failed"
        assert kept.events[-1] == TerminalsListed(s.thread_id, ())


@pytest.mark.parametrize(
    ("method", "name"), [("command/exec/write", "processId"), ("process/writeStdin", "processHandle")]
)
async def test_the_engine_takes_no_input_for_a_threads_command(method: str, name: str) -> None:
    """What the commands pane says of it; once an engine takes it, the pane can offer it."""
    asks = runs_on("read line; echo got $line")
    asks["args"]["tty"] = True
    async with session([[asks], [SAY]], **FULL) as s:
        await s.finished(await s.prompt())
        kept: Any = Kept()
        await look_at_terminals(s.client, kept, s.thread_id)
        (one,) = kept.events[0].terminals
        with pytest.raises(RefusedError):
            await s.client.peer.request(method, {name: one.process_id, "deltaBase64": "aGkK"})
        await end_terminals(s.client, kept, s.thread_id, None)


async def test_an_interrupt_ends_a_shell_command() -> None:
    async with session([]) as s:
        await s.client.shell_command(s.thread_id, "echo begun; sleep 300")
        began = await s.heard.until(
            lambda event: isinstance(event, Notified) and isinstance(event.params, CommandOutputDelta)
        )
        with anyio.fail_after(20):
            await s.client.turn_interrupt(s.thread_id, began.params.turn_id)
        assert (await completed(s))["status"] == "failed"
