"""An engine made of a script: one long thread, already had, and answers that stream.

Runs alone (`python long_thread.py TURNS app-server …`), imports nothing of the project. `TURNS`
turns of ten items each stand in the thread. A prompt `stream N` streams N deltas, 60 a second.
Where LONG_THREAD_LOG is set, the moments of answering go there: a word and monotonic seconds a line.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

THREAD = "01990000-0000-7000-8000-000000000001"
LAST = "ŽŠŤŇ"
"""The last word of the newest answer, and of each one that was streamed."""
PACE = 60
Json = dict[str, Any]

_WORDS = "the reader takes bytes in blocks and hands whole lines to the parser; nothing is copied twice. "


def items_of(turn: int) -> Iterator[Json]:
    """The ten items of a turn: a prompt, thoughts, commands, a patch, answers."""
    base = f"t{turn}-"
    prompt = {"type": "text", "text": f"Prompt {turn}: why is block {turn} read twice, and where?"}
    yield {"type": "userMessage", "id": base + "0", "content": [prompt]}
    yield {"type": "reasoning", "id": base + "1", "summary": [f"**Looking at block {turn}**\n\n{_WORDS}"]}
    yield message(base + "2", f"I look at `block_{turn}.py` first.")
    for at in range(3, 7):
        output = "".join(
            f"{at}{line:03d} {_WORDS[: 20 + (line * 7 + turn) % 60]}\n" for line in range(12 * at)
        )
        yield {
            "type": "commandExecution",
            "id": f"{base}{at}",
            "command": f"/bin/bash -lc 'grep -rn block_{turn}_{at} src'",
            "cwd": "/",
            "status": "completed",
            "commandActions": [{"type": "unknown", "command": f"grep -rn block_{turn}_{at} src"}],
            "aggregatedOutput": output,
            "exitCode": 0,
            "durationMs": 40 + turn % 400,
        }
    diff = f"@@ -{turn},3 +{turn},4 @@\n a = 1\n-b = {turn}\n+b = {turn + 1}\n+c = 3\n d = 4\n"
    change = {"path": f"/project/src/block_{turn}.py", "kind": {"type": "update"}, "diff": diff}
    yield {"type": "fileChange", "id": base + "7", "status": "completed", "changes": [change]}
    yield message(base + "8", f"Block {turn} was read twice; now it is kept.")
    code = f"```python\ndef block_{turn}(source):\n    return source.read({turn})\n```"
    listed = "\n".join(f"- step {n}: **{_WORDS[: 30 + n * 9]}**" for n in range(5))
    yield message(
        base + "9", f"## What was wrong in {turn}\n\n{_WORDS * 3}\n\n{listed}\n\n{code}\n\nDone {turn}."
    )


def message(item_id: str, text: str) -> Json:
    return {"type": "agentMessage", "id": item_id, "text": text}


class Engine:
    def __init__(self, turns: int) -> None:
        self.turns = turns
        self.cwd = os.environ.get("LONG_THREAD_CWD", "/")
        self.lock = threading.Lock()
        self.ids = itertools.count(1)

    def say(self, *messages: Json) -> None:
        data = b"".join(json.dumps(one).encode() + b"\n" for one in messages)
        with self.lock:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def note(self, word: str) -> None:
        if path := os.environ.get("LONG_THREAD_LOG"):
            with open(path, "a", encoding="ascii") as log:  # noqa: PTH123
                log.write(f"{word} {time.monotonic()}\n")

    def page(self, before: int, limit: int) -> Json:
        """Turns `before - 1` down to `before - limit`."""
        first = max(0, before - limit)
        data = [self.turn(at) for at in range(before - 1, first - 1, -1)]
        return {"data": data, "nextCursor": str(first) if first else None, "backwardsCursor": None}

    def turn(self, at: int) -> Json:
        items = list(items_of(at))
        if at == self.turns - 1:
            items[-1]["text"] += f"\n\n{LAST}"
        began = 1767225600 + at * 60
        return {
            "id": f"turn-{at}",
            "status": "completed",
            "items": items,
            "itemsView": "full",
            "startedAt": began,
            "completedAt": began + 40,
            "durationMs": 40_000,
        }

    def thread(self) -> Json:
        return {
            "id": THREAD,
            "sessionId": THREAD,
            "preview": "Prompt 0",
            "modelProvider": "fake",
            "status": {"type": "idle"},
            "cwd": self.cwd,
            "cliVersion": "0.163.0",
            "source": "vscode",
            "turns": [],
        }

    def answer(self, request: Json) -> None:
        method, number = request["method"], request["id"]
        params: Json = request.get("params") or {}
        match method:
            case "initialize":
                result: Json = {"userAgent": "codex_tui/0.163.0 (fake)", "codexHome": "/nowhere/.codex"}
            case "account/read":
                result = {"account": {"type": "apiKey"}, "requiresOpenaiAuth": True}
            case "thread/read":
                result = {"thread": self.thread()}
            case "thread/resume" | "thread/start":
                first: Json = params.get("initialTurnsPage") or {}
                limit = int(first.get("limit", self.turns))
                result = {
                    "thread": self.thread(),
                    "model": "gpt-5.5",
                    "modelProvider": "fake",
                    "cwd": self.cwd,
                    "approvalPolicy": "on-request",
                    "sandbox": {"type": "workspaceWrite"},
                    "initialTurnsPage": self.page(self.turns, limit),
                }
            case "thread/turns/list":
                result = self.page(int(params.get("cursor", self.turns)), params.get("limit", 50))
            case "turn/start":
                turn = f"live-{next(self.ids)}"
                begun: Json = {"id": turn, "status": "inProgress", "items": []}
                self.say({"id": number, "result": {"turn": begun}})
                count = int(params["input"][-1]["text"].split()[-1])
                threading.Thread(target=self.stream, args=(turn, count, params), daemon=True).start()
                return
            case _:
                self.say({"id": number, "error": {"code": -32601, "message": "not this engine"}})
                return
        self.say({"id": number, "result": result})
        self.note(method)

    def stream(self, turn: str, count: int, params: Json) -> None:
        where = {"threadId": THREAD, "turnId": turn}
        prompt = {
            "type": "userMessage",
            "id": turn + "-p",
            "clientId": params.get("clientUserMessageId"),
            "content": params["input"],
        }
        running: Json = {"id": turn, "status": "inProgress", "items": []}
        whole = message(turn + "-a", "")
        self.say(
            {"method": "turn/started", "params": {"threadId": THREAD, "turn": running}},
            {"method": "item/started", "params": {**where, "item": prompt}},
            {"method": "item/completed", "params": {**where, "item": prompt}},
            {"method": "item/started", "params": {**where, "item": whole}},
        )
        parts: list[str] = []
        began = time.monotonic()
        for at in range(count):
            part = _WORDS[(at * 13) % 60 :][:40] + ("\n\n" if at % 12 == 11 else "")
            parts.append(part)
            delta = {**where, "itemId": turn + "-a", "delta": part}
            self.say({"method": "item/agentMessage/delta", "params": delta})
            time.sleep(max(0.0, began + (at + 1) / PACE - time.monotonic()))
        done = message(turn + "-a", "".join(parts) + f"\n\n{LAST}")
        ended: Json = {"id": turn, "status": "completed", "items": [], "durationMs": 1000}
        self.say(
            {"method": "item/completed", "params": {**where, "item": done}},
            {"method": "turn/completed", "params": {"threadId": THREAD, "turn": ended}},
        )

    def serve(self) -> None:
        for line in sys.stdin.buffer:
            request = json.loads(line)
            if "method" in request and "id" in request:
                self.answer(request)
        os._exit(0)


if __name__ == "__main__":
    Engine(int(sys.argv[1])).serve()
