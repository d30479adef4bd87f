"""The first requests, in the engine's pipe as soon as its process is there.

The engine answers them while this client still loads; `Peer.adopt` takes the answers over. Only the
standard library is used here, because all this happens before the interface is imported.
"""

from __future__ import annotations

import json
import os
import select
import sys
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from codex_tui import __version__
from codex_tui.protocol.params import initialize_params

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable

READ_BYTES = 64 * 1024
MAX_AHEAD = 4 * 1024 * 1024
"""Bytes read ahead at most: a page of long turns has some hundred thousand. The rest stays in the pipe."""


class Sent(NamedTuple):
    """A message that was written: its line, and what is in it. A notification has no id."""

    line: bytes
    request_id: int | None
    method: str
    params: dict[str, Any] | None


def send_early(
    process: subprocess.Popen[bytes], requests: Iterable[tuple[str, dict[str, Any]]]
) -> tuple[Sent, ...]:
    """Write `initialize`, `initialized` and `requests` (method, params) to a process nobody reads yet.

    Empty when the process takes nothing: then it is about to end, and whoever asks next hears why.
    The few kilobytes always fit into a new pipe, so this never waits.
    """
    messages = [
        _message(1, "initialize", initialize_params(__version__)),
        _message(None, "initialized", None),
        *(_message(number, method, params) for number, (method, params) in enumerate(requests, 2)),
    ]
    if process.stdin is None:
        return ()
    try:
        process.stdin.write(b"".join(message.line for message in messages))
        process.stdin.flush()
    except OSError:
        return ()
    return tuple(messages)


def _message(request_id: int | None, method: str, params: dict[str, Any] | None) -> Sent:
    parts = {"id": request_id, "method": method, "params": params}
    line = json.dumps({name: part for name, part in parts.items() if part is not None}, ensure_ascii=False)
    return Sent(line.encode("utf-8", "replace") + b"\n", request_id, method, params)


class Forerunner:
    """Reads the first answers while this client loads, to ask at once what follows from one of them.

    `follow` gets a request that was answered and its result, and gives the requests that follow, if
    any do. It is called in a thread. After the answer to the last one that followed, or `hand_over`,
    nothing more is read.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        sent: tuple[Sent, ...],
        follow: Callable[[Sent, Any], Iterable[tuple[str, dict[str, Any]]]],
    ) -> None:
        self._process = process
        self._sent = sent
        self._follow = follow
        self._read = bytearray()
        self._last: int | None = None  # the request that followed
        self._ends = -1, -1
        self._thread: threading.Thread | None = None
        # Elsewhere a thread that waits for a pipe cannot be called back.
        if process.stdout is not None and sent and sys.platform != "win32":
            self._ends = os.pipe()
            self._thread = threading.Thread(target=self._run, args=(process.stdout.fileno(),), daemon=True)
            self._thread.start()

    def hand_over(self) -> tuple[tuple[Sent, ...], bytes]:
        """What has been written in all, and the bytes that were read. Whoever asks reads on from there."""
        if self._thread is not None:
            os.write(self._ends[1], b".")
            self._thread.join()
            self._thread = None
            for end in self._ends:
                os.close(end)
        return self._sent, bytes(self._read)

    def _run(self, stdout: int) -> None:
        begun = 0  # of the line that is not complete yet
        while len(self._read) < MAX_AHEAD:
            ready, _, _ = select.select([stdout, self._ends[0]], [], [])
            if self._ends[0] in ready:
                return
            data = os.read(stdout, READ_BYTES)
            self._read += data
            while (end := self._read.find(b"\n", begun)) >= 0:
                line, begun = bytes(self._read[begun:end]), end + 1
                if self._is_last(line):
                    return
            if not data:
                return

    def _is_last(self, line: bytes) -> bool:
        """Whether nothing more is to come of the answers; a request that follows on `line` is sent."""
        try:
            said: Any = json.loads(line)
            asked = {one.request_id: one for one in self._sent if one.request_id is not None}
            number = said["id"]
            following = [*self._follow(asked[number], said["result"])]
        except Exception:  # no answer, or an odd one: met again, and told, when the interface is there
            return False
        if self._last is not None:
            return number == self._last
        if not following or self._process.stdin is None:
            return False
        messages = [_message(new, *one) for new, one in enumerate(following, max(asked) + 1)]
        try:
            self._process.stdin.write(b"".join(message.line for message in messages))
        except OSError:
            return False
        self._sent, self._last = (*self._sent, *messages), messages[-1].request_id
        return False
