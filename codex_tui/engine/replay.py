"""A recording as the events it once caused: the same ones the client would have yielded."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, NamedTuple, cast

from pydantic_core import to_json

from codex_tui.engine.codec import BadLineError, Notification, Response, ServerRequest, shape
from codex_tui.engine.opening import account_event, opened_event
from codex_tui.engine.recorder import Entry, read_recording
from codex_tui.protocol.base import JsonObject, RequestId
from codex_tui.protocol.events import (
    Answered,
    Asked,
    EngineReady,
    EngineStarting,
    EngineStopped,
    Event,
    LineSkipped,
    PromptSent,
    TurnsTakenBack,
)
from codex_tui.protocol.initialize import InitializeResult
from codex_tui.protocol.registry import as_object, notified, parse_request

SAME_MOMENT = 0.010
"""Seconds of recorded time that make one batch, about what the client gathers."""

LONGEST_PAUSE = 3.0
"""Seconds a paced replay waits at most between two batches: nobody wants to sit through a lunch break."""

PROMPTS = {"turn/start": "turn", "turn/steer": "steer", "thread/queue/add": "queue"}


class _Asked(NamedTuple):
    method: str
    params: JsonObject


class Replayer:
    """Turns entries into events one by one. Of several clients in one file it follows the first."""

    def __init__(self) -> None:
        self._generation = 0
        self._client: str | None = None
        self._requests: dict[tuple[type, RequestId], _Asked] = {}

    def events(self, entry: Entry) -> list[Event]:
        """The events of one entry; none for notes and what this client never yields."""
        if self._client is None:
            self._client = entry.client
        if entry.client not in (self._client, ""):
            return []
        match entry.dir:
            case "in" | "out":
                return self._message(entry)
            case "raw":
                return [LineSkipped("not JSON", str(entry.msg)[:200])]
            case "eof":
                return self._stopped(entry.msg)
            case _:
                return []

    def _message(self, entry: Entry) -> list[Event]:
        try:
            message = shape(entry.msg)
        except BadLineError as bad:
            return [LineSkipped(str(bad), to_json(entry.msg)[:200].decode("utf-8", "replace"))]
        match message:
            case Notification() if entry.dir == "in":
                return [notified(*message)]
            case ServerRequest() if entry.dir == "in":
                params = as_object({} if message.params is None else message.params)
                model = parse_request(message.method, message.params)
                return [Asked(self._generation, message.request_id, message.method, model, params, entry.t)]
            case Response() if entry.dir == "in":
                return self._result(message)
            case ServerRequest():
                return self._request(message, entry.t)
            case Response():
                return [Answered(self._generation, message.request_id, _outcome(message))]
            case _:
                return []

    def _request(self, request: ServerRequest, t: float) -> list[Event]:
        params = as_object(request.params)
        self._requests[(type(request.request_id), request.request_id)] = _Asked(request.method, params)
        if request.method == "initialize":
            self._generation += 1
            return [EngineStarting(self._generation, "")]
        client_id = params.get("clientUserMessageId")
        if request.method in PROMPTS and isinstance(client_id, str):
            given = params.get("input")
            parts = [as_object(part) for part in cast("list[Any]", given)] if isinstance(given, list) else []
            text = "\n".join(str(part.get("text")) for part in parts if part.get("type") == "text")
            thread = str(params.get("threadId"))
            return [PromptSent(thread, client_id, text, PROMPTS[request.method], int(t * 1000))]
        return []

    def _result(self, response: Response) -> list[Event]:
        asked = self._requests.pop((type(response.request_id), response.request_id), None)
        if asked is None or response.error is not None:
            return []
        result = as_object(response.result)
        if asked.method == "initialize":
            try:
                ready = InitializeResult.model_validate(result)
            except ValueError:
                return []
            return [EngineReady(self._generation, ready.engine_version, ready.codex_home)]
        if asked.method == "thread/revert":
            taken = asked.params
            return [TurnsTakenBack(str(taken.get("threadId")), str(taken.get("beforeTurnId")))]
        event = (
            account_event(result) if asked.method == "account/read" else opened_event(asked.method, result)
        )
        return [] if event is None else [event]

    def _stopped(self, msg: Any) -> list[Event]:
        code = as_object(msg).get("rc")
        return [
            EngineStopped(
                self._generation, "end of the recording", code if isinstance(code, int) else None, (), True
            )
        ]


def replay_batches(path: str | os.PathLike[str]) -> Iterator[tuple[float, list[Event]]]:
    """The batches of a recording with their times in seconds, as fast as they can be read."""
    replayer = Replayer()
    batch: list[Event] = []
    began = 0.0
    for entry in read_recording(path):
        if batch and entry.t - began > SAME_MOMENT:
            yield began, batch
            batch = []
        if not batch:
            began = entry.t
        batch.extend(replayer.events(entry))
    if batch:
        yield began, batch


async def replay_events(
    path: str | os.PathLike[str],
    speed: float | None = None,
    sleep: Callable[[float], Awaitable[object]] | None = None,
) -> AsyncIterator[list[Event]]:
    """The batches of a recording, paced by their times divided by `speed`; None means without waiting."""
    import anyio

    wait = sleep or anyio.sleep
    last: float | None = None
    for t, batch in replay_batches(path):
        pause = 0.0 if speed is None or last is None else min((t - last) / speed, LONGEST_PAUSE)
        last = t
        await wait(max(pause, 0.0))
        yield batch


def _outcome(response: Response) -> str:
    if response.error is not None:
        return "refused"
    result = as_object(response.result)
    decision = result.get("decision", result.get("action"))
    if isinstance(decision, dict):
        return next(iter(cast("JsonObject", decision)), "answered")
    return decision if isinstance(decision, str) else "answered"
