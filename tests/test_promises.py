"""The table of what is promised names tests and files that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [line for line in TABLE.split("\n") if line.startswith("| **")]


def test_every_promise_has_a_test() -> None:
    assert len(ROWS) == 20
    for row in ROWS:
        assert "::test_" in row.split("|")[3], row


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TABLE)
    assert len(named) > 50
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).is_file() or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert not missing


def test_every_place_that_is_named_is_there() -> None:
    places = [place for row in ROWS for place in re.findall(r"`([\w/]+(?:\.py|/))`", row.split("|")[2])]
    assert places
    assert [place for place in places if not (ROOT / "codex_tui" / place).exists()] == []
