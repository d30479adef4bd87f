"""The lines of a hunk: numbered when they are asked for, however many there are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.diffs import Hunk, Line
from codex_tui.diffs.records import BLOCK


def numbered(hunk: Hunk) -> list[Line]:
    """Another way: one line after the other."""
    out: list[Line] = []
    old, new = hunk.old_start, hunk.new_start
    for raw in hunk.raw:
        has_old, has_new = raw[0] in " -", raw[0] in " +"
        out.append(Line(raw[0], old if has_old else None, new if has_new else None, raw[1:]))  # pyright: ignore[reportArgumentType]
        old, new = old + has_old, new + has_new
    return out


def long_hunk(size: int, signs: str = "  +-\\?", seed: int = 1) -> Hunk:
    chance = random.Random(seed)
    return Hunk(5, 9, "", tuple(chance.choice(signs) + str(at) for at in range(size)))


@given(st.text(st.sampled_from(" +-\\?"), max_size=40), st.slices(40), st.integers(0, 9))
def test_any_line_and_any_run_of_lines_has_its_numbers(signs: str, some: slice, start: int) -> None:
    hunk = Hunk(start, start + 2, "", tuple(sign + "x" for sign in signs))
    lines = numbered(hunk)
    assert list(hunk.lines) == lines
    assert hunk.lines[some] == tuple(lines[some])
    assert [hunk.lines[at] for at in range(-len(lines), len(lines))] == lines * 2
    with pytest.raises(IndexError):
        hunk.lines[len(lines)]


@pytest.mark.parametrize("size", [BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7])
def test_numbers_go_on_from_block_to_block(size: int) -> None:
    hunk = long_hunk(size)
    lines = numbered(hunk)
    assert list(hunk.lines) == lines
    for at in range(0, size, 97):
        assert hunk.lines[at : at + 3] == tuple(lines[at : at + 3])


@pytest.mark.parametrize("signs", [" +-\\?", "+", "-", "?+"])
def test_a_line_is_found_by_its_number(signs: str) -> None:
    hunk = long_hunk(3 * BLOCK, signs)
    for at, line in enumerate(numbered(hunk)):
        if line.sign in " +" and at % 31 == 0:
            assert hunk.lines.numbered("+", line.new_no or 0) == at
        if line.sign in " -" and at % 31 == 0:
            assert hunk.lines.numbered("-", line.old_no or 0) == at
    assert hunk.lines.numbered("+", 8) is None


def test_a_number_that_is_not_there_leads_to_the_line_above_it() -> None:
    hunk = Hunk(1, 1, "", (" a", "+b", *["-gone"] * (3 * BLOCK)))
    assert hunk.lines.numbered("+", 99) == 1


@pytest.mark.parametrize(
    ("raw", "is_crlf"),
    [
        ((" a\r", "-b\r", "+c\r"), True),
        ((" a\r", "-b\r", "+c"), False),
        (("-a\r", "+b", "\\ No newline at end of file"), True),
        (("-a",), False),
        ((), False),
    ],
)
def test_a_hunk_whose_lines_all_end_with_a_carriage_return_is_known(
    raw: tuple[str, ...], is_crlf: bool
) -> None:
    assert Hunk(1, 1, "", raw).is_crlf is is_crlf
