"""The dialog beside the inbox: what comes, changes or is settled meanwhile, and what covers it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from textual import events
from textual.screen import Screen

from codex_tui.session.inbox import Inbox, Question
from codex_tui.session.state import State
from codex_tui.session.transcript import Item
from tests.ui.dialogs.stage import (
    RULE,
    Stage,
    change,
    exec_question,
    patch_item,
    patch_question,
    screen_text,
    state,
)

ALL: dict[str, Any] = {"availableDecisions": ["accept", "acceptForSession", RULE, "cancel"]}
HUNK = "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"


def stage(*questions: Question, items: tuple[Item, ...] = (), **settings: Any) -> Stage:
    return Stage(state(*questions, items=items, **settings))


def resolved(app: Stage, *left: Question) -> State:
    return replace(app.first, inbox=Inbox(left))


async def test_the_next_question_follows_with_its_own_full_guard() -> None:
    first, second = exec_question(), exec_question("/bin/bash -lc 'second one'", number=1)
    app = stage(first, second)
    async with app.run_test() as pilot:
        await app.live(pilot)
        assert "1 of 2" in app.text
        await pilot.press("y")
        app.dialog.sync(resolved(app, second))
        await pilot.pause()
        assert "second one" in app.text
        assert "1 of 2" not in app.text
        await pilot.press("y")
        assert len(app.answers) == 1
        await app.live(pilot)
        await pilot.press("d")
        assert [note[1][2] for note in app.notes.wanted] == [0, 1]


async def test_it_waits_for_the_inbox_after_an_answer() -> None:
    app = stage(exec_question(), exec_question(number=1))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("y")
        app.dialog.sync(app.first)  # an unrelated change; the answer is still on its way
        await app.live(pilot)
        await pilot.press("y")
        assert len(app.answers) == 1


async def test_an_answered_patch_stays_answered_when_its_item_changes() -> None:
    app = stage(patch_question(), items=(patch_item(change("/home/ada/proj/a.py", HUNK)),))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("y")
        app.dialog.sync(state(patch_question()))  # the item is gone, the answer still on its way
        await app.live(pilot)
        assert "answered: Yes, write these changes" in app.text
        assert "can only be declined" not in app.text


async def test_resolved_elsewhere_closes_the_dialog_and_sends_nothing() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(resolved(app))
        await pilot.pause()
        assert app.screen is not app.dialog
        assert app.results == [None]
        await pilot.press("y")
        assert app.notes.wanted == []


async def test_a_question_resolved_elsewhere_gives_way_to_the_next() -> None:
    first, second = exec_question(), exec_question("/bin/bash -lc 'second one'", number=1)
    app = stage(first, second)
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(resolved(app, second))
        app.dialog.press("y")  # meant for the first, and before the second was ever painted
        assert app.notes.wanted == []
        await pilot.press("y")
        assert app.notes.wanted == []


async def test_more_questions_change_the_count_but_not_the_guard() -> None:
    first = exec_question()
    app = stage(first)
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(resolved(app, first, exec_question("/bin/bash -lc 'ls'", number=1)))
        await pilot.pause()
        assert "1 of 2" in app.text
        await pilot.press("y")
        assert len(app.answers) == 1


async def test_a_page_that_is_not_painted_yet_has_no_guard_that_runs_out() -> None:
    first = exec_question("/bin/bash -lc 'make'")
    app = Stage(state(first))
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(state(exec_question("/bin/bash -lc 'make install'", number=7)))
        app.dialog._start_guard()  # pyright: ignore[reportPrivateUsage] - the page before was painted late
        assert not app.dialog.gate.alive()
        assert app.dialog.gate.shown_at == math.inf


async def test_a_patch_that_changes_is_shown_anew_and_the_old_accept_is_void() -> None:
    one = patch_item(change("/home/ada/proj/a.py", HUNK))
    other = patch_item(change("/home/ada/proj/a.py", HUNK), change("/etc/passwd", HUNK))
    app = stage(patch_question(), items=(one,))
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(state(patch_question(), items=[replace(other, revision=1)]))
        await pilot.press("y")
        assert app.answers == []
        await pilot.pause()
        assert "/etc/passwd" in app.text


async def test_a_patch_whose_item_goes_away_can_only_be_declined() -> None:
    app = stage(patch_question(), items=(patch_item(change("/home/ada/proj/a.py", HUNK)),))
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(state(patch_question()))
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == []
        await app.live(pilot)
        await pilot.press("d")
        assert app.answers == [({"decision": "decline"}, "decline")]


async def test_output_of_the_item_does_not_disturb_the_guard() -> None:
    item = patch_item(change("/home/ada/proj/a.py", HUNK))
    app = stage(patch_question(), items=(item,))
    async with app.run_test() as pilot:
        await app.live(pilot)
        app.dialog.sync(state(patch_question(), items=[replace(item, revision=9, note="busy")]))
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert len(app.answers) == 1


async def test_it_can_be_put_off_and_nothing_is_sent() -> None:
    asked = exec_question()
    app = stage(asked)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("f5")
        await pilot.pause()
        assert app.results == [asked.key]
        assert app.notes.wanted == []
        assert app.screen is not app.dialog


async def test_a_covered_dialog_closes_itself_and_not_what_covers_it() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await app.live(pilot)
        cover: Screen[None] = Screen()
        await app.push_screen(cover)
        await pilot.pause()
        app.dialog.sync(resolved(app))
        await pilot.pause()
        assert app.screen is cover
        app.pop_screen()
        await pilot.pause()
        await pilot.pause()
        assert app.dialog not in app.screen_stack
        assert app.results == [None]


async def test_a_dialog_that_was_covered_starts_its_guard_anew() -> None:
    app = stage(exec_question())
    async with app.run_test() as pilot:
        await app.live(pilot)
        cover: Screen[None] = Screen()
        await app.push_screen(cover)
        app.clock.now += 10
        app.pop_screen()
        await pilot.pause()
        await pilot.press("y")
        assert app.answers == []
        await app.live(pilot)
        await pilot.press("y")
        assert len(app.answers) == 1


async def test_hostile_text_reaches_the_screen_only_escaped() -> None:
    evil = "\x1b]52;c;eA==\x07\x9b2J\u202e\u200b"
    app = stage(exec_question(f"echo {evil}", reason=evil, cwd=f"/x{evil}", commandActions=None))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.live(pilot)
        text = screen_text(app)
        assert not any(char in text for char in "\x1b\x07\x9b\u202e\u200b")
        assert text.count(r"\x1b]52;c;eA==\x07\x9b2J<U+202E><U+200B>") >= 3


async def test_ten_thousand_lines_open_without_a_stall() -> None:
    app = stage(exec_question("/bin/bash -lc '" + "\n".join("x" * 100 for _ in range(10_000)) + "'"))
    async with app.run_test() as pilot:
        await app.live(pilot)
        assert "lines below" in app.text
        await pilot.press("end")
        await pilot.pause()
        assert "10000 ▌" in app.text


async def test_a_key_pressed_while_the_interface_stood_still_answers_nothing() -> None:
    app = stage(exec_question(**ALL))
    async with app.run_test() as pilot:
        await app.live(pilot)
        key = events.Key("y", "y")
        key.time -= 60  # it came before the dialog did
        app.dialog.post_message(key)
        await pilot.pause()
        assert app.answers == []
        await app.live(pilot)
        await pilot.press("y")
        assert len(app.answers) == 1
