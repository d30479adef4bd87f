"""Every answer that a dialog or this client itself can give, against the engine's own schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codex_tui.dialogs.bodies import first_step
from codex_tui.dialogs.setting import Setting
from codex_tui.dialogs.step import Step
from codex_tui.engine.automatic import Attendant
from codex_tui.engine.client_tools import ClientTool, registry
from codex_tui.engine.codec import ServerRequest
from codex_tui.session.inbox import Question
from tests.protocol.schema import EngineSchema
from tests.ui.dialogs.asks import (
    KEY,
    OLD_PATCH,
    SIGN,
    ZERO,
    legacy_command,
    legacy_patch,
    questions,
    some_rights,
)

REQUESTS: dict[str, Question] = {
    "rights": some_rights(),
    "questions": questions(SIGN, KEY, ZERO),
    "questions to skip": questions(SIGN, KEY, blocking=False),
    "old command": legacy_command("bash", "-lc", "cat notes"),
    "old patch": legacy_patch(OLD_PATCH),
}
KEYS = ["up", "down", "space", "enter", "tab", "a", "1", "2", "x", "backspace"]


def results(step: Step, depth: int = 3) -> Iterator[Any]:
    """The bodies that this page, and those behind it, can send."""
    for choice in step.sheet.choices:
        if choice.leads is not None and depth:
            yield from results(choice.leads(), depth - 1)
        elif choice.outcome and choice.result is not None:
            yield choice.result


@pytest.mark.parametrize("kind", REQUESTS)
@given(keys=st.lists(st.sampled_from(KEYS), max_size=25))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_pressed_the_answers_fit(kind: str, keys: list[str], engine_schema: EngineSchema) -> None:
    question = REQUESTS[kind]
    schema = engine_schema.answer(question.method)
    step = first_step(question, None, Setting())
    for key in keys:
        step = step.press(key, key if len(key) == 1 else None) or step
    found = list(results(step))
    assert found
    for body in found:
        jsonschema.validate(body, schema)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("currentTime/read", {"threadId": "t"}),
        ("item/tool/call", {"threadId": "t", "turnId": "u", "callId": "c", "tool": "hi", "arguments": {}}),
        ("item/tool/call", {"threadId": "t", "turnId": "u", "callId": "c", "tool": "no", "arguments": None}),
    ],
)
def test_what_is_answered_without_asking_fits(method: str, params: Any, engine_schema: EngineSchema) -> None:
    tools = registry(ClientTool("hi", "says hello", {"type": "object"}, lambda _: "hello"))
    reply = Attendant(tools).reply(ServerRequest(1, method, params))
    assert reply is not None
    jsonschema.validate(reply.body["result"], engine_schema.answer(method))
