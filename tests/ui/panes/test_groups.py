"""Lines that stand for several commands which only look around."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.paint.cells import cells_of
from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat import painters
from codex_tui.panes.chat.groups import BLOCK, plan
from codex_tui.panes.chat.layout import Layout
from codex_tui.panes.chat.window import Window
from codex_tui.protocol.items import CommandAction, CommandExecution, Reasoning
from codex_tui.session.transcript import Item, Thread
from tests.ui.panes.conversations import asked, said, thread, turn, with_item


def looked(
    item_id: str, kind: str = "read", what: str = "", running: bool = False, code: int = 0, **more: Any
) -> Item:
    """A command that reads, lists or searches."""
    names = {"read": "name", "search": "query", "listFiles": "path"}
    action = CommandAction(type=kind, command=f"do {item_id}", **{names[kind]: what or f"{item_id}.py"})
    body = CommandExecution(
        type="commandExecution",
        id=item_id,
        command=f"do {item_id}",
        command_actions=(action,),
        aggregated_output=None if running else "out 1\nout 2\n",
        status="inProgress" if running else "failed" if code else "completed",
        exit_code=None if running else code,
        source="agent",
        **more,
    )
    return Item(item_id, "t1", body, "running" if running else "done")


def thought(item_id: str, words: str = "", running: bool = False) -> Item:
    body = Reasoning(type="reasoning", id=item_id, summary=(words,) if words else ())
    return Item(item_id, "t1", body, "running" if running else "done", started_ms=0, completed_ms=4000)


def paragraphs(word: str, count: int) -> str:
    return "\n\n".join(f"{word} {at}" for at in range(count))


def a_window(shown: Thread, height: int = 40, fold: Fold = "normal") -> Window:
    window = Window(Layout(painters, Look(width=80, fold=fold)), height)
    window.load(shown)
    return window


def sight(window: Window) -> list[str]:
    return [row.strip.text.strip() if row.strip is not None else "" for row in window.frame()]


def consistent(window: Window) -> None:
    """What the layout knows of its slots holds together."""
    layout = window.layout
    window.frame()
    assert [slot.index for slot in layout.slots] == list(range(len(layout.slots)))
    assert layout.heights.total == sum(layout.heights[at] for at in range(len(layout.slots)))
    for slot in layout.slots:
        if slot.lines is not None:
            assert layout.heights[slot.index] == slot.lines.total
        if layout.is_hidden(slot):
            assert layout.heights[slot.index] == 0
        if slot.members:
            assert slot.members[0].index == slot.index + 1
            assert layout.find(slot.key) is slot


READS = (looked("a"), looked("b"), looked("c", "search", "foo"))
BASE = thread(turn("t1", asked("u", "look"), *READS, said("m", "done")))


def test_neighbours_that_only_look_are_one_line() -> None:
    window = a_window(BASE)
    assert sight(window) == ["❯ look", "", '▸ explored 3: read a.py, b.py · searched "foo"', "done"]
    consistent(window)


def test_the_line_unfolds_into_its_items_and_folds_again() -> None:
    window = a_window(BASE)
    before = sight(window)
    line = window.layout.slots[1]
    window.toggle(line)
    rows = sight(window)
    assert rows[2].startswith("▾ explored 3:")
    assert [row.split("   ")[0] for row in rows[3:6]] == ["$ do a", "$ do b", "$ do c"]
    consistent(window)
    window.toggle(line)
    assert sight(window) == before
    consistent(window)


def test_an_item_behind_an_unfolded_line_unfolds_on_its_own() -> None:
    window = a_window(BASE)
    window.toggle(window.layout.slots[1])
    window.toggle(window.layout.slots[3])
    assert "out 2" in sight(window)
    consistent(window)


def test_a_single_look_and_other_commands_are_no_group() -> None:
    window = a_window(thread(turn("t1", looked("a"), said("m", "so"), looked("b"))))
    assert not any("explored" in row for row in sight(window))


def test_a_failed_one_is_not_hidden_and_does_not_end_the_group() -> None:
    window = a_window(thread(turn("t1", looked("a"), looked("b", code=2), looked("c"))))
    rows = sight(window)
    assert rows[0].startswith("▸ explored 2: read a.py, c.py")
    assert "$ do b" in rows[1]
    assert "exit 2" in rows[1]
    assert not any("do c" in row or "do a" in row for row in rows)


def test_thoughts_without_words_do_not_end_a_group_and_others_do() -> None:
    silent = a_window(thread(turn("t1", looked("a"), thought("r"), looked("b"), thought("s"))))
    assert [row[:12] for row in sight(silent)] == ["▸ explored 2", "· thought 4 "]
    spoken = a_window(thread(turn("t1", looked("a"), thought("r", "hm"), looked("b"))))
    assert len(sight(spoken)) == 3


def test_everything_means_everything() -> None:
    window = a_window(BASE, fold="full")
    assert not any("explored" in row for row in sight(window))
    window.fold("brief")
    assert any("explored 3" in row for row in sight(window))
    consistent(window)
    window.fold("full")
    assert not any("explored" in row for row in sight(window))
    consistent(window)


def test_while_a_group_grows_it_stays_one_line_and_nothing_above_moves() -> None:
    shown = thread(turn("t1", asked("u", "look"), said("m", paragraphs("w", 30))))
    window = a_window(shown, height=12)
    heights: list[int] = []
    rows: list[str] = []
    for at in range(6):
        for running in (True, False):
            shown, change = with_item(shown, looked(f"i{at}", running=running))
            window.take(shown, change)
            rows = sight(window)
            heights.append(window.layout.heights.total)
            consistent(window)
    assert len(set(heights)) == 1
    assert rows[-1].startswith("▸ explored 6: read i0.py")


def test_a_running_one_says_so_and_turns() -> None:
    window = a_window(thread(turn("t1", looked("a"), looked("b", running=True))))
    row = sight(window)[0]
    assert row.startswith("▸ exploring 2:")
    assert row.endswith("running")


def test_one_that_fails_at_its_end_comes_into_sight() -> None:
    shown = thread(turn("t1", looked("a"), looked("b"), looked("c", running=True)))
    window = a_window(shown)
    assert len(sight(window)) == 1
    shown, change = with_item(shown, looked("c", code=1))
    window.take(shown, change)
    rows = sight(window)
    assert rows[0].startswith("▸ explored 2")
    assert "exit 1" in rows[1]
    consistent(window)


def test_a_reader_whose_first_row_becomes_part_of_a_line_sees_the_line_there() -> None:
    tail = said("m", paragraphs("w", 30))
    shown = thread(turn("t1", said("z", paragraphs("z", 10)), looked("a", running=True), tail))
    window = a_window(shown, height=6)
    window.frame()
    window.go(window.layout.slots[1])
    window.move(1)
    assert sight(window)[0].startswith("$ do a")
    at = shown.turns[-1].items
    items = type(at)([*at[:2], looked("b"), *at[2:]])
    grown = replace(shown, turns=shown.turns.put(-1, replace(shown.turns[-1], items=items)))
    _, change = with_item(shown, looked("b"))
    window.take(grown, change)
    assert sight(window)[0].startswith("▸ exploring 2")
    assert not window.following
    consistent(window)


def test_a_reader_at_a_line_that_dissolves_stays_there() -> None:
    shown = thread(
        turn(
            "t1",
            said("z", paragraphs("z", 10)),
            looked("a"),
            looked("b", running=True),
            said("m", paragraphs("w", 30)),
        )
    )
    window = a_window(shown, height=6)
    window.frame()
    window.go(window.layout.slots[1])
    window.move(1)
    assert "exploring" in sight(window)[0]
    shown, change = with_item(shown, looked("b", code=3))
    window.take(shown, change)
    assert sight(window)[0].startswith("$ do a")
    consistent(window)


def test_what_is_new_behind_one_line_counts_once() -> None:
    shown = thread(turn("t1", said("m", paragraphs("w", 30))))
    window = a_window(shown, height=6)
    window.frame()
    window.move(-10)
    for at in range(4):
        shown, change = with_item(shown, looked(f"i{at}"))
        window.take(shown, change)
        window.frame()
    assert window.new_below == 1


def test_the_line_says_how_many_more_there_are_when_they_do_not_fit() -> None:
    many = [looked(f"a_rather_long_name_{at}") for at in range(9)]
    window = a_window(thread(turn("t1", *many)))
    (row,) = sight(window)
    assert row.startswith("▸ explored 9: read a_rather_long_name_0.py, ")
    assert row.endswith("+7")


def test_a_narrow_line_rather_says_what_was_read_than_how_long_it_took() -> None:
    looks = [replace(looked(f"module_{at}"), started_ms=0, completed_ms=12_000) for at in range(3)]
    item = painters.explored(looks)
    folds: list[Fold] = ["normal", "full"]
    rows: dict[int, str] = {}
    for fold in folds:
        rows = {
            width: painters.paint_cell(cells_of(item)[0], Look(width=width), fold)[0].text
            for width in range(40, 101)
        }
        assert all("explored 3: read module_0.py" in row for row in rows.values())
        assert "12 s" in rows[100]
        assert "12 s" not in rows[40]
    assert rows[100].endswith("12 s · 00:00:00")


def test_groups_end_at_a_block_so_that_one_change_stays_cheap() -> None:
    window = a_window(thread(turn("t1", *(looked(f"i{at}") for at in range(BLOCK + 50)))))
    assert [row.split(":")[0] for row in sight(window)] == [f"▸ explored {BLOCK}", "▸ explored 50"]


ROLES = st.lists(st.sampled_from(["done", "running", "apart", "silent", None]), max_size=12)


@given(ROLES)
def test_a_plan_takes_commands_and_what_is_silent_between_them(roles: list[Any]) -> None:
    groups = plan(roles)
    for group in groups:
        kinds = [roles[at] for at in group]
        assert sum(kind in ("done", "running") for kind in kinds) > 1
        assert kinds[0] != "silent"
        assert kinds[-1] != "silent"
        assert None not in roles[group[0] : group[-1] + 1]
    taken = [at for group in groups for at in group]
    assert taken == sorted(set(taken))
    assert not any(roles[at] in ("apart", None) for at in taken)


@st.composite
def steps(draw: st.DrawFn) -> list[Item]:
    made: list[Item] = []
    for at in range(draw(st.integers(1, 10))):
        name = f"i{draw(st.integers(0, at))}"
        kind = draw(st.integers(0, 5))
        made.append(
            looked(name)
            if kind < 2
            else looked(name, running=True)
            if kind == 2
            else looked(name, code=1)
            if kind == 3
            else thought(name)
            if kind == 4
            else said(name, "word")
        )
    return made


@given(steps(), st.lists(st.integers(0, 9), max_size=4))
def test_step_by_step_comes_to_the_same_as_all_at_once(made: list[Item], toggled: list[int]) -> None:
    shown = thread(turn("t1", asked("u", "go")))
    window = a_window(shown)
    window.frame()
    for at, item in enumerate(made):
        shown, change = with_item(shown, replace(item, revision=at))
        window.take(shown, change)
        if at in toggled:
            slots = [slot for slot in window.layout.slots if slot.members]
            if slots:
                window.toggle(slots[at % len(slots)])
                window.toggle(slots[at % len(slots)])
        window.follow()
        consistent(window)
    assert sight(window) == sight(a_window(shown))
