"""Forms of MCP servers used with the keyboard alone."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.ui.dialogs.gallery import SMALL, details
from tests.ui.dialogs.mcp import form
from tests.ui.dialogs.stage import Stage, state


async def fill_in(app: Stage, pilot: Pilot[None]) -> None:
    await app.live(pilot)
    await pilot.press(*"Ada", "tab", "tab", "right", "space", "tab", "space", "tab")
    await pilot.press(*"2026-13-01", "tab")
    await app.live(pilot)


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
