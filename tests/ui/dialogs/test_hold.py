"""A paste over a terminal without bracketed paste is a burst of keys: it answers nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events

from codex_tui.dialogs.gate import ANSWER_HELD, QUIET
from codex_tui.session.inbox import Question
from codex_tui.session.state import State
from tests.ui.dialogs.gallery import details
from tests.ui.dialogs.mcp import form, tool, url
from tests.ui.dialogs.stage import RULE, Stage, change, exec_question, patch_item, patch_question, state

ALL: dict[str, Any] = {"availableDecisions": ["accept", "acceptForSession", RULE, "cancel"]}
LONG = "/bin/bash -lc '" + "\n".join(f"echo {number}" for number in range(60)) + "'"


def held(first: State, **dialog: Any) -> Stage:
    return Stage(first, held_for=ANSWER_HELD, **dialog)


def press(app: Stage, key: str) -> None:
    app.dialog.press(key, key if len(key) == 1 else None)


def wait(app: Stage, seconds: float) -> None:
    app.clock.now += seconds
    app.dialog.release()


async def test_a_key_that_answers_takes_effect_a_moment_later() -> None:
    app = held(state(exec_question(**ALL)))
    async with app.run_test() as pilot:
        await app.live(pilot)
        press(app, "y")
        wait(app, ANSWER_HELD - 0.001)
        assert app.answers == []
        wait(app, 0.001)
        assert app.answers == [({"decision": "accept"}, "accept")]
        wait(app, 1)
        assert len(app.answers) == 1


async def test_it_takes_effect_by_itself() -> None:
    app = held(state(exec_question(**ALL)))
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.clock.now += 5
        press(app, "d")
        app.clock.now += ANSWER_HELD
        for _ in range(200):  # the screen's own timer, on a machine that may be busy
            await pilot.pause(0.1)
            if app.answers:
                break
        assert app.answers == [({"decision": "decline"}, "decline")]


@pytest.mark.parametrize("second", ["y", "x", "enter", "down", "f6", "u", "ctrl+n"])
async def test_any_further_key_voids_it_and_starts_the_quiet_time_anew(second: str) -> None:
    app = held(state(exec_question(**ALL)))
    async with app.run_test() as pilot:
        await app.live(pilot)
        press(app, "y")
        app.clock.now += 0.004
        press(app, second)
        wait(app, QUIET - 0.01)
        assert app.answers == []
        press(app, "y")  # too early again
        wait(app, 5)
        assert app.notes.wanted == []


async def test_a_paste_a_wheel_and_another_question_void_it() -> None:
    app = held(state(exec_question(**ALL)))
    async with app.run_test() as pilot:

        def paste() -> None:
            app.dialog.on_paste(events.Paste("words"))

        def wheel() -> None:
            app.dialog._touch()  # pyright: ignore[reportPrivateUsage]

        def ask() -> None:
            app.dialog.sync(state(exec_question("rm -rf build", 7, **ALL)))

        for what in (paste, wheel, ask):
            await app.live(pilot)
            press(app, "y")
            what()
            wait(app, 5)
            assert app.notes.wanted == []


def bound(app: Stage) -> list[str]:
    """The keys of all answers on the page, and those that work beside them."""
    sheet = app.dialog._shown  # pyright: ignore[reportPrivateUsage]
    assert sheet is not None
    return [*(choice.key for choice in sheet.choices), "u"]


PAGES: dict[str, tuple[Callable[[], Question], tuple[str, ...]]] = {
    "command": (lambda: exec_question(**ALL), ()),
    "long command": (lambda: exec_question(LONG, **ALL), ()),
    "rule": (lambda: exec_question(**ALL), ("p",)),
    "session": (lambda: exec_question(**ALL), ("s",)),
    "words": (lambda: exec_question(**ALL), ("t",)),
    "patch": (patch_question, ()),
    "tool": (tool, ()),
    "always": (tool, ("a",)),
    "form": (details, ()),
    "form without fields": (lambda: form({}), ()),
    "page of the web": (lambda: url("https://login.example.com/a"), ()),
}
# A key alone is a key: what is pasted has a second character, if only the end of its line.
RESTS = ["\n", "y\n", "s", "\x1b", " it is", "\r\n"]
NAMES = {"\n": "ctrl+j", "\r": "enter", "\x1b": "escape", " ": "space"}


@pytest.mark.parametrize("page", PAGES)
async def test_a_burst_that_begins_with_any_key_of_any_page_answers_nothing(page: str) -> None:
    made, way = PAGES[page]
    items = [patch_item(change("/home/ada/proj/a.py", "@@ -1 +1 @@\n-a\n+b\n"))] if page == "patch" else []
    app = held(state(made(), items=items))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in way:
            await app.live(pilot)
            press(app, key)
            wait(app, ANSWER_HELD)
        await app.live(pilot)
        for first in bound(app):
            for rest in RESTS:
                wait(app, 5)
                press(app, first)
                for char in rest:
                    app.clock.now += 0.002
                    press(app, NAMES.get(char, char))
                wait(app, 5)
                assert app.notes.wanted == []
                if len(first) > 1 and first != "enter":
                    break  # function keys and Esc are in no text; once is enough
