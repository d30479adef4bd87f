"""The lines around the composer: what they say, what goes when it is narrow, and when they move."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from codex_tui.paint.look import ASCII_MARKS, Marks
from codex_tui.panes.status.activity import activity
from codex_tui.panes.status.facts import (
    announcement,
    directory,
    reading_hint,
    rights,
    rule_left,
    rule_right,
    status_left,
    status_right,
)
from codex_tui.panes.status.parts import ALWAYS, Fact, compose, ruled, words
from codex_tui.session.state import AccountHealth, State
from codex_tui.session.transcript import Tokens
from codex_tui.text import cell_width, line, own
from tests.ui.panes.scenes import SETTINGS, calc_turn, question, session, state, tools_turn
from tests.ui.panes.stage import Stage
from tests.ui.snapshot import Snap

QUIET = state(session(calc_turn()))


def text(parts: Any) -> str:
    return "".join(part for part, _ in parts)


def status(shown: State, width: int) -> str:
    left = status_left(shown, None, own("◐"), Marks(), "/home/ada")
    return text(compose(left, status_right(shown), width))


def test_the_quiet_line_has_all_facts_when_there_is_room() -> None:
    assert status(QUIET, 100).split("   ")[0:2] == ["● gpt-6-sol medium", "~/proj main"]
    assert status(QUIET, 100).endswith("   workspace-write · asks   context 12 %   F1 keys")
    assert cell_width(status(QUIET, 100)) == 100


def test_facts_go_in_a_fixed_order() -> None:
    seen: list[str] = []
    facts = ["F1 keys", " main", "medium", "~/proj", "context", "workspace-write", "asks", "gpt-6-sol"]
    for width in range(100, 1, -1):
        line_now = status(QUIET, width)
        seen.extend(fact for fact in facts if fact not in line_now and fact not in seen)
    assert seen == facts


def test_forty_columns_hold_the_model_and_when_it_asks() -> None:
    assert status(QUIET, 38) == "● gpt-6-sol     workspace-write · asks"


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("untrusted", "asks"),
        ("on-request", "asks when it must"),
        ("on-failure", "asks when it must"),
        ("never", "never asks"),
        ({"granular": {"rules": True}}, "asks by rule"),
        ("some-day", "some-day"),
    ],
)
def test_the_approval_policy_is_said_in_words(policy: Any, says: str) -> None:
    facts = rights(replace(SETTINGS, approval_policy=policy))
    assert text(facts[-1].parts) == says


def test_a_dead_engine_says_how_to_go_on_also_on_forty_columns() -> None:
    shown = state(session(), phase="died", reason="exit code 101")
    doing = activity(shown, 0)
    left = status_left(shown, doing, own("◐"), Marks(), "/home/ada")
    assert text(compose(left, status_right(shown, doing), 38)).startswith("✗ engine stopped · r restarts it")
    wide = text(compose(left, status_right(shown, doing), 130))
    assert wide.startswith("✗ engine stopped (exit code 101) · r restarts it")
    assert "gpt-6-sol medium   workspace-write · asks" in wide


def test_full_access_warns_and_stays_however_narrow_it_gets() -> None:
    shown = state(replace(session(), settings=replace(SETTINGS, sandbox={"type": "dangerFullAccess"})))
    (part, role), *_ = rights(shown.threads["th"].settings)[0].parts
    assert (part, role) == ("danger-full-access", "warn")
    assert "danger-full-access" in status(shown, 22)


def test_unknown_sandboxes_are_shown_as_they_are() -> None:
    assert text(rights(replace(SETTINGS, sandbox={"type": "moonBase\x1b"}))[0].parts) == "moonBase\\x1b"


def test_a_nearly_full_context_warns() -> None:
    full = replace(session(), tokens=Tokens(last_total=90, window=100))
    assert (("context 90 %", "warn"),) in [fact.parts for fact in status_right(state(full))]


def test_nobody_logged_in_is_said() -> None:
    shown = replace(QUIET, account=AccountHealth(True, None, True))
    assert "not logged in" in status(shown, 100)
    assert "not logged in" not in status(replace(shown, account=AccountHealth(False, None, True)), 100)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/ada", "~"),
        ("/home/ada/proj", "~/proj"),
        ("/home/adam/proj", "/home/adam/proj"),
        ("/srv", "/srv"),
        ("/tmp/\x1b[2J", "/tmp/\\x1b[2J"),
    ],
)
def test_home_is_a_tilde_and_nothing_else_is(path: str, shown: str) -> None:
    assert directory(path, "/home/ada") == shown


def a_fact(name: str, rank: int) -> Fact:
    return words(line(name), "text", rank)


RANKS = st.sampled_from([1, 2, 3, ALWAYS])
FACTS = st.lists(st.builds(a_fact, st.text(min_size=1, max_size=12), RANKS), max_size=4)


@given(FACTS, FACTS, st.integers(0, 60))
def test_a_line_is_never_wider_than_its_room(left: list[Fact], right: list[Fact], width: int) -> None:
    assert cell_width(text(compose(left, right, width))) == width
    assert cell_width(text(ruled(left, right, width, own("─")))) <= max(width, 2)


def test_what_never_goes_is_shortened_last() -> None:
    left, right = [words(own("a long name that stays"))], [words(own("F5 1 waiting"))]
    assert text(compose(left, right, 24)) == "a lo… stays F5 1 waiting"


def test_the_rule_says_what_is_queued_and_what_is_new_below() -> None:
    thread = session(queued=2)
    row = text(ruled([], rule_right(thread, False, 14), 60, own("─")))
    assert row.endswith("─ 2 queued ─── ▾ 14 new ───")
    assert cell_width(row) == 59
    assert text(ruled([], rule_right(thread, True, 0), 30, own("─"))).endswith("─ 2 queued ───")
    assert "more below" in text(ruled([], rule_right(None, False, 0), 30, own("─")))


def test_a_remark_stands_in_for_the_lasting_notice() -> None:
    assert rule_left(own(""), own("scripted"))[0].parts == (("scripted", "dim"),)
    assert rule_left(own("Ctrl+C again quits"), own("scripted"))[0].parts == (("Ctrl+C again quits", "text"),)
    assert rule_left(own(""), own("")) == []


@pytest.mark.parametrize("new", [0, 3, 9999])
def test_keys_of_reading_leave_room_for_what_is_new(new: int) -> None:
    for width in range(40, 201):
        hint = reading_hint(width, new)
        row = text(ruled(rule_left(own(""), hint), rule_right(None, False, new), width, own("─")))
        assert hint in row
        assert not new or f"{new:,} new" in row
        assert hint.endswith("? keys  Esc back")
    assert all(part in reading_hint(120, 0) for part in ("/ find", "y copy", "l links", "[ ] prompts"))


def test_waiting_questions_are_announced_with_what_the_first_wants() -> None:
    one = text(announcement(state(session(), question("curl -fsSL https://example.com/x\n| bash"))))
    assert one == "1 question waits — F5 opens it: run curl -fsSL https://example.com/x | bash"
    two = state(session(), question("ls", 1), question("rm", 2))
    assert text(announcement(two)) == "2 questions wait — F5 opens the first: run ls"
    assert announcement(state(session())) == []


def test_a_question_of_an_unknown_kind_is_announced_by_its_name() -> None:
    odd = replace(question("x"), method="item/holodeck/open\x1b")
    assert text(announcement(state(None, odd))).endswith("item/holodeck/open\\x1b")


async def test_nothing_ticks_while_nothing_runs() -> None:
    stage = Stage()
    async with stage.run_test(size=(80, 24)) as pilot:
        stage.animation_level = "full"
        stage.take(state(session(calc_turn(), tools_turn())))
        await pilot.pause()
        assert stage.status._timer is not None
        stage.take(QUIET)
        await pilot.pause()
        assert stage.status._timer is None
        assert stage.chat._timer is None


async def test_the_seconds_go_on_by_themselves_while_a_turn_runs() -> None:
    stage = Stage()
    async with stage.run_test(size=(80, 24)) as pilot:
        stage.animation_level = "full"
        stage.take(state(session(tools_turn())))
        assert "40 s · Esc stops" in stage.status.render_line(0).text
        stage.now += 7
        await pilot.pause(0.6)
        assert "47 s · Esc stops" in stage.status.render_line(0).text


async def test_a_remark_goes_by_itself() -> None:
    stage = Stage()
    async with stage.run_test(size=(80, 24)) as pilot:
        stage.rule.say("Ctrl+C again quits", seconds=0.2)
        assert "Ctrl+C again quits" in stage.rule.render_line(0).text
        await pilot.pause(0.5)
        assert "Ctrl+C again quits" not in stage.rule.render_line(0).text


async def test_the_announcement_takes_no_room_unless_a_question_waits_outside_its_dialog() -> None:
    stage = Stage()
    async with stage.run_test(size=(80, 24)) as pilot:
        waiting = state(session(calc_turn()), question("ls"))
        for shown, is_open, display in (
            (QUIET, False, False),
            (waiting, False, True),
            (waiting, True, False),
        ):
            stage.announcement.show(shown, open=is_open)
            await pilot.pause()
            assert stage.announcement.display is display


async def test_ascii_marks_leave_no_other_character() -> None:
    stage = Stage()
    async with stage.run_test(size=(80, 24)) as pilot:
        for widget in (stage.status, stage.rule):
            widget.marks = ASCII_MARKS
        stage.take(state(session(tools_turn())))
        await pilot.pause()
        assert stage.rule.render_line(0).text.replace("-", "").strip() == ""
        assert stage.status.render_line(0).text.strip()[0] in "|/-\\"


FREE = replace(SETTINGS, sandbox={"type": "dangerFullAccess"}, approval_policy="never")


@pytest.mark.parametrize(
    ("case", "shown"),
    [
        ("dead", state(session(calc_turn()), phase="died", reason="exit code 101")),
        ("danger", state(replace(session(calc_turn()), settings=FREE))),
    ],
)
async def test_the_line_looks_right(snap: Snap, case: str, shown: State) -> None:
    async def show(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, Stage)
        pilot.app.take(shown)

    await snap(Stage, f"status/{case}", sizes=[(40, 10), (80, 24), (120, 40), (200, 60)], before=show)
