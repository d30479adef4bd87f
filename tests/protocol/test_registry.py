"""The way in: what fits gets its model, what does not is kept as it came."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from codex_tui.protocol import approvals, deltas, threads, turns
from codex_tui.protocol.base import ForeignShapeError, read
from codex_tui.protocol.events import Notified, UnknownNotified
from codex_tui.protocol.items import CommandExecution, FileChange, UnknownItem
from codex_tui.protocol.notices import ServerRequestResolved
from codex_tui.protocol.registry import (
    ignores,
    notified,
    parse_notification,
    parse_request,
    parse_result,
)
from tests.protocol import messages
from tests.protocol.losses import lost


@pytest.mark.parametrize(("method", "params"), messages.NOTIFICATIONS)
def test_a_real_notification_fits_and_loses_nothing(method: str, params: dict[str, Any]) -> None:
    event = notified(method, params, 17)
    assert isinstance(event, Notified)
    assert (event.method, event.emitted_at_ms) == (method, 17)
    assert lost(event.params.model_dump(mode="json", by_alias=True), params) == []


@pytest.mark.parametrize(("method", "params"), messages.REQUESTS)
def test_a_real_server_request_fits_and_loses_nothing(method: str, params: dict[str, Any]) -> None:
    request = parse_request(method, params)
    assert request is not None
    assert lost(request.model_dump(mode="json", by_alias=True), params) == []


def test_an_unknown_method_is_kept_raw_and_called_unknown() -> None:
    params = {"threadId": "thr-1", "colour": "blue"}
    assert notified("thread/painted", params) == UnknownNotified("thread/painted", params, "unknown method")


def test_params_that_do_not_fit_are_kept_raw_with_the_first_problem() -> None:
    params = {"threadId": "thr-1", "turnId": "turn-1", "itemId": 7}
    event = notified("item/agentMessage/delta", params)
    assert isinstance(event, UnknownNotified)
    assert event.params is params
    assert event.problem == "itemId: Input should be a valid string (and 1 more)"


def test_the_problem_never_quotes_the_foreign_value() -> None:
    event = notified("warning", {"message": ["\x1b]0;owned\x07"]})
    assert isinstance(event, UnknownNotified)
    assert "owned" not in event.problem


def test_the_problem_never_quotes_a_foreign_key() -> None:
    raw = {"conversationId": "t", "callId": "c", "fileChanges": {"\x1b[31m": 4}}
    with pytest.raises(ForeignShapeError, match=r"^fileChanges: Input should be a valid dictionary$"):
        read(approvals.LegacyPatchApproval, raw)


def test_params_that_are_no_object_are_kept_as_a_member() -> None:
    event = notified("warning", [1, 2])
    assert isinstance(event, UnknownNotified)
    assert event.params == {"params": [1, 2]}


def test_an_ignored_method_has_a_reason_and_no_problem() -> None:
    event = notified("remoteControl/status/changed", {"status": "disabled"})
    assert event == UnknownNotified("remoteControl/status/changed", {"status": "disabled"}, "")
    assert ignores("remoteControl/status/changed")
    assert ignores("thread/realtime/sdp")
    assert ignores("warning") is None
    assert ignores("thread/painted") is None


def test_unknown_members_and_values_are_kept() -> None:
    params = {"threadId": "t", "status": {"type": "dreaming", "activeFlags": ["counting"], "sheep": 3}}
    status = parse_notification("thread/status/changed", params)
    assert isinstance(status, threads.ThreadStatusChanged)
    assert (status.status.type, status.status.active_flags) == ("dreaming", ("counting",))
    assert status.status.model_extra == {"sheep": 3}


def test_only_the_wires_own_names_count() -> None:
    assert parse_notification("thread/closed", {"thread_id": "t"}) is None
    both = parse_notification("thread/closed", {"threadId": "t", "thread_id": "other"})
    assert isinstance(both, threads.ThreadClosed)
    assert both.thread_id == "t"
    assert both.model_extra == {"thread_id": "other"}


@pytest.mark.parametrize("request_id", [0, "0", 1, "a"])
def test_a_request_id_keeps_its_exact_type(request_id: int | str) -> None:
    resolved = parse_notification("serverRequest/resolved", {"threadId": "t", "requestId": request_id})
    assert isinstance(resolved, ServerRequestResolved)
    assert resolved.request_id == request_id
    assert type(resolved.request_id) is type(request_id)


@pytest.mark.parametrize("request_id", [0.0, True, None, [0]])
def test_other_request_ids_do_not_pass_for_zero(request_id: Any) -> None:
    assert parse_notification("serverRequest/resolved", {"threadId": "t", "requestId": request_id}) is None


@pytest.mark.parametrize("duration", [12.5, "soon", {}, 2**70 + 0.5])
def test_an_item_whose_members_do_not_fit_is_unknown_and_whole(duration: Any) -> None:
    raw = {**messages.COMMAND, "durationMs": duration}
    started = parse_notification("item/started", {**messages.IDS, "item": raw})
    assert isinstance(started, deltas.ItemStarted)
    assert isinstance(started.item, UnknownItem)
    assert lost(started.item.model_dump(mode="json", by_alias=True), raw) == []


def test_foreign_times_do_not_cost_the_item() -> None:
    raw = {"type": "hologram", "id": "i", "startedAtMs": "noon", "completedAtMs": 5}
    started = parse_notification("item/started", {**messages.IDS, "item": raw})
    assert isinstance(started, deltas.ItemStarted)
    assert (started.item.id, started.item.started_at_ms, started.item.completed_at_ms) == ("i", None, 5)


@pytest.mark.parametrize(
    "item", [None, "text", [], {}, {"type": "plan"}, {"id": "x"}, {"type": ["plan"], "id": "x"}]
)
def test_an_item_without_type_and_id_leaves_the_notification_raw(item: Any) -> None:
    event = notified("item/started", {**messages.IDS, "item": item})
    assert isinstance(event, UnknownNotified)
    assert event.problem.startswith("item")


def test_the_items_of_a_turn_are_read_by_their_types() -> None:
    turn = {**messages.TURN, "items": [messages.COMMAND, messages.PATCH, {"type": "hologram", "id": "h"}]}
    result = parse_result("turn/start", {"turn": turn})
    assert isinstance(result, turns.TurnStartResult)
    assert [type(item) for item in result.turn.items] == [CommandExecution, FileChange, UnknownItem]


def test_a_renamed_file_of_a_patch_keeps_both_paths() -> None:
    completed = parse_notification("item/completed", {**messages.IDS, "item": messages.PATCH})
    assert isinstance(completed, deltas.ItemCompleted)
    assert isinstance(completed.item, FileChange)
    assert [change.kind.move_path for change in completed.item.changes] == [None, "/home/dev/project/c.txt"]


def test_a_result_that_does_not_fit_says_which_member() -> None:
    with pytest.raises(ForeignShapeError, match=r"thread\.id: Field required"):
        parse_result("thread/start", {"thread": {}})


def test_a_request_that_does_not_fit_has_no_model() -> None:
    assert parse_request("item/fileChange/requestApproval", {"threadId": "t"}) is None
    assert parse_request("item/brain/requestApproval", {"threadId": "t"}) is None


@pytest.mark.parametrize(
    ("info", "kind", "status"),
    [
        (None, "", None),
        ("contextWindowExceeded", "contextWindowExceeded", None),
        ({"httpConnectionFailed": {"httpStatusCode": 401}}, "httpConnectionFailed", 401),
        ({"responseStreamDisconnected": {"httpStatusCode": None}}, "responseStreamDisconnected", None),
        ({"somethingNew": "flat"}, "somethingNew", None),
        ({}, "", None),
    ],
)
def test_an_error_says_its_kind_and_http_status(info: Any, kind: str, status: int | None) -> None:
    error = turns.TurnError(message="no", codex_error_info=info)
    assert (error.kind, error.http_status) == (kind, status)


def test_members_are_frozen() -> None:
    request = parse_request(*messages.REQUESTS[0])
    assert isinstance(request, approvals.CommandApproval)
    with pytest.raises(ValueError, match="frozen"):
        setattr(request, "command", "true")  # noqa: B010


def test_building_a_model_looks_for_no_plugins_among_the_installed_packages() -> None:
    code = (
        "import sys; from codex_tui.protocol.registry import parse_result;"
        "parse_result('thread/resume', {'thread': {'id': 't'}});"
        "assert 'importlib.metadata' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
