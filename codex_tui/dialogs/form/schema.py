"""A form's JSON Schema as a list of fields, or why it can't be shown. Pure.

Only flat objects of strings, numbers, booleans and choices can be shown faithfully (the elicitation
part of the MCP specification). Whatever narrows an answer and is not understood here makes the whole
form unfit: better no form than one whose answers mean something else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from codex_tui.dialogs.form.values import FORMATS, fits_format, is_safe_pattern, number_within
from codex_tui.protocol.elicitation import asks_secret
from codex_tui.text import SafeText, join, line, own

Kind = Literal["text", "integer", "number", "boolean", "choice", "choices"]

MAX_FIELDS = 100
"""Fields of one form; with more nobody reads what they send."""
MAX_OPTIONS = 20_000
"""Values of one choice."""
MAX_WORDS = 64_000
"""Characters of all titles and descriptions: more can't be drawn anew with every key."""

_ANNOTATIONS = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"}
)
# fmt: off
_ASSERTIONS = frozenset(
  {
    "$ref", "$dynamicRef", "$recursiveRef", "$id", "$anchor", "allOf", "anyOf", "oneOf", "not", "if",
    "then", "else", "dependentSchemas", "dependentRequired", "dependencies", "prefixItems", "items",
    "additionalItems", "contains", "minContains", "maxContains", "properties", "patternProperties",
    "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "type",
    "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
    "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties",
    "minProperties", "required", "format", "extends", "disallow", "divisibleBy",
  }
)
# fmt: on
_ROOT = frozenset({"type", "properties", "required", "additionalProperties"})


class UnfitError(Exception):
    """The schema can't be shown faithfully; `reason` says why, safe to show."""

    def __init__(self, reason: SafeText) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice and how the server calls it."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """One member of the answer. Strings are the server's, as they came; `notes` are ours.

    `default` is None when there is none or when it does not fit. `secret`: its name says that it is
    one, so it is not drawn.
    """

    name: str
    kind: Kind
    title: str = ""
    description: str = ""
    required: bool = False
    default: Any = None
    min_length: int = 0
    max_length: int | None = None
    format: str = ""
    pattern: str = ""
    minimum: int | float | None = None
    maximum: int | float | None = None
    options: tuple[Option, ...] = ()
    min_items: int = 0
    max_items: int | None = None
    secret: bool = False
    notes: tuple[SafeText, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """`rules` is the schema that answers have to meet, in plain JSON Schema."""

    fields: tuple[Field, ...]
    rules: dict[str, Any] = field(repr=False)


def read_form(schema: object) -> Form:
    """The fields of `schema` in the order to ask; raises `UnfitError` when it can't be shown faithfully."""
    root = _object(schema, own("it is no JSON object"))
    if root.get("type") != "object":
        raise UnfitError(own("it does not describe an object"))
    _check_words(root, _ROOT, own("it"))
    if not isinstance(root.get("additionalProperties", True), bool):
        raise UnfitError(own("it has further fields of any name"))
    properties = _object(root.get("properties", {}), own("its properties are no JSON object"))
    required = root.get("required", [])
    if not isinstance(required, list) or not all(
        isinstance(name, str) for name in cast("list[Any]", required)
    ):
        raise UnfitError(own("its list of required fields is none"))
    needed = cast("list[str]", required)
    for name in needed:
        if name not in properties:
            raise UnfitError(join(own("it requires a field that it does not have: "), line(name[:200])))
    if len(properties) > MAX_FIELDS:
        raise UnfitError(own("it has too many fields"))
    fields: list[Field] = []
    rules: dict[str, Any] = {}
    for name in in_order(list(properties), needed):
        fields.append(_read_field(name, properties[name], name in needed))
        rules[name] = _rules_of(fields[-1])
    if sum(len(f.name) + len(f.title) + len(f.description) for f in fields) > MAX_WORDS:
        raise UnfitError(own("its titles and descriptions are too long to show"))
    return Form(
        tuple(fields),
        {
            "type": "object",
            "properties": rules,
            "required": sorted(set(needed)),
            "additionalProperties": False,
        },
    )


def in_order(names: list[str], required: list[str]) -> list[str]:
    """The schema's order. Where it is the alphabet's, the engine has lost it: then the required ones
    come first, in the order in which the server lists them."""
    if names != sorted(names):
        return names
    first = list(dict.fromkeys(required))
    return [*first, *(name for name in names if name not in set(first))]


def _object(value: object, reason: SafeText) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnfitError(reason)
    return cast("dict[str, Any]", value)


