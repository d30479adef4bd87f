"""The engine's process, first half: start it, and stop it when nothing else works any more.

Only the standard library is used, because `spawn` runs before the interface is imported: the
engine gets ready while Python still loads modules. The second half, `pipes.EngineProcess`,
talks to the process this gives back.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from codex_tui.engine.locate import EngineBinary
from codex_tui.errors import ClientError

# Room for about 4,000 deltas, so that the engine need not wait for us at every frame we draw.
# Linux's default is 64 KiB; its usual limit for an unprivileged process is this.
PIPE_SIZE = 1024 * 1024

# Waits of the emergency stop, in seconds: after the end of its stdin the engine needs 15 to 160 ms.
EMERGENCY_EOF_WAIT = 1.0
EMERGENCY_TERM_WAIT = 0.5
POLL_INTERVAL = 0.01

_HINT = "--engine PATH or $CODEX_TUI_ENGINE names another engine; codex-tui doctor shows what was found"


def spawn(
    binary: EngineBinary,
    extra_args: Sequence[str] = (),
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `codex app-server` with three pipes, in a session of its own.

    A session of its own keeps the terminal's signals away from the engine and makes what it
    leaves behind findable. `env` replaces the environment. Raises ClientError when the file cannot
    be run: wrong architecture, missing loader, no permission, no more processes.
    """
    command = [binary.path, "app-server", *extra_args]
    flags = subprocess.CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0
    try:
        process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            close_fds=True,
            creationflags=flags,
        )
    except OSError as error:
        raise _cannot_run(binary, cwd, error) from None
    _widen(process)
    return process


def stop_now(process: subprocess.Popen[bytes]) -> None:
    """Stop the engine synchronously, for exit handlers and signal handlers. Takes at most 2 seconds.

    The order is the usual one (end of stdin, SIGTERM, SIGKILL, sweep), because an engine that is
    killed at once leaves MCP servers behind.
    """
    from codex_tui.engine.sweep import family, sweep

    relatives = family(process.pid) if process.poll() is None else []
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    if not _gone(process, EMERGENCY_EOF_WAIT):
        with suppress(OSError):
            process.terminate()
        if not _gone(process, EMERGENCY_TERM_WAIT):
            with suppress(OSError):
                process.kill()
            _gone(process, EMERGENCY_TERM_WAIT)
    sweep(relatives)


def describe_exit(code: int | None) -> str:
    """An exit code in words: `exit code 1`, `signal SIGKILL`."""
    if code is None:
        return "still running"
    if code < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
        return f"signal {-code}"
    return f"exit code {code}"


def _gone(process: subprocess.Popen[bytes], wait: float) -> bool:
    end = time.monotonic() + wait
    while process.poll() is None:
        if time.monotonic() >= end:
            return False
        time.sleep(POLL_INTERVAL)
    return True


def _widen(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "linux" and process.stdout is not None:
        import fcntl

        # A refusal (the user's total for pipes is used up) only costs speed.
        with suppress(OSError):
            fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, PIPE_SIZE)


def _cannot_run(binary: EngineBinary, cwd: str | os.PathLike[str] | None, error: OSError) -> ClientError:
    from codex_tui.text.safe import line

    shown = line(binary.path)
    if cwd is not None and not os.path.isdir(cwd):  # noqa: PTH112 - pathlib is not loaded yet
        return ClientError(f"no such directory: {line(os.fspath(cwd))}", "the engine was to start there")
    match error.errno:
        case errno.ENOEXEC:
            why = "it is no program for this machine (wrong architecture or format)"
        case errno.ENOENT:
            # The file is there (it was located), so it is its loader or interpreter that is not.
            why = "its loader or interpreter is missing"
        case errno.EACCES | errno.EPERM:
            why = "the system does not permit to run it"
        case errno.EAGAIN | errno.EMFILE | errno.ENFILE | errno.ENOMEM:
            why = f"the system is out of resources ({error.strerror})"
        case _:
            why = error.strerror or str(error)
    return ClientError(f"cannot run the engine {shown}: {why}", f"found by: {binary.source}", _HINT)
