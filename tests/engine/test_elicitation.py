"""Questions of a real MCP server through the real engine, answered by the pages of the dialogs."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codex_tui.dialogs.step import Step
from codex_tui.protocol.elicitation import ElicitationRequest
from codex_tui.protocol.events import Asked, Event, Notified
from codex_tui.session.inbox import Question
from tests.engine.test_real_engine import Session, session
from tests.ui.dialogs.mcp import METHOD, first, press, sent_by, text_of, typed

pytestmark = pytest.mark.engine

SERVER = Path(__file__).parents[1] / "scenarios" / "forms_server.py"
TABLES = f'[mcp_servers.tables]\ncommand = "{sys.executable}"\nargs = ["{SERVER}"]\n'
SAY = {"msg": "All done."}
FORGET = {"ns": "mcp__tables", "call": "forget", "args": {"path": "booking 17"}}


def call(tool: str) -> dict[str, Any]:
    return {"ns": "mcp__tables", "call": tool, "args": {}}


def question_of(asked: Asked) -> Question:
    assert asked.method == METHOD
    assert isinstance(asked.params, ElicitationRequest)
    raw = asked.params.model_dump(by_alias=True, exclude_unset=True)
    return Question(1, asked.request_id, METHOD, asked.params, raw, None, None, None, 0.0)


async def ready(s: Session) -> None:
    def started(event: Event) -> bool:
        return (
            isinstance(event, Notified)
            and event.method == "mcpServer/startupStatus/updated"
            and "ready" in event.params.model_dump_json()
        )

    await s.heard.until(started)


async def answered(s: Session, asked: Asked, answer: Callable[[Step], tuple[Step, str]]) -> Step:
    """Send what the page of `asked` sends for the key that `answer` ends with."""
    page = first(question_of(asked))
    last, key = answer(page)
    result = sent_by(last, key)
    assert result is not None
    assert await s.client.answer(asked.request_id, result)
    return page


async def tool_said(script: list[Any], answer: Callable[[Step], tuple[Step, str]]) -> tuple[str, Step]:
    """What the tool that asked got to know, and the page that was shown."""
    async with session(script, approval="on-request", tables=TABLES) as s:
        await ready(s)
        turn = await s.prompt()
        page = await answered(s, await s.asked(), answer)
        assert (await s.finished(turn)).status == "completed"
        (item,) = s.items("mcpToolCall")
        return str(item["result"]["content"][0]["text"]), page


def fill_in(page: Step) -> tuple[Step, str]:
    page = press(typed(page, "Ada Example"), "tab", "backspace", "4", "tab", "right", "space", "tab")
    return press(typed(page, "2026-02-03"), "tab", "left", "tab", "space", "f10"), "y"


async def test_an_accepted_form_reaches_the_server_as_reviewed() -> None:
    said, page = await tool_said([[call("book")], [SAY]], fill_in)
    assert said == (
        'accept: {"day": "2026-02-03", "guests": 4, "meal": "dinner", "name": "Ada Example", '
        '"window": true, "wishes": ["quiet"]}'
    )
    assert '"tables", an MCP server you configured; not Codex' in text_of(page)


@pytest.mark.parametrize(("key", "action"), [("f8", "decline"), ("escape", "cancel")])
async def test_a_form_that_is_not_answered_says_which_no_it_was(key: str, action: str) -> None:
    said, _ = await tool_said([[call("book")], [SAY]], lambda page: (page, key))
    assert said == f"{action}: null"


# The engine makes an empty object of an accept without content.
@pytest.mark.parametrize(
    ("key", "expected"), [("f", "accept: {}"), ("d", "decline: null"), ("escape", "cancel: null")]
)
async def test_a_page_to_open_is_answered_without_content(key: str, expected: str) -> None:
    said, page = await tool_said([[call("pay")], [SAY]], lambda page: (page, key))
    assert said == expected
    assert "https://pay.example.com/deposit?booking=17" in text_of(page)


async def test_a_tool_allowed_once_runs_and_asks_again() -> None:
    async with session([[FORGET], [FORGET], [SAY]], approval="on-request", tables=TABLES) as s:
        await ready(s)
        turn = await s.prompt()
        page = await answered(s, await s.asked(1), lambda page: (page, "y"))
        await answered(s, await s.asked(2), lambda page: (page, "d"))
        await s.finished(turn)
        assert [item["status"] for item in s.items("mcpToolCall")] == ["completed", "failed"]
        text = text_of(page)
        assert '"path": "booking 17"' in text
        assert '"tables", configured by you' in text
        assert "forget" in text


async def test_a_tool_that_is_cancelled_does_not_run() -> None:
    async with session([[FORGET], [SAY]], approval="on-request", tables=TABLES) as s:
        await ready(s)
        turn = await s.prompt()
        await answered(s, await s.asked(), lambda page: (page, "escape"))
        await s.finished(turn)
        assert [item["status"] for item in s.items("mcpToolCall")] == ["failed"]


@pytest.mark.parametrize(("key", "written"), [("s", False), ("a", True)])
async def test_a_tool_allowed_for_longer_is_not_asked_for_again(key: str, written: bool) -> None:
    async with session([[FORGET], [FORGET], [SAY]], approval="on-request", tables=TABLES) as s:
        await ready(s)
        turn = await s.prompt()
        await answered(s, await s.asked(), lambda page: (press(page, key), "enter"))
        await s.finished(turn)
        assert [item["status"] for item in s.items("mcpToolCall")] == ["completed", "completed"]
        assert len(s.heard.of(Asked)) == 1
        config = tomllib.loads((s.scripted.home / "config.toml").read_text(encoding="utf-8"))
        tools = config["mcp_servers"]["tables"].get("tools", {})
        assert tools == ({"forget": {"approval_mode": "approve"}} if written else {})
