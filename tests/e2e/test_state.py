"""A state directory that cannot be written, or whose disk is full: said once, and the session goes on."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from bench.terminal import Terminal, this_python
from tests.e2e.client import START_SECONDS
from tests.engine.scripted import ScriptedModel

pytestmark = pytest.mark.e2e

SAYS = ["Bread needs time.", "Salt it later.", "Zebras have stripes."]
TOLD = "Prompts and drafts are not kept"


@pytest.fixture
def scripted() -> Generator[ScriptedModel]:
    with ScriptedModel([[{"msg": text}] for text in SAYS]) as scripted:
        yield scripted


def in_a_namespace(mount: str) -> list[str]:
    """The command of a program that sees a file system of its own at `$XDG_STATE_HOME`."""
    whole = ["unshare", "-m", "sh", "-c", f'{mount} "$XDG_STATE_HOME" && exec "$@"', "sh"]
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here")
    tried = ["unshare", "-m", "sh", "-c", f"{mount} /mnt"]
    if subprocess.run(tried, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a file system of its own")
    return whole


def talk(before: list[str], env: dict[str, str], scripted: ScriptedModel) -> list[str]:
    """Three prompts and a draft; every line that the session has said of its state."""
    argv = [*before, *this_python("-m", "codex_tui")]
    seen: list[str] = []
    with Terminal(argv, env=env, cwd=scripted.project, columns=100, rows=30) as terminal:
        terminal.wait_for("gpt-5.5", START_SECONDS)
        for number, answer in enumerate(SAYS):
            prompt = f"prompt {number} " + "x" * 60
            terminal.type(prompt)
            terminal.wait_for(prompt)
            terminal.press("enter")
            terminal.wait_for(answer, START_SECONDS)
            if not number:
                terminal.wait_for(TOLD)
            seen += [line.strip() for line in terminal.lines if TOLD in line]
        terminal.type("a draft")
        terminal.wait_for("a draft")
        terminal.press("up")  # what was sent in this session is remembered all the same
        terminal.press("up")
        terminal.wait_for(lambda text: text.rfind("prompt 1") > text.rfind("Zebras"))
        terminal.press("ctrl+c")
        terminal.press("ctrl+c")
        terminal.press("ctrl+c")
        terminal.wait_exit(START_SECONDS)
    return seen


def test_a_state_directory_that_is_none_is_said_once_and_the_session_goes_on(
    env: dict[str, str], scripted: ScriptedModel, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("")
    home = {**env, **scripted.env, "HOME": env["HOME"], "XDG_STATE_HOME": str(tmp_path / "state")}
    assert len(set(talk([], home, scripted))) == 1


@pytest.mark.parametrize(
    ("mount", "reason"),
    [
        ("mount -t tmpfs -o size=4k,nr_inodes=2 tmpfs", "No space left on device"),
        ("mount -t tmpfs -o ro tmpfs", "Read-only file system"),
    ],
)
def test_a_full_disk_and_a_read_only_one_are_said_once_and_the_session_goes_on(
    mount: str, reason: str, env: dict[str, str], scripted: ScriptedModel, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    home = {**env, **scripted.env, "HOME": env["HOME"], "XDG_STATE_HOME": str(state)}
    (told,) = set(talk(in_a_namespace(mount), home, scripted))
    assert reason in told
    assert not list(state.iterdir())  # it was really the other file system
