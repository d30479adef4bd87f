"""How long each request may take, and which may be made again."""

from __future__ import annotations

from typing import NamedTuple

DEFAULT_DEADLINE = 30.0
"""Seconds. The engine answers most requests in 1 to 30 ms; this is for a machine under heavy load."""

DEADLINES: dict[str, float] = {
    # 60 to 320 ms here; 1.3 s once; the first start of a 300 MB binary from a cold disk takes longer.
    "initialize": 60.0,
    # Both wait for the configuration, for MCP servers' first steps, and read the rollout.
    "thread/start": 60.0,
    "thread/resume": 120.0,
    "thread/turns/list": 60.0,
    # It closes the thread and reads it anew, without the turns.
    "thread/revert": 120.0,
    "thread/rollback": 120.0,
    # It may ask a provider over the network.
    "account/read": 45.0,
    # What a person waits for with a finger on the key.
    "turn/interrupt": 15.0,
}

REPEATABLE = frozenset({"account/read", "thread/list", "thread/read", "thread/search", "thread/turns/list"})
"""Methods that only read: asking twice does no more than asking once."""

OVERLOADED = -32001
"""The engine's queue of requests is full; it asks for exponential back-off with jitter."""


class Backoff(NamedTuple):
    """Waits between tries, in seconds: `first`, doubled each time up to `longest`, each times 0.5 to 1."""

    tries: int = 6
    first: float = 0.1
    longest: float = 3.0

    def wait(self, tried: int, chance: float) -> float:
        """Seconds after the `tried`-th try (from 1); `chance` is in 0 to 1."""
        return min(self.longest, self.first * 2 ** (tried - 1)) * (0.5 + chance / 2)
