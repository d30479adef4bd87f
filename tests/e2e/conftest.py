"""The program in a real pseudo-terminal, in a home of its own."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from bench.clients import checkout, engine_path
from tests.e2e.client import Client


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment without anything of the person who runs the tests."""
    home = tmp_path / "home"
    temporary = tmp_path / "tmp"
    for folder in (home, temporary):
        folder.mkdir()
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
def demo(env: dict[str, str], tmp_path: Path) -> Generator[Client]:
    """`codex-tui --demo` with the composer on screen and the engine ready."""
    with Client(["--demo"], env=env, cwd=tmp_path) as client:
        client.wait_until_ready()
        yield client
