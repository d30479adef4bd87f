"""Where said words are kept and looked for: one SQLite file with an FTS5 index of all runs of three letters.

Such an index (`trigram`) helps to find any part of any text in any script, capitals or not, as the
engine's own search does: it tells in which messages all runs of three letters stand, and those are compared
in full. It holds what people and models said, so it is its owner's alone (0600) and follows no link. All of
it can be made again: whoever finds it damaged throws it away.
"""

from __future__ import annotations

import os
import sqlite3
from bisect import bisect_left
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codex_tui.history.found import around
from codex_tui.history.index.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from codex_tui.history.index.files import RolloutFile
    from codex_tui.history.index.reading import Piece

VERSION: Final = 1
"""Of the tables; it is part of the file's name."""
WAIT: Final = 5.0
"""Seconds to wait for another client that writes."""
TERMS_BOUND: Final = 64
"""Entries that begin with a very short word. One that begins more is in most texts: those are compared."""
RUNS_BOUND: Final = 64
"""Letters of what is wanted that the index is asked for; what it finds is compared in full."""

_SHIFT: Final = 16  # a message's row: its file's number, then its own in 16 bits (`reading.MESSAGES_BOUND`)
_TAIL: Final = "\n\n"  # behind each text, so that its last two letters begin an entry, too

_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "secure_delete=ON",  # whoever deletes a thread does not want its words to lie about
    "cache_size=-16000",  # 16 MB
)
_TABLES: Final = """
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, thread TEXT NOT NULL, archived INTEGER NOT NULL,
    size INTEGER NOT NULL, changed INTEGER NOT NULL, mark BLOB NOT NULL, done INTEGER NOT NULL,
    "offset" INTEGER NOT NULL, turn INTEGER NOT NULL, turn_id TEXT NOT NULL, count INTEGER NOT NULL,
    told INTEGER NOT NULL
);
CREATE INDEX files_by_thread ON files (thread);
CREATE TABLE places (
    id INTEGER PRIMARY KEY, turn INTEGER NOT NULL, turn_id TEXT NOT NULL, agent INTEGER NOT NULL,
    spare INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE VIRTUAL TABLE said USING fts5(text, content='', columnsize=0, detail='none', tokenize='trigram');
CREATE VIRTUAL TABLE terms USING fts5vocab(said, row);
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was read; `mark` is of what was read, to know it again."""

    id: int
    size: int
    changed: int
    archived: bool
    mark: bytes
    is_done: bool
    reading: Reading


@dataclass(frozen=True, slots=True)
class Found:
    """A thread in which something was said: foreign words around the newest place, and how many there are."""

    thread_id: str
    snippet: str
    places: int
    turn_id: str = ""


