"""The approvals of older engines: shown like their successors, answered with the old names."""

from __future__ import annotations

from typing import Any

import pytest

from codex_tui.dialogs.bodies import first_step
from codex_tui.dialogs.setting import Setting
from codex_tui.dialogs.step import Page, Step
from codex_tui.session.inbox import Question
from tests.ui.dialogs.asks import OLD_PATCH, legacy_command, legacy_patch
from tests.ui.dialogs.stage import HOME, PROJECT, Stage, place, state

SETTING = Setting(workspace=PROJECT, home=HOME, look_up=place)


def step(question: Question) -> Step:
    return first_step(question, None, SETTING)


def facts(page: Step) -> dict[str, str]:
    return {str(fact.label): " ".join(fact.rows) for fact in page.sheet.facts if fact.label}


COMMAND = legacy_command("bash", "-lc", "cat notes && echo 'a b'")
PATCH = legacy_patch(OLD_PATCH, reason="so it adds up", grantRoot="/home/ada")


@pytest.mark.parametrize("question", [COMMAND, PATCH], ids=["command", "patch"])
def test_the_answers_have_the_old_names(question: Question) -> None:
    by_key = {choice.key: choice for choice in step(question).sheet.choices}
    assert {key: choice.result for key, choice in by_key.items()} == {
        "y": {"decision": "approved"},
        "s": None,
        "d": {"decision": {"denied": {"rejection": ""}}},
        "t": None,
        "escape": {"decision": "abort"},
    }
    leads = by_key["s"].leads
    assert leads is not None
    second = leads().sheet
    assert [choice.result for choice in second.choices] == [{"decision": "approved_for_session"}, None]
    assert all(choice.grants for choice in (by_key["y"], by_key["s"], second.choices[0]))
    assert not any(choice.interrupts for choice in by_key.values())


def test_a_command_is_shown_as_the_shell_will_read_it() -> None:
    page = step(COMMAND)
    assert page.sheet.title == "Run this command?"
    assert facts(page)["Shell"] == "bash -lc"
    assert facts(page)["Read as"] == "read notes"
    assert facts(page)["The agent says"] == "to see what is there"
    assert facts(page)["Directory"] == "~/proj"


@pytest.mark.parametrize(("one", "other"), [(("a b",), ("a", "b")), (("a", ""), ("a",)), (("'a'",), ("a",))])
async def test_two_argument_lists_never_look_the_same(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    seen: list[str] = []
    for words in (one, other):
        app = Stage(state(legacy_command(*words)))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            seen.append(app.text)
    assert seen[0] != seen[1]


def test_a_command_without_words_can_only_be_declined() -> None:
    page = step(legacy_command())
    assert [choice.key for choice in page.sheet.choices if choice.result] == ["d", "escape"]
    assert "A question this client does not know" in page.sheet.title


async def test_a_patch_shows_every_file_of_the_request_itself() -> None:
    app = Stage(state(PATCH))
    async with app.run_test(size=(120, 60)) as pilot:
        await app.live(pilot)
        for words in ("calc.py", "new.py", "/etc/motd", "outside the workspace", "hello", "x = 1"):
            assert words in app.text, words
        assert "write access below ~" in app.text
        assert "a yes may also give write access below that directory" in app.text
        await pilot.press("y")
        assert app.answers == [({"decision": "approved"}, "accept")]


async def test_an_answer_to_a_patch_stays_valid_when_the_state_moves_on() -> None:
    app = Stage(state(PATCH))
    async with app.run_test(size=(120, 60)) as pilot:
        await app.live(pilot)
        app.dialog.sync(state(PATCH))
        await pilot.press("d")
        assert app.answers == [({"decision": {"denied": {"rejection": ""}}}, "decline")]


@pytest.mark.parametrize(
    "change",
    [
        {"type": "chmod", "mode": 511},
        {"type": "add"},
        {"type": "add", "content": 5},
        {"type": "update", "unified_diff": "", "move_path": 7},
        {},
    ],
)
def test_a_change_of_an_unknown_shape_leaves_only_no(change: Any) -> None:
    page = step(legacy_patch({**OLD_PATCH, "/x": change}))
    assert isinstance(page, Page)
    assert [choice.key for choice in page.sheet.choices] == ["d", "escape"]
    assert page.sheet.choices[0].result == {"decision": {"denied": {"rejection": ""}}}


def test_a_patch_without_changes_leaves_only_no() -> None:
    assert [choice.key for choice in step(legacy_patch({})).sheet.choices] == ["d", "escape"]


async def test_the_session_takes_two_pages() -> None:
    app = Stage(state(COMMAND))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("s")
        assert app.answers == []
        await app.live(pilot)
        assert "until the engine stops; no file is written" in app.text
        await pilot.press("enter")
        assert app.answers == [({"decision": "approved_for_session"}, "acceptForSession")]
