"""Lends the terminal to an editor, and takes it back.

Meanwhile the event loop goes on: the engine's events are read and reduced, questions wait, and
what would be painted is dropped (`codex_tui.driver`). Afterwards everything is drawn anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codex_tui.editor import CannotOpenError, file_to_open, find_editor
from codex_tui.text import join, number, own

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from textual.app import App

STOP_WITHIN = 1.0
"""Seconds an editor gets to end by itself when this program has to end while it is open."""
DRAFT_BOUND = 16 * 1024 * 1024
"""Bytes of an edited draft that are read back; a prompt holds about a million characters."""


async def open_file(app: App[Any], path: str, at: int | None, root: str) -> None:
    """Open the regular file `path` (relative to `root`) at line `at` in the person's editor.

    Returns when an editor of the terminal has ended, at once with one that has windows of its own.
    Raises CannotOpenError.
    """
    found = file_to_open(path, root)
    editor = find_editor(os.environ)
    command = editor.command(found, at)
    if not editor.takes_terminal:
        _start_apart(command)
    elif code := await lend_terminal(app, command):
        raise CannotOpenError(join(own("the editor ended with "), number(code)))


async def edit_text(app: App[Any], text: str) -> str | None:
    """`text` as the person leaves it in their editor; None when the editor did not end well.

    The file is nobody else's (0600 in a directory 0700) and gone afterwards. Raises CannotOpenError.
    """
    editor = find_editor(os.environ)
    folder = Path(tempfile.mkdtemp(prefix="codex-tui-"))
    try:
        draft = folder / "prompt.md"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        code = await lend_terminal(app, editor.command(str(draft), wait=True))
        return None if code else _read_back(draft)
    except OSError:
        raise CannotOpenError(own("the draft could not be written to a temporary file")) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read_back(draft: Path) -> str:
    """What the editor left, without the line end that editors add."""
    with os.fdopen(os.open(draft, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        data = file.read(DRAFT_BOUND + 1)
    if len(data) > DRAFT_BOUND:
        raise CannotOpenError(own("the draft stays as it was: what the editor left is too long"))
    return data.decode("utf-8", "replace").removesuffix("\n")


async def lend_terminal(app: App[Any], command: Sequence[str]) -> int:
    """Run `command` with the terminal all its own; its exit code. Raises CannotOpenError.

    What the program must do meanwhile (Ctrl+C there is meant for the editor) is seen to.
    """
    if not (app.is_headless or _can_suspend(app)):
        raise CannotOpenError(own("this terminal cannot be lent to an editor"))
    # As when the terminal's window loses the focus: an open question guards itself anew afterwards.
    app.app_focus = False
    process: asyncio.subprocess.Process | None = None
    code = 0
    with contextlib.nullcontext() if app.is_headless else app.suspend(), _deaf_to_keys():
        with contextlib.suppress(OSError, ValueError):
            process = await asyncio.create_subprocess_exec(*command)
        if process is not None:
            code = await _wait(process)
    app.app_focus = True
    if process is None:
        raise CannotOpenError(own("the editor could not be started"))
    return code


def _can_suspend(app: App[Any]) -> bool:
    driver = app._driver  # pyright: ignore[reportPrivateUsage] - there is no public way to ask
    return driver is not None and driver.can_suspend


async def _wait(process: asyncio.subprocess.Process) -> int:
    try:
        return await process.wait()
    except asyncio.CancelledError:
        # The program ends: an editor without a program to come back to would hold the terminal.
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_WITHIN)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        raise


@contextlib.contextmanager
def _deaf_to_keys() -> Generator[None]:
    """Ctrl+C and Ctrl+\\ reach every program of the terminal; here they mean nothing meanwhile.

    A function and not `SIG_IGN`, which the editor would inherit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ignore(_number: int, _frame: object) -> None:
        pass

    before = {number: signal.signal(number, ignore) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start_apart(command: Sequence[str]) -> None:
    """Start a program with windows of its own and let it be."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError):
        raise CannotOpenError(own("the editor could not be started")) from None
    threading.Thread(target=process.wait, name="editor", daemon=True).start()
