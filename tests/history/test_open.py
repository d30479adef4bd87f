"""The list of open threads: order, what each does, what nobody has seen."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from codex_tui.history.open import OpenThread, is_side, open_threads, parent_of
from codex_tui.paint.look import Marks
from codex_tui.protocol.threads import Thread as WireThread
from codex_tui.screens.threads import row_parts
from codex_tui.session.inbox import Inbox, Question
from codex_tui.session.series import Series
from codex_tui.session.state import State
from codex_tui.session.transcript import Item, Notice, Thread, Turn
from codex_tui.text import cell_width


def thread(id: str, items: int = 0, *, running: bool = False, **members: Any) -> Thread:
    told = [Item(f"{id}{at}", "u", Notice("info", "x"), "done") for at in range(items)]
    turn = Turn("u", "inProgress" if running else "completed", Series(told))
    return Thread(id, turns=Series([turn] if items or running else []), preview=f"talk {id}", **members)


def side_of(parent: str, id: str, **members: Any) -> Thread:
    record = WireThread(id=id, ephemeral=True, forked_from_id=parent)
    return thread(id, 1, record=record, **members)


def state_of(*threads: Thread, active: str | None = None, inbox: Inbox | None = None) -> State:
    return State(MappingProxyType({one.id: one for one in threads}), active, inbox or Inbox())


def test_each_stands_below_the_one_it_belongs_to() -> None:
    state = state_of(
        thread("c", parent_id="b"), thread("a"), thread("b", parent_id="a"), side_of("a", "s"), active="a"
    )
    rows = open_threads(state, {})
    assert [(row.id, row.depth) for row in rows] == [("a", 0), ("b", 1), ("c", 2), ("s", 1)]
    assert [row.is_agent for row in rows] == [False, True, True, False]
    assert [row.is_side for row in rows] == [False, False, False, True]


def test_a_ring_of_parents_is_listed_all_the_same() -> None:
    rows = open_threads(
        state_of(thread("a", parent_id="b"), thread("b", parent_id="a"), thread("c", parent_id="c")), {}
    )
    assert sorted(row.id for row in rows) == ["a", "b", "c"]


def test_what_came_since_it_was_seen_is_counted_but_not_on_screen() -> None:
    seen = {"a": thread("a", 2), "b": thread("b", 2)}
    state = state_of(thread("a", 5), thread("b", 5), thread("n", 3), active="a")
    assert [row.unread for row in open_threads(state, seen)] == [0, 3, 3]


def test_older_turns_that_come_in_above_are_not_news() -> None:
    seen = thread("a", 2)
    above = Turn("t", "completed", Series([Item("a-old", "t", Notice("info", "x"), "done")]))
    grown = thread("a", 3)
    grown = replace(grown, turns=Series([above, *grown.turns]))
    assert [row.unread for row in open_threads(state_of(grown), {"a": seen})] == [1]


def test_what_each_does() -> None:
    asked = Question(1, 0, "m", None, {}, "q", None, None, 0.0)
    state = state_of(
        thread("q", running=True),
        thread("f", flags=("waitingOnApproval",)),
        thread("r", running=True),
        thread("a", status="active"),
        thread("e", status="systemError"),
        thread("n", status="notLoaded"),
        thread("i", 1),
        inbox=Inbox((asked,)),
    )
    doing = [row.doing for row in open_threads(state, {})]
    assert doing == ["waits", "waits", "runs", "runs", "failed", "closed", "idle"]


def test_a_side_conversation_that_was_left_is_over() -> None:
    assert [
        row.id for row in open_threads(state_of(thread("a"), side_of("a", "s", status="notLoaded")), {})
    ] == ["a"]
    assert is_side(side_of("a", "s"))
    assert parent_of(side_of("a", "s")) == "a"
    copy = thread("c", record=WireThread(id="c", forked_from_id="a"))
    assert parent_of(copy) is None  # a copy stands for itself


def test_a_row_is_as_wide_as_asked_and_keeps_its_title() -> None:
    row = OpenThread(
        "x", "fix [bold]the\x1b[2J\ntest of a very long name " * 3, "waits", 2, unread=12, is_agent=True
    )
    for width in (20, 36, 70, 100):
        text = "".join(part for part, _ in row_parts(row, width, Marks()))
        assert cell_width(text) == width
        assert "fix" in text
        assert "\x1b" not in text
    assert "12 new" in text
    assert "waits for you" in text
