"""Lines of a change as full-width rows, unified and of two sides."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from textual.strip import Strip

from codex_tui.diffs import FileDiff, read_hunks
from codex_tui.diffs.records import file_diff
from codex_tui.paint.changerows import ChangeRows
from codex_tui.paint.look import Look
from codex_tui.paint.sidebyside import (
    LONGEST,
    Shown,
    columns_for,
    drawn_spans,
    restyled,
    rows_of,
    shown_text,
    split_rows,
    unified_rows,
    word_style,
)
from codex_tui.text import SafeText

TEXTS = st.text(
    st.one_of(st.sampled_from("ab \t漢e\u0301\x1b\u202e\\x<U+·"), st.characters(codec="utf-8")), max_size=60
).map(lambda text: text.replace("\n", ""))
LOOK = Look(width=80)


def shown(sign: str, text: str) -> Shown:
    parts = [(shown_text(text), LOOK.palette.text)] if text else []
    return Shown(sign, 7 if sign != "+" else None, 8 if sign != "-" else None, parts)


def painted(file: FileDiff, look: Look) -> list[Strip]:
    rows = ChangeRows(file, look)
    return [rows.paint(at) for at in range(len(rows))]


def text_of(strips: list[Strip]) -> str:
    return "".join(strip.text for strip in strips)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.integers(8, 160), st.booleans())
def test_a_line_takes_as_many_full_rows_as_were_counted(old: str, new: str, width: int, split: bool) -> None:
    columns = columns_for(width, 120, split)
    look = Look(width=width)
    if split:
        rows = split_rows(shown("-", old), shown("+", new), columns, look)
        counted = max(rows_of(old, columns), rows_of(new, columns))
    else:
        rows = unified_rows(shown("+", new), columns, look)
        counted = rows_of(new, columns)
    assert len(rows) == counted
    if columns.room >= 2:  # a wide character in a single cell cannot be right
        assert {row.cell_length for row in rows} == {width}
        assert all(sum(segment.cell_length for segment in row) == width for row in rows)


def test_a_wrapped_line_goes_on_below_its_text() -> None:
    columns = columns_for(24, 9, split=False)
    rows = [
        strip.text.rstrip() for strip in unified_rows(shown("+", "abcdefghijklmnopqrstuvwxyz"), columns, LOOK)
    ]
    assert rows[0].startswith(" + abcdefghij"[:2])
    assert "".join(row.lstrip(" +") for row in rows) == "abcdefghijklmnopqrstuvwxyz"


def test_a_line_that_is_cut_shows_marks_where_text_is_out_of_sight() -> None:
    columns = columns_for(40, 9, split=False, wrap=False, shift=5)
    row = unified_rows(shown(" ", "0123456789" * 5), columns, LOOK)[0]
    assert row.cell_length == 40
    assert row.text.rstrip().endswith("…")
    assert "…6789" in row.text


def test_an_endless_line_is_cut_with_a_note() -> None:
    text = shown_text("x" * (LONGEST + 1234))
    assert text.endswith(" … 1,234 more characters")
    assert len(text) < LONGEST + 40


def test_spans_follow_tabs_and_escapes() -> None:
    assert drawn_spans("\tab\x1bc", [(1, 3), (4, 5)]) == [(8, 10), (14, 15)]
    assert drawn_spans("plain", [(1, 2), (3, 3)]) == [(1, 2)]


def test_marks_lie_over_just_their_characters() -> None:
    palette = LOOK.palette
    parts = [(SafeText("abc"), palette.text), (SafeText("def"), palette.code)]
    marked = restyled(parts, [(1, 2), (2, 5)], word_style("+", palette))
    assert "".join(text for text, _ in marked) == "abcdef"
    back = word_style("+", palette).bgcolor
    assert "".join(text for text, style in marked if style.bgcolor == back) == "bcde"


def changed(diff: str) -> FileDiff:
    return file_diff("a.py", "changed", read_hunks(diff))


HUNKS = st.lists(
    st.tuples(st.sampled_from("+- "), st.text("ab \t漢(", max_size=150)).map("".join), min_size=1, max_size=12
)


@settings(max_examples=80, deadline=None)
@given(HUNKS, st.integers(132, 200))
def test_both_sides_show_every_line_whole(lines: list[str], width: int) -> None:
    """As rows are cut between a side's cells, each side is read on its own."""
    diff = "@@ -1,9 +1,9 @@\n" + "".join(line + "\n" for line in lines)
    assume(any(line[0] in "+-" for line in lines))  # else there is only one side
    strips = painted(changed(diff), Look(width=width))
    half = columns_for(width, 99, split=True).halves[0]
    left = "".join(strip.crop(1 + 5, 1 + half).text.strip("·") for strip in strips)
    right = "".join(strip.crop(1 + half + 1 + 5, width).text.strip("·") for strip in strips)

    def bare(text: str) -> str:
        return "".join(text.replace("·", " ").replace("→", " ").split())

    for side, signs in ((left, " -"), (right, " +")):
        assert bare(side) == bare("".join(line[1:].replace("\t", " ") for line in lines if line[0] in signs))


@settings(max_examples=80, deadline=None)
@given(HUNKS, st.integers(6, 131))
def test_one_side_below_the_other_shows_every_line_whole_too(lines: list[str], width: int) -> None:
    diff = "@@ -1,9 +1,9 @@\n" + "".join(line + "\n" for line in lines)
    look = Look(width=width)
    rows = ChangeRows(changed(diff), look)
    strips = [rows.paint(at) for at in reversed(range(len(rows)))][::-1]
    edge = 2 + (2 if width - 2 >= 24 else 0) + 2  # indent, number, sign
    shown = "".join(strip.crop(edge).text for strip in strips)
    bare = "".join("".join(line[1:] for line in lines).split())
    assert "".join(shown.replace("·", "").replace("→", "").split()) == bare
    if width > edge + 1:  # a wide character in a single cell cannot be right
        assert max(strip.cell_length for strip in strips) <= width


def test_a_change_of_many_lines_is_painted_where_it_is_seen() -> None:
    lines = [f"+value_{at} = {at}" for at in range(50_000)]
    rows = ChangeRows(changed("@@ -1,1 +1,50001 @@\n a\n" + "\n".join(lines)), Look(width=80))
    assert len(rows) == 50_001
    assert "value_49999 = 49999" in rows.paint(50_000).text
    assert "value_0 = 0" in rows.paint(1).text


@pytest.mark.parametrize(("one", "other"), [("a", "a "), ("a\t", "a"), ("x = 1", "x  = 1"), ("\tx", "    x")])
def test_changes_of_blanks_are_visible_on_both_sides(one: str, other: str) -> None:
    strips = painted(changed(f"@@ -1 +1 @@\n-{one}\n+{other}\n"), Look(width=140))
    half = columns_for(140, 9, split=True).halves[0]
    row = strips[0]
    assert row.crop(7, 1 + half).text.rstrip(" ") != row.crop(2 + half + 6, 140).text.rstrip(" ")


def test_a_new_line_at_the_end_of_an_added_line_shows_where_it_ends() -> None:
    strips = painted(changed("@@ -1 +1,2 @@\n a\n+end   \n"), Look(width=140))
    assert "end···" in text_of(strips)
