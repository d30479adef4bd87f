"""Turns taken back by engines that do it in another way, or cannot."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import anyio
import pytest

from codex_tui.engine.client import EngineClient
from codex_tui.engine.failures import RefusedError, UnreadableAnswerError
from codex_tui.errors import ClientError
from codex_tui.opening import Opening
from codex_tui.protocol.events import ThreadOpened, TurnsTakenBack
from codex_tui.session.state import Change, State
from codex_tui.store import Store
from codex_tui.turns_back import take_turns_back
from tests.engine.fakes import Heard, running, script

# An engine without `thread/revert`, with a thread of three turns; `LEFT` of them after `thread/rollback`.
OLD = """
initialize()
def turn(name):
    words = [{{"type": "text", "text": name}}]
    said = {{"type": "userMessage", "id": name + "m", "content": words}}
    more = [{{**said, "id": name + "n"}}] if name == {steered!r} else []
    return {{"id": name, "items": [said, *more], "status": "completed"}}
while True:
    request = ask()
    method, number = request["method"], request["id"]
    thread = {{"id": "t", "cwd": "/"}}
    if method == "thread/resume":
        turns = [turn("u2"), turn("u1"), turn("u0")]
        say({{"id": number, "result": {{"thread": thread, "initialTurnsPage": {{"data": turns}}}}}})
    elif method == "thread/rollback" and request["params"] == {{"threadId": "t", "numTurns": 2}}:
        say({{"id": number, "result": {{"thread": {{**thread, "turns": [turn(one) for one in {left}]}}}}}})
    else:
        words = {refuses!r} if method == "thread/revert" else "no " + method
        say({{"id": number, "error": {{"code": -32600, "message": words}}}})
"""
UNKNOWN = "Invalid request: unknown variant `thread/revert`, expected one of `initialize`"
LEGACY = "thread/revert only supports paginated threads"
NOWHERE = cast("Opening", None)
"""Nothing is opened in these tests."""
SECONDS = 20


@asynccontextmanager
async def opened(
    folder: Path, *, refuses: str = UNKNOWN, left: tuple[str, ...] = ("u0",), steered: str = ""
) -> AsyncGenerator[tuple[EngineClient, Store]]:
    store = Store()

    async def deliver(state: State, change: Change) -> None:
        return

    async def tell(heard: Heard) -> None:
        store.put(await heard.one(TurnsTakenBack))

    engine = script(folder, OLD.format(refuses=refuses, left=list(left), steered=steered))
    async with running(engine) as (client, heard), anyio.create_task_group() as group:
        group.start_soon(store.run, deliver)
        await client.initialize()
        await client.thread_resume("t")
        await heard.one(ThreadOpened)
        store.put(*heard.events)
        with anyio.fail_after(SECONDS):
            await store.until(lambda state: state.active is not None and len(state.active.turns) == 3)
        group.start_soon(tell, heard)
        yield client, store
        group.cancel_scope.cancel()


async def back(client: EngineClient, store: Store) -> list[str]:
    """To before the second turn; the turns that are left then."""
    assert store.state.active is not None
    with anyio.fail_after(SECONDS):
        await take_turns_back(client, NOWHERE, store, store.state.active, "u1")
    return [turn.id for turn in store.state.active.turns]


@pytest.mark.parametrize("refuses", [UNKNOWN, LEGACY])
async def test_older_engines_and_threads_count_the_turns_that_go(tmp_path: Path, refuses: str) -> None:
    async with opened(tmp_path, refuses=refuses) as (client, store):
        assert await back(client, store) == ["u0"]


async def test_a_yes_that_is_none_is_told(tmp_path: Path) -> None:
    async with opened(tmp_path, left=("u0", "u1", "u2")) as (client, store):
        with pytest.raises(UnreadableAnswerError, match="still there"):
            await back(client, store)


async def test_a_turn_that_was_added_to_is_left_alone_by_engines_that_would_miscount(tmp_path: Path) -> None:
    async with opened(tmp_path, steered="u2") as (client, store):
        with pytest.raises(ClientError, match="prompts were added to"):
            await back(client, store)


async def test_a_turn_that_is_not_shown_is_not_miscounted(tmp_path: Path) -> None:
    async with opened(tmp_path) as (client, store):
        assert store.state.active is not None
        with pytest.raises(ClientError, match="only turns that are shown"):
            await take_turns_back(client, NOWHERE, store, store.state.active, "an older one")


async def test_what_an_engine_refuses_for_another_reason_is_its_word(tmp_path: Path) -> None:
    async with opened(tmp_path, refuses="the thread is busy") as (client, store):
        with pytest.raises(RefusedError, match="the thread is busy"):
            await back(client, store)
