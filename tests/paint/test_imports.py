"""Painting loads no widgets, and nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
import codex_tui.paint.cells, codex_tui.paint.theme, codex_tui.paint.message, codex_tui.paint.notice
print([name for name in sys.argv[1:] if name in sys.modules])
"""


def test_paint_loads_no_app_no_widget_and_no_parser_at_import() -> None:
    names = ["textual.app", "textual.widget", "markdown_it", "pygments", "anyio"]
    run = subprocess.run(
        [sys.executable, "-c", PROBE, *names], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "[]"
