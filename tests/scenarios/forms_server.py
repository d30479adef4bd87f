"""A small MCP server for recordings: one tool that adds, one that removes, two that ask the person.

JSON-RPC over stdio, one object a line, standard library only.
"""

from __future__ import annotations

import json
import sys
from typing import Any

JsonObject = dict[str, Any]

FORM: JsonObject = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "Full name", "minLength": 2, "maxLength": 40},
        "guests": {"type": "integer", "title": "Guests", "minimum": 1, "maximum": 12, "default": 2},
        "meal": {"type": "string", "title": "Meal", "enum": ["lunch", "dinner"]},
        "day": {"type": "string", "title": "Day", "format": "date"},
        "window": {"type": "boolean", "title": "By the window", "default": False},
        "wishes": {
            "type": "array",
            "title": "Wishes",
            "items": {"type": "string", "enum": ["quiet", "late"]},
        },
    },
    "required": ["name", "guests", "meal"],
}

NOTHING: JsonObject = {"type": "object", "properties": {}}
PATH: JsonObject = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
NUMBERS: JsonObject = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}

TOOLS: list[JsonObject] = [
    {"name": "add", "description": "Add", "inputSchema": NUMBERS, "annotations": {"readOnlyHint": True}},
    {
        "name": "forget",
        "title": "Forget a booking",
        "description": "Remove a booking for good",
        "inputSchema": PATH,
        "annotations": {"readOnlyHint": False, "destructiveHint": True, "openWorldHint": True},
    },
    {
        "name": "book",
        "description": "Book a table",
        "inputSchema": NOTHING,
        "annotations": {"readOnlyHint": True},
    },
    {"name": "pay", "description": "Pay", "inputSchema": NOTHING, "annotations": {"readOnlyHint": True}},
]

QUESTIONS: dict[str, JsonObject] = {
    "book": {"message": "For whom is the table?", "requestedSchema": FORM},
    "pay": {
        "mode": "url",
        "message": "Please pay the deposit",
        "url": "https://pay.example.com/deposit?booking=17",
        "elicitationId": "deposit-17",
    },
}


def send(**message: Any) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def receive() -> JsonObject:
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)


def call(name: str, arguments: JsonObject) -> str:
    """What the tool `name` says."""
    if name == "add":
        return str(arguments.get("a", 0) + arguments.get("b", 0))
    if name == "forget":
        return f"forgot {arguments.get('path')}"
    send(id=f"ask-{name}", method="elicitation/create", params=QUESTIONS[name])
    while (answer := receive()).get("id") != f"ask-{name}":
        pass
    result = answer.get("result", {})
    return f"{result.get('action', 'error')}: {json.dumps(result.get('content'), sort_keys=True)}"


def main() -> None:
    while True:
        message = receive()
        match message.get("method"):
            case "initialize":
                version = message["params"]["protocolVersion"]
                server = {"name": "tables", "version": "1"}
                capabilities: JsonObject = {"tools": {}}
                result = {"protocolVersion": version, "capabilities": capabilities, "serverInfo": server}
                send(id=message["id"], result=result)
            case "tools/list":
                send(id=message["id"], result={"tools": TOOLS})
            case "tools/call":
                text = call(message["params"]["name"], message["params"].get("arguments") or {})
                send(id=message["id"], result={"content": [{"type": "text", "text": text}]})
            case _ if "id" in message and "method" in message:
                send(id=message["id"], error={"code": -32601, "message": "not offered"})
            case _:
                pass


if __name__ == "__main__":
    main()
