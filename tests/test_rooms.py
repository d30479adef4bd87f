"""The rooms of the house load only what they may, proved in fresh interpreters."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

TEXTUAL = ("textual",)
HEAVY = ("pydantic", "markdown_it", "pygments.lexers", "anyio", "jsonschema", "http.server", "tomllib")

CASES = [
    ("codex_tui.text", ("textual", "anyio", "pydantic")),
    ("codex_tui.protocol.registry", ("textual", "anyio", "rich")),
    ("codex_tui.protocol.events", ("textual", "anyio", "rich")),
    ("codex_tui.session.reducer", ("textual", "anyio")),
    ("codex_tui.diffs.sources", ("textual", "anyio", "pydantic", "rich")),
    ("codex_tui.engine.client", ("textual", "rich.console")),
    ("codex_tui.engine.recorder", ("textual", "rich.console")),
    ("codex_tui.paint.cells", ("textual.app", "textual.widget", "textual.screen", "anyio")),
    ("codex_tui.store", ("textual", "anyio", "pydantic")),
    ("codex_tui.cli", ("textual", "anyio", "pydantic", "rich", "argparse", "asyncio")),
    ("codex_tui.launch", ("textual", "anyio", "pydantic", "rich", "asyncio")),
    ("codex_tui.app", HEAVY),
]


@pytest.mark.parametrize(("room", "forbidden"), CASES)
def test_a_room_loads_nothing_it_must_not(room: str, forbidden: tuple[str, ...]) -> None:
    program = f"import json, sys, {room}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not [name for name in forbidden if name in loaded]
