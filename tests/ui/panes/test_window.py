"""The window over the conversation: what is in sight, and that it holds still."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat.layout import Layout
from codex_tui.panes.chat.window import Window
from codex_tui.session.series import Series
from codex_tui.session.state import Change, Touch
from codex_tui.session.transcript import Thread, Turn
from tests.ui.panes.conversations import (
    PlainPainters,
    asked,
    lines,
    ran,
    said,
    text_of,
    thread,
    turn,
    with_item,
    with_pending,
    with_turn,
    wrap,
)

WIDTH = 20


def a_window(shown: Thread, height: int = 6, fold: Fold = "normal") -> Window:
    window = Window(Layout(PlainPainters().typed, Look(width=WIDTH, fold=fold)), height)
    window.load(shown)
    return window


def sight(window: Window) -> list[str]:
    """The rows in sight as text; gaps are empty."""
    return [row.strip.text.rstrip() if row.strip is not None else "" for row in window.frame()]


def whole(shown: Thread, window: Window) -> list[str]:
    """All rows of the conversation, laid out the plain way."""
    rows: list[str] = []
    items = 0
    for one in shown.turns:
        for at, item in enumerate(one.items):
            if at == 0 and items:
                rows.append("")
            items += 1
            text = wrap(text_of(item), window.layout.look.width)
            fold = window.layout.own_folds.get(("item", one.id, item.id), window.layout.look.fold)
            rows.extend(text[:1] if fold == "brief" else text)
        if one.status != "inProgress":
            rows.append(f"-- {one.id} {one.status}")
    rows.extend([""] if shown.pending else [])
    rows.extend(f"waits: {pending.text}" for pending in shown.pending)
    return [row[: window.layout.look.width].rstrip() for row in rows]


LONG = thread(
    turn("t1", asked("u1", "do it"), said("a1", lines("one", 30)), status="completed"),
    turn("t2", asked("u2", "more"), said("a2", lines("two", 30)), ran("c2", "ls", lines("file", 9))),
)


def test_a_new_window_shows_the_end() -> None:
    window = a_window(LONG)
    assert sight(window) == whole(LONG, window)[-6:]
    assert window.following


def test_a_short_conversation_stands_at_the_top_and_cannot_be_scrolled() -> None:
    short = thread(turn("t1", asked("u", "hi"), said("a", "hello")))
    window = a_window(short)
    window.move(-3)
    assert sight(window) == ["hi", "hello"]
    assert window.following


def test_while_following_new_lines_push_the_old_ones_up() -> None:
    window = a_window(LONG)
    grown, change = with_item(LONG, said("a3", "the end"))
    window.take(grown, change)
    assert sight(window)[-1] == "the end"
    assert window.new_below == 0


def test_scrolled_up_nothing_moves_when_items_below_come_and_grow() -> None:
    window = a_window(LONG)
    sight(window)
    window.move(-10)
    before = sight(window)
    shown = LONG
    for size in range(1, 20):
        shown, change = with_item(shown, said("a3", lines("new", size)))
        window.take(shown, change)
        assert sight(window) == before
    assert not window.following
    assert window.new_below == 1


def test_what_came_below_is_counted_until_it_was_in_sight() -> None:
    window = a_window(LONG)
    sight(window)
    window.move(-10)
    sight(window)
    shown = LONG
    for item in (said("a3", "x"), said("a4", "y"), said("a3", "xx")):
        shown, change = with_item(shown, item)
        window.take(shown, change)
        sight(window)
    assert window.new_below == 2
    window.move(11)
    assert sight(window)[-1] == "xx"
    assert window.new_below == 1
    window.move(1)
    sight(window)
    assert window.new_below == 0
    assert window.following


def test_scrolled_up_nothing_moves_when_a_guess_above_turns_out_wrong() -> None:
    window = a_window(LONG)
    sight(window)
    window.jump(20)
    before = sight(window)
    for slot in window.layout.slots[:2]:
        for part in range(len(window.layout.split(slot))):
            window.painted(slot, part)
    assert sight(window) == before


def test_scrolling_up_row_by_row_shows_every_row_once_though_heights_are_guessed() -> None:
    window = a_window(LONG)
    rows = sight(window)
    everything = whole(LONG, window)
    while len(rows) < len(everything):
        window.move(-1)
        rows.insert(0, sight(window)[0])
    assert rows == everything


def test_back_at_the_end_it_follows_again() -> None:
    window = a_window(LONG)
    sight(window)
    window.move(-4)
    sight(window)
    assert not window.following
    window.move(99)
    assert sight(window) == whole(LONG, window)[-6:]
    assert window.following


def test_unfolding_keeps_the_item_where_it_is() -> None:
    shown = thread(turn("t1", *(ran(f"c{at}", f"cmd {at}", lines("out", 5)) for at in range(20))))
    window = a_window(shown, fold="brief")
    sight(window)
    window.move(-8)
    before = sight(window)
    slot = window.rows[2].slot
    window.toggle(slot)
    after = sight(window)
    assert after[:3] == before[:3]
    assert after[3:] == ["out 0", "out 1", "out 2"]
    window.toggle(slot)
    assert sight(window) == before


def test_the_fold_level_changes_all_and_keeps_the_first_item_in_sight() -> None:
    shown = thread(turn("t1", *(ran(f"c{at}", f"cmd {at}", lines("out", 5)) for at in range(20))))
    window = a_window(shown, fold="normal")
    sight(window)
    window.move(-93)
    row = next(y for y, text in enumerate(sight(window)) if text.startswith("$"))
    first = sight(window)[row]
    window.fold("brief")
    assert sight(window)[row] == first
    assert sight(window) == whole(shown, window)[whole(shown, window).index(first) - row :][:6]


def test_another_width_keeps_the_reading_position() -> None:
    long_lines = "\n".join(f"{at:03} " + "x" * 50 for at in range(60))
    shown = thread(turn("t1", said("a", long_lines), said("b", long_lines)))
    window = a_window(shown)
    sight(window)
    window.move(-120)
    before = int(next(text for text in sight(window) if text[:3].isdigit())[:3])
    window.resize(40, 6)
    after = int(next(text for text in sight(window) if text[:3].isdigit())[:3])
    assert abs(before - after) <= 1


def test_selecting_goes_item_by_item_and_past_the_last_to_the_end() -> None:
    window = a_window(LONG)
    sight(window)
    seen: list[str] = []
    for _ in range(5):
        window.select(-1)
        assert window.selected is not None
        seen.append(window.selected[2])
        assert any(row.slot.key == window.selected for row in window.frame())
    assert seen == ["c2", "a2", "u2", "a1", "u1"]
    window.select(-1)
    assert window.selected == ("item", "t1", "u1")
    for _ in range(5):
        window.select(1)
    sight(window)
    assert window.selected is None
    assert window.following


def test_selecting_what_fills_the_window_does_not_scroll_to_its_beginning() -> None:
    window = a_window(LONG)
    window.jump(15)
    before = sight(window)
    window.select(-1)
    assert window.selected is not None
    assert sight(window) == before


def test_selecting_begins_with_what_is_in_sight_when_the_selected_item_is_not() -> None:
    window = a_window(LONG)
    for _ in range(2):
        window.select(-1)
    window.frame()
    assert window.chosen is not None
    window.home()
    window.frame()
    assert window.chosen is None
    window.select(1)
    assert window.selected == ("item", "t1", "u1")
    window.jump(10)
    window.frame()
    window.select(-1)
    assert window.selected == ("item", "t1", "a1")


def test_a_late_item_stands_in_its_turn_and_moves_nothing_in_sight() -> None:
    window = a_window(LONG)
    before = sight(window)
    first = LONG.turns[0]
    late = replace(first, items=first.items.append(replace(said("late", "late one"), turn_id="t1")))
    shown = replace(LONG, turns=LONG.turns.put(0, late))
    window.take(shown, frozenset({Touch("item", "th", "t1", "late")}))
    assert sight(window) == before
    window.home()
    sight(window)
    assert [slot.key[2] for slot in window.layout.slots[:4]] == ["u1", "a1", "late", ""]


def test_an_item_that_went_takes_its_lines_with_it() -> None:
    window = a_window(LONG)
    sight(window)
    last = LONG.turns[-1]
    shown, change = with_turn(LONG, turn("t2", *[item for item in last.items if item.id != "c2"]))
    window.take(shown, change)
    assert sight(window) == whole(shown, window)[-6:]


def test_a_prompt_on_its_way_stands_at_the_end_until_it_is_echoed() -> None:
    window = a_window(LONG)
    shown, change = with_pending(LONG, "and now this")
    window.take(shown, change)
    assert sight(window)[-1] == "waits: and now this"
    shown, change = with_item(shown, said("a9", "working"))
    window.take(shown, change)
    assert sight(window)[-3:] == ["working", "", "waits: and now this"]
    shown, change = with_pending(shown)
    window.take(shown, change)
    assert sight(window)[-1] == "working"


def test_ten_thousand_items_paint_only_what_is_in_sight() -> None:
    shown = thread(*(turn(f"t{t}", *(said(f"a{at}", "line\n" * 3) for at in range(100))) for t in range(100)))
    painters = PlainPainters()
    window = Window(Layout(painters.typed, Look(width=WIDTH)), 40)
    window.load(shown)
    window.frame()
    grown, change = with_item(shown, said("a100", "x"))
    window.take(grown, change)
    window.frame()
    window.jump(20_000)
    window.frame()
    assert painters.painted < 100


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-30, 30)),
        st.tuples(st.just("jump"), st.integers(0, 120)),
        st.tuples(st.just("grow"), st.integers(0, 12)),
        st.tuples(st.just("add"), st.integers(0, 12)),
        st.tuples(st.just("end"), st.integers(0, 1)),
        st.tuples(st.just("toggle"), st.integers(0, 9)),
        st.tuples(st.just("select"), st.sampled_from([-1, 1])),
        st.tuples(st.just("fold"), st.integers(0, 2)),
        st.tuples(st.just("width"), st.integers(8, 40)),
        st.tuples(st.just("pending"), st.integers(0, 2)),
    ),
    max_size=20,
)


@given(ACTIONS)
def test_in_sight_is_always_one_piece_of_the_whole(actions: list[tuple[str, int]]) -> None:
    shown, window = LONG, a_window(LONG, height=7)
    for step, (what, much) in enumerate(actions):
        held = None if window.following else sight(window)
        moved = True
        if what == "move":
            window.move(much)
        elif what == "jump":
            window.jump(much)
        elif what == "grow" and len(shown.turns[-1].items):
            last = shown.turns[-1].items[-1]
            shown, change = with_item(shown, said(last.id, text_of(last) + "\n" + lines("grown", much)))
            window.take(shown, change)
        elif what == "add":
            shown, change = with_item(shown, said(f"n{step}", lines(f"step {step}", much + 1)))
            window.take(shown, change)
            moved = bool(shown.pending)  # it comes in above those, which may be in sight
        elif what == "end":
            ended = replace(shown.turns[-1], status="completed")
            shown, change = with_turn(shown, ended)
            window.take(shown, change)
            shown, change = with_turn(shown, turn(f"t{step}-"))
            window.take(shown, change)
            moved = bool(shown.pending)
        elif what == "toggle" and window.layout.slots:
            window.toggle(window.layout.slots[much % len(window.layout.slots)])
        elif what == "select":
            window.select(much)
        elif what == "fold":
            window.fold(("brief", "normal", "full")[much])
        elif what == "width":
            window.resize(much, 7)
        elif what == "pending":
            shown, change = with_pending(shown, *(f"p{at}" for at in range(much)))
            window.take(shown, change)
        rows, everything = sight(window), whole(shown, window)
        assert len(rows) == min(7, len(everything))
        assert any(everything[at : at + len(rows)] == rows for at in range(len(everything)))
        assert window.top_line + len(rows) <= window.layout.heights.total
        if window.following:
            assert rows == everything[-7:]
        elif held is not None and not moved:
            assert rows == held


@pytest.mark.parametrize("height", [1, 2, 100])
def test_any_height_shows_the_end_in_full(height: int) -> None:
    window = a_window(LONG, height=height)
    assert sight(window) == whole(LONG, window)[-height:]


def with_older(shown: Thread, *older: Turn) -> tuple[Thread, Change]:
    """As `codex_tui.session.reducer.history.older` leaves it."""
    touches = frozenset(Touch("turn", shown.id, turn.id) for turn in older)
    return replace(shown, turns=Series((*older, *shown.turns))), touches


OLDER = (
    turn("t-1", asked("u-1", "first"), said("a-1", lines("minus", 9)), status="completed"),
    turn("t0", asked("u0", "second"), said("a0", lines("zero", 7)), status="completed"),
)


@pytest.mark.parametrize("up", [0, 4, 1000])
def test_older_turns_come_in_above_without_a_move(up: int) -> None:
    window = a_window(LONG)
    window.frame()
    window.move(-up)
    before = sight(window)
    grown, change = with_older(LONG, *OLDER)
    window.take(grown, change)
    assert (sight(window), window.new_below) == (before, 0)
    window.home()
    assert sight(window)[:2] == ["first", "minus 0"]
    seen: list[str] = sight(window)
    while window._after(window.rows[-1]) is not None:  # pyright: ignore[reportPrivateUsage]
        window.move(1)
        seen.append(sight(window)[-1])
    assert seen == whole(grown, window)
    assert [slot.index for slot in window.layout.slots] == list(range(len(window.layout.slots)))


def test_an_answer_goes_on_growing_after_older_turns_came() -> None:
    window = a_window(LONG)
    grown, change = with_older(LONG, *OLDER)
    window.take(grown, change)
    grown, change = with_item(grown, said("a3", "the end"))
    window.take(grown, change)
    assert sight(window)[-1] == "the end"
