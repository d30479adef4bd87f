"""Marks within lines, and lines beside each other."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.diffs import Hunk, read_hunks
from codex_tui.diffs.words import MAX_CHARACTERS, mark_words, pairs_of

MARKED: list[tuple[str, str, list[str], list[str]]] = [
    ("    return a // b", "    return a / b", ["//"], ["/"]),
    ("def f(a, b):", "def f(a, b, c=None) -> int:", [], [", c=None) -> int"]),
    ("foo.bar(x, y)", "foo.baz(x, z)", ["bar", "y"], ["baz", "z"]),
    ("same", "same", [], []),
    ("x = foo(1)", "entirely other words", [], []),
    ("    x = 1", "  x = 1", ["    "], ["  "]),
    ("größe = 1", "größe = 2", ["1"], ["2"]),
]


@pytest.mark.parametrize(("old", "new", "gone", "come"), MARKED)
def test_what_changed_within_a_line_is_marked(old: str, new: str, gone: list[str], come: list[str]) -> None:
    first, second = mark_words(old, new)
    assert [old[begin:end] for begin, end in first] == gone
    assert [new[begin:end] for begin, end in second] == come


@given(st.text("ab (),/ \té", max_size=30), st.text("ab (),/ \té", max_size=30))
def test_marks_are_runs_in_order_within_the_line_and_cover_all_that_changed(old: str, new: str) -> None:
    first, second = mark_words(old, new)
    for text, spans in ((old, first), (new, second)):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(set(edges))
        assert not edges or 0 <= edges[0] <= edges[-1] <= len(text)
    if (first or second) and old != new:
        # What stands before the first mark and behind the last one is the same in both.
        begin = min([span[0] for span in (*first[:1], *second[:1])])
        assert old[:begin] == new[:begin]


def test_a_line_too_long_to_be_read_has_no_marks_and_costs_nothing() -> None:
    began = time.process_time()
    assert mark_words("a " * 500_000, "b " * 500_000) == ((), ())
    assert mark_words("a" * (MAX_CHARACTERS + 1), "a") == ((), ())
    assert time.process_time() - began < 0.1


def test_the_longest_lines_cost_little() -> None:
    old = " ".join(f"w{at % 7}" for at in range(1200))
    new = " ".join(f"w{at % 5}" for at in range(1200))
    began = time.process_time()
    mark_words(old, new)
    assert time.process_time() - began < 0.5, "a few milliseconds are usual"


def hunk(*raw: str) -> Hunk:
    return Hunk(1, 1, "", raw)


def test_lines_stand_beside_each_other_in_order() -> None:
    assert pairs_of(hunk(" a", "-b", "-c", "+B", "+C", " d")) == [(0, 0), (1, 3), (2, 4), (5, 5)]
    assert pairs_of(hunk("+a", "-b", "+c")) == [(-1, 0), (1, 2)]


def test_the_most_alike_lines_stand_beside_each_other() -> None:
    pairs = pairs_of(hunk("-alpha beta", "-gamma delta", "+new", "+alpha beta!", "+gamma delta epsilon"))
    assert pairs == [(-1, 2), (0, 3), (1, 4)]
    assert pairs_of(hunk("-one thing", "+x", "+y")) == [(0, 1), (-1, 2)], "unlike lines leave no gaps"


def test_a_remark_stands_below_its_line() -> None:
    (read,) = read_hunks("@@ -1 +1 @@\n-c\n\\ No newline at end of file\n+C\n")
    assert pairs_of(read) == [(0, 2), (1, -1)]


@given(st.lists(st.sampled_from([" a", "-a b", "-c", "+a b c", "+d", "\\ x", "?x"]), max_size=30))
def test_every_line_stands_somewhere_once(raw: list[str]) -> None:
    pairs = pairs_of(hunk(*raw))
    old = [at for at, _ in pairs if at >= 0]
    new = [at for _, at in pairs if at >= 0]
    assert [at for at in old if raw[at][0] in "- "] == [at for at, one in enumerate(raw) if one[0] in "- "]
    assert [at for at in new if raw[at][0] in "+ "] == [at for at, one in enumerate(raw) if one[0] in "+ "]
    assert {*old, *new} == set(range(len(raw)))


def test_ten_thousand_changed_lines_are_paired_quickly() -> None:
    raw = [f"-line {at} is old here" if at % 7 < 3 else f"+line {at} is new here" for at in range(10_000)]
    began = time.process_time()
    pairs_of(hunk(*raw))
    assert time.process_time() - began < 0.5, "about 20 ms are usual"
