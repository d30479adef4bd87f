"""The first requests, in the engine's pipe as soon as its process is there.

The engine answers them while this client still loads; `Peer.adopt` takes the answers over. Only the
standard library is used here, because all this happens before the interface is imported.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from codex_tui import __version__
from codex_tui.protocol.params import initialize_params

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable


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