def _check_words(schema: dict[str, Any], known: frozenset[str], where: SafeText) -> None:
    for word in schema:
        if word in _ASSERTIONS and word not in known:
            raise UnfitError(join(where, own(' uses "'), line(word), own("\", which can't be shown here")))


def _read_field(name: str, value: object, required: bool) -> Field:
    where = join(own('the field "'), line(name[:200]), own('"'))
    schema = _object(value, join(where, own(" is described by no JSON object")))
    if not _is_text(name):
        raise UnfitError(join(where, own(" has a name that is no valid text")))
    kind = schema.get("type")
    title, description = _words(schema, "title"), _words(schema, "description")
    base = Field(name, "text", title, description, required)
    if kind == "string" and ("enum" in schema or "oneOf" in schema):
        return _with_default(_choice(base, schema, where), schema)
    if kind == "string":
        return _with_default(_text(base, schema, where, asks_secret(name, schema)), schema)
    if kind == "number" or kind == "integer":  # noqa: PLR1714 - it may be of any type
        return _with_default(_number(base, schema, where, whole=kind == "integer"), schema)
    if kind == "boolean":
        _check_words(schema, frozenset({"type"}), where)
        return _with_default(_changed(base, kind="boolean"), schema)
    if kind == "array":
        return _with_default(_choices(base, schema, where), schema)
    raise UnfitError(join(where, own(" is of a kind that can't be shown here")))


def _words(schema: dict[str, Any], key: str) -> str:
    value = schema.get(key)
    return value if isinstance(value, str) else ""


def _changed(base: Field, **changes: Any) -> Field:
    return replace(base, **changes)


def _text(base: Field, schema: dict[str, Any], where: SafeText, secret: bool) -> Field:
    _check_words(schema, frozenset({"type", "minLength", "maxLength", "pattern", "format"}), where)
    notes: list[SafeText] = []
    low = _count(schema, "minLength", where) or 0
    high = _count(schema, "maxLength", where)
    if high is not None and (low > high or high == 0):
        raise UnfitError(join(where, own(" allows no text at all")))
    form = schema.get("format", "")
    if not isinstance(form, str):
        raise UnfitError(join(where, own(" has a format that is no name")))
    if form and form not in FORMATS and form != "password":
        notes.append(join(own('the format "'), line(form[:60]), own('" is not checked')))
    pattern = schema.get("pattern", "")
    if pattern and not (isinstance(pattern, str) and is_safe_pattern(pattern)):
        notes.append(own("has a pattern, which is not checked"))
        pattern = ""
    if secret:
        notes.append(own("looks like a secret: servers must not ask for one so"))
    return _changed(
        base,
        min_length=low,
        max_length=high,
        format=form if form in FORMATS else "",
        pattern=pattern,
        secret=secret,
        notes=tuple(notes),
    )


def _number(base: Field, schema: dict[str, Any], where: SafeText, *, whole: bool) -> Field:
    _check_words(schema, frozenset({"type", "minimum", "maximum"}), where)
    low, high = _bound(schema, "minimum", where), _bound(schema, "maximum", where)
    if low is not None and high is not None:
        empty = math.ceil(low) > math.floor(high) if whole else low > high
        if empty:
            raise UnfitError(join(where, own(" allows no number at all")))
    return _changed(base, kind="integer" if whole else "number", minimum=low, maximum=high)


def _bound(schema: dict[str, Any], key: str, where: SafeText) -> int | float | None:
    value = schema.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UnfitError(join(where, own(" has a bound that is no number")))
    return value


def _count(schema: dict[str, Any], key: str, where: SafeText) -> int | None:
    value = _bound(schema, key, where)
    if value is None:
        return None
    if value < 0 or value != int(value):
        raise UnfitError(join(where, own(" has a length that is no count")))
    return int(value)


def _choice(base: Field, schema: dict[str, Any], where: SafeText) -> Field:
    _check_words(schema, frozenset({"type", "enum", "oneOf"}), where)
    if "enum" in schema and "oneOf" in schema:
        raise UnfitError(join(where, own(" has two lists of values")))
    return _changed(base, kind="choice", options=_options(schema, "oneOf", where))


