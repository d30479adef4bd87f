"""Killed at any step of a rewind, or of its undoing: no half file, and all can be finished or taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.heavy)])
def test_killed_at_each_step_a_rewind_can_be_finished_and_taken_back(tmp_path: Path, every: int) -> None:
    command = [sys.executable, "-m", "tests.rewind.killed", str(tmp_path), str(every)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=50, cwd=root)
    assert done.returncode == 0, done.stderr
    gone, undone = map(int, done.stdout.split())
    assert gone > 50
    assert undone > 50
