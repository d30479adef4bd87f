"""Cases of a file of hostile inputs, with their recipes carried out.

A line is `{"id", "surface", "payload", "risk", "expect"}`. A payload is a text, any other JSON
value, or an object with one `$` key: text made by a rule (`$b64`, `$repeat`, `$nest`), successive
deltas, lines or requests (`$lines`), a form (`$schema_repeat`), or something an engine does
(`$flood`, `$stream`, `$stderr`, `$eof_after`).
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

SURFACES = (
    "command",
    "rpc_line",
    "url",
    "schema",
    "agent_text",
    "path",
    "mcp_message",
    "diff",
    "command_output",
    "reason",
    "cwd",
)

DEFAULT_PIECES = 1000
"""Repetitions of a recipe that does not say how many it wants."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Successive deltas, lines or requests."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Flood:
    """`count` messages of one method; `delta` is what each carries."""

    method: str
    count: int
    delta: str


@dataclass(frozen=True, slots=True)
class Stderr:
    """`size` bytes on standard error, made of `text` again and again."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Eof:
    """The engine writes `text` and ends, without a line break."""

    text: str | bytes


@dataclass(frozen=True, slots=True)
class Nested:
    """JSON text too deep to be parsed here; it goes into its message as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `payload` is expanded."""

    id: str
    surface: str
    payload: Any
    risk: str
    expect: str


class RecipeError(ValueError):
    """A payload with a `$` key that nobody knows, or a case without its members."""


def load(path: Path) -> list[Case]:
    """All cases of a file. Raises RecipeError for what is no case."""
    text = path.read_text(encoding="utf-8")
    return [read_case(line) for line in text.split("\n") if line.strip()]


def read_case(text: str) -> Case:
    """One case of one line."""
    row = json.loads(text)
    surface = row.get("surface")
    if surface not in SURFACES:
        raise RecipeError(f"{row.get('id')}: no such surface: {surface!r}")
    expect = row.get("expect", "NO-CRASH")
    said = "; ".join(map(str, cast("list[Any]", expect))) if isinstance(expect, list) else str(expect)
    return Case(str(row["id"]), surface, expand(row.get("payload")), str(row.get("risk", "")), said)


def expand(payload: Any) -> Any:
    """What a payload stands for. Objects without a `$` key of ours stay as they are, `$ref` too."""
    if not isinstance(payload, dict):
        return payload
    given = cast("dict[str, Any]", payload)
    keys = [key for key in given if key.startswith("$") and key not in {"$ref", "$schema", "$defs", "$id"}]
    if len(given) != 1 or not keys:
        return given
    recipe = _RECIPES.get(keys[0])
    if recipe is None:
        raise RecipeError(f"no such recipe: {keys[0]}")
    return recipe(given[keys[0]])


def _repeat(rule: dict[str, Any]) -> str:
    return rule.get("pre", "") + rule["s"] * rule.get("n", DEFAULT_PIECES) + rule.get("post", "")


def _nest(rule: dict[str, Any]) -> Nested:
    count = rule.get("n", DEFAULT_PIECES)
    inside = rule["open"] * count + rule.get("mid", "") + rule["close"] * count
    return Nested(rule.get("pre", "") + inside + rule.get("post", ""))


def _schema(rule: dict[str, Any]) -> dict[str, Any]:
    """A form whose `field` is repeated: a property given in full, or the name of what is made long."""
    field, count = rule.get("field", "properties"), rule.get("n", DEFAULT_PIECES)
    names = [f"f{index}" for index in range(count)]
    text: dict[str, Any] = {"type": "string"}
    if isinstance(field, dict):
        return {"type": "object", "properties": dict.fromkeys(names, cast("dict[str, Any]", field))}
    match field:
        case "enum":
            properties = {"a": {**text, "enum": names}}
        case "enumNames":
            properties = {"a": {**text, "enum": names, "enumNames": names}}
        case "oneOf" | "anyOf":
            options = [{"const": name, "title": name} for name in names]
            properties = {"a": {**text, "oneOf": options}}
        case "items":
            properties = {"a": {"type": "array", "items": {**text, "enum": names}}}
        case "required":
            return {"type": "object", "properties": {"a": text}, "required": names}
        case "title" | "description" | "default" | "pattern":
            properties = {"a": {**text, field: "x" * count}}
        case _:
            properties = dict.fromkeys(names, text)
    return {"type": "object", "properties": properties}


def _lines(parts: list[Any]) -> Lines:
    return Lines(tuple(expand(part) for part in parts))


def _flood(rule: dict[str, Any]) -> Flood:
    method = rule.get("method", "item/agentMessage/delta")
    return Flood(method, rule.get("n", DEFAULT_PIECES), rule.get("delta", rule.get("s", "x")))


def _stream(rule: dict[str, Any]) -> Flood:
    """A stream of text is a flood of its deltas; `bytes` says how much in all."""
    piece = rule.get("delta", rule.get("s", "x"))
    count = rule.get("n") or max(1, rule.get("bytes", DEFAULT_PIECES) // max(1, len(piece)))
    return Flood(rule.get("method", "item/agentMessage/delta"), count, piece)


def _stderr(rule: dict[str, Any]) -> Stderr:
    text = rule.get("s", "x\n")
    return Stderr(text, rule.get("bytes", len(text) * rule.get("n", 1)))


def _eof(rule: Any) -> Eof:
    inside = expand(rule)
    return Eof(inside.text if isinstance(inside, Nested) else inside)


_RECIPES: dict[str, Any] = {
    "$b64": base64.b64decode,
    "$repeat": _repeat,
    "$nest": _nest,
    "$lines": _lines,
    "$schema_repeat": _schema,
    "$flood": _flood,
    "$stream": _stream,
    "$stderr": _stderr,
    "$eof_after": _eof,
}
