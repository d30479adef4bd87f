from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.session.series import CHUNK, Series


@dataclass(frozen=True)
class Member:
    id: str
    value: int = 0


@given(
    st.lists(st.integers(), max_size=3 * CHUNK),
    st.lists(st.tuples(st.integers(), st.integers()), max_size=30),
)
def test_a_series_is_a_list_after_any_appends_and_replacements(
    start: list[int], changes: list[tuple[int, int]]
) -> None:
    plain, series = list(start), Series(start)
    for where, value in changes:
        if plain and where % 3:
            plain[where % len(plain)] = value
            series = series.put(where % len(series), value)
        else:
            plain.append(value)
            series = series.append(value)
    assert list(series) == plain
    assert list(reversed(series)) == plain[::-1]
    assert len(series) == len(plain)
    assert series == Series(plain)
    assert [series[at] for at in range(-len(plain), len(plain))] == plain + plain
    assert series[1:-1:2] == tuple(plain[1:-1:2])


def test_a_series_made_from_another_leaves_it_as_it_was() -> None:
    one = Series(range(CHUNK))
    other = one.append(-1).put(0, -2)
    assert list(one) == list(range(CHUNK))
    assert list(other) == [-2, *range(1, CHUNK), -1]


@pytest.mark.parametrize("at", [3, -4])
def test_there_is_nothing_outside_a_series(at: int) -> None:
    series = Series("abc")
    with pytest.raises(IndexError):
        series.put(at, "d")
    with pytest.raises(IndexError):
        series[at]


def test_members_are_found_by_their_id() -> None:
    series = Series([Member("a"), Member("b")])
    assert series.find("b") == 1
    assert series.find("c") is None
    series = series.append(Member("c"))
    assert series.find("c") == 2


def test_a_replaced_member_is_found_by_its_new_id_only() -> None:
    series = Series([Member("a"), Member("b")])
    assert series.find("a") == 0
    renamed = series.put(0, Member("z"))
    assert renamed.find("z") == 0
    assert renamed.find("a") is None
    assert series.find("a") == 0
    assert series.find("z") is None


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcdefgh")), max_size=60))
def test_series_made_from_one_find_their_own_members_only(steps: list[tuple[int, str]]) -> None:
    branches = [Series[Member]() for _ in range(4)]
    branches[0].find("a")  # the index is there from the start, and all branches share it
    branches = [branches[0]] * 4
    for number, (branch, name) in enumerate(steps):
        series = branches[branch]
        at = series.find(name)
        branches[branch] = series.append(Member(name)) if at is None else series.put(at, Member(name, number))
    for series in branches:
        names = [member.id for member in series]
        assert len(set(names)) == len(names)
        for name in "abcdefgh":
            assert series.find(name) == (names.index(name) if name in names else None)
