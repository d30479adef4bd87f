"""What every wire model shares: camelCase names, frozen, unknown members kept."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, ValidationError


def _without_plugins() -> None:
    """Keep pydantic from looking through all installed packages for plugins when it builds a model.

    That takes 20 ms of a start, and what an engine says is nobody's business there. A pydantic
    that looks elsewhere only takes the time.
    """
    loader = ModuleType("pydantic.plugin._loader")
    loader.__dict__["get_plugins"] = tuple
    sys.modules.setdefault(loader.__name__, loader)


_without_plugins()

RequestId = int | str
"""A server request's id. `0` is a valid one, and `"0"` is another: never compare loosely."""

WireId = Annotated[StrictInt | StrictStr, "id"]
"""A `RequestId` inside a model: neither `true` nor `0.0` nor `"0"` becomes 0."""

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """The values of a `str` member that this client knows; any other value is kept and shown.

    `newer` are values of engines after the oldest supported one.
    """

    values: tuple[str, ...]
    newer: tuple[str, ...] = ()


def known(*values: str, newer: tuple[str, ...] = ()) -> Known:
    return Known(values, newer)


@dataclass(frozen=True, slots=True)
class Since:
    """The first engine that sends a member, or knows a method: `(0, 169)`."""

    engine: tuple[int, int]


def to_camel(name: str) -> str:
    """The wire's name of a member. pydantic's own takes five times as long, for names we do not have."""
    first, *rest = name.split("_")
    return first + "".join([part.capitalize() for part in rest])


class Wire(BaseModel):
    """A message or a part of one. Members the model does not know stay in `model_extra`.

    Enumerations are plain `str` fields, so that a value from a newer engine is kept and
    shown; the known values stand beside the type as `Annotated[str, known(…)]`.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        frozen=True,
        defer_build=True,
        protected_namespaces=(),
    )


W = TypeVar("W", bound=Wire)


LONGEST_NAME = 48  # characters; the longest name of a member in the schema has 42


class ForeignShapeError(ValueError):
    """JSON that does not fit its model. The text names the first member that does not, and why."""


def read(model: type[W], raw: Any) -> W:
    """`raw` (parsed JSON) as a `model`; raises ForeignShapeError, and nothing else, when it does not fit.

    Only the wire's own names count: a member called `thread_id` is an unknown one.
    """
    try:
        return model.__pydantic_validator__.validate_python(raw, by_alias=True, by_name=False)
    except ValidationError as problem:
        raise ForeignShapeError(describe(problem)) from None
    except RecursionError:
        raise ForeignShapeError("nested too deeply") from None


def describe(problem: ValidationError) -> str:
    """The first complaint of `problem` as `member.member: message`, without the foreign value itself."""
    first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"] if _ours(part))
    more = problem.error_count() - 1
    tail = f" (and {more} more)" if more else ""
    return f"{where or 'message'}: {first['msg']}{tail}"


def _ours(part: int | str) -> bool:
    """Whether a step to a member is an index or a name such as ours, and no key of foreign making."""
    return isinstance(part, int) or (part.isascii() and part.isidentifier() and len(part) <= LONGEST_NAME)
