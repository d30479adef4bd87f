"""Saved threads: what can be asked about them and done with them without opening them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codex_tui.protocol.params import members
from codex_tui.protocol.registry import ConfigReadResult, Done
from codex_tui.protocol.threads import (
    OccurrencesResult,
    OpenedThread,
    ThreadListResult,
    ThreadReadResult,
    ThreadSearchResult,
)
from codex_tui.protocol.turns import TurnsPage

if TYPE_CHECKING:
    from codex_tui.engine.client import EngineClient
    from codex_tui.engine.failures import RefusedError
    from codex_tui.protocol.base import JsonObject
    from codex_tui.protocol.turns import Turn


async def threads_page(client: EngineClient, params: JsonObject) -> ThreadListResult:
    """`thread/list` with the members that `protocol.params.threads_params` makes."""
    return await client.call("thread/list", params, ThreadListResult)


async def turns_page(client: EngineClient, thread_id: str, **params: Any) -> TurnsPage:
    """`thread/turns/list`, newest first. Keywords: limit, cursor, items_view (summary, full)."""
    return await client.call("thread/turns/list", {"threadId": thread_id, **members(params)}, TurnsPage)


async def turns_read(client: EngineClient, thread_id: str) -> tuple[Turn, ...]:
    """`thread/read` with all turns, newest first: for engines before 0.122, without `thread/turns/list`."""
    asked: JsonObject = {"threadId": thread_id, "includeTurns": True}
    return tuple(reversed((await client.call("thread/read", asked, ThreadReadResult)).thread.turns))


def has_no_pages(error: RefusedError) -> bool:
    """Whether the engine has no `thread/turns/list`."""
    return "unknown variant `thread/turns/list`" in error.message


async def search(client: EngineClient, wanted: str, limit: int, *, archived: bool) -> ThreadSearchResult:
    """`thread/search`: threads in which `wanted` was said, with the words around; newest first."""
    params = {"searchTerm": wanted, "limit": limit, "archived": archived, "sortKey": "updated_at"}
    return await client.call("thread/search", params, ThreadSearchResult)


async def occurrences(client: EngineClient, thread_id: str, wanted: str, limit: int) -> OccurrencesResult:
    """`thread/searchOccurrences`: the places of one thread where `wanted` was said, oldest first."""
    params = {"threadId": thread_id, "searchTerm": wanted, "limit": limit}
    return await client.call("thread/searchOccurrences", params, OccurrencesResult)


async def compact(client: EngineClient, thread_id: str) -> None:
    """`thread/compact/start`: a summary takes the place of what the model remembers; a turn of its own."""
    await client.call("thread/compact/start", {"threadId": thread_id}, Done)


async def unsubscribe(client: EngineClient, thread_id: str) -> None:
    """`thread/unsubscribe`: nothing more of it is wanted; the engine unloads it in a while."""
    await client.call("thread/unsubscribe", {"threadId": thread_id}, Done)


async def side(client: EngineClient, thread_id: str, **params: Any) -> OpenedThread:
    """`thread/fork` of a copy that the engine keeps in memory only: not listed, gone with the engine.

    Keywords as for `thread_start`.
    """
    asked = {"threadId": thread_id, "ephemeral": True, "excludeTurns": True, **members(params)}
    return await client.call("thread/fork", asked, OpenedThread)


async def default_provider(client: EngineClient) -> str:
    """`config/read`: the model provider that counts when a thread has none of its own; "" if not told."""
    told = await client.call("config/read", {}, ConfigReadResult)
    provider = told.config.get("model_provider")
    return provider if isinstance(provider, str) and provider else "openai"


async def rename(client: EngineClient, thread_id: str, name: str) -> None:
    """`thread/name/set`."""
    await client.call("thread/name/set", {"threadId": thread_id, "name": name}, Done)


async def archive(client: EngineClient, thread_id: str) -> None:
    """`thread/archive`: out of the list, kept in full; stops a turn that runs."""
    await client.call("thread/archive", {"threadId": thread_id}, Done)


async def unarchive(client: EngineClient, thread_id: str) -> None:
    """`thread/unarchive`."""
    await client.call("thread/unarchive", {"threadId": thread_id}, Done)


async def delete(client: EngineClient, thread_id: str) -> None:
    """`thread/delete`: for good."""
    await client.call("thread/delete", {"threadId": thread_id}, Done)


async def fork(client: EngineClient, thread_id: str, last_turn_id: str | None, **params: Any) -> str:
    """`thread/fork`: a copy up to and with that turn, by default with all; the id of the copy.

    Keywords as for `thread_start`. To be resumed then: its turns do not come along.
    """
    asked = {"threadId": thread_id, "lastTurnId": last_turn_id, "excludeTurns": True, **members(params)}
    asked = {name: value for name, value in asked.items() if value is not None}
    return (await client.call("thread/fork", asked, OpenedThread)).thread.id
