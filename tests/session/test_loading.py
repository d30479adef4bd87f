"""What it takes to load the session's records: little, since the first frame waits for them."""

from __future__ import annotations

import subprocess
import sys

import pytest


def loaded_with(module: str) -> set[str]:
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["state", "transcript", "inbox", "series"])
def test_the_records_need_no_pydantic(module: str) -> None:
    assert not {"pydantic", "textual", "anyio"} & loaded_with(f"codex_tui.session.{module}")


def test_the_reducer_needs_no_textual_and_no_anyio() -> None:
    assert not {"textual", "anyio", "rich", "codex_tui.engine"} & loaded_with("codex_tui.session.reducer")
