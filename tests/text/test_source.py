"""The way back from safe text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.engine.failures import RefusedError
from codex_tui.text import line
from codex_tui.text.source import source_of

HOSTILE = st.text(
    st.one_of(st.sampled_from("\x07\x1b\n\\x1b<U+202E>\u202e\u3164"), st.characters()), max_size=40
)


@given(HOSTILE)
def test_what_one_line_hides_is_found_again(text: str) -> None:
    assert source_of(line(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "\\x", "<U+>", "half \\x1"])
def test_what_is_no_escape_stays(text: str) -> None:
    assert source_of(text) == text


def test_an_engines_refusal_is_escaped_once_where_it_is_shown() -> None:
    refused = RefusedError("turn/start", -32000, "\x1b]52;c;eA==\x07 no")
    assert refused.title == "\\x1b]52;c;eA==\\x07 no"
    assert line(source_of(refused.title)) == refused.title
