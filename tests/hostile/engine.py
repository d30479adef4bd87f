"""An engine made of a script: it opens a thread for the client, and does what it is told over a socket.

Runs alone (`python engine.py app-server …`), so it imports nothing of the project. The socket's
path is in HOSTILE_SOCKET; each line there is an order:

`{"op": "lines", "data": [base64 …]}`        write these lines
`{"op": "flood", "line": text, "n": count}`  write a line so often, `@N@` in it being the number
`{"op": "stderr", "text": text, "size": n}`  write so many bytes to standard error
`{"op": "reply", "lines": [text …]}`         answer the next turn/start with these, `@ID@` being its id
`{"op": "eof", "data": base64}`              write this, then end
`{"op": "sync", "n": number}`                say `{"synced": n}` once all before it is written

and what the client says comes back as `{"heard": message}`.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import sys
import threading
from typing import Any

BATCH = 2000
"""Lines of a flood written at once: the client may then meet them in the middle."""


class Engine:
    """Both ends: the client on stdio, the one who gives the orders on a socket."""

    def __init__(self) -> None:
        self.out = sys.stdout.buffer
        self.lock = threading.RLock()
        self.replies: list[str] = []
        self.control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.control.connect(os.environ["HOSTILE_SOCKET"])
        self.said = threading.Lock()

    def say(self, message: dict[str, Any]) -> None:
        self.write(json.dumps(message).encode() + b"\n")

    def write(self, data: bytes) -> None:
        with self.lock:
            self.out.write(data)
            self.out.flush()

    def tell(self, message: dict[str, Any]) -> None:
        with self.said:
            self.control.sendall(json.dumps(message).encode() + b"\n")

    # -- the client -----------------------------------------------------------------------

    def serve(self) -> None:
        """Answer what the client asks, until it closes our standard input."""
        for line in sys.stdin.buffer:
            message = json.loads(line)
            if "method" in message and "id" in message:
                self.answer(message)
            self.tell({"heard": message})
        os._exit(0)

    def answer(self, request: dict[str, Any]) -> None:
        method, number = request["method"], request["id"]
        if method == "turn/start" and self.replies:
            lines, self.replies = self.replies, []
            for line in lines:
                self.write(line.replace("@ID@", json.dumps(number)).encode() + b"\n")
            return
        if method == "thread/start":
            self.say({"id": number, "result": opened(os.environ["HOSTILE_CWD"])})
            return
        known: dict[str, dict[str, Any]] = {
            "initialize": {"userAgent": "codex_tui/0.163.0 (fake)", "codexHome": "/nowhere/.codex"},
            "account/read": {"account": {"type": "apiKey"}, "requiresOpenaiAuth": True},
            "turn/interrupt": {},
            "turn/steer": {"turnId": "turn"},
        }
        if method in known:
            self.say({"id": number, "result": known[method]})
        else:
            self.say({"id": number, "error": {"code": -32601, "message": "not this engine"}})

    # -- the orders -----------------------------------------------------------------------

    def obey(self) -> None:
        for line in self.control.makefile("rb"):
            order = json.loads(line)
            match order["op"]:
                case "lines":
                    self.write(b"".join(base64.b64decode(data) + b"\n" for data in order["data"]))
                case "flood":
                    self.flood(order["line"], order["n"])
                case "stderr":
                    self.scream(order["text"].encode(), order["size"])
                case "reply":
                    self.replies = order["lines"]
                case "eof":
                    self.write(base64.b64decode(order["data"]))
                    os._exit(0)
                case _:
                    self.tell({"synced": order["n"]})
        os._exit(0)

    def flood(self, line: str, count: int) -> None:
        for first in range(0, count, BATCH):
            numbers = range(first, min(count, first + BATCH))
            self.write("".join(line.replace("@N@", str(n)) + "\n" for n in numbers).encode())

    def scream(self, text: bytes, size: int) -> None:
        block = text * max(1, (1 << 20) // max(1, len(text)))
        while size > 0:
            sys.stderr.buffer.write(block[:size])
            size -= len(block)
        sys.stderr.buffer.flush()


def opened(cwd: str) -> dict[str, Any]:
    """The result of thread/start."""
    thread: dict[str, Any] = {
        "id": "thread",
        "sessionId": "thread",
        "preview": "",
        "ephemeral": False,
        "modelProvider": "fake",
        "createdAt": 1767225600,
        "updatedAt": 1767225600,
        "status": {"type": "idle"},
        "path": None,
        "cwd": cwd,
        "cliVersion": "0.163.0",
        "source": "vscode",
        "turns": [],
    }
    return {
        "thread": thread,
        "model": "gpt-5.5",
        "modelProvider": "fake",
        "cwd": cwd,
        "approvalPolicy": "on-request",
        "approvalsReviewer": "user",
        "sandbox": {"type": "workspaceWrite", "writableRoots": [], "networkAccess": False},
        "reasoningEffort": "medium",
    }


if __name__ == "__main__":
    engine = Engine()
    threading.Thread(target=engine.serve, daemon=True).start()
    engine.obey()
