"""Golden screens of the dialogs for rights, questions and the old engines' approvals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from tests.ui.dialogs.asks import (
    KEY,
    OLD_PATCH,
    SIGN,
    ZERO,
    legacy_command,
    legacy_patch,
    questions,
    some_rights,
)
from tests.ui.dialogs.stage import Stage, state
from tests.ui.snapshot import SIZES, Snap

SMALL = (40, 10)
CASES: dict[str, tuple[Callable[[], Stage], list[str]]] = {
    "rights": (lambda: Stage(state(some_rights())), ["down", "space", "down", "down", "space"]),
    "rights-session": (
        lambda: Stage(state(some_rights())),
        ["down", "space", "LIVE", "u", "LIVE", "s", "LIVE"],
    ),
    "question": (lambda: Stage(state(questions(SIGN, ZERO, KEY, blocking=False))), ["2"]),
    "question-words": (lambda: Stage(state(questions(SIGN))), ["1", "down", "down", *"only for ints"]),
    "question-secret": (lambda: Stage(state(questions(KEY))), [*"a key"]),
    "question-review": (
        lambda: Stage(state(questions(SIGN, ZERO, KEY, blocking=False))),
        ["2", "tab", "tab", *"a key", "LIVE", "enter", "LIVE"],
    ),
    "old-command": (lambda: Stage(state(legacy_command("bash", "-lc", "cat notes && rm notes"))), []),
    "old-patch": (lambda: Stage(state(legacy_patch(OLD_PATCH, grantRoot="/home/ada"))), []),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_dialog_looks_right(case: str, snap: Snap) -> None:
    make, keys = CASES[case]

    async def prepare(pilot: Pilot[Any]) -> None:
        app = cast(Stage, pilot.app)
        await app.live(pilot)
        for key in keys:
            await (app.live(pilot) if key == "LIVE" else pilot.press(key))
        await app.live(pilot)

    await snap(make, f"dialogs/{case}", before=prepare, sizes=[*SIZES, SMALL])
