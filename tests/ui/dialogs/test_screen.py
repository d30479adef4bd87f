"""The dialog as a person meets it: every key, every way it closes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from textual import events

from codex_tui.dialogs.panel import QuestionPanel
from codex_tui.session.inbox import Inbox, Question
from codex_tui.session.state import State
from codex_tui.session.transcript import Item
from tests.ui.dialogs.stage import (
    RULE,
    Stage,
    exec_question,
    question,
    state,
)

ALL: dict[str, Any] = {"availableDecisions": ["accept", "acceptForSession", RULE, "cancel"]}
LONG = "/bin/bash -lc '" + "\n".join(f"echo {number}" for number in range(60)) + "'"


def stage(*questions: Question, items: tuple[Item, ...] = (), **settings: Any) -> Stage:
    return Stage(state(*questions, items=items, **settings))


def resolved(app: Stage, *left: Question) -> State:
    return replace(app.first, inbox=Inbox(left))


# -- answers ------------------------------------------------------------------------------

GRANTS: list[tuple[str, Any, str]] = [
    ("y", {"decision": "accept"}, "accept"),
    ("d", {"decision": "decline"}, "decline"),
    ("escape", {"decision": "cancel"}, "cancel"),
]


@pytest.mark.parametrize(("key", "result", "outcome"), GRANTS)
async def test_a_key_sends_its_answer_once(key: str, result: Any, outcome: str) -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press(key)
        assert app.answers == [(result, outcome)]
        await app.live(pilot)
        await pilot.press(key, "y", "d")
        assert len(app.answers) == 1
        assert "answered: " in app.text


async def test_no_key_answers_before_the_guard_is_over() -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test() as pilot:
        for number, key in enumerate(["y", "s", "p", "d", "escape", "enter", "space", "u"], 1):
            await pilot.pause()
            app.clock.now += 0.69
            await pilot.press(key)
            assert app.notes.wanted == []
            app.clock.now += 0.49
            await pilot.press(key)
            assert app.notes.wanted == []
            app.dialog.sync(state(exec_question(number=number, **ALL)))


async def test_other_keys_never_answer_not_even_live() -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test() as pilot:
        for key in ["enter", "space", "1", "a", "Y", "tab", "q", "p"]:
            await app.live(pilot)
            assert app.dialog.gate.alive()
            await pilot.press(key)
            assert app.answers == []
            assert app.screen is app.dialog


@pytest.mark.parametrize("key", ["s", "p"])
async def test_keys_of_grants_that_are_not_offered_do_nothing(key: str) -> None:
    app = stage(exec_question(availableDecisions=None))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press(key)
        assert app.answers == []
        assert "Always allow" not in app.text
        assert "for this session" not in app.text


async def test_a_rule_is_shown_first_and_written_only_by_enter() -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("p")
        await pilot.pause()
        assert 'prefix_rule(pattern=["pytest", "-q"], decision="allow")' in app.text
        assert "~/.codex/rules/default.rules" in app.text
        await pilot.press("enter")
        assert app.answers == []  # the second step has a guard of its own
        await app.live(pilot)
        await pilot.press("p", "y")
        assert app.answers == []
        await app.live(pilot)
        await pilot.press("enter")
        assert app.answers == [({"decision": RULE}, "acceptWithExecpolicyAmendment")]


async def test_esc_leaves_the_second_step_and_answers_nothing() -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("p")
        await app.live(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert app.answers == []
        assert "Run this command?" in app.text


async def test_ctrl_c_declines_and_stops_also_from_the_second_step() -> None:
    for first in ([], ["p"]):
        app = stage(exec_question(**ALL))
        async with app.run_test() as pilot:
            await app.live(pilot)
            await pilot.press(*first)
            await app.live(pilot)
            app.dialog.action_stop()
            assert app.answers == [({"decision": "cancel"}, "cancel")]


async def test_ctrl_c_passes_the_same_guard() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await pilot.pause()
        app.dialog.action_stop()
        assert app.answers == []
        await app.live(pilot)
        app.dialog.action_stop()
        assert app.answers == [({"decision": "cancel"}, "cancel")]


async def test_what_nobody_knows_is_refused_and_can_stop_the_turn() -> None:
    asked = question("some/new", None, {"threadId": "t"})
    for key, wanted in (("d", ["refuse"]), ("escape", ["refuse", "interrupt"])):
        app = stage(asked)
        async with app.run_test() as pilot:
            await app.live(pilot)
            await pilot.press(key)
            assert [note[0] for note in app.notes.wanted] == wanted


async def test_a_click_on_an_answer_counts_like_its_key() -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        at = line_of(app, "y    Yes, this once")
        await pilot.click(offset=(6, at))
        assert app.answers == []  # the same guard
        await app.live(pilot)
        await pilot.click(offset=(6, line_of(app, "Directory")))
        assert app.answers == []
        await app.live(pilot)
        await pilot.click(offset=(6, at))
        await pilot.pause()
        assert app.answers == [({"decision": "accept"}, "accept")]


def line_of(app: Stage, words: str) -> int:
    return next(at for at, line in enumerate(app.text.split("\n")) if words in line)


async def test_a_paste_never_answers_and_starts_the_quiet_time_anew() -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test() as pilot:
        await app.live(pilot)
        for text in ("y\n", "\r", "ysdp\x1b"):
            app.dialog.post_message(events.Paste(text))
        await pilot.pause()
        await pilot.press("y")
        assert app.answers == []


async def test_coming_back_to_the_terminal_starts_the_guard_anew() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.app_focus = False
        app.app_focus = True
        await pilot.pause()
        await pilot.press("y")
        assert app.answers == []


# -- the guard on screen ------------------------------------------------------------------


async def test_the_dialog_shows_when_keys_come_alive() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "keys in 0.7 s  ░░░░░░" in app.text
        app.clock.now += 0.35
        app.dialog.redraw()
        await pilot.pause()
        assert "keys in 0.4 s  ▓▓▓░░░" in app.text
        app.clock.now += 0.35
        app.dialog.redraw()
        await pilot.pause()
        assert "keys are live" in app.text


async def test_the_countdown_runs_by_itself() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await pilot.pause()
        app.clock.now += 5
        await pilot.pause(0.3)
        assert "keys are live" in app.text
        assert "waits 19 s" in app.text


async def test_no_timer_is_left_when_the_dialog_is_closed() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(resolved(app))
        await pilot.pause()
        drawn = 0

        def count() -> None:
            nonlocal drawn
            drawn += 1

        app.dialog.redraw = count  # type: ignore[method-assign]
        await pilot.pause(1.2)
        assert drawn == 0


async def test_random_keys_without_a_pause_answer_nothing() -> None:
    rng = random.Random(5)
    keys = ["y", "s", "p", "enter", "d", "escape", "space", "a", "u", "down"]
    app = stage(exec_question(**ALL))
    async with app.run_test():
        dialog = app.dialog
        for _ in range(400):
            app.clock.now += rng.uniform(0.01, 0.36)  # 3 to 100 keys a second
            dialog.press(rng.choice(keys))
        assert app.notes.wanted == []


# -- what was seen ------------------------------------------------------------------------


async def test_accept_is_dead_until_every_line_was_on_screen() -> None:
    app = stage(exec_question(LONG))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        assert "lines not seen yet)" in app.text
        assert "lines below" in app.text
        await pilot.press("y")
        assert app.answers == []
        await pilot.press("end")  # the middle is still unseen
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == []
        await pilot.press("home")
        for _ in range(12):
            await pilot.press("pagedown")
            await pilot.pause()
        await app.live(pilot)
        assert "not seen yet" not in app.text
        await pilot.press("y")
        assert app.answers == [({"decision": "accept"}, "accept")]


async def test_unseen_lines_can_be_approved_on_purpose() -> None:
    app = stage(exec_question(LONG))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("u")
        await app.live(pilot)
        assert "unseen" in app.text
        assert app.answers == []
        await pilot.press("y")
        assert app.answers == [({"decision": "accept"}, "accept")]


async def test_declining_needs_no_reading() -> None:
    app = stage(exec_question(LONG))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.live(pilot)
        await pilot.press("d")
        assert app.answers == [({"decision": "decline"}, "decline")]


@pytest.mark.parametrize("size", [(40, 10), (30, 8), (80, 24)])
async def test_the_destructive_tail_is_painted_before_accept_works(size: tuple[int, int]) -> None:
    app = stage(exec_question("/bin/bash -lc 'echo " + "a" * 700 + "; rm -rf ~'"))
    async with app.run_test(size=size) as pilot:
        await app.live(pilot)
        seen = app.text
        for _ in range(60):
            app.dialog.press("y")
            if app.answers:
                break
            app.dialog.press("pagedown")
            await pilot.pause()
            seen += app.text
            await app.live(pilot)
        assert app.answers == [({"decision": "accept"}, "accept")]
        assert "rm-rf~" in "".join(seen.replace("│", "").replace("▌", "").split())


async def test_heights_stay_while_reading() -> None:
    app = stage(exec_question(LONG, **ALL))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        frames = {frame_rows(app)}
        for key in ["down", "pagedown", "end", "u", "home"]:
            await pilot.press(key)
            await app.live(pilot)
            frames.add(frame_rows(app))
        assert len(frames) == 1


def frame_rows(app: Stage) -> tuple[int, int]:
    lines = app.text.split("\n")
    return next(i for i, line in enumerate(lines) if "┌" in line), next(
        i for i, line in enumerate(lines) if "└" in line
    )


async def test_the_wheel_scrolls_the_command() -> None:
    app = stage(exec_question(LONG))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        assert "echo 0" in app.text
        panel = app.dialog.query_one("QuestionPanel")
        for _ in range(5):
            panel.post_message(
                events.MouseScrollDown(panel, 5, 5, 0, 0, 0, False, False, False, 5, 5)  # type: ignore[arg-type]
            )
        await pilot.pause()
        assert "  1 ▌ echo 0" not in app.text
        await pilot.press("d")
        assert app.answers == []  # the wheel broke the quiet


async def test_resizing_counts_unseen_lines_anew_but_keeps_all_seen() -> None:
    app = stage(exec_question())
    async with app.run_test(size=(120, 40)) as pilot:
        await app.live(pilot)
        await pilot.resize_terminal(40, 10)
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == [({"decision": "accept"}, "accept")]


@pytest.mark.parametrize("size", [(1, 1), (10, 4), (20, 5), (300, 100)])
async def test_odd_sizes_do_not_crash_and_nothing_unseen_is_accepted(size: tuple[int, int]) -> None:
    app = stage(exec_question(LONG, **ALL))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.resize_terminal(*size)
        await app.live(pilot)
        if size != (300, 100):
            await pilot.press("y")
            assert app.answers == []
        await app.live(pilot)
        await pilot.press("d")
        assert len(app.answers) == 1


@pytest.mark.parametrize("size", [(1, 1), (40, 10), (80, 24)])
async def test_a_host_with_more_to_say_than_fits_is_read_before_it_is_granted(size: tuple[int, int]) -> None:
    host = {"host": "a.example", "protocol": "https"}
    many: dict[str, Any] = {
        "networkApprovalContext": host,
        "reason": "word " * 600,
        "availableDecisions": ["accept", "cancel"],
    }
    app = stage(exec_question(None, **many))
    async with app.run_test(size=size) as pilot:
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == []
        if size[1] >= 10:
            panel = app.dialog.query_one(QuestionPanel)
            while panel.blocked:
                app.dialog.press("pagedown")
                await pilot.pause()
            await app.live(pilot)
            await pilot.press("y")
            assert app.answers == [({"decision": "accept"}, "accept")]
