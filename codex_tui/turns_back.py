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
    from codex_tui.session.transcript import Thread, Turn
    from codex_tui.store import Store

APPLIED_SECONDS = 10.0
"""For an answer that is here to reach the state; a frame is usual."""


async def take_turns_back(
    client: EngineClient, opening: Opening, store: Store, thread: Thread, turn_id: str
) -> None:
    """Take `turn_id` and all after it out of `thread`, and wait until the interface shows that.

    Engines before 0.148 have no `thread/revert`, and later ones refuse it for threads of older ones:
    there `thread/rollback` does it, or else a copy up to the turn before becomes the thread on screen
    (`thread/fork`), or a new thread if there is none. Raises ClientError; then the thread is as it was,
    unless the error says otherwise.
    """
    if thread.running_turn is not None:
        raise ClientError("a turn runs", hint="Stop it first with Esc.")
    try:
        await client.thread_revert(thread.id, turn_id)
    except RefusedError as error:
        if not _is_unable(error):
            raise
        await _otherwise(client, opening, thread, turn_id, old=_is_unknown(error))
    gone = False
    with anyio.move_on_after(APPLIED_SECONDS):
        await store.until(lambda state: state.active is not None and state.active.turns.find(turn_id) is None)
        gone = True
        await store.shown()  # a copy's composer takes the place of this one's: what comes next is for that
    if not gone:
        raise ClientError("the engine said yes, and the turn is still there", hint="A newer engine can.")


def _is_unknown(error: RefusedError) -> bool:
    """Whether the engine has no such method."""
    said = error.message.lower()
    return error.code == -32601 or "unknown variant `thread/" in said or "method not found" in said


def _is_unable(error: RefusedError) -> bool:
    """Whether the engine cannot do this, or not for this kind of thread."""
    return _is_unknown(error) or "paginated threads" in error.message.lower()


async def _otherwise(
    client: EngineClient, opening: Opening, thread: Thread, turn_id: str, *, old: bool
) -> None:
    """Without `thread/revert`. `old`: the engine has no such method."""
    kept = [turn for turn in thread.turns if not turn.is_notes]
    at = next((at for at, turn in enumerate(kept) if turn.id == turn_id), None)
    if at is None:
        raise ClientError("this engine takes back only turns that are shown", hint="A newer engine can.")
    if all(_is_plain(turn) for turn in kept[at:]):
        try:
            await client.thread_rollback(thread.id, turn_id, len(kept) - at)
        except RefusedError as error:
            if not _is_unable(error):
                raise
        else:
            return
    elif old:
        # It would count each prompt that was added as a turn, and its copies are always whole.
        raise ClientError(
            "this engine takes no turns back that prompts were added to", hint="Files only is possible."
        )
    await _copy(client, opening, thread, [turn.id for turn in kept], at)


def _is_plain(turn: Turn) -> bool:
    """Whether older engines count it as one turn: it has one prompt."""
    from codex_tui.protocol.items import UserMessage

    return sum(isinstance(item.body, UserMessage) for item in turn.items) == 1


async def _copy(client: EngineClient, opening: Opening, thread: Thread, kept: list[str], at: int) -> None:
    if at:
        await opening.fork(client, thread.id, kept[at - 1])
    elif thread.above is not None:
        raise ClientError("this engine takes back only turns that are shown", hint="A newer engine can.")
    else:
        await opening.start(client, Path(thread.settings.cwd) if thread.settings.cwd else None)
