"""A plain, blocking conversation with the real engine: does it accept the scripted model?"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

JsonObject = dict[str, Any]
Decide = Callable[[JsonObject], JsonObject]
"""From a server request to the body of its answer."""

DEADLINE = 30.0
"""Seconds for one turn: a busy machine needs a few."""


def accept_all(request: JsonObject) -> JsonObject:
    return {"decision": "accept"}


class Conversation:
    """One engine process and one thread. `messages` holds all that came from the engine."""

    def __init__(self, engine: Path, env: Mapping[str, str], thread: JsonObject) -> None:
        self.messages: list[JsonObject] = []
        self._thread_params = thread
        self._inbox: queue.Queue[JsonObject | None] = queue.Queue()
        self._number = 0
        self._process = subprocess.Popen(
            [str(engine), "app-server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(env),
            cwd=thread["cwd"],
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        capabilities = {"experimentalApi": True}
        client = {"name": "codex_tui", "title": "codex-tui", "version": "0"}
        self.call("initialize", clientInfo=client, capabilities=capabilities)
        self.send({"method": "initialized"})
        self.thread_id: str = self.call("thread/start", **self._thread_params)["thread"]["id"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        self._process.stdout.close()

    def send(self, message: JsonObject) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def call(self, method: str, **params: Any) -> JsonObject:
        """The result of a request. Raises AssertionError for an error or no answer."""
        self._number += 1
        number = self._number
        self.send({"id": number, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "result" in message, message
                return message["result"]

    def say(self, text: str, decide: Decide = accept_all) -> list[JsonObject]:
        """Send a prompt, answer what the engine asks, and return the messages up to the turn's end."""
        start = len(self.messages)
        self.call("turn/start", threadId=self.thread_id, input=[{"type": "text", "text": text}])
        while True:
            message = self._next()
            if "id" in message and "method" in message:
                self.send({"id": message["id"], "result": decide(message)})
            if message.get("method") == "turn/completed":
                return self.messages[start:]

    def _next(self) -> JsonObject:
        message = self._inbox.get(timeout=DEADLINE)
        assert message is not None, "the engine has gone"
        self.messages.append(message)
        return message

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._inbox.put(json.loads(line))
        self._inbox.put(None)


def completed(messages: list[JsonObject], kind: str) -> list[JsonObject]:
    """The completed items of one type, in order."""
    items = (m["params"]["item"] for m in messages if m.get("method") == "item/completed")
    return [item for item in items if item["type"] == kind]


def outcome(messages: list[JsonObject]) -> str:
    """The status of the turn that ends these messages."""
    return messages[-1]["params"]["turn"]["status"]


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether `condition` came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
