"""What happens before the interface is loaded: first frame, engine started, demo prepared."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from codex_tui.errors import ClientError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator

    from codex_tui.curtain import Curtain
    from codex_tui.demo.session import Demo
    from codex_tui.engine.locate import EngineBinary
    from codex_tui.options import Options


class Launch:
    """A started engine process (none for a replay) and the way to start another one.

    As a context manager it gives the terminal its own settings back when the start fails.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.cwd: Path = options.cwd or _working_directory()
        self.binary: EngineBinary | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.demo: Demo | None = None
        self.curtain: Curtain | None = None
        self._env: dict[str, str] | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        try:
            if self._stack.enter_context(_quiet_terminal()):
                self._raise_curtain()
            if self.options.command == "replay":
                return self
            from codex_tui.engine.locate import locate

            self.binary = locate(self.options.engine)
            if self.options.demo:
                from codex_tui.demo.session import demo_session

                self.demo = self._stack.enter_context(demo_session())
                self.cwd = self.demo.project
                self._env = {**os.environ, **self.demo.env}
            self.process = self.spawn()
        except BaseException:
            self._stack.close()
            raise
        return self

    def _raise_curtain(self) -> None:
        from codex_tui.config import speaks_unicode
        from codex_tui.curtain import Curtain

        self.curtain = Curtain(sys.stdin.fileno(), sys.stdout.fileno(), plain=not speaks_unicode())
        self._stack.callback(self.curtain.lift)
        # Until the host listens to signals, they too must leave the terminal as it was.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, lambda number, _frame: sys.exit(128 + number))
        self.curtain.up()

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start an engine process; raises ClientError when it cannot run."""
        from codex_tui.engine.process import spawn

        if self.binary is None:
            raise ClientError("a recording has no engine to start")
        return spawn(self.binary, self.options.engine_arguments(), env=self._env, cwd=self.cwd)


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise ClientError(
            "the current directory no longer exists", hint="Go to another one, or use --cd DIR.", exit_code=2
        ) from None


@contextlib.contextmanager
def _quiet_terminal() -> Generator[bool]:
    """No echo and no line mode from now on, so early keys wait unchanged for the first frame.

    Gives False where there is nothing to quiet (Windows). The former settings come back at the
    end whatever happened, also after the interface failed to restore them.
    """
    try:
        import termios
    except ImportError:
        yield False
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
        yield True
    finally:
        # A background process that touches the terminal would be stopped; a closed one raises.
        with contextlib.suppress(termios.error, OSError):
            if os.tcgetpgrp(stdin) == os.getpgrp():
                termios.tcsetattr(stdin, termios.TCSADRAIN, before)
