"""Foreign text becomes visible, and two different texts never look the same."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codex_tui.text import block, cell_width, copyable, line, lines, prose, tabbed
from codex_tui.text.safe import MAX_STACK

DISALLOWED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
BLANKS = set("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2800\u3164\ufe0f\uffa0\ufffc\U000e0100\xa0\u3000")
NASTY = list(
    "\x00\x07\x08\t\n\r\x1b\x7f\x9b\xa0\xad\u0301\u200b\u200d\u202e\u2028\ufe0f\ud800\U000e0041\\<>xU+1b0"
)

hostile = st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=40)


def is_clean(text: str) -> bool:
    return not any(
        unicodedata.category(char) in DISALLOWED
        or char in BLANKS
        or (unicodedata.category(char) == "Zs" and char != " ")
        for char in set(text)
    )


def unescape(text: str) -> str:
    """The inverse of `line`, which exists only because the mapping is injective."""
    return re.sub(
        r"\\x([0-9a-f]{2})|<U\+([0-9A-F]{4,6})>", lambda m: chr(int(m.group(1) or m.group(2), 16)), text
    )


@given(hostile)
@example("\\x1b")
@example("\\\\x1b")
@example("\\\x1b")
@example("<U+202E>")
@example("<<U+202E>")
@example("<\u202e>")
@example("\u0301" * 9)
def test_a_line_can_be_read_back_so_two_texts_never_look_the_same(text: str) -> None:
    assert unescape(line(text)) == text


@given(hostile)
def test_a_line_holds_nothing_invisible(text: str) -> None:
    assert is_clean(line(text))
    assert is_clean(tabbed(text))
    assert all(is_clean(part) for part in [*lines(text), *block(text)])


def test_no_single_character_gets_through_unseen() -> None:
    for first in range(0, 0x110000, 256):
        assert is_clean(line("a".join(map(chr, range(first, first + 256))))), hex(first)


@given(st.text(st.sampled_from([*NASTY, "👩", "❤", "🏽", "1", "⃣", "\U0001f1e9", "\U0001fafc"]), max_size=30))
def test_prose_keeps_joiners_only_inside_emoji(text: str) -> None:
    kept = re.sub(
        "[👩❤\U0001fafc\u23e3](?:\ufe0f|🏽)?(?:\u200d[👩❤\U0001fafc](?:\ufe0f|🏽)?)*|1\ufe0f⃣", "", prose(text)
    )
    assert is_clean(kept)


def test_emoji_sequences_are_whole_in_prose_and_escaped_elsewhere() -> None:
    family = "👩‍👩‍👧 ❤️ 1️⃣"
    assert prose(family) == family
    assert line(family) == "👩<U+200D>👩<U+200D>👧 ❤<U+FE0F> 1<U+FE0F>⃣"
    assert prose("a\u200db \ufe0f") == "a<U+200D>b <U+FE0F>"


def test_piled_and_bare_combining_marks_are_counted_out() -> None:
    assert line("e\u0301" + "x") == "e\u0301x"
    assert line("\u0301x") == "<U+0301>x"
    assert line("l" + "\u0301" * 7) == "l" + "\u0301" * MAX_STACK + "<U+0301>" * 3
    assert line("ส" + "\u0e47" * 6) == "ส" + "\u0e47" * MAX_STACK + "<U+0E47>" * 2


@given(hostile)
def test_the_clipboard_gets_only_newlines_and_tabs_beside_visible_text(text: str) -> None:
    assert is_clean(re.sub("[\n\t\u200d\ufe0f]", "", copyable(text)))


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        (r'print("\x1b[0m", "<U+202E>")', r'print("\x1b[0m", "<U+202E>")'),
        ("rm\x1b[201~\rls", r"rm\x1b[201~\x0dls"),
        ("a\u00a0b\u3000c\u202ed", "a b c<U+202E>d"),
        ("one\r\ntwo\t3\n", "one\ntwo\t3\n"),
        ("\u0301x 👩\u200d👩 \u200d", "<U+0301>x 👩\u200d👩 <U+200D>"),
    ],
)
def test_what_could_act_when_pasted_is_spelled_out_and_what_is_spelled_stays(text: str, copied: str) -> None:
    assert copyable(text) == copied
    assert copyable(copied) == copied


def test_tabs_reach_the_next_stop_by_cells() -> None:
    assert tabbed("a\tb\t\tc") == "a       b               c"
    assert tabbed("漢\tb") == "漢      b"
    assert cell_width(tabbed("漢\t")) == 8


def test_lines_are_cut_at_newlines_only() -> None:
    assert lines("a\r\nb\x0cc\u2028d") == ["a\\x0d", "b\\x0cc<U+2028>d"]
    assert block("a\r\nb\rc") == ["a", "b\\x0dc"]
    assert lines("") == [""]
