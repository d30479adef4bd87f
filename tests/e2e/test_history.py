"""Conversations are found again: by choosing, by name, and what was half written comes back."""

from __future__ import annotations

import signal
import stat
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.e2e.client import START_SECONDS, Client
from tests.engine.scripted import ScriptedModel

#: What an empty composer proposes.
EMPTY = "Ask for anything"

pytestmark = pytest.mark.e2e


@pytest.fixture
def scripted() -> Generator[ScriptedModel]:
    says = ["Bread needs time.", "Zebras have stripes.", "Salt it later."]
    with ScriptedModel([[{"msg": text}] for text in says]) as scripted:
        yield scripted


@pytest.fixture
def home(env: dict[str, str], scripted: ScriptedModel) -> dict[str, str]:
    state = Path(env["HOME"]) / "state"
    return {**env, **scripted.env, "HOME": env["HOME"], "XDG_STATE_HOME": str(state)}


def test_two_conversations_one_is_chosen_forked_and_the_other_found_by_name(
    home: dict[str, str], scripted: ScriptedModel
) -> None:
    with Client([], env=home, cwd=scripted.project) as client:
        client.wait_until_ready()
        client.say("how long does dough rest")
        client.wait_for("Bread needs time.")
        client.press("f8")
        client.wait_gone("Bread needs time.")
        client.say("what do zebras have")
        client.wait_for("Zebras have stripes.")
        client.press("f7")
        client.wait_for(lambda text: "this directory" in text and "dough" in text)
        client.press("tab")
        client.wait_for("rename")
        client.press("r")
        client.wait_for("name")
        client.type("the zebra talk")
        client.press("enter")
        client.wait_for(lambda text: text.count("the zebra talk") == 1 and "fork" in text)
        client.press("escape")
        client.wait_for(EMPTY)
        assert client.quit() == 0

    with Client(["resume"], env=home, cwd=scripted.project) as client:
        client.wait_for(lambda text: "dough" in text and "the zebra talk" in text, START_SECONDS)
        client.type("dough")
        client.wait_gone("the zebra talk")
        client.press("enter")
        client.wait_for(EMPTY, START_SECONDS)
        client.wait_for("Bread needs time.", START_SECONDS)
        client.wait_until_ready()
        client.say("and the salt")
        client.wait_for("Salt it later.")
        assert client.quit() == 0

    with Client(["resume", "the zebra talk"], env=home, cwd=scripted.project) as client:
        client.wait_for("Zebras have stripes.", START_SECONDS)
        client.wait_until_ready()
        assert client.quit() == 0

    with Client(["resume", "the zebra tale"], env=home, cwd=scripted.project) as client:
        client.wait_for(lambda text: "No saved thread is called the zebra tale" in text, START_SECONDS)
        client.wait_for("1   the zebra talk")
        client.pump(0.8)  # at first it has no ears
        client.press("1")
        client.wait_for("Zebras have stripes.", START_SECONDS)
        client.wait_until_ready()
        assert client.quit() == 0

    with Client(["resume", "nothing like it"], env=home, cwd=scripted.project) as client:
        assert client.wait_exit(START_SECONDS) != 0
        assert "no saved thread is called nothing like it" in client.text


def test_a_killed_client_loses_no_draft(home: dict[str, str], scripted: ScriptedModel) -> None:
    with Client([], env=home, cwd=scripted.project) as client:
        client.wait_until_ready()
        client.say("how long does dough rest")
        client.wait_for("Bread needs time.")
        client.type("a thought half writ")
        client.wait_for("a thought half writ")
        state = Path(home["XDG_STATE_HOME"]) / "codex-tui"
        drafts = state / "drafts"
        client.wait_for(lambda _: drafts.is_dir() and any(drafts.glob("*.json")))
        client.signal(signal.SIGKILL)
        assert client.wait_exit(5) == -signal.SIGKILL
    assert {stat.S_IMODE(path.stat().st_mode) for path in state.rglob("*") if path.is_file()} == {0o600}
    with Client(["resume", "--last"], env=home, cwd=scripted.project) as client:
        client.wait_for(lambda text: "Bread needs time." in text and "a thought half writ" in text, 20)
        client.press("ctrl+c")
        client.wait_gone("a thought half writ")
        client.press("ctrl+r")
        client.wait_for("Earlier prompts")
        assert "how long does dough rest" in client.text
        client.press("escape")
        client.wait_gone("Earlier prompts")
        assert client.quit() == 0
