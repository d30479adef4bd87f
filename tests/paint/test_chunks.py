# ruff: noqa: E501 (a table of odd text)
"""A message cut while it streams ends up in the chunks, and the picture, of the finished one."""

from __future__ import annotations

import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from codex_tui.paint.chunks import HARD_ROWS, MAX_CHARS, Chunk, split

PIECES = [
    "para ", "word", "\n", "\n\n", "```", "```py\n", "~~~\n", "\n```\n", "- ", "\n- item", "\n  - nested", "1. ",
    "\n   ", "\n    code", "> ", "\n> ```\n", "| a | b |\n|---|---|\n", "| 1 | 2 |\n", "# ", "\t", "\r\n", "   ",
    "- ```\n", "`", "``", "|", "---\n", "\n" * 3, "x" * 50, "漢字", "line\n" * 40, "- it\n" * 40, "y" * (MAX_CHARS // 2),
]  # fmt: skip
markdown = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def streamed(text: str, cuts: list[int]) -> list[Chunk]:
    """As the chat does it: whenever text came, only what was open is cut again."""
    known: list[Chunk] = []
    for cut in [*sorted(min(cut, len(text)) for cut in cuts), len(text)]:
        kept = max(0, len(known) - 1)
        while kept and not known[kept - 1].closed:
            kept -= 1
        assert all(chunk.closed for chunk in known[:kept])
        if known and known[-1].closed:
            assert split(text[:cut], known[kept])[0] == known[-1], "a closed chunk changed"
        known = [*known[:kept], *split(text[:cut], known[kept] if known else None)]
    return known


@settings(max_examples=150, deadline=None)
@given(markdown, st.lists(st.integers(0, 3000), max_size=20))
@example("a\n``", [4])
@example("```\n``\n```x\n```\nb", [5, 7, 8])
def test_streamed_chunks_are_the_finished_ones(text: str, cuts: list[int]) -> None:
    assert streamed(text, cuts) == split(text)


@settings(max_examples=40, deadline=None)
@given(markdown.filter(lambda text: len(text) < 400))
def test_a_text_that_comes_letter_by_letter_is_cut_the_same(text: str) -> None:
    assert streamed(text, list(range(len(text)))) == split(text)


@settings(max_examples=100, deadline=None)
@given(markdown)
def test_chunks_hold_all_that_is_not_blank_in_order_and_are_bounded(text: str) -> None:
    at = 0
    for chunk in split(text):
        assert chunk.start >= at
        assert not text[at : chunk.start].strip(" \t\r\n")
        assert chunk.rows <= HARD_ROWS + 1
        assert chunk.end - chunk.start <= MAX_CHARS + 1
        at = chunk.end
    assert not text[at:].strip(" \t\r\n")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(chunk.kind, text[chunk.start : chunk.end]) for chunk in split(text)]


def test_blank_lines_part_chunks_but_not_inside_fences() -> None:
    assert kinds("a\nb\n\nc\n```py\nx\n\ny\n```\nd") == [
        ("text", "a\nb"),
        ("text", "c"),
        ("fence", "```py\nx\n\ny\n```"),
        ("text", "d"),
    ]


def test_a_fence_closes_only_with_its_own_sign_and_length() -> None:
    assert kinds("````\n```\n~~~~\n````\nz")[0] == ("fence", "````\n```\n~~~~\n````")


def test_a_fence_in_a_list_item_keeps_its_place() -> None:
    text = "1. do\n\n   ```sh\n   ls\n   ```\n\n   then\n2. end"
    chunks = split(text)
    assert [(chunk.kind, chunk.indent) for chunk in chunks] == [("text", 0), ("fence", 3), ("text", 3)]


def test_a_fence_behind_a_list_mark_belongs_to_the_item() -> None:
    assert kinds("- ```\n  a\n\n  b\n  ```\n\nafter") == [
        ("text", "- ```\n  a\n\n  b\n  ```"),
        ("text", "after"),
    ]


def test_a_quote_ends_the_fence_inside_it() -> None:
    assert [kind for kind, _ in kinds("> ```\n> a\n\nafter\n\nmore")] == ["text"] * 3


def test_a_long_fence_comes_in_pieces_that_know_their_language() -> None:
    text = "```py\n" + "x = 1\n" * 300 + "```\n"
    chunks = split(text)
    assert len(chunks) > 4
    assert all(chunk.kind == "fence" and chunk.fence and chunk.fence.info == "py" for chunk in chunks)
    assert [chunk.opens for chunk in chunks] == [True] + [False] * (len(chunks) - 1)
    assert chunks[-1].closes


def test_a_long_table_goes_on_under_its_header() -> None:
    text = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 200
    chunks = split(text)
    assert [chunk.header for chunk in chunks] == [""] + ["| a | b |\n|---|---|"] * (len(chunks) - 1)
    assert len(chunks) > 2


def test_a_text_without_line_ends_is_cut_in_proportion_to_its_length() -> None:
    began = time.monotonic()
    chunks = split("word " * (32 * 1024 * 1024 // 5))
    assert len(chunks) > 8000
    assert time.monotonic() - began < 5  # 0.2 s here; looking for the line's end each time took 16
