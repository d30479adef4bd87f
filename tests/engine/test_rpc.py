"""The peer over an in-memory wire, with a scripted other side."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.engine.codec import BadLineError, decode, encode
from codex_tui.engine.deadlines import REPEATABLE, Backoff
from codex_tui.engine.failures import EngineGoneError, RefusedError, UnansweredError
from codex_tui.engine.framing import LineSplitter
from codex_tui.engine.rpc import OPEN_KEPT, Peer
from codex_tui.engine.wires import MemoryWire, memory_wires
from codex_tui.protocol.events import Answered, Asked, Event, LineSkipped, Notified, Remarked, UnknownNotified

FAST = Backoff(tries=4, first=0.001, longest=0.002)
APPROVAL = "item/commandExecution/requestApproval"


class OtherSide:
    """The engine's end: sees what was sent, and sends what it likes."""

    def __init__(self, wire: MemoryWire) -> None:
        self.wire = wire
        self.got: list[dict[str, Any]] = []
        self._splitter = LineSplitter()

    async def take(self, count: int = 1) -> list[dict[str, Any]]:
        """The next `count` messages."""
        with anyio.fail_after(5):
            while len(self.got) < count:
                self.got += [json.loads(line) for line in self._splitter.feed(await self.wire.receive())]
        taken, self.got = self.got[:count], self.got[count:]
        return taken

    async def silent(self) -> bool:
        """Whether nothing comes for a moment."""
        with anyio.move_on_after(0.05):
            await self.take()
            return False
        return True

    async def say(self, *messages: Any) -> None:
        for message in messages:
            await self.wire.send(message if isinstance(message, bytes) else encode(message))


class Setting:
    def __init__(self, peer: Peer, other: OtherSide) -> None:
        self.peer = peer
        self.other = other
        self.events: list[Event] = []

    async def settled(self) -> list[Event]:
        """All events, once the peer has worked through what was said."""
        before = -1
        while len(self.events) != before:  # longer than a peer needs for a few lines
            before = len(self.events)
            for _ in range(20):
                await anyio.lowlevel.checkpoint()
            await anyio.sleep(0.02)
        return self.events


@asynccontextmanager
async def setting() -> AsyncGenerator[Setting]:
    here, there = memory_wires()
    stage = Setting(Peer(here, chance=lambda: 0.5, backoff=FAST), OtherSide(there))

    async def emit(batch: list[Event]) -> None:
        stage.events.extend(batch)

    async with anyio.create_task_group() as group:
        group.start_soon(stage.peer.run, emit)
        yield stage
        group.cancel_scope.cancel()
    await here.aclose()
    await there.aclose()


async def raised(call: Awaitable[Any]) -> BaseException:
    with pytest.raises(Exception) as caught:
        await call
    return caught.value


async def both(call: Callable[[], Awaitable[Any]], other: Callable[[], Awaitable[Any]]) -> Any:
    """The result of `call` (or its error) while `other` plays the other side."""
    outcome: list[Any] = []

    async def run() -> None:
        try:
            outcome.append(await call())
        except Exception as error:
            outcome.append(error)

    async with anyio.create_task_group() as group:
        group.start_soon(run)
        await other()
    return outcome[0]


def asked(request_id: Any, command: str = "ls") -> dict[str, Any]:
    members = {"threadId": "t", "turnId": "u", "itemId": "i", "command": command, "cwd": "/"}
    return {"id": request_id, "method": APPROVAL, "params": members}


async def test_a_request_gets_its_own_answer() -> None:
    async with setting() as s:

        async def answer() -> None:
            (request,) = await s.other.take()
            assert request == {"id": 1, "method": "thread/list", "params": {}}
            await s.other.say({"id": 99, "result": "another's"}, {"id": "1", "result": "a string's"})
            await s.other.say({"id": 1, "result": {"data": []}}, {"id": 1, "result": "too late"})

        assert await both(lambda: s.peer.request("thread/list", {}), answer) == {"data": []}
        assert [event.times for event in await s.settled() if isinstance(event, LineSkipped)] == [1] * 2


