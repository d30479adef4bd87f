"""The scripted model: an OpenAI Responses API over server-sent events, on loopback only.

It is the model of the demo and of the tests. Run it in a thread:

    with ModelServer(Script([[{"msg": "Hello."}]])) as server:
        server.base_url  # "http://127.0.0.1:40123/v1"

or as a process of its own, which ends when its standard input does:

    python -m codex_tui.demo.model_server --script turns.json --port-file port.txt
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from codex_tui.demo.home import remove, sweep_stale
from codex_tui.demo.listening import listen
from codex_tui.demo.sse import Answer, Drop, JsonObject, Pause, Piece, Turn

Model = Callable[[JsonObject], Turn]
"""From the body of `POST /v1/responses` to the turn that answers it. Called from several threads."""

MAX_BODY = 64 * 1024 * 1024
"""Bytes of one request; an engine that sends more than its own longest line is broken."""

KEPT_REQUESTS = 200
"""Requests kept for tests to look at: more than any scenario makes, so a long demo does not grow."""

SOCKET_DEADLINE = 60.0
"""Seconds one read or write may stand still before the connection is given up."""

TITLE_MARK = "task title"
"""Words by which the request for a thread's title is known when its schema asks for more than a title."""

END_OF_SCRIPT: Turn = [{"msg": "The script of this model has come to its end."}]


class Script:
    """A model that gives one turn after another, and a last word after the end.

    `turns` holds turns, and objects `{"match_last": text, "items": turn}`: such a turn is
    given, once and before its place in the row, when the newest input holds `text`.
    """

    def __init__(self, turns: Sequence[Turn | JsonObject], after: Turn | None = None) -> None:
        self._row: deque[Turn] = deque(turn for turn in turns if isinstance(turn, list))
        self._matched: list[JsonObject] = [turn for turn in turns if isinstance(turn, dict)]
        self._after: Turn = END_OF_SCRIPT if after is None else after
        self._lock = threading.Lock()

    def __call__(self, request: JsonObject) -> Turn:
        last = json.dumps(list(request.get("input") or [])[-1:], ensure_ascii=False)
        with self._lock:
            for candidate in self._matched:
                if candidate["match_last"] in last:
                    self._matched.remove(candidate)
                    return list(candidate["items"])
            return self._row.popleft() if self._row else self._after

    @property
    def left(self) -> int:
        """Turns not given yet."""
        with self._lock:
            return len(self._row) + len(self._matched)


def title_schema(request: JsonObject) -> JsonObject | None:
    """The schema the answer must have, if `request` is the side request for a thread's title.

    An engine's client may send one beside the first turn; it must not take a scripted turn.
    """
    text: JsonObject = request.get("text") or {}
    kind: JsonObject = text.get("format") or {}
    schema: JsonObject = kind.get("schema") or {}
    properties: JsonObject = schema.get("properties") or {}
    if kind.get("type") != "json_schema" or "title" not in properties:
        return None
    said = json.dumps([request.get("instructions"), request.get("input")], ensure_ascii=False)
    return schema if len(properties) == 1 or TITLE_MARK in said else None


