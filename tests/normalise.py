"""Recordings without the facts of the machine and the moment they were made on.

Ids become numbers in the order of their appearance, folders become `/home/dev`, clock times
start with the year 2026 and durations are rounded, so that a recording made again differs
only where the engine or the scenario does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from codex_tui.engine.recorder import Entry
from codex_tui.protocol.base import JsonObject

EPOCH = 1767225600
"""Seconds: the first of January 2026, when all recordings begin."""

SHORT = 0.3
"""Seconds; shorter gaps between messages say how busy the machine was and nothing else."""

GAP = 0.01
"""Seconds a short gap is written as."""

ROUND = 0.5
"""Seconds longer gaps are rounded to."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROLLOUT = re.compile(r"sessions/\d{4}/\d\d/\d\d/rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-")
TEST_TIME = re.compile(r"(Ran \d+ tests? in )[\d.]+s")
AGENT = re.compile(r"\([^)]*\) .*")
AGENT_TREE = re.compile(r"^/\w+")
"""The engine names its tree of agents like a home directory; it is none of a machine's."""
PORT = re.compile(r"127\.0\.0\.1:\d+")

SECONDS = {"createdAt", "updatedAt", "recencyAt", "startedAt", "completedAt"}
MILLISECONDS = {"emittedAtMs", "startedAtMs", "completedAtMs"}


class Normaliser:
    """Keeps what an id was replaced with, over all engines of a recording."""

    def __init__(self, folders: Mapping[str, str]) -> None:
        """`folders` maps a path of this machine to what stands for it; longer paths go first."""
        self._folders = sorted(folders.items(), key=lambda pair: -len(pair[0]))
        self._ids: dict[str, str] = {}
        self._processes: dict[str, str] = {}
        self._now = 0.0
        self._last = 0.0

    def lines(self, entries: Iterable[Entry]) -> Iterable[str]:
        """The lines of a recording, without line ends. May be called for one engine after another."""
        self._last = 0.0
        for entry in entries:
            gap = max(0.0, entry.t - self._last)
            self._last = entry.t
            self._now += GAP if gap < SHORT else max(ROUND, round(gap / ROUND) * ROUND)
            message = self._value("", json.loads(self._text(json.dumps(entry.msg, ensure_ascii=False))))
            line = {"t": round(self._now, 2), "dir": entry.dir, "msg": message}
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":"))

    def _text(self, text: str) -> str:
        for path, stand_in in self._folders:
            text = text.replace(path, stand_in)
        text = ROLLOUT.sub("sessions/2026/01/01/rollout-2026-01-01T00-00-00-", text)
        text = TEST_TIME.sub(r"\g<1>0.001s", text)
        text = PORT.sub("127.0.0.1:8080", text)
        return UUID.sub(self._id, text)

    def _id(self, match: re.Match[str]) -> str:
        return self._ids.setdefault(match[0], f"00000000-0000-7000-8000-{len(self._ids) + 1:012}")

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._value(key, member) for key, member in cast("JsonObject", value).items()}
        if isinstance(value, list):
            return [self._value("", member) for member in cast("list[Any]", value)]
        if isinstance(value, str):
            return self._string(name, value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self._number(name, value)
        return value

    def _string(self, name: str, value: str) -> str:
        match name:
            case "processId":
                return self._processes.setdefault(value, str(1000 + len(self._processes)))
            case "serverName" if "." not in value:
                return "host" if self._is_host(value) else value
            case "agentPath":
                return AGENT_TREE.sub("/lead", value)
            case "userAgent":
                return AGENT.sub("(Linux; x86_64)", value)
            case _:
                return value

    @staticmethod
    def _is_host(value: str) -> bool:
        import socket

        return value == socket.gethostname()

    def _number(self, name: str, value: int) -> int:
        if name in SECONDS and value > EPOCH // 2:
            return EPOCH + int(self._now)
        if name in MILLISECONDS:
            return EPOCH * 1000 + int(self._now * 1000)
        if name == "durationMs":
            return round(value / 500) * 500
        return value
