"""Keeps the index as the files are: what is new is read, what grew is read on, what went is forgotten.

The work is done in a thread of its own, the newest files first, in pieces of some milliseconds that each
leave a whole index behind: whoever ends it loses one piece, and the next one goes on from there.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codex_tui.history.index.files import rollouts
from codex_tui.history.index.reading import read_piece
from codex_tui.history.index.store import VERSION, Found, Store, throw_away

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from codex_tui.history.index.files import RolloutFile
    from codex_tui.history.index.store import Known

CHANGE_SECONDS: Final = 0.2
"""So long changes are gathered before they are written: one write for some dozen small files."""
BREATH: Final = 0.0005
"""Seconds between two files in which the interface's thread has the interpreter to itself, if it wants it."""
END_SECONDS: Final = 1.0
"""How long the end waits for the piece that is under way: one that is cut off was never there."""
MARKED: Final = 512
"""Bytes at the beginning and before the end of what was read, to know a file again."""
KEPT: Final = 3
"""Indexes of as many homes: demonstrations and tests have homes of their own."""
IN_MEMORY: Final = 200 << 20
"""Bytes of the newest files that are read when the index cannot be kept on the disk."""

_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@dataclass(frozen=True, slots=True)
class Progress:
    """Files that are dealt with, of so many that are to be read."""

    done: int
    of: int


class Index:
    """What was said below one engine's home. `find`, `count`, `close` and `remove` block; no call raises."""

    def __init__(self, home: Path, state: Path) -> None:
        """`state`: our own directory for state; the index is kept in a folder of it."""
        self._home = home
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        self._path = state / "said" / f"{name}-v{VERSION}.sqlite"
        self._memory: Store | None = None  # instead of the file, when that cannot be written
        self._lock = threading.Lock()  # of the store in memory
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None
        self._progress = Progress(0, 0)
        self._is_damaged = False  # a search has met damage in the file
        self.trouble = ""  # what went wrong with keeping it, in our words

    @property
    def progress(self) -> Progress | None:
        """How far the work is; None when the index is as the files were when they were last looked at."""
        at_work = self._thread is not None and self._thread.is_alive()
        return self._progress if at_work else None

    def refresh(self) -> None:
        """Look at the files again, unless that is under way."""
        if self.progress is None and not self._ends.is_set():
            self._progress = Progress(0, 0)
            self._thread = threading.Thread(target=self._keep, name="said", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until the work is done, if it is within so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self.progress is None

    def close(self) -> None:
        """End the work that is under way."""
        self._ends.set()
        self.wait(END_SECONDS)
        if self._memory is not None and self.progress is None:
            self._memory.close()

    def remove(self) -> None:
        """Remove the file: nobody needs it any more. It waits for the work that is under way, and blocks."""
        self.close()
        try:
            throw_away(self._path)
        except OSError as error:
            self.trouble = (
                f"an index that is no longer needed cannot be removed: {os.strerror(error.errno or 0)}"
            )

    # -- what is looked for ----------------------------------------------------------------

    def find(self, wanted: str, *, archived: bool, limit: int) -> Sequence[Found]:
        """The threads in which `wanted` was said, as far as files are read; newest first."""
        try:
            with self._reading() as store:
                return store.find(wanted, archived=archived, limit=limit) if store else ()
        except (sqlite3.Error, OSError) as error:
            self._miss(error)
            return ()

    def count(self, thread_id: str, wanted: str) -> int:
        """In how many messages of a thread it was said, as far as files are read."""
        try:
            with self._reading() as store:
                return store.count(thread_id, wanted) if store else 0
        except (sqlite3.Error, OSError) as error:
            self._miss(error)
            return 0

    def _miss(self, error: sqlite3.Error | OSError) -> None:
        """A search failed. A damaged file is thrown away by the thread that writes it, and by no other."""
        if _code(error) in _DAMAGED and self._memory is None:
            self._is_damaged = True
            self.refresh()
        elif self._fail(error):
            self.refresh()

    @contextmanager
    def _reading(self) -> Generator[Store | None]:
        """A connection beside the one that writes; in memory there is only that one."""
        if self._memory is not None:
            with self._lock:
                yield self._memory
        elif not self._path.exists():
            yield None  # nothing is read yet
        else:
            with closing(Store(self._path)) as store:
                yield store

    # -- the thread ------------------------------------------------------------------------

    def _keep(self) -> None:
        for _ in range(2):
            try:
                if self._is_damaged:
                    self._is_damaged = False
                    throw_away(self._path)
                self._open_and_update()
            except (sqlite3.Error, OSError) as error:
                if not self._fail(error):
                    return
                # Once more with an empty one, or in memory.
            else:
                if not self._is_damaged:
                    return

    def _open_and_update(self) -> None:
        files = rollouts(self._home)
        if self._memory is not None:
            self._update(self._memory, _newest(files, IN_MEMORY))
            return
        with closing(Store(self._path)) as store:
            self._forget_others()
            self._update(store, files)

    def _fail(self, error: sqlite3.Error | OSError) -> bool:
        """Whether trying once more makes sense."""
        code = _code(error)
        if code in _DAMAGED and self._memory is None:
            try:
                throw_away(self._path)
            except OSError as left:
                error = left
            else:
                return True
        if code in _BUSY:
            self.trouble = "another client keeps the index of what was said; found is what it has read"
            return False
        why = os.strerror(error.errno or 0) if isinstance(error, OSError) else _words(code, error)
        self.trouble = f"no index of what was said can be kept: {why}"
        if self._memory is None and not self._ends.is_set():
            try:
                self._memory = Store(None)
            except sqlite3.Error:
                return False
            return True
        return False

    def _update(self, store: Store, files: Sequence[RolloutFile]) -> None:
        known = store.known()
        there = {file.path for file in files}
        with self._lock, store.change():
            store.forget([one for path, one in known.items() if path not in there])
        changed = [file for file in files if not _is_same(known.get(file.path), file)]
        self._progress = Progress(0, len(changed))
        at = 0
        while at < len(changed) and not self._ends.is_set():
            with self._lock, store.change():
                until = time.monotonic() + CHANGE_SECONDS
                while at < len(changed) and time.monotonic() < until and not self._ends.is_set():
                    if self._is_read(store, changed[at], until):
                        at += 1
                        self._progress = Progress(at, len(changed))
                    time.sleep(BREATH)

    def _is_read(self, store: Store, file: RolloutFile, until: float) -> bool:
        """Read one file, or as much of it as there is time for; whether it is done."""
        known = store.known_file(file.path) or store.add_file(file)
        if _is_same(known, file):
            return True  # another client was here
        try:
            with open(file.path, "rb", opener=_opened) as source:
                if not _goes_on(known, file, source):
                    store.forget([known])
                    known = store.add_file(file)
                while not self._ends.is_set():
                    piece = read_piece(source, known.reading)
                    mark = _mark(source, piece.reading.offset)
                    store.add_piece(known, file, piece, mark)
                    if piece.is_last:
                        return True
                    known = Known(
                        known.id, file.size, file.changed, file.archived, mark, False, piece.reading
                    )
                    if time.monotonic() > until:
                        return False
        except OSError:
            store.forget([known])  # nobody can read it; the picker names such files
            return True
        return False

    def _forget_others(self) -> None:
        """Indexes of homes that were looked at longer ago than `KEPT` others."""
        with suppress(OSError):
            others = self._path.parent.glob("*.sqlite")
            kept = sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)
            for path in kept[KEPT:]:
                if path != self._path:
                    throw_away(path)


