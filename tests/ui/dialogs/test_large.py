"""Patches that take long to read: what can be answered when, and what stands still meanwhile."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from codex_tui.dialogs.bodies import page_meanwhile
from codex_tui.dialogs.patch import changes_of
from codex_tui.dialogs.setting import Setting
from tests.ui.dialogs.stage import Stage, change, exec_question, patch_item, patch_question, state

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from codex_tui.session.transcript import Item

SLICE = 0.2
"""Seconds of processor time at once at most here, with much room: on one thread it took half a second."""


def large(lines: int, path: str = "/home/ada/proj/large.py") -> Item:
    text = "".join(f"-value_{at} = compute({at})\n+value_{at} = reckon({at})\n" for at in range(lines // 2))
    return patch_item(change(path, f"@@ -1,{lines // 2} +1,{lines // 2} @@\n{text}"))


async def until(pilot: Pilot[None], app: Stage, words: str) -> None:
    """Wait until a page with these words is on screen."""
    for _ in range(400):
        await pilot.pause(0.05)
        if words in app.text:
            return
    raise AssertionError(f"{words!r} never came:\n{app.text}")


def test_what_stands_there_while_a_large_patch_is_read_can_only_be_declined() -> None:
    item = large(20_000)
    page = page_meanwhile(patch_question(), item, Setting())
    assert page is not None
    assert {choice.outcome for choice in page.sheet.choices} <= {"decline", "cancel", ""}
    assert page.sheet.basis == changes_of(item)  # when that changes it is shown anew
    assert page_meanwhile(patch_question(), large(200), Setting()) is None


async def test_a_large_patch_has_a_guard_of_its_own_and_wants_to_be_seen() -> None:
    app = Stage(state(patch_question(), items=(large(20_000),)))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("y")
        await until(pilot, app, "large.py")
        assert app.answers == []
        # Not all was seen: yes is dead, as with any other patch.
        assert app.dialog._panel.blocked  # pyright: ignore[reportPrivateUsage]
        await app.live(pilot)
        await pilot.press("y")
        await app.live(pilot)
        assert app.answers == []
        await pilot.press("u")
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == [({"decision": "accept"}, "accept")]


async def test_a_page_that_was_read_for_another_question_is_not_shown() -> None:
    app = Stage(state(patch_question(), items=(large(20_000),)))
    async with app.run_test() as pilot:
        app.dialog.sync(state(exec_question("/bin/bash -lc 'something else'", number=7)))
        await until(pilot, app, "something else")
        await asyncio.sleep(0.5)
        await pilot.pause()
        assert "something else" in app.text
        assert "large.py" not in app.text


async def test_a_patch_that_changes_while_it_is_read_is_read_anew() -> None:
    app = Stage(state(patch_question(), items=(large(20_000),)))
    async with app.run_test() as pilot:
        app.dialog.sync(state(patch_question(), items=[replace(large(20_000, "/etc/passwd"), revision=1)]))
        await until(pilot, app, "/etc/passwd")
        await asyncio.sleep(0.5)
        await pilot.pause()
        assert "/etc/passwd" in app.text


async def test_fifty_thousand_lines_leave_the_screen_alive() -> None:
    app = Stage(state(patch_question(), items=(large(100_000),)))
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.005)
            longest = max(longest, time.thread_time() - before)

    async with app.run_test() as pilot:
        beating = asyncio.create_task(beat())
        await until(pilot, app, "large.py")
        beating.cancel()
    assert longest < SLICE, longest
