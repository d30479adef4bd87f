"""What an engine sends to bring a case onto its surface, as orders for the fake engine. Pure."""

from __future__ import annotations

import base64
import codecs
import json
from dataclasses import dataclass, field
from typing import Any, cast

from tests.hostile.loader import Case, Eof, Flood, Lines, Nested, Stderr

THREAD = "thread"
_RAW = "@@RAW@@"
MUCH = 5_000_000
"""Bytes of a flood from which on the program is started anew after it."""

Order = dict[str, Any]


@dataclass
class Play:
    """The orders of one case. `asks` are the ids of its requests; `shown` are the texts to look for."""

    orders: list[Order] = field(default_factory=list[Order])
    asks: list[int | str] = field(default_factory=list["int | str"])
    shown: list[str] = field(default_factory=list[str])
    after: list[Order] = field(default_factory=list[Order])  # once its questions are settled
    replies: bool = False  # the payload answers a request of the client
    ends: bool = False  # the engine is gone afterwards
    heavy: bool = False  # a flood: it may take long
    leaves_much: bool = False  # the program is better started anew after it


def lines(*messages: bytes | dict[str, Any]) -> Order:
    """An order to write messages, or raw lines."""
    data = [message if isinstance(message, bytes) else json.dumps(message).encode() for message in messages]
    return {"op": "lines", "data": [base64.b64encode(line).decode() for line in data]}


