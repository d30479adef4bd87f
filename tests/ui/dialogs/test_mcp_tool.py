"""Before an MCP tool runs: all it gets, and for how long."""

from __future__ import annotations

import json
from typing import Any

import pytest

from codex_tui.dialogs.form.form import FormStep
from tests.ui.dialogs.mcp import asked, choice_of, first, press, sent_by, text_of, tool
from tests.ui.dialogs.stage import Stage, state


def test_every_argument_is_shown_in_full() -> None:
    arguments: dict[str, Any] = {f"argument {index}": "x" * index for index in range(200)}
    text = text_of(first(tool(arguments)))
    shown = "".join(line.partition("▌ ")[2] for line in text.splitlines() if "▌ " in line)
    assert json.loads(shown) == arguments


def test_hidden_characters_of_an_argument_are_visible_and_counted() -> None:
    text = text_of(first(tool({"path": "a\u202eb\u200b"})))
    assert "a<U+202E>b<U+200B>" in text
    assert "2 invisible characters" in text


def test_arguments_that_are_not_said_are_missed() -> None:
    question = asked(
        mode="form",
        requestedSchema={"type": "object", "properties": {}},
        _meta={"codex_approval_kind": "mcp_tool_call"},
    )
    assert "its arguments are not said" in text_of(first(question))


def test_once_session_and_always_are_three_answers_and_the_lasting_ones_take_a_second_step() -> None:
    step = first(tool())
    assert sent_by(step, "y") == ({"action": "accept", "content": {}})
    for key in ("s", "a"):
        lasting = choice_of(step, key)
        assert lasting is not None
        assert lasting.rule is not None
        assert lasting.grants
    for key, how in (("s", "session"), ("a", "always")):
        second = press(step, key)
        assert sent_by(second, "enter") == {"action": "accept", "content": {}, "_meta": {"persist": how}}
    assert sent_by(step, "d") == {"action": "decline"}
    assert sent_by(step, "escape") == {"action": "cancel"}


def test_the_second_step_of_always_shows_what_is_written_and_where() -> None:
    text = text_of(press(first(tool()), "a"))
    assert '[mcp_servers.billing.tools.refund] approval_mode = "approve"' in text
    assert "~/.codex/config.toml" in text
    assert "runs without asking" in text
    assert "outside the sandbox" in " ".join(text.split())


def test_the_second_step_of_the_session_says_that_nothing_is_written() -> None:
    text = text_of(press(first(tool()), "s"))
    assert "until this session ends" in text
    assert "no file" in text


def test_names_that_are_no_bare_keys_are_quoted_in_the_rule() -> None:
    text = text_of(press(first(tool(tool_name='a.b"c')), "a"))
    assert r'[mcp_servers.billing.tools."a.b\"c"]' in text


@pytest.mark.parametrize(
    ("persist", "keys"),
    [
        (["session", "always"], ["y", "s", "a", "d", "t", "escape"]),
        (["session"], ["y", "s", "d", "t", "escape"]),
        ("always", ["y", "a", "d", "t", "escape"]),
        ([], ["y", "d", "t", "escape"]),
        (None, ["y", "d", "t", "escape"]),
        ({"session": 1}, ["y", "d", "t", "escape"]),
    ],
)
def test_only_what_is_offered_can_last(persist: Any, keys: list[str]) -> None:
    assert [choice.key for choice in first(tool(persist=persist)).sheet.choices] == keys


def test_the_tools_name_comes_from_the_engine_or_from_its_sentence() -> None:
    named = {str(fact.label): fact.rows for fact in first(tool(tool_name="other")).sheet.facts}
    assert named["Tool"] == ("other",)
    asked_for = {str(fact.label): fact.rows for fact in first(tool()).sheet.facts}
    assert asked_for["Tool"] == ("refund",)


def test_a_tool_without_a_name_cannot_be_allowed_for_good() -> None:
    question = asked(
        mode="form",
        message="Allow it?",
        requestedSchema={"type": "object", "properties": {}},
        _meta={"codex_approval_kind": "mcp_tool_call", "persist": ["always"], "tool_params": {}},
    )
    step = first(question)
    assert choice_of(step, "a") is None
    assert "not named" in text_of(step)


def test_what_the_server_says_of_its_tool_is_a_claim() -> None:
    step = first(
        tool(
            tool_title="Safe",
            tool_description="Never deletes\nanything",
            tool_annotations={"readOnlyHint": True, "destructiveHint": None},
        )
    )
    claims = [fact for fact in step.sheet.facts if fact.label == "It claims"]
    assert [fact.rows for fact in claims] == [("Safe", "Never deletes", "anything", "readOnlyHint: true")]
    assert {fact.role for fact in claims} == {"dim"}


def test_the_server_is_named_from_the_envelope() -> None:
    step = first(tool(serverName="codex", server_name="codex"))
    assert '"billing", configured by you' in text_of(step)


def test_a_form_with_fields_is_a_form_whatever_its_meta_says() -> None:
    question = asked(
        mode="form",
        requestedSchema={"type": "object", "properties": {"a": {"type": "string"}}},
        _meta={"codex_approval_kind": "mcp_tool_call", "persist": ["always"]},
    )
    assert isinstance(first(question), FormStep)


async def test_arguments_have_to_be_seen_before_a_grant() -> None:
    app = Stage(state(tool({f"k{index}": index for index in range(100)})))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.live(pilot)
        for key in ("y", "s", "a", "enter"):
            await pilot.press(key)
            await app.live(pilot)
        assert app.answers == []
        for _ in range(40):
            await pilot.press("pagedown")
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == [({"action": "accept", "content": {}}, "accept")]


async def test_a_lasting_answer_takes_two_keys_with_a_pause() -> None:
    app = Stage(state(tool()))
    async with app.run_test(size=(100, 30)) as pilot:
        await app.live(pilot)
        await pilot.press("a", "enter", "enter")
        assert app.answers == []
        await app.live(pilot)
        await pilot.press("enter")
        result = {"action": "accept", "content": {}, "_meta": {"persist": "always"}}
        assert app.answers == [(result, "accept:always")]
