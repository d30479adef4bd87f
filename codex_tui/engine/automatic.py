"""Questions of the engine that no person needs to see answered."""

from __future__ import annotations

import time
from typing import NamedTuple

from codex_tui.engine.codec import ServerRequest
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.registry import SERVER_REQUESTS

METHOD_NOT_FOUND = -32601

# Known, but only asked of clients that offered something this one does not.
NOT_OFFERED = {
    "account/chatgptAuthTokens/refresh": "this client keeps no tokens",
    "item/tool/call": "this client offers no tools",
}


class Reply(NamedTuple):
    """`body` is the response without its id; `outcome` is a word for the transcript."""

    body: JsonObject
    outcome: str


def automatic(request: ServerRequest) -> Reply | None:
    """The reply to `request` when it needs no person; None when it does.

    What this client does not know is refused with an error, never answered with an empty object:
    the engine takes an error as a no.
    """
    if request.method == "currentTime/read":
        return Reply({"result": {"currentTimeAt": int(time.time())}}, "answered")
    why = NOT_OFFERED.get(request.method)
    if why is None and request.method not in SERVER_REQUESTS:
        why = "this client does not know the method"
    if why is None:
        return None
    return Reply({"error": {"code": METHOD_NOT_FOUND, "message": why}}, "refused")
