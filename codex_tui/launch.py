"""What happens before the interface is loaded: first frame, engine started, demo prepared.

And what has to happen after it however it ended: engine gone, demo removed, terminal given back.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from codex_tui.consent import Consent
from codex_tui.errors import ClientError
from codex_tui.paths import codex_home

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Generator

    from codex_tui.curtain import Curtain
    from codex_tui.demo.session import Demo
    from codex_tui.engine.early import Forerunner, Sent
    from codex_tui.engine.locate import EngineBinary
    from codex_tui.options import Options

    Request = tuple[str, dict[str, Any]]


SWITCH_SECONDS = 0.0005
"""How long one thread of ours keeps another waiting at most. By default it is ten times as long: a dozen
times before a saved thread is on screen, and three or four times before a key is, while much streams in."""

GC_THRESHOLDS = (100_000, 50, 1_000)
"""Measured: worst stalls 116 → 15 ms with these, and 70 ms less to load: it makes no garbage."""


class Launch:
    """A started engine process (none for a replay) and the way to start another one.

    As a context manager it ends all of it again, also when the start fails or a signal comes.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.cwd: Path = options.cwd or _working_directory()
        self.binary: EngineBinary | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.demo: Demo | None = None
        self.curtain: Curtain | None = None
        self.ended_by: int | None = None  # the signal that came before the host listened to them
        self.consent = Consent(codex_home())
        self._env: dict[str, str] | None = None
        self._forerunner: Forerunner | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        gc.set_threshold(*GC_THRESHOLDS)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._listen_to_signals()
        try:
            before = self._stack.enter_context(_quiet_terminal())
            sent: tuple[Sent, ...] = ()
            if self.options.demo and before:
                self._raise_curtain(before)  # preparing the demo takes a while
            if self.options.command != "replay":
                sent = self._start_engine()  # it comes up while the frame is painted
            if self.curtain is None and before:
                self._raise_curtain(before)
            if self.process is not None:
                self._read_ahead(self.process, sent)
            if self.ended_by is not None:
                sys.exit(128 + self.ended_by)
        except BaseException:
            self._stack.close()
            raise
        return self

    def _start_engine(self) -> tuple[Sent, ...]:
        """Find the engine, prepare the demo, start the process if it may run yet; what it was asked."""
        _require_absolute(self._home)
        from codex_tui.engine.locate import locate

        self.binary = locate(self.options.engine)
        if self.options.demo:
            from codex_tui.demo.session import demo_session

            self.demo = self._stack.enter_context(demo_session())
            self.cwd = self.demo.project
            self._env = {**os.environ, **self.demo.env}
            self.consent = Consent(self._home)
        self._stack.callback(self._stop_engine)
        if not self._may_start():
            return ()
        from codex_tui.engine.early import send_early

        self.process = self.spawn()
        return send_early(self.process, (*self._opening(), ("account/read", {})))

    def _read_ahead(self, process: subprocess.Popen[bytes], sent: tuple[Sent, ...]) -> None:
        from codex_tui.engine.early import Forerunner

        self._forerunner = Forerunner(process, sent, self._follow)
        self._stack.callback(self.take_early)

    def _may_start(self) -> bool:
        """Whether the engine may run before the person has been asked anything."""
        question = self.consent.question(self.cwd)
        # A thread that is named has a folder of its own, which the engine knows: that is asked later.
        options = self.options
        named = options.pick or options.thread_id is not None or options.thread_name is not None
        return question is None or (named and not question.owns_home)

    def _raise_curtain(self, before: list[Any]) -> None:
        from codex_tui.config import speaks_unicode
        from codex_tui.curtain import Curtain

        plain = not speaks_unicode()
        self.curtain = Curtain(sys.stdin.fileno(), sys.stdout.fileno(), before, plain=plain)
        self._stack.callback(self.curtain.lift)
        self.curtain.up()

    def _listen_to_signals(self) -> None:
        """A signal waits for the next step, so that no step is left half done; a second one does not."""

        def note(number: int, _frame: object) -> None:
            if self.ended_by is not None:
                sys.exit(128 + number)
            self.ended_by = number

        listen_to_signals(note)

    def _stop_engine(self) -> None:
        if self.process is not None and self.process.poll() is None:
            from codex_tui.engine.process import stop_now

            stop_now(self.process)

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def thread_settings(self, folder: Path) -> dict[str, Any]:
        """Members for `thread/start` and `thread/resume` in `folder`.

        They are what command line and demo want of a thread, and what was agreed on that folder.
        """
        given: dict[str, Any] = {} if self.demo is None else dict(self.demo.thread_params)
        for name, value in (
            ("model", self.options.model),
            ("sandbox", self.options.sandbox),
            ("approvalPolicy", self.options.approval),
        ):
            if value is not None:
                given[name] = value
        return {**given, **self.consent.thread_settings(folder, self.options.approval)}

    def newest_thread(self) -> dict[str, Any]:
        """Members for `thread/list`: the one that `--last` means, of whichever provider."""
        return {"limit": 1, "cwd": str(self.cwd), "sortKey": "updated_at", "modelProviders": []}

    def _opening(self) -> list[Request]:
        """The requests that open the thread, or find it: method and params."""
        from codex_tui.protocol.params import last_turns_params, threads_params

        if (thread_id := self.options.thread_id) is not None:
            # Not resumed before it is known that its folder is trusted.
            look = "thread/read", {"threadId": thread_id}
            return [look, ("thread/turns/list", last_turns_params(thread_id))]
        if self.options.last:
            return [("thread/list", self.newest_thread())]
        if self.options.pick or self.options.thread_name is not None:
            return [("thread/list", threads_params())]
        return [("thread/start", {"cwd": str(self.cwd), **self.thread_settings(self.cwd)})]

    def _follow(self, asked: Sent, result: Any) -> list[Request]:
        """What is asked next, or shown, now that the engine has answered."""
        from codex_tui.protocol.params import last_turns_params

        match asked.method:
            case "thread/read":
                return self._resume(result["thread"])
            case "thread/list" if self.options.last and result["data"]:
                found = result["data"][0]
                return [("thread/turns/list", last_turns_params(found["id"])), *self._resume(found)]
            case "thread/turns/list":
                self._show(result)
            case "thread/resume":
                self._show(result["initialTurnsPage"])  # more turns, where few fill no screen
            case _:
                pass
        return []

    def _resume(self, thread: dict[str, Any]) -> list[Request]:
        """The resume of the thread that was looked up, if nothing has to be asked or written before.

        What decides is what decides later, in `opening`; it is only known sooner.
        """
        from codex_tui.protocol.params import resume_params

        folder = Path(thread.get("cwd") or self.cwd)
        if self.consent.question(folder) is not None or self.consent.to_write(folder) is not None:
            return []
        return [("thread/resume", resume_params(str(thread["id"]), **self.thread_settings(folder)))]

    def _show(self, page: Any) -> None:
        """The last words of a saved thread, on the hand-painted first frame."""
        if self.curtain is None:
            return
        from codex_tui.glimpse import glimpse

        words = glimpse(page, self.curtain.columns, self.curtain.free_rows, plain=self.curtain.plain)
        if words != self.curtain.words:
            self.curtain.show(words)

    def take_early(self) -> tuple[tuple[Sent, ...], bytes]:
        """What the first process was asked before anybody reads its answers, and what was read already."""
        forerunner, self._forerunner = self._forerunner, None
        return forerunner.hand_over() if forerunner is not None else ((), b"")

    @property
    def _home(self) -> Path:
        """The engine's home, as it will see it."""
        return Path(self._env["CODEX_HOME"]) if self._env is not None else codex_home()

    @property
    def _neutral(self) -> Path:
        """Where the engine's process works: not in the project, whose settings it would read at once.

        A thread has its own directory: MCP servers start in that, and relative paths in `-c`
        overrides go by it (engine 0.163).
        """
        home = self._home
        return home if home.is_dir() else Path(home.anchor)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start an engine process; raises ClientError when it cannot run."""
        from codex_tui.engine.process import spawn

        if self.binary is None:
            raise ClientError("a recording has no engine to start")
        return spawn(self.binary, self.options.engine_arguments(), env=self._env, cwd=self._neutral)


def listen_to_signals(handler: Callable[[int, object], None]) -> None:
    """Have `handler` called for every signal that asks the program to end.

    Not the event loop's own way: a loop that is stuck would not hear them.
    """
    for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, handler)


def _require_absolute(home: Path) -> None:
    if not home.is_absolute():
        raise ClientError(
            "$CODEX_HOME is not an absolute path",
            hint="It would be another folder in every project, and a project could bring it.",
            exit_code=2,
        )


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise ClientError(
            "the current directory no longer exists", hint="Go to another one, or use --cd DIR.", exit_code=2
        ) from None


@contextlib.contextmanager
def _quiet_terminal() -> Generator[list[Any] | None]:
    """No echo and no line mode from now on, so early keys wait unchanged for the first frame.

    Gives the former settings, None where there is nothing to quiet (Windows). They come back at
    the end whatever happened, also after the interface failed to restore them.
    """
    try:
        import termios
    except ImportError:
        yield None
        return
    stdin = sys.stdin.fileno()
    before = termios.tcgetattr(stdin)
    quiet = termios.tcgetattr(stdin)
    quiet[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR)
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    quiet[6][termios.VMIN] = 1
    quiet[6][termios.VTIME] = 0
    termios.tcsetattr(stdin, termios.TCSANOW, quiet)
    try:
        yield before
    finally:
        # A background process that touches the terminal would be stopped; a closed one raises.
        with contextlib.suppress(termios.error, OSError):
            if os.tcgetpgrp(stdin) == os.getpgrp():
                termios.tcsetattr(stdin, termios.TCSADRAIN, before)
