"""All traffic of a connection as JSON Lines, without secrets; and reading such files back.

A line is `{"t": seconds, "dir": "in" | "out" | "raw" | "eof" | …, "msg": …}`: `in` comes from the
engine, `raw` is a line of its that is no message (as a string), `eof` its end.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic_core import from_json, to_json

from codex_tui.errors import ClientError
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.elicitation import asks_secret
from codex_tui.protocol.registry import as_object
from codex_tui.text.safe import line as safe_line
from codex_tui.text.safe import own

REDACTED = "[redacted]"

BUFFER = 1024 * 1024
"""Bytes held until they are written; normally `flush` comes long before, after each read."""

LONGEST = 1e9
"""Seconds of a recording, some thirty years; a time beyond is none."""

NOISE_KEPT = 64 * 1024
"""Bytes of a line that is no message; a whole one may be as long as the engine likes."""

# Members whose text is secret, whatever message they stand in.
_SECRET = re.compile(
    r"(?i)(token|api_?key|secret|password|passwd|(?<!user)authorization|cookie|credentials?|private_?key)$"
)
# Members whose values are all suspect: environments and headers of MCP servers in the config.
_SECRET_TABLE = re.compile(r"(?i)^(env|environment|(http_?)?headers|set)$")
# What the bytes of a line with any of these hold; all others are written as they came.
_SUSPECT = re.compile(
    rb'(?i:token|key|secret|password|passwd|authorization|cookie|credentials?|env|environment|headers|set)"\s*:'
)


# What a question holds that may ask for a secret: one of the engine's own, or a server's form.
_ASKS_SECRET = re.compile(rb'"isSecret"\s*:\s*true|"mcpServer/elicitation/request"')


class Entry(NamedTuple):
    """One line of a recording. `client` names one of several clients in one file ("" for the only one)."""

    t: float
    dir: str
    msg: Any
    client: str = ""


class Recorder:
    """Writes a recording. After it is open nothing raises: a full disk ends it with one `problem`."""

    def __init__(self, path: str | os.PathLike[str], clock: Callable[[], float] = time.monotonic) -> None:
        """Make the file, mode 0600, replacing an older one. Raises ClientError when that fails, and
        for pipes and devices."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NOCTTY", 0)
        shown = safe_line(os.fspath(path))
        try:
            # A pipe without a reader would hold up the start, one with a slow reader the session.
            fd = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
            kind = os.fstat(fd).st_mode
            if stat.S_ISREG(kind) and hasattr(os, "fchmod"):
                os.fchmod(fd, 0o600)  # it may have been there already
        except OSError as error:
            why = (
                own("it is not a regular file")
                if error.errno == errno.ENXIO
                else safe_line(error.strerror or "")
            )
            raise ClientError(f"cannot record to {shown}: {why}") from None
        if not stat.S_ISREG(kind):
            # A terminal least of all: what is recorded is as the engine wrote it.
            os.close(fd)
            raise ClientError(f"cannot record to {shown}: it is not a regular file")
        self.path = Path(path)
        self._fd = fd
        self._buffer: list[bytes] = []
        self._buffered = 0
        self._clock = clock
        self._start = clock()
        self._problem: str | None = None
        self._dead = False
        self._ended = False
        # By the request's id and its type: 0 and "0" are two questions.
        self._secret_questions: dict[tuple[type, Any], tuple[str, ...]] = {}

    def incoming(self, line: bytes) -> None:
        """A message of the engine."""
        if _ASKS_SECRET.search(line):
            self._note_secret_questions(line)
        self._message(b"in", line)

    def outgoing(self, line: bytes) -> None:
        """A message to the engine."""
        self._ended = False
        self._message(b"out", self._without_secret_answers(line))
        self.flush()

    def noise(self, reason: str, line: bytes) -> None:
        """A line of the engine that is no message."""
        del reason
        self._write(b"raw", to_json(line[:NOISE_KEPT].decode("utf-8", "replace")))

    def note(self, text: str) -> None:
        """A remark of the client's own."""
        self._write(b"note", to_json(text))
        self.flush()

    def ended(self, exit_code: int | None) -> None:
        """The engine is gone. Said once an engine."""
        if self._ended:
            return
        self._ended = True
        self._write(b"eof", to_json({"rc": exit_code}))
        self.flush()

    def flush(self) -> None:
        """Hand what was written to the system."""
        if self._dead or not self._buffer:
            return
        rest = memoryview(b"".join(self._buffer))
        self._buffer, self._buffered = [], 0
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as error:
            self._problem = f"recording stopped: {error.strerror or error}"
            self._end()

    def close(self) -> None:
        """End the recording. May be called twice."""
        self.flush()
        if not self._dead:
            self._end()

    def take_problem(self) -> str | None:
        """Why the recording ended early, once."""
        problem, self._problem = self._problem, None
        return problem

    def _message(self, direction: bytes, line: bytes) -> None:
        line = line.strip()
        if _SUSPECT.search(line):
            line = to_json(redact(from_json(line)))
        self._write(direction, line)

    def _write(self, direction: bytes, message: bytes) -> None:
        if self._dead:
            return
        entry = b'{"t":%.4f,"dir":"%b","msg":%b}\n' % (self._clock() - self._start, direction, message)
        self._buffer.append(entry)
        self._buffered += len(entry)
        if self._buffered > BUFFER:
            self.flush()

    def _end(self) -> None:
        self._dead = True
        with suppress(OSError):
            os.close(self._fd)

    def _note_secret_questions(self, line: bytes) -> None:
        message = as_object(from_json(line))
        params = as_object(message.get("params"))
        questions = params.get("questions")
        asked = (
            [as_object(one) for one in cast("list[Any]", questions)] if isinstance(questions, list) else []
        )
        fields = as_object(as_object(params.get("requestedSchema")).get("properties"))
        names = (
            *(str(question.get("id")) for question in asked if question.get("isSecret") is True),
            *(name for name, schema in fields.items() if asks_secret(name, as_object(schema))),
        )
        if names and isinstance(message.get("id"), int | str):
            self._secret_questions[type(message["id"]), message["id"]] = names

    def _without_secret_answers(self, line: bytes) -> bytes:
        if not self._secret_questions or (b'"answers"' not in line and b'"content"' not in line):
            return line
        message = as_object(from_json(line))
        request_id = message.get("id")
        names = (
            self._secret_questions.pop((type(request_id), request_id), ())
            if isinstance(request_id, int | str)
            else ()
        )
        if not names:
            return line
        result = as_object(message.get("result"))
        answers, content = as_object(result.get("answers")), as_object(result.get("content"))
        for name in names:
            if name in answers:
                answers[name] = {"answers": [REDACTED]}
            if name in content:
                content[name] = REDACTED
        return to_json(message)


