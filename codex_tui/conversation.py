"""The session with the engine: connects, opens the thread, and carries out what a person wants.

It implements `Intents`. Every effect on the engine is a call of `engine.client`, everything
that comes of it is an event for the store. It knows no widget: what shows the session is a `Face`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from codex_tui import shells, turns_back
from codex_tui.branch import branch_of
from codex_tui.catalogue import EngineCatalogue
from codex_tui.detours import LeftAloneError
from codex_tui.engine.client import EngineClient, engine_client
from codex_tui.engine.failures import cleaned
from codex_tui.engine.recorder import Recorder
from codex_tui.engine.replay import replay_events
from codex_tui.errors import ClientError
from codex_tui.history.open import is_side
from codex_tui.opening import Opening
from codex_tui.prompts import Prompts
from codex_tui.protocol import events
from codex_tui.protocol.threads import OpenedThread
from codex_tui.store import Store
from codex_tui.text import line
from codex_tui.text.source import source_of
from codex_tui.threads import Threads

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Coroutine, Sequence

    from anyio.abc import TaskGroup

    from codex_tui.history.access import Choice
    from codex_tui.intents import Face
    from codex_tui.launch import Launch
    from codex_tui.options import Options
    from codex_tui.protocol.base import JsonObject
    from codex_tui.session.inbox import QuestionKey
    from codex_tui.session.state import Change, State
    from codex_tui.text import SafeText

RESTARTS = 3  # in RESTART_WINDOW seconds; more is a loop, not a repair
RESTART_WINDOW = 60.0
APPLIED_SECONDS = 10.0  # for an answer that is here to reach the state; a frame is usual

REFUSED = -32000  # the JSON-RPC code of a person's no to something that has no answer of its own

NOT_LOGGED_IN = (
    "Not logged in, and no other model provider is set up",
    "Ways on:\n"
    "  codex login                  in another terminal, with a ChatGPT account\n"
    "  codex login --with-api-key   with an API key\n"
    "  config.toml                  a provider of your own, such as a local model\n"
    "  codex-tui --demo             a look around without an account\n"
    "Then just send: what you wrote stays in the composer until it can go.",
)


class Conversation:
    """One engine at a time, one thread on screen; many threads in the state."""

    def __init__(self, options: Options, launch: Launch, face: Face) -> None:
        self._options = options
        self._launch = launch
        self._face = face
        self.store = Store()
        self._client: EngineClient | None = None  # the newest one, also when it is dead: its log stays
        self._recorder = Recorder(options.record) if options.record else None
        self._generation = 0
        self._started: list[float] = []
        self.catalogue = EngineCatalogue(lambda: self._client, lambda: self.store.state)
        self._opening = Opening(options, launch, face, self.store, self.catalogue)
        self._prompts = Prompts(self.store, face, lambda: self._client)
        self.threads = Threads(lambda: self._client, self.store, self._opening, self._prompts, self._start)
        self.opened = anyio.Event()  # the thread is open for the first time
        self._group: TaskGroup | None = None
        self._wanted = anyio.Event()  # a person wants the dead engine back

    async def run(self) -> None:
        """Until cancelled. Raises ClientError when the session could not be opened."""
        failure: ClientError | None = None
        async with anyio.create_task_group() as group:
            self._group = group
            group.start_soon(self.store.run, self._deliver)
            try:
                if self._options.replay is not None:
                    await self._replay(self._options.replay)
                else:
                    await self._engines()
            except ClientError as error:
                failure = error
            finally:
                self.catalogue.close()
                if self._recorder is not None:
                    self._recorder.close()
                group.cancel_scope.cancel()
        if failure is not None:
            raise failure

    async def _deliver(self, state: State, change: Change) -> None:
        await self._face.deliver(state, change)
        self._prompts.take_back_lost()

    # -- engines, one after the other ------------------------------------------------------

    async def _engines(self) -> None:
        process = self._launch.process
        if process is None:
            await self._opening.agree_on(self._launch.cwd)
        while True:
            try:
                if process is None:
                    process = self._launch.process = self._launch.spawn()
                await self._one_engine(process)
            except ClientError as error:
                if self._generation <= 1:
                    raise
                self._remark("error", error.title, _more(error))
            process = None
            await self._wanted.wait()
            self._wanted = anyio.Event()

    async def _one_engine(self, process: subprocess.Popen[bytes]) -> None:
        """Initialise a started engine, open the thread, and stay until the engine is gone.

        Raises ClientError when the thread could not be opened.
        """
        self._generation += 1
        self._started.append(time.monotonic())
        failure: ClientError | None = None
        path = self._launch.binary.path if self._launch.binary is not None else ""
        sent, unread = self._launch.take_early()
        client = engine_client(
            process,
            path=path,
            generation=self._generation,
            recorder=self._recorder,
            sent=sent,
            unread=unread,
        )
        async with client, anyio.create_task_group() as group:
            self._client = client
            self._prompts.forget_turn()
            group.start_soon(self._pump, client)
            try:
                await client.initialize()
                await self._opening.open_thread(client, again=self._generation > 1)
                self.opened.set()
                await self._look_at_account(client)
            except ClientError as error:
                failure = error
            else:
                if self._options.prompt and self._generation == 1:
                    self._start(self._send_first)
            if failure is not None:
                # Not by leaving: that this engine is gone has to reach the state too.
                await client.stop()
        if failure is not None:
            raise failure

    async def _look_at_account(self, client: EngineClient) -> None:
        try:
            account = await client.account_read()
        except ClientError as error:
            # A turn may work all the same, and will say what is wrong if it does not.
            self._remark("warning", error.title, _more(error))
            return
        if account.account is None and account.requires_openai_auth:
            self._remark("warning", *NOT_LOGGED_IN)

    async def _pump(self, client: EngineClient) -> None:
        """Engine to store, until the engine is gone; its end is the last event."""
        async for batch in client.events():
            await self.store.put_all(batch)
            for event in batch:
                # The answer that opens a thread may be here before the call that asks for it.
                if isinstance(event, events.ThreadOpened) and isinstance(event.result, OpenedThread):
                    self._look_at_branch(event.result.thread.id)
                elif _ends_turn(event) and self._opening.thread_id is not None:
                    self._look_at_branch(self._opening.thread_id)

    def _look_at_branch(self, thread_id: str) -> None:
        self.store.put(events.BranchSeen(thread_id, branch_of(self._launch.cwd)))

    async def _replay(self, path: Path) -> None:
        async for batch in replay_events(path, speed=self._options.speed or None):
            await self.store.put_all(batch)
        await anyio.sleep_forever()

    # -- intents ---------------------------------------------------------------------------

    def send(self, text: str, images: Sequence[str] = (), thread_id: str | None = None) -> None:
        self._start(self._prompts.send, text, tuple(images), thread_id)

    def queue(self, text: str) -> None:
        self._start(self._prompts.queue, text)

    def interrupt(self, thread_id: str | None = None) -> None:
        self._start(self._prompts.interrupt, thread_id)

    def answer(self, key: QuestionKey, result: JsonObject, outcome: str) -> None:
        self._start(self._answer, key, result, outcome)

    def refuse(self, key: QuestionKey, reason: str) -> None:
        self._start(self._refuse, key, reason)

    def approve_denied(self, thread_id: str, event: JsonObject) -> None:
        self._start(self._approve_denied, thread_id, event)

    def run_shell(self, command: str) -> None:
        self._start(self._prompts.run_shell, command)

    def look_at_terminals(self, thread_id: str) -> None:
        if self._client is not None and self.store.state.engine.phase == "ready":
            self._start(shells.look_at_terminals, self._client, self.store, thread_id)

    def end_terminals(self, thread_id: str, process_id: str | None = None) -> None:
        if self._client is not None:
            self._start(shells.end_terminals, self._client, self.store, thread_id, process_id)

    def new_thread(self) -> None:
        self._start(self._go_to, None)

    def open_thread(self, choice: Choice) -> None:
        self._start(self._go_to, choice)

    async def take_turns_back(self, thread_id: str, turn_id: str) -> None:
        client, thread = self._client, self.store.state.threads.get(thread_id)
        if client is None or thread is None or self.store.state.engine.phase != "ready":
            raise ClientError("there is no engine to take turns back", hint="Start it again with r first.")
        async with self._prompts.leaving:
            await turns_back.take_turns_back(client, self._opening, self.store, thread, turn_id)
            self._prompts.forget_turn()

    def engine_log(self) -> Sequence[SafeText]:
        return cleaned(self._client.log()) if self._client is not None else []

    def restart_engine(self) -> None:
        self._start(self._restart)

    def _start(self, work: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> None:
        if self._group is not None:
            self._group.start_soon(self._guarded, work, arguments)

    async def _guarded(
        self, work: Callable[..., Coroutine[Any, Any, None]], arguments: tuple[object, ...]
    ) -> None:
        """What a person asked for may fail; it is told, and the session goes on."""
        try:
            await work(*arguments)
        except LeftAloneError:
            return
        except ClientError as error:
            self._remark("error", error.title, _more(error))

    def _remark(self, severity: str, title: str, detail: str = "") -> None:
        # What was made safe for a plain terminal is made safe again where it is painted.
        words = source_of(title), source_of(detail)
        shown = self.store.state.active_id or self._opening.thread_id
        self.store.put(events.Remarked(severity, *words, shown))

    async def _send_first(self) -> None:
        """The command line's prompt, once the state knows the thread that the engine has opened."""
        with anyio.move_on_after(APPLIED_SECONDS):
            await self.store.until(lambda state: state.active is not None)
        await self._prompts.send(self._options.prompt or "", tuple(map(str, self._options.images)))

    async def _answer(self, key: QuestionKey, result: JsonObject, outcome: str) -> None:
        client = self._client_of(key)
        if client is not None and await client.answer(key[2], result):
            self.store.put(events.Answered(key[0], key[2], outcome))

    async def _refuse(self, key: QuestionKey, reason: str) -> None:
        client = self._client_of(key)
        if client is not None and await client.refuse(key[2], REFUSED, reason):
            self.store.put(events.Answered(key[0], key[2], "refused"))

    async def _go_to(self, choice: Choice | None) -> None:
        """Another thread on screen, or a new one; the one before goes on with what it does."""
        client = self._client
        if client is None or self.store.state.engine.phase != "ready":
            raise ClientError("there is no engine to open it with", hint="Start it again with r first.")
        async with self._prompts.leaving:  # what was written before goes to the thread it was written for
            if choice is None:
                shown = self.store.state.active
                await self._opening.start(client, Path(shown.settings.cwd) if shown is not None else None)
            elif choice.kind == "fork":
                await self._opening.fork(client, choice.entry.id, choice.last_turn_id)
            else:
                await self._opening.resume(client, choice.entry.id, Path(choice.entry.cwd))
            self._prompts.forget_turn()

    async def _approve_denied(self, thread_id: str, event: JsonObject) -> None:
        client = self._client
        if client is None:
            raise ClientError("Not approved: no engine runs")
        await client.approve_denied(thread_id, event)
        self.store.put(events.DenialApproved(thread_id, str(event["id"])))

    def _client_of(self, key: QuestionKey) -> EngineClient | None:
        """The engine that asked; None when it is gone, or when this is a recording."""
        if self._options.replay is not None:
            self.store.put(events.Answered(key[0], key[2], "not sent: this is a recording"))
            return None
        return self._client if key[0] == self._generation else None

    async def _restart(self) -> None:
        if not self.store.state.engine.is_gone:
            return
        now = time.monotonic()
        self._started = [at for at in self._started if now - at < RESTART_WINDOW]
        if len(self._started) > RESTARTS:
            raise ClientError(
                "The engine was started too often in the last minute",
                hint="Look at its log (F12), wait a little, then try again.",
            )
        self._wanted.set()

    # -- the end ---------------------------------------------------------------------------

    def last_words(self) -> list[str]:
        """For the plain terminal after the interface: how to go on with this thread."""
        state = self.store.state
        thread = state.active
        if thread is not None and is_side(thread):  # nothing of it is kept: its main one is
            thread = state.threads.get(self._opening.thread_id or "")
        if thread is None or not len(thread.turns) or self._launch.demo is not None:
            return []
        return ["To go on with this thread:", f"  codex-tui resume {line(thread.id)}"]


def _ends_turn(event: events.Event) -> bool:
    return isinstance(event, events.Notified) and event.method == "turn/completed"


def _more(error: ClientError) -> str:
    return "\n".join(part for part in (error.detail, error.hint) if part)
