"""A no with words for the agent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.dialogs.bodies import first_step, sheet_of
from codex_tui.dialogs.entry import LONGEST
from codex_tui.dialogs.say import SayStep
from codex_tui.dialogs.setting import Setting
from codex_tui.paint.look import Look
from codex_tui.session.inbox import Question
from tests.ui.dialogs.asks import OLD_PATCH, legacy_command, legacy_patch, some_rights
from tests.ui.dialogs.mcp import tool
from tests.ui.dialogs.stage import Stage, exec_question, state
from tests.ui.dialogs.test_tray import agent_question, with_agent


def step() -> SayStep:
    choices = {choice.key: choice for choice in sheet_of(exec_question(), None, Setting()).choices}
    return SayStep(choices["d"])


def typed(page: SayStep, *keys: str) -> SayStep:
    for key in keys:
        after = page.press(key, " " if key == "space" else key if len(key) == 1 else None)
        assert isinstance(after, SayStep)
        page = after
    return page


def test_a_line_is_written_and_mended() -> None:
    page = typed(step(), *"use", "space", *"uvx", "backspace", "left", "left", "delete", "home", "delete")
    assert (page.entry.text, page.entry.at) == ("se v", 0)
    assert typed(page, "end", "ctrl+w").entry.text == "se "
    assert typed(page, "end", "ctrl+u").entry.text == ""
    assert typed(page, "shift+enter").entry.text == "\nse v"


def test_a_paste_has_a_limit() -> None:
    page = step().paste("x" * (LONGEST + 5))
    assert isinstance(page, SayStep)
    assert len(page.entry.text) == LONGEST


@given(st.text(max_size=60), st.integers(8, 40))
def test_what_is_written_is_shown_escaped_with_the_cursor_in_sight(text: str, width: int) -> None:
    page = step().paste(text)
    assert isinstance(page, SayStep)
    look = Look(width=width)
    rows = page.sheet.body(look)
    assert page.sheet.focus is not None
    assert 0 <= page.sheet.focus(look) < len(rows)
    shown = "".join(segment.text for at in range(len(rows)) for segment in rows.paint(at))
    assert all(char.isprintable() for char in shown)


async def test_a_no_goes_out_with_its_words() -> None:
    asked = exec_question()
    app = Stage(state(asked))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("t")
        await pilot.pause()
        await pilot.press(*"use [y]", "enter")
        assert app.notes.wanted == [
            ("answer", asked.key, {"decision": "decline"}, "decline"),
            ("send", "use [y]", ()),
        ]


async def test_a_no_without_words_sends_no_message_and_escape_goes_back() -> None:
    app = Stage(state(exec_question()))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("t")
        await app.live(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "Run this command?" in app.text
        assert app.notes.wanted == []
        await app.live(pilot)
        await pilot.press("t", "space", "enter")
        assert [note[0] for note in app.notes.wanted] == ["answer"]


async def test_a_no_to_a_sub_agent_takes_its_words_to_that_thread() -> None:
    asked = agent_question(0)
    app = Stage(with_agent(state(asked)))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("t")
        await pilot.pause()
        await pilot.press(*"not now", "enter")
        assert app.notes.wanted == [
            ("answer", asked.key, {"decision": "decline"}, "decline"),
            ("send", "not now", (), asked.thread_id),
        ]


@pytest.mark.parametrize(
    "asked", [some_rights(), tool(), legacy_command("ls"), legacy_patch(OLD_PATCH), exec_question()]
)
def test_every_no_that_lets_the_agent_go_on_can_carry_words(asked: Question) -> None:
    choices = {choice.key: choice for choice in first_step(asked, None, Setting()).sheet.choices}
    lead = choices["t"].leads
    assert lead is not None
    send = lead().sheet.choices[0]
    assert (send.result, send.outcome) == (choices["d"].result, choices["d"].outcome)
    assert not send.interrupts
