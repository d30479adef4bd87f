"""The rewinds of all sessions on disk: what each file held before and after, and how far each came.

A rewind is a folder of `codex_tui.copies`: the copies, `manifest.json` with its record, and `stage`.
While a program is at it, it holds a lock of the folder; the system lets go of it when the program
dies. So a rewind that is not at its end and that nobody holds was cut off.

All functions block for as long as the disk takes: call them in a thread.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from codex_tui.copies import OPEN, STAGE, keep, keep_manifest, new_folder, place_of, put, stage_in, tidy
from codex_tui.revert import Held, digest_of, spare_name, sweep
from codex_tui.rewind.record import KeptFile, Record, Side, read, written

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from codex_tui.rewind.record import End

OFFERED: Final = 20
"""Rewinds that are offered to be undone, the newest."""
MANIFEST_BYTES: Final = 64 * 1024 * 1024
"""A longer manifest is none of ours: so many names has no rewind."""


@dataclass(slots=True)
class Entry:
    """One rewind on disk."""

    folder: Path
    record: Record
    stage: str
    _lock: int = field(default=-1, repr=False)

    def turn_to(self, stage: str) -> None:
        """It has come so far. Raises OSError."""
        put(self.folder / STAGE, stage.encode("ascii"))
        self.stage = stage

    def settle(self, stage: str) -> None:
        """It is at its end. Where that cannot be written, it is offered once more, which does no harm."""
        with contextlib.suppress(OSError):
            self.turn_to(stage)
            if not self.record.files:
                import shutil

                shutil.rmtree(self.folder, ignore_errors=True)
        self.release()

    def hold(self) -> bool:
        """Take the lock; False when another program has it."""
        import fcntl

        if self._lock >= 0:
            return True
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError:
            pass  # a file system without locks: then two programs are not told from one
        self._lock = handle
        return True

    def release(self) -> None:
        """Let go of the lock."""
        lock, self._lock = self._lock, -1  # at once: a thread may be settling what is let go of here
        if lock >= 0:
            os.close(lock)

    def content(self, file: KeptFile, end: End) -> Held | None:
        """What the file held then; None where the copy is gone or is not what it was."""
        side = file.side(end)
        if not side.digest:
            return Held(None)
        try:
            data = (self.folder / side.copy).read_bytes()
        except OSError:
            return None
        return Held(data, side.mode) if digest_of(data) == side.digest else None


class Ledger:
    """The rewinds below our state directory."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def begin(
        self, record: Record, before: Mapping[str, Held], after: Mapping[str, Held], groups: Mapping[str, int]
    ) -> Entry:
        """Write a rewind down, with copies of everything; nothing else is done yet. Raises OSError.

        The entry is held, as "writing", or as "files" where there are none.
        """
        folder = new_folder(self.state)
        entry = Entry(folder, record, "")
        try:
            files: list[KeptFile] = []
            for at, (path, then) in enumerate(after.items()):
                sides = (_side(folder, f"{at}", before[path]), _side(folder, f"{at}.then", then))
                files.append(KeptFile(path, groups[path], *sides))
            entry.record = replace(record, files=tuple(files), spare=spare_name())
            entry.hold()
            entry.turn_to("writing" if files else "files")
            keep_manifest(folder, written(entry.record))  # from here on it is a rewind
        except BaseException:
            import shutil

            entry.release()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        tidy(self.state, folder.name)
        return entry

    def undoable(self, thread_id: str, root: str) -> list[Entry]:
        """The rewinds whose files can be put back, newest first: of this thread or of this folder."""
        found: list[Entry] = []
        for folder in self._folders("done"):
            if len(found) == OFFERED:
                break
            entry = _entry(folder, "done")
            if entry is not None and entry.record.files and entry.record.is_of(thread_id, root):
                found.append(entry)
        return found

    def cut_off(self, thread_id: str) -> list[Entry]:
        """The rewinds of a thread that nobody finished, newest first. What they left half written beside
        files is swept away."""
        found: list[Entry] = []
        for folder in self._folders(*OPEN):
            entry = _entry(folder, stage_in(folder))
            if entry is not None and entry.record.thread_id == thread_id and _is_left(entry):
                found.append(entry)
        return found

    def _folders(self, *stages: str) -> Generator[Path]:
        """Those at such a stage, newest first."""
        try:
            folders = sorted(place_of(self.state).iterdir(), reverse=True)
        except OSError:
            return
        yield from (folder for folder in folders if stage_in(folder) in stages)


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def _side(folder: Path, name: str, held: Held) -> Side:
    if held.data is None:
        return Side()
    keep(folder / name, held.data)
    return Side(hashlib.sha256(held.data).hexdigest(), held.mode, name)


def _entry(folder: Path, stage: str) -> Entry | None:
    try:
        manifest = folder / "manifest.json"
        if manifest.stat().st_size > MANIFEST_BYTES:
            return None
        record = read(manifest.read_bytes())
    except OSError:
        return None
    return Entry(folder, record, stage) if record is not None else None


def _is_left(entry: Entry) -> bool:
    """Whether it is not at its end and no program is at it; then what it was writing is swept away, while
    nobody else can begin to go on with it."""
    try:
        if not entry.hold():
            return False
        entry.stage = stage_in(entry.folder)  # as it is now that nobody else is at it
        if entry.stage in OPEN:
            paths = entry.record.paths
            sweep(paths, _path(entry.record.root), paths, entry.record.spare)
        return entry.stage in OPEN
    except OSError:
        return False
    finally:
        entry.release()
