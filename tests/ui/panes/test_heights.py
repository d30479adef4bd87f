"""The line index beside a plain list that does the same slowly."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.panes.chat.heights import LineIndex

HEIGHTS = st.lists(st.integers(0, 9), max_size=40)
Step = tuple[str, int, int, list[int]]
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "append", "splice"]), st.integers(0, 99), st.integers(0, 99), HEIGHTS),
    max_size=25,
)


def agrees(index: LineIndex, naive: list[int]) -> None:
    tops = [0, *accumulate(naive)]
    assert len(index) == len(naive)
    assert index.total == tops[-1]
    assert [index[i] for i in range(len(naive))] == naive
    assert [index.top(i) for i in range(len(naive) + 1)] == tops
    found = [index.at(line) for line in range(index.total)]
    assert found == [(i, line) for i, height in enumerate(naive) for line in range(height)]


@given(HEIGHTS, STEPS)
def test_every_sequence_of_changes_leaves_what_a_plain_list_holds(
    start: list[int], steps: list[Step]
) -> None:
    index, naive = LineIndex(start), list(start)
    agrees(index, naive)
    for what, first, second, heights in steps:
        if what == "append":
            index.append(first)
            naive.append(first)
        elif what == "put" and naive:
            at = first % len(naive)
            assert index.put(at, second) == second - naive[at]
            naive[at] = second
        elif what == "splice":
            begin, end = sorted((first % (len(naive) + 1), second % (len(naive) + 1)))
            index.splice(begin, end, heights)
            naive[begin:end] = heights
        agrees(index, naive)


@pytest.mark.parametrize("line", [-1, 5, 6])
def test_a_line_outside_belongs_to_nobody(line: int) -> None:
    with pytest.raises(IndexError):
        LineIndex([2, 0, 3]).at(line)


def test_an_empty_index_has_no_line() -> None:
    assert LineIndex().total == 0
    with pytest.raises(IndexError):
        LineIndex().at(0)


@pytest.mark.parametrize(("start", "stop"), [(0, 4), (2, 1), (-1, 0)])
def test_a_splice_outside_is_refused(start: int, stop: int) -> None:
    with pytest.raises(IndexError):
        LineIndex([1, 1, 1]).splice(start, stop, [1])


def test_a_hundred_thousand_members_are_found_at_their_lines() -> None:
    index = LineIndex([3] * 100_000)
    index.put(50_000, 10)
    index.splice(99_999, 99_999, [1, 1])
    assert index.at(50_000 * 3 + 9) == (50_000, 9)
    assert index.at(50_000 * 3 + 10) == (50_001, 0)
    assert index.top(len(index)) == 300_009
