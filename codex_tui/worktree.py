"""What differs between a working tree and its last commit, as git sees it, untracked files too.

Git runs only in a folder that the person has trusted: a repository's own configuration can name
programs (filters, text conversions, monitors, hooks) that git then starts. All of those that can
be switched off are, git gets nothing to ask, to page or to fetch with, and takes no locks, so it
stands in nobody's way.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codex_tui.diffs.parse import MAX_DIFF, read_beginning, read_diff
from codex_tui.diffs.records import FileDiff, file_diff, whole_file
from codex_tui.trust import trust_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    Part = Callable[[bytes], Awaitable[None]]

DEADLINE: Final = 15.0
"""Seconds git may take altogether: a cold repository of a hundred thousand files takes about ten."""
UNTRACKED: Final = 300
"""Untracked files that are read; more are counted. A forgotten build folder has tens of thousands."""
UNTRACKED_FILE: Final = 1024 * 1024
UNTRACKED_BYTES: Final = 8 * 1024 * 1024
"""Bytes of one untracked file, and of all of them, that are read."""
NAMES: Final = 4 * 1024 * 1024
"""Bytes of untracked files' names that are read."""
FIRST: Final = 64 * 1024
"""Bytes of git's output after which the beginning is told of: a thousand lines."""
GROWTH: Final = 8
"""How many times as much there has to be before it is told of again: all is read anew each time."""
REASON: Final = 400
"""Characters of git's own words for an error that are kept."""
BINARY: Final = 8000
"""Bytes in which a NUL makes a file binary, as in git."""

