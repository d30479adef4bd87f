"""How prompts reach the engine: a turn, a steer or the queue; and how a turn is stopped.

Every prompt is in the state before it leaves (`PromptSent`); one that does not get through goes
back to whoever wrote it.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from typing import TYPE_CHECKING

import anyio

from codex_tui.engine.failures import RefusedError, UnansweredError
from codex_tui.errors import ClientError
from codex_tui.protocol import events
from codex_tui.session.transcript import RECENT_TURNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.engine.client import EngineClient
    from codex_tui.intents import Face
    from codex_tui.session.transcript import Thread
    from codex_tui.store import Store


TAKES_NONE = (
    "This agent takes its work only from the thread it belongs to",
    "",
    "Write there: /back leads to it.",
)
"""Of agents whose engine (multi-agent v2) lets nobody else write to them."""


class Prompts:
    """`client`: the engine of now, None when there is none."""

    def __init__(self, store: Store, face: Face, client: Callable[[], EngineClient | None]) -> None:
        self._store = store
        self._face = face
        self._client = client
        self.leaving = anyio.Lock()  # prompts leave in the order they were written
        # Of the newest turn/start answer; its turn/started may be on its way.
        self._turn_id: str | None = None

    def forget_turn(self) -> None:
        """Another engine or another thread: no turn of this one is on its way."""
        self._turn_id = None

    def take_back_lost(self) -> None:
        """The engine forgets what was to steer a turn that then ended; here it is not lost."""
        for thread in self._store.state.threads.values():
            for prompt in thread.pending:
                if prompt.how == "lost":
                    self._store.put(events.PromptFailed(thread.id, prompt.client_id, "the turn ended first"))
                    self._face.give_back(prompt.text, "Not read before the turn ended")

    async def send(self, text: str, images: tuple[str, ...], thread_id: str | None = None) -> None:
        """Start a turn with it, or steer the running one. Raises ClientError when it went back."""
        async with self.leaving:
            client, state = self._client(), self._store.state
            thread = state.active if thread_id is None else state.threads.get(thread_id)
            if client is None or state.engine.phase != "ready" or state.active is None:
                self._face.give_back(text, "There is no engine to send it to")
                return
            if thread is None:
                self._face.give_back(text, "There is no such thread to send it to")
                return
            if not await self._may_send(client):
                self._face.give_back(text, "Not sent: not logged in (the ways on are said above)")
                return
            turn = thread.running_turn
            how = "turn" if turn is None else "steer"
            prompt = events.PromptSent(thread.id, uuid.uuid4().hex, text, how, now_ms())
            self._store.put(prompt)
            try:
                if turn is None or not await self._steer(client, thread.id, turn.id, prompt, images):
                    started = await client.turn_start(thread.id, text, images, client_id=prompt.client_id)
                    if thread.id == state.active_id:
                        self._turn_id = started.turn.id
            except ClientError as error:
                self._store.put(events.PromptFailed(thread.id, prompt.client_id, error.title))
                self._face.give_back(text, "Not sent")
                if isinstance(error, RefusedError) and "sub-agent" in error.message:
                    raise ClientError(*TAKES_NONE) from None
                raise

    @staticmethod
    async def _steer(
        client: EngineClient, thread_id: str, turn_id: str, prompt: events.PromptSent, images: tuple[str, ...]
    ) -> bool:
        """False when that turn ended meanwhile: then the prompt starts one of its own."""
        try:
            await client.turn_steer(thread_id, turn_id, prompt.text, images, client_id=prompt.client_id)
        except RefusedError as error:
            if "active turn" in error.message:
                return False
            raise
        return True

    async def _may_send(self, client: EngineClient) -> bool:
        account = self._store.state.account
        if not account.known or account.account is not None or not account.requires_openai_auth:
            return True
        now = await client.account_read()  # the person may have logged in elsewhere meanwhile
        return now.account is not None or not now.requires_openai_auth

    async def queue(self, text: str) -> None:
        """Leave it at the engine for after the running turn. Raises ClientError when it went back."""
        async with self.leaving:
            client, thread = self._client(), self._store.state.active
            if client is None or thread is None:
                self._face.give_back(text, "There is no engine to queue it at")
                return
            prompt = events.PromptSent(thread.id, uuid.uuid4().hex, text, "queue", now_ms())
            self._store.put(prompt)
            try:
                await client.queue_add(thread.id, text, client_id=prompt.client_id)
            except ClientError as error:
                self._store.put(events.PromptFailed(thread.id, prompt.client_id, error.title))
                self._face.give_back(text, "Not queued")
                raise

    async def run_shell(self, command: str) -> None:
        """Run it in the person's own shell (`thread/shellCommand`). Raises ClientError when it went back."""
        client, thread = self._client(), self._store.state.active
        if client is None or thread is None or self._store.state.engine.phase != "ready":
            self._face.give_back(f"!{command}", "There is no engine to run it")
            return
        try:
            await client.shell_command(thread.id, command)
        except ClientError:
            self._face.give_back(f"!{command}", "Not run")
            raise

    async def interrupt(self, thread_id: str | None) -> None:
        """Stop that thread's running turn, by default of the one on screen."""
        client, state = self._client(), self._store.state
        thread = state.active if thread_id is None else state.threads.get(thread_id)
        if client is None or thread is None:
            return
        announced = self._announced(thread) if thread.id == state.active_id else None
        turn_id = thread.running_turn.id if thread.running_turn is not None else announced
        if turn_id is None:
            return
        # An interrupt that came too late is not answered before the next turn ends (engine 0.163).
        with contextlib.suppress(UnansweredError):
            await client.turn_interrupt(thread.id, turn_id)

    def _announced(self, thread: Thread) -> str | None:
        """The turn that turn/start answered and that has not begun yet."""
        if self._turn_id is None or any(turn.id == self._turn_id for turn in thread.turns[-RECENT_TURNS:]):
            return None
        return self._turn_id


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000
