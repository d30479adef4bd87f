"""The engine beside the app: start, shutdown, restart, and what a person wants of the engine.

One task group (asyncio's, so that nothing but Textual's own needs loads before the first
frame) holds both; the engine's side waits until the first frame is painted, then loads what
it needs in a thread. Engine failure is an event; only a start that fails ends the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.app import CodexApp, Greeting
from codex_tui.config import load
from codex_tui.errors import ClientError
from codex_tui.journal import Journal
from codex_tui.launch import listen_to_signals
from codex_tui.paths import state_dir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.conversation import Conversation
    from codex_tui.launch import Launch
    from codex_tui.options import Options

LEAVE_WITHIN = 8.0  # seconds; the engine's own stop takes at most about 5, then the program ends anyway
WARM_AFTER = 1.0  # seconds; a saved thread is painted first, and loads most of it by that
SENT_AFTER = 0.05  # seconds; a prompt that was typed by now is on its way then
TROUBLE_SECONDS = 15.0  # a remark that is made only once
HEAVY = ("codex_tui.store", "codex_tui.conversation")


@dataclass(frozen=True, slots=True)
class Farewell:
    """What the plain terminal gets when the interface is gone."""

    exit_code: int
    lines: Sequence[str] = ()
    failure: ClientError | None = None


def run(options: Options, launch: Launch) -> Farewell:
    """Run the session until it ends, however it ends. Raises ClientError for a wrong config of ours."""
    host = Host(options, launch)
    asyncio.run(host.main())
    return host.farewell()


class Host:
    """Owns the app, the engine's side, and the order in which they end."""

    def __init__(self, options: Options, launch: Launch) -> None:
        self.options = options
        self.launch = launch
        self.conversation: Conversation | None = None
        self.failure: ClientError | None = None
        self.exit_code = 0
        self._ending = False
        demo = launch.demo
        greeting = Greeting(images=[str(path) for path in options.images])
        if demo is not None:
            greeting = Greeting(placeholder=demo.suggestions[0], notice=demo.notice)
        self.app = CodexApp(
            load(),
            greeting,
            utc_offset_min=time.localtime().tm_gmtoff // 60,
            curtain=launch.curtain,
            # What is said in a demo or to a recording is nothing to come back to.
            journal=None
            if demo is not None or options.replay is not None
            else Journal(state_dir(), self._tell),
        )

    def _tell(self, trouble: str) -> None:
        self.app.call_later(self.app.main.say, trouble, TROUBLE_SECONDS)

    async def main(self) -> None:
        """Both sides, until the app ends; then the engine is stopped in order."""
        self._listen_to_signals()
        if self.launch.ended_by is not None:  # while the interface was loading
            self.exit_code = 128 + self.launch.ended_by
            return
        async with asyncio.TaskGroup() as group:
            engine_side = group.create_task(self._serve())
            try:
                await self.app.run_async()
            finally:
                self._end_in_time()
                engine_side.cancel()

    # -- starting and ending ---------------------------------------------------------------

    async def _serve(self) -> None:
        await self.app.painted.wait()
        await asyncio.to_thread(lambda: [importlib.import_module(name) for name in HEAVY])
        gc.freeze()  # not collected before: that takes 50 ms and finds next to nothing
        from codex_tui.conversation import Conversation

        try:
            self.conversation = Conversation(self.options, self.launch, self.app)
            self.conversation.store.hands = self.app.hands
            self.app.attach(self.conversation)
            warming = asyncio.create_task(self._warm(self.conversation))
            try:
                await self.conversation.run()
            finally:
                warming.cancel()
        except ClientError as error:
            self.failure = error
            self.app.exit()
        except Exception as error:
            # A bug of ours ends the program as one in a widget does, with a report.
            self.app.crash = self.app.crash or error
            self.app.exit()

    async def _warm(self, conversation: Conversation) -> None:
        """While the engine thinks about the first prompt, load what its answer is painted with, and the
        picker, whose key is to be answered at once."""
        await conversation.opened.wait()
        saved = self.options.thread_id is not None or self.options.last
        await asyncio.sleep(WARM_AFTER if saved else SENT_AFTER)
        from codex_tui.panes.chat.warm import warm

        await asyncio.to_thread(warm)
        await asyncio.to_thread(importlib.import_module, "codex_tui.screens.history")

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()

        def leave(number: int, _frame: object) -> None:
            self.exit_code = 128 + number
            self._end_in_time()
            with contextlib.suppress(RuntimeError):  # the loop is over: this is the end already
                loop.call_soon_threadsafe(self.app.exit)

        listen_to_signals(leave)

    def _end_in_time(self) -> None:
        """Whatever hangs from here on, the process ends, and the engine with it."""
        if self._ending:
            return
        self._ending = True
        timer = threading.Timer(LEAVE_WITHIN, self._end_now)
        timer.daemon = True
        timer.start()

    def _end_now(self) -> None:
        import os

        if self.launch.process is not None:
            from codex_tui.engine.process import stop_now

            stop_now(self.launch.process)
        if self.launch.curtain is not None:
            self.launch.curtain.tear_down()
        os._exit(self.exit_code or 1)

    def farewell(self) -> Farewell:
        """What is left to say."""
        lines = self.conversation.last_words() if self.conversation is not None else []
        failure = self.failure
        if self.app.crash is not None:
            from codex_tui.crash import report

            failure = report(self.app.crash)
        unsent = self.app.unsent()
        if unsent:
            lines = [*lines, "Not sent:", *unsent]
        return Farewell(failure.exit_code if failure else self.exit_code, lines, failure)
