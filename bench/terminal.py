"""A real pseudo-terminal around a program: keys in, screen out, and what the program costs.

`Terminal` starts an argument list as the leader of its own session on a new pseudo-terminal,
answers its queries as xterm does, and keeps all output with the time it came. The screen is only
emulated when somebody looks, so that timing is not disturbed. Every wait has a deadline, and
leaving the `with` block ends every process that was started, whatever they did.

The reader is whoever calls a method here: a program that paints while nobody reads waits, as on a
stopped terminal. Use `pump` to let time pass.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

from bench.keys import encode, encode_text
from bench.processes import Process, marked, tree
from bench.replies import Replies
from bench.screen import Screen

#: Output kept for looking back at; a 300 KB answer makes some megabytes of painting.
MAX_OUTPUT = 64 * 1024 * 1024
#: One read; a pty hands out at most 4 KiB on Linux, other systems more.
READ_BYTES = 65536
#: How often waits look at things that make no output (exit, a predicate), in seconds.
LOOK_EVERY = 0.02
#: How long a program gets after SIGHUP and after SIGTERM when the harness ends it, in seconds.
GRACE = 0.8
#: The environment variable that marks every process of one terminal.
MARK = "PTY_HARNESS_MARK"

_NOT_TEXT = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|[\x00-\x20\x7f]"
)


class Chunk(NamedTuple):
    """Output as it was read: `at` seconds after the launch."""

    at: float
    data: bytes


class ScreenTimeoutError(AssertionError):
    """What was waited for did not come; the message holds the screen."""


class Terminal:
    """One program on one pseudo-terminal. A context manager; the program starts on entering."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
        columns: int = 120,
        rows: int = 40,
        echo: bool = True,
        kitty: bool = False,
    ) -> None:
        """`env` replaces the environment; `echo=False` starts with the line discipline's echo off,
        so that whatever typed text shows was painted by the program; `kitty` speaks the kitty
        keyboard protocol."""
        self.argv = list(argv)
        self.mark = f"{MARK}={uuid.uuid4().hex}"
        self._env = dict(os.environ if env is None else env)
        self._env.setdefault("TERM", "xterm-256color")
        self._env.setdefault("COLORTERM", "truecolor")
        self._env.pop("COLUMNS", None)
        self._env.pop("LINES", None)
        self._env[MARK] = self.mark.partition("=")[2]
        self._cwd = os.fspath(cwd) if cwd is not None else None
        self._columns, self._rows = columns, rows
        self._echo = echo
        self.screen = Screen(columns, rows)
        self.replies = Replies(self._write, self._get_size, self._get_cursor, kitty=kitty)
        self._unseen: list[bytes] = []
        self.output: deque[Chunk] = deque()
        self.output_bytes = 0
        self._kept = 0
        self._tail = b""
        self.pid = 0
        self._master = self._slave = -1
        self._status: int | None = None
        self.started = 0.0
        self.reaped_cpu = 0.0
        self.termios_before: list[Any] = []

    # ---- life ------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._master, self._slave = os.openpty()
        self._set_size()
        if not self._echo:
            attributes = termios.tcgetattr(self._slave)
            attributes[3] &= ~termios.ECHO
            termios.tcsetattr(self._slave, termios.TCSANOW, attributes)
        self.termios_before = termios.tcgetattr(self._slave)
        os.set_blocking(self._master, False)
        self.started = time.monotonic()
        with warnings.catch_warnings():
            # 3.12+ warns of forks beside threads; this child does nothing but exec.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            self._become_program()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _become_program(self) -> None:
        try:
            os.close(self._master)
            os.login_tty(self._slave)
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGTSTP, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            if self._cwd is not None:
                os.chdir(self._cwd)
            os.execvpe(self.argv[0], self.argv, self._env)
        except BaseException as error:
            os.write(2, f"cannot start {self.argv[0]}: {error}\n".encode())
        finally:
            os._exit(127)

    def close(self) -> None:
        """End everything: SIGHUP, then SIGTERM, then SIGKILL for whoever is left."""
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
            left = self.processes()
            if not left:
                break
            for process in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process.pid, number)
            self._wait(lambda: not self.processes(), GRACE)
        self._reap()
        self._close_terminal()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program itself, as `kill` does."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal's window: the kernel sends SIGHUP, and writing fails from now on."""
        self._read_available()
        self._close_terminal()

    def _close_terminal(self) -> None:
        if self._master >= 0:
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    def wait_exit(self, within: float = 5.0) -> int:
        """The exit code once the program has ended (negative: the signal); its last output is read."""
        if not self._wait(lambda: self._reap() is not None, within):
            raise ScreenTimeoutError(f"still running after {within} s:\n{self.text}")
        self._read_available()
        assert self._status is not None
        return self._status

    @property
    def running(self) -> bool:
        return self._reap() is None

    def _reap(self) -> int | None:
        if self._status is None and self.pid:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
                self.reaped_cpu = usage.ru_utime + usage.ru_stime
        return self._status

    # ---- output ----------------------------------------------------------------------------

    def pump(self, seconds: float) -> None:
        """Let time pass while reading."""
        self._wait(lambda: False, seconds)

    def read(self, within: float) -> bytes:
        """The next output, waiting up to `within` seconds for it; empty when none came."""
        if self._master < 0:
            time.sleep(min(within, LOOK_EVERY))
            return b""
        ready, _, _ = select.select([self._master], [], [], max(0.0, within))
        if not ready:
            return b""
        try:
            data = os.read(self._master, READ_BYTES)
        except (BlockingIOError, OSError):
            return b""
        self._keep(Chunk(time.monotonic() - self.started, data))
        return data

    def _keep(self, chunk: Chunk) -> None:
        self.output.append(chunk)
        self._unseen.append(chunk.data)
        self.output_bytes += len(chunk.data)
        self._kept += len(chunk.data)
        while self._kept > MAX_OUTPUT and len(self.output) > 1:
            self._kept -= len(self.output.popleft().data)
        self.replies.read(chunk.data)

    def _read_available(self) -> None:
        while self._master >= 0 and self.read(0.0):
            pass

    def wait_bytes(self, needle: bytes, within: float) -> float:
        """When `needle` first came in the raw output from now on (seconds after the launch).

        Cheap enough for timing; the needle has to be painted in one piece, so make it of
        characters that are nowhere else on the screen.
        """
        tail = b""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            data = self.read(min(left, LOOK_EVERY * 5))
            if not data and not self.running:
                break
            tail = tail[-len(needle) :] + data
            if needle in tail:
                return self.output[-1].at
        raise ScreenTimeoutError(f"{needle!r} not painted within {within} s:\n{self.text}")

    def wait_quiet(self, quiet: float, within: float) -> bool:
        """Whether `quiet` seconds passed without output before `within` were over."""
        deadline = time.monotonic() + within
        last = time.monotonic()
        while (now := time.monotonic()) < deadline:
            if now - last >= quiet:
                return True
            if self.read(min(quiet, LOOK_EVERY * 5)):
                last = time.monotonic()
        return False

    @property
    def raw(self) -> bytes:
        """All output kept."""
        return b"".join(chunk.data for chunk in self.output)

    @property
    def text(self) -> str:
        """The screen as text, brought up to date first."""
        self._read_available()
        if self._unseen:
            self.screen.feed(b"".join(self._unseen))
            self._unseen.clear()
        return self.screen.text

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def wait_for(self, wanted: str | re.Pattern[str] | Callable[[str], bool], within: float = 10.0) -> str:
        """The screen once it shows `wanted`: a text, a pattern, or what a function of it says."""

        def shown() -> bool:
            text = self.text
            if isinstance(wanted, str):
                return wanted in text
            return bool(wanted.search(text) if isinstance(wanted, re.Pattern) else wanted(text))

        if not self._wait(shown, within):
            state = "" if self.running else f" (the program ended, {self._status})"
            raise ScreenTimeoutError(f"{wanted!r} not shown within {within} s{state}:\n{self.text}")
        return self.text

    def wait_gone(self, text: str, within: float = 10.0) -> str:
        """The screen once `text` is no longer on it."""
        return self.wait_for(lambda shown: text not in shown, within)

    def _wait(self, done: Callable[[], bool], within: float) -> bool:
        deadline = time.monotonic() + within
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self.read(min(left, LOOK_EVERY))
        return True

    # ---- input -----------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Type printable text, key by key as a person's terminal sends it."""
        self._write(encode_text(text, self._keyboard))

    def press(self, *keys: str) -> None:
        """Press keys by name: `enter`, `ctrl+c`, `f5`, or a single character."""
        for key in keys:
            self._write(encode(key, self._keyboard))

    @property
    def _keyboard(self) -> int:
        return self.replies.keyboard_flags if self.replies.answers_kitty else 0

    def paste(self, text: str) -> None:
        """Paste as a terminal does when the program asked for bracketed paste."""
        data = text.encode()
        self._write(b"\x1b[200~" + data + b"\x1b[201~" if 2004 in self.replies.modes else data)

    def _write(self, data: bytes) -> None:
        # A full input queue means that the program reads nothing; a person's keys are lost then too.
        with contextlib.suppress(BlockingIOError, OSError):
            os.write(self._master, data)

    # ---- size, modes, cost -----------------------------------------------------------------

    def resize(self, columns: int, rows: int) -> None:
        """Resize the window; the program gets SIGWINCH."""
        _ = self.text  # what came so far was painted at the old size
        self._columns, self._rows = columns, rows
        self.screen.resize(columns, rows)
        self._set_size()

    def _set_size(self) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", self._rows, self._columns, 0, 0))

    def _get_size(self) -> tuple[int, int]:
        return self._columns, self._rows

    def _get_cursor(self) -> tuple[int, int]:
        # Only programs that paint below the prompt ask; the emulator is brought up to date for them.
        if self._unseen:
            self.screen.feed(b"".join(self._unseen))
            self._unseen.clear()
        return self.screen.cursor

    @property
    def modes(self) -> set[int]:
        """The private modes now on, e.g. 1049 (alternate screen), 25 (cursor), 2004 (paste)."""
        self._read_available()
        return set(self.replies.modes)

    @property
    def termios_now(self) -> list[Any]:
        return termios.tcgetattr(self._slave)

    def processes(self) -> list[Process]:
        """Everything alive that this terminal started, orphans too."""
        found = {process.pid: process for process in tree(self.pid)} if self.running else {}
        found.update({process.pid: process for process in marked(self.mark)})
        return list(found.values())

    def cpu_seconds(self) -> float:
        """Processor time so far of the program, its descendants and those of them that ended."""
        return self.reaped_cpu + sum(process.cpu for process in self.processes())

    def own_memory_bytes(self) -> int:
        """Resident bytes of the program alone, without what it started."""
        return sum(process.memory for process in self.processes() if process.pid == self.pid)

    def memory_bytes(self) -> int:
        """Resident bytes of the whole tree; pages that processes share count in each."""
        return sum(process.memory for process in self.processes())


def visible(data: bytes) -> bytes:
    """What is left of output without control sequences and blanks."""
    return _NOT_TEXT.sub(b"", data)


def this_python(*arguments: str) -> list[str]:
    """An argument list for this interpreter."""
    return [sys.executable, *arguments]
