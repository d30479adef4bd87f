"""What may listen to the traffic with the engine."""

from __future__ import annotations

from typing import Protocol


class Tap(Protocol):
    """Somebody who sees all traffic (the recorder). Must not raise."""

    def incoming(self, line: bytes) -> None:
        """A line that is a message."""
        ...

    def outgoing(self, line: bytes) -> None:
        """A line that was handed to the wire."""
        ...

    def noise(self, reason: str, line: bytes) -> None:
        """A line that is none, or its beginning."""
        ...

    def flush(self) -> None:
        """What was read at once is through."""
        ...
