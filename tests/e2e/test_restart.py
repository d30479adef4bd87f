"""An engine that dies and cannot take the thread up again: the interface stays of use."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.client import Client
from tests.engine.fakes import script

pytestmark = pytest.mark.e2e

#: An engine that asks for a command in every turn. The second one refuses to resume the thread.
ENGINE = """
THREAD = "01990000-0000-7000-8000-000000000001"
COUNT = os.path.dirname(os.path.abspath(__file__)) + "/starts"
with open(COUNT, "a") as file:
    file.write("x")
starts = os.path.getsize(COUNT)

def thread():
    return {"id": THREAD, "sessionId": THREAD, "preview": "", "ephemeral": False, "modelProvider": "fake",
        "createdAt": 1, "updatedAt": 1, "recencyAt": 1, "status": {"type": "idle"}, "path": "/x",
        "cwd": os.getcwd(), "cliVersion": "0.0.1", "source": "appServer", "turns": []}

def turn(status):
    return {"id": "turn", "items": [], "itemsView": "notLoaded", "status": status, "error": None,
        "startedAt": None, "completedAt": None, "durationMs": None}

initialize()
while True:
    request = ask()
    method = request.get("method")
    result = {}
    if method == "thread/resume" and starts == 2:
        error = {"code": -32600, "message": "it already has an active writer"}
        say({"id": request["id"], "error": error})
        continue
    if method == "account/read":
        say({"id": request["id"], "error": {"code": -32603, "message": "the account is out of reach"}})
        continue
    if method in ("thread/start", "thread/resume"):
        result = {"thread": thread(), "model": "gpt-5.5", "modelProvider": "fake", "cwd": os.getcwd(),
            "approvalPolicy": "untrusted", "sandbox": {"type": "readOnly"}, "reasoningEffort": None}
    if method == "turn/start":
        result = {"turn": turn("inProgress")}
    if "method" in request and "id" in request:
        say({"id": request["id"], "result": result})
    if method == "turn/start":
        where = {"threadId": THREAD, "turnId": "turn"}
        user = {"type": "userMessage", "id": "said", "clientId": request["params"]["clientUserMessageId"],
            "content": request["params"]["input"]}
        command = {"type": "commandExecution", "id": "item", "command": "touch it", "cwd": "/",
            "source": "agent", "status": "inProgress", "commandActions": []}
        say({"method": "turn/started", "params": {"threadId": THREAD, "turn": turn("inProgress")}})
        say({"method": "item/started", "params": {**where, "startedAtMs": 1, "item": user}})
        say({"method": "item/started", "params": {**where, "startedAtMs": 1, "item": command}})
        say({"id": 0, "method": "item/commandExecution/requestApproval", "params": {**where,
            "itemId": "item", "startedAtMs": 1, "command": "touch it", "cwd": "/",
            "availableDecisions": ["accept", "cancel"]}})
"""


def test_after_a_refused_resume_the_engine_can_be_started_once_more(
    env: dict[str, str], tmp_path: Path
) -> None:
    engine = script(tmp_path, ENGINE)
    project = tmp_path / "project"
    project.mkdir()
    config = tmp_path / "home" / ".codex" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(f'[projects."{project}"]\ntrust_level = "trusted"\n')
    with Client(["--engine", engine.path], env=env, cwd=project) as client:
        client.wait_until_ready()
        client.wait_for("the account is out of reach")
        client.say("do it")
        client.wait_for_question("Run this command?", "touch it")
        (process,) = [one for one in client.processes() if one.name == "codex"]
        os.kill(process.pid, signal.SIGKILL)
        client.wait_for("r restarts it")
        client.wait_gone("Run this command?")
        assert "not known to have run" in client.text

        client.press("r")
        client.wait_for("Another program has this thread open")
        client.press("escape")
        client.wait_for("r restarts it")
        client.press("r")
        client.wait_gone("r restarts it")
        client.pump(0.5)
        assert "Run this command?" not in client.text
        assert client.quit() == 0
        assert client.wait_all_gone(2) == []
    assert (tmp_path / "starts").read_text() == "xxx"
