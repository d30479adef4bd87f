"""Valid JSON for a place of the engine's schema, made from a seed."""

from __future__ import annotations

import string
from random import Random
from typing import Any

from tests.protocol.schema import Leaf, Node, leaves

DEEPEST = 7  # below this only what is required; the schema's recursions (turn → item → …) end here
WORDS = ("", "a", "src/main.rs", "line one\nline two", "gpt-5.5", "ünïcode ✓", "\x1b[31m", "0", "true")
ANYTHING: tuple[Any, ...] = (None, True, 3, 1.5, "any", ["x", 1], {"free": {"form": []}})


def sample(alternatives: list[Leaf], random: Random, depth: int = 0) -> Any:
    """One value that fits one of `alternatives`."""
    return _value(random.choice(alternatives), random, depth)


def _value(leaf: Leaf, random: Random, depth: int) -> Any:
    match leaf.kind:
        case "null":
            return None
        case "boolean":
            return random.random() < 0.5
        case "integer":
            return _integer(leaf.node, random)
        case "number":
            return random.choice((0, 1, -1.5, 2.25, 1e9))
        case "string":
            return random.choice(leaf.values or WORDS[leaf.node.get("minLength", 0) > 0 :])
        case "array":
            return _array(leaf, random, depth)
        case "object":
            return _object(leaf, random, depth)
        case _:
            return random.choice(ANYTHING)


def _integer(node: Node, random: Random) -> int:
    low = int(node.get("minimum", -(2**31)))
    high = 2**63 - 1 if node.get("format") == "int64" else 2**31 - 1
    return random.choice((max(low, 0), max(low, 0) + 1, min(high, node.get("maximum", high)), low))


def _array(leaf: Leaf, random: Random, depth: int) -> list[Any]:
    least = int(leaf.node.get("minItems", 0))
    most = int(leaf.node.get("maxItems", 3))
    count = least if depth >= DEEPEST else random.randint(least, max(least, most))
    inner = leaves(leaf.node.get("items", True), leaf.document)
    return [sample(inner, random, depth + 1) for _ in range(count)]


def _object(leaf: Leaf, random: Random, depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, node in leaf.properties.items():
        if name in leaf.required or (depth < DEEPEST and random.random() < 0.7):
            made[name] = sample(leaves(node, leaf.document), random, depth + 1)
    more: Any = leaf.node.get("additionalProperties")
    if isinstance(more, dict) and depth < DEEPEST:
        for _ in range(random.randint(0, 2)):
            key = "".join(random.choices(string.ascii_lowercase, k=5))
            made.setdefault(key, sample(leaves(more, leaf.document), random, depth + 1))
    return made
