"""What is shown of a place that a search found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.history.found import BEFORE, BEHIND, around

LONG = st.text(max_size=400)


@given(LONG, st.text(min_size=1, max_size=60), LONG)
def test_the_words_are_in_sight_and_what_stands_around_is_bounded(
    before: str, wanted: str, behind: str
) -> None:
    shown = around(before + wanted + behind, wanted)
    assert wanted.casefold() in shown.casefold()
    assert shown.casefold().find(wanted.casefold()) <= 3 * (BEFORE + 2)  # folded, a letter is up to three
    assert len(shown) <= len(wanted) + BEFORE + BEHIND + 4


def test_it_begins_with_a_whole_word_and_says_what_is_left_out() -> None:
    text = "Some words come first, then somebody says: Salt it later. " + "And so on. " * 20
    assert around(text, "SALT").startswith("\u2026 says: Salt it later. And")
    assert around(text, "SALT").endswith(" \u2026")
    assert around("salt", "salt") == "salt"
    assert around("x" * 99 + "salt", "salt") == "\u2026 " + "x" * BEFORE + "salt"
    assert around("\xdf" * 200 + " salt", "salt").endswith("salt")
    assert around("what a newer engine finds in its own way", "nothing of it").startswith("what a newer")
