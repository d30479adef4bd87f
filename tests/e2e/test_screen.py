"""The window changes its size, and the screen follows."""

from __future__ import annotations

import pytest

from tests.e2e.client import EMPTY, Client

pytestmark = pytest.mark.e2e


def test_a_narrow_low_window_shows_the_end_of_the_conversation_and_the_composer(session: Client) -> None:
    session.say("think")
    session.wait_for("they can be unfolded")
    session.wait_for(lambda _: session.is_idle())
    session.resize(40, 10)
    # The gutter is one cell narrower, and the answer wraps.
    session.wait_for(lambda text: f"\n❯ {EMPTY}" in text and "unfolded." in text)
    assert "gpt-5.5" in session.lines[9]
    session.resize(120, 40)
    session.wait_for(lambda text: f"\n  ❯ {EMPTY}" in text and "they can be unfolded" in text)
    session.wait_for(lambda _: session.is_idle())


def test_a_window_made_small_and_large_again_at_once_is_painted_anew(session: Client) -> None:
    before = session.text
    session.resize(40, 10)
    session.resize(120, 40)
    session.wait_for(lambda text: text == before, within=5)


def test_a_wide_window_is_filled(session: Client) -> None:
    facts = ("F1 keys", "notice")
    session.resize(200, 60)
    session.wait_for(lambda _: session.lines[59].endswith(facts) and len(session.lines[59]) > 190)
    session.resize(120, 40)
    session.wait_for(lambda _: session.lines[39].endswith(facts))
