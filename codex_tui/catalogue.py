"""The engine's saved threads, for the picker (`thread/list`, `thread/turns/list`, `thread/search` …)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import anyio

from codex_tui.engine import saved
from codex_tui.engine.failures import RefusedError
from codex_tui.errors import ClientError
from codex_tui.history.damaged import Unlisted, damaged, unlisted
from codex_tui.history.entries import entry_of, merge
from codex_tui.history.found import Found, Peek
from codex_tui.paths import codex_home, state_dir
from codex_tui.protocol.events import Event, Remarked, ThreadOpened
from codex_tui.protocol.params import threads_params
from codex_tui.protocol.threads import OpenedThread
from codex_tui.searching import Searching
from codex_tui.session.reducer import reduce_all
from codex_tui.session.state import State
from codex_tui.session.transcript import Above

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from codex_tui.engine.client import EngineClient
    from codex_tui.history.entries import Entry
    from codex_tui.protocol.threads import ThreadListResult
    from codex_tui.protocol.turns import Turn
    from codex_tui.session.transcript import Thread

PAGE = 100
"""Turns a page while they are counted."""
PAGES = 500
"""Pages of one listing: 50,000 threads."""
PEEKED = 3
"""Turns of a preview."""
TURNS_COUNTED = 1000
TURNS_WHOLE = 20_000
"""Turns of an export: years of a thread."""
FULL_PAGE = 50
"""Turns a page with all their items; one was seen to take up to 336 kB."""
UNTOLD = "The engine tells its turns only when it is opened"
"""Of threads that were made under another home, or before the engine kept an index of turns."""


class EngineCatalogue:
    """Implements `history.access.Catalogue` on whichever engine runs now."""

    def __init__(
        self, client: Callable[[], EngineClient | None], state: Callable[[], State] | None = None
    ) -> None:
        """`state`: what this session has heard, if it is a session."""
        self._client = client
        self._state = state or State
        self._all_sources = True
        self._left_out: set[Unlisted] = set()  # what a look at the files did not list either
        self._searching = Searching(self._home, state_dir)
        self._listed: dict[str, Entry] = {}  # what a search finds need not be asked for again

    def close(self) -> None:
        """End what is done in the background."""
        self._searching.close()

    def _home(self) -> Path:
        return Path(self._state().engine.codex_home or codex_home())

    @property
    def _engine(self) -> EngineClient:
        client = self._client()
        if client is None:
            raise ClientError("there is no engine to ask", hint="Start it again with r, then try once more.")
        return client

    async def pages(self, *, archived: bool, here: str = "") -> AsyncIterator[Sequence[Entry]]:
        listed: set[str] = set()
        if here:
            # Among thousands of others those may be on the last page.
            yield self._entries(await self._page(None, archived, quick=True, cwd=here), archived)
        async for page in self._through(archived, quick=True):
            listed.update(entry.id for entry in page)
            yield page
        home = self._home()
        if not await self._left(home, listed, archived) <= self._left_out:
            # Only a look at the files finds what the index does not know: 0.2 s a page.
            async for page in self._through(archived, quick=False):
                listed.update(entry.id for entry in page)
                yield page
        self._left_out |= await self._left(home, listed, archived)
        if bad := await anyio.to_thread.run_sync(partial(damaged, home, listed, archived=archived)):
            yield bad

    async def _through(self, archived: bool, *, quick: bool) -> AsyncIterator[Sequence[Entry]]:
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self._page(cursor, archived, quick)
            yield self._entries(page, archived)
            if page.next_cursor is None or page.next_cursor == cursor:
                break
            cursor = page.next_cursor

    def _entries(self, page: ThreadListResult, archived: bool) -> list[Entry]:
        entries = [entry_of(thread, archived=archived) for thread in page.data]
        merge(self._listed, entries)
        return entries

    async def _left(self, home: Path, listed: set[str], archived: bool) -> set[Unlisted]:
        """The files of threads that are not listed."""
        return set(await anyio.to_thread.run_sync(partial(unlisted, home, listed, archived=archived)))

    async def _page(
        self, cursor: str | None, archived: bool, quick: bool, cwd: str | None = None
    ) -> ThreadListResult:
        try:
            return await self._list(cursor, archived, quick, cwd)
        except RefusedError:
            if not self._all_sources:
                raise
            self._all_sources = False  # an engine that names its sources otherwise
            return await self._list(cursor, archived, quick, cwd)

    async def _list(
        self, cursor: str | None, archived: bool, quick: bool, cwd: str | None
    ) -> ThreadListResult:
        asked = threads_params(cursor, archived=archived, quick=quick, all_sources=self._all_sources, cwd=cwd)
        return await saved.threads_page(self._engine, asked)

    async def peek(self, entry: Entry, wanted: str = "") -> Peek:
        read = await self._engine.thread_read(entry.id)
        turns, places = await self._searching.place(self._engine, entry.id, wanted, PEEKED)
        opened = OpenedThread(thread=read.thread, cwd=read.thread.cwd, model=read.thread.model or "")
        told: list[Event] = [ThreadOpened(opened, "resumed", tuple(reversed(turns)))]
        if not any(turn.items for turn in turns):
            told.append(Remarked("info", UNTOLD, "", entry.id))
        state, _ = reduce_all(State(), told)
        if state.active is None:
            raise ClientError("the engine shows nothing of this thread")
        return Peek(state.active, places)

    async def whole(self, thread_id: str) -> Thread:
        known = self._state().threads.get(thread_id)
        try:
            told = (await self._engine.thread_read(thread_id)).thread
            turns, cursor = await self._turns(thread_id)
        except ClientError:
            if known is None or known.above is not None:
                raise  # what is known is not all of it
            return known  # a side conversation, or no engine: what this session has is all there is
        known = self._state().threads.get(thread_id)  # it may have gone on meanwhile
        if not turns and known is None:
            raise ClientError(UNTOLD, hint="Open it first, then write /export.")
        state = State(threads=MappingProxyType({thread_id: known} if known is not None else {}))
        opened = OpenedThread(
            thread=told,
            cwd=told.cwd,
            model=told.model or "",
            model_provider=told.model_provider,
            reasoning_effort=told.reasoning_effort,
        )
        state, _ = reduce_all(state, [ThreadOpened(opened, "read", tuple(reversed(turns)))])
        if state.active is None:
            raise ClientError("the engine shows nothing of this thread")
        return replace(state.active, above=Above(cursor) if cursor is not None else None)

    async def _turns(self, thread_id: str) -> tuple[Sequence[Turn], str | None]:
        """The turns of a thread with all their items, newest first, up to `TURNS_WHOLE`.

        And where older ones would go on; None when these are all.
        """
        turns: list[Turn] = []
        cursor: str | None = None
        while len(turns) < TURNS_WHOLE:
            try:
                page = await saved.turns_page(
                    self._engine, thread_id, limit=FULL_PAGE, cursor=cursor, items_view="full"
                )
            except RefusedError as error:
                if not saved.has_no_pages(error):
                    raise
                return await saved.turns_read(self._engine, thread_id), None
            turns += page.data
            if page.next_cursor is None or page.next_cursor == cursor or not page.data:
                return turns, None
            cursor = page.next_cursor
        return turns, cursor

    async def count_turns(self, thread_id: str) -> int:
        try:
            return await self._count_turns(thread_id)
        except RefusedError as error:
            if not saved.has_no_pages(error):
                raise
            return len(await saved.turns_read(self._engine, thread_id))

    async def _count_turns(self, thread_id: str) -> int:
        count, cursor = 0, None
        while count < TURNS_COUNTED:
            page = await saved.turns_page(
                self._engine, thread_id, limit=PAGE, cursor=cursor, items_view="summary"
            )
            count += len(page.data)
            if page.next_cursor is None or page.next_cursor == cursor or not page.data:
                break
            cursor = page.next_cursor
        return count

    def search(self, wanted: str, *, archived: bool) -> AsyncIterator[Found]:
        return self._searching.search(self._engine, wanted, self._listed, archived=archived)

    async def rename(self, thread_id: str, name: str) -> None:
        await saved.rename(self._engine, thread_id, name)

    async def archive(self, thread_id: str) -> None:
        await saved.archive(self._engine, thread_id)

    async def unarchive(self, thread_id: str) -> None:
        await saved.unarchive(self._engine, thread_id)

    async def delete(self, thread_id: str) -> None:
        await saved.delete(self._engine, thread_id)
        self._searching.forget()
