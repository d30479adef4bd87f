"""Which thread a session is about and which folder it works in, and the opening of it.

A folder is agreed on first: nothing of a project that nobody has trusted is read before.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from codex_tui.detours import (
    BRING_BACK,
    COPY,
    DEFAULT,
    HERE,
    OTHER,
    LeftAloneError,
    is_unknown,
    named,
    nearest,
    ways_around,
    ways_elsewhere,
    ways_to,
    why,
)
from codex_tui.engine import saved
from codex_tui.engine.failures import RefusedError
from codex_tui.errors import ClientError
from codex_tui.history.plans import plans_in
from codex_tui.intents import Way
from codex_tui.protocol.events import PlansRecalled
from codex_tui.text import join, line, own
from codex_tui.text.source import source_of

if TYPE_CHECKING:
    from codex_tui.engine.client import EngineClient
    from codex_tui.history.access import Catalogue
    from codex_tui.intents import Face
    from codex_tui.launch import Launch
    from codex_tui.options import Options
    from codex_tui.protocol.events import ThreadOpened
    from codex_tui.store import Store


RECALL_SECONDS = 2.0
"""For reading plans off a file, which takes milliseconds; nobody waits for a disk that sleeps."""


class Opening:
    """The session's thread: unknown, then known for good. It outlives the engines."""

    def __init__(
        self, options: Options, launch: Launch, face: Face, store: Store, catalogue: Catalogue
    ) -> None:
        self._options = options
        self._launch = launch
        self._face = face
        self._store = store
        self._catalogue = catalogue
        self._folder: Path | None = None  # of the thread, once it is known
        self.thread_id: str | None = options.thread_id

    async def open_thread(self, client: EngineClient, *, again: bool) -> None:
        """Start or resume the thread; `again` with an engine that replaces a dead one.

        Raises ClientError, with a way on as its hint (`thread/start`, `thread/resume`).
        """
        shown = self._store.state.active
        if again and shown is not None and shown.id == self.thread_id and not len(shown.turns):
            self.thread_id = None  # the engine keeps no thread without a turn
            await self.start(client, self._folder)
        elif self.thread_id is not None:
            await self.resume(client, self.thread_id, self._folder)
        elif self._options.last:
            await self._resume_newest(client)
        elif self._options.thread_name is not None:
            await self._resume_named(client, self._options.thread_name)
        elif self._options.pick:
            await self.pick(client)
        else:
            await self.start(client)

    def note(self, thread_id: str, folder: Path | None) -> None:
        """That thread is the session's now; it was open already."""
        self.thread_id, self._folder = thread_id, folder

    async def _resume_newest(self, client: EngineClient) -> None:
        newest = await client.thread_list(**self._launch.newest_thread())
        if not newest.data:
            raise ClientError(
                f"no saved thread of {line(str(self._launch.cwd))}",
                hint="codex-tui resume lists those of all directories.",
            )
        await self.resume(client, newest.data[0].id, Path(newest.data[0].cwd or self._launch.cwd))

    async def _resume_named(self, client: EngineClient, name: str) -> None:
        """The thread of that name; asks which one, if several have it or none but some that are near."""
        called, others = await named(self._catalogue, name)
        if len(called) == 1:
            await self.resume(client, called[0].id, Path(called[0].cwd))
            return
        heading = own("Several threads are called ") if called else own("No saved thread is called ")
        if not (called or others):
            raise ClientError(
                f"no saved thread is called {line(name)}", hint="codex-tui resume lists all of them."
            )
        ways = [*ways_to(called or others), Way(OTHER, own("choose another thread"))]
        key = await self._face.choose(join(heading, line(name)), own(""), ways)
        if key is None:
            raise LeftAloneError(f"{join(heading, line(name))}")
        if key == OTHER:
            await self.pick(client)
        else:
            entry = (called or others)[int(key) - 1]
            await self.resume(client, entry.id, Path(entry.cwd))

    async def pick(self, client: EngineClient) -> None:
        """Let the person choose a saved thread, and open it."""
        choice = await self._face.pick_thread(self._catalogue, str(self._launch.cwd))
        if choice is None:
            await anyio.sleep_forever()  # the face is closing, and takes this along
        elif choice.kind == "fork":
            await self.fork(client, choice.entry.id)
        else:
            await self.resume(client, choice.entry.id, Path(choice.entry.cwd))

    async def start(self, client: EngineClient, folder: Path | None = None) -> None:
        """A new thread in `folder`, by default where the program was started (`thread/start`)."""
        folder = folder or self._launch.cwd
        settings = await self._agreed_settings(client, folder)
        started = await client.thread_start(**{"cwd": str(folder), **settings})
        self.thread_id, self._folder = started.thread.id, folder

    async def resume(self, client: EngineClient, thread_id: str, folder: Path | None = None) -> None:
        """Go on with a saved thread (`thread/resume`); `folder` is its own, if that is known.

        What stands in the way is put to the person as a choice. Raises LeftAloneError when they want
        none of the ways on, ClientError when there is none.
        """
        provider: str | None = None
        while True:
            try:
                if folder is None:
                    found = await client.thread_read(thread_id)
                    folder = Path(found.thread.cwd or self._launch.cwd)
                cwd = await self._there(folder)
                settings = await self._agreed_settings(client, cwd or folder)
                if provider is not None:
                    settings["model_provider"] = provider
                where = {"cwd": str(cwd)} if cwd else {}
                opened = await client.thread_resume(thread_id, **settings, **where)
            except RefusedError as error:
                key = await self._detour(client, thread_id, error)
                if key is None:  # another thread was opened instead
                    return
                provider = key or None
            else:
                self.thread_id, self._folder = thread_id, cwd or folder
                await self._recall_plans(thread_id, opened)
                return

    async def _recall_plans(self, thread_id: str, opened: ThreadOpened) -> None:
        """The plans that the thread's file has and the engine's history has not. They may be missing."""
        path = getattr(getattr(opened.result, "thread", None), "path", None)
        if not path or not opened.turns:
            return
        with anyio.move_on_after(RECALL_SECONDS), contextlib.suppress(OSError, ValueError):
            found = await anyio.to_thread.run_sync(plans_in, Path(path), abandon_on_cancel=True)
            if found:
                self._store.put(PlansRecalled(thread_id, found))

    async def _there(self, folder: Path) -> Path | None:
        """Where to go on when a thread's folder is gone; None to go on there."""
        if self._launch.cwd == folder or await anyio.Path(folder).is_dir():
            return None
        title, gone = own("The directory of this thread is gone"), line(str(folder))
        key = await self._face.choose(title, gone, ways_elsewhere(self._launch.cwd))
        if key is None:
            raise LeftAloneError(f"the directory of this thread is gone: {gone}")
        return self._launch.cwd if key == HERE else None

    async def _detour(self, client: EngineClient, thread_id: str, error: RefusedError) -> str | None:
        """Go the way that the person chooses after a refusal.

        "" is: try again as before; another word: with that provider; None: another thread is open now.
        """
        provider = await saved.default_provider(client) if "provider" in error.message.lower() else ""
        others = await nearest(self._catalogue, thread_id) if is_unknown(error) else []
        ways = [*ways_around(error, provider), *ways_to(others)]
        starting = self._store.state.active is None
        if starting and (ways or not is_unknown(error)):
            # An id that nothing is near to is a mistake of the command line, and said as one.
            ways.append(Way(OTHER, own("choose another thread")))
        if not ways:
            raise _cannot_resume(error) from error
        key = await self._face.choose(why(error), line(source_of(error.title)), ways)
        if key is None:
            left = _cannot_resume(error)
            raise LeftAloneError(left.title, left.detail, left.hint) from error
        if key == COPY:
            await self.fork(client, thread_id)
        elif key == OTHER:
            await self.pick(client)
        elif key.isdigit():
            entry = others[int(key) - 1]
            await self.resume(client, entry.id, Path(entry.cwd))
        else:
            if key == BRING_BACK:
                await saved.unarchive(client, thread_id)
            return provider if key == DEFAULT else ""
        return None

    async def fork(self, client: EngineClient, thread_id: str, last_turn_id: str | None = None) -> None:
        """Go on with a copy of a saved thread, up to and with a turn (`thread/fork`)."""
        try:
            found = await client.thread_read(thread_id)
            folder = Path(found.thread.cwd or self._launch.cwd)
            settings = await self._agreed_settings(client, folder)
            copy = await saved.fork(client, thread_id, last_turn_id, **settings)
        except RefusedError as error:
            raise _cannot_resume(error) from error
        await self.resume(client, copy, folder)

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


def _cannot_resume(error: RefusedError) -> ClientError:
    """What the engine says, and what a person can do about it."""
    said = error.message.lower()
    if "active writer" in said:
        hint = "Another program has it open: close it there, or take a copy: codex-tui resume, Tab, f."
    elif "archived" in said:
        hint = "It was put away: codex-tui resume, Tab, v lists those; a brings it back."
    elif "provider" in said:
        hint = "Its model provider is not in your config.toml: name it there, or go on with another thread."
    else:
        hint = "codex-tui resume lists the saved threads."
    return ClientError(error.title, error.detail, hint)