def _is_same(known: Known | None, file: RolloutFile) -> bool:
    return known is not None and (known.is_done, known.size, known.changed, known.archived) == (
        True,
        file.size,
        file.changed,
        file.archived,
    )


def _goes_on(known: Known, file: RolloutFile, source: BinaryIO) -> bool:
    """Whether the file is what was read, and perhaps more behind that."""
    offset = known.reading.offset
    is_longer = file.size > known.size or not known.is_done
    return is_longer and offset <= file.size and known.mark == (_mark(source, offset) if known.mark else b"")


def _mark(source: BinaryIO, offset: int) -> bytes:
    source.seek(0)
    first = source.read(min(MARKED, offset))
    source.seek(max(0, offset - MARKED))
    return hashlib.blake2b(first + source.read(min(MARKED, offset)), digest_size=16).digest()


def _opened(path: str, flags: int) -> int:
    """A regular file was there a moment ago: what took its place is neither followed nor waited for."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _newest(files: Sequence[RolloutFile], bound: int) -> list[RolloutFile]:
    total = 0
    taken: list[RolloutFile] = []
    for file in files:
        total += file.size
        if total > bound:
            break
        taken.append(file)
    return taken


def _code(error: sqlite3.Error | OSError) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _words(code: int, error: sqlite3.Error) -> str:
    if "trigram" in str(error) or "fts5" in str(error):
        return f"SQLite {sqlite3.sqlite_version} has no index for parts of words"
    return {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_READONLY: "the folder for state cannot be written",
        sqlite3.SQLITE_CANTOPEN: "the folder for state cannot be written",
        sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    }.get(code, "SQLite failed")
