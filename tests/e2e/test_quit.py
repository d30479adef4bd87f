"""However it ends: the terminal is given back, and nothing keeps running."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.e2e.client import Client
from tests.engine.scripted import ScriptedModel

pytestmark = pytest.mark.e2e


def test_ctrl_c_clears_the_draft_then_quits_and_says_how_to_resume(env: dict[str, str]) -> None:
    answer = [{"msg": "The answer that is remembered."}]
    with ScriptedModel([answer]) as scripted:
        env = {**env, **scripted.env, "HOME": env["HOME"]}
        with Client([], env=env, cwd=scripted.project) as client:
            client.wait_until_ready()
            client.say("remember this")
            client.wait_for("The answer that is remembered.")
            client.type("a draft nobody needs")
            client.wait_for("a draft nobody needs")
            client.press("ctrl+c")
            client.wait_gone("a draft nobody needs")
            assert client.running
            assert client.quit() == 0
            assert client.differences() == []
            assert client.wait_all_gone(2) == []
            words = client.text.split()
        thread = words[words.index("resume") + 1]

        with Client(["resume", thread], env=env, cwd=scripted.project) as again:
            again.wait_until_ready()  # until then Ctrl+C ends the start at once
            again.wait_for("The answer that is remembered.", 20)
            assert "remember this" in again.text
            assert again.quit() == 0


@pytest.mark.parametrize(
    "name",
    ["SIGTERM", "SIGHUP", *(pytest.param(name, marks=pytest.mark.heavy) for name in ("SIGINT", "SIGQUIT"))],
)
def test_a_signal_ends_it_in_order(demo: Client, tmp_path: Path, name: str) -> None:
    number = signal.Signals[name]
    demo.signal(number)
    assert demo.wait_exit(8) == 128 + number
    assert demo.differences() == []
    assert demo.wait_all_gone(2) == []
    assert list((tmp_path / "tmp").glob("codex-tui-demo-*")) == []


def test_a_closed_window_leaves_no_process(demo: Client) -> None:
    assert len(demo.processes()) > 1
    demo.hang_up()
    assert demo.wait_all_gone(8) == []


def test_a_window_closed_after_an_answer_is_no_crash(env: dict[str, str]) -> None:
    """What is said at the end, here how to go on with the thread, has no terminal to go to."""
    with ScriptedModel([[{"msg": "The answer."}]]) as scripted:
        env = {**env, **scripted.env, "HOME": env["HOME"]}
        with Client([], env=env, cwd=scripted.project) as client:
            client.wait_until_ready()
            client.say("a prompt")
            client.wait_for("The answer.")
            client.hang_up()
            assert client.wait_exit(8) == 128 + signal.SIGHUP
    assert [path.name for path in Path(env["HOME"]).rglob("crash*")] == []


def test_a_killed_client_takes_the_engine_with_it(demo: Client) -> None:
    assert any(process.name.startswith("codex") for process in demo.processes())
    demo.signal(signal.SIGKILL)
    assert demo.wait_exit(2) == -signal.SIGKILL
    assert demo.wait_all_gone(2) == []


def test_quitting_ends_a_running_command(demo: Client) -> None:
    demo.say("sleep")
    demo.wait_for_question("Run this command?", "sleep 1")
    demo.answer("y")
    demo.wait_for("second 2")  # the engine may lose the first line of a live output
    assert demo.quit() == 0
    assert demo.wait_all_gone(2) == []
    assert demo.differences() == []
