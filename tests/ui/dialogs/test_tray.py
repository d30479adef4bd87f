"""The tray: all that waits, going from one to another, one answer for several that are the same."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from codex_tui.dialogs.together import twins
from codex_tui.dialogs.tray import TrayStep, entries
from codex_tui.paint.look import Look
from codex_tui.session.inbox import Inbox, Question
from codex_tui.session.state import State
from codex_tui.session.transcript import Settings, Thread
from tests.ui.dialogs.stage import (
    HOME,
    PROJECT,
    RULE,
    Stage,
    change,
    exec_question,
    patch_item,
    patch_question,
    place,
    state,
)

HUNK = "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
ALL: dict[str, Any] = {"availableDecisions": ["accept", "acceptForSession", RULE, "cancel"]}


def with_agent(now: State, thread_id: str = "child", name: str = "tester", cwd: str = PROJECT) -> State:
    """The same state with a sub-agent's thread."""
    settings = Settings(cwd=cwd, approval_policy="on-request", sandbox="workspace-write")
    threads = {**now.threads, thread_id: Thread(id=thread_id, name=name, settings=settings)}
    return replace(now, threads=MappingProxyType(threads))


def agent_question(number: int, command: str = "/bin/bash -lc 'pytest -q'", **more: Any) -> Question:
    return exec_question(command, number, threadId="child", turnId="v", **more)


def three() -> State:
    return with_agent(
        state(
            exec_question("/bin/bash -lc 'make all'"),
            replace(patch_question(1), received=995.0),
            replace(agent_question(2), received=900.0),
            items=[patch_item(change("/home/ada/proj/calc.py", HUNK), number=1)],
        )
    )


def shown(step: TrayStep, width: int = 76) -> list[str]:
    rows = step.sheet.body(Look(width=width))
    return ["".join(segment.text for segment in rows.paint(at)) for at in range(len(rows))]


def tray(now: State) -> TrayStep:
    listed = entries(now)
    return TrayStep(listed, listed[0].key, 1000.0)


def test_it_lists_everything_oldest_first_with_age_kind_and_who_asks() -> None:
    lines = shown(tray(three()))
    assert lines[0].split() == ["❯", "1", "min", "command", "sub-agent", "tester:", "pytest", "-q"]
    assert lines[1].split() == ["14", "s", "command", "make", "all"]
    assert lines[2].split() == ["5", "s", "patch", "/home/ada/proj/calc.py"]


def test_put_off_and_answered_ones_are_marked() -> None:
    now = three()
    first, second, _ = now.inbox.questions
    marks = {entry.key: entry.mark for entry in entries(now, {first.key}, {second.key})}
    assert marks[first.key] == "put off"
    assert marks[second.key] == "answered"


@pytest.mark.parametrize("width", [20, 36, 76, 128])
def test_lines_fit_any_width_and_are_escaped(width: int) -> None:
    now = state(exec_question("rm \x1b[2J\u202e" + "漢字" * 300, cwd=None))
    for row in shown(tray(now), width):
        assert len(row.encode()) > 0
        assert "\x1b" not in row
        assert "\u202e" not in row
    rows = tray(now).sheet.body(Look(width=width))
    assert all(rows.paint(at).cell_length <= width for at in range(len(rows)))


def test_the_choice_moves_and_stays_with_its_question() -> None:
    step = tray(three())
    keys = [entry.key for entry in step.entries]
    down = step.press("down", None)
    assert isinstance(down, TrayStep)
    assert down.chosen == keys[1]
    around = step.press("shift+tab", None)
    assert isinstance(around, TrayStep)
    assert around.chosen == keys[2]
    assert down.revised(step.entries[1:], 1001.0).chosen == keys[1]
    assert down.revised((step.entries[0], step.entries[2]), 1001.0).chosen == keys[2]
    assert step.press("y", "y") is None


async def test_the_tray_opens_goes_to_a_question_and_that_has_a_guard_of_its_own() -> None:
    app = Stage(three())
    async with app.run_test() as pilot:
        await app.live(pilot)
        assert "F6 all 3" in app.text
        await pilot.press("f6")
        await pilot.pause()
        assert "3 questions wait" in app.text
        await pilot.press("y", "d", "s")
        assert app.notes.wanted == []
        await pilot.press("home", "enter")
        await pilot.pause()
        assert "sub-agent tester" in app.text
        assert "3 of 3" in app.text
        await pilot.press("y")
        assert app.answers == []
        await app.live(pilot)
        await pilot.press("y")
        assert [note[1][2] for note in app.notes.wanted] == [2]


