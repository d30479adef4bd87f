"""Whether a model agrees with the engine's schema: names, types, null, required members, known values."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from codex_tui.protocol.base import Known, Since, Wire
from codex_tui.protocol.items import ITEM_MODELS, Item
from tests.protocol.schema import Leaf, Node, leaves


class Agreement:
    """Walks a model and a schema together; `problems` are sentences, one a disagreement."""

    def __init__(self, version: tuple[int, int]) -> None:
        self.version = version
        self.problems: list[str] = []
        self.fields = 0  # how many members were compared, so that a walk over nothing is seen
        self._seen: set[tuple[type[Wire], int]] = set()

    def model(self, model: type[Wire], alternatives: list[Leaf], where: str) -> None:
        """`model` against the objects among `alternatives`."""
        objects = [leaf for leaf in alternatives if leaf.kind == "object"]
        if not objects:
            self.problems.append(f"{where}: {model.__name__}, but the schema has no object there")
            return
        key = (model, id(objects[0].node))
        if key in self._seen:
            return
        self._seen.add(key)
        for name, field in model.model_fields.items():
            self._field(f"{where}.{field.alias or name}", field.alias or name, field, objects)

    def _field(self, where: str, alias: str, field: FieldInfo, objects: list[Leaf]) -> None:
        having = [leaf for leaf in objects if alias in leaf.properties]
        since = next((mark for mark in field.metadata if isinstance(mark, Since)), None)
        if not having:
            if since is None or since.engine <= self.version:
                self.problems.append(f"{where}: not in the schema")
            return
        self.fields += 1
        if field.is_required() and not all(alias in leaf.required for leaf in objects):
            self.problems.append(f"{where}: required here, optional in the schema")
        places = [place for leaf in having for place in leaves(leaf.properties[alias], leaf.document)]
        annotation: Any = field.annotation
        for mark in field.metadata:
            annotation = Annotated[annotation, mark]
        self.value(annotation, places, where)

    def value(self, annotation: Any, places: list[Leaf], where: str) -> None:
        """A member's type against every alternative the schema has for it."""
        options = _options(annotation)
        if any(option is Any for option, _ in options):
            return
        for place in places:
            fitting = [(option, marks) for option, marks in options if place.kind in _kinds(option)]
            if place.kind == "any":
                self.problems.append(f"{where}: anything in the schema, {annotation} here")
            elif not fitting:
                self.problems.append(f"{where}: {place.kind} in the schema does not fit {annotation}")
        for option, marks in options:
            self._inside(option, [place for place in places if place.kind in _kinds(option)], where)
            for mark in marks:
                if isinstance(mark, Known):
                    self._known(mark, places, where)

    def _inside(self, option: Any, places: list[Leaf], where: str) -> None:
        if not places:
            return
        origin: Any = get_origin(option)
        if origin is tuple:
            inner = [
                leaf for place in places for leaf in leaves(place.node.get("items", True), place.document)
            ]
            self.value(get_args(option)[0], inner, f"{where}[]")
        elif origin is dict:
            for place in places:
                more = place.node.get("additionalProperties")
                if isinstance(more, dict):
                    self.value(
                        get_args(option)[1], leaves(cast("Node", more), place.document), f"{where}{{}}"
                    )
        elif option is Item:
            self._items(places, where)
        elif isinstance(option, type) and issubclass(option, Wire):
            self.model(option, places, where)

    def _items(self, places: list[Leaf], where: str) -> None:
        by_type: dict[str, list[Leaf]] = {}
        for place in places:
            for word in leaves(place.properties["type"], place.document)[0].values or ():
                by_type.setdefault(word, []).append(place)
        for kind in sorted(by_type.keys() ^ ITEM_MODELS.keys()):
            side = "here" if kind in ITEM_MODELS else "in the schema"
            self.problems.append(f"{where}: item type {kind} only {side}")
        for kind in by_type.keys() & ITEM_MODELS.keys():
            self.model(ITEM_MODELS[kind], by_type[kind], f"{where}<{kind}>")

    def _known(self, mark: Known, places: list[Leaf], where: str) -> None:
        strings = [place for place in places if place.kind == "string"]
        if any(place.values is None for place in strings):
            return  # free text: every value is possible
        possible = {word for place in strings for word in place.values or ()}
        for word in mark.values:
            if word not in possible:
                self.problems.append(f"{where}: {word!r} is not one of {sorted(possible)}")


def _options(annotation: Any) -> list[tuple[Any, tuple[Any, ...]]]:
    """The alternatives of a type, each with the marks of the `Annotated`s around it."""
    origin: Any = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        return [(option, (*found, *marks)) for option, found in _options(inner)]
    if origin in (Union, types.UnionType):
        return [pair for argument in get_args(annotation) for pair in _options(argument)]
    return [(annotation, ())]


_KINDS: dict[Any, tuple[str, ...]] = {
    str: ("string",),
    int: ("integer",),
    bool: ("boolean",),
    float: ("number", "integer"),
    types.NoneType: ("null",),
}


def _kinds(option: Any) -> tuple[str, ...]:
    """The schema's kinds that a type takes."""
    if option in _KINDS:
        return _KINDS[option]
    origin: Any = get_origin(option)
    if origin is tuple:
        return ("array",)
    if origin is dict or (isinstance(option, type) and issubclass(option, BaseModel)):
        return ("object",)
    raise TypeError(f"no rule for {option}")
