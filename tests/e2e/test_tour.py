"""The demo from its first screen to the end of the tour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.client import NOTICE, Client

pytestmark = pytest.mark.e2e

RUN = "Run this command?"
PATCH = "Change these files?"


def test_the_tour_approves_declines_patches_and_ends(demo: Client, tmp_path: Path) -> None:
    assert NOTICE in demo.text
    demo.say("show me around")
    demo.wait_for("Welcome")

    screen = demo.wait_for_question(RUN, "python3 calc.py 7 / 2")
    assert "Directory" in screen
    assert "Yes, this once" in screen
    demo.answer("y")
    demo.wait_for("Seven halves are 3.5")

    demo.wait_for_question(RUN, "python3 -m unittest")
    demo.answer("d")
    demo.wait_for("Then without the tests")

    screen = demo.wait_for_question(PATCH, "raise ValueError")
    assert "CHANGES.md" in screen
    project = next((tmp_path / "tmp").glob("*/calc"))
    before = (project / "calc.py").read_text()
    demo.answer("y")
    demo.wait_for("The same tests once more")
    assert re.search(r"± 2 files +\+6 −1 +✓ applied", demo.text)
    assert (project / "calc.py").read_text() != before
    assert (project / "CHANGES.md").exists()

    demo.wait_for_question(RUN, "python3 -m unittest")
    demo.answer("y")
    demo.wait_for("All tests pass")
    demo.wait_for_question(RUN, "table 15")
    demo.answer("y")

    screen = demo.wait_for("leave with Ctrl+C twice", within=20)
    assert "the division: done" in screen
    assert "the tests: declined by you" in screen
    assert "the repair: done" in screen

    assert demo.quit() == 0
    assert demo.wait_all_gone(2) == []
    assert list((tmp_path / "tmp").glob("codex-tui-demo-*")) == []
