"""Keys and turns: early typing, new lines, stopping, dialogs that wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.client import LIVE, Client

pytestmark = pytest.mark.e2e

RUN = "Run this command?"
OPEN = "Yes, this once"  # only in the dialog; its title is in the announcement too


def test_what_is_typed_before_the_first_frame_is_in_the_composer(env: dict[str, str], tmp_path: Path) -> None:
    with Client(["--demo"], env=env, cwd=tmp_path) as client:
        client.type("typed at once")
        client.wait_until_ready()
        client.wait_for(lambda _: "typed at once" in client.composer)


def test_esc_stops_a_streaming_answer(demo: Client) -> None:
    demo.say("answer slowly")
    demo.wait_for("without haste")
    demo.press("escape")
    demo.wait_for("interrupted")
    stopped = demo.text.count("without haste")
    demo.pump(0.5)
    assert demo.text.count("without haste") == stopped


def test_esc_in_the_dialog_declines_and_stops_the_turn(demo: Client) -> None:
    demo.say("run a command")
    demo.wait_for_question(RUN, "20 + 22")
    demo.answer("escape")
    demo.wait_for("interrupted")
    assert "It ran" not in demo.text


def test_an_answer_key_that_comes_too_early_is_dead(demo: Client) -> None:
    demo.say("run a command")
    demo.wait_for(RUN)
    demo.press("y")
    demo.pump(0.3)
    assert RUN in demo.text
    demo.wait_for(LIVE)
    demo.answer("y")
    demo.wait_for("It ran and ended well")


def test_a_dialog_does_not_open_over_a_draft(demo: Client) -> None:
    demo.say("run a command")
    demo.type("half a thought")
    demo.wait_for("F5")
    demo.pump(1.5)
    assert OPEN not in demo.text
    assert "half a thought" in demo.composer
    demo.press("f5")
    demo.wait_for_question(RUN, "20 + 22")
    demo.answer("d")
    assert "half a thought" in demo.composer


@pytest.mark.parametrize(("kitty", "key"), [(False, "ctrl+j"), (True, "ctrl+j"), (True, "shift+enter")])
def test_a_new_line_does_not_send(env: dict[str, str], tmp_path: Path, kitty: bool, key: str) -> None:
    with Client(["--demo"], env=env, cwd=tmp_path, kitty=kitty) as client:
        client.wait_until_ready()
        client.type("first row")
        client.press(key)
        client.type("second row")
        client.wait_for(lambda _: "second row" in client.composer)
        assert "first row" in client.composer
        rows = [line for line in client.lines if "first row" in line or "second row" in line]
        assert len(rows) == 2
