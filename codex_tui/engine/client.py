"""The engine's methods as typed calls. One client is one engine; after its end a new one is made.

    process = spawn(locate())                                # engine.process, engine.locate
    async with engine_client(process, path=…) as client:
        task_group.start_soon(read, client.events())         # must be read all the time
        await client.initialize()
        await client.thread_start(cwd=…)

What opens or changes the session's state comes through `events()`, in order with the engine's own
notifications; the calls' return values are for the caller's convenience. Every call raises
EngineError: refused by the engine, not answered in time, not to be sent, engine gone.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import anyio

from codex_tui import __version__
from codex_tui.engine.connection import Connection
from codex_tui.engine.early import Sent
from codex_tui.engine.failures import CannotSendError, EngineError, RefusedError, UnreadableAnswerError
from codex_tui.engine.opening import account_event, known_turns, opened_event
from codex_tui.engine.pipes import EngineProcess
from codex_tui.engine.recorder import Recorder
from codex_tui.engine.rpc import ResultEvent
from codex_tui.engine.wires import StdioWire
from codex_tui.protocol.account import AccountReadResult
from codex_tui.protocol.base import ForeignShapeError, JsonObject, RequestId, Wire, read
from codex_tui.protocol.events import EngineReady, Event, ThreadOpened, TurnsTakenBack
from codex_tui.protocol.initialize import InitializeResult
from codex_tui.protocol.params import FIRST_PAGE, initialize_params, members, resume_params
from codex_tui.protocol.registry import Done, as_object
from codex_tui.protocol.terminals import BackgroundTerminal, BackgroundTerminals, TerminalTerminated
from codex_tui.protocol.threads import (
    OpenedThread,
    ThreadListResult,
    ThreadReadResult,
    ThreadResumeResult,
    ThreadRevertResult,
    ThreadStartResult,
)
from codex_tui.protocol.turns import TurnsPage, TurnStartResult, TurnSteerResult

TERMINALS_KEPT = 1000
"""Background terminals of one thread that are listed; more is a mistake somewhere."""

LAST_WORD_WAIT = 3.0
"""Seconds to wait for an engine's end after it closed its input, to say why it did."""

W = TypeVar("W", bound=Wire)

ROLLBACK = "thread/rollback"
"""A method of older engines alone: the registry has those of today's."""


