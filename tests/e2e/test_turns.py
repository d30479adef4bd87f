"""Keys and turns: early typing, new lines, stopping, dialogs that wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.client import START_SECONDS, Client

pytestmark = pytest.mark.e2e

RUN = "Run this command?"
RAN = "It ran and ended well"
STOPPED = "interrupted"
PASTE, FOCUS = 2004, 1004  # private modes of the terminal; only the interface wants to know of focus
OPEN = "Yes, this once"  # only in the dialog; its title is in the announcement too


def test_what_is_typed_before_the_first_frame_is_in_the_composer(env: dict[str, str], tmp_path: Path) -> None:
    with Client(["--demo"], env=env, cwd=tmp_path) as client:
        client.type("typed at once")
        client.wait_until_ready()
        client.wait_for(lambda _: "typed at once" in client.composer)


def test_a_paste_that_begins_before_the_interface_and_ends_in_it_is_one_paste(
    env: dict[str, str], tmp_path: Path
) -> None:
    with Client(["--demo"], env=env, cwd=tmp_path) as client:
        client.wait_for(lambda _: PASTE in client.modes, START_SECONDS)
        assert FOCUS not in client.modes  # this is the hand-painted frame
        # A terminal's answers to the interface's questions queue behind what is being pasted.
        write, answers = client._write, list[bytes]()  # pyright: ignore[reportPrivateUsage]
        client.replies._answer = answers.append  # pyright: ignore[reportPrivateUsage]
        write(b"\x1b[200~first line\rsecond ")
        client.wait_for(lambda _: FOCUS in client.modes, START_SECONDS)
        write(b"line\rthird line\r\x1b[201~" + b"".join(answers))
        client.replies._answer = write  # pyright: ignore[reportPrivateUsage]
        client.wait_until_ready()
        client.wait_for(lambda _: "third line" in client.composer)
        assert "first line" in client.composer
        assert "second line" in client.composer


def test_esc_stops_a_streaming_answer(session: Client) -> None:
    before = session.text.count(STOPPED)
    session.say("answer slowly")
    session.wait_for("without haste")
    session.press("escape")
    session.wait_for(lambda text: text.count(STOPPED) > before)
    stopped = session.text.count("without haste")
    session.pump(0.5)
    assert session.text.count("without haste") == stopped


def test_esc_in_the_dialog_declines_and_stops_the_turn(session: Client) -> None:
    before = session.text
    session.say("run a command")
    session.wait_for_question(RUN, "20 + 22")
    session.answer("escape")
    after = session.wait_for(lambda text: text.count(STOPPED) > before.count(STOPPED))
    assert after.count("nothing ran") == before.count("nothing ran")  # the model was not asked again


def test_an_answer_key_that_comes_too_early_is_dead(session: Client) -> None:
    session.say("run a command")
    session.type("half a thought")
    session.wait_for("F5")
    session.press("f5", "y")  # at once: what comes later might be in time on a slow machine
    session.wait_for_question(RUN, "20 + 22")
    before = session.text.count(RAN)
    session.answer("y")
    session.wait_for(lambda text: text.count(RAN) > before)
    session.press("ctrl+c")
    session.wait_gone("half a thought")


def test_a_dialog_does_not_open_over_a_draft(session: Client) -> None:
    session.say("run a command")
    session.type("half a thought")
    session.wait_for("F5")
    session.pump(1.5)
    assert OPEN not in session.text
    assert "half a thought" in session.composer
    session.press("f5")
    session.wait_for_question(RUN, "20 + 22")
    session.answer("d")
    assert "half a thought" in session.composer


@pytest.mark.parametrize(("kitty", "key"), [(False, "ctrl+j"), (True, "shift+enter")])
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
