"""Which thread a session is about and which folder it works in, and the opening of it.

A folder is agreed on first: nothing of a project that nobody has trusted is read before.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from codex_tui.engine.failures import RefusedError
from codex_tui.errors import ClientError
from codex_tui.text import line

if TYPE_CHECKING:
    from codex_tui.engine.client import EngineClient
    from codex_tui.intents import Face
    from codex_tui.launch import Launch
    from codex_tui.options import Options
    from codex_tui.store import Store


class Opening:
    """The session's thread: unknown, then known for good. It outlives the engines."""

    def __init__(self, options: Options, launch: Launch, face: Face, store: Store) -> None:
        self._wants_newest = options.last
        self._launch = launch
        self._face = face
        self._store = store
        self._folder: Path | None = None  # of the thread, once it is known
        self.thread_id: str | None = options.thread_id

    async def open_thread(self, client: EngineClient, *, again: bool) -> None:
        """Start or resume the thread; `again` with an engine that replaces a dead one.

        Raises ClientError, with a way on as its hint (`thread/start`, `thread/resume`).
        """
        if self.thread_id is None and self._wants_newest:
            newest = await client.thread_list(**self._launch.newest_thread())
            if not newest.data:
                raise ClientError(
                    f"no saved thread of {line(str(self._launch.cwd))}",
                    hint="codex-tui starts a new one; --cd DIR looks elsewhere.",
                )
            self.thread_id = newest.data[0].id
            self._folder = Path(newest.data[0].cwd or self._launch.cwd)
        shown = self._store.state.active
        if again and shown is not None and not len(shown.turns):
            self.thread_id = None  # the engine keeps no thread without a turn
        if self.thread_id is None:
            folder = self._folder = self._launch.cwd
            settings = await self._agreed_settings(client, folder)
            started = await client.thread_start(**{"cwd": str(folder), **settings})
            self.thread_id = started.thread.id
            return
        try:
            if self._folder is None:
                found = await client.thread_read(self.thread_id)
                self._folder = Path(found.thread.cwd or self._launch.cwd)
            settings = await self._agreed_settings(client, self._folder)
            await client.thread_resume(self.thread_id, **settings)
        except RefusedError as error:
            hint = "codex-tui resume --last goes on with the newest thread of this directory."
            raise ClientError(error.title, error.detail, hint) from error

    async def _agreed_settings(self, client: EngineClient, folder: Path) -> dict[str, Any]:
        """What a thread in `folder` is opened with, once the person has agreed to open one there."""
        await self.agree_on(folder)
        settings = self._launch.thread_settings(folder)
        if (trusted := self._launch.consent.to_write(folder)) is not None:
            await client.trust_folder(str(trusted))
        return settings

    async def agree_on(self, folder: Path) -> None:
        """Ask whether to trust `folder` if nobody has said so yet."""
        trust = self._launch.consent.question(folder)
        if trust is None:
            return
        answer = await self._face.ask_trust(trust)
        if answer == "leave":
            await anyio.sleep_forever()  # the face is closing, and takes this along
        self._launch.consent.note(trust, answer)