class Composer:
    """Makes the messages of one case, `number` being its place; ids are its own."""

    def __init__(self, number: int, cwd: str) -> None:
        self.number, self.cwd = number, cwd
        self.turn = f"turn-{number}"
        self._items = 0
        self._requests = 0

    def place(self) -> dict[str, str]:
        return {"threadId": THREAD, "turnId": self.turn}

    def note(self, method: str, **params: Any) -> dict[str, Any]:
        return {"method": method, "params": {**self.place(), **params}}

    def item_id(self) -> str:
        self._items += 1
        return f"item-{self.number}-{self._items}"

    def ask(self, play: Play, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._requests += 1
        number = self.number * 100 + self._requests
        play.asks.append(number)
        return {"id": number, "method": method, "params": {**self.place(), **params}}

    def begin(self, marker: str) -> Order:
        """A turn of its own, with a message that marks where it begins."""
        turn: dict[str, Any] = {"id": self.turn, "items": [], "status": "inProgress", "error": None}
        return lines(self.note("turn/started", turn=turn), *self.message(marker))

    def end(self, marker: str) -> Order:
        """The last message of a turn, and its end."""
        turn: dict[str, Any] = {"id": self.turn, "items": [], "status": "completed", "error": None}
        return lines(*self.message(marker), self.note("turn/completed", turn=turn))

    def message(self, *deltas: str, text: str | None = None) -> list[dict[str, Any]]:
        """An agent's message that comes in deltas."""
        item = self.item_id()
        whole = "".join(deltas) if text is None else text
        body = {"type": "agentMessage", "id": item, "text": ""}
        return [
            self.note("item/started", item=body),
            *(self.note("item/agentMessage/delta", itemId=item, delta=delta) for delta in deltas),
            self.note("item/completed", item={**body, "text": whole}),
        ]

    def command(self, item: str, command: str, status: str, output: str | None = None) -> dict[str, Any]:
        return {
            "type": "commandExecution",
            "id": item,
            "command": command,
            "cwd": self.cwd,
            "status": status,
            "commandActions": [{"type": "unknown", "command": command}],
            "aggregatedOutput": output,
            "exitCode": 0 if status == "completed" else None,
            "durationMs": 1 if status == "completed" else None,
        }

    # -- surfaces -------------------------------------------------------------------------

    def play(self, case: Case) -> Play:
        """All of a case."""
        play = Play()
        payload = case.payload
        if isinstance(payload, Flood):
            self._flood(play, payload)
        elif isinstance(payload, Stderr):
            play.orders.append({"op": "stderr", "text": payload.text, "size": payload.size})
            play.heavy, play.leaves_much = True, payload.size > MUCH
        elif isinstance(payload, Eof):
            text = payload.text if isinstance(payload.text, bytes) else payload.text.encode()
            play.orders.append({"op": "eof", "data": base64.b64encode(text).decode()})
            play.ends = True
        elif case.surface == "rpc_line":
            self._raw_lines(play, payload)
        else:
            getattr(self, f"_{case.surface}")(play, payload)
        return play

    def _command(self, play: Play, payload: Any) -> None:
        for part in payload.parts if isinstance(payload, Lines) else (payload,):
            given: dict[str, Any] = (
                dict(cast("dict[str, Any]", part)) if isinstance(part, dict) else {"command": _text(part)}
            )
            command = given.get("command", "")
            item = self.item_id()
            running = self.note("item/started", item=self.command(item, command, "inProgress"))
            decisions: list[Any] = ["accept", "acceptForSession"]
            if "proposedExecpolicyAmendment" in given:
                words = given["proposedExecpolicyAmendment"]
                decisions.append({"acceptWithExecpolicyAmendment": {"execpolicy_amendment": words}})
            question = {
                "kind": "command",
                "itemId": item,
                "cwd": self.cwd,
                "commandActions": [],
                "availableDecisions": [*decisions, "cancel"],
                **given,
            }
            play.orders.append(
                lines(running, self.ask(play, "item/commandExecution/requestApproval", question))
            )
            done = self.command(item, command, "completed", "done\n")
            play.after.append(lines(self.note("item/completed", item=done)))
            play.shown.append(command)

    def _reason(self, play: Play, payload: Any) -> None:
        for part in payload.parts if isinstance(payload, Lines) else (payload,):
            self._command(play, {"command": "ls -la", "reason": _text(part)})
            play.shown[-1] = _text(part)

    def _cwd(self, play: Play, payload: Any) -> None:
        self._command(play, {"command": "ls -la", "cwd": _text(payload)})
        play.shown[-1] = _text(payload)

    def _patch(self, play: Play, path: str, diff: str) -> None:
        item = self.item_id()
        body = {
            "type": "fileChange",
            "id": item,
            "status": "inProgress",
            "changes": [{"path": path, "kind": {"type": "update", "move_path": None}, "diff": diff}],
        }
        question = {"itemId": item, "reason": None, "grantRoot": None}
        play.orders.append(
            lines(
                self.note("item/started", item=body),
                self.ask(play, "item/fileChange/requestApproval", question),
            )
        )
        play.after.append(lines(self.note("item/completed", item={**body, "status": "completed"})))

    def _path(self, play: Play, payload: Any) -> None:
        path = _text(payload)
        whole = path if path.startswith("/") else f"{self.cwd}/{path}"
        self._patch(play, whole, "@@ -1 +1 @@\n-a\n+b\n")
        play.shown.append(path)

    def _diff(self, play: Play, payload: Any) -> None:
        self._patch(play, f"{self.cwd}/src/a.py", _text(payload))
        play.shown.append(_text(payload))

    def _agent_text(self, play: Play, payload: Any) -> None:
        deltas = _pieces(payload)
        play.orders.append(lines(*self.message(*deltas)))
        # Halves of a pair that come one after the other are one character.
        whole = "".join(deltas).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        play.shown.append(whole)

    def _command_output(self, play: Play, payload: Any) -> None:
        item = self.item_id()
        pieces = _pieces(payload)
        deltas = [
            self.note("item/commandExecution/outputDelta", itemId=item, delta=delta) for delta in pieces
        ]
        play.orders.append(
            lines(
                self.note("item/started", item=self.command(item, "make", "inProgress")),
                *deltas,
                self.note("item/completed", item=self.command(item, "make", "completed", "".join(pieces))),
            )
        )
        play.shown.append("".join(pieces))

    def _elicit(self, play: Play, params: dict[str, Any], raw: str | None = None) -> None:
        question = {"serverName": "billing", "itemId": None, "_meta": None, **params}
        message = json.dumps(self.ask(play, "mcpServer/elicitation/request", question))
        if raw is not None:
            message = message.replace(json.dumps(_RAW), raw)
        play.orders.append(lines(message.encode()))

    def _mcp_message(self, play: Play, payload: Any) -> None:
        form = {"type": "object", "properties": {"a": {"type": "string", "title": "Name"}}}
        for part in payload.parts if isinstance(payload, Lines) else (payload,):
            given: dict[str, Any] = (
                dict(cast("dict[str, Any]", part)) if isinstance(part, dict) else {"message": _text(part)}
            )
            if "tool" in given:
                empty: dict[str, Any] = {"type": "object", "properties": {}}
                meta = {
                    "codex_approval_kind": "mcp_tool_call",
                    "tool_name": given["tool"],
                    "tool_params": {"id": 7},
                    "annotations": given.get("annotations"),
                    "persist": ["session", "always"],
                }
                message = f'Allow the billing MCP server to run tool "{given["tool"]}"?'
                given = {"message": message, "requestedSchema": empty, "_meta": meta}
            self._elicit(play, {"mode": "form", "message": "", "requestedSchema": form, **given})
            play.shown += [given["serverName"]] if "serverName" in given else []
            play.shown.append(given.get("message", ""))

    def _url(self, play: Play, payload: Any) -> None:
        question = {"mode": "url", "message": "Please log in", "url": payload, "elicitationId": "e1"}
        self._elicit(play, question)
        play.shown.append(payload if isinstance(payload, str) else json.dumps(payload))

    def _schema(self, play: Play, payload: Any) -> None:
        question = {"mode": "form", "message": "Please fill this in"}
        if isinstance(payload, dict) and "mode" in payload:
            self._elicit(play, {**question, **cast("dict[str, Any]", payload)})
        elif isinstance(payload, Nested):
            self._elicit(play, {**question, "requestedSchema": _RAW}, raw=payload.text)
        else:
            self._elicit(play, {**question, "requestedSchema": payload})
        play.shown += _words_of(payload)

    # -- lines and floods -----------------------------------------------------------------

    def _raw_lines(self, play: Play, payload: Any) -> None:
        parts: tuple[Any, ...] = payload.parts if isinstance(payload, Lines) else (payload,)
        answers: list[str] = []
        for part in parts:
            data = _bytes(part)
            message = _parsed(data)
            if message is not None and "id" in message and "method" not in message:
                del message["id"]
                inside = json.dumps(message)[1:]
                answers.append('{"id":@ID@' + (", " + inside if inside != "}" else "}"))
                continue
            play.orders.append(lines(data))
            if message is None:
                continue
            if "id" in message and isinstance(message["id"], int | str):
                play.asks.append(message["id"])
            elif isinstance(message.get("params"), dict) and "id" not in message:
                here = {**message, "params": {**message["params"], **self.place()}}
                play.orders.append(lines(here))
        if answers:
            play.orders.append({"op": "reply", "lines": answers})
            play.replies = True

    def _flood(self, play: Play, flood: Flood) -> None:
        play.heavy, play.leaves_much = True, flood.count * max(100, len(flood.delta)) > MUCH
        item = self.item_id()
        if flood.method == "mcpServer/elicitation/request":
            question = {
                "mode": "form",
                "message": "Please fill this in",
                "serverName": "billing",
                "requestedSchema": {"type": "object", "properties": {"a": {"type": "string"}}},
            }
            message = {"id": "@N@", "method": flood.method, "params": {**self.place(), **question}}
            line = json.dumps(message).replace('"@N@"', f"{self.number}@N@")
            play.asks = [int(f"{self.number}{n}") for n in range(flood.count)]
        elif flood.method.startswith("item/") and not flood.method.endswith("elta"):
            body = {"type": "agentMessage", "id": f"{item}-@N@", "text": f"item @N@ {flood.delta}"}
            line = json.dumps(self.note(flood.method, item=body))
        else:
            body = {"type": "agentMessage", "id": item, "text": ""}
            play.orders.append(lines(self.note("item/started", item=body)))
            whole = {**body, "text": flood.delta * flood.count}
            play.after.append(lines(self.note("item/completed", item=whole)))
            line = json.dumps(self.note(flood.method, itemId=item, delta=flood.delta))
        play.orders.append({"op": "flood", "line": line, "n": flood.count})


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Nested):
        return value.text
    return value if isinstance(value, str) else json.dumps(value)


def _pieces(payload: Any) -> list[str]:
    """Deltas; an engine decodes bytes as they come, so a character split over two of them is one."""
    parts: tuple[Any, ...] = payload.parts if isinstance(payload, Lines) else (payload,)
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    return [decode(part) if isinstance(part, bytes) else _text(part) for part in parts]


def _bytes(part: Any) -> bytes:
    if isinstance(part, bytes):
        return part
    return _text(part).encode("utf-8", "surrogatepass")


def _parsed(data: bytes) -> dict[str, Any] | None:
    if len(data) > 1 << 16:
        return None
    try:
        message = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict):
        return None
    found = cast("dict[str, Any]", message)
    has_id = "id" in found and type(found["id"]) not in (int, str)
    return None if has_id else found


def _words_of(schema: Any) -> list[str]:
    """Titles and options that a form shows."""
    if not isinstance(schema, dict):
        return []
    properties = cast("dict[str, Any]", schema).get("properties")
    words: list[str] = []
    if isinstance(properties, dict):
        for value in cast("dict[str, Any]", properties).values():
            if isinstance(value, dict):
                field = cast("dict[str, Any]", value)
                words += [field[key] for key in ("title", "description") if isinstance(field.get(key), str)]
    return words
