"""What is left when a session with open questions and secrets ends, on the real program."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest

from tests.hostile.client import HostileClient
from tests.hostile.messages import Composer, Play, lines
from tests.hostile.reading import is_dialog, is_live

pytestmark = pytest.mark.e2e

CANARY = "canary-7d31f0"
WITHIN = 20.0


def begun(client: HostileClient, composer: Composer) -> None:
    client.order(composer.begin("the turn runs"))
    assert client.drive(lambda: "the turn runs" in client.text, WITHIN)


def test_an_end_with_a_question_on_screen_accepts_nothing(tmp_path: Path) -> None:
    with HostileClient(tmp_path, 80, 24) as client:
        composer, play = Composer(1, str(client.work)), Play()
        begun(client, composer)
        params = {"itemId": "i", "command": "rm -rf build", "cwd": str(client.work)}
        client.order(lines(composer.ask(play, "item/commandExecution/requestApproval", params)))
        assert client.drive(lambda: is_live(client.lines), WITHIN), client.text
        client.signal(signal.SIGTERM)
        assert client.wait_exit(WITHIN) == 128 + signal.SIGTERM
        client.listen()
        answers = [message for message in client.heard if "method" not in message]
        assert "accept" not in str(answers)
        assert len(answers) <= 1


def test_a_secret_reaches_the_engine_and_nothing_else(tmp_path: Path) -> None:
    with HostileClient(tmp_path, 80, 24, "--record", "session.jsonl") as client:
        composer, play = Composer(1, str(client.work)), Play()
        begun(client, composer)
        key = {"id": "key", "header": "Key", "question": "Which key?", "isOther": False, "isSecret": True}
        params = {"itemId": "i", "questions": [{**key, "options": None}]}
        client.order(lines(composer.ask(play, "item/tool/requestUserInput", params)))
        assert client.drive(lambda: is_live(client.lines), WITHIN), client.text
        client.type(CANARY)
        dots = "•" * len(CANARY)
        assert client.drive(lambda: dots in client.text, WITHIN), client.text
        for _ in range(2):  # to the review, and from there to the engine
            assert client.drive(lambda: is_live(client.lines), WITHIN), client.text
            client.press("enter")
            client.drive(lambda: not is_live(client.lines), WITHIN)
        assert client.drive(lambda: not is_dialog(client.lines), WITHIN), client.text
        assert client.drive(lambda: any("result" in message for message in client.heard), WITHIN)
        assert CANARY in str(client.heard)
        client.order(composer.end("it is over"))
        assert client.drive(lambda: "it is over" in client.text, WITHIN)
        assert client.quit() == 0
        assert CANARY.encode() not in client.raw
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_socket()]
    assert tmp_path / "work" / "session.jsonl" in kept
    assert [path for path in kept if CANARY.encode() in path.read_bytes()] == []
    ours = [path for path in kept if "state" in path.parts or path.name == "session.jsonl"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in ours} == {0o600}
