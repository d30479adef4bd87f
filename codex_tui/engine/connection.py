"""The life of one engine as a stream of events: starting, traffic, the end, whatever its cause."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import anyio
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from codex_tui.engine.failures import EngineGoneError
from codex_tui.engine.pipes import EngineProcess
from codex_tui.engine.process import describe_exit
from codex_tui.engine.recorder import Recorder
from codex_tui.engine.rpc import Peer
from codex_tui.engine.stderr_log import StderrLog
from codex_tui.engine.wires import ByteWire
from codex_tui.protocol.events import EngineReady, EngineStarting, EngineStopped, Event, Remarked

UNREAD_BATCHES = 32
"""Batches that wait for a slow reader (each at most one read of 256 KiB); then the pipe waits too."""

HELD_BATCHES = 1000
"""Batches held back while a thread is being opened; more than any resume was seen to bring."""

STDERR_SHOWN = 20
"""Last lines of stderr that go with the end of an engine."""

QUIET_AFTER_EXIT = 0.5
"""Seconds without a byte after which a dead engine's output counts as read: a process it left
behind may hold the pipe open for ever."""

EXIT_AFTER_EOF = 2.0
"""Seconds an engine has to exit after it closed its output."""

LOOK_INTERVAL = 0.1


class Connection:
    """An async context manager: inside it the engine is watched, at its end the engine is stopped.

    `events` must be read for as long as it lives. `process` is None when the wire is not a
    process of ours. The `recorder` is its owner's to close: it may outlive this engine.
    """

    def __init__(
        self,
        wire: ByteWire,
        *,
        process: EngineProcess | None = None,
        path: str = "",
        generation: int = 1,
        recorder: Recorder | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.generation = generation
        self.path = path
        self.process = process
        self.gone: EngineGoneError | None = None
        """Why the connection is over; None while it stands."""
        self.over = anyio.Event()
        self._wire = wire
        self._recorder = recorder
        self._log = process.stderr if process is not None else StderrLog()
        self.peer = Peer(wire, generation=generation, tap=_Ear(self._log, recorder), clock=clock)
        self._expected = False
        self._read = anyio.Event()  # stdout is at its end
        self._drained = anyio.Event()  # stderr is
        self._stir = anyio.Event()  # stdout, or the process, is
        self._held: deque[list[Event]] | None = None
        self._events_in: MemoryObjectSendStream[list[Event]]
        self._events_out: MemoryObjectReceiveStream[list[Event]]
        self._group: TaskGroup | None = None

    async def __aenter__(self) -> Self:
        self._events_in, self._events_out = anyio.create_memory_object_stream[list[Event]](UNREAD_BATCHES)
        self._group = anyio.create_task_group()
        await self._group.__aenter__()
        self._events_in.send_nowait([EngineStarting(self.generation, self.path)])
        self._group.start_soon(self._live)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        group = self._group
        if group is None:
            return None
        self._expected = True
        try:
            await self._wire.aclose()
        finally:
            self.peer.lose(EngineGoneError("this client has stopped it"))
            if self._recorder is not None:
                self._recorder.ended(self.process.exit_code if self.process is not None else None)
            self._events_in.close()
            self._events_out.close()
            group.cancel_scope.cancel()
            # Only a cancellation concerns the group; the caller's own error must not come out wrapped.
            if isinstance(error, anyio.get_cancelled_exc_class()):
                handled = await group.__aexit__(kind, error, trace)
            else:
                handled = bool(await group.__aexit__(None, None, None)) and error is None
        return handled

    async def events(self) -> AsyncIterator[list[Event]]:
        """All events in order, in batches; ends after `EngineStopped`. For one reader."""
        async for batch in self._events_out:
            yield batch

    async def emit(self, batch: list[Event]) -> None:
        """Put events into the stream; waits when its reader is slow."""
        if self._recorder is not None and (problem := self._recorder.take_problem()):
            batch = [*batch, Remarked("warning", problem)]
        if self._held is None:
            await self._deliver(batch)
            return
        # Held from the very start when the resume was asked early: that the engine is ready need not wait.
        ready: list[Event] = [event for event in batch if isinstance(event, EngineReady)]
        if ready:
            await self._deliver(ready)
            batch = [event for event in batch if not isinstance(event, EngineReady)]
        self._held.append(batch)
        if len(self._held) > HELD_BATCHES:
            await self.release([])

    def hold(self) -> None:
        """Keep events back until `release`: what opens a thread must come before what happens in it."""
        if self._held is None:
            self._held = deque()

    async def release(self, first: list[Event]) -> None:
        """Let `first` go, then all that was held."""
        held = self._held if self._held is not None else deque[list[Event]]()
        if first:
            held.appendleft(first)
        while held:  # still held meanwhile, so that nothing overtakes
            await self._deliver(held.popleft())
        self._held = None

    async def _deliver(self, batch: list[Event]) -> None:
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):  # nobody listens any more
            await self._events_in.send(batch)

    def start_soon(self, work: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> None:
        """Do `work` beside the caller; it ends with the connection and must not raise."""
        if self._group is not None:
            self._group.start_soon(work, *arguments)

    async def stop(self) -> None:
        """Stop the engine on purpose, in order. Its `EngineStopped` comes through the stream."""
        self._expected = True
        await self._wire.aclose()

    def log(self) -> tuple[str, ...]:
        """The last lines of the engine's stderr, and what was skipped of its stdout, raw, oldest first."""
        return self._log.lines()

    async def _live(self) -> None:
        reason = "the connection was closed"
        async with anyio.create_task_group() as group:
            group.start_soon(self._listen)
            if self.process is None:
                await self._read.wait()
            else:
                group.start_soon(self._drain, self.process)
                reason = await self._watch(self.process)
            group.cancel_scope.cancel()
        code = self.process.exit_code if self.process is not None else None
        stderr = self._log.tail(STDERR_SHOWN)
        if self._recorder is not None:
            self._recorder.ended(code)
        self.gone = EngineGoneError(reason, stderr)
        self.peer.lose(self.gone)
        self.over.set()
        await self.release([])
        await self.emit([EngineStopped(self.generation, reason, code, stderr, self._expected)])
        self._events_in.close()

    async def _listen(self) -> None:
        try:
            await self.peer.run(self.emit)
        finally:
            self._read.set()
            self._stir.set()

    async def _drain(self, process: EngineProcess) -> None:
        try:
            await process.drain_stderr()
        finally:
            self._drained.set()

    async def _watch(self, process: EngineProcess) -> str:
        """Wait for the end of `process` and of what it wrote; says how it ended."""

        async def wait() -> None:
            await process.wait()
            self._stir.set()

        hung = False
        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await self._stir.wait()
            group.cancel_scope.cancel()
        if process.exit_code is None:
            with anyio.move_on_after(EXIT_AFTER_EOF):
                await process.wait()
            hung = process.exit_code is None
        await process.stop()
        await self._read_the_rest()
        process.close()
        return "it closed its output" if hung and not self._expected else describe_exit(process.exit_code)

    async def _read_the_rest(self) -> None:
        while not self._read.is_set() and self.peer.idle_for() < QUIET_AFTER_EXIT:
            with anyio.move_on_after(LOOK_INTERVAL):
                await self._read.wait()
        with anyio.move_on_after(QUIET_AFTER_EXIT):
            await self._drained.wait()


class _Ear:
    """Hears all traffic: the recorder gets it, the log gets what made no sense."""

    def __init__(self, log: StderrLog, recorder: Recorder | None) -> None:
        self._log = log
        self._recorder = recorder

    def incoming(self, line: bytes) -> None:
        if self._recorder is not None:
            self._recorder.incoming(line)

    def outgoing(self, line: bytes) -> None:
        if self._recorder is not None:
            self._recorder.outgoing(line)

    def noise(self, reason: str, line: bytes) -> None:
        self._log.note(f"[skipped: {reason}] {line[:2000].decode('utf-8', 'replace')}")
        if self._recorder is not None:
            self._recorder.noise(reason, line)

    def flush(self) -> None:
        if self._recorder is not None:
            self._recorder.flush()