async def test_a_deadline_ends_a_request_and_says_what_is_unknown() -> None:
    async with setting() as s:
        error = await raised(s.peer.request("turn/start", {}, deadline=0.05))
        assert isinstance(error, UnansweredError)
        assert error.title == "the engine did not answer turn/start within 0.05 s"
        assert "not known whether" in error.detail
        error = await raised(s.peer.request("thread/list", {}, deadline=0.05))
        assert isinstance(error, UnansweredError)
        assert error.detail == ""
        # An answer after its deadline is nothing to report.
        await s.other.say({"id": 1, "result": {}})
        assert await s.settled() == []


@pytest.mark.parametrize("method", sorted(REPEATABLE))
def test_repeatable_methods_only_read(method: str) -> None:
    assert method.rpartition("/")[2] in ("read", "list", "search", "searchOccurrences")


async def test_an_overloaded_engine_is_asked_again_only_when_that_is_harmless() -> None:
    overloaded = {"code": -32001, "message": "Server overloaded; retry later."}
    async with setting() as s:

        async def twice_no() -> None:
            for result in ({"error": overloaded}, {"error": overloaded}, {"result": {"data": [1]}}):
                (request,) = await s.other.take()
                await s.other.say({"id": request["id"], **result})

        assert await both(lambda: s.peer.request("thread/list", {}), twice_no) == {"data": [1]}

        async def once_no() -> None:
            (request,) = await s.other.take()
            await s.other.say({"id": request["id"], "error": overloaded})

        error = await both(lambda: s.peer.request("turn/start", {}), once_no)
        assert isinstance(error, RefusedError)
        assert error.code == -32001
        assert await s.other.silent()

        async def always_no() -> None:
            for _ in range(FAST.tries):
                await once_no()

        error = await both(lambda: s.peer.request("thread/list", {}), always_no)
        assert isinstance(error, RefusedError)
        assert await s.other.silent()


def test_pauses_grow_with_jitter_and_have_an_end() -> None:
    backoff = Backoff(first=0.1, longest=3.0)
    assert [backoff.wait(tried, 1.0) for tried in (1, 2, 3)] == [0.1, 0.2, 0.4]
    assert backoff.wait(1, 0.0) == 0.05
    assert backoff.wait(30, 1.0) == 3.0


async def test_a_refusal_carries_the_engines_words_escaped() -> None:
    async with setting() as s:

        async def refuse() -> None:
            await s.other.take()
            await s.other.say({"id": 1, "error": {"code": -32600, "message": "no \x1b]52;c;x\x07\nline two"}})

        error = await both(lambda: s.peer.request("thread/resume", {}), refuse)
        assert isinstance(error, RefusedError)
        assert error.title == "no \\x1b]52;c;x\\x07"
        assert error.detail.splitlines()[0] == "line two"
        assert error.message == "no \x1b]52;c;x\x07\nline two"


async def test_a_lost_connection_fails_everything_outstanding_and_all_that_follows() -> None:
    async with setting() as s:

        async def lose() -> None:
            await s.other.take()
            await s.other.say(asked(0))
            await s.settled()
            s.peer.lose(EngineGoneError("exit code 1", ["last \x1b[31mwords\x1b[0m"]))

        error = await both(lambda: s.peer.request("turn/start", {}), lose)
        assert isinstance(error, EngineGoneError)
        assert error.title == "the engine stopped: exit code 1"
        assert error.detail == "last words"
        assert isinstance(await raised(s.peer.request("thread/list", {})), EngineGoneError)
        assert await s.peer.answer(0, {"decision": "accept"}) is False
        assert await s.other.silent()


@pytest.mark.parametrize("request_id", [0, "0", 7, "x"])
async def test_an_answer_keeps_the_type_of_the_id(request_id: int | str) -> None:
    async with setting() as s:
        await s.other.say(asked(request_id))
        (event,) = await s.settled()
        assert isinstance(event, Asked)
        assert event.request_id == request_id
        other: int | str = str(request_id) if isinstance(request_id, int) else 0
        assert await s.peer.answer(other, {"decision": "accept"}) is False
        assert await s.peer.answer(request_id, {"decision": "decline"}) is True
        assert await s.other.take() == [{"id": request_id, "result": {"decision": "decline"}}]


async def test_a_question_is_answered_once() -> None:
    async with setting() as s:
        await s.other.say(asked(3))
        await s.settled()
        sent: list[bool] = []

        async def answer(decision: str) -> None:
            sent.append(await s.peer.answer(3, {"decision": decision}))

        async with anyio.create_task_group() as group:
            for decision in ("accept", "decline", "cancel"):
                group.start_soon(answer, decision)
        assert sorted(sent) == [False, False, True]
        assert await s.peer.refuse(3, -1, "no") is False
        assert await s.other.take() == [{"id": 3, "result": {"decision": "accept"}}]
        assert await s.other.silent()


