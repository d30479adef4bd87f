"""Turns of a thread taken back in the engine: where it can, in the thread itself, else in a copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from codex_tui.engine.failures import RefusedError
from codex_tui.errors import ClientError

if TYPE_CHECKING:
    from codex_tui.engine.client import EngineClient
    from codex_tui.opening import Opening
    from codex_tui.session.transcript import Thread
    from codex_tui.store import Store

APPLIED_SECONDS = 10.0
"""For an answer that is here to reach the state; a frame is usual."""


async def take_turns_back(
    client: EngineClient, opening: Opening, store: Store, thread: Thread, turn_id: str
) -> None:
    """Take `turn_id` and all after it out of `thread`, and wait until the state shows that.

    Engines before 0.148 have no `thread/revert`: there a copy up to the turn before becomes the
    thread on screen (`thread/fork`), or a new thread if there is none. Raises ClientError; then the
    thread is as it was, unless the error says otherwise.
    """
    if thread.running_turn is not None:
        raise ClientError("a turn runs", hint="Stop it first with Esc.")
    try:
        await client.thread_revert(thread.id, turn_id)
    except RefusedError as error:
        if not _is_unknown(error):
            raise
        await _copy(client, opening, thread, turn_id)
    with anyio.move_on_after(APPLIED_SECONDS):
        await store.until(lambda state: state.active is not None and state.active.turns.find(turn_id) is None)


def _is_unknown(error: RefusedError) -> bool:
    """Whether the engine has no such method."""
    said = error.message.lower()
    return error.code == -32601 or "unknown variant `thread/revert`" in said or "method not found" in said


async def _copy(client: EngineClient, opening: Opening, thread: Thread, turn_id: str) -> None:
    kept = [turn.id for turn in thread.turns if not turn.is_notes]
    at = kept.index(turn_id) if turn_id in kept else 0
    if at:
        await opening.fork(client, thread.id, kept[at - 1])
    elif thread.above is not None:
        raise ClientError("this engine takes back only turns that are shown", hint="A newer engine can.")
    else:
        await opening.start(client, Path(thread.settings.cwd) if thread.settings.cwd else None)
