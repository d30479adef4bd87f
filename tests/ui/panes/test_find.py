"""Finding words in a conversation: the pattern, the counting, and where matches stand on screen."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.strip import Strip

from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat import painters
from codex_tui.panes.chat.find import MAX_QUERY, WINDOW, Tally, counts_in, pattern_of
from codex_tui.panes.chat.finding import Finder, spans_in
from codex_tui.panes.chat.layout import Layout
from codex_tui.panes.chat.window import Window
from codex_tui.session.transcript import Thread
from tests.ui.panes.conversations import asked, ran, said, thread, turn, with_item
from tests.ui.panes.test_groups import looked, paragraphs


def count(query: str, text: str) -> int:
    pattern = pattern_of(query)
    assert pattern is not None
    return sum(counts_in(pattern, text))


@pytest.mark.parametrize(
    ("query", "text", "times"),
    [
        ("error", "Error error ERROR", 3),
        ("Error", "Error error ERROR", 1),
        ("bold text", "some **bold** text and bold\ntext", 2),
        ("see code now", "see `code` now", 1),
        ("a.b", "a.b axb", 1),
        ("  padded  ", "padded", 1),
        ("中文", "一中文二", 1),
        ("ab", "a b", 0),
        ("snake case", "snake_case", 0),
    ],
)
def test_what_a_query_matches(query: str, text: str, times: int) -> None:
    assert count(query, text) == times


def test_blanks_alone_look_for_nothing() -> None:
    assert pattern_of(" \t ") is None


def test_a_query_pasted_by_mistake_is_cut() -> None:
    pattern = pattern_of("x" * 100_000)
    assert pattern is not None
    assert len(pattern.pattern) == MAX_QUERY


@pytest.mark.parametrize("at", [WINDOW - 6, WINDOW - 3, WINDOW, 2 * WINDOW - 1])
def test_matches_across_the_edge_of_a_window_count_once(at: int) -> None:
    text = "." * at + "needle" + "." * WINDOW + "needle"
    assert count("needle", text) == 2


@given(st.text("ab ", min_size=1, max_size=6), st.text("ab \n", max_size=60))
def test_windows_find_as_much_as_one_look(query: str, text: str) -> None:
    pattern = pattern_of(query)
    if pattern is not None:
        assert sum(counts_in(pattern, text)) == len(pattern.findall(text))


def test_blanks_in_a_query_cost_no_more_than_the_text_is_long() -> None:
    began = time.perf_counter()
    assert count("a b c d", "a" + " " * 300_000 + "x" + "a *" * 100_000) == 0
    assert time.perf_counter() - began < 10  # a pattern that backtracks would need hours


def test_a_slice_ends_when_its_time_is_up_and_the_next_goes_on() -> None:
    pattern = pattern_of("x")
    assert pattern is not None
    texts = dict.fromkeys(range(5), "x" * WINDOW * 2)
    tally = Tally(pattern, texts.get)
    tally.add(texts)
    ticks = itertools.count()
    steps = 0
    while tally.step(until=0, clock=lambda: next(ticks)):
        steps += 1
    assert steps >= 10
    assert tally.total == 10 * WINDOW


def test_a_text_that_changed_is_counted_anew_and_one_that_went_not_at_all() -> None:
    pattern = pattern_of("x")
    assert pattern is not None
    texts = {"a": "xx", "b": "x"}
    tally = Tally(pattern, texts.get)
    tally.add(texts)
    tally.step(1e9, time.monotonic)
    assert tally.counts == {"a": 2, "b": 1}
    texts["a"] = "xxxx"
    del texts["b"]
    tally.add(["a", "b", "a"])
    tally.step(1e9, time.monotonic)
    assert (tally.counts, tally.total) == ({"a": 4}, 4)


# -- in a window ----------------------------------------------------------------------------


def a_window(shown: Thread, height: int = 10, fold: Fold = "normal", width: int = 60) -> Window:
    window = Window(Layout(painters, Look(width=width, fold=fold)), height)
    window.load(shown)
    window.frame()
    return window


def a_finder(window: Window, query: str) -> Finder:
    finder = Finder(window, painters.search_text)
    finder.search(query)
    while True:
        finder.step()
        if not finder.waits:
            window.frame()
            return finder


def current(finder: Finder) -> str:
    """What the current match reads on screen; `|` where it goes on in another row."""
    parts: list[str] = []
    for row in finder.window.frame():
        strip = finder.mark(row, row.strip, finder.window.layout.look)
        segments = list(strip) if strip is not None else []
        words = [part.text for part in segments if part.style and part.style.reverse]
        if words:
            parts.append("".join(words))
    return "|".join(parts)


def sight(window: Window) -> list[str]:
    return [row.strip.text.strip() if row.strip is not None else "" for row in window.frame()]


LONG = thread(
    turn("t1", asked("u1", "a needle"), said("a1", paragraphs("one", 30)), status="completed"),
    turn("t2", asked("u2", "more"), ran("c1", "make", "\n".join(["x"] * 50 + ["Needle 7"] + ["x"] * 50))),
    turn(
        "t3",
        looked("r1", what="needle.py"),
        looked("r2"),
        said("a2", f"{paragraphs('two', 30)}\n\nthe needle"),
    ),
)


def test_the_whole_conversation_is_looked_through_and_matches_are_visited_in_order() -> None:
    window = a_window(LONG)
    finder = a_finder(window, "needle")
    assert finder.found == (3, 3, False, False, False)
    seen = [window.selected[2]] if window.selected else []
    for _ in range(3):
        assert finder.move(1)
        assert current(finder).lower() == "needle"
        seen.append(window.selected[2] if window.selected else "")
    assert seen == ["a2", "u1", "c1", "a2"]
    assert finder.move(-1)
    assert finder.found.position == 2


def test_a_match_in_folded_output_unfolds_it_and_it_folds_again_when_left() -> None:
    window = a_window(LONG)
    finder = a_finder(window, "needle")
    finder.move(-1)
    assert "Needle 7" in sight(window)
    slot = window.layout.find(("item", "t2", "c1"))
    assert slot is not None
    assert window.layout.fold_of(slot) == "full"
    finder.move(-1)
    assert window.layout.fold_of(slot) == "normal"


def test_a_match_behind_a_line_of_exploring_unfolds_that() -> None:
    window = a_window(LONG)
    finder = a_finder(window, "do r2")
    assert finder.found.total == 1
    assert current(finder) == "do r2"
    finder.close(give_back=True)
    slot = window.layout.find(("item", "t3", "r2"))
    assert slot is not None
    assert window.layout.is_hidden(slot)


def test_the_place_is_given_back() -> None:
    window = a_window(LONG)
    window.move(-7)
    before = sight(window)
    finder = a_finder(window, "needle")
    finder.move(1)
    finder.close(give_back=True)
    assert sight(window) == before
    follower = a_window(LONG)
    finder = a_finder(follower, "one 3")
    assert not follower.following
    finder.close(give_back=True)
    follower.frame()
    assert follower.following


def test_a_search_that_is_ended_where_it_led_stays_there() -> None:
    window = a_window(LONG)
    finder = a_finder(window, "one 3")
    before = sight(window)
    finder.close(give_back=False)
    assert sight(window) == before
    assert current(finder) == ""


def test_a_match_broken_by_the_edge_of_the_screen_is_marked_in_both_rows() -> None:
    words = " ".join(["word"] * 12 + ["split here"] + ["word"] * 12)
    window = a_window(thread(turn("t1", said("a", words))), width=20)
    rows = {current(a_finder(window, query)) for query in ("split here", "word split", "here word")}
    assert all(row.replace("|", " ").split() for row in rows)
    assert any("|" in row for row in rows)


def test_the_first_match_is_the_first_from_the_top_of_the_screen_on() -> None:
    window = a_window(LONG)
    window.home()
    window.frame()
    assert a_finder(window, "needle").found.position == 1


def test_what_is_said_while_searching_is_found_too() -> None:
    window = a_window(LONG)
    finder = a_finder(window, "needle")
    shown, change = with_item(LONG, said("a3", "a needle and a needle"))
    window.take(shown, change)
    finder.take(change, shown.id)
    assert finder.found.more
    finder.step()
    assert finder.found.total == 5
    shown, change = with_item(shown, replace(said("a3", "nothing"), revision=1))
    window.take(shown, change)
    finder.take(change, shown.id)
    finder.step()
    assert finder.found.total == 3


def test_nothing_found_says_so_and_moves_nothing() -> None:
    window = a_window(LONG)
    before = sight(window)
    finder = a_finder(window, "haystack")
    assert finder.found == (0, 0, False, False, False)
    assert not finder.move(1)
    assert sight(window) == before


def test_escaped_text_is_found_as_it_is_shown() -> None:
    window = a_window(thread(turn("t1", said("a", "left \u202e right"))))
    assert a_finder(window, "<U+202E>").found.total == 1
    window = a_window(thread(turn("t1", ran("c", "ls", "\x1b[31mred\x1b[0mdish"))))
    finder = a_finder(window, "reddish")
    assert current(finder) == "reddish"


def test_a_match_that_even_the_unfolded_picture_leaves_out_says_so() -> None:
    output = "\n".join(["x"] * 3000 + ["deep"] + ["x"] * 3000)
    window = a_window(thread(turn("t1", ran("c", "make", output))))
    assert a_finder(window, "deep").found.hidden


def test_in_a_long_message_the_part_with_the_match_is_shown() -> None:
    text = "\n\n".join(f"paragraph {at} {'needle' if at % 100 == 50 else 'hay'}" for at in range(600))
    window = a_window(thread(turn("t1", said("a", text))))
    finder = a_finder(window, "needle")
    assert finder.found.total == 6
    for at in (0, 1, 2):
        assert any(f"paragraph {at * 100 + 50} needle" in row for row in sight(window))
        assert current(finder) == "needle"
        finder.move(1)


@given(st.lists(st.text("ab c", max_size=8), min_size=1, max_size=4), st.text("ab ", min_size=1, max_size=3))
def test_spans_lie_on_the_text_they_match(rows: list[str], query: str) -> None:
    pattern = pattern_of(query)
    if pattern is None:
        return
    from rich.segment import Segment

    spans = spans_in(pattern, [Strip([Segment(row)]) for row in rows])
    words = "".join(rows[y][start:end] for y in sorted(spans) for start, end, _ in spans[y])
    matched = "".join(match.group() for match in pattern.finditer("\n".join(rows)))
    assert words == matched.replace("\n", "")
