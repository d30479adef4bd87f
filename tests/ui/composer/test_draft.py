"""Drafts without a terminal: what may stand on screen, and chips for long pastes."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.composer.draft import DRAFT_SHOWN, HELD_BOUND, PASTE_SHOWN, Chips, image_chips, showable
from codex_tui.paint.look import ASCII_MARKS


@given(st.text(st.characters(exclude_categories=())))
def test_a_draft_never_holds_a_character_that_acts_on_a_terminal(text: str) -> None:
    for char in showable(text):
        assert char in "\n\t" or unicodedata.category(char) not in {
            "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp",
        }  # fmt: skip


@given(st.text(st.characters(exclude_categories=())))
def test_showing_twice_changes_nothing_more(text: str) -> None:
    assert showable(showable(text)) == showable(text)


def test_ordinary_text_stays_as_it_is_even_if_it_spells_an_escape() -> None:
    code = 'print("\\x1b[1m")  # <U+202E>\n\tübung 漢字 👍'
    assert showable(code) == code


def test_hidden_characters_become_visible() -> None:
    assert showable("a\x1b]52;c;x\x07b\u202ec\u200bd") == r"a\x1b]52;c;x\x07b<U+202E>c<U+200B>d"


def test_line_ends_of_all_kinds_become_newlines_and_blanks_of_all_kinds_plain() -> None:
    assert showable("a\r\nb\rc\nd\u00a0e\u3000f") == "a\nb\nc\nd e f"


def test_a_joined_emoji_falls_apart_without_escapes() -> None:
    assert showable("👩\u200d💻 ❤\ufe0f") == "👩💻 ❤"
    assert showable("a\u200db") == "a<U+200D>b"


def test_a_long_paste_becomes_a_chip_that_expands_to_exactly_what_was_pasted() -> None:
    chips = Chips()
    pasted = "x\x1b" * PASTE_SHOWN
    assert chips.wanted(pasted, 0)
    label = chips.put(pasted)
    assert label == "[pasted 20,000 characters]"
    assert chips.expand(f"look: {label}!") == f"look: {pasted}!"


def test_two_long_pastes_of_equal_length_have_different_labels() -> None:
    chips = Chips()
    first, second = chips.put("a" * 12_345), chips.put("b" * 12_345)
    assert (first, second) == ("[pasted 12,345 characters]", "[pasted 12,345 characters #2]")
    assert chips.expand(f"{second}{first}") == "b" * 12_345 + "a" * 12_345


def test_a_paste_that_spells_a_label_becomes_a_chip_itself() -> None:
    assert Chips().wanted("see [pasted 12,345 characters]", 0)


def test_many_short_pastes_stop_being_laid_out_at_the_drafts_bound() -> None:
    assert not Chips().wanted("x" * 100, DRAFT_SHOWN - 100)
    assert Chips().wanted("x" * 100, DRAFT_SHOWN - 99)


def test_expanding_does_not_look_into_what_was_pasted() -> None:
    chips = Chips()
    inner = chips.put("secret")
    outer = chips.put(f"text with {inner}")
    assert outer is not None
    assert chips.expand(outer) == f"text with {inner}"


def test_pastes_beyond_the_bound_are_refused_and_room_comes_back() -> None:
    chips = Chips()
    label = chips.put("x" * HELD_BOUND)
    assert label is not None
    assert chips.put("y") is None
    chips.keep_only([])
    assert chips.put("y") is not None
    assert chips.expand(label) == label


def test_images_are_named_by_their_file_and_made_safe() -> None:
    assert image_chips(["/tmp/a b.png", "x\x1b.png"]) == r"▣ a b.png  ▣ x\x1b.png"
    assert image_chips([]) == ""
    assert image_chips(["a.png", "b.png"], ASCII_MARKS.image) == "# a.png  # b.png"
