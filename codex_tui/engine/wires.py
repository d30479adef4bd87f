"""Ways to an engine. One today, its stdio; a socket's frames would fit the same interface."""

from __future__ import annotations

import math
from typing import Protocol

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from codex_tui.engine.failures import CannotSendError
from codex_tui.engine.pipes import EngineProcess


class ByteWire(Protocol):
    """A two-way stream of bytes that carries one JSON object a line."""

    async def receive(self) -> bytes:
        """The next bytes; empty when the other side is gone."""
        ...

    async def send(self, data: bytes) -> None:
        """Send all of `data`. Raises CannotSendError."""
        ...

    async def aclose(self) -> None:
        """Leave; the other side sees the end. May be called twice."""
        ...


class StdioWire:
    """The pipes of an engine this client started."""

    def __init__(self, process: EngineProcess) -> None:
        self.process = process

    async def receive(self) -> bytes:
        return await self.process.receive()

    async def send(self, data: bytes) -> None:
        await self.process.send(data)

    async def aclose(self) -> None:
        await self.process.stop()
        self.process.close()


class MemoryWire:
    """One end of a wire inside this program."""

    def __init__(
        self, incoming: MemoryObjectReceiveStream[bytes], outgoing: MemoryObjectSendStream[bytes]
    ) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    async def receive(self) -> bytes:
        try:
            return await self._incoming.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            return b""

    async def send(self, data: bytes) -> None:
        try:
            await self._outgoing.send(data)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            raise CannotSendError("its input is closed") from None

    async def aclose(self) -> None:
        await self._incoming.aclose()
        await self._outgoing.aclose()


def memory_wires() -> tuple[MemoryWire, MemoryWire]:
    """Two ends of one wire, for tests of both sides without a process."""
    there_send, there_receive = anyio.create_memory_object_stream[bytes](math.inf)
    here_send, here_receive = anyio.create_memory_object_stream[bytes](math.inf)
    return MemoryWire(here_receive, there_send), MemoryWire(there_receive, here_send)