class EngineClient(Connection):
    """Typed calls over a connection; see the module's text for how it is used."""

    _greeted = False  # `initialized` has been said

    def adopt(self, sent: Sequence[Sent]) -> None:
        """Take over what was written to this engine before. To be called before the client is entered.

        The calls that ask the same are then answered without being sent again.
        """
        self.peer.adopt(sent, self._event_of)
        methods = {one.method for one in sent}
        self._greeted = "initialized" in methods
        if "thread/resume" in methods:
            self.hold()  # until `thread_resume` releases; its answer may be in the pipe by now

    async def initialize(self, opt_out: tuple[str, ...] = ()) -> InitializeResult:
        """The first call (`initialize`, `initialized`). `opt_out` names notifications not wanted.

        An engine that exits instead raises EngineGoneError with its last words.
        """
        result = await self.call("initialize", initialize_params(__version__, opt_out), InitializeResult)
        if not self._greeted:
            await self.peer.notify("initialized")
        return result

    async def thread_start(self, **params: Any) -> ThreadStartResult:
        """`thread/start`. Keywords are snake_case members; None leaves one out.

        Usual ones: cwd, model, sandbox (read-only, workspace-write, danger-full-access),
        approval_policy, config (dotted keys), ephemeral.
        """
        return await self.call("thread/start", members(params), ThreadStartResult)

    async def thread_resume(self, thread_id: str, **params: Any) -> ThreadOpened:
        """`thread/resume` with the history in pages; yields one ThreadOpened with the newest turns.

        Events that come meanwhile follow it. Keywords as for `thread_start`.
        """
        self.hold()
        opened: list[Event] = []
        try:
            asked = resume_params(thread_id, **params)
            result = await self.call("thread/resume", asked, ThreadResumeResult)
            if result.initial_turns_page is None and not result.thread.turns:
                result = await self._with_turns(result)
            event = ThreadOpened(result, "resumed", known_turns(result))
            opened.append(event)
            return event
        finally:
            # Shielded: held events must come out even when the caller gave up.
            with anyio.CancelScope(shield=True):
                await self.release(opened)

    async def _with_turns(self, result: ThreadResumeResult) -> ThreadResumeResult:
        """The newest turns asked for by themselves: older engines leave them out and send no page."""
        asked: JsonObject = {"threadId": result.thread.id, "limit": FIRST_PAGE, "itemsView": "full"}
        try:
            page = await self.call("thread/turns/list", asked, TurnsPage)
        except RefusedError:
            return result  # none was said, or the engine has no such pages
        return result.model_copy(update={"initial_turns_page": page})

    async def thread_revert(self, thread_id: str, before_turn_id: str) -> None:
        """`thread/revert`: take that turn and all after it out of an open thread; yields TurnsTakenBack.

        A running turn goes too, without a word of its end: do not ask while one runs. Files stay.
        """
        params = {"threadId": thread_id, "beforeTurnId": before_turn_id}
        raw = await self._ask(
            "thread/revert", params, event=lambda _raw: TurnsTakenBack(thread_id, before_turn_id)
        )
        try:
            read(ThreadRevertResult, raw)
        except ForeignShapeError as problem:
            raise UnreadableAnswerError("thread/revert", str(problem)) from None

    async def thread_rollback(self, thread_id: str, before_turn_id: str, count: int) -> None:
        """`thread/rollback` of engines from 0.79 to 0.155: the same, for the last `count` turns."""
        params = {"threadId": thread_id, "numTurns": count}
        raw = await self._ask(ROLLBACK, params, event=lambda _raw: TurnsTakenBack(thread_id, before_turn_id))
        try:
            left = read(OpenedThread, raw).thread.turns
        except ForeignShapeError as problem:
            raise UnreadableAnswerError(ROLLBACK, str(problem)) from None
        if any(turn.id == before_turn_id for turn in left):
            raise UnreadableAnswerError(ROLLBACK, "the turn is still there")

    async def thread_list(self, limit: int | None = None, **params: Any) -> ThreadListResult:
        """`thread/list`, most recent first. Keywords: cwd, cursor, search_term, archived, …"""
        return await self.call("thread/list", members({"limit": limit, **params}), ThreadListResult)

    async def thread_read(self, thread_id: str) -> ThreadReadResult:
        """`thread/read`: what the engine knows of a thread, without opening it."""
        return await self.call("thread/read", {"threadId": thread_id}, ThreadReadResult)

    async def trust_folder(self, path: str) -> None:
        """`config/value/write`: note in the person's config, for good, that `path` is trusted."""
        entry = {
            "keyPath": "projects",
            "mergeStrategy": "upsert",
            "value": {path: {"trust_level": "trusted"}},
        }
        await self.call("config/value/write", entry, Done)

    async def turn_start(
        self,
        thread_id: str,
        text: str,
        images: Sequence[str] = (),
        *,
        client_id: str | None = None,
        **overrides: Any,
    ) -> TurnStartResult:
        """`turn/start`. `images` are paths; `client_id` returns in the user message's item.

        Overrides last for the thread: model, effort, approval_policy, sandbox_policy, cwd, summary.
        """
        return await self.call(
            "turn/start", _prompt(thread_id, text, images, client_id, overrides), TurnStartResult
        )

    async def turn_steer(
        self,
        thread_id: str,
        turn_id: str,
        text: str,
        images: Sequence[str] = (),
        *,
        client_id: str | None = None,
    ) -> TurnSteerResult:
        """`turn/steer`: add to the running turn. Refused when another turn runs by now, or none."""
        expected = {"expected_turn_id": turn_id}
        return await self.call(
            "turn/steer", _prompt(thread_id, text, images, client_id, expected), TurnSteerResult
        )

    async def turn_interrupt(self, thread_id: str, turn_id: str) -> None:
        """`turn/interrupt`. Commands of the model may live on as background terminals."""
        await self.call("turn/interrupt", {"threadId": thread_id, "turnId": turn_id}, Done)

    async def queue_add(
        self, thread_id: str, text: str, images: Sequence[str] = (), *, client_id: str | None = None
    ) -> None:
        """`thread/queue/add`: a prompt for after the running turn."""
        await self.call("thread/queue/add", _prompt(thread_id, text, images, client_id, {}), Done)

    async def approve_denied(self, thread_id: str, event: JsonObject) -> None:
        """`thread/approveGuardianDeniedAction`: tell the model that a person approves a denied action once.

        `event` is of `protocol.denials`. The model reads it at its next step.
        """
        params = {"threadId": thread_id, "event": event}
        await self.call("thread/approveGuardianDeniedAction", params, Done)

    async def shell_command(self, thread_id: str, command: str) -> None:
        """`thread/shellCommand`: run it in the person's shell, outside any sandbox. Returns at once;
        refused when it is blank. What comes of it is an item with the source `userShell`."""
        await self.call("thread/shellCommand", {"threadId": thread_id, "command": command}, Done)

    async def background_terminals(self, thread_id: str) -> tuple[BackgroundTerminal, ...]:
        """`thread/backgroundTerminals/list`, all pages: commands that run on beyond their call."""
        found: list[BackgroundTerminal] = []
        params: JsonObject = {"threadId": thread_id}
        while True:
            page = await self.call("thread/backgroundTerminals/list", params, BackgroundTerminals)
            found += page.data
            if page.next_cursor in (None, params.get("cursor")) or not page.data:
                return tuple(found)
            if len(found) >= TERMINALS_KEPT:
                return tuple(found[:TERMINALS_KEPT])
            params = {**params, "cursor": page.next_cursor}

    async def terminate_terminal(self, thread_id: str, process_id: str) -> bool:
        """`thread/backgroundTerminals/terminate`. False when none has that name (any more)."""
        params = {"threadId": thread_id, "processId": process_id}
        result = await self.call("thread/backgroundTerminals/terminate", params, TerminalTerminated)
        return result.terminated

    async def clean_terminals(self, thread_id: str) -> None:
        """`thread/backgroundTerminals/clean`: terminate all of a thread."""
        await self.call("thread/backgroundTerminals/clean", {"threadId": thread_id}, Done)

    async def account_read(self) -> AccountReadResult:
        """`account/read`; yields AccountKnown."""
        return await self.call("account/read", {}, AccountReadResult)

    async def answer(self, request_id: RequestId, result: JsonObject) -> bool:
        """Answer a question of the engine. False, and nothing sent, when it is settled already."""
        return await self.peer.answer(request_id, result)

    async def refuse(self, request_id: RequestId, code: int, message: str) -> bool:
        """Answer a question with an error: nothing runs. False when it is settled already."""
        return await self.peer.refuse(request_id, code, message)

    def _event_of(self, method: str) -> ResultEvent | None:
        """What makes the event of an answer to `method`, if there is one."""
        match method:
            case "initialize":
                return self._ready
            case "thread/start":
                return lambda raw: opened_event(method, raw)
            case "account/read":
                return lambda raw: account_event(as_object(raw))
            case _:
                return None

    def _ready(self, raw: Any) -> Event | None:
        try:
            result = read(InitializeResult, raw)
        except ForeignShapeError:
            return None
        return EngineReady(self.generation, result.engine_version, result.codex_home)

    async def call(self, method: str, params: JsonObject, model: type[W]) -> W:
        """Any method; those that have none of their own here are in `engine.saved`."""
        try:
            return read(model, await self._ask(method, params))
        except ForeignShapeError as problem:
            raise UnreadableAnswerError(method, str(problem)) from None

    async def _ask(self, method: str, params: JsonObject, event: ResultEvent | None = None) -> Any:
        try:
            return await self.peer.request(method, params, event=event or self._event_of(method))
        except CannotSendError as error:
            # An engine that exits takes its input with it: then its last words are the better message.
            with anyio.move_on_after(LAST_WORD_WAIT):
                await self.over.wait()
            raise self._cause(error) from None

    def _cause(self, error: EngineError) -> EngineError:
        return self.gone or error


def engine_client(
    popen: subprocess.Popen[bytes],
    *,
    path: str = "",
    generation: int = 1,
    recorder: Recorder | None = None,
    clock: Callable[[], float] = time.monotonic,
    sent: Sequence[Sent] = (),
    unread: bytes = b"",
) -> EngineClient:
    """The client of an engine that `process.spawn` started. `generation` grows with each restart.

    `sent` is what was written to it before, `unread` what it has answered (see `early`).
    """
    process = EngineProcess(popen, unread)
    client = EngineClient(
        StdioWire(process), process=process, path=path, generation=generation, recorder=recorder, clock=clock
    )
    client.adopt(sent)
    return client


def _prompt(
    thread_id: str, text: str, images: Sequence[str], client_id: str | None, more: dict[str, Any]
) -> JsonObject:
    parts: list[JsonObject] = [{"type": "localImage", "path": path} for path in images]
    if text or not parts:
        parts.append({"type": "text", "text": text})
    return {
        **members({"client_user_message_id": client_id, **more}),
        "threadId": thread_id,
        "input": parts,
    }
