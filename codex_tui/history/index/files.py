"""Which rollout files an engine's home has. Names and sizes only; no file is opened here."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codex_tui.history.damaged import FOLDERS, ROLLOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME: Final = re.compile(ROLLOUT)


@dataclass(frozen=True, slots=True)
class RolloutFile:
    """A regular file as it is now; `size` in bytes, `changed` in nanoseconds since the epoch."""

    path: str
    thread_id: str
    archived: bool
    size: int
    changed: int


def rollouts(home: Path) -> list[RolloutFile]:
    """All rollout files below `home`, the newest first. What cannot be looked at is left out.

    Compressed ones (`.jsonl.zst`) are of engines that have a search of their own.
    """
    found = [
        RolloutFile(path, match[1], archived, told.st_size, told.st_mtime_ns)
        for archived, folder in FOLDERS.items()
        for path, name, told in _below(os.fspath(home / folder))
        if stat.S_ISREG(told.st_mode) and (match := _NAME.fullmatch(name)) is not None
    ]
    found.sort(key=lambda file: (file.changed, file.path), reverse=True)
    return found


def _below(folder: str) -> Iterator[tuple[str, str, os.stat_result]]:
    """Everything below a folder but other folders; links are not followed."""
    folders = [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.name.endswith(".jsonl"):
                        yield entry.path, entry.name, entry.stat(follow_symlinks=False)
        except OSError:
            continue
