"""The pseudo-terminal harness itself, tried with programs of a few lines."""

from __future__ import annotations

import signal
import time

import pytest

from bench.processes import marked
from bench.replies import Replies
from bench.screen import Screen
from bench.terminal import ScreenTimeoutError, Terminal, this_python

pytestmark = pytest.mark.e2e


def shell(script: str) -> Terminal:
    return Terminal(["/bin/sh", "-c", script], columns=40, rows=6)


def test_a_query_split_between_two_reads_is_answered_once() -> None:
    answers: list[bytes] = []
    replies = Replies(answers.append, lambda: (80, 24), lambda: (3, 2))
    for part in (b"\x1b[?2", b"026$", b"p\x1b[6", b"n\x1b]11;?\x07\x1b[c\x1b[?u"):
        replies.read(part)
    assert answers[0] == b"\x1b[?2026;2$y"
    assert answers[1] == b"\x1b[2;3R"
    assert answers[2].startswith(b"\x1b]11;rgb:")
    assert answers[3].startswith(b"\x1b[?64;")
    assert len(answers) == 4  # xterm knows no kitty keyboard


def test_modes_are_counted() -> None:
    replies = Replies(lambda _: None, lambda: (80, 24), lambda: (1, 1))
    replies.read(b"\x1b[?1049;2004h\x1b[?25l\x1b[>7u\x1b[>1u")
    assert replies.modes == {7, 1049, 2004}
    assert (replies.keyboard_flags, replies.keyboard_depth) == (1, 2)
    replies.read(b"\x1b[<u\x1b[<u\x1b[?1049l\x1b[?2004l\x1b[?25h")
    assert replies.modes == {7, 25}
    assert replies.keyboard_depth == 0


def test_the_alternate_screen_leaves_the_main_one_alone() -> None:
    screen = Screen(20, 3)
    screen.feed(b"before\x1b[?1049h\x1b[>25u\x1b[Hinside\x1b[4:3mx\x1b[0m")
    assert screen.lines[0] == "insidex"
    assert screen.main_text.startswith("before")
    screen.feed(b"\x1b[<u\x1b[?104")
    screen.feed(b"9l after")
    assert screen.lines[0] == "before after"


def test_the_program_gets_size_keys_and_resizes() -> None:
    script = "stty size; trap 'stty size' WINCH; echo ready; while read line; do echo got $line; done"
    with shell(script) as terminal:
        terminal.wait_for("6 40")
        terminal.wait_for("ready")
        terminal.type("hello")
        terminal.press("enter")
        terminal.wait_for("got hello")
        terminal.resize(50, 5)
        terminal.press("enter")
        terminal.wait_for("5 50")


def test_what_does_not_come_is_told_with_the_screen() -> None:
    with shell("echo only this; sleep 5") as terminal:
        terminal.wait_for("only this")
        with pytest.raises(ScreenTimeoutError, match="only this"):
            terminal.wait_for("something else", within=0.2)


def test_exit_codes_and_signals_are_told_apart() -> None:
    with shell("exit 7") as terminal:
        assert terminal.wait_exit() == 7
    with shell("kill -TERM $$") as terminal:
        assert terminal.wait_exit() == -signal.SIGTERM
    with Terminal(["/no/such/program"]) as terminal:
        assert terminal.wait_exit() == 127
        assert "cannot start" in terminal.text


def test_orphans_are_seen_and_ended() -> None:
    # A child in a session of its own that ignores the polite signals.
    program = (
        "import os, signal, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    for number in (signal.SIGHUP, signal.SIGTERM):\n"
        "        signal.signal(number, signal.SIG_IGN)\n"
        "    print('here', flush=True); time.sleep(30)\n"
        "time.sleep(0.5)\n"
    )
    with Terminal(this_python("-c", program)) as terminal:
        terminal.wait_for("here")
        terminal.wait_exit()
        assert len(terminal.processes()) == 1
        mark = terminal.mark
        assert len(marked(mark)) == 1
    assert marked(mark) == []


def test_processor_time_of_ended_children_counts() -> None:
    burn = "import time\nwhile time.process_time() < 0.4: pass"
    with shell(f'{this_python()[0]} -c "{burn}"; echo done; sleep 5') as terminal:
        terminal.wait_for("done")
        assert 0.35 < terminal.cpu_seconds() < 2


def test_output_is_kept_with_the_time_it_came() -> None:
    with shell("echo one; sleep 0.4; echo two") as terminal:
        began = time.monotonic()
        at = terminal.wait_bytes(b"two", 5)
        assert 0.35 < at < time.monotonic() - began + 0.5