async def test_a_resolved_question_is_not_answered() -> None:
    async with setting() as s:
        resolved = {"method": "serverRequest/resolved", "params": {"threadId": "t", "requestId": 8}}
        await s.other.say(asked(8), {**resolved, "params": {"threadId": "t", "requestId": "8"}})
        await s.settled()
        assert s.peer.open_questions == (8,)
        await s.other.say(resolved)
        await s.settled()
        assert await s.peer.answer(8, {"decision": "accept"}) is False
        assert await s.other.silent()


async def test_a_question_sent_again_is_one_question() -> None:
    async with setting() as s:
        await s.other.say(asked(5), asked(5))
        assert [type(event) for event in await s.settled()] == [Asked]
        assert await s.peer.answer(5, {"decision": "decline"})


async def test_two_questions_under_one_id_are_both_refused() -> None:
    async with setting() as s:
        await s.other.say(asked(5), asked(5, "rm -rf ~"))
        events = await s.settled()
        assert [type(event) for event in events] == [Asked, LineSkipped, Answered]
        assert await s.peer.answer(5, {"decision": "accept"}) is False
        (reply,) = await s.other.take()
        assert reply["id"] == 5
        assert "error" in reply


async def test_a_request_with_a_member_twice_is_refused_unseen() -> None:
    async with setting() as s:
        line = b'{"id":7,"method":"%b","params":{"command":"ls","command":"rm -rf ~"}}\n' % APPROVAL.encode()
        await s.other.say(line)
        assert not [event for event in await s.settled() if isinstance(event, Asked)]
        (reply,) = await s.other.take()
        assert reply["id"] == 7
        assert "error" in reply


@pytest.mark.parametrize(
    "method",
    ["future/ask", "account/chatgptAuthTokens/refresh", "attestation/generate", "item/tool/call"],
)
async def test_what_nobody_can_answer_is_refused_and_shown(method: str) -> None:
    async with setting() as s:
        await s.other.say({"id": 900, "method": method, "params": {}})
        assert [type(event) for event in await s.settled()] == [Asked, Answered, Remarked]
        (reply,) = await s.other.take()
        assert (reply["id"], reply["error"]["code"]) == (900, -32601)
        assert await s.peer.answer(900, {}) is False


async def test_too_many_questions_are_refused() -> None:
    async with setting() as s:
        await s.other.say(*[asked(number) for number in range(OPEN_KEPT + 1)])
        assert (await s.other.take())[0]["id"] == OPEN_KEPT
        assert len(s.peer.open_questions) == OPEN_KEPT


