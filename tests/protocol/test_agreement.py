"""The contract test can fail: every kind of disagreement is found."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from codex_tui.protocol.base import Since, Wire, known
from tests.protocol.agreement import Agreement
from tests.protocol.schema import leaves

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "size"],
    "properties": {
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "note": {"type": ["string", "null"]},
        "mode": {"$ref": "#/definitions/Mode"},
        "parts": {"type": "array", "items": {"$ref": "#/definitions/Part"}},
        "byName": {"type": "object", "additionalProperties": {"$ref": "#/definitions/Part"}},
        "anything": True,
    },
    "definitions": {
        "Mode": {"oneOf": [{"type": "string", "enum": ["fast"]}, {"type": "string", "enum": ["slow"]}]},
        "Part": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
    },
}


class Part(Wire):
    id: str


class Good(Wire):
    name: str
    size: int
    note: str | None = None
    mode: Annotated[str, known("fast", "slow", newer=("instant",))] = "fast"
    parts: tuple[Part, ...] = ()
    by_name: dict[str, Part] | None = None
    anything: Any = None
    later: Annotated[int, Since((1, 2))] = 0


class OtherPart(Wire):
    id: int


class Misnamed(Wire):
    nom: str = ""


class Mistyped(Wire):
    size: str = ""


class NeverNull(Wire):
    note: str = ""


class TooStrict(Wire):
    mode: str


class Invented(Wire):
    mode: Annotated[str, known("fast", "instant")] = "fast"


class InATuple(Wire):
    parts: tuple[OtherPart, ...] = ()


class InADict(Wire):
    by_name: dict[str, OtherPart] | None = None


class TooSure(Wire):
    anything: str = ""


class LongSince(Wire):
    later: Annotated[int, Since((1, 1))] = 0


def _problems(model: type[Wire]) -> list[str]:
    agreement = Agreement((1, 1))
    agreement.model(model, leaves(SCHEMA, SCHEMA), "it")
    return agreement.problems


def test_a_model_that_agrees_has_no_problems() -> None:
    assert _problems(Good) == []


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (Misnamed, "it.nom: not in the schema"),
        (Mistyped, "it.size: integer in the schema does not fit"),
        (NeverNull, "it.note: null in the schema does not fit"),
        (TooStrict, "it.mode: required here, optional in the schema"),
        (Invented, "it.mode: 'instant' is not one of ['fast', 'slow']"),
        (InATuple, "it.parts[].id: string in the schema does not fit"),
        (InADict, "it.byName{}.id: string in the schema does not fit"),
        (TooSure, "it.anything: anything in the schema"),
        (LongSince, "it.later: not in the schema"),
    ],
)
def test_a_disagreement_is_found(model: type[Wire], problem: str) -> None:
    found = _problems(model)
    assert len(found) == 1
    assert found[0].startswith(problem)
