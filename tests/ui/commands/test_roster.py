"""Which commands the pane lists, and how each goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from codex_tui.panes.commands.roster import Entry, Roster
from codex_tui.panes.side import EVERYTHING
from codex_tui.session.state import EngineHealth, State, Touch
from codex_tui.session.transcript import Item, Notice
from tests.ui.commands.scenes import full
from tests.ui.commands.stage import BEGAN, command, replaced, state, terminal, thread


def loaded(shown: State) -> Roster:
    roster = Roster()
    roster.take(shown, EVERYTHING)
    return roster


def ids(roster: Roster) -> list[str]:
    return [entry.item.id for entry in roster.entries]


def only(item: Item, **more: Any) -> Entry:
    return loaded(state(thread(item, **more))).entries[0]


def test_commands_of_thread_and_sub_agents_stand_by_time_the_newest_last() -> None:
    roster = loaded(full())
    assert ids(roster) == ["c1", "c2", "c3", "a1", "c4", "m1", "c5"]
    assert [entry.item.id for entry in roster.entries if entry.agent] == ["a1"]
    assert [entry.item.id for entry in roster.entries if entry.is_mine] == ["m1"]


def test_threads_of_somebody_else_are_not_listed() -> None:
    other = thread(command("x", "ls", at=1), thread_id="other")
    assert ids(loaded(state(thread(command("c", "ls")), other))) == ["c"]


def test_agents_of_agents_are_listed_and_a_circle_of_parents_ends() -> None:
    child = thread(command("a", "ls", at=1), thread_id="child", parent_id="t")
    grandchild = thread(command("b", "ls", at=2), thread_id="grandchild", parent_id="child")
    one = thread(command("x", "ls"), thread_id="one", parent_id="two")
    two = thread(command("y", "ls"), thread_id="two", parent_id="one")
    assert ids(loaded(state(thread(command("c", "ls")), child, grandchild, one, two))) == ["c", "a", "b"]


def test_items_of_other_kinds_are_no_commands() -> None:
    note = Item("n", "u", Notice("info", "said"))
    assert ids(loaded(state(thread(note, command("c", "ls"))))) == ["c"]


@pytest.mark.parametrize(
    ("item", "standing"),
    [
        (command("c", "ls"), "good"),
        (command("c", "ls", status="completed", exitCode=2), "bad"),
        (command("c", "ls", status="failed", exitCode=None), "bad"),
        (command("c", "ls", status="declined", exitCode=None), "declined"),
        (command("c", "ls", phase="running"), "running"),
        (command("c", "ls", phase="running", source="agent", processId=None), "waiting"),
        (command("c", "ls", phase="dropped"), "lost"),
    ],
)
def test_how_a_command_goes(item: Item, standing: str) -> None:
    assert only(item).standing == standing


def test_what_the_engine_lists_after_its_turn_runs_in_the_background() -> None:
    entry = only(command("c", "npm run dev", phase="dropped"), terminals=(terminal("c", "99"),))
    assert entry.standing == "background"
    assert entry.process_id == "99"


def test_a_dead_engine_has_nothing_in_the_background() -> None:
    item = command("c", "npm run dev", phase="dropped")
    shown = replace(state(thread(item, terminals=(terminal("c"),))), engine=EngineHealth("died"))
    assert loaded(shown).entries[0].standing == "lost"


def test_a_terminal_of_a_turn_that_is_not_loaded_is_listed_all_the_same() -> None:
    roster = loaded(state(thread(command("c", "ls"), terminals=(terminal("old", "7"),))))
    (entry,) = [entry for entry in roster.entries if entry.item.id == "old"]
    assert (entry.standing, entry.body.command, entry.process_id) == ("background", "npm run dev", "7")


def test_only_what_can_be_terminated_has_a_process() -> None:
    assert only(command("c", "ls", phase="running")).process_id == "4711"
    assert only(command("c", "ls")).process_id is None
    assert only(command("c", "ls", phase="running", source="userShell")).process_id is None


def test_durations_grow_while_it_runs_and_are_the_engines_afterwards() -> None:
    now = BEGAN + 30_000
    assert only(command("c", "ls", at=10, phase="running")).duration_ms(now) == 20_000
    assert only(command("c", "ls", at=10)).duration_ms(now) == 1200
    assert only(command("c", "ls", at=10, phase="dropped", durationMs=None)).duration_ms(now) is None


def test_a_change_of_an_item_touches_only_that_command() -> None:
    shown = full()
    roster = loaded(shown)
    before = list(roster.entries)
    after, change = replaced(shown, command("c5", "cargo build", "more\n", at=555, phase="running"))
    assert roster.take(after, change)
    assert [a is b for a, b in zip(before, roster.entries, strict=True)] == [True] * 6 + [False]
    assert roster.entries[-1].output == "more\n"


def test_a_new_command_comes_last() -> None:
    shown = full()
    roster = loaded(shown)
    after, change = replaced(shown, command("c6", "make", at=580, phase="running"))
    assert roster.take(after, change)
    assert ids(roster)[-1] == "c6"


def test_what_does_not_concern_commands_changes_nothing() -> None:
    shown = full()
    roster = loaded(shown)
    assert not roster.take(shown, frozenset({Touch("inbox"), Touch("notices")}))
    assert not roster.take(shown, frozenset({Touch("item", "nobody", "u", "c1")}))


def test_no_thread_has_no_commands() -> None:
    assert ids(loaded(State())) == []
