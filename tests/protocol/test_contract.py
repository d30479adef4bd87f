"""The models and the installed engine agree."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from jsonschema import Draft7Validator

from codex_tui.protocol import approvals, elicitation, questions
from codex_tui.protocol.base import JsonObject, Wire, read
from codex_tui.protocol.items import ITEM_MODELS, parse_item
from codex_tui.protocol.params import initialize_params
from codex_tui.protocol.registry import IGNORED, NOTIFICATIONS, RESULTS, SERVER_REQUESTS
from tests.protocol import methods_table
from tests.protocol.agreement import Agreement
from tests.protocol.generator import sample
from tests.protocol.losses import lost
from tests.protocol.schema import EngineSchema, Leaf, leaves

pytestmark = pytest.mark.engine

TABLE = Path(__file__).parents[2] / "docs" / "METHODS.md"
SAMPLES = 25  # a method: each optional member is there and absent, each union opened several times


def test_every_notification_model_agrees_with_the_schema(engine_schema: EngineSchema) -> None:
    agreement = Agreement(engine_schema.version)
    for method, model in NOTIFICATIONS.items():
        agreement.model(model, engine_schema.notifications[method].leaves(), method)
    assert agreement.problems == []
    assert agreement.fields > 300


def test_every_server_request_model_agrees_with_the_schema(engine_schema: EngineSchema) -> None:
    agreement = Agreement(engine_schema.version)
    for method, model in SERVER_REQUESTS.items():
        agreement.model(model, engine_schema.server_requests[method].leaves(), method)
    assert agreement.problems == []
    assert agreement.fields > 60


def test_every_result_model_agrees_with_the_schema(engine_schema: EngineSchema) -> None:
    agreement = Agreement(engine_schema.version)
    documents = {method: engine_schema.result(method) for method in RESULTS}
    for method, model in RESULTS.items():
        agreement.model(model, leaves(documents[method], documents[method]), method)
    assert agreement.problems == []
    assert agreement.fields > 150


def test_the_item_types_are_exactly_the_schemas(engine_schema: EngineSchema) -> None:
    document = engine_schema.document("ServerNotification")
    places = leaves({"$ref": "#/definitions/ThreadItem"}, document)
    kinds = {word for place in places for word in leaves(place.properties["type"], document)[0].values or ()}
    assert kinds == set(ITEM_MODELS)


@pytest.mark.parametrize("method", sorted(NOTIFICATIONS))
def test_valid_notifications_lose_nothing(method: str, engine_schema: EngineSchema) -> None:
    known = engine_schema.notifications[method]
    _loses_nothing(NOTIFICATIONS[method], known.leaves())


@pytest.mark.parametrize("method", sorted(SERVER_REQUESTS))
def test_valid_server_requests_lose_nothing(method: str, engine_schema: EngineSchema) -> None:
    known = engine_schema.server_requests[method]
    _loses_nothing(SERVER_REQUESTS[method], known.leaves())


@pytest.mark.parametrize("method", sorted(RESULTS))
def test_valid_results_lose_nothing(method: str, engine_schema: EngineSchema) -> None:
    document = engine_schema.result(method)
    _loses_nothing(RESULTS[method], leaves(document, document))


def test_valid_items_are_never_unknown_ones(engine_schema: EngineSchema) -> None:
    document = engine_schema.document("ServerNotification")
    for place in leaves({"$ref": "#/definitions/ThreadItem"}, document):
        for seed in range(SAMPLES):
            raw = sample([place], Random(seed))
            assert type(parse_item(raw)) is ITEM_MODELS[raw["type"]], raw


def test_generated_samples_are_valid(engine_schema: EngineSchema) -> None:
    for method in (*NOTIFICATIONS, *SERVER_REQUESTS):
        known = engine_schema.notifications.get(method) or engine_schema.server_requests[method]
        whole = {**cast("JsonObject", known.params), "definitions": known.document["definitions"]}
        validator: Any = Draft7Validator(whole)
        assert [error.message for error in validator.iter_errors(sample(known.leaves(), Random(7)))] == []


def _loses_nothing(model: type[Wire], alternatives: list[Leaf]) -> None:
    for seed in range(SAMPLES):
        raw = sample(alternatives, Random(seed))
        written = read(model, raw).model_dump(mode="json", by_alias=True)
        assert lost(written, raw) == []


ANSWERS: list[tuple[str, JsonObject]] = [
    ("item/commandExecution/requestApproval", approvals.accept()),
    ("item/commandExecution/requestApproval", approvals.accept_for_session()),
    ("item/commandExecution/requestApproval", approvals.accept_with_prefix(["git", "status"])),
    ("item/commandExecution/requestApproval", approvals.amend_network("example.com", "allow")),
    ("item/commandExecution/requestApproval", approvals.amend_network("example.com", "deny")),
    ("item/commandExecution/requestApproval", approvals.decline()),
    ("item/commandExecution/requestApproval", approvals.cancel()),
    ("item/fileChange/requestApproval", approvals.accept()),
    ("item/fileChange/requestApproval", approvals.accept_for_session()),
    ("item/fileChange/requestApproval", approvals.decline()),
    ("item/fileChange/requestApproval", approvals.cancel()),
    ("item/permissions/requestApproval", approvals.grant({"fileSystem": {"write": ["/opt"]}}, "session")),
    ("item/permissions/requestApproval", approvals.grant_nothing()),
    ("applyPatchApproval", approvals.legacy_accept()),
    ("applyPatchApproval", approvals.legacy_accept_for_session()),
    ("execCommandApproval", approvals.legacy_decline("no")),
    ("execCommandApproval", approvals.legacy_cancel()),
    ("item/tool/requestUserInput", questions.answers({"lang": ["Rust", questions.NOTE + "or C"]})),
    ("item/tool/requestUserInput", questions.answers({})),
    ("mcpServer/elicitation/request", elicitation.accept_elicitation({"name": "x"}, "session")),
    ("mcpServer/elicitation/request", elicitation.accept_elicitation()),
    ("mcpServer/elicitation/request", elicitation.decline_elicitation()),
    ("mcpServer/elicitation/request", elicitation.cancel_elicitation()),
]


@pytest.mark.parametrize(("method", "answer"), ANSWERS)
def test_every_answer_is_one_the_engine_takes(
    method: str, answer: JsonObject, engine_schema: EngineSchema
) -> None:
    validator: Any = Draft7Validator(engine_schema.answer(method))
    assert [error.message for error in validator.iter_errors(answer)] == []


def test_a_decision_for_commands_is_refused_for_patches(engine_schema: EngineSchema) -> None:
    validator: Any = Draft7Validator(engine_schema.answer("item/fileChange/requestApproval"))
    assert list(validator.iter_errors(approvals.accept_with_prefix(["touch"])))


def test_the_first_request_is_one_the_engine_takes(engine_schema: EngineSchema) -> None:
    validator: Any = Draft7Validator(engine_schema.document("InitializeParams"))
    params = initialize_params("0.1.0", ("thread/started",))
    assert [error.message for error in validator.iter_errors(params)] == []
    assert params["capabilities"]["experimentalApi"] is True


def test_the_table_of_methods_is_up_to_date(engine_schema: EngineSchema) -> None:
    assert TABLE.read_text(encoding="utf-8") == methods_table.table(engine_schema), (
        "docs/METHODS.md is stale: python -m tests.protocol.methods_table > docs/METHODS.md"
    )


def test_every_method_of_the_engine_stands_in_the_table_once(engine_schema: EngineSchema) -> None:
    rows = [
        line.split("`")[1] for line in TABLE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    methods = [
        *engine_schema.notifications,
        *engine_schema.server_requests,
        *engine_schema.client_requests,
        *engine_schema.client_notifications,
    ]
    newer = [method for method, since in methods_table.NEWER.items() if since > engine_schema.version]
    assert sorted(rows) == sorted([*methods, *newer])


def test_nothing_is_handled_or_explained_that_no_engine_has(engine_schema: EngineSchema) -> None:
    newer = methods_table.NEWER
    assert NOTIFICATIONS.keys() <= engine_schema.notifications.keys()
    assert SERVER_REQUESTS.keys() <= engine_schema.server_requests.keys()
    assert RESULTS.keys() <= engine_schema.client_requests.keys()
    assert IGNORED.keys() <= engine_schema.notifications.keys() | newer.keys()
    assert not IGNORED.keys() & NOTIFICATIONS.keys()
    every = {*engine_schema.notifications, *engine_schema.client_requests, *newer}
    for key in (*methods_table.RAW_NOTIFICATIONS, *methods_table.NOT_CALLED):
        assert any(method == key or (key.endswith("/") and method.startswith(key)) for method in every), key
    assert methods_table.BY_ITSELF.keys() <= engine_schema.server_requests.keys()
