"""Rights that are given for a session, with the real engine: what they let through, and for how long."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from codex_tui.dialogs.permissions import Ticks
from codex_tui.protocol.events import Asked
from tests.engine.test_real_engine import Session
from tests.engine.test_requests import choice, press, session, step_of

SAY = {"msg": "All done."}
RIGHTS = "request_permissions_tool = true\n"


class Turns:
    """A model whose turns are written once the place they are about is there."""

    def __init__(self) -> None:
        self.turns: list[list[Any]] = []

    def __call__(self, request: Any) -> Sequence[Any]:
        return self.turns.pop(0)


@pytest.mark.engine
@pytest.mark.parametrize(("key", "lasts"), [("s", True), ("y", False)])
async def test_rights_for_the_session_hold_in_its_later_turns_those_for_the_turn_do_not(
    key: str, lasts: bool
) -> None:
    model = Turns()
    async with session(model, features=RIGHTS, sandbox="read-only") as s:
        notes = s.scripted.project / "notes"
        notes.mkdir()
        wish = {"file_system": {"write": [str(notes)], "read": ["/etc/hosts"]}}
        asks = {"call": "request_permissions", "args": {"reason": "the notes", "permissions": wish}}
        writes = {"call": "exec_command", "args": {"cmd": f"touch {notes}/$NAME.txt; echo code $?"}}
        model.turns = [[asks], [_named(writes, "first")], [SAY], [_named(writes, "second")], [SAY]]

        turn_id = await s.prompt()
        asked = await s.asked()
        assert await s.client.answer(asked.request_id, _granted(asked, key))
        assert (await s.finished(turn_id)).status == "completed"
        assert (notes / "first.txt").exists()

        assert (await s.finished(await s.prompt())).status == "completed"
        assert (notes / "second.txt").exists() == lasts
        assert len(s.heard.of(Asked)) == 1
        assert "/etc/hosts" not in _told(s)


def _named(call: Any, name: str) -> Any:
    return json.loads(json.dumps(call).replace("$NAME", name))


def _granted(asked: Asked, key: str) -> Any:
    """What the dialog sends for the right to write, by that key and what follows on its second page."""
    step = step_of(asked)
    assert isinstance(step, Ticks)
    kinds = [right.kind for right in step.wish.rights]
    given = choice(press(step, *["down"] * kinds.index("write"), "space"), key)
    if given.leads is not None:
        given = choice(given.leads(), "enter")
    assert given.grants
    return given.result


def _told(s: Session) -> str:
    return json.dumps([part for part in s.scripted.server.requests[-1]["input"] if "output" in part])
