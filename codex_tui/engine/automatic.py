"""Questions of the engine that no person is asked: answered or refused at once, never left hanging.

What this client does not know is refused with an error, never answered with an empty object: the
engine takes an error as a no. Whatever was refused is said in the transcript.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NamedTuple, cast

from codex_tui.engine.client_tools import NO_TOOLS, ToolFailedError, Tools, tool_result
from codex_tui.engine.codec import ServerRequest
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.events import Remarked
from codex_tui.protocol.registry import SERVER_REQUESTS, parse_request
from codex_tui.protocol.tools import DynamicToolCallRequest

METHOD_NOT_FOUND: Final = -32601

RAW_SHOWN: Final = 4000
"""Characters of a request that go into the transcript: a screenful or two."""

SAID: Final = 20
"""Notices for one method on one connection; an engine that asks more often is only counted."""

NO_TOKENS = (
    "The engine wants new ChatGPT tokens; this client keeps none",
    "The turn will fail. Log in with `codex login` in another terminal, then send the prompt again.",
)
NO_ATTESTATION = (
    "The engine wants this client to attest the device; it cannot",
    "Refused. If the account demands it, only the provider's own clients will do.",
)


class Reply(NamedTuple):
    """`body` is the response without its id; `outcome` is a word for the transcript."""

    body: JsonObject
    outcome: str
    notice: Remarked | None = None


class Attendant:
    """Answers what needs no person. One a connection: it counts what it has said."""

    def __init__(self, tools: Tools = NO_TOOLS, now: Callable[[], float] = time.time) -> None:
        self._tools = tools
        self._now = now
        self._said = Counter[str]()

    def reply(self, request: ServerRequest) -> Reply | None:
        """The reply to `request` when it needs no person; None when it does."""
        method = request.method
        match method:
            case "currentTime/read":
                return Reply({"result": {"currentTimeAt": int(self._now())}}, "answered")
            case "item/tool/call":
                return self._call(request)
            case "account/chatgptAuthTokens/refresh":
                return self._refused(request, "this client keeps no tokens", "error", *NO_TOKENS)
            case "attestation/generate":
                return self._refused(request, "this client cannot attest", "warning", *NO_ATTESTATION)
            case _ if method not in SERVER_REQUESTS:
                title = f"Refused a request this client does not know: {method[:RAW_SHOWN]}"
                why = "this client does not know the method"
                return self._refused(request, why, "warning", title, raw_text(request.params))
            case _:
                return None

    def _call(self, request: ServerRequest) -> Reply:
        call = parse_request(request.method, request.params)
        if not isinstance(call, DynamicToolCallRequest):
            title = "Refused a call of a client's tool that makes no sense"
            return self._refused(
                request, "the call does not fit its schema", "warning", title, raw_text(request.params)
            )
        name = f"{call.namespace}.{call.tool}" if call.namespace else call.tool
        tool = self._tools.get(name)
        if tool is None:
            text = f"this client has no tool {name!r}"[:RAW_SHOWN]
            title = f"The engine called a tool that this client does not have: {name[:RAW_SHOWN]}"
            notice = self._notice(request, "warning", title, raw_text(call.arguments))
            return Reply({"result": tool_result(text, success=False)}, "refused", notice)
        try:
            return Reply({"result": tool_result(tool.run(call.arguments), success=True)}, "answered")
        except ToolFailedError as error:
            return Reply({"result": tool_result(str(error), success=False)}, "failed")
        except Exception as error:
            # Whoever wrote the tool wants to know; the engine must not wait for ever.
            title = f"The client's tool {name} broke off: {type(error).__name__}"
            text = "the tool broke off"
            notice = self._notice(request, "error", title, str(error))
            return Reply({"result": tool_result(text, success=False)}, "failed", notice)

    def _refused(self, request: ServerRequest, why: str, severity: str, title: str, detail: str) -> Reply:
        body: JsonObject = {"error": {"code": METHOD_NOT_FOUND, "message": why}}
        return Reply(body, "refused", self._notice(request, severity, title, detail))

    def _notice(self, request: ServerRequest, severity: str, title: str, detail: str) -> Remarked | None:
        # Unknown methods count together: their names are the engine's to choose.
        kind = request.method if request.method in SERVER_REQUESTS else ""
        self._said[kind] += 1
        said = self._said[kind]
        if said > SAID:
            return None
        if said == SAID:
            detail = f"{detail}\n\nFurther ones are only counted (F12)."
        return Remarked(severity, title, detail, thread_of(request))


def thread_of(request: ServerRequest) -> str | None:
    """The thread a request belongs to, if it says so."""
    params: Any = request.params
    thread: Any = cast("JsonObject", params).get("threadId") if isinstance(params, dict) else None
    return thread if isinstance(thread, str) else None


def raw_text(params: Any) -> str:
    """`params` as they came, as indented JSON, cut when long."""
    try:
        text = json.dumps(params, indent=2, ensure_ascii=False, default=repr)
    except (TypeError, ValueError, RecursionError):
        return "(too deep or too odd to show)"
    left = len(text) - RAW_SHOWN
    return text if left <= 0 else f"{text[:RAW_SHOWN]}\n… {left:,} more characters"
