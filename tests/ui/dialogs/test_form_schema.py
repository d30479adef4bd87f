"""A form's schema as fields, and the schemas that can't be shown."""

from __future__ import annotations

from typing import Any

import pytest

from codex_tui.dialogs.form.schema import Option, UnfitError, read_form
from codex_tui.dialogs.form.values import (
    fits_format,
    fits_pattern,
    is_safe_pattern,
    read_integer,
    read_number,
)


def schema(properties: Any, *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def only(described: Any) -> Any:
    return read_form(schema({"a": described})).fields[0]


def reason(given: Any) -> str:
    with pytest.raises(UnfitError) as refused:
        read_form(given)
    return str(refused.value.reason)


def test_required_fields_come_first_where_the_order_was_lost() -> None:
    text = {"type": "string"}
    made = read_form(schema({"a": text, "b": text, "c": text}, "c", "b"))
    assert [field.name for field in made.fields] == ["c", "b", "a"]


def test_an_order_that_is_not_the_alphabets_is_the_servers() -> None:
    text = {"type": "string"}
    made = read_form(schema({"b": text, "a": text, "c": text}, "c"))
    assert [field.name for field in made.fields] == ["b", "a", "c"]


def test_a_choice_has_titles_from_names_or_consts_and_falls_back_to_its_values() -> None:
    assert only({"type": "string", "enum": ["x", "y"], "enumNames": ["X"]}).options == (
        Option("x", "X"),
        Option("y", "y"),
    )
    titled = {"type": "string", "oneOf": [{"const": "x", "title": "X"}, {"const": "y"}]}
    assert only(titled).options == (Option("x", "X"), Option("y", "y"))
    several = {"type": "array", "items": {"anyOf": [{"const": "x", "title": "X"}]}, "maxItems": 1}
    assert (only(several).kind, only(several).options) == ("choices", (Option("x", "X"),))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "no JSON object"),
        ([], "no JSON object"),
        ({"type": "string"}, "does not describe an object"),
        ({"anything": 1}, "does not describe an object"),
        (schema([]), "properties are no JSON object"),
        (schema({"a": {"type": "string"}}, "zz"), "requires a field that it does not have: zz"),
        ({"type": "object", "properties": {}, "required": [1]}, "list of required fields is none"),
        ({"type": "object", "properties": {}, "minProperties": 1}, "minProperties"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "further fields"),
        (schema({"a": {"type": "weird"}}), "kind that can't be shown"),
        (schema({"a": {"type": ["string", "null"]}}), "kind that can't be shown"),
        (schema({"a": {"type": "object", "properties": {}}}), "kind that can't be shown"),
        (schema({"a": {"$ref": "https://evil.example/s.json"}}), "kind that can't be shown"),
        (schema({"a": {"type": "string", "$ref": "#/properties/a"}}), 'uses "$ref"'),
        (schema({"a": {"type": "string", "not": {}}}), 'uses "not"'),
        (schema({"a": {"type": "string", "minLength": 3, "maxLength": 2}}), "no text at all"),
        (schema({"a": {"type": "string", "minLength": -1}}), "no count"),
        (schema({"a": {"type": "string", "minLength": "1"}}), "no number"),
        (schema({"a": {"type": "integer", "minimum": 3, "maximum": 2}}), "no number at all"),
        (schema({"a": {"type": "integer", "minimum": 0.2, "maximum": 0.8}}), "no number at all"),
        (schema({"a": {"type": "integer", "multipleOf": 2}}), "multipleOf"),
        (schema({"a": {"type": "number", "minimum": True}}), "no number"),
        (schema({"a": {"type": "number", "maximum": float("inf")}}), "no number"),
        (schema({"a": {"type": "string", "enum": []}}), "no values"),
        (schema({"a": {"type": "string", "enum": [1]}}), "no string"),
        (schema({"a": {"type": "string", "enum": ["\ud800"]}}), "no valid text"),
        (schema({"a": {"type": "string", "oneOf": [{"pattern": "x"}]}}), "pattern"),
        (schema({"a": {"type": "string", "oneOf": [{"const": "x"}, {"const": "x"}]}}), "same value twice"),
        (schema({"a": {"type": "array", "items": {"type": "string"}}}), "any text"),
        (schema({"a": {"type": "array"}}), "list of anything"),
        (schema({"a": {"type": "array", "items": {"enum": ["x"]}, "minItems": 2}}), "more values"),
        (schema({"a": {"type": "array", "items": {"enum": ["x"]}, "minItems": 3, "maxItems": 1}}), "more"),
        (schema({f"f{index}": {"type": "string"} for index in range(101)}), "too many fields"),
        (schema({"a": {"type": "string", "description": "x" * 70_000}}), "too long to show"),
        (schema({"a": {"type": "string", "enum": [str(n) for n in range(20_001)]}}), "too many values"),
    ],
)
def test_what_cannot_be_shown_faithfully_is_refused_with_its_reason(given: Any, why: str) -> None:
    assert why in reason(given)


