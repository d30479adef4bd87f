"""Golden screens of every dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from codex_tui.dialogs.panel import QuestionPanel
from codex_tui.protocol.items import parse_item
from codex_tui.session.inbox import Question
from codex_tui.session.state import State
from codex_tui.session.transcript import Item, Settings, Thread
from tests.ui.dialogs.stage import (
    RULE,
    Stage,
    change,
    exec_question,
    patch_item,
    patch_question,
    question,
    state,
)
from tests.ui.snapshot import SIZES, Snap

SMALL = (40, 10)
INSTALL = (
    "/bin/bash -lc 'curl -fsSL https://example.com/install.sh |\n  bash -s -- --prefix \"$HOME/.local\"'"
)
HOST = {
    "applyNetworkPolicyAmendment": {
        "network_policy_amendment": {"host": "registry.example.com", "action": "allow"}
    }
}
CALC = "\n".join(
    (
        "@@ -1,6 +1,8 @@ import math",
        " import math",
        " ",
        " ",
        " def div(a, b):",
        "-    return a / b",
        "+    if b == 0:",
        '+        raise ValueError("b is 0")',
        "+    return a / b",
        " ",
        "",
    )
)


def _exec() -> Question:
    return exec_question(
        INSTALL,
        cwd="/home/ada/link",
        reason="needs the network to fetch dependencies",
        availableDecisions=[
            "accept",
            {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["curl", "-fsSL"]}},
            "cancel",
        ],
    )


def _session() -> Question:
    return exec_question(availableDecisions=["accept", "acceptForSession", RULE, "cancel"])


def _long() -> Question:
    script = "\n".join(
        f"install -D build/part{number}.so /opt/lib/part{number}.so" for number in range(1, 90)
    )
    return exec_question(f"/bin/bash -lc '{script}'", reason="copy what was built")


def _hostile() -> Question:
    hidden = "ls -la \x1b[2K\u202esj.cod\u202c" + " " * 300 + "; rm -rf ~"
    return exec_question(hidden, reason="Safe.\nDirectory        ~/elsewhere", environmentId="cloud-1")


def _permissions() -> Question:
    extra = {"network": {"enabled": True}, "fileSystem": {"write": ["/opt"]}}
    return exec_question("/bin/bash -lc 'make install'", additionalPermissions=extra)


def _network() -> Question:
    return exec_question(
        None,
        cwd=None,
        commandActions=None,
        itemId="network#1",
        reason="Network access to registry.example.com requires approval",
        networkApprovalContext={"host": "registry.example.com", "protocol": "https"},
        proposedNetworkPolicyAmendments=[
            {"host": "registry.example.com", "action": "allow"},
            {"host": "registry.example.com", "action": "deny"},
        ],
        availableDecisions=["accept", "acceptForSession", HOST, "cancel"],
    )


def _unknown() -> Question:
    return question(
        "some/newRequest", None, {"threadId": "t", "turnId": "u", "what": {"deep": ["x\u202ey", 1]}}
    )


def _patch() -> Item:
    return patch_item(
        change("/home/ada/proj/calc.py", CALC),
        change(
            "/home/ada/proj/tests/test_div.py",
            "from calc import div\n\n\ndef test_div():\n    assert div(6, 3) == 2\n",
            "add",
        ),
        change("/home/ada/proj/old.py", "VERSION = 1\n", "delete"),
        change("/home/ada/proj/setup.cfg", "@@ -1 +1 @@\n-strict = no\n+strict = yes\n"),
    )


def _one_file() -> Item:
    return patch_item(change("/home/ada/proj/calc.py", CALC))


def _interpreter() -> State:
    def ran(number: int, command: str) -> Item:
        wire = {"type": "commandExecution", "id": f"ran{number}", "command": command, "status": "completed"}
        return Item(f"ran{number}", "u", parse_item(wire), "done")

    amend = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["python3", "tools/fetch.py"]}}
    asked = exec_question(
        "/bin/bash -lc 'python3 tools/fetch.py --all *.lock && make'",
        availableDecisions=["accept", amend, "cancel"],
    )
    past = ["python3 tools/fetch.py --all '*.lock'", "python3 tools/build.py", "git status"]
    return state(asked, items=[ran(at, f'/bin/bash -lc "{command}"') for at, command in enumerate(past)])


def _agents(now: State) -> State:
    settings = Settings(cwd="/home/ada/proj", approval_policy="on-request", sandbox="workspace-write")
    agent = Thread(id="child", name="tester", settings=settings)
    return replace(now, threads=MappingProxyType({**now.threads, "child": agent}))


def _queue() -> State:
    return _agents(
        state(
            _exec(),
            replace(patch_question(1), received=990.0),
            exec_question("/bin/bash -lc 'pytest -q'", 2, threadId="child", turnId="v"),
            replace(_network(), request_id=3, received=500.0),
            replace(_unknown(), request_id=4),
            items=[replace(_patch(), id="call_1")],
        )
    )


def _same() -> State:
    again = exec_question("/bin/bash -lc 'pytest -q'", 1, threadId="child", turnId="v")
    return _agents(state(exec_question("/bin/bash -lc 'pytest -q'"), again))


CASES: dict[str, Callable[[], Stage]] = {
    "exec": lambda: Stage(state(_exec(), exec_question(number=1))),
    "exec-session": lambda: Stage(state(_session(), approval_policy="untrusted")),
    "exec-long": lambda: Stage(state(_long())),
    "exec-hostile": lambda: Stage(state(_hostile())),
    "exec-permissions": lambda: Stage(state(_permissions())),
    "network": lambda: Stage(state(_network())),
    "patch": lambda: Stage(state(patch_question(reason="division by zero should say so"), items=[_patch()])),
    "patch-one-file": lambda: Stage(state(patch_question(), items=[_one_file()])),
    "patch-unknown": lambda: Stage(state(patch_question())),
    "unknown": lambda: Stage(state(_unknown())),
}


STEPS: dict[str, tuple[Callable[[], Stage], list[str]]] = {
    "session": (CASES["exec-session"], ["s"]),
    "network-session": (CASES["network"], ["s"]),
    "network-rule": (CASES["network"], ["a"]),
    "patch-session": (CASES["patch-one-file"], ["s"]),
    "prefix": (lambda: Stage(_interpreter()), ["p", "right", "right"]),
    "say": (CASES["exec"], ["t", *"no need, use the Makefile"]),
    "tray": (lambda: Stage(_queue(), put_off=frozenset({_exec().key})), ["f6", "down"]),
    "together": (lambda: Stage(_same()), ["e"]),
}


async def _alive(pilot: Pilot[Any]) -> None:
    await cast(Stage, pilot.app).live(pilot)


async def _rule(pilot: Pilot[Any]) -> None:
    await _alive(pilot)
    await pilot.press("p")
    await _alive(pilot)


async def _read(pilot: Pilot[Any]) -> None:
    await _alive(pilot)
    while pilot.app.screen.query_one(QuestionPanel).blocked:
        await pilot.press("pagedown")
        await pilot.pause()
    await _alive(pilot)


@pytest.mark.parametrize("case", CASES)
async def test_a_dialog_looks_right(case: str, snap: Snap) -> None:
    await snap(CASES[case], f"dialogs/{case}", before=_alive, sizes=[*SIZES, SMALL])


async def test_the_guard_looks_right_while_keys_are_dead(snap: Snap) -> None:
    async def half(pilot: Pilot[Any]) -> None:
        app = cast(Stage, pilot.app)
        await pilot.pause()
        app.clock.now += 0.3
        app.dialog.redraw()

    await snap(CASES["exec"], "dialogs/guard", before=half, sizes=[(80, 24), SMALL])


async def test_the_second_step_looks_right(snap: Snap) -> None:
    await snap(CASES["exec"], "dialogs/rule", before=_rule, sizes=[*SIZES, SMALL])


@pytest.mark.parametrize("case", STEPS)
async def test_a_further_step_looks_right(case: str, snap: Snap) -> None:
    stage, keys = STEPS[case]

    async def go(pilot: Pilot[Any]) -> None:
        for key in keys:
            await _alive(pilot)
            await pilot.press(key)
        await _alive(pilot)

    await snap(stage, f"dialogs/{case}", before=go, sizes=[*SIZES, SMALL])


async def test_a_long_command_looks_right_when_all_was_read(snap: Snap) -> None:
    await snap(CASES["exec-long"], "dialogs/exec-long-read", before=_read, sizes=[(80, 24)])


async def test_a_dialog_looks_right_in_the_light_theme(snap: Snap) -> None:
    await snap(CASES["patch"], "dialogs/patch-light", before=_alive, sizes=[(120, 40)], theme="codex-light")
