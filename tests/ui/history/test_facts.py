"""What a row says of a thread that a search found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.history import Listing
from codex_tui.paint.look import ASCII_MARKS, Marks
from codex_tui.panes.status.parts import Part
from codex_tui.screens.history.facts import entry_parts
from codex_tui.text import cell_width
from tests.history.shelf import HERE, NOW, SOME

LISTING = Listing(HERE)


def row(snippet: str, sought: str, width: int = 80, marks: Marks | None = None) -> list[Part]:
    return entry_parts(SOME[0], LISTING, NOW, width, marks or Marks(), snippet, sought)


def test_the_words_that_were_looked_for_stand_out() -> None:
    parts = row("first\n  Salt it\x1b[2J later", "salt  it")
    assert [text for text, role in parts if role == "strong"] == ["Salt it"]
    assert [text for text, role in row("nothing of it", "salt") if role == "strong" and text] == []
    assert [text for text, role in row("all of it", "") if role == "strong" and text] == []


@given(
    st.text(max_size=60), st.text(max_size=8), st.integers(40, 120), st.sampled_from([Marks(), ASCII_MARKS])
)
def test_a_row_is_as_wide_as_it_is_to_be(snippet: str, sought: str, width: int, marks: Marks) -> None:
    for wanted in (sought, snippet[3:9]):
        parts = row(snippet, wanted, width, marks)
        assert sum(cell_width(text) for text, _ in parts) == width