def redact(message: Any, table: bool = False) -> Any:
    """`message` with the text of secret members replaced. In a `table` every text is secret."""
    if isinstance(message, dict):
        members = cast("JsonObject", message)
        return {
            name: REDACTED
            if isinstance(value, str) and value and (table or _SECRET.search(name))
            else redact(value, table or _SECRET_TABLE.search(name) is not None)
            for name, value in members.items()
        }
    if isinstance(message, list):
        return [redact(value, table) for value in cast("list[Any]", message)]
    return message


def read_recording(path: str | os.PathLike[str]) -> Iterator[Entry]:
    """The entries of a recording, in order. Lines that are no entry are passed over.

    Raises ClientError when the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            for line in file:
                entry = _entry(line)
                if entry is not None:
                    yield entry
    except OSError as error:
        shown = safe_line(os.fspath(path))
        raise ClientError(f"cannot read {shown}: {safe_line(error.strerror or '')}") from None


def _entry(line: bytes) -> Entry | None:
    try:
        raw: Any = from_json(line)
    except ValueError:
        return None
    if not isinstance(raw, dict) or "dir" not in raw:
        return None
    entry = cast("JsonObject", raw)
    t = entry.get("t")
    client = entry.get("c")
    return Entry(
        float(t) if isinstance(t, int | float) and abs(t) <= LONGEST else 0.0,
        str(entry["dir"]),
        entry.get("msg"),
        client if isinstance(client, str) else "",
    )
