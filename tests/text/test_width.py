"""Widths, shortening and wrapping in cells."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from codex_tui.text import (
    SafeText,
    cell_width,
    cut,
    cut_left,
    fit,
    hard_rows,
    line,
    prose,
    shorten,
    word_rows,
    wrap_hard,
)
from codex_tui.text.width import is_narrow

PIECES = [*"ab c  漢字。é─✓❯…—", "e\u0301", " \u0301", "👩\u200d👧", "❤\ufe0f", "🏽", "ｱ", "\u0e47"]
MIXED = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
safe = st.one_of(MIXED, st.text(max_size=60)).map(prose)
widths = st.integers(2, 50)


@given(safe, widths)
def test_hard_rows_lose_nothing_and_fit(text: SafeText, width: int) -> None:
    rows = wrap_hard(text, width)
    assert "".join(rows) == text
    assert all(cell_width(row) <= width for row in rows)


@given(safe, widths)
@example(SafeText("a 漢" * 9), 3)
@example(SafeText("abcdefgh \u0301\u0301 x"), 8)
def test_word_rows_lose_only_blanks_and_fit(text: SafeText, width: int) -> None:
    rows = [text[start:end] for start, end in word_rows(text, width)]
    assert rows
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(cell_width(row) <= width for row in rows)


@given(safe, st.integers(-1, 50))
def test_fitted_text_has_exactly_that_width(text: SafeText, width: int) -> None:
    assert cell_width(fit(text, width)) == max(0, width)


@given(safe, st.integers(0, 50))
def test_shortened_text_fits_and_is_untouched_where_it_did(text: SafeText, width: int) -> None:
    short = shorten(text, width)
    assert cell_width(short) <= width
    assert (short == text) == (cell_width(text) <= width)
    assert shorten(short, width) == short


@given(safe, st.integers(0, 50))
def test_cuts_are_the_longest_that_fit(text: SafeText, width: int) -> None:
    head, tail = cut(text, width), cut_left(text, width)
    assert text.startswith(head)
    assert text.endswith(tail)
    assert cell_width(head) <= width >= cell_width(tail)
    assert fit(SafeText(head), cell_width(head)) == head


@given(safe)
def test_narrow_means_one_cell_a_character(text: SafeText) -> None:
    if is_narrow(text):
        assert cell_width(text) == len(text) == sum(cell_width(char) for char in text)


def test_shortening_keeps_more_of_the_end() -> None:
    assert shorten(line("/home/dev/project/src/deep/file.py"), 20) == "/home/d…deep/file.py"
    assert shorten(line("abcdef"), 1) == "…"
    assert shorten(line("abcdef"), 4, line("...")) == "a..."
    assert shorten(line("abcdef"), 2, line("...")) == ".."


def test_words_stay_together_and_long_ones_are_cut() -> None:
    def rows(text: str, width: int) -> list[str]:
        return [text[start:end] for start, end in word_rows(text, width)]

    assert rows("the quick brown fox", 9) == ["the quick", "brown fox"]
    assert rows("a  lot   of    space", 8) == ["a  lot", "of", "space"]
    assert rows("abcdefghij k", 4) == ["abcd", "efgh", "ij k"]
    assert rows("", 4) == [""]
    assert rows("漢字かな。次の文", 8) == ["漢字か", "な。次の", "文"]


def test_no_row_begins_with_a_mark_or_a_closing_sign() -> None:
    text = prose("漢字かな。次の文 e\u0301e\u0301e\u0301")
    for width in range(2, 12):
        for start, _ in hard_rows(text, width) + word_rows(text, width):
            assert text[start : start + 1] != "\u0301"
    assert all(not text[start:].startswith("。") for start, _ in word_rows(text, 8))


def naive_rows(text: str, width: int) -> list[str]:
    """Character by character: a zero-width one stays with what is before it."""
    rows, used = [""], 0
    for char in text:
        size = cell_width(char)
        if size and used + size > width and rows[-1]:
            rows.append("")
            used = 0
        rows[-1] += char
        used += size
    return rows


@given(st.text(st.sampled_from("ab漢字é…한あー（ｱ\U0001f44d"), max_size=60), st.integers(1, 20))
def test_rows_counted_in_cells_are_those_counted_one_by_one(text: str, width: int) -> None:
    assert [text[start:end] for start, end in hard_rows(text, width)] == naive_rows(text, width)
