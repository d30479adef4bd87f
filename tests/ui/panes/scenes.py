"""Sessions to look at: one of each kind of item, at a fixed time."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from codex_tui.protocol.items import parse_item
from codex_tui.session.inbox import Inbox, Question
from codex_tui.session.series import Series
from codex_tui.session.state import AccountHealth, EngineHealth, State
from codex_tui.session.transcript import (
    Checklist,
    Item,
    Notice,
    Pending,
    PlanStep,
    Settings,
    Thread,
    Tokens,
    Turn,
)
from tests.ui.panes.stage import NOON

BEGAN = int(NOON * 1000) - 41_000

DIFF = """\
@@ -12,2 +12,4 @@
 def div(a, b):
-    return a / b
+    if b == 0:
+        raise ValueError("b is 0")
+    return a / b
"""

ANSWER = """\
All 12 tests pass. `div` now raises **ValueError** on zero:

- the check comes *before* the division,
- callers that caught `ZeroDivisionError` need a change, see [calc.py](https://example.com/calc).

```python
def div(a: float, b: float) -> float:
    if b == 0:
        raise ValueError("b is 0")
    return a / b
```

| call | before | now |
|---|---|---|
| `div(1, 0)` | ZeroDivisionError | ValueError |
| `div(4, 2)` | 2.0 | 2.0 |
"""

FAILED = """\
============================= test session starts ==============================
collected 12 items

tests/test_calc.py ...........F                                          [100%]

=================================== FAILURES ===================================
FAILED tests/test_calc.py::test_div - ZeroDivisionError
1 failed, 11 passed in 0.12s
"""


def wire(turn_id: str, phase: str = "done", **raw: Any) -> Item:
    """An item as the engine sends it."""
    made = parse_item(raw)
    began = BEGAN + 1000
    body: Any = made
    return Item(raw["id"], turn_id, body, "running" if phase == "running" else "done", 1, began)


def command(turn_id: str, item_id: str, text: str, output: str | None, **more: Any) -> Item:
    raw: dict[str, Any] = {
        "type": "commandExecution",
        "id": item_id,
        "command": f"/bin/bash -lc '{text}'",
        "cwd": "/home/ada/proj",
        "status": "completed",
        "commandActions": [{"type": "unknown", "command": text}],
        "aggregatedOutput": output,
        "exitCode": 0,
        "durationMs": 1200,
    }
    return wire(turn_id, more.pop("phase", "done"), **{**raw, **more})


def calc_turn(status: str = "completed") -> Turn:
    """A failing test is found and repaired."""
    t = "t1"
    items = [
        wire(
            t, type="userMessage", id="u1", content=[{"type": "text", "text": "fix the failing test in calc"}]
        ),
        wire(t, type="agentMessage", id="a1", text="I'll run the tests first."),
        wire(t, type="reasoning", id="r1", summary=["**Looking at the test output**\n\nIt divides by zero."]),
        command(t, "c1", "pytest -q", FAILED, status="failed", exitCode=1),
        wire(
            t,
            type="fileChange",
            id="f1",
            status="completed",
            changes=[{"path": "/home/ada/proj/calc.py", "kind": {"type": "update"}, "diff": DIFF}],
        ),
        Item(
            "plan-1",
            t,
            Checklist(
                (
                    PlanStep("reproduce", "completed"),
                    PlanStep("fix div", "completed"),
                    PlanStep("run all tests", "inProgress"),
                )
            ),
            "done",
        ),
        command(t, "c2", "pytest -q", "............\n12 passed in 0.10s\n", durationMs=1100),
        wire(t, type="agentMessage", id="a2", text=ANSWER, phase_="final_answer"),
    ]
    return Turn(t, status, Series(items), started_ms=BEGAN, completed_ms=BEGAN + 41_000, duration_ms=41_000)


def tools_turn() -> Turn:
    """Tool calls, searches, notices, an unknown item; a command still runs."""
    t = "t2"
    items = [
        wire(
            t, type="userMessage", id="u2", content=[{"type": "text", "text": "now look around and\nrun all"}]
        ),
        wire(
            t,
            type="mcpToolCall",
            id="m1",
            server="billing",
            tool="list_invoices",
            status="completed",
            arguments={"customer": 7},
            result={"content": [{"type": "text", "text": "3 invoices"}]},
            durationMs=310,
        ),
        wire(t, type="webSearch", id="w1", query="python zero division best practice"),
        Item("n1", t, Notice("warning", "The model was changed", "gpt-6-sol is busy"), "done"),
        Item("n2", t, Notice("error", "Stream lost", "connection reset; tried again"), "done"),
        wire(t, type="holodeckProgram", id="x1", deck=7, program="sherlock"),
        command(
            t,
            "c3",
            "pytest -q --slow -k everything",
            "...",
            phase="running",
            status="inProgress",
            exitCode=None,
            durationMs=None,
        ),
    ]
    return Turn(t, "inProgress", Series(items), started_ms=BEGAN)


SETTINGS = Settings(
    model="gpt-6-sol",
    provider="openai",
    effort="medium",
    cwd="/home/ada/proj",
    approval_policy="untrusted",
    sandbox={"type": "workspaceWrite"},
)


def session(*turns: Turn, queued: int = 0) -> Thread:
    pending = tuple(Pending(f"q{at}", f"and then {at}", "queue", BEGAN) for at in range(queued))
    return Thread(
        "th",
        SETTINGS,
        branch="main",
        turns=Series(turns),
        pending=pending,
        tokens=Tokens(total=31_000, last_total=15_360, window=128_000),
    )


def state(thread: Thread | None, *questions: Question, **engine: Any) -> State:
    """A ready engine with `thread` on screen."""
    health = EngineHealth("ready", 1, "0.163.0")
    return State(
        threads=MappingProxyType({thread.id: thread} if thread is not None else {}),
        active_id=thread.id if thread is not None else None,
        inbox=Inbox(questions),
        engine=replace(health, **engine),
        account=AccountHealth(True, {"type": "apiKey"}),
    )


def question(text: str, number: int = 1) -> Question:
    """A command approval as it arrives."""
    method = "item/commandExecution/requestApproval"
    params = {"threadId": "th", "turnId": "t2", "itemId": "c3", "command": text}
    return Question(
        1, number, method, None, {"id": number, "method": method, "params": params}, "th", "t2", "c3", 0.0
    )