def test_a_schema_nested_very_deep_is_refused_without_going_down() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(10_000):
        deep = schema({"a": deep})
    assert "kind that can't be shown" in reason(deep)


def test_a_default_that_does_not_fit_is_left_out_and_said() -> None:
    cases: list[dict[str, Any]] = [
        {"type": "string", "maxLength": 2, "default": "abc"},
        {"type": "string", "format": "date", "default": "2026-13-01"},
        {"type": "string", "enum": ["x"], "default": "y"},
        {"type": "integer", "default": 1.5},
        {"type": "integer", "default": True},
        {"type": "number", "maximum": 3, "default": 4},
        {"type": "boolean", "default": "yes"},
        {"type": "array", "items": {"enum": ["x", "y"]}, "maxItems": 1, "default": ["x", "y"]},
    ]
    for described in cases:
        field = only(described)
        assert field.default is None
        assert "does not fit" in field.notes[-1]
    assert only({"type": "integer", "default": 0}).default == 0
    assert only({"type": "boolean", "default": False}).default is False


def test_an_unknown_format_and_a_pattern_that_may_take_long_are_not_checked_and_said_so() -> None:
    field = only({"type": "string", "format": "iban", "pattern": "^(a+)+$"})
    assert (field.format, field.pattern) == ("", "")
    assert [str(note) for note in field.notes] == [
        'the format "iban" is not checked',
        "has a pattern, which is not checked",
    ]
    assert only({"type": "string", "pattern": "(["}).pattern == ""


@pytest.mark.parametrize(
    ("name", "secret"),
    [("password", True), ("api_key", True), ("accessToken", True), ("pin", True), ("opinion", False)],
)
def test_a_field_that_names_a_secret_is_treated_as_one(name: str, secret: bool) -> None:
    assert read_form(schema({name: {"type": "string"}})).fields[0].secret is secret


@pytest.mark.parametrize(
    ("pattern", "safe"),
    [
        (r"^[A-Z]{2}\d{3}$", True),
        (r"^[a-z]+-[0-9]+$", True),
        (r"\S+@\S+", True),
        (r"^(a+)+$", False),
        (r"a*b*c*", False),
        (r"(a)\1", False),
        (r"a{1,100000}", False),
        (r"[", False),
        ("x" * 201, False),
    ],
)
def test_only_patterns_that_take_little_time_are_tried(pattern: str, safe: bool) -> None:
    assert is_safe_pattern(pattern) is safe


def test_a_pattern_is_not_tried_on_a_long_text() -> None:
    assert fits_pattern("a", "a" * 200)
    assert not fits_pattern("a", "a" * 201)
    assert not fits_pattern(r"^\d$", "\u0661")


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("date", ["2024-02-29", "0001-01-01"], ["2026-13-01", "2025-02-29", "2026-1-1", "20260101", ""]),
        (
            "date-time",
            ["2026-02-03T04:05:06Z", "2026-02-03t04:05:06.789+02:00", "2016-12-31T23:59:60Z"],
            ["2026-02-03 04:05:06Z", "2026-02-03T04:05:06", "2026-02-03T24:00:00Z", "2026-02-30T00:00:00Z"],
        ),
        (
            "email",
            ["ada@example.com", "a.b+c@x-y.example", "root@localhost", "a@[127.0.0.1]"],
            ["ada", "@x", "a@", "a@b@c", "a..b@x", "a@-x.com", "a b@x.com", "a@x." + "y" * 64, "a@[x]"],
        ),
        (
            "uri",
            ["https://example.com/a?b#c", "urn:isbn:1", "javascript:1", "mailto:a@b"],
            ["example.com", "//x", "http://a b", "http://x/%zz", "https://ex\u00e4mple.com", "x:"],
        ),
    ],
)
def test_formats_are_checked_strictly(form: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not fits_format(form, text)] == []
    assert [text for text in bad if fits_format(form, text)] == []


def test_numbers_are_those_of_json_and_finite() -> None:
    assert [read_integer(text) for text in ("0", "-12", "9" * 300)] == [0, -12, int("9" * 300)]
    assert {read_integer(text) for text in ("", "01", "+1", "1.0", "1e3", "\u0661", "9" * 301)} == {None}
    assert [read_number(text) for text in ("1.50", "-2e-3", "7")] == [1.5, -0.002, 7]
    assert {read_number(text) for text in ("NaN", "Infinity", "1e400", ".5", "1.", "0x1", "1_0")} == {None}
