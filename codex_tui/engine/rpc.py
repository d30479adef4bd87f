"""The JSON-RPC peer: requests with deadlines, questions answered once, everything else as events."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

import anyio
import anyio.lowlevel

from codex_tui.engine.automatic import Attendant
from codex_tui.engine.client_tools import Tools
from codex_tui.engine.codec import (
    BadLineError,
    Message,
    Notification,
    Response,
    ServerRequest,
    decode,
    encode,
)
from codex_tui.engine.deadlines import DEADLINES, DEFAULT_DEADLINE, OVERLOADED, REPEATABLE, Backoff
from codex_tui.engine.early import Sent
from codex_tui.engine.failures import CannotSendError, EngineGoneError, RefusedError, UnansweredError
from codex_tui.engine.framing import LineSplitter
from codex_tui.engine.tap import Tap
from codex_tui.engine.wires import ByteWire
from codex_tui.protocol.base import JsonObject, RequestId
from codex_tui.protocol.events import Answered, Asked, Event, LineSkipped
from codex_tui.protocol.registry import as_object, notified, parse_request

SLICE = 0.008
"""Seconds of work before the loop gets its turn: half a frame, so keys stay alive in a flood."""

LOOK_EVERY = 32
"""Lines between two looks at the clock."""

OPEN_KEPT = 1000
"""Questions that may wait at once. A healthy engine has a handful; what comes above is refused."""

SETTLED_KEPT = 4096
"""Ids of answered questions remembered, so that none is answered twice. They are counted up, not reused."""

INVALID_REQUEST = -32600

Emit = Callable[[list[Event]], Awaitable[None]]
Key = tuple[type, RequestId]
ResultEvent = Callable[[Any], Event | None]
"""Makes the event of a result, so that it stands in the stream where the response stood."""


class _Call:
    """A request that waits for its response."""

    __slots__ = ("done", "error", "event", "result")

    def __init__(self, event: ResultEvent | None) -> None:
        self.done = anyio.Event()
        self.event = event
        self.result: Any = None
        self.error: JsonObject | EngineGoneError | None = None


class Peer:
    """One connection. `generation` tells its questions from those of an engine before or after it.

    `run` must be running for requests to get their answers, and whoever `emit`s reach must take
    them: an unread stream holds the pipe, and with it the answers.
    """

    def __init__(
        self,
        wire: ByteWire,
        *,
        generation: int = 1,
        tap: Tap | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        backoff: Backoff | None = None,
    ) -> None:
        self._wire = wire
        self.generation = generation
        self._tap = tap
        self._clock = clock
        self._chance = chance
        self._backoff = backoff or Backoff()
        self._attendant = Attendant()
        self._splitter = LineSplitter()
        self._last_id = 0
        self._calls: dict[int, _Call] = {}
        self._early: list[tuple[Sent, _Call]] = []
        self._open: dict[Key, ServerRequest] = {}
        self._settled: dict[Key, None] = {}
        self._outbox: deque[JsonObject] = deque()
        self._outbox_filled = anyio.Event()
        self._lost: EngineGoneError | None = None
        self._idle_since: float | None = None

    def adopt(self, sent: Iterable[Sent], event_of: Callable[[str], ResultEvent | None]) -> None:
        """Count messages as ours that were written before; to be called before `run`.

        Their answers make the events of `event_of(method)` where they stand in the stream, and wait
        for a `request` of the same method and params.
        """
        for one in sent:
            if self._tap is not None:
                self._tap.outgoing(one.line)
            if one.request_id is not None:
                self._last_id = max(self._last_id, one.request_id)
                call = self._calls[one.request_id] = _Call(event_of(one.method))
                self._early.append((one, call))

    def offer(self, tools: Tools) -> None:
        """Run these tools when the engine calls them. Whoever starts a thread announces them."""
        self._attendant = Attendant(tools)

    # Outwards

    async def request(
        self,
        method: str,
        params: JsonObject,
        *,
        deadline: float | None = None,
        event: ResultEvent | None = None,
    ) -> Any:
        """Ask, and wait for the result. `deadline` in seconds; the method's own by default.

        An overloaded engine is asked again, with growing pauses, when the method is repeatable.
        Raises RefusedError, UnansweredError, CannotSendError, EngineGoneError.
        """
        seconds = DEADLINES.get(method, DEFAULT_DEADLINE) if deadline is None else deadline
        repeatable = method in REPEATABLE
        tried = 0
        with anyio.move_on_after(seconds):
            early = await self._asked_early(method, params)
            if isinstance(early, tuple):
                return early[0]
            while True:
                tried += 1
                error = await self._ask_once(method, params, event)
                if not isinstance(error, RefusedError):
                    return error[0]
                if error.code != OVERLOADED or not repeatable or tried >= self._backoff.tries:
                    raise error
                await anyio.sleep(self._backoff.wait(tried, self._chance()))
        raise UnansweredError(method, seconds, repeatable)

    async def notify(self, method: str, params: JsonObject | None = None) -> None:
        """Tell the engine something it does not answer."""
        await self._send({"method": method} if params is None else {"method": method, "params": params})

    async def answer(self, request_id: RequestId, result: Any) -> bool:
        """Answer a question. False, and nothing sent, when it is settled already or unknown."""
        return await self._reply(request_id, {"result": result})

    async def refuse(self, request_id: RequestId, code: int, message: str) -> bool:
        """Answer a question with an error; False as for `answer`. The engine takes it as a no."""
        return await self._reply(request_id, {"error": {"code": code, "message": message}})

    @property
    def open_questions(self) -> tuple[RequestId, ...]:
        """Ids of the questions that wait, oldest first."""
        return tuple(request.request_id for request in self._open.values())

    def idle_for(self) -> float:
        """Seconds since the reader waits for bytes; 0 while it works on what came."""
        return 0.0 if self._idle_since is None else self._clock() - self._idle_since

    def lose(self, error: EngineGoneError) -> None:
        """The connection is gone: every waiting request fails with `error`, and every later one."""
        if self._lost is None:
            self._lost = error
        self._open.clear()
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.error = self._lost
            call.done.set()

    # Inwards

    async def run(self, emit: Emit) -> None:
        """Read until the other side is gone, handing events on in batches, in order."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._send_replies)
            while chunk := await self._receive():
                await self._take(self._splitter.feed(chunk), emit)
            self._splitter.close()
            await self._take([], emit)
            group.cancel_scope.cancel()

    async def _receive(self) -> bytes:
        self._idle_since = self._clock()
        try:
            return await self._wire.receive()
        finally:
            self._idle_since = None

    async def _take(self, lines: list[bytes], emit: Emit) -> None:
        batch: list[Event] = []
        for fault in self._splitter.take_faults():
            self._skip(batch, fault.reason, fault.sample)
        began = self._clock()
        for count, line in enumerate(lines, 1):
            self._line(line, batch)
            if count % LOOK_EVERY == 0 and self._clock() - began > SLICE:
                if batch:
                    await emit(batch)
                    batch = []
                await anyio.lowlevel.checkpoint()
                began = self._clock()
        if self._tap is not None:
            self._tap.flush()
        if batch:
            await emit(batch)

    async def _send_replies(self) -> None:
        # Beside the reader: an engine that waits for us to read would never read a reply.
        while True:
            await self._outbox_filled.wait()
            self._outbox_filled = anyio.Event()
            while self._outbox:
                with suppress(CannotSendError, EngineGoneError):
                    await self._send(self._outbox.popleft())

    def _reply_soon(self, request_id: RequestId, body: JsonObject) -> None:
        # An engine that asks thousands of wrong questions and reads no answer is past helping.
        if len(self._outbox) < OPEN_KEPT:
            self._outbox.append({"id": request_id, **body})
            self._outbox_filled.set()

    def _line(self, line: bytes, batch: list[Event]) -> None:
        try:
            message = decode(line)
        except BadLineError as bad:
            self._skip(batch, str(bad), line)
            if bad.request_id is not None:
                self._give_up(bad.request_id, str(bad), batch)
            return
        if self._tap is not None:
            self._tap.incoming(line)
        self._message(message, line, batch)

    def _message(self, message: Message, line: bytes, batch: list[Event]) -> None:
        match message:
            case Notification():
                if message.method == "serverRequest/resolved":
                    self._resolved(message.params)
                batch.append(notified(*message))
            case ServerRequest():
                self._asked(message, batch)
            case Response():
                self._answered(message, line, batch)

    def _asked(self, request: ServerRequest, batch: list[Event]) -> None:
        key = (type(request.request_id), request.request_id)
        known = self._open.get(key)
        if known == request:
            return  # sent again, as after a late resume
        if key in self._settled:
            self._skip(batch, f"a question under the id {key[1]!r}, which is settled already", b"")
        elif known is not None:
            # Two questions under one id: whatever is answered could be taken for the other.
            self._give_up(request.request_id, "two requests with the same id", batch)
        elif len(self._open) >= OPEN_KEPT:
            self._give_up(request.request_id, "too many requests at once", batch)
        else:
            batch.append(
                Asked(
                    self.generation,
                    request.request_id,
                    request.method,
                    parse_request(request.method, request.params),
                    as_object({} if request.params is None else request.params),
                    self._clock(),
                )
            )
            reply = self._attendant.reply(request)
            if reply is None:
                self._open[key] = request
            else:
                self._settle(key)
                self._reply_soon(request.request_id, reply.body)
                batch.append(Answered(self.generation, request.request_id, reply.outcome, alone=True))
                if reply.notice is not None:
                    batch.append(reply.notice)

    def _give_up(self, request_id: RequestId, why: str, batch: list[Event]) -> None:
        key = (type(request_id), request_id)
        if key in self._settled:
            return
        self._open.pop(key, None)
        self._settle(key)
        self._reply_soon(request_id, {"error": {"code": INVALID_REQUEST, "message": why}})
        batch.append(LineSkipped(why, str(request_id)))
        batch.append(Answered(self.generation, request_id, "refused"))

    def _resolved(self, params: Any) -> None:
        request_id = as_object(params).get("requestId")
        if isinstance(request_id, int | str):
            key = (type(request_id), request_id)
            if self._open.pop(key, None) is not None:
                self._settle(key)

    def _answered(self, response: Response, line: bytes, batch: list[Event]) -> None:
        request_id = response.request_id
        call = self._calls.pop(request_id, None) if type(request_id) is int else None
        if call is not None:
            call.result, call.error = response.result, response.error
            if call.event is not None and call.error is None and (made := call.event(call.result)):
                batch.append(made)
            call.done.set()
        elif type(request_id) is not int or not 0 < request_id <= self._last_id:
            self._skip(batch, "an answer to a request that was never made", line)
        # Else it comes after its deadline, or a second time: the first counts.

    def _skip(self, batch: list[Event], reason: str, sample: bytes) -> None:
        if self._tap is not None:
            self._tap.noise(reason, sample)
        last = batch[-1] if batch else None
        if isinstance(last, LineSkipped) and last.reason == reason:
            batch[-1] = LineSkipped(reason, last.sample, last.times + 1)
        else:
            batch.append(LineSkipped(reason, sample[:200].decode("utf-8", "replace")))

    # Details

    async def _ask_once(
        self, method: str, params: JsonObject, event: ResultEvent | None
    ) -> tuple[Any] | RefusedError:
        if self._lost is not None:
            raise self._lost
        self._last_id += 1
        request_id = self._last_id
        call = self._calls[request_id] = _Call(event)
        try:
            await self._send({"id": request_id, "method": method, "params": params})
            return await self._outcome(method, call)
        finally:
            self._calls.pop(request_id, None)

    async def _asked_early(self, method: str, params: JsonObject) -> tuple[Any] | RefusedError | None:
        """The outcome of such a request that was adopted; None when there is none.

        A refusal may be for having come too early, so the caller asks again.
        """
        for place, (sent, call) in enumerate(self._early):
            if (sent.method, sent.params) == (method, params):
                del self._early[place]
                return await self._outcome(method, call)
        return None

    @staticmethod
    async def _outcome(method: str, call: _Call) -> tuple[Any] | RefusedError:
        await call.done.wait()
        if call.error is None:
            return (call.result,)
        if isinstance(call.error, EngineGoneError):
            raise call.error
        code, text = call.error.get("code"), call.error.get("message")
        return RefusedError(
            method,
            code if isinstance(code, int) else 0,
            text if isinstance(text, str) else "",
            call.error.get("data"),
        )

    async def _reply(self, request_id: RequestId, body: JsonObject) -> bool:
        if self._lost is not None:
            return False
        key = (type(request_id), request_id)
        # Taken out before anything is awaited: two answers at once cannot both go out.
        if self._open.pop(key, None) is None:
            return False
        self._settle(key)
        await self._send({"id": request_id, **body})
        return True

    def _settle(self, key: Key) -> None:
        self._settled[key] = None
        if len(self._settled) > SETTLED_KEPT:
            del self._settled[next(iter(self._settled))]

    async def _send(self, message: JsonObject) -> None:
        if self._lost is not None:
            raise self._lost
        line = encode(message)
        if self._tap is not None:
            self._tap.outgoing(line)
        await self._wire.send(line)