_SAFE: Final = (
    "git",
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.untrackedCache=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.quotePath=false"),
    *("-c", "diff.renames=true"),
    *("-c", "diff.renameLimit=400"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "protocol.allow=never"),
)
_DIFF: Final = (
    "diff",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-relative",
    "--ignore-submodules=dirty",
    "--submodule=short",
    "--find-renames",
    "--unified=3",
    "--inter-hunk-context=0",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--output-indicator-new=+",
    "--output-indicator-old=-",
    "--output-indicator-context= ",
    "--no-indent-heuristic",
    "--diff-algorithm=myers",
    "--patch",
)


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """The changed files, with absolute paths. `problem`: why there are none to tell of (in our words,
    maybe with git's behind them); `notes`: what is left out."""

    files: tuple[FileDiff, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()


class _GitError(Exception):
    """Git did not do it; the words say why."""


async def working_tree(
    folder: Path, codex_home: Path, tell: Callable[[WorkingTree], None] | None = None
) -> WorkingTree:
    """What differs from the last commit in the repository that `folder` is in.

    `tell` gets the beginning of a large diff while git still writes it, and again when it has grown.
    Never raises but for a cancellation, which ends git too.
    """
    if not folder.is_absolute() or "\0" in str(folder):
        return WorkingTree(problem="the thread's folder is not known")
    if trust_of(folder, codex_home).level != "trusted":
        return WorkingTree(problem="git is not asked in a folder that you have not trusted for good")
    try:
        async with asyncio.timeout(DEADLINE):
            return await _look(folder, tell)
    except TimeoutError:
        return WorkingTree(problem=f"git took longer than {DEADLINE:.0f} seconds")
    except FileNotFoundError:
        return WorkingTree(problem="there is no git program, or no such folder")
    except OSError as error:
        return WorkingTree(problem=f"git cannot be started: {error.strerror or 'an error of the system'}")
    except _GitError as error:
        return WorkingTree(problem=str(error))


async def _look(folder: Path, tell: Callable[[WorkingTree], None] | None) -> WorkingTree:
    try:
        found, _ = await _git(folder, "rev-parse", "--show-toplevel")
    except _GitError as error:
        if "not a git repository" in str(error):
            return WorkingTree(problem="this folder is not in a git repository")
        raise
    top = found.removesuffix("\n")
    if not top:
        return WorkingTree(problem="this git repository has no working tree")
    try:
        base, _ = await _git(Path(top), "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except _GitError:
        # Nothing is committed yet: what is added stands against nothing at all.
        base, _ = await _git(Path(top), "hash-object", "-t", "tree", "/dev/null")

    async def begin(said: bytes) -> None:
        files = await asyncio.to_thread(_beginning, top, said)
        if files and tell is not None:
            tell(WorkingTree(files))

    diff, is_cut = await _git(Path(top), *_DIFF, base.strip(), "--", bound=MAX_DIFF, part=begin)
    listed, is_long = await _git(Path(top), "ls-files", "--others", "--exclude-standard", "-z", bound=NAMES)
    names = listed.split("\0")[:-1]
    tracked = await asyncio.to_thread(read_diff, diff)
    untracked, left_out = await asyncio.to_thread(_read_all, Path(top), names)
    notes: list[str] = []
    if is_cut:
        notes.append(f"the diff is longer than {MAX_DIFF / 1e6:.2g} MB: the rest is left out")
    if left_out or is_long:
        more = f"{left_out:,}" if not is_long else f"more than {left_out:,}"
        notes.append(f"{more} untracked files are left out")
    return WorkingTree((*_all_placed(top, tracked), *untracked), notes=tuple(notes))


def _beginning(top: str, said: bytes) -> tuple[FileDiff, ...]:
    """The files of what git has written so far."""
    whole_lines = said[: said.rfind(b"\n") + 1].decode("utf-8", "surrogateescape")
    return _all_placed(top, read_beginning(whole_lines))


def _all_placed(top: str, files: Iterable[FileDiff]) -> tuple[FileDiff, ...]:
    return tuple(
        replace(file, path=_placed(top, file.path), old_path=_placed(top, file.old_path)) for file in files
    )


def _placed(top: str, path: str) -> str:
    return f"{top.rstrip('/')}/{path}" if path else path


# -- git -------------------------------------------------------------------------------------


def _environment() -> dict[str, str]:
    """Ours without git's own variables, which could lead it elsewhere or have it run programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_ASKPASS": "true",
        "LC_ALL": "C",
    }


async def _git(
    folder: Path, *words: str, bound: int = 64 * 1024, part: Part | None = None
) -> tuple[str, bool]:
    """What git says, and whether that was cut at `bound` bytes. Raises _GitError with its last words.

    `part` gets what it has said so far, once it is `FIRST` bytes and each time it is `GROWTH` times as much.
    """
    process = await asyncio.create_subprocess_exec(
        *_SAFE,
        *words,
        cwd=folder,
        env=_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - asked for above
    assert process.stderr is not None  # noqa: S101
    complaints = asyncio.create_task(_read(process.stderr, 64 * 1024, to_end=True))
    try:
        said = await _read(process.stdout, bound, part=part)
        is_cut = len(said) > bound
        if is_cut:
            _end(process)
        complaint = await complaints
        code = await process.wait()
    finally:
        complaints.cancel()
        if process.returncode is None:
            _end(process)
            # Killed, it ends at once; whoever cancels does not wait for more than that.
            await asyncio.shield(process.wait())
    if code and not is_cut:
        words_of_git = complaint.decode("utf-8", "surrogateescape").strip()[:REASON]
        raise _GitError(f"git could not tell: {words_of_git or f'it ended with {code}'}")
    return said[:bound].decode("utf-8", "surrogateescape"), is_cut


async def _read(
    stream: asyncio.StreamReader, bound: int, *, to_end: bool = False, part: Part | None = None
) -> bytes:
    """Everything, or the first `bound` bytes and one more; `to_end`: the rest is read and dropped."""
    parts, enough = bytearray(), FIRST
    while chunk := await stream.read(64 * 1024):
        parts += chunk[: bound + 1 - len(parts)]
        if len(parts) > bound and not to_end:
            break
        if part is not None and len(parts) >= enough:
            enough = GROWTH * len(parts)
            await part(bytes(parts))
    return bytes(parts)


def _end(process: asyncio.subprocess.Process) -> None:
    """Ends git and what it started: they are a group of their own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


# -- untracked files -------------------------------------------------------------------------


def _read_all(top: Path, names: Sequence[str]) -> tuple[list[FileDiff], int]:
    """Untracked files as new ones, and how many are left out."""
    files: list[FileDiff] = []
    room = UNTRACKED_BYTES
    for name in names[:UNTRACKED]:
        file = _read_new(top / name, room)
        room -= sum(len(raw) for hunk in file.hunks for raw in hunk.raw)
        files.append(file)
    return files, max(0, len(names) - UNTRACKED)


def _read_new(path: Path, room: int) -> FileDiff:
    """One untracked file. Links are not followed; what is no file is only named."""
    name = str(path)
    try:
        facts = path.lstat()
        if stat.S_ISLNK(facts.st_mode):
            target = os.readlink(path)  # noqa: PTH115 - as it is written
            return file_diff(name, "new", whole_file(target, "+"), new_mode="120000", note="a symbolic link")
        if stat.S_ISDIR(facts.st_mode):
            return FileDiff(name, "new", note="a folder with a repository of its own")
        if not stat.S_ISREG(facts.st_mode):
            return FileDiff(name, "new", note="no regular file")
        if facts.st_size > min(UNTRACKED_FILE, room):
            return FileDiff(name, "new", note=f"{facts.st_size:,} bytes are not shown")
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - with flags of its own
            data = file.read(UNTRACKED_FILE + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        return FileDiff(name, "new", note=f"it cannot be read: {why or 'an odd name'}")
    mode = "100755" if facts.st_mode & 0o100 else "100644"
    if b"\0" in data[:BINARY] or len(data) > UNTRACKED_FILE:
        return FileDiff(name, "binary", note=f"new, {len(data):,} bytes", new_mode=mode)
    return file_diff(name, "new", whole_file(data.decode("utf-8", "surrogateescape"), "+"), new_mode=mode)
