"""The program in a real pseudo-terminal, in a home of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from bench.clients import checkout, engine_path
from tests.e2e.client import Client


def clean_environment(folder: Path) -> dict[str, str]:
    """An environment without anything of the person who runs the tests; home and tmp in `folder`."""
    home = folder / "home"
    temporary = folder / "tmp"
    (home / ".codex").mkdir(parents=True)
    # The folder counts as trusted; what happens in one that does not, is a test file of its own.
    trusted = json.dumps(str(folder.resolve()))
    (home / ".codex" / "config.toml").write_text(f'[projects.{trusted}]\ntrust_level = "trusted"\n')
    temporary.mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CODEX_", "OPENAI_", "XDG_", "TEXTUAL"))
    }
    kept |= {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([str(checkout()), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "CODEX_TUI_ENGINE": str(engine_path()),
    }
    return kept


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return clean_environment(tmp_path)


@pytest.fixture
def demo(env: dict[str, str], tmp_path: Path) -> Generator[Client]:
    """`codex-tui --demo` with the composer on screen and the engine ready."""
    with Client(["--demo"], env=env, cwd=tmp_path) as client:
        client.wait_until_ready()
        yield client


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[list[Client]]:
    opened: list[Client] = []
    yield opened
    for client in opened:
        client.close()


@pytest.fixture
def session(_shared: list[Client], tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A demo with nothing going on and an empty draft. It is the one of the test before, to save
    the start, unless that test left it in any other state."""
    if not (_shared and _shared[-1].is_idle()):
        folder = tmp_path_factory.mktemp("session")
        client = Client(["--demo"], env=clean_environment(folder), cwd=folder)
        _shared.append(client)
        client.__enter__()
        client.wait_until_ready()
    return _shared[-1]
