"""Every painter, on everything: never too wide, never hostile, never raising, the same for equal stamps."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.strip import Strip

from codex_tui.paint.cells import Cell, cells_of, foldable, gap_before, guess_height, paint_cell, plain_text
from codex_tui.paint.look import Look
from codex_tui.paint.message import paint_pending
from codex_tui.paint.notice import paint_turn_end
from codex_tui.protocol.items import AgentMessage, UserMessage
from codex_tui.session.transcript import Item, Notice, Pending, Turn
from tests.paint.strategies import documents, items, looks, texts

ALLOWED_IN_PROSE = re.compile("[\u200d\ufe0f]")
DISALLOWED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def assert_presentable(strips: list[Strip], look: Look) -> None:
    for strip in strips:
        assert strip.cell_length <= look.width, (strip.cell_length, strip.text)
        for char in ALLOWED_IN_PROSE.sub("", strip.text):
            category = unicodedata.category(char)
            assert category not in DISALLOWED and not (category == "Zs" and char != " "), (
                hex(ord(char)),
                strip.text,
            )
        assert all(
            not segment.control and (segment.style is None or not segment.style.link) for segment in strip
        )


@settings(max_examples=400, deadline=None)
@given(items(), looks)
def test_nothing_is_too_wide_or_hostile_whatever_the_engine_sends(item: Item, look: Look) -> None:
    previous = None
    for cell in cells_of(item):
        assert_presentable(paint_cell(cell, look), look)
        assert guess_height(cell, look, None) >= 0
        assert gap_before(previous, cell) in (0, 1)
        previous = cell
    allowed = re.sub("[\n\t\u200d\ufe0f]", "", plain_text(item))
    assert not any(unicodedata.category(char) in DISALLOWED for char in allowed)


@settings(max_examples=150, deadline=None)
@given(items(), looks)
def test_brief_is_a_line_an_item_and_messages_are_said_in_full(item: Item, look: Look) -> None:
    cells = cells_of(item)
    brief = [strip for cell in cells for strip in paint_cell(cell, look, "brief")]
    if cells[0].chunk is None:
        assert len(brief) <= 1
    else:
        assert brief == [strip for cell in cells for strip in paint_cell(cell, look, "normal")]


@settings(max_examples=150, deadline=None)
@given(items(), st.integers(90, 200))
def test_what_does_not_fold_looks_the_same_at_every_level_but_for_its_time(item: Item, width: int) -> None:
    look, item = Look(width=width), replace(item, started_ms=None, note="")
    for cell in cells_of(item):
        if not foldable(cell) and not isinstance(item.body, UserMessage):
            assert paint_cell(cell, look, "full") == paint_cell(cell, look, "brief")


@settings(max_examples=150, deadline=None)
@given(items(), st.integers(160, 200))
def test_everything_says_when_each_item_began(item: Item, width: int) -> None:
    item = replace(item, started_ms=1_767_225_603_000)
    look = Look(width=width, fold="full", utc_offset_min=61)
    first = [strip for cell in cells_of(item) for strip in paint_cell(cell, look)][:1]
    if first and not isinstance(item.body, UserMessage | Notice) and plain_text(item).strip():
        # Facts give way to the title from the last one on: a row without a time has no room for one.
        words = re.sub(" {3,}", "  ", first[0].text)
        assert "01:01:03" in words or len(words) + len(" · 01:01:03") > width - look.gutter
        assert "01:01:03" not in "".join(
            strip.text for cell in cells_of(item) for strip in paint_cell(cell, look, "normal")
        )


@pytest.mark.parametrize(
    "text", ["word " * 60, "```py\n" + "x = 1\n" * 30 + "```", "- item\n" * 9, "漢字" * 90]
)
def test_the_time_of_a_message_stands_beside_its_first_row_and_takes_none(text: str) -> None:
    item = replace(message(text), started_ms=1_767_225_603_000)
    for width in range(40, 201):
        (cell, *_) = cells_of(item)
        first, *rest = [strip.text for strip in paint_cell(cell, Look(width=width), "full")]
        assert not any("00:00:03" in row for row in rest)
        assert first[:-8].strip()
        assert first.endswith("00:00:03") or width < 70


def test_a_turns_end_says_how_long_and_with_everything_when() -> None:
    turn = Turn("t", "completed", duration_ms=1200, completed_ms=1_767_225_603_000)
    assert paint_turn_end(turn, Look()) == []
    (shown,) = paint_turn_end(turn, Look(fold="full"))
    assert shown.text.strip() == "took 1.2 s · 00:00:03"
    failed = Turn("t", "failed", completed_ms=1_767_225_603_000)
    (shown,) = paint_turn_end(failed, Look(fold="full"))
    assert shown.text.endswith("00:00:03")


@settings(max_examples=80, deadline=None)
@given(texts, texts, looks)
def test_rows_that_are_no_items_are_presentable_too(text: str, word: str, look: Look) -> None:
    assert_presentable(paint_pending(Pending("c", text, word, 0), look), look)
    for status in ("completed", "interrupted", "failed", "inProgress", word):
        assert_presentable(paint_turn_end(Turn("t", status, error=text, duration_ms=10**8), look), look)


def message(text: str, revision: int = 0) -> Item:
    return Item("i1", "t1", AgentMessage(type="agentMessage", id="i1", text=text), "running", revision)


def picture(cells: list[Cell], look: Look) -> list[str]:
    rows: list[str] = []
    previous = None
    for cell in cells:
        rows += [""] * gap_before(previous, cell)
        rows += [repr(list(strip)) for strip in paint_cell(cell, look)]
        previous = cell
    return rows


@settings(max_examples=80, deadline=None)
@given(st.lists(texts, max_size=12), looks)
def test_the_streamed_picture_is_the_final_one(deltas: list[str], look: Look) -> None:
    cells: list[Cell] = []
    text = ""
    for revision, delta in enumerate(deltas):
        text += delta
        cells = cells_of(message(text, revision), cells)
        assert all(cell.item.body == cells[-1].item.body for cell in cells)
    if deltas:
        assert picture(cells, look) == picture(cells_of(message(text, 99)), look)


@settings(max_examples=50, deadline=None)
@given(documents(), st.lists(st.integers(0, 2000), max_size=5), st.sampled_from([20, 44, 80, 140]))
def test_a_document_looks_the_same_at_every_moment_of_its_stream(
    text: str, cuts: list[int], width: int
) -> None:
    look, cells = Look(width=width), list[Cell]()
    for revision, cut in enumerate([*sorted(min(cut, len(text)) for cut in cuts), len(text)]):
        cells = cells_of(message(text[:cut], revision), cells)
        assert picture(cells, look) == picture(cells_of(message(text[:cut], 99)), look)


@settings(max_examples=80, deadline=None)
@given(st.lists(texts, min_size=1, max_size=8), looks)
def test_cells_of_equal_key_and_stamp_paint_equal_strips(deltas: list[str], look: Look) -> None:
    seen: dict[object, list[str]] = {}
    cells: list[Cell] = []
    for revision in range(len(deltas)):
        cells = cells_of(message("".join(deltas[: revision + 1]), revision), cells)
        for cell in cells:
            painted = [repr(list(strip)) for strip in paint_cell(cell, look)]
            assert seen.setdefault((cell.key, cell.stamp), painted) == painted


def test_closed_chunks_keep_their_stamp_while_the_message_grows() -> None:
    before = cells_of(message("one\n\ntwo\n\nthr", 1))
    after = cells_of(message("one\n\ntwo\n\nthree\n\nfour", 2), before)
    assert [cell.stamp for cell in before[:2]] == [cell.stamp for cell in after[:2]]
    assert before[2].stamp != after[2].stamp
    assert [cell.last for cell in after] == [False, False, False, True]
    assert [cell.key for cell in after] == [("t1", "i1", part) for part in range(4)]


def test_a_text_that_was_replaced_is_cut_anew() -> None:
    before = cells_of(message("one\n\ntwo\n\nthree", 1))
    after = cells_of(message("ONE\n\ntwo", 2), before)
    assert [cell.stamp for cell in after] == [cell.stamp for cell in cells_of(message("ONE\n\ntwo"))]
    assert after[0].stamp != before[0].stamp


def test_an_empty_message_is_one_cell_without_rows() -> None:
    (cell,) = cells_of(message(""))
    assert paint_cell(cell, Look()) == []
    assert cell.last
    assert not foldable(cell)


def test_what_is_closed_is_kept_and_only_the_tail_is_cut_anew() -> None:
    text = ("word " * 40 + "\n\n") * 300
    before = cells_of(message(text, 1))
    after = cells_of(message(text + "tail", 2), before)
    assert all(one is other for one, other in zip(before[:-1], after, strict=False))
    assert {cell.item.revision for cell in [*before, *after]} == {2}, "no cell keeps an old text"
