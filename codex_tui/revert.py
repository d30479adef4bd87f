"""Changes of the agent's taken back in the files themselves, with a copy of what was there before.

Plans come from `codex_tui.diffs.reversal`; this module reads and writes. It writes only where the
thread works, or where a change of the agent's was, and never through a symbolic link: each folder
on the way is opened for itself, and files are replaced within the open folder. What a file held
is kept first, in our own state directory, and the last revert can be undone from there.

All functions block for as long as the disk takes: call them in a thread.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from codex_tui.copies import keep_copies, sync_folder
from codex_tui.diffs.reversal import Conflict, Plan, Write, paths_of, plan_file, plan_hunk

if TYPE_CHECKING:
    from codex_tui.diffs.records import FileDiff

MAX_FILE: Final = 32 * 1024 * 1024
"""Bytes of a file that is reverted: far above any source, and three copies of it fit into memory."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


USUAL: Final = -1
RUNS: Final = -2
"""Rights of a new file as the system gives them: to one that is not run, and to one that is."""


class Held(NamedTuple):
    """What a file holds: None for no file. `mode` are its rights, `USUAL` or `RUNS`."""

    data: bytes | None
    mode: int = USUAL


_AT_FIRST = {USUAL: 0o666, RUNS: 0o777}  # the system takes off what the person's umask says


@dataclass(frozen=True, slots=True)
class Reverted:
    """A revert that was done, and all that undoing it takes. `drift`: see `Plan`.

    `copies` is the folder with what the files held before, and a `manifest.json` that names them.
    """

    root: Path
    paths: tuple[str, ...]
    copies: Path
    before: tuple[Held, ...]
    after: tuple[str, ...]  # digests of what was written, empty for a file that went
    drift: int = 0


class RefusedError(Exception):
    """A file that is not written to; the conflict says why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.conflict = Conflict(path, reason)


def revert(
    file: FileDiff,
    root: Path,
    state: Path,
    *,
    hunk: int | None = None,
    reverted: Collection[int] = (),
    named: Collection[str] = (),
) -> Reverted | Conflict:
    """Takes back `file`'s change, or one `hunk` of it, on disk.

    `root` is the folder the thread works in, `named` the paths outside of it that the agent changed
    (`ThreadDiffs.paths`), `state` our own state directory, `reverted` the hunks already taken back.
    Either all of the files are written or none.
    """
    try:
        before = {path: look_at(path, root, named) for path in paths_of(file)}
        texts = {path: text_of(path, held) for path, held in before.items()}
        plan = plan_file(file, texts, reverted) if hunk is None else plan_hunk(file, hunk, texts, reverted)
        if isinstance(plan, Conflict):
            return plan
        return _carry_out(plan, before, root, state, named)
    except RefusedError as refusal:
        return refusal.conflict
    except OSError as error:
        return Conflict(file.path, words_of(error))


def undo(done: Reverted) -> Conflict | None:
    """Puts back what the files held before a revert; refuses when one was changed since."""
    try:
        for path, digest in zip(done.paths, done.after, strict=True):
            if digest_of(look_at(path, done.root, done.paths).data) != digest:
                raise RefusedError(path, "the file was changed since")
        now = {path: look_at(path, done.root, done.paths) for path in done.paths}
        write_all(dict(zip(done.paths, done.before, strict=True)), now, done.root, done.paths)
    except RefusedError as refusal:
        return refusal.conflict
    except OSError as error:
        return Conflict(done.paths[0], words_of(error))
    return None


def words_of(error: OSError) -> str:
    """Why the system did not do it."""
    return f"it cannot be done: {error.strerror or 'an error of the system'}"


# -- what to write ---------------------------------------------------------------------------


def _carry_out(
    plan: Plan, before: dict[str, Held], root: Path, state: Path, named: Collection[str]
) -> Reverted | Conflict:
    wanted: dict[str, Held] = {}
    modes = [held.mode for held in before.values() if held.data is not None]
    for write in plan.writes:
        wanted[write.path] = wanted_of(write, before[write.path], modes)
    touched = {path: before[path] for path in wanted}
    copies = copied(touched, state)
    write_all(wanted, touched, root, named)
    after = tuple(digest_of(held.data) for held in wanted.values())
    return Reverted(root, tuple(wanted), copies, tuple(touched.values()), after, plan.drift)


def wanted_of(write: Write, before: Held, modes: list[int]) -> Held:
    """What a file is to hold. Its rights are those it has, but for git's word on running it; a file
    that comes back has those of the one it is made from, or those that the system gives."""
    if write.text is None:
        return Held(None)
    try:
        data = write.text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise RefusedError(write.path, "its old text cannot be written as it was") from None
    runs = write.mode.endswith("755")
    if before.data is None and not modes:
        return Held(data, RUNS if runs else USUAL)
    mode = before.mode if before.data is not None else modes[0]
    if write.mode:
        # Who may read it may run it.
        mode = mode | (mode & 0o444) >> 2 if runs else mode & ~0o111
    return Held(data, mode)


def copied(files: dict[str, Held], state: Path) -> Path:
    """Keeps what the files hold (`copies.keep_copies`). Raises RefusedError."""
    try:
        return keep_copies(files, state)
    except OSError as error:
        raise no_copy(next(iter(files), ""), error) from None


def no_copy(path: str, error: OSError) -> RefusedError:
    """Why nothing is written where no copy can be kept."""
    return RefusedError(path, f"no copy of it can be kept: {error.strerror or 'an error of the system'}")


def write_all(
    wanted: Mapping[str, Held],
    before: Mapping[str, Held],
    root: Path,
    named: Collection[str],
    spare: str = "",
) -> None:
    """Writes all or, when one fails, puts back what was written. Files come first, then others go.

    Nothing is written over what does not hold `before` any more. `spare`: how a file is called while
    it is being written, for who would have to `sweep` it away. Raises OSError, RefusedError.
    """
    spare = spare or spare_name()
    done: list[str] = []
    try:
        for path in sorted(wanted, key=lambda one: wanted[one].data is None):
            _put(path, wanted[path], before[path], root, named, spare)
            done.append(path)
    except (OSError, RefusedError):
        for path in reversed(done):
            with contextlib.suppress(OSError, RefusedError):
                _put(path, before[path], wanted[path], root, named, spare)
        raise


# -- one file --------------------------------------------------------------------------------


def text_of(path: str, held: Held) -> str | None:
    """The file's text; bytes that are none are kept as lone surrogates, so they can be written again."""
    return None if held.data is None else held.data.decode("utf-8", "surrogateescape")


