"""What a person does with the open threads: switch, talk aside, name, put away, compact.

It implements `history.access.OpenThreads` on whichever engine runs now.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from codex_tui.engine import saved
from codex_tui.engine.agents import agents_of
from codex_tui.errors import ClientError
from codex_tui.history.open import is_side, parent_of
from codex_tui.older import Older
from codex_tui.protocol import events
from codex_tui.protocol.threads import ThreadClosed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from codex_tui.engine.client import EngineClient
    from codex_tui.opening import Opening
    from codex_tui.prompts import Prompts
    from codex_tui.session.transcript import Thread
    from codex_tui.store import Store

APPLIED_SECONDS = 10.0
"""For an answer that is here to reach the state; a frame is usual."""

SIDE_SAYS = (
    "A side conversation",
    "It knows all that was said before and changes nothing there. Esc with an empty draft ends it.",
)


class Threads:
    """`start` carries something out in the background and tells what went wrong."""

    def __init__(
        self,
        client: Callable[[], EngineClient | None],
        store: Store,
        opening: Opening,
        prompts: Prompts,
        start: Callable[..., None],
    ) -> None:
        self._get_client = client
        self._store = store
        self._opening = opening
        self._prompts = prompts
        self._start = start
        self._older = Older(client, store)

    def show(self, thread_id: str) -> None:
        self._start(self._alone, self._show, thread_id)

    def side(self, prompt: str) -> None:
        self._start(self._side, prompt)

    def leave_side(self) -> None:
        self._start(self._alone, self._leave_side)

    def rename(self, name: str) -> None:
        self._start(self._rename, name)

    def archive(self) -> None:
        self._start(self._alone, self._archive)

    def compact(self) -> None:
        self._start(self._compact)

    def older(self, thread_id: str, *, whole: bool = False) -> None:
        self._start(self._older.fetch, thread_id, whole)

    def look_for_agents(self, thread_id: str) -> None:
        self._start(self._look_for_agents, thread_id)

    # -- how ---------------------------------------------------------------------------------

    async def _alone(self, work: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> None:
        """What was written before goes to the thread it was written for."""
        async with self._prompts.leaving:
            await work(*arguments)
            self._prompts.forget_turn()

    async def _show(self, thread_id: str) -> None:
        thread = self._store.state.threads.get(thread_id)
        if thread is None:
            return
        if thread.status == "notLoaded" and not is_side(thread):
            # The engine has put it down: it has to be opened again.
            folder = Path(thread.settings.cwd) if thread.settings.cwd else None
            await self._opening.resume(self._client, thread_id, folder)
            return
        self._store.put(events.ThreadShown(thread_id))
        if parent_of(thread) is None:
            self._opening.note(thread_id, Path(thread.settings.cwd) if thread.settings.cwd else None)

    async def _side(self, prompt: str) -> None:
        async with self._prompts.leaving:
            thread = self._active
            if is_side(thread):
                raise ClientError(
                    "this is a side conversation", hint="End it first: Esc with an empty draft."
                )
            if not len(thread.turns):
                raise ClientError("nothing was said yet that one could talk about aside")
            opened = await saved.side(self._client, thread.id, cwd=thread.settings.cwd or None)
            side_id = opened.thread.id
            self._store.put(events.ThreadOpened(opened, "forked"))
            self._store.put(events.Remarked("info", *SIDE_SAYS, side_id))
            self._prompts.forget_turn()
        if prompt:
            with anyio.move_on_after(APPLIED_SECONDS):
                await self._store.until(lambda state: state.active_id == side_id)
            await self._prompts.send(prompt, (), side_id)

    async def _leave_side(self) -> None:
        thread = self._active
        parent = parent_of(thread)
        if parent is None or parent not in self._store.state.threads:
            raise ClientError("this is no side conversation: there is nothing to go back to")
        await self._show(parent)
        if is_side(thread):
            # Whether the engine hears of it or not, the person is back.
            with contextlib.suppress(ClientError):
                if thread.running_turn is not None:
                    await self._client.turn_interrupt(thread.id, thread.running_turn.id)
                await saved.unsubscribe(self._client, thread.id)
            self._store.put(events.Notified("thread/closed", ThreadClosed(thread_id=thread.id)))

    async def _look_for_agents(self, thread_id: str) -> None:
        with contextlib.suppress(ClientError):  # then those are listed that were heard of
            if found := await agents_of(self._client, thread_id):
                self._store.put(events.AgentsListed(found))

    async def _rename(self, name: str) -> None:
        thread = self._active
        if is_side(thread):
            raise ClientError("a side conversation has no name: nothing of it is kept")
        await saved.rename(self._client, thread.id, name)

    async def _archive(self) -> None:
        thread = self._idle()
        if not len(thread.turns):
            raise ClientError("nothing was said yet that could be put away")
        await saved.archive(self._client, thread.id)
        await self._opening.start(self._client, Path(thread.settings.cwd) if thread.settings.cwd else None)

    async def _compact(self) -> None:
        thread = self._idle()
        if not len(thread.turns):
            raise ClientError("nothing was said yet that could be compacted")
        await saved.compact(self._client, thread.id)

    def _idle(self) -> Thread:
        """The thread on screen, for what would cut a running turn off."""
        thread = self._active
        if is_side(thread):
            raise ClientError("this is a side conversation", hint="End it first: Esc with an empty draft.")
        if thread.running_turn is not None:
            raise ClientError("a turn runs", hint="Stop it first with Esc.")
        return thread

    @property
    def _client(self) -> EngineClient:
        client = self._get_client()
        if client is None or self._store.state.engine.phase != "ready":
            raise ClientError("there is no engine to ask", hint="Start it again with r, then try once more.")
        return client

    @property
    def _active(self) -> Thread:
        thread = self._store.state.active
        if thread is None:
            raise ClientError("no thread is open yet")
        return thread
