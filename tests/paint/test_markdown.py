"""Markdown as it looks on screen."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.paint.cells import Cell, cells_of, gap_before, paint_cell
from codex_tui.paint.chunks import MAX_CHARS
from codex_tui.paint.look import ASCII_MARKS, Look, Palette
from codex_tui.paint.markdown import _parse  # pyright: ignore[reportPrivateUsage] - its cache
from codex_tui.protocol.items import AgentMessage
from codex_tui.session.transcript import Item
from codex_tui.text import cell_width


def rows(text: str, width: int = 44, look: Look | None = None) -> list[str]:
    look = look or Look(width=width)
    out: list[str] = []
    previous = None
    for cell in cells_of(Item("i", "t", AgentMessage(type="agentMessage", id="i", text=text))):
        out += [""] * gap_before(previous, cell)
        out += [strip.text for strip in paint_cell(cell, look)]
        previous = cell
    return [row[look.gutter :] for row in out]


def test_marks_of_emphasis_are_gone_and_their_looks_are_there() -> None:
    (cell,) = cells_of(
        Item("i", "t", AgentMessage(type="agentMessage", id="i", text="a **b** *c* `d` ~~e~~"))
    )
    (strip,) = paint_cell(cell, Look())
    assert strip.text.strip() == "a b c d e"
    styles = {segment.text: segment.style for segment in strip if segment.style}
    assert styles["b"].bold
    assert styles["c"].italic
    assert styles["d"].color == Look().palette.code.color
    assert styles["e"].strike


def test_headings_lose_their_signs_and_stand_out() -> None:
    (cell,) = cells_of(Item("i", "t", AgentMessage(type="agentMessage", id="i", text="## Steps")))
    (strip,) = paint_cell(cell, Look())
    assert strip.text.strip() == "Steps"
    assert [segment.style.bold for segment in strip if segment.text == "Steps" and segment.style] == [True]


def test_lists_nest_keep_their_numbers_and_hang() -> None:
    assert rows("7. seven is a number that goes on and on and on\n   - a\n   - b\n8. eight") == [
        "7. seven is a number that goes on and on",
        "   and on",
        "   • a",
        "   • b",
        "8. eight",
    ]


def test_loose_lists_keep_their_shape_though_each_item_is_a_chunk() -> None:
    assert rows("1. one\n\n   more of one\n\n2. two\n\n   - deep\n\n     deeper") == [
        "1. one",
        "",
        "   more of one",
        "",
        "2. two",
        "",
        "   • deep",
        "",
        "     deeper",
    ]


def test_tasks_show_what_is_done() -> None:
    assert rows("- [x] done\n- [ ] open\n- [X] too") == ["✓ done", "☐ open", "✓ too"]
    assert rows("- [x] done\n- [ ] open", look=Look(marks=ASCII_MARKS)) == ["ok done", "[ ] open"]


def test_links_show_their_address_unless_it_is_the_text() -> None:
    assert rows("[docs](https://a.b/c) <https://a.b> [https://x.y](https://evil.z)", 100) == [
        "docs (https://a.b/c) https://a.b https://x.y (https://evil.z)"
    ]


def test_html_and_definitions_are_shown_as_written() -> None:
    assert rows("<script>x</script>\n\n[a]: http://b\n\n<!-- c -->", 80) == [
        "<script>x</script>",
        "",
        "[a]: http://b",
        "",
        "<!-- c -->",
    ]


def test_entities_cannot_smuggle_control_characters() -> None:
    assert rows("a&#8238;b &#x1b;[31m&#155;c", 80) == ["a<U+202E>b \ufffd[31m\ufffdc"]


def test_markup_of_the_terminal_toolkit_is_text() -> None:
    assert rows("[bold]x[/] [@click=app.quit]y[/]", 80) == ["[bold]x[/] [@click=app.quit]y[/]"]


def test_code_keeps_every_blank_and_wraps_anywhere() -> None:
    assert rows("```\n  a  b\n\tc\n" + "x" * 40 + "\n```") == [
        "    a  b",
        "          c",
        "  " + "x" * 40,
    ]
    assert rows("```\n" + "x" * 45 + "\n```") == ["  " + "x" * 40, "  xxxxx"]


def test_code_is_coloured_by_its_language() -> None:
    def styles(text: str) -> set[str]:
        (cell,) = cells_of(Item("i", "t", AgentMessage(type="agentMessage", id="i", text=text)))
        return {str(segment.style) for strip in paint_cell(cell, Look()) for segment in strip}

    assert len(styles("```python\ndef f(): return 'x'\n```")) > 3
    assert len(styles("```\ndef f(): return 'x'\n```")) <= 2
    assert len(styles("```no-such-language\ndef f(): return 'x'\n```")) <= 3


@pytest.mark.parametrize("theme", ["one-dark", "default", "vs"])
def test_a_diff_is_coloured_whatever_the_syntax_style(theme: str) -> None:
    diff = "   @@ -1 +1 @@\n   -old\n   +new\n    same\n"
    text = f"1. see\n\n   ```diff\n{diff}   ```\n\n- ```patch\n  +in a list\n  ```"
    palette = Palette(syntax=theme)
    cells = cells_of(Item("i", "t", AgentMessage(type="agentMessage", id="i", text=text)))
    colours = {
        segment.text: segment.style.color
        for cell in cells
        for strip in paint_cell(cell, Look(palette=palette))
        for segment in strip
        if segment.style
    }
    assert colours["+new"] == colours["+in a list"] == palette.good.color
    assert colours["-old"] == palette.bad.color
    assert colours["@@ -1 +1 @@"] == palette.dim.color
    assert colours[" same"] == palette.code_block.color


def test_tables_stand_in_columns_and_wrap_inside_them() -> None:
    table = "| n | what |\n|--:|------|\n| 1 | short |\n| 22 | a text that has to be wrapped somewhere |\n"
    assert rows(table, 34) == [
        " n │ what",
        "───┼────────────────────────────",
        " 1 │ short",
        "22 │ a text that has to be",
        "   │ wrapped somewhere",
    ]


def test_a_table_too_wide_for_columns_becomes_a_list() -> None:
    table = "| name | value | other |\n|---|---|---|\n| first thing | a long value | more of it |\n"
    assert rows(table, 18) == [
        "name: first",
        "thing",
        "value: a long",
        "value",
        "other: more of",
        "it",
    ]


def test_wide_characters_count_two_in_tables() -> None:
    assert rows("| 漢字 | b |\n|---|---|\n| a | c |\n") == ["漢字 │ b", "─────┼──", "a    │ c"]


CELLS = st.lists(
    st.sampled_from(
        [*"ab 1`", "漢", "字", "ｱ", "é", "\u0301", "✅", "❤\ufe0f", "👩\u200d👩\u200d👧", "\u200b"]
    ),
    max_size=12,
).map(lambda signs: "".join(signs).strip())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.integers(40, 120))
def test_columns_of_a_table_stand_below_each_other_whatever_is_in_them(
    cells: list[tuple[str, str, str]], width: int
) -> None:
    body = "\n".join(f"| {' | '.join(row)} |" for row in cells)
    shown = rows(f"| a | b | c |\n|---|:-:|--:|\n{body}\n", width)
    bars = {
        tuple(cell_width(row[:at]) for at, sign in enumerate(row) if sign in "│┼")
        for row in shown
        if set(row) - {" "}
    }
    assert len(bars) == 1
    assert len(next(iter(bars))) == 2


def test_quotes_have_a_bar_on_every_row() -> None:
    assert rows("> one two three four five six seven eight\n> > nine") == [
        "▎ one two three four five six seven eight",
        "▎ ▎ nine",
    ]
    assert rows("> a\n>\n> b") == ["▎ a", "▎", "▎ b"]


def test_hard_breaks_break_and_soft_ones_do_not() -> None:
    assert rows("a  \nb\nc\\\nd") == ["a", "b c", "d"]


def test_deeply_nested_text_is_still_all_there() -> None:
    text = "\n".join(f"{'  ' * depth}- level{depth}" for depth in range(40))
    for width in (10, 20, 80):
        shown = "".join("".join(rows(text, width)).split())
        assert all(f"level{depth}" in shown for depth in range(40))


@pytest.mark.parametrize("mark", [">", "> ", "- ", "* > "])
@pytest.mark.parametrize("depth", [[10, 1_000, 10_000], [10_000]])
def test_ten_thousand_levels_are_shown_piece_by_piece(mark: str, depth: Sequence[int]) -> None:
    text = "\n".join(f"{mark * level}word{level}" for level in depth)
    cells = cells_of(Item("i", "t", AgentMessage(type="agentMessage", id="i", text=text)))
    painted = [strip.text for cell in cells for strip in paint_cell(cell, Look(width=60))]
    shown = re.sub("[ ▎]", "", "".join(painted))
    assert all(f"word{level}" in shown for level in depth)
    # What is painted at once is bounded, and so is the time for it.
    assert max(cell.end - cell.start for cell in cells) <= MAX_CHARS + 1


@pytest.mark.heavy
@pytest.mark.parametrize(
    "text", ["> " * 10_000, "*a **b " * 1_000, "<http://a> " * 3_000, "e" + "\u0301" * 9_999]
)
def test_no_piece_takes_longer_than_a_frame_or_two(text: str) -> None:
    def took(cell: Cell) -> float:
        start = time.process_time()
        paint_cell(cell, Look(width=80))
        return time.process_time() - start

    paint_cell(cells_of(Item("i", "t", AgentMessage(type="agentMessage", id="i", text="warm")))[0], Look())
    for cell in cells_of(Item("i", "t", AgentMessage(type="agentMessage", id="i", text=text))):
        _parse.cache_clear()
        first = took(cell)
        _parse.cache_clear()
        assert min(first, took(cell)) < 0.05


def test_prose_has_a_reading_width_and_code_has_the_screen() -> None:
    shown = rows("word " * 60 + "\n\n```\n" + "y" * 150 + "\n```", 200)
    assert max(len(row) for row in shown if row.startswith("word")) <= 100
    assert any("y" * 150 in row for row in shown)


def test_cells_beyond_the_header_are_not_lost() -> None:
    assert rows("| a |\n|---|\n| 1 | rm -rf | \\| |\n| 2 |\n") == [
        "a │        │",
        "──┼────────┼───",
        "1 │ rm -rf │ \\|",
        "2 │        │",
    ]


def test_tables_in_quotes_have_no_cells_too_many() -> None:
    assert rows("> | a | b |\n> |---|---|\n> | 1 | 2 |\n") == ["▎ a │ b", "▎ ──┼──", "▎ 1 │ 2"]


def test_titles_of_links_and_words_about_code_are_not_lost() -> None:
    assert rows('[a](http://b "the title")', 80) == ['a (http://b "the title")']
    assert rows("```python title=x.py\nx\n```") == ["python title=x.py", "  x"]
    assert rows("```python\nx\n```") == ["  x"]
    assert rows("```klingon\nx\n```") == ["klingon", "  x"]


WORDS = st.integers(0, 999).map(lambda number: f"word{number}")
SIGNS = st.sampled_from(
    [*'*`|[)<>\\:"\n\t ', "\n\n", "**", "~~", "- ", "1. ", "> ", "# ", "\n|---|\n", "](", "![", "```"]
) | st.sampled_from(["    ", "\n---\n", "&amp;", "[x] ", "</p>", "<!--", "~~~", "\n```\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS | SIGNS, max_size=30))
def test_no_word_of_a_message_is_lost(pieces: list[str]) -> None:
    shown = re.sub("[ ▎│]", "", "".join(rows("".join(pieces), 1000)))
    for piece in pieces:
        if piece.startswith("word"):
            assert piece in shown
