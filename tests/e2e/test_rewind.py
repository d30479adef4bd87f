"""Two prompts with patches, and back to before the second: files, conversation and draft; then on."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.e2e.client import START_SECONDS, TURN_SECONDS, Client
from tests.engine.fakes import script
from tests.engine.scripted import ScriptedModel

pytestmark = pytest.mark.e2e

#: The real engine behind a filter: what it does with `thread/revert` is put in for REVERT.
FILTER = """
import threading
engine = subprocess.Popen([{engine!r}, *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
lock = threading.Lock()
deaf = False

def forward():
    for line in engine.stdout:
        with lock:
            if deaf and b"thread/reverted" in line:
                open({mark!r}, "w").close()
            if not deaf:
                out.write(line)
                out.flush()
    os._exit(0)

threading.Thread(target=forward, daemon=True).start()
for line in sys.stdin.buffer:
    message = json.loads(line)
    if message.get("method") == "thread/revert":
{revert}
    engine.stdin.write(line)
    engine.stdin.flush()
engine.stdin.close()
engine.wait()
"""
MARK = "reverted"
"""The file that the filter makes once the engine has done what nobody hears of."""
REVERT = {
    "it does not know the method, as those before 0.148": """
        words = "Invalid request: unknown variant `thread/revert`, expected one of `initialize`"
        with lock:
            say({"id": message["id"], "error": {"code": -32600, "message": words}})
        continue
""",
    "it takes its time": """
        continue
""",
    "it does it, and nobody hears of it": """
        deaf = True
""",
}


def patch(*lines: str) -> dict[str, str]:
    return {"custom": "apply_patch", "input": "\n".join(["*** Begin Patch", *lines, "*** End Patch", ""])}


SCRIPT = [
    [patch("*** Add File: one.txt", "+first")],
    [{"msg": "One is made."}],
    [patch("*** Update File: one.txt", "@@", "-first", "+second", "*** Add File: two.txt", "+two")],
    [{"msg": "Two is made."}],
    [{"msg": "Then otherwise."}],
]


def filtered(folder: Path, scripted: ScriptedModel, revert: str) -> list[str]:
    """The options for an engine that does so with `thread/revert`."""
    made = script(
        folder, FILTER.format(engine=str(scripted.engine), revert=REVERT[revert], mark=str(folder / MARK))
    )
    return ["--engine", made.path]


def two_prompts(client: Client) -> None:
    client.wait_until_ready()
    for number in ("one", "two"):
        client.say(f"make {number}")
        client.wait_for(f"{number.title()} is made.", TURN_SECONDS)
        client.wait_for(lambda text: "Esc stops" not in text, TURN_SECONDS)


def go_back(client: Client) -> None:
    """To before the second prompt, with its files."""
    client.say("/rewind")
    client.wait_for("Go back to before which prompt?", TURN_SECONDS)
    client.press("enter")
    client.wait_for(lambda text: "two.txt  is deleted" in text and "one.txt" in text, TURN_SECONDS)
    client.press("r")
    client.wait_for("Go back: 1 turn and 2 files?", TURN_SECONDS)
    client.press("y")


@pytest.mark.parametrize("engine", ["today", pytest.param("older", marks=pytest.mark.heavy)])
def test_back_to_before_the_second_prompt_and_on(env: dict[str, str], tmp_path: Path, engine: str) -> None:
    with ScriptedModel(SCRIPT) as scripted:
        env = {**env, **scripted.env, "HOME": env["HOME"]}
        options = ["-a", "never"]
        if engine == "older":
            options += filtered(tmp_path, scripted, "it does not know the method, as those before 0.148")
        with Client(options, env=env, cwd=scripted.project) as client:
            two_prompts(client)
            go_back(client)
            client.wait_for(lambda text: "went back" in text and "Two is made." not in text, START_SECONDS)
            assert "One is made." in client.text
            assert "make two" in client.composer
            assert (scripted.project / "one.txt").read_text() == "first\n"
            assert not (scripted.project / "two.txt").exists()
            client.type(" differently")
            client.wait_for("make two differently")
            client.press("enter")
            client.wait_for("Then otherwise.", TURN_SECONDS)
            assert client.quit() == 0
        last = str(scripted.server.requests[-1])
        assert "make two differently" in last
        assert "Two is made." not in last


def kill(client: Client) -> None:
    client.signal(signal.SIGKILL)
    assert client.wait_exit(5) == -signal.SIGKILL
    assert client.wait_all_gone(5) == []


@pytest.mark.parametrize("then", ["finish", pytest.param("take back", marks=pytest.mark.heavy)])
def test_killed_between_the_files_and_the_conversation_it_is_finished_or_taken_back(
    env: dict[str, str], tmp_path: Path, then: str
) -> None:
    with ScriptedModel(SCRIPT) as scripted:
        env = {**env, **scripted.env, "HOME": env["HOME"]}
        one, two = scripted.project / "one.txt", scripted.project / "two.txt"
        options = ["-a", "never", *filtered(tmp_path, scripted, "it takes its time")]
        with Client(options, env=env, cwd=scripted.project) as client:
            two_prompts(client)
            go_back(client)
            client.wait_for(lambda _: not two.exists() and one.read_text() == "first\n", TURN_SECONDS)
            kill(client)
        with Client(["-a", "never", "resume", "--last"], env=env, cwd=scripted.project) as client:
            client.wait_for("A rewind was cut off here", START_SECONDS)
            assert "Two is made." in client.text
            client.say("/rewind")
            client.wait_for("The conversation did not go back yet", TURN_SECONDS)
            if then == "finish":
                client.press("r")
                client.wait_for("Finish it: 1 turn?", TURN_SECONDS)
                client.press("y")
                client.wait_for(lambda text: "Two is made." not in text, START_SECONDS)
                client.wait_for(lambda _: "make two" in client.composer, START_SECONDS)
                assert not two.exists()
            else:
                client.press("tab")
                client.wait_for("two.txt  comes back", TURN_SECONDS)
                client.press("r")
                client.wait_for("Put back 2 files", TURN_SECONDS)
                client.press("y")
                client.wait_for("2 files put back", START_SECONDS)
                assert (one.read_text(), two.read_text()) == ("second\n", "two\n")
            client.wait_gone("A rewind was cut off", START_SECONDS)
            if then == "finish":
                client.press("ctrl+c")
            assert client.quit() == 0


@pytest.mark.heavy
def test_killed_before_the_prompt_is_back_it_is_there_at_the_next_start_and_files_can_be_put_back(
    env: dict[str, str], tmp_path: Path
) -> None:
    with ScriptedModel(SCRIPT) as scripted:
        env = {**env, **scripted.env, "HOME": env["HOME"]}
        options = ["-a", "never", *filtered(tmp_path, scripted, "it does it, and nobody hears of it")]
        with Client(options, env=env, cwd=scripted.project) as client:
            two_prompts(client)
            go_back(client)
            client.wait_for(lambda _: (tmp_path / MARK).exists(), TURN_SECONDS)
            kill(client)
        with Client(["-a", "never", "resume", "--last"], env=env, cwd=scripted.project) as client:
            client.wait_for(lambda _: "make two" in client.composer, START_SECONDS)
            assert "Two is made." not in client.text
            assert "cut off" not in client.text
            client.press("ctrl+c")
            client.say("/rewind undo")
            client.wait_for("Put back what went back  make two", TURN_SECONDS)
            client.press("r")
            client.wait_for("Put back 2 files", TURN_SECONDS)
            client.press("y")
            client.wait_for("2 files put back", START_SECONDS)
            assert (scripted.project / "two.txt").read_text() == "two\n"
            assert client.quit() == 0