NOISE = [
    b"thread panicked at src/main.rs",
    b"\x1b[?2004h",
    b'{"method":"turn/star',
    b"[]",
    b'"x"',
    b"null",
    b"7",
    b"{}",
    b'{"id":1}',
    b'{"id":null,"method":"x"}',
    b'{"id":1.0,"method":"x"}',
    b'{"id":true,"method":"x"}',
    b'{"id":{"a":1},"method":"x"}',
    b'{"method":5,"params":{}}',
    b'{"id":2,"method":5}',
    b'{"method":"x","params":{"x":NaN,"y":-Infinity}}',
    b'{"method":"x","params":{"delta":"\xff\xfe"}}',
    b'\xff\xfe{\x00"\x00m\x00"\x00',
    b'{"method":"x"}\x00\x00',
    b'{"method":"x\x1b[2J"}',
    b'{"method":"x","params":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    b'{"method":"x","params":{"n":' + b"9" * 5000 + b"}}",
]


@pytest.mark.parametrize("line", NOISE, ids=lambda line: line[:40].decode("ascii", "replace"))
async def test_noise_is_skipped_counted_and_survived(line: bytes) -> None:
    async with setting() as s:
        after = {"method": "thread/closed", "params": {"threadId": "t"}}
        await s.other.say(line + b"\n", line + b"\n", after)
        events = await s.settled()
        assert sum(event.times for event in events if isinstance(event, LineSkipped)) == 2
        assert isinstance(events[-1], Notified)
        assert len(events) == 2 or len(line) > 1000 or events[0] == events[1]


async def test_a_flood_of_noise_is_counted_together() -> None:
    async with setting() as s:
        await s.other.say(b"noise\n" * 1000, {"method": "thread/closed", "params": {"threadId": "t"}})
        with anyio.fail_after(10):
            while not any(isinstance(event, Notified) for event in s.events):
                await s.settled()
        noise = [event for event in s.events if isinstance(event, LineSkipped)]
        assert sum(event.times for event in noise) == 1000
        assert len(noise) < 30  # one a slice of work


async def test_blank_and_crlf_lines_are_no_fault() -> None:
    async with setting() as s:
        await s.other.say(b'\n\r\n  \n{"method":"thread/closed","params":{"threadId":"t"}}\r\n')
        assert [type(event) for event in await s.settled()] == [Notified]


async def test_unknown_notifications_are_kept_raw() -> None:
    async with setting() as s:
        await s.other.say({"method": "from/tomorrow", "params": {"x": 1}}, {"method": "turn/started"})
        first, second = await s.settled()
        assert isinstance(first, UnknownNotified)
        assert first.params == {"x": 1}
        assert isinstance(second, UnknownNotified)


async def test_a_slow_reader_slows_the_wire_and_loses_nothing() -> None:
    line = encode({"method": "thread/closed", "params": {"threadId": "t"}})

    class Source:
        """A wire that counts what is read from it."""

        reads = 0

        async def receive(self) -> bytes:
            await anyio.lowlevel.checkpoint()
            self.reads += 1
            return line * 100 if self.reads <= 10 else b""

        async def send(self, data: bytes) -> None:
            raise AssertionError(data)

        async def aclose(self) -> None:
            pass

    source = Source()
    seen: list[Event] = []
    arrived = anyio.Event()
    gate = anyio.Event()

    async def emit(batch: list[Event]) -> None:
        arrived.set()
        await gate.wait()
        seen.extend(batch)

    async with anyio.create_task_group() as group:
        group.start_soon(Peer(source).run, emit)
        await arrived.wait()
        await anyio.sleep(0.05)
        assert source.reads == 1
        gate.set()
    assert len(seen) == 1000


async def test_the_loop_stays_alive_in_a_flood() -> None:
    here, there = memory_wires()
    peer = Peer(here)
    members = {"threadId": "t" * 36, "turnId": "u" * 36, "itemId": "i", "delta": "x" * 40}
    line = encode({"method": "item/agentMessage/delta", "params": members})
    await there.send(line * 24_000)
    await there.aclose()
    count = 0
    turns = 0

    async def emit(batch: list[Event]) -> None:
        nonlocal count
        count += len(batch)

    async def look() -> None:
        nonlocal turns
        while True:
            turns += 1
            await anyio.lowlevel.checkpoint()

    began = time.process_time()
    async with anyio.create_task_group() as group:
        group.start_soon(look)
        await peer.run(emit)
        group.cancel_scope.cancel()
    used = time.process_time() - began
    assert count == 24_000
    assert used < 5  # 0.3 s on a quiet machine
    assert turns > used / 0.008 / 4
    await here.aclose()
    await there.aclose()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
MEMBERS = st.dictionaries(
    st.sampled_from(["id", "method", "params", "result", "error", "emittedAtMs"]),
    JSON | st.sampled_from(["turn/started", APPROVAL, "serverRequest/resolved"]),
)


@given(MEMBERS | JSON | st.binary())
def test_decoding_anything_gives_a_message_or_one_error(value: Any) -> None:
    line = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        decode(line)
    except BadLineError as error:
        assert str(error)


@given(st.lists(MEMBERS, max_size=8))
async def test_no_sequence_of_messages_breaks_the_peer(messages: list[dict[str, Any]]) -> None:
    async with setting() as s:
        await s.other.say(*[json.dumps(message).encode() + b"\n" for message in messages])
        await s.other.say({"method": "thread/closed", "params": {"threadId": "the end"}})
        assert getattr((await s.settled())[-1], "method", "") == "thread/closed"


@given(st.text())
def test_encoding_gives_one_line_whatever_the_text(text: str) -> None:
    line = encode({"text": text, "bad": "\ud800"})
    assert line.count(b"\n") == 1
    assert json.loads(line)["text"] == text
