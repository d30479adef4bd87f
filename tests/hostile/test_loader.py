"""Recipes of hostile inputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.loader import Case, Eof, Flood, Lines, Nested, RecipeError, Stderr, expand, load, read_case


@pytest.mark.parametrize(
    ("payload", "meant"),
    [
        ("plain", "plain"),
        (5, 5),
        (None, None),
        ({"$b64": "4oCu"}, b"\xe2\x80\xae"),
        ({"$repeat": {"s": "ab", "n": 3, "pre": "<", "post": ">"}}, "<ababab>"),
        ({"$repeat": {"s": "a", "n": 0}}, ""),
        (
            {"$nest": {"open": "[", "close": "]", "n": 2, "pre": "x", "mid": "1", "post": "y"}},
            Nested("x[[1]]y"),
        ),
        ({"$lines": ["a", {"$b64": "Yg=="}]}, Lines(("a", b"b"))),
        ({"$flood": {"method": "m", "n": 7, "delta": "d"}}, Flood("m", 7, "d")),
        ({"$stream": {"s": "ab", "bytes": 8}}, Flood("item/agentMessage/delta", 4, "ab")),
        ({"$stderr": {"s": "x\n", "bytes": 10}}, Stderr("x\n", 10)),
        ({"$eof_after": '{"id":'}, Eof('{"id":')),
        ({"$eof_after": {"$repeat": {"s": "a", "n": 2}}}, Eof("aa")),
        ({"$ref": "#/properties/a"}, {"$ref": "#/properties/a"}),
        ({"type": "object", "$schema": "x"}, {"type": "object", "$schema": "x"}),
    ],
)
def test_a_recipe_is_carried_out(payload: Any, meant: Any) -> None:
    assert expand(payload) == meant


@pytest.mark.parametrize("field", ["enum", "oneOf", "items", "required", "title", "properties"])
def test_a_repeated_field_of_a_form_is_as_long_as_asked(field: str) -> None:
    schema = expand({"$schema_repeat": {"field": field, "n": 50}})
    assert schema["type"] == "object"
    assert json.dumps(schema).count("f49") >= 1 or "x" * 50 in json.dumps(schema)


def test_a_property_given_in_full_is_repeated() -> None:
    schema = expand({"$schema_repeat": {"field": {"type": "boolean"}, "n": 3}})
    assert list(schema["properties"].values()) == [{"type": "boolean"}] * 3


def test_an_unknown_recipe_is_an_error() -> None:
    with pytest.raises(RecipeError, match=r"\$cook"):
        expand({"$cook": 1})


def test_an_unknown_surface_is_an_error() -> None:
    with pytest.raises(RecipeError, match="wall"):
        read_case('{"id": "a", "surface": "wall", "payload": ""}')


def test_a_file_is_split_at_newlines_only(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    rows = [{"id": "a", "surface": "cwd", "payload": "x\u2028y", "risk": "r", "expect": ["VISIBLE", "WARN"]}]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    assert load(file) == [Case("a", "cwd", "x\u2028y", "r", "VISIBLE; WARN")]
