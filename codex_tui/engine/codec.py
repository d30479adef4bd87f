"""One line to one message and back. Nothing here raises on what an engine may write but BadLineError."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple, cast

from pydantic_core import from_json, to_json

from codex_tui.protocol.base import JsonObject, RequestId

MAX_HALVES = 16 * 1024 * 1024
"""Longest line read a second time for halves of surrogate pairs, in bytes; the slow parser takes 0.1 s."""


class BadLineError(ValueError):
    """A line that is no message; the text says why. `request_id`: of a request that must still be refused."""

    def __init__(self, why: str, request_id: RequestId | None = None) -> None:
        super().__init__(why)
        self.request_id = request_id


class Notification(NamedTuple):
    method: str
    params: Any
    emitted_at_ms: int | None


class ServerRequest(NamedTuple):
    request_id: RequestId
    method: str
    params: Any


class Response(NamedTuple):
    """`error` is None when it succeeded."""

    request_id: RequestId
    result: Any
    error: JsonObject | None


Message = Notification | ServerRequest | Response


def decode(line: bytes) -> Message:
    """The message on `line`. Raises BadLineError for bad JSON, NaN, bad UTF-8, depth, or no known shape."""
    try:
        raw: Any = from_json(line, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raw = _with_halves(line)
        if raw is None:
            raise BadLineError(f"not JSON: {error}") from None
    return shape(raw, line)


def _with_halves(line: bytes) -> Any:
    """What a line says that holds half of a surrogate pair (`\\ud800`), which the fast parser refuses.
    A question must not get lost over an odd file name. None for anything else that is wrong."""
    if len(line) > MAX_HALVES or b"\\ud" not in line.lower():
        return None

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        return json.loads(line.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        return None


def shape(raw: Any, line: bytes | None = None) -> Message:
    """The message that `raw` (parsed JSON) is. `line` lets a request be checked for doubled members."""
    if not isinstance(raw, dict):
        raise BadLineError("not a JSON object")
    message = cast("JsonObject", raw)
    method = message.get("method")
    if "id" not in message:
        if type(method) is not str:
            raise BadLineError("an object of no known shape")
        stamp = message.get("emittedAtMs")
        # Inline, because a notification is what nearly every line is.
        return Notification(method, message.get("params"), stamp if type(stamp) is int else None)
    request_id = message["id"]
    # Exactly these types: `true` and `1.0` would be found under 1 in a dict.
    if type(request_id) is not int and type(request_id) is not str:
        raise BadLineError("an id that is neither a string nor an integer")
    if method is not None:
        if type(method) is not str:
            raise BadLineError("a method that is no string")
        if line is not None:
            _refuse_doubled(line, request_id)
        return ServerRequest(request_id, method, message.get("params"))
    error = message.get("error")
    if isinstance(error, dict):
        return Response(request_id, None, cast("JsonObject", error))
    if "result" not in message:
        raise BadLineError("a response with neither result nor error")
    return Response(request_id, message["result"], None)


def encode(message: JsonObject) -> bytes:
    """`message` as one line. Lone surrogates (an odd file name, a broken paste) become `?`."""
    try:
        return to_json(message, inf_nan_mode="null") + b"\n"
    except ValueError:
        return json.dumps(message, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"


def _refuse_doubled(line: bytes, request_id: RequestId) -> None:
    # Which of two `command` members would run is the reader's choice; a person must not have to guess.
    def once(pairs: list[tuple[str, Any]]) -> None:
        if len({name for name, _ in pairs}) < len(pairs):
            raise BadLineError("a request with the same member twice", request_id)

    hook: Callable[[list[tuple[str, Any]]], Any] = once
    json.loads(line, object_pairs_hook=hook)
