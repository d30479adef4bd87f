"""Golden screens of what MCP servers ask, and forms used with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from codex_tui.session.inbox import Question
from tests.ui.dialogs.mcp import asked, form, tool, url
from tests.ui.dialogs.stage import Stage, state
from tests.ui.snapshot import SIZES, Snap

SMALL = (40, 10)
DETAILS: dict[str, Any] = {
    "name": {"type": "string", "title": "Full name", "minLength": 2, "maxLength": 40},
    "age": {"type": "integer", "title": "Age", "minimum": 0, "maximum": 150, "default": 30},
    "plan": {
        "type": "string",
        "title": "Plan",
        "oneOf": [{"const": "s", "title": "Small"}, {"const": "l", "title": "Large"}],
    },
    "tags": {"type": "array", "title": "Tags", "items": {"enum": ["x", "y", "z"]}, "maxItems": 2},
    "due": {"type": "string", "title": "Due", "format": "date"},
    "country": {"type": "string", "title": "Country", "enum": [f"country {n}" for n in range(200)]},
    "news": {"type": "boolean", "title": "Newsletter", "description": "We write once a month."},
}
MESSAGE = "Please confirm the invoice details before we send the bill."


def details() -> Question:
    return form(DETAILS, ["name", "age", "plan"], message=MESSAGE)


async def fill_in(app: Stage, pilot: Pilot[None]) -> None:
    await app.live(pilot)
    await pilot.press(*"Ada", "tab", "tab", "right", "space", "tab", "space", "tab")
    await pilot.press(*"2026-13-01", "tab")
    await app.live(pilot)


CASES: list[tuple[str, Callable[[], Question], list[str]]] = [
    ("form", details, []),
    ("form-filled", details, ["fill"]),
    ("form-review", details, ["fill", "up", "ctrl+u", "f10"]),
    (
        "form-unfit",
        lambda: form({"a": {"type": "object"}}, message=MESSAGE),
        [],
    ),
    ("url", lambda: url("https://login.example.com/authorize?client_id=17&state=4f2a9c&scope=read"), []),
    ("url-refused", lambda: url("https://github.com@g\u043e\u043egle.com/login"), []),
    (
        "mcp-tool",
        lambda: tool(
            {"invoice": 17, "amount": {"value": "120.00", "currency": "EUR"}, "note": "asked for by mail"},
            tool_title="Refund an invoice",
            tool_description="Gives the money back.",
            tool_annotations={"readOnlyHint": False, "destructiveHint": True},
        ),
        [],
    ),
    ("mcp-tool-always", tool, ["a"]),
    ("verification", lambda: asked(mode="openai/userVerification", title="t", challenge="c"), []),
]


@pytest.mark.parametrize(("case", "made", "keys"), CASES, ids=[case for case, _, _ in CASES])
async def test_what_servers_ask_looks_right(
    snap: Snap, case: str, made: Callable[[], Question], keys: list[str]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        app = cast("Stage", pilot.app)
        await app.live(pilot)
        for key in keys:
            if key == "fill":
                await fill_in(app, pilot)
            else:
                await pilot.press(key)
                await app.live(pilot)

    await snap(lambda: Stage(state(made())), f"dialogs/{case}", sizes=[*SIZES, SMALL], before=before)


async def test_a_form_is_answered_with_the_keyboard_alone() -> None:
    app = Stage(state(details()))
    async with app.run_test(size=(80, 24)) as pilot:
        await fill_in(app, pilot)
        await pilot.press("f10")
        await app.live(pilot)
        assert "✗ not a date" in app.text
        await pilot.press("ctrl+u", "f10", "y", "enter")
        assert app.answers == []
        await app.live(pilot)
        assert "Send exactly this?" in app.text
        await pilot.press("y")
        content = {"name": "Ada", "age": 30, "plan": "l", "tags": ["x"]}
        assert app.answers == [({"action": "accept", "content": content}, "accept")]


async def test_going_back_from_the_review_keeps_what_was_filled_in() -> None:
    app = Stage(state(form({"a": {"type": "string"}})))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press(*"abc", "f10")
        await app.live(pilot)
        await pilot.press("escape")
        await app.live(pilot)
        assert "abc" in app.text
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [({"action": "cancel"}, "cancel")]


async def test_a_paste_fills_a_field_and_answers_nothing() -> None:
    from textual import events

    app = Stage(state(form({"a": {"type": "string"}})))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("b")
        app.dialog.post_message(events.Paste("y\n"))
        await app.live(pilot)
        assert app.answers == []
        await pilot.press("f10")
        await app.live(pilot)
        assert '"a": "by"' in app.text


async def test_typing_ahead_reaches_neither_the_form_nor_an_answer() -> None:
    app = Stage(state(details()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"yes", "enter", "f10", "y")
        assert app.answers == []
        assert "yes" not in app.text.replace("( ) yes", "")


async def test_the_cursor_is_kept_in_sight_on_a_small_terminal() -> None:
    app = Stage(state(details()))
    async with app.run_test(size=SMALL) as pilot:
        await app.live(pilot)
        for title in ("Age", "Plan", "Tags", "Due"):
            await pilot.press("tab")
            assert f"▌ {title}" in app.text
        await pilot.press("tab", *["down"] * 30)
        assert "country 30" in app.text


@pytest.mark.parametrize("key", ["f8", "escape"])
async def test_declining_and_cancelling_work_while_a_text_is_typed(key: str) -> None:
    app = Stage(state(details()))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("d")
        await app.live(pilot)
        await pilot.press(key)
        answer = {"f8": ({"action": "decline"}, "decline"), "escape": ({"action": "cancel"}, "cancel")}[key]
        assert app.answers == [answer]
