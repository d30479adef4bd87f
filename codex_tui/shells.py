"""The terminals that run in the background of a thread: looked at, terminated.

The work behind the intents of that family. Each call raises ClientError when the engine refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.protocol.events import Remarked, TerminalsListed

if TYPE_CHECKING:
    from codex_tui.engine.client import EngineClient
    from codex_tui.store import Store


async def look_at_terminals(client: EngineClient, store: Store, thread_id: str) -> None:
    """Bring the list of a thread's background terminals into the state."""
    store.put(TerminalsListed(thread_id, await client.background_terminals(thread_id)))


async def end_terminals(client: EngineClient, store: Store, thread_id: str, process_id: str | None) -> None:
    """Terminate one, or all of a thread when none is named; then look again."""
    if process_id is None:
        await client.clean_terminals(thread_id)
    elif not await client.terminate_terminal(thread_id, process_id):
        store.put(Remarked("info", "That command had ended by itself", thread_id=thread_id))
    await look_at_terminals(client, store, thread_id)
