"""Whatever an engine sends, reading it raises nothing and loses nothing."""

from __future__ import annotations

import copy
import json
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.protocol.base import ForeignShapeError
from codex_tui.protocol.events import Notified
from codex_tui.protocol.registry import (
    NOTIFICATIONS,
    RESULTS,
    SERVER_REQUESTS,
    notified,
    parse_request,
    parse_result,
)
from tests.protocol import messages

# Lone surrogates are part of it: "\ud800" is JSON, and no text that can be encoded.
TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
NAMES = st.sampled_from(
    (
        "threadId",
        "turnId",
        "itemId",
        "item",
        "turn",
        "thread",
        "id",
        "type",
        "delta",
        "status",
        "error",
        "data",
    )
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXT, inner, max_size=5),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES | TEXT, JSON, max_size=8)
METHODS = st.sampled_from(sorted(NOTIFICATIONS)) | TEXT


def _keys_kept(written: Any, raw: Any) -> bool:
    if isinstance(raw, dict) and isinstance(written, dict):
        whole = cast("dict[str, Any]", written)
        return all(
            key in whole and _keys_kept(whole[key], value)
            for key, value in cast("dict[str, Any]", raw).items()
        )
    return True


def _check_notification(method: str, params: Any) -> None:
    event = notified(method, params)
    if isinstance(event, Notified):
        assert _keys_kept(event.params.model_dump(by_alias=True), params)
    else:
        assert event.params is params or event.params == {"params": params}
        assert event.problem != "" or method not in NOTIFICATIONS
        assert event.problem.isprintable()


@settings(deadline=None)
@given(METHODS, OBJECTS | JSON)
def test_any_json_as_a_notification_is_read_or_kept(method: str, params: Any) -> None:
    _check_notification(method, params)


@settings(deadline=None)
@given(st.sampled_from(sorted(SERVER_REQUESTS)) | TEXT, OBJECTS | JSON)
def test_any_json_as_a_server_request_is_read_or_refused(method: str, params: Any) -> None:
    request = parse_request(method, params)
    assert request is None or _keys_kept(request.model_dump(by_alias=True), params)


@settings(deadline=None)
@given(st.sampled_from(sorted(RESULTS)), OBJECTS | JSON)
def test_any_json_as_a_result_is_read_or_a_foreign_shape(method: str, result: Any) -> None:
    try:
        read = parse_result(method, result)
    except ForeignShapeError as error:
        assert str(error).isprintable()
    else:
        assert _keys_kept(read.model_dump(by_alias=True), result)


@st.composite
def _changed(draw: st.DrawFn, table: list[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    """A real message with one to three places replaced, removed or added."""
    method, params = draw(st.sampled_from(table))
    changed = copy.deepcopy(params)
    for _ in range(draw(st.integers(1, 3))):
        place: Any = changed
        while True:
            steps = _steps(place)
            if not steps:
                break
            step = draw(st.sampled_from(steps))
            if isinstance(place[step], dict | list) and _steps(place[step]) and draw(st.booleans()):
                place = place[step]
                continue
            if draw(st.booleans()):
                place[step] = draw(JSON)
            elif isinstance(place, dict):
                del place[step]
                place[draw(TEXT)] = draw(JSON)
            break
    return method, changed


def _steps(place: Any) -> list[Any]:
    if isinstance(place, dict):
        return list(cast("dict[str, Any]", place))
    return list(range(len(cast("list[Any]", place)))) if isinstance(place, list) else []


@settings(max_examples=400, deadline=None)
@given(_changed(messages.NOTIFICATIONS))
def test_a_damaged_notification_is_read_or_kept(message: tuple[str, dict[str, Any]]) -> None:
    _check_notification(*message)


@settings(max_examples=200, deadline=None)
@given(_changed(messages.REQUESTS))
def test_a_damaged_server_request_is_read_or_refused(message: tuple[str, dict[str, Any]]) -> None:
    method, params = message
    request = parse_request(method, params)
    assert request is None or _keys_kept(request.model_dump(by_alias=True), params)


def test_json_as_deep_as_the_parser_allows_is_read_or_kept() -> None:
    depth = 900  # json.loads gives up near 1,000
    nested = json.loads("[" * depth + "]" * depth)
    for method in NOTIFICATIONS:
        _check_notification(method, nested)
    deep = {**messages.IDS, "item": {"type": "mcpToolCall", "id": "i", "arguments": nested}}
    assert isinstance(notified("item/started", deep), Notified)
