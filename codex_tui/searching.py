"""The search over what was said in saved threads: the engine's, or over an index of our own.

Engines before 0.140 have no `thread/search`, those before 0.151 no `thread/searchOccurrences`. What an engine
lacks is known by its first refusal; before that no file of it is read.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import anyio

from codex_tui.engine import saved
from codex_tui.engine.failures import RefusedError
from codex_tui.errors import ClientError
from codex_tui.history.entries import entry_of
from codex_tui.history.found import Found, Hit, around
from codex_tui.protocol.items import AgentMessage, UserMessage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
    from pathlib import Path

    from codex_tui.engine.client import EngineClient
    from codex_tui.history.entries import Entry
    from codex_tui.history.index import Found as Place
    from codex_tui.history.index import Index
    from codex_tui.protocol.turns import Turn

FOUND = 100
"""Threads that one search finds."""
PLACES = 200
"""Places of one thread that are asked for: more is said as so many."""
AGAIN_SECONDS = 0.4
"""While files are still read, so long until the next look."""
TURNS_PAGE = 50
TURNS_SOUGHT = 1000
"""Turns that are looked through for words where the engine cannot tell the place."""


class Searching:
    """One engine after the other; knows what each can do."""

    def __init__(self, home: Callable[[], Path], state: Callable[[], Path]) -> None:
        """`home`: of the engine, where its files are; `state`: our own directory. Both asked when needed."""
        self._home = home
        self._state = state
        self._index: Index | None = None
        self._lacks: set[str] = set()
        self._engine: EngineClient | None = None  # that lacks them
        self._told = ""  # what was said of trouble: once is enough
        self._is_tidy = False

    def close(self) -> None:
        """End what is done in the background."""
        if self._index is not None:
            self._index.close()

    def forget(self) -> None:
        """A thread was deleted: what the index has of it goes, too."""
        if self._index is not None:
            self._index.refresh()

    async def search(
        self, engine: EngineClient, wanted: str, known: Mapping[str, Entry], *, archived: bool
    ) -> AsyncGenerator[Found]:
        """What is found, again and again while files are still read. `known`: entries of the picker."""
        if not self._lacking(engine, "thread/search"):
            try:
                found = await saved.search(engine, wanted, FOUND, archived=archived)
            except RefusedError as error:
                self._note(engine, error)
            else:
                yield Found(
                    [
                        Hit(entry_of(one.thread, archived=archived), around(one.snippet, wanted))
                        for one in found.data
                    ]
                )
                await self._tidy()
                return
        async for some in self._own(engine, wanted, known, archived=archived):
            yield some

    async def place(
        self, engine: EngineClient, thread_id: str, wanted: str, count: int
    ) -> tuple[Sequence[Turn], int]:
        """So many turns up to the newest in which it was said, newest first, and at how many places it was.

        Without `wanted`, or when the place is not found, the last turns.
        """
        cursor, places = None, 0
        if wanted and not self._lacking(engine, "thread/searchOccurrences"):
            try:
                told = (await saved.occurrences(engine, thread_id, wanted, PLACES)).data
            except RefusedError as error:
                self._note(engine, error)
            else:
                cursor, places = told[-1].turn_cursor if told else None, len(told)
        is_untold = wanted and self._lacking(engine, "thread/searchOccurrences")
        if is_untold and self._index is not None:
            places = await anyio.to_thread.run_sync(self._index.count, thread_id, wanted)
        try:
            if is_untold and (turns := await _looked_for(engine, thread_id, wanted, count)):
                return turns, places
            page = await saved.turns_page(engine, thread_id, limit=count, cursor=cursor, items_view="full")
        except RefusedError as error:
            if not saved.has_no_pages(error):
                raise
            turns = await saved.turns_read(engine, thread_id)
            return _up_to(turns, wanted, count) or turns[:count], places
        return page.data, places

    # -- what an engine lacks --------------------------------------------------------------

    def _lacking(self, engine: EngineClient, method: str) -> bool:
        return self._engine is engine and method in self._lacks

    def _note(self, engine: EngineClient, error: RefusedError) -> None:
        """Remember that a method is missing. Raises `error` if it says something else."""
        if error.code != -32601 and f"unknown variant `{error.method}`" not in error.message:
            raise error
        if self._engine is not engine:
            self._engine, self._lacks = engine, set()
        self._lacks.add(error.method)

    # -- our own index ---------------------------------------------------------------------

    async def _own(
        self, engine: EngineClient, wanted: str, known: Mapping[str, Entry], *, archived: bool
    ) -> AsyncGenerator[Found]:
        entries: dict[str, Entry | None] = dict(known)
        index = self._open()
        index.refresh()
        while True:
            progress = index.progress
            look = partial(index.find, wanted, archived=archived, limit=FOUND)
            found = await anyio.to_thread.run_sync(look)
            done, of = (progress.done, progress.of) if progress is not None else (0, 0)
            if unknown := [one.thread_id for one in found if one.thread_id not in entries]:
                yield Found(_hits(found, entries), True, done, of, self._trouble(index))
                for thread_id in unknown:
                    entries[thread_id] = await _asked_for(engine, thread_id, archived)
            is_done = progress is None and index.progress is None
            yield Found(_hits(found, entries), not is_done, done, of, self._trouble(index))
            if is_done:
                return
            await anyio.sleep(AGAIN_SECONDS)

    def _open(self) -> Index:
        if self._index is None:
            from codex_tui.history.index import Index

            self._index = Index(self._home(), self._state())
        return self._index

    def _trouble(self, index: Index) -> str:
        told, self._told = self._told, index.trouble
        return index.trouble if index.trouble != told else ""

    async def _tidy(self) -> None:
        """An index that an older engine needed goes when there is one with a search of its own."""
        if self._is_tidy:
            return
        self._is_tidy = True
        if (self._state() / "said").is_dir():
            index, self._index = self._open(), None
            await anyio.to_thread.run_sync(index.remove)


def _hits(found: Sequence[Place], entries: Mapping[str, Entry | None]) -> list[Hit]:
    """Those whose thread is known."""
    known = [(entries.get(one.thread_id), one.snippet) for one in found]
    return [Hit(entry, snippet) for entry, snippet in known if entry is not None]


async def _asked_for(engine: EngineClient, thread_id: str, archived: bool) -> Entry | None:
    """A thread that is not listed yet; None when the engine does not know it."""
    try:
        return entry_of((await engine.thread_read(thread_id)).thread, archived=archived)
    except ClientError:
        return None


async def _looked_for(engine: EngineClient, thread_id: str, wanted: str, count: int) -> Sequence[Turn]:
    """So many turns up to the newest in which it was said, newest first; none if it is too far back."""
    cursor: str | None = None
    for _ in range(TURNS_SOUGHT // TURNS_PAGE):
        page = await saved.turns_page(engine, thread_id, limit=TURNS_PAGE, cursor=cursor, items_view="full")
        if found := _up_to(page.data, wanted, count):
            return found
        if page.next_cursor is None or page.next_cursor == cursor or not page.data:
            break
        cursor = page.next_cursor
    return ()


def _up_to(turns: Sequence[Turn], wanted: str, count: int) -> Sequence[Turn]:
    """So many from the newest on in which it was said."""
    folded = wanted.casefold()
    at = next((at for at, turn in enumerate(turns) if folded in _said(turn).casefold()), len(turns))
    return turns[at : at + count]


def _said(turn: Turn) -> str:
    said: list[str] = []
    for item in turn.items:
        if isinstance(item, UserMessage):
            said += [part.text for part in item.content]
        elif isinstance(item, AgentMessage):
            said.append(item.text)
    return "\n".join(said)