def look_at(path: str, root: Path, named: Collection[str]) -> Held:
    """What the file at `path` holds. Raises RefusedError for what is not read here."""
    with _folder(path, root, named) as (folder, name):
        return Held(None) if folder is None else _held(folder, name, path)


def _held(folder: int, name: str, path: str) -> Held:
    try:
        handle = os.open(name, _READ, dir_fd=folder)
    except FileNotFoundError:
        return Held(None)
    except OSError as error:
        try:
            is_link = stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode)
        except OSError:
            is_link = False
        reason = "it is a symbolic link" if is_link else f"it cannot be read: {error.strerror}"
        raise RefusedError(path, reason) from None
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        os.close(handle)
        raise RefusedError(path, "this is no regular file")
    with open(handle, "rb") as file:  # noqa: PTH123 - it is open already
        if facts.st_size > MAX_FILE:
            raise RefusedError(path, "the file is too large")
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise RefusedError(path, "the file is too large")
    return Held(data, stat.S_IMODE(facts.st_mode))


def spare_name() -> str:
    """A name for files that are being written, told from all others."""
    return f".{secrets.token_hex(8)}.codex-tui"


def sweep(paths: Iterable[str], root: Path, named: Collection[str], spare: str) -> None:
    """Removes what a write that was cut off left beside these files."""
    for path in paths:
        with contextlib.suppress(OSError, RefusedError), _folder(path, root, named) as (folder, _):
            if folder is not None:
                os.unlink(spare, dir_fd=folder)


def _put(path: str, wanted: Held, expected: Held, root: Path, named: Collection[str], spare: str) -> None:
    """Replaces the file by one that holds `wanted`, if it still holds `expected`."""
    with _folder(path, root, named, make=wanted.data is not None) as (folder, name):
        if folder is None:
            return  # it is to go, and even its folder is gone
        if _held(folder, name, path).data != expected.data:
            raise RefusedError(path, "the file is being changed by something else")
        if wanted.data is None:
            os.unlink(name, dir_fd=folder)
            sync_folder(folder)
            return
        handle = os.open(spare, _NEW, _AT_FIRST.get(wanted.mode, 0o600), dir_fd=folder)
        try:
            with open(handle, "wb") as file:  # noqa: PTH123 - it is open already
                file.write(wanted.data)
                file.flush()
                if wanted.mode >= 0:
                    os.fchmod(handle, wanted.mode)
                os.fsync(handle)
            os.replace(spare, name, src_dir_fd=folder, dst_dir_fd=folder)
            sync_folder(folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(spare, dir_fd=folder)
            raise


@contextmanager
def _folder(
    path: str, root: Path, named: Collection[str], *, make: bool = False
) -> Generator[tuple[int | None, str]]:
    """The open folder of `path` and the file's name in it; no folder where there is none and none is made.

    Below `root` no folder on the way may be a symbolic link. Elsewhere only `named` paths are
    opened, and no folder of theirs may be one either.
    """
    start, parts = _way(path, root, named)
    handle = os.open(start, _FOLDER)
    try:
        for part in parts[:-1]:
            try:
                further = os.open(part, _FOLDER, dir_fd=handle)
            except FileNotFoundError:
                if not make:
                    os.close(handle)
                    handle = -1
                    break
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=handle)
                    sync_folder(handle)
                further = os.open(part, _FOLDER, dir_fd=handle)
            except OSError:
                raise RefusedError(path, "its path leads through a symbolic link or is no folder") from None
            os.close(handle)
            handle = further
        yield (handle if handle >= 0 else None), parts[-1]
    finally:
        if handle >= 0:
            os.close(handle)


def _way(path: str, root: Path, named: Collection[str]) -> tuple[str, list[str]]:
    """Where to begin, without links, and the names from there."""
    real = os.path.realpath(root)
    parts = path.split("/")[1:]
    try:
        plain = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        plain = False
    if not plain or not path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise RefusedError(path, "this is no plain absolute path")
    for place in dict.fromkeys((real, os.path.abspath(root))):  # noqa: PTH100 - no link is to be followed
        if path.startswith(place.rstrip("/") + "/"):
            return real, path[len(place.rstrip("/")) + 1 :].split("/")
    if path not in named:
        raise RefusedError(path, "it lies outside of the folder that the thread works in")
    return "/", parts


def digest_of(data: bytes | None) -> str:
    """What tells whether a file still holds what was written; empty for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()