def _choices(base: Field, schema: dict[str, Any], where: SafeText) -> Field:
    _check_words(schema, frozenset({"type", "items", "minItems", "maxItems", "uniqueItems"}), where)
    items = _object(schema.get("items"), join(where, own(" is a list of anything")))
    if items.get("type", "string") != "string":
        raise UnfitError(join(where, own(" is a list of something else than strings")))
    _check_words(items, frozenset({"type", "enum", "anyOf", "oneOf"}), where)
    if len({"enum", "anyOf", "oneOf"} & set(items)) != 1:
        raise UnfitError(join(where, own(" is a list of any text")))
    options = _options(items, "anyOf" if "anyOf" in items else "oneOf", where)
    low, high = _count(schema, "minItems", where) or 0, _count(schema, "maxItems", where)
    if low > len(options) or (high is not None and low > high):
        raise UnfitError(join(where, own(" wants more values than it allows")))
    return _changed(base, kind="choices", options=options, min_items=low, max_items=high)


def _options(schema: dict[str, Any], titled: str, where: SafeText) -> tuple[Option, ...]:
    listed = schema.get("enum", schema.get(titled))
    if not isinstance(listed, list) or not listed:
        raise UnfitError(join(where, own(" has no values to choose from")))
    values = cast("list[Any]", listed)
    if len(values) > MAX_OPTIONS:
        raise UnfitError(join(where, own(" has too many values to choose from")))
    found: dict[str, Option] = {}
    names: Any = schema.get("enumNames")
    if not isinstance(names, list):
        names = []
    for index, value in enumerate(values):
        if "enum" in schema:
            named = cast("list[Any]", names)[index] if index < len(cast("list[Any]", names)) else None
            const: Any = value
        else:
            entry = _object(value, join(where, own(" has a value that is described by no object")))
            _check_words(entry, frozenset({"const", "type"}), where)
            if entry.get("type", "string") != "string":
                raise UnfitError(join(where, own(" has a value that is no string")))
            const, named = entry.get("const"), entry.get("title")
        if not isinstance(const, str):
            raise UnfitError(join(where, own(" has a value that is no string")))
        if not _is_text(const):
            raise UnfitError(join(where, own(" has a value that is no valid text")))
        # The same value twice could not be told apart in the answer; under oneOf it fits neither.
        if const in found and titled == "oneOf" and "enum" not in schema:
            raise UnfitError(join(where, own(" has the same value twice")))
        found.setdefault(const, Option(const, named if isinstance(named, str) and named else const))
    return tuple(found.values())


def _is_text(text: str) -> bool:
    """Whether it can be sent at all: half of a surrogate pair can't."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _with_default(made: Field, schema: dict[str, Any]) -> Field:
    if schema.get("default") is None:
        return made
    value: Any = schema["default"]
    if fits(made, value):
        return _changed(made, default=value)
    return _changed(made, notes=(*made.notes, own("the server's default does not fit and is left out")))


def fits(made: Field, value: Any) -> bool:
    """Whether `value` is one that this form could send for the field."""
    if made.kind == "boolean":
        return isinstance(value, bool)
    if made.kind in {"integer", "number"}:
        return number_within(value, made.minimum, made.maximum, whole=made.kind == "integer")
    values = {option.value for option in made.options}
    if made.kind == "choice":
        return isinstance(value, str) and value in values
    if made.kind == "choices":
        if not isinstance(value, list) or not all(isinstance(one, str) for one in cast("list[Any]", value)):
            return False
        chosen = cast("list[str]", value)
        high = len(values) if made.max_items is None else made.max_items
        return (
            len(set(chosen)) == len(chosen)
            and values >= set(chosen)
            and made.min_items <= len(chosen) <= high
        )
    return (
        isinstance(value, str)
        and _is_text(value)
        and made.min_length <= len(value) <= (len(value) if made.max_length is None else made.max_length)
        and (not made.format or fits_format(made.format, value))
    )


def _rules_of(made: Field) -> dict[str, Any]:
    """The field in JSON Schema, with every limit that is understood and nothing else."""
    values = [option.value for option in made.options]
    if made.kind == "choice":
        return {"type": "string", "enum": values}
    rules: dict[str, Any]
    if made.kind == "choices":
        rules = {"type": "array", "items": {"type": "string", "enum": values}, "uniqueItems": True}
        rules["minItems"] = made.min_items
        if made.max_items is not None:
            rules["maxItems"] = made.max_items
        return rules
    rules = {"type": "string" if made.kind == "text" else made.kind}
    limits = {
        "minLength": made.min_length or None,
        "maxLength": made.max_length,
        "pattern": made.pattern or None,
        "format": made.format or None,
        "minimum": made.minimum,
        "maximum": made.maximum,
    }
    return rules | {key: value for key, value in limits.items() if value is not None}