class Store:
    """One connection. Raises sqlite3.Error everywhere, and OSError from the start."""

    def __init__(self, path: Path | None) -> None:
        """`path`: its file, which is made; None for one in memory. Any thread may use it, one at a time."""
        place = ":memory:" if path is None else os.fspath(_made(path))
        self._db = sqlite3.connect(place, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            for order in _PRAGMAS:
                self._db.execute(f"PRAGMA {order}").fetchall()
            self._make_tables()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    def _make_tables(self) -> None:
        if self._db.execute("PRAGMA user_version").fetchone() == (VERSION,):
            return
        with self.change():  # of two clients at once one makes them
            if self._db.execute("PRAGMA user_version").fetchone() != (VERSION,):
                for order in _TABLES.split(";")[:-1]:
                    self._db.execute(order)
                self._db.execute(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def change(self) -> Generator[None]:
        """All changes inside are made, or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # -- what is kept ----------------------------------------------------------------------

    def known(self) -> dict[str, Known]:
        """All files that were read, by path."""
        return {row[0]: _known(row[1:]) for row in self._db.execute(f"SELECT path, {_MEMBERS} FROM files")}  # noqa: S608

    def known_file(self, path: str) -> Known | None:
        row = self._db.execute(f"SELECT {_MEMBERS} FROM files WHERE path = ?", (path,)).fetchone()  # noqa: S608
        return None if row is None else _known(row)

    def add_file(self, file: RolloutFile) -> Known:
        """A file of which nothing is read yet."""
        added = self._db.execute(
            'INSERT INTO files (path, thread, archived, size, changed, mark, done, "offset", turn, turn_id, '
            "count, told) VALUES (?, ?, ?, 0, 0, x'', 0, 0, -1, '', 0, 0)",
            (file.path, file.thread_id, file.archived),
        )
        return Known(added.lastrowid or 0, 0, 0, file.archived, b"", False, Reading())

    def forget(self, known: Iterable[Known]) -> None:
        """These files, and all that was said in them."""
        for file in known:
            self._drop(file.id, "1")
            self._db.execute("DELETE FROM files WHERE id = ?", (file.id,))

    def add_piece(self, known: Known, file: RolloutFile, piece: Piece, mark: bytes) -> None:
        """What was read of a file next."""
        reading = piece.reading
        if piece.cut is not None:
            self._drop(known.id, "turn >= ?", piece.cut)
        if reading.is_told and not known.reading.is_told and known.reading.count:
            self._drop(known.id, "spare")
        first = known.id << _SHIFT
        for place in piece.places:
            text = _storable(place.text)
            row = (first + place.at, place.turn, place.turn_id, place.by == "agent", place.spare, text)
            self._db.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", row)
            self._db.execute("INSERT INTO said (rowid, text) VALUES (?, ?)", (row[0], text + _TAIL))
        self._db.execute(
            'UPDATE files SET size = ?, changed = ?, mark = ?, done = ?, "offset" = ?, turn = ?, '
            "turn_id = ?, count = ?, told = ? WHERE id = ?",
            (
                file.size, file.changed, mark, piece.is_last, reading.offset, reading.turn, reading.turn_id,
                reading.count, reading.is_told, known.id,
            ),
        )  # fmt: skip

    def _drop(self, file: int, which: str, *values: object) -> None:
        first = file << _SHIFT
        of = (first, first + (1 << _SHIFT) - 1, *values)
        where = f"id BETWEEN ? AND ? AND ({which})"
        for id, text in self._db.execute(f"SELECT id, text FROM places WHERE {where}", of).fetchall():  # noqa: S608
            self._db.execute(
                "INSERT INTO said (said, rowid, text) VALUES ('delete', ?, ?)", (id, text + _TAIL)
            )
        self._db.execute(f"DELETE FROM places WHERE {where}", of)  # noqa: S608

    # -- what is looked for ----------------------------------------------------------------

    def find(self, wanted: str, *, archived: bool, limit: int) -> list[Found]:
        """The threads in which `wanted` was said, letter for letter but for capitals; newest first."""
        wanted = _storable(wanted)
        perhaps = self._perhaps(wanted)
        found: dict[str, Found] = {}
        files = self._db.execute(
            "SELECT id, thread FROM files WHERE archived = ? ORDER BY changed DESC", (archived,)
        )
        for file, thread in files.fetchall():
            if (places := self._places(file, perhaps, wanted)) and (known := found.get(thread)) is not None:
                # another file of it, with older words
                found[thread] = replace(known, places=known.places + len(places))
            elif places:
                if len(found) == limit:
                    break
                text, turn_id = places[-1]
                found[thread] = Found(thread, around(text, wanted), len(places), turn_id)
        return list(found.values())

    def count(self, thread_id: str, wanted: str) -> int:
        """In how many messages of a thread `wanted` was said."""
        wanted = _storable(wanted)
        files = self._db.execute("SELECT id FROM files WHERE thread = ?", (thread_id,)).fetchall()
        perhaps = self._perhaps(wanted)
        return sum(len(self._places(file, perhaps, wanted)) for (file,) in files)

    def _places(self, file: int, perhaps: Sequence[int] | None, wanted: str) -> list[tuple[str, str]]:
        """The messages of a file in which it was said: text and turn. `perhaps`: rows that can be those."""
        first, last = file << _SHIFT, (file + 1) << _SHIFT
        if perhaps is None:
            rows = self._db.execute(f"{_PLACES} id >= ? AND id < ?", (first, last)).fetchall()
        else:
            ids = perhaps[bisect_left(perhaps, first) : bisect_left(perhaps, last)]
            rows = [self._db.execute(f"{_PLACES} id = ?", (id,)).fetchone() for id in ids]
        folded = wanted.casefold()
        return [row for row in rows if row is not None and folded in row[0].casefold()]

    def _perhaps(self, wanted: str) -> list[int] | None:
        """Rows that have all runs of three letters of `wanted`, in order; None when that says too little."""
        if not wanted:
            return []
        if len(wanted) < 3:
            first = wanted.lower()
            bounds = (first, first + chr(0x10FFFF), TERMS_BOUND + 1)
            terms = [row[0] for row in self._db.execute(_TERMS, bounds)]
            is_folded_otherwise = not wanted.isascii() and (not terms or len(first) != len(wanted))
            if len(terms) > TERMS_BOUND or is_folded_otherwise:
                return None
            match = " OR ".join(map(_quoted, terms))
        else:
            runs = {wanted[at : at + 3] for at in range(min(len(wanted), RUNS_BOUND) - 2)}
            match = " AND ".join(map(_quoted, runs))
        if not match:
            return []
        return [row[0] for row in self._db.execute(_MATCH, (match,))]


_MEMBERS: Final = 'id, size, changed, archived, mark, done, "offset", turn, turn_id, count, told'
_PLACES: Final = "SELECT text, turn_id FROM places WHERE"
_TERMS: Final = "SELECT term FROM terms WHERE term >= ? AND term < ? LIMIT ?"
_MATCH: Final = "SELECT rowid FROM said WHERE said MATCH ? ORDER BY rowid"


def throw_away(path: Path) -> None:
    """Remove a store, whatever is in it. Raises OSError."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _made(path: Path) -> Path:
    """The file, its owner's alone, before SQLite opens it. Raises OSError, also when it is a link."""
    for folder in (path.parent.parent, path.parent):  # what is made on the way has the usual rights
        with suppress(FileExistsError):  # a file in its place: opening ours says so in better words
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(path, flags, 0o600))
    return path


def _known(row: tuple[int, ...]) -> Known:
    id, size, changed, archived, mark, done, offset, turn, turn_id, count, told = row
    reading = Reading(offset, turn, str(turn_id), count, bool(told))
    return Known(id, size, changed, bool(archived), mark, bool(done), reading)  # pyright: ignore[reportArgumentType]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _storable(text: str) -> str:
    """Without what SQLite cannot keep (half characters) or ends a text at (NUL)."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
