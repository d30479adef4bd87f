"""Questions of MCP servers for tests, and a walk through steps without a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.segment import Segment

from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.elicitation import elicitation_step
from codex_tui.dialogs.exec import rule_sheet
from codex_tui.dialogs.setting import Setting
from codex_tui.dialogs.step import Page, Step
from codex_tui.paint.look import Look
from codex_tui.paint.question import paint_facts
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.elicitation import ElicitationRequest
from codex_tui.session.inbox import Question
from tests.ui.dialogs.stage import HOME, question

METHOD = "mcpServer/elicitation/request"


def asked(number: int = 0, **more: Any) -> Question:
    """An elicitation as the engine sends it; `more` are its members."""
    raw: JsonObject = {
        "threadId": "t",
        "turnId": "u",
        "serverName": "billing",
        "_meta": None,
        "message": "Please confirm the details",
        **more,
    }
    return question(METHOD, ElicitationRequest.model_validate(raw), raw, number)


def form(properties: Any, required: Iterable[str] = (), **more: Any) -> Question:
    """A form with those properties."""
    schema: JsonObject = {"type": "object", "properties": properties, "required": list(required)}
    return asked(mode="form", requestedSchema=schema, **more)


def url(text: Any, **more: Any) -> Question:
    """A page to open."""
    return asked(mode="url", url=text, elicitationId="e-1", **more)


def tool(arguments: Any = None, **meta: Any) -> Question:
    """The engine's question before an MCP tool runs."""
    return asked(
        mode="form",
        message='Allow the billing MCP server to run tool "refund"?',
        requestedSchema={"type": "object", "properties": {}},
        _meta={
            "codex_approval_kind": "mcp_tool_call",
            "persist": ["session", "always"],
            "tool_params": {"invoice": 17} if arguments is None else arguments,
            **meta,
        },
    )


def first(asked: Question, setting: Setting | None = None) -> Step:
    """The first page of that question."""
    assert isinstance(asked.params, ElicitationRequest)
    setting = setting or Setting(home=HOME, codex_home=f"{HOME}/.codex")
    return elicitation_step(asked.params, asked.raw, setting)


def choice_of(step: Step, key: str) -> Choice | None:
    return next((choice for choice in step.sheet.choices if choice.key == key), None)


def press(step: Step, *keys: str) -> Step:
    """The step after those keys; one that means nothing to the step may lead on by its choice."""
    for key in keys:
        character = key if len(key) == 1 else " " if key == "space" else None
        after = step.press(key, character)
        if after is None:
            choice = choice_of(step, key)
            if choice is not None and choice.leads is not None:
                after = choice.leads()
            elif choice is not None and choice.rule is not None:
                after = Page(rule_sheet(choice, choice.rule))
        step = after or step
    return step


def typed(step: Step, text: str) -> Step:
    return press(step, *text)


def sent_by(step: Step, key: str) -> JsonObject | None:
    """What that key would send; None when the step does not offer it."""
    choice = choice_of(step, key)
    return None if choice is None or not choice.outcome else choice.result


def text_of(step: Step, width: int = 100) -> str:
    """Title, facts, body and answers as text."""
    sheet, look = step.sheet, Look(width=width)
    body = sheet.body(look)
    strips = [*paint_facts(sheet.facts, look), *(body.paint(row) for row in range(len(body)))]
    lines = ["".join(segment.text for segment in _segments(strip)) for strip in strips]
    answers = [f"{choice.sign} {choice.label} {choice.effect}" for choice in sheet.choices]
    return "\n".join([sheet.title, *lines, *answers])


def _segments(strip: Iterable[Segment]) -> Iterable[Segment]:
    return strip
