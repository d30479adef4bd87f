"""What every wire model shares: camelCase names, frozen, unknown members kept."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

RequestId = int | str
"""A server request's id. `0` is a valid one, and `"0"` is another: never compare loosely."""

JsonObject = dict[str, Any]


class Wire(BaseModel):
    """A message or a part of one. Members the model does not know stay in `model_extra`.

    Enumerations are plain `str` fields, so that a value from a newer engine is kept and
    shown; the known values stand in the field's comment or in a `Literal` next to it.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        frozen=True,
        defer_build=True,
        protected_namespaces=(),
    )
