"""Engine, client or both are killed in the middle of everything: what was finished is there again,
and so is the draft."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from codex_tui.demo.sse import Turn
from tests.e2e.client import START_SECONDS, TURN_SECONDS, Client
from tests.engine.scripted import ScriptedModel

pytestmark = pytest.mark.e2e

DRAFT = "a thought half writ"
LONG: dict[str, Any] = {"delay": 300}  # longer than any test; the server ends all the same
PATCH = {
    "custom": "apply_patch",
    "input": "*** Begin Patch\n*** Add File: made.txt\n+made by a patch\n*** End Patch\n",
}


@dataclass(frozen=True)
class Stage:
    """A moment of the second turn. `script`: the model's answers; `seen`: what is on screen then;
    `done`: what was finished by then and must be there ever after."""

    script: tuple[Turn, ...]
    seen: str
    done: tuple[str, ...] = ()
    asks: str = "never"


def runs(command: str) -> dict[str, Any]:
    return {"call": "exec_command", "args": {"cmd": command}}


STAGES = {
    "before the first delta": Stage(([LONG],), "Esc stops"),
    "within a message": Stage(
        ([{"msg": "First this is said."}, {"msg": "Then something is only beg", "nodone": True}, LONG],),
        "only beg",
        ("First this is said.",),
    ),
    "after a thought": Stage(
        ([{"msg": "Let me see."}, {"reason": "**Looking closely**\n\nat all"}, {"msg": "So far."}, LONG],),
        "So far.",
        ("Let me see.", "Looking closely", "So far."),
    ),
    "after a command": Stage(
        ([{"msg": "It is quick."}, runs("echo $((6 * 7)) is it")], [{"msg": "It came."}, LONG]),
        "It came.",
        ("It is quick.", "42 is it", "It came."),
    ),
    "while it asks": Stage(
        ([{"msg": "May I?"}, runs("touch asked.txt")], [{"msg": "Done."}]),
        "1 waiting",
        ("May I?",),
        asks="untrusted",
    ),
    "while a command runs": Stage(
        ([{"msg": "It takes a while."}, runs("echo begun; sleep 300")],), "begun", ("It takes a while.",)
    ),
    "after a patch": Stage(
        ([{"msg": "I write it down."}, PATCH], [LONG]), "applied", ("I write it down.", "made.txt", "applied")
    ),
    "after the end": Stage(([{"msg": "That was all."}],), "That was all.", ("That was all.",)),
}
QUICK = {("within a message", "client"), ("after a patch", "engine")}
"""What runs by default; all else is the long matrix."""


class Killed:
    """A client in the middle of its second turn, with a draft in the composer."""

    def __init__(self, stage: Stage, env: dict[str, str], scripted: ScriptedModel) -> None:
        self.stage = stage
        state = Path(env["HOME"]) / "state"
        self.env = {**env, **scripted.env, "HOME": env["HOME"], "XDG_STATE_HOME": str(state)}
        self.folder = scripted.project
        self.drafts = state / "codex-tui" / "drafts"

    @contextmanager
    def client(self, *arguments: str) -> Generator[Client]:
        asks = ("-a", self.stage.asks)
        with Client([*asks, *arguments], env=self.env, cwd=self.folder) as client:
            yield client

    def reach(self, client: Client) -> None:
        """The moment, with the draft on disk."""
        client.wait_until_ready()
        client.say("the first question")
        client.wait_for("The first answer.", TURN_SECONDS)
        client.wait_for(lambda _: "Esc stops" not in client.text, TURN_SECONDS)
        client.say("the second question")
        client.type(DRAFT)
        client.wait_for(lambda text: self.stage.seen in text and DRAFT in client.composer, TURN_SECONDS)
        client.wait_for(lambda _: self._is_kept(), TURN_SECONDS)

    def _is_kept(self) -> bool:
        return any(DRAFT in path.read_text() for path in self.drafts.glob("*.json"))

    def check(self, client: Client) -> None:
        """All that was finished is on screen, and the draft in the composer."""
        wanted = ("the first question", "The first answer.", "the second question", *self.stage.done)

        def is_back(text: str) -> bool:
            return all(part in text for part in wanted) and DRAFT in client.composer

        client.wait_for(is_back, START_SECONDS)


def kill_engine(client: Client) -> None:
    """The client's own child; what the engine started, it must not outlive."""
    (engine,) = [one for one in client.processes() if one.name == "codex" and one.parent == client.pid]
    os.kill(engine.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("when", "who"),
    [
        pytest.param(when, who, marks=() if (when, who) in QUICK else pytest.mark.heavy)
        for when in STAGES
        for who in ("client", "engine", "both")
    ],
)
def test_after_a_kill_all_that_was_finished_is_there_and_the_draft(
    env: dict[str, str], when: str, who: str
) -> None:
    stage = STAGES[when]
    with ScriptedModel([[{"msg": "The first answer."}], *stage.script]) as scripted:
        killed = Killed(stage, env, scripted)
        with killed.client() as client:
            killed.reach(client)
            if who != "client":
                kill_engine(client)
            if who == "engine":
                client.wait_for("r restarts it", TURN_SECONDS)
                client.press("f2")  # the rule says when the composer has given the keys away
                client.wait_for("reading", TURN_SECONDS)
                client.press("r")
                client.wait_gone("r restarts it", TURN_SECONDS)
                killed.check(client)
            else:
                client.signal(signal.SIGKILL)
                assert client.wait_exit(5) == -signal.SIGKILL
                assert client.wait_all_gone(5) == []
        if who != "engine":
            with killed.client("resume", "--last") as client:
                killed.check(client)
                client.press("ctrl+c", "ctrl+c")
