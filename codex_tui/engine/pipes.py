"""The engine's process, second half: talk to it, notice its end, stop it in order."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO

import anyio
import anyio.lowlevel
import anyio.to_thread

from codex_tui.engine.failures import CannotSendError
from codex_tui.engine.precedence import Precedence
from codex_tui.engine.stderr_log import StderrLog
from codex_tui.engine.sweep import Mark, family, sweep

READ_SIZE = 256 * 1024
"""Bytes per read: about 1,000 deltas, some 5 ms of work."""

# While text streams in, the engine writes line by line and each would cost a wake-up of its own.
# After a few reads in a row we wait this long (seconds) between small ones: half a frame of the
# interface while text grows, so no eye sees it.
GATHER_PAUSE = 0.03
GATHER_AFTER = 4
GATHER_BELOW = 32 * 1024

SEND_DEADLINE = 10.0
"""Seconds a full pipe may keep a message waiting before the engine counts as not reading."""

# The stop order, in seconds. The engine needs 15 to 370 ms after the end of its stdin.
EOF_WAIT = 2.0
TERM_WAIT = 2.0
KILL_WAIT = 2.0  # SIGKILL works at once, unless the process hangs in the kernel

# How often a stop looks for output nobody reads, and after how long it counts as that, in seconds.
UNREAD_LOOK = 0.05
UNREAD_AFTER = 0.25

_WINDOWS = sys.platform == "win32"


class EngineProcess:
    """An engine started by `process.spawn`, with async pipes. One reader, any number of senders."""

    def __init__(self, popen: subprocess.Popen[bytes], unread: bytes = b"") -> None:
        """`unread`: what was read of its stdout before, and comes first."""
        if popen.stdin is None or popen.stdout is None or popen.stderr is None:
            raise ValueError("the process needs three pipes")
        self.popen = popen
        self.stderr = StderrLog()
        self._stdin, self._stdout, self._stderr = popen.stdin, popen.stdout, popen.stderr
        if not _WINDOWS:
            for pipe in (self._stdin, self._stdout, self._stderr):
                os.set_blocking(pipe.fileno(), False)
        self._sending = anyio.Lock()
        self._unread = unread
        self._unsent = b""  # the rest of a message whose beginning is in the pipe already
        self._streak = 0
        self._last_read = 0.0
        self._precedence = Precedence(popen.pid, time.monotonic)
        self._receiving = self._draining = False
        self._given_up = False
        self._relatives: dict[Mark, None] = {}
        self._stopping = anyio.Lock()

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative is a signal's number."""
        return self.popen.returncode

    async def receive(self) -> bytes:
        """The next bytes of stdout, up to `READ_SIZE`; empty at its end."""
        if self._unread:
            unread, self._unread = self._unread, b""
            return unread
        self._receiving = True
        try:
            pause = self._last_read + GATHER_PAUSE - time.monotonic()
            if self._streak >= GATHER_AFTER and pause > 0:
                await anyio.sleep(pause)
            began = time.monotonic()
            chunk = b"" if self._given_up else await _read(self._stdout)
        finally:
            self._receiving = False
            self._last_read = time.monotonic()
        full = len(chunk) >= GATHER_BELOW
        quick = self._last_read - began < GATHER_PAUSE and not full
        self._streak = self._streak + 1 if quick else 0
        self._precedence.note(full=full)
        return chunk

    async def send(self, data: bytes, deadline: float = SEND_DEADLINE) -> None:
        """Write `data` whole to stdin. Raises CannotSendError when the engine closed it or does not read.

        After a deadline (or a cancellation) in mid-message the rest goes out before the next one,
        so that the engine never sees half a line.
        """
        async with self._sending:
            rest = memoryview(self._unsent + data)
            own = len(data)
            try:
                with anyio.fail_after(deadline):
                    while rest:
                        rest = rest[await _write(self._stdin.fileno(), rest) :]
            except TimeoutError:
                raise CannotSendError(f"it has not read for {deadline:g} s") from None
            except (OSError, ValueError, anyio.ClosedResourceError) as error:
                rest = rest[:0]
                reason = error.strerror if isinstance(error, OSError) else None
                raise CannotSendError(reason or "its input is closed") from None
            finally:
                # A message of which no byte has left is not sent at all.
                begun = len(rest) < own
                self._unsent = bytes(rest) if begun else bytes(rest[: len(rest) - own])

    async def drain_stderr(self) -> None:
        """Read stderr to its end into `stderr`. Runs for as long as the process does."""
        self._draining = True
        try:
            while chunk := await _read(self._stderr):
                self.stderr.feed(chunk)
                await anyio.lowlevel.checkpoint()
        finally:
            self._draining = False

    async def wait(self) -> int:
        """Wait for the process's end and reap it. Costs nothing while it runs."""
        if self.popen.returncode is None:
            if sys.platform == "linux":
                handle = os.pidfd_open(self.popen.pid)
                try:
                    await anyio.wait_readable(handle)
                finally:
                    os.close(handle)
                self._reap()
            else:
                await anyio.to_thread.run_sync(self.popen.wait, abandon_on_cancel=True)
                self._reap()
        return self.popen.wait()  # reaped already: does not block

    async def stop(self) -> int | None:
        """Stop the engine: close stdin, wait 2 s, SIGTERM, 2 s, SIGKILL, then sweep what it left.

        Cannot be cancelled and takes at most about 7 s. Also to be called after the engine died by
        itself: then it only sweeps. Gives back the exit code.
        """
        with anyio.CancelScope(shield=True):
            async with self._stopping:
                if self.popen.returncode is None:
                    await self._end()
                if self._relatives:
                    marks = list(self._relatives)
                    self._relatives.clear()
                    await anyio.to_thread.run_sync(sweep, marks)
        return self.popen.returncode

    def close(self) -> None:
        """Give the pipes back, when all that is wanted has been read."""
        for pipe in (self._stdin, self._stdout, self._stderr):
            if not pipe.closed:
                if not _WINDOWS:
                    anyio.notify_closing(pipe.fileno())
                with suppress(OSError):
                    pipe.close()

    async def _end(self) -> None:
        self._relatives.update(dict.fromkeys(await anyio.to_thread.run_sync(family, self.pid)))
        self._close_stdin()
        async with anyio.create_task_group() as group:
            group.start_soon(self._read_for_nobody)
            for step, seconds in (
                (None, EOF_WAIT),
                (self.popen.terminate, TERM_WAIT),
                (self.popen.kill, KILL_WAIT),
            ):
                if step is not None:
                    with suppress(OSError):
                        step()
                with anyio.move_on_after(seconds):
                    await self.wait()
                    break
            group.cancel_scope.cancel()

    async def _read_for_nobody(self) -> None:
        """Throw away what a reader that has left no longer reads: an engine that cannot write its
        last words would not exit."""
        while not _WINDOWS:
            await anyio.sleep(UNREAD_LOOK)
            if not self._receiving and time.monotonic() - self._last_read > UNREAD_AFTER:
                # What follows would begin in mid-line.
                self._given_up |= bool(_read_now(self._stdout))
            if not self._draining:
                self.stderr.feed(_read_now(self._stderr))

    def _reap(self) -> None:
        # Before the zombie is reaped its pid, and with it the session id, cannot be anybody else's.
        if self.popen.returncode is None or sys.platform != "linux":
            self._relatives.update(dict.fromkeys(family(self.pid)))
        self.popen.poll()

    def _close_stdin(self) -> None:
        if not self._stdin.closed:
            if not _WINDOWS:
                anyio.notify_closing(self._stdin.fileno())
            with suppress(OSError):
                self._stdin.close()


async def _read(pipe: IO[bytes]) -> bytes:
    """The next bytes; empty at the end, and when this side closed the pipe."""
    while True:
        try:
            if _WINDOWS:
                return await anyio.to_thread.run_sync(
                    os.read, pipe.fileno(), READ_SIZE, abandon_on_cancel=True
                )
            return os.read(pipe.fileno(), READ_SIZE)
        except BlockingIOError:
            try:
                await anyio.wait_readable(pipe.fileno())
            except anyio.ClosedResourceError:
                return b""
        except (OSError, ValueError):
            return b""


def _read_now(pipe: IO[bytes]) -> bytes:
    try:
        return os.read(pipe.fileno(), READ_SIZE)
    except (OSError, ValueError):
        return b""


async def _write(fd: int, data: memoryview) -> int:
    if _WINDOWS:
        return await anyio.to_thread.run_sync(os.write, fd, data, abandon_on_cancel=True)
    while True:
        try:
            return os.write(fd, data)
        except BlockingIOError:
            await anyio.wait_writable(fd)
