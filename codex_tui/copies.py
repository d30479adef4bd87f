"""Copies of files in our own state directory, from before something wrote over them.

Each deed has a folder of its own in `<state>/reverts`, named by its time, for the person alone to read
(folders 0700, files 0600). What is written there is on the disk before anything else happens.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COPIES_KEPT: Final = 100
"""Deeds whose copies are kept, the newest."""
COPIES_BYTES: Final = 256 * 1024 * 1024
"""Bytes of copies that are kept; the newest deed's stay in any case."""
COPIES_DAYS: Final = 90
"""Days that copies are kept: who has not missed a file by then has it in another place."""

STAGE: Final = "stage"
"""The file that says how far a rewind has come: one word. Copies without it are of no rewind."""
OPEN: Final = frozenset({"writing", "files", "undoing"})
"""The words of a rewind that is not at its end: its copies go only when they are too old."""

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def place_of(state: Path) -> Path:
    """Where all copies are."""
    return state / "reverts"


def keep_copies(files: Mapping[str, tuple[bytes | None, int]], state: Path) -> Path:
    """Keep what files hold (None: no file), and their rights. Raises OSError."""
    folder = new_folder(state)
    manifest: list[dict[str, object]] = []
    for at, (path, (data, mode)) in enumerate(files.items()):
        if data is not None:
            keep(folder / f"{at}", data)
        manifest.append({"path": path, "copy": None if data is None else f"{at}", "mode": f"{mode:o}"})
    keep_manifest(folder, {"files": manifest})
    tidy(state, folder.name)
    return folder


def new_folder(state: Path) -> Path:
    """A folder for one deed's copies. Names go by time."""
    place = place_of(state)
    name = f"{time.strftime('%Y%m%dT%H%M%S')}-{time.time_ns() % 10**9:09}-{secrets.token_hex(3)}"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(mode=0o700, exist_ok=True)
    folder = place / name
    folder.mkdir(mode=0o700)
    for one in (place, state):
        sync_folder(one)
    return folder


def sync_folder(folder: Path | int) -> None:
    """Names in a folder, or in one that is open, last through a power cut, too, where the system can."""
    with contextlib.suppress(OSError):
        handle = folder if isinstance(folder, int) else os.open(folder, _FOLDER)
        try:
            os.fsync(handle)
        finally:
            if handle != folder:
                os.close(handle)


def keep(path: Path, data: bytes) -> None:
    """Write a new file whose bytes last through a power cut, as its name does from the next `put` beside
    it on."""
    with open(os.open(path, _NEW, 0o600), "wb") as file:  # noqa: PTH123 - with rights of its own
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def keep_manifest(folder: Path, told: Mapping[str, object]) -> None:
    """Write what the copies are; once it is there, all of them are."""
    put(folder / "manifest.json", json.dumps(told, indent=1).encode("utf-8", "surrogateescape"))


def put(path: Path, data: bytes) -> None:
    """Write a file so that at any moment the old one or the new one is there, whole."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        keep(beside, data)
        beside.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def stage_in(folder: Path) -> str:
    """How far the rewind of that folder has come; "" where there is none."""
    try:
        return (folder / STAGE).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def tidy(state: Path, newest: str) -> None:
    """Remove the oldest copies beyond the bounds."""
    import shutil

    size = kept = 0
    oldest = time.time() - COPIES_DAYS * 86_400
    try:
        for folder in sorted((one for one in place_of(state).iterdir() if one.is_dir()), reverse=True):
            size += sum(one.lstat().st_size for one in folder.iterdir())
            kept += 1
            is_old = folder.lstat().st_mtime < oldest
            is_much = kept > COPIES_KEPT or size > COPIES_BYTES
            if folder.name != newest and (is_old or (is_much and stage_in(folder) not in OPEN)):
                shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return  # a copy too many does no harm
