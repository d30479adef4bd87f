"""A report of a bug of ours: the traceback without local variables, in a file only its owner reads."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from typing import cast

from codex_tui import __version__
from codex_tui.errors import ClientError
from codex_tui.paths import state_dir
from codex_tui.text import block, line


def _innermost(error: BaseException) -> BaseException:
    """The first error in a group, and the one that ended a worker: what they are in only says that much."""
    while True:
        if isinstance(error, BaseExceptionGroup):
            error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
        elif isinstance(inner := getattr(error, "error", None), BaseException):  # Textual's WorkerFailed
            error = inner
        else:
            return error


def report(error: BaseException) -> ClientError:
    """Write the report and return what to tell the person. Never raises."""
    # Messages of exceptions can quote engine text or typed text: only their types are written.
    error = _innermost(error)
    frames = traceback.extract_tb(error.__traceback__)
    told = [f"codex-tui {__version__}", datetime.now(UTC).isoformat(timespec="seconds")]
    told += [f"{frame.filename}:{frame.lineno} in {frame.name}\n    {frame.line}" for frame in frames]
    told.append(type(error).__name__)
    text = "\n".join(part for entry in told for part in block(entry)) + "\n"
    title = f"codex-tui broke ({line(type(error).__name__)}); this is a bug in it, not in your work"
    hint = "The thread is saved by the engine: codex-tui resume --last"
    try:
        folder = state_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
    except OSError:
        return ClientError(title, detail=text, hint=hint, exit_code=70)
    return ClientError(
        title, detail=f"A report without your text is in {line(str(path))}", hint=hint, exit_code=70
    )