@pytest.mark.parametrize(
    ("keys", "position"), [(["]"], "2 of 3"), (["ctrl+p"], "3 of 3"), (["]", "["], "1 of 3")]
)
async def test_one_goes_from_question_to_question(keys: list[str], position: str) -> None:
    app = Stage(three())
    async with app.run_test() as pilot:
        await app.live(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        assert position in app.text
        await pilot.press("y")
        assert app.answers == []


async def test_a_question_one_went_to_stays_when_others_come_and_go() -> None:
    now = three()
    app = Stage(now)
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("]")
        await app.live(pilot)
        app.dialog.sync(replace(now, inbox=Inbox(now.inbox.questions[1:])))
        await pilot.pause()
        assert "Change this file?" in app.text
        assert "1 of 2" in app.text
        await pilot.press("d")
        assert [note[1][2] for note in app.notes.wanted] == [1]


async def test_the_tray_follows_what_comes_and_goes() -> None:
    now = three()
    app = Stage(now)
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("f6")
        await pilot.pause()
        app.dialog.sync(replace(now, inbox=Inbox(now.inbox.questions[1:])))
        await pilot.pause()
        assert "2 questions wait" in app.text
        assert "make all" not in app.text
        app.clock.now += 60
        app.dialog.redraw()
        await pilot.pause()
        assert "1 min" in app.text
        app.dialog.sync(replace(now, inbox=Inbox()))
        await pilot.pause()
        assert app.screen is not app.dialog


async def test_escape_in_the_tray_goes_back_and_answers_nothing() -> None:
    app = Stage(three())
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("f6", "escape")
        await pilot.pause()
        assert "Run this command?" in app.text
        await pilot.press("escape")
        assert app.notes.wanted == []


# -- one answer for several ---------------------------------------------------------------


def same(count: int = 3) -> State:
    return with_agent(state(exec_question(**ALL), *(agent_question(at, **ALL) for at in range(1, count))))


def test_only_what_is_the_same_in_the_same_surroundings_counts_as_the_same() -> None:
    def counted(now: State) -> int:
        return len(twins(now.inbox.questions[0], now, HOME, place))

    assert counted(same()) == 2
    first = exec_question(**ALL)
    for other in (
        agent_question(1, "/bin/bash -lc 'pytest  -q'", **ALL),
        agent_question(1, **ALL, cwd="/tmp"),
        agent_question(1, **ALL, reason="please"),
        agent_question(1, availableDecisions=["accept"]),
        agent_question(1, **ALL, additionalPermissions={"network": {"enabled": True}}),
        replace(agent_question(1, **ALL), generation=2),
    ):
        assert counted(with_agent(state(first, other))) == 0
    assert counted(with_agent(state(first, agent_question(1, **ALL)), cwd="/srv")) == 0


def test_patches_are_the_same_only_with_the_same_changes() -> None:
    one = patch_item(change("/home/ada/proj/a.py", HUNK), number=0)
    other = patch_item(change("/home/ada/proj/a.py", HUNK), number=1)
    now = state(patch_question(0), patch_question(1), items=[one, other])
    assert len(twins(now.inbox.questions[0], now, HOME, place)) == 1
    changed = patch_item(change("/home/ada/proj/a.py", HUNK + "+d\n"), number=1)
    now = state(patch_question(0), patch_question(1), items=[one, changed])
    assert twins(now.inbox.questions[0], now, HOME, place) == ()


@pytest.mark.parametrize(("key", "decision"), [("y", "accept"), ("d", "decline")])
async def test_the_same_answer_goes_to_each_of_them_by_its_own_id(key: str, decision: str) -> None:
    now = same()
    app = Stage(now)
    async with app.run_test() as pilot:
        await app.live(pilot)
        assert "all 3 of these" in app.text
        await pilot.press("e")
        await app.live(pilot)
        assert "3 requests" in app.text
        assert "pytest -q" in app.text
        await pilot.press("s", "p")
        assert app.answers == []
        await app.live(pilot)
        await pilot.press(key)
        wanted = [("answer", asked.key, {"decision": decision}, decision) for asked in now.inbox.questions]
        assert app.notes.wanted == wanted
        app.dialog.sync(replace(now, inbox=Inbox(now.inbox.questions[1:])))
        await app.live(pilot)
        await pilot.press("y", "d")
        assert len(app.notes.wanted) == 3


async def test_what_was_settled_meanwhile_is_not_answered_together() -> None:
    now = same()
    app = Stage(now)
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("e")
        await app.live(pilot)
        app.dialog.sync(replace(now, inbox=Inbox(now.inbox.questions[:2])))
        await pilot.press("y")
        assert [note[1][2] for note in app.notes.wanted] == [0, 1]


async def test_answering_together_needs_all_of_the_text_on_screen_too() -> None:
    long = "/bin/bash -lc '" + "\n".join(f"echo {number}" for number in range(60)) + "'"
    app = Stage(with_agent(state(exec_question(long, **ALL), agent_question(1, long, **ALL))))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("e")
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == []


async def test_a_new_one_of_the_same_is_offered_when_it_comes() -> None:
    now = same(2)
    app = Stage(replace(now, inbox=Inbox(now.inbox.questions[:1])))
    async with app.run_test() as pilot:
        await app.live(pilot)
        assert "of these" not in app.text
        app.dialog.sync(now)
        await pilot.pause()
        assert "all 2 of these" in app.text
        await pilot.press("y")
        assert app.answers == []  # rows have moved: the guard starts anew


# -- put off ------------------------------------------------------------------------------


async def test_what_was_put_off_does_not_come_up_by_itself_after_an_answer() -> None:
    now = three()
    first, second, third = now.inbox.questions
    app = Stage(now, put_off=frozenset({first.key, third.key}))
    async with app.run_test() as pilot:
        await app.live(pilot)
        assert "Change this file?" in app.text
        await pilot.press("d")
        app.dialog.sync(replace(now, inbox=Inbox((first, third))))
        await pilot.pause()
        assert app.screen is not app.dialog
        assert [note[1] for note in app.notes.wanted] == [second.key]


async def test_who_asks_for_what_waits_gets_the_list_of_it() -> None:
    now = three()
    app = Stage(now, put_off=frozenset(question.key for question in now.inbox.questions), asked=True)
    async with app.run_test() as pilot:
        await app.live(pilot)
        assert "3 questions wait" in app.text
        assert app.text.count("put off") == 3
