"""What goes wrong beside the conversation: a bug of ours, odd redirections, signals at any moment."""

from __future__ import annotations

import shlex
import signal
from pathlib import Path

import pytest

from bench.terminal import Terminal, this_python
from tests.e2e.client import START_SECONDS, Client

pytestmark = pytest.mark.e2e

BROKEN = """
import sys, time
{bug}
from codex_tui.cli import main
sys.exit(main(["--demo"]))
"""
IN_THE_REDUCER = """
import codex_tui.session.reducer as room
def broken(*_):
    raise RuntimeError("\\x1b]0;a title\\x07 what somebody wrote")
room.reduce_all = broken
"""
BEFORE_THE_SCREEN = """
from codex_tui.screens.main import MainScreen
def broken(_):
    raise RuntimeError("\\x1b]0;a title\\x07 what somebody wrote")
MainScreen.compose = broken
"""
# The program gives an interface that is stuck eight seconds; here it is given one.
STUCK = """
import codex_tui.host as room
from codex_tui.panes.status import StatusLine
def busy(*_):
    open("stuck", "w").close()
    while True:
        pass
StatusLine.show = busy
room.LEAVE_WITHIN = 1.0
"""


class Command(Client):
    """Any command line in the terminal of the tests."""

    def __init__(self, command: list[str], env: dict[str, str], cwd: Path) -> None:
        Terminal.__init__(self, command, env=env, cwd=cwd, columns=120, rows=40)


@pytest.mark.parametrize("bug", [IN_THE_REDUCER, BEFORE_THE_SCREEN])
def test_a_bug_anywhere_ends_with_a_report_and_no_foreign_text(
    env: dict[str, str], tmp_path: Path, bug: str
) -> None:
    with Command(this_python("-c", BROKEN.format(bug=bug)), env, tmp_path) as client:
        assert client.wait_exit(START_SECONDS) == 70
        assert "this is a bug in it" in client.text
        assert "Traceback" not in client.text
        assert b"a title" not in client.raw
        assert client.differences() == []
        assert client.wait_all_gone(2) == []
    (report,) = (tmp_path / "home").rglob("crash-*.txt")
    assert "in broken" in report.read_text()
    assert "what somebody wrote" not in report.read_text()


@pytest.mark.parametrize("name", ["SIGTERM", pytest.param("SIGHUP", marks=pytest.mark.heavy)])
def test_a_signal_ends_an_interface_that_is_stuck(env: dict[str, str], tmp_path: Path, name: str) -> None:
    stuck = tmp_path / "stuck"
    with Command(this_python("-c", BROKEN.format(bug=STUCK)), env, tmp_path) as client:
        client.wait_bytes(b"\x1b[?2004h", START_SECONDS)
        # The engine's first event meets the bug.
        client.wait_for(lambda _: stuck.exists(), START_SECONDS)
        number = signal.Signals[name]
        client.signal(number)
        assert client.wait_exit(12) == 128 + number
        assert client.differences() == []
        assert client.wait_all_gone(2) == []


@pytest.mark.parametrize("redirection", ["2>errors", "2>&-"])
def test_the_screen_needs_no_standard_error(env: dict[str, str], tmp_path: Path, redirection: str) -> None:
    command = " ".join(map(shlex.quote, this_python("-m", "codex_tui", "--demo")))
    with Command(["/bin/sh", "-c", f"{command} {redirection}"], env, tmp_path) as client:
        client.wait_until_ready()
        assert client.quit() == 0
        assert client.differences() == []
    errors = tmp_path / "errors"
    assert not errors.exists() or errors.read_bytes() == b""


def test_a_recording_that_cannot_be_written_is_said_in_one_line(env: dict[str, str], tmp_path: Path) -> None:
    with Client(["--demo", "--record", "no/such/place/file"], env=env, cwd=tmp_path) as client:
        assert client.wait_exit(START_SECONDS) == 1
        shown = [line for line in client.lines if line]
        assert shown == ["codex-tui: cannot record to no/such/place/file: No such file or directory"]
        assert client.differences() == []


def test_while_it_is_suspended_the_terminal_is_as_before(demo: Client) -> None:
    demo.type("a draft")
    demo.wait_for("a draft")
    demo.press("ctrl+z")
    demo.wait_gone("a draft")
    assert demo.differences() == []
    demo.signal(signal.SIGCONT)
    demo.wait_for("a draft")
    demo.press("ctrl+c")
    demo.wait_gone("a draft")
    assert demo.quit() == 0
    assert demo.differences() == []


@pytest.mark.parametrize(
    "after", [0.1, 0.3, 0.8, *(pytest.param(after, marks=pytest.mark.heavy) for after in (0.2, 0.4, 0.6))]
)
def test_a_signal_during_the_start_leaves_nothing(env: dict[str, str], tmp_path: Path, after: float) -> None:
    with Client(["--demo"], env=env, cwd=tmp_path) as client:
        client.wait_bytes(b"\x1b[?1049h", START_SECONDS)
        client.pump(after - 0.1)
        client.signal(signal.SIGHUP)
        assert client.wait_exit(8) == 128 + signal.SIGHUP
        assert client.differences() == []
        assert client.wait_all_gone(2) == []
    assert list((tmp_path / "tmp").glob("codex-tui-demo-*")) == []
