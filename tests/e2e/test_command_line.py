"""What the command says without a session, and when there can be none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench.terminal import this_python
from tests.e2e.client import Client

pytestmark = pytest.mark.e2e


def test_help_and_version_need_no_terminal(env: dict[str, str], tmp_path: Path) -> None:
    for argument, wanted in (("--help", "--demo"), ("--version", "codex-tui ")):
        done = subprocess.run(
            this_python("-m", "codex_tui", argument),
            env=env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        assert wanted in done.stdout
        assert done.stderr == ""


def test_without_a_terminal_it_says_so_in_one_line(env: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        this_python("-m", "codex_tui"),
        env=env,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.startswith("codex-tui: standard input is not a terminal")
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--cd", "no/such/place"], "no such directory"),
        (["--engine", "no/such/engine"], "engine"),
        (["resume", "00000000-0000-0000-0000-000000000000"], "00000000-0000-0000-0000-000000000000"),
        (["--no-such-flag"], "--no-such-flag"),
    ],
)
def test_what_cannot_work_ends_with_one_clear_line_and_a_clean_terminal(
    env: dict[str, str], tmp_path: Path, arguments: list[str], wanted: str
) -> None:
    with Client(arguments, env=env, cwd=tmp_path) as client:
        assert client.wait_exit(15) > 0
        shown = [line for line in client.lines if line]
        assert shown[0].startswith("codex-tui: ")
        assert wanted in " ".join(shown)
        assert "Traceback" not in client.text
        assert client.differences() == []
        assert client.wait_all_gone(2) == []


def test_an_engine_that_ends_at_once_shows_its_last_words(env: dict[str, str], tmp_path: Path) -> None:
    engine = tmp_path / "codex"
    engine.write_text("#!/bin/sh\necho 'the config is broken' >&2\nexit 3\n")
    engine.chmod(0o755)
    with Client(["--engine", str(engine)], env=env, cwd=tmp_path) as client:
        assert client.wait_exit(15) > 0
        assert "the config is broken" in client.text
        assert client.differences() == []
