"""Two prompts with patches, and back to before the second: files, conversation and draft; then on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.client import START_SECONDS, TURN_SECONDS, Client
from tests.engine.fakes import script
from tests.engine.scripted import ScriptedModel

pytestmark = pytest.mark.e2e

#: The real engine behind a filter that knows no `thread/revert`, as those before 0.148.
OLDER = """
import threading
engine = subprocess.Popen([{engine!r}, *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
lock = threading.Lock()

def forward():
    for line in engine.stdout:
        with lock:
            out.write(line)
            out.flush()
    os._exit(0)

threading.Thread(target=forward, daemon=True).start()
for line in sys.stdin.buffer:
    message = json.loads(line)
    if message.get("method") == "thread/revert":
        words = "Invalid request: unknown variant `thread/revert`, expected one of `initialize`"
        error = {{"code": -32600, "message": words}}
        with lock:
            say({{"id": message["id"], "error": error}})
        continue
    engine.stdin.write(line)
    engine.stdin.flush()
engine.stdin.close()
engine.wait()
"""


def patch(*lines: str) -> dict[str, str]:
    return {"custom": "apply_patch", "input": "\n".join(["*** Begin Patch", *lines, "*** End Patch", ""])}


SCRIPT = [
    [patch("*** Add File: one.txt", "+first")],
    [{"msg": "One is made."}],
    [patch("*** Update File: one.txt", "@@", "-first", "+second", "*** Add File: two.txt", "+two")],
    [{"msg": "Two is made."}],
    [{"msg": "Then otherwise."}],
]


@pytest.mark.parametrize("engine", ["today", pytest.param("older", marks=pytest.mark.heavy)])
def test_back_to_before_the_second_prompt_and_on(env: dict[str, str], tmp_path: Path, engine: str) -> None:
    with ScriptedModel(SCRIPT) as scripted:
        env = {**env, **scripted.env, "HOME": env["HOME"]}
        options = ["-a", "never"]
        if engine == "older":
            older = script(tmp_path, OLDER.format(engine=str(scripted.engine)))
            options += ["--engine", older.path]
        with Client(options, env=env, cwd=scripted.project) as client:
            client.wait_until_ready()
            client.say("make one")
            client.wait_for("One is made.", TURN_SECONDS)
            client.wait_for(lambda text: "Esc stops" not in text, TURN_SECONDS)
            client.say("make two")
            client.wait_for("Two is made.", TURN_SECONDS)
            client.wait_for(lambda text: "Esc stops" not in text, TURN_SECONDS)
            client.say("/rewind")
            client.wait_for("Go back to before which prompt?")
            client.press("enter")
            client.wait_for(lambda text: "two.txt  is deleted" in text and "one.txt" in text)
            client.press("r")
            client.wait_for("Go back: 1 turn and 2 files?")
            client.press("y")
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