def title_turn(schema: JsonObject) -> Turn:
    """A title of the right shape: every member the schema requires, `title` filled."""
    required: list[str] = schema.get("required") or []
    return [{"msg": json.dumps({**dict.fromkeys(required, ""), "title": "A look around"})}]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SOCKET_DEADLINE
    disable_nagle_algorithm = True

    @property
    def owner(self) -> ModelServer:
        return cast("_Listener", self.server).owner

    def do_GET(self) -> None:
        if self._is_stray():
            return
        if self.path.split("?")[0].endswith("/models"):
            # An empty list leaves the engine its own catalogue.
            self._plain(200, {"object": "list", "data": [], "models": []})
        else:
            self._plain(404, {"error": {"message": "no such page in the scripted model"}})

    def do_POST(self) -> None:
        if self._is_stray():
            return
        if not self.path.split("?")[0].endswith("/responses"):
            self._plain(404, {"error": {"message": "no such page in the scripted model"}})
            return
        body = self._body()
        if body is None:
            return
        self._stream(body)

    def do_CONNECT(self) -> None:
        self._is_stray()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: standard error belongs to the interface."""

    def _is_stray(self) -> bool:
        """Refuse a request for another host: in the demo this server is the engine's only proxy."""
        stray = self.command == "CONNECT" or not self.path.startswith("/")
        if stray:
            self.owner.strays.append(f"{self.command} {self.path}")
            self._plain(403, {"error": {"message": "the scripted model reaches nothing but loopback"}})
        return stray

    def _body(self) -> JsonObject | None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
            if length > MAX_BODY:
                raise ValueError("too large")
            body = json.loads(self.rfile.read(length))
            if not isinstance(body, dict):
                raise ValueError("not an object")
            return cast("JsonObject", body)
        except ValueError as error:
            self._plain(400, {"error": {"message": f"the scripted model cannot read this request: {error}"}})
            return None

    def _plain(self, status: int, body: Any, headers: JsonObject | None = None) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        for name, value in (headers or {}).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def _stream(self, request: JsonObject) -> None:
        number, turn = self.owner.take(request)
        for step in turn:
            if "http" in step:
                body = step.get("body", {"error": {"message": f"scripted status {step['http']}"}})
                self._plain(int(step["http"]), body, step.get("headers"))
                return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        # A client that leaves in mid-stream has interrupted the turn: nothing to report.
        with contextlib.suppress(OSError):
            self._send(Answer(number, len(request.get("input") or [])).pieces(turn))

    def _send(self, pieces: Iterator[Piece]) -> None:
        """Send as few chunks as the pauses allow: bytes gather until somebody has to wait."""
        gathered: list[bytes] = []
        for piece in pieces:
            if isinstance(piece, bytes):
                gathered.append(piece)
                continue
            self._flush(gathered)
            if isinstance(piece, Drop):
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if self.owner.pause(piece):
                return
        gathered.append(b"data: [DONE]\n\n")
        self._flush(gathered)
        self.wfile.write(b"0\r\n\r\n")

    def _flush(self, gathered: list[bytes]) -> None:
        if gathered:
            data = b"".join(gathered)
            gathered.clear()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    owner: ModelServer

    def __init__(self, owner: ModelServer, listening: socket.socket) -> None:
        super().__init__(listening.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        # Not HTTPServer.server_bind(): that looks the host's name up, which may ask the network.
        self.socket = listening
        self.owner = owner

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep the error of a handler: a script with a mistake must fail its test, not vanish."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.owner.errors.append(error)


class ModelServer:
    """Serves a model on loopback from threads of this process. A context manager.

    `requests` holds the newest bodies the engine sent, `strays` what it tried to reach
    elsewhere through this server as a proxy, `errors` what went wrong in a script.
    """

    def __init__(self, model: Model, listening: socket.socket | None = None) -> None:
        self._model = model
        self._number = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.requests: deque[JsonObject] = deque(maxlen=KEPT_REQUESTS)
        self.strays: deque[str] = deque(maxlen=KEPT_REQUESTS)
        self.errors: deque[Exception] = deque(maxlen=KEPT_REQUESTS)
        self._listener = _Listener(self, listening or listen())
        self.port: int = self._listener.socket.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.05,), name="scripted model", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop serving; a stream in a pause ends at once."""
        self._closing.set()
        if self._thread.is_alive():
            self._listener.shutdown()
            self._thread.join()
        self._listener.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def take(self, request: JsonObject) -> tuple[int, Turn]:
        """A number for the answer to `request`, and the turn."""
        with self._lock:
            self._number += 1
            number = self._number
        if (schema := title_schema(request)) is not None:
            return number, title_turn(schema)
        self.requests.append(request)
        return number, self._model(request)

    def pause(self, piece: Pause) -> bool:
        """Wait; whether the server closes meanwhile."""
        return self._closing.wait(piece.seconds)


PARENT_GRACE = 1.0
"""Seconds after the parent was killed before its folder is removed: its engine is leaving, too."""


def wait_for_eof() -> None:
    """Until standard input ends: whoever started us is gone."""
    with contextlib.suppress(OSError):
        while sys.stdin.buffer.read(4096):
            pass


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m codex_tui.demo.model_server", description="The scripted model, on loopback."
    )
    parser.add_argument("--script", type=Path, help="a JSON file with a list of model turns; else the tour")
    parser.add_argument("--port-file", type=Path, help="where to write the port; else it is printed")
    parser.add_argument("--socket", type=int, help="the number of an inherited listening socket")
    parser.add_argument("--remove", type=Path, help="the folder to remove if our parent is killed")
    given = parser.parse_args(arguments)
    if given.script is not None:
        model: Model = Script(json.loads(given.script.read_text(encoding="utf-8")))
    else:
        from codex_tui.demo.tour import Tour

        model = Tour()
    listening = socket.socket(fileno=given.socket) if given.socket is not None else None
    with ModelServer(model, listening) as server:
        if given.port_file is not None:
            given.port_file.write_text(f"{server.port}\n", encoding="utf-8")
        elif listening is None:
            print(server.port, flush=True)
        if given.remove is not None:
            sweep_stale(given.remove.parent)
        wait_for_eof()
    if given.remove is not None:
        time.sleep(PARENT_GRACE)
        remove(given.remove)
    return 0


if __name__ == "__main__":
    sys.exit(main())
