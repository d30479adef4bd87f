"""The older turns of an open thread: asked for as somebody reads further up, or all of them at once.

A thread opens with its newest turns (`protocol.params.FIRST_PAGE`); what stands above them stays with
the engine until it is wanted. One fetch a thread at a time; who wants all of it makes a running one go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from codex_tui.engine import saved
from codex_tui.engine.failures import RefusedError
from codex_tui.errors import ClientError
from codex_tui.protocol.events import OlderSought, OlderTurns
from codex_tui.protocol.turns import Turn
from codex_tui.text.source import source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.engine.client import EngineClient
    from codex_tui.protocol.turns import TurnsPage
    from codex_tui.session.transcript import Above, Thread
    from codex_tui.store import Store

PAGE = 20
"""Turns that come as one scrolls up. A turn's items were seen to take up to 336 kB."""
WHOLE_PAGE = 50
"""Turns a page when all are wanted."""
WHOLE = 20_000
"""Turns that are fetched in one go, as for an export: years of a thread. Beyond, one can scroll on."""
APPLIED_SECONDS = 10.0
"""For what is here to reach the state; a frame is usual."""


class Older:
    """Asks whichever engine runs now; what comes is an event for the store."""

    def __init__(self, client: Callable[[], EngineClient | None], store: Store) -> None:
        self._client = client
        self._store = store
        # Threads of which some is fetched now: whether more is wanted then.
        self._wanted: dict[str, bool] = {}
        self._whole: set[str] = set()

    async def fetch(self, thread_id: str, whole: bool) -> None:
        """The turns above the first one that is known: a page of them, or all that there are."""
        if whole:
            self._whole.add(thread_id)
        if thread_id in self._wanted:
            self._wanted[thread_id] = True  # of what the state knows by then
            return
        try:
            self._wanted[thread_id] = True
            while self._wanted[thread_id]:
                self._wanted[thread_id] = False
                await self._fetch(thread_id)
        finally:
            del self._wanted[thread_id]
            self._whole.discard(thread_id)

    async def _fetch(self, thread_id: str) -> None:
        thread = self._store.state.threads.get(thread_id)
        if thread is None or thread.above is None:
            return
        self._store.put(OlderSought(thread_id))
        cursor: str | None = thread.above.cursor
        try:
            cursor = await self._pages(thread, cursor)
        except ClientError as error:
            lost = isinstance(error, RefusedError) and bool(cursor)
            self._store.put(OlderSought(thread_id, source_of(error.title) or "no answer", lost))
        with anyio.move_on_after(APPLIED_SECONDS):
            await self._store.until(lambda state: _has_come(state.threads.get(thread_id), thread.above))

    async def _pages(self, thread: Thread, cursor: str) -> str | None:
        """Pages from `cursor` on; in growing batches, as each one costs the screen a look at the whole."""
        batch, wanted, count = list[Turn](), WHOLE_PAGE, 0
        while True:
            whole = thread.id in self._whole
            try:
                page = await self._page(thread.id, cursor, WHOLE_PAGE if whole else PAGE)
            except ClientError:
                if batch:  # what came is not asked for again
                    self._store.put(OlderTurns(thread.id, tuple(reversed(batch)), cursor, True))
                raise
            batch.extend(page.data)
            count += len(page.data)
            following = page.next_cursor if page.data and page.next_cursor != cursor else None
            is_new = any(thread.turns.find(turn.id) is None for turn in page.data)
            goes_on = following is not None and (not is_new or (thread.id in self._whole and count < WHOLE))
            if len(batch) >= wanted or not goes_on:
                older = tuple(reversed(batch))
                self._store.put(OlderTurns(thread.id, older, following, goes_on))
                batch, wanted = [], 2 * wanted
            if following is None or not goes_on:
                return following
            cursor = following

    async def _page(self, thread_id: str, cursor: str, limit: int) -> TurnsPage:
        client = self._client()
        if client is None or self._store.state.engine.phase != "ready":
            raise ClientError("no engine runs")
        return await saved.turns_page(
            client, thread_id, cursor=cursor or None, limit=limit, items_view="full"
        )


def _has_come(thread: Thread | None, before: Above | None) -> bool:
    """Whether the state knows what became of a fetch."""
    if thread is None or thread.above is None:
        return True
    return thread.above is not before and thread.above.phase != "coming"
