"""A document on disk: where, and never over something else unless the person said so."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from codex_tui.errors import ClientError
from codex_tui.text import line

if TYPE_CHECKING:
    from codex_tui.export.document import Moment
    from codex_tui.session.transcript import Thread

PAGES = (".html", ".htm")


def place(given: str, folder: str) -> Path:
    """The file that a person means: `~` is their home, a relative name goes by `folder`."""
    return Path(os.path.normpath(Path(folder) / Path(given.strip()).expanduser()))


def document(thread: Thread, moment: Moment, suffix: str) -> str:
    """The thread in the form that a file's suffix asks for: `.html` a page, everything else Markdown."""
    if suffix.lower() in PAGES:
        from codex_tui.export.page import page

        return page(thread, moment)
    from codex_tui.export.markdown import markdown

    return markdown(thread, moment)


def write(path: Path, text: str, *, replace: bool = False) -> None:
    """Write `text` as a new file that only its owner may read; whole, or not at all.

    Raises ClientError, also when something is there already and `replace` is False. What is replaced
    has to be a regular file; a link is replaced itself, and not what it leads to.
    """
    try:
        _write(path, text, replace)
    except FileExistsError:
        raise ClientError(f"{line(str(path))} is there already") from None
    except OSError as error:
        raise ClientError(f"cannot write {line(str(path))}: {line(error.strerror or 'it failed')}") from error


def _write(path: Path, text: str, replace: bool) -> None:
    if replace and path.is_dir() and not path.is_symlink():
        raise ClientError(f"{line(str(path))} is a directory")
    if replace and path.exists() and not path.is_file():
        raise ClientError(f"{line(str(path))} is no regular file")
    handle, name = tempfile.mkstemp(prefix=".codex-tui-", dir=path.parent)  # with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
        if replace:
            Path(name).replace(path)
        else:
            _into_place(Path(name), path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _into_place(made: Path, path: Path) -> None:
    """Give a file its name, if nothing has that, not even a link that leads nowhere."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: then the name first, and the file over it
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        made.replace(path)
    else:
        made.unlink()
