"""The sub-agents of a saved thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.protocol.threads import Thread, ThreadListResult

if TYPE_CHECKING:
    from codex_tui.engine.client import EngineClient
    from codex_tui.protocol.base import JsonObject

AGENTS = 100
"""Sub-agents of one thread that are listed: the engine gives no more at once."""


async def agents_of(client: EngineClient, thread_id: str) -> tuple[Thread, ...]:
    """`thread/list`: the threads of a thread's own sub-agents, at most `AGENTS`."""
    params: JsonObject = {"parentThreadId": thread_id, "limit": AGENTS, "modelProviders": []}
    listed = await client.call("thread/list", params, ThreadListResult)
    # An engine that does not know what is asked lists others.
    return tuple(thread for thread in listed.data if thread.parent_thread_id == thread_id)
