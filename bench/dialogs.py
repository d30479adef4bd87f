"""What opening a dialog over an enormous question costs: from the request to its first screen.

Only our own code is measured, without a terminal: reading the command, the facts, the layout and
the rows of the first window, at 80x24 and 200x60, in CPU time, so that a busy machine does not blur
it. Other clients do not take part.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.clients import Client
from bench.tables import short
from bench.workbench import Workbench

SIZES = ((80, 24), (200, 60))
WANTED_MS = 200
_WIDE = "漢字かな交じり文"
MEGABYTE = 1_000_000

COMMANDS: dict[str, str] = {
    "1 MB, ASCII, one line": "x" * MEGABYTE,
    "1 MB, ASCII, single words": "a " * (MEGABYTE // 2 - 1) + "a",
    "1 MB, wide characters": _WIDE * (MEGABYTE // len(_WIDE.encode())),
    "1 MB, wide and narrow in turn": "aあ" * (MEGABYTE // 4),
    "1 MB, combining marks": "e\u0301" * (MEGABYTE // 3),
    "1 MB, hidden characters": "\x1b\u202e" * (MEGABYTE // 4),
    "10,000 lines": "\n".join("x" * 100 for _ in range(10_000)),
    "10,000 lines, indented": "\n".join("        return x" for _ in range(10_000)),
}


def measure(clients: Sequence[Client], workbench: Workbench, runs: int) -> str:
    """A table: milliseconds, the median and the slowest of `runs`."""
    questions = {name: _command(script) for name, script in COMMANDS.items()} | _others()
    rows = [["question", *(f"{columns}x{lines}" for columns, lines in SIZES)], ["---"] * 3]
    for name, question in questions.items():
        taken = [[_open(question, *size) for _ in range(runs)] for size in SIZES]
        rows.append(
            [name, *(f"{short(statistics.median(ms))} ms (at most {short(max(ms))})" for ms in taken)]
        )
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"CPU time. Wanted: under {WANTED_MS} ms.\n\n{lines}\n"


def _command(script: str) -> Any:
    raw = {
        "kind": "command",
        "threadId": "t",
        "turnId": "u",
        "itemId": "i",
        "cwd": str(Path.cwd()),
        "command": f"/bin/bash -lc '{script}'",
        "availableDecisions": ["accept", "cancel"],
    }
    return _question("item/commandExecution/requestApproval", raw)


def _others() -> dict[str, Any]:
    values = [f"value {number}" for number in range(10_000)]
    schema = {"type": "object", "properties": {"choice": {"type": "string", "enum": values}}}
    raw = {
        "threadId": "t",
        "turnId": "u",
        "serverName": "server",
        "mode": "form",
        "_meta": None,
        "message": "Which one?",
        "requestedSchema": {**schema, "required": ["choice"]},
    }
    return {"form, a choice of 10,000 values": _question("mcpServer/elicitation/request", raw)}


def _question(method: str, raw: dict[str, Any]) -> Any:
    from codex_tui.protocol.registry import SERVER_REQUESTS
    from codex_tui.session.inbox import Question

    params = SERVER_REQUESTS[method].model_validate(raw)
    return Question(1, 0, method, params, raw, "t", "u", raw.get("itemId"), 0.0)


def _open(question: Any, columns: int, lines: int) -> float:
    """Milliseconds from a question to the rows of its first screen."""
    from codex_tui.dialogs.bodies import first_step
    from codex_tui.dialogs.care import cautioned
    from codex_tui.dialogs.frame import Moment, make_frame
    from codex_tui.dialogs.setting import Setting
    from codex_tui.paint.look import Look
    from codex_tui.paint.question import characters

    characters.cache_clear()  # a question is opened once; what an opening remembers helps no other one
    begun = time.process_time()
    frame = make_frame(cautioned(first_step(question, None, Setting()).sheet), Look(), columns, lines)
    frame.paint(Moment())
    for row in range(min(frame.window, len(frame.body))):
        frame.body.paint(row)
    return (time.process_time() - begun) * 1000
