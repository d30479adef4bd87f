"""Sessions with commands of every kind."""

from __future__ import annotations

from codex_tui.session.state import State
from codex_tui.session.transcript import Thread
from tests.ui.commands.stage import command, state, terminal, thread

RED, GREEN, BLUE, BOLD, OFF = "\x1b[31m", "\x1b[32m", "\x1b[94m", "\x1b[1m", "\x1b[0m"

FAILED = f"""\
{BOLD}{" test session starts ":=^80}{OFF}
platform linux -- Python 3.12.4, pytest-9.0.1, pluggy-1.6.0
collected 12 items

tests/test_calc.py {GREEN}...........{OFF}{RED}F{OFF}                                   {RED}[100%]{OFF}

{" FAILURES ":=^80}
{RED}{BOLD}{" test_div ":_^80}{OFF}

    {BLUE}def{OFF} \x1b[92mtest_div{OFF}() -> {BLUE}None{OFF}:
>       {BLUE}assert{OFF} div({BLUE}1{OFF}, {BLUE}0{OFF}) \x1b[95mis{OFF} {BLUE}None{OFF}
{RED}E       ZeroDivisionError: division by zero{OFF}

{RED}FAILED{OFF} tests/test_calc.py::{BOLD}test_div{OFF} - ZeroDivisionError: division by zero
{RED}{"":=^25} {BOLD}1 failed{OFF}, {GREEN}11 passed{OFF}{RED} in 0.12s {"":=^26}{OFF}
"""

SERVER = "".join(
    f"\x1b[2m12:{n:02d}:07{OFF} \x1b[36mINFO{OFF}  GET /items?page={n} {GREEN}200{OFF} in {n % 40 + 3} ms\n"
    for n in range(1, 46)
)

BUILD = (
    "".join(f"\rcompiling crate {n:3} of 240 [{'=' * (n // 10):24}]" for n in range(1, 133))
    + "\n\x1b[33mwarning\x1b[0m: unused variable: `left`\n"
)


def full() -> State:
    """One of each: passed, failed, declined, a sub-agent's, one's own, in the background, running."""
    agent = thread(
        command("a1", "rg -n division src", "src/calc.py:12:def div(a, b):\n", at=70),
        thread_id="agent",
        parent_id="t",
    )
    mine = command(
        "m1",
        "git status --short",
        " M calc.py\n",
        at=200,
        source="userShell",
        processId=None,
        durationMs=40,
    )
    main: Thread = thread(
        command("c1", "ls -la", "total 12\n-rw-r--r-- 1 ada ada 412 calc.py\n", at=5, durationMs=12),
        command("c2", "pytest -q", FAILED, at=30, status="failed", exitCode=1),
        command("c3", "rm -rf build", None, at=60, status="declined", exitCode=None, durationMs=None),
        command("c4", "npm run dev", SERVER, at=120, phase="dropped"),
        mine,
        command(
            "c5",
            "cargo build --release --features full --target x86_64-unknown-linux-gnu"
            " --manifest-path crates/core/Cargo.toml",
            BUILD,
            at=555,
            phase="running",
        ),
        status="inProgress",
        terminals=(terminal("c4"),),
    )
    return state(main, agent)
