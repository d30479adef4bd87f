"""Files taken back to before an earlier prompt: looked at, and written with a copy of each first.

What becomes of each file is `codex_tui.rewind`'s; how files are read, copied and replaced is
`codex_tui.revert`'s. Nothing is written that the preview has not shown: a file that changed after
it stops the whole.

All functions block for as long as the disk takes: call them in a thread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codex_tui.diffs.reversal import Conflict, Write
from codex_tui.revert import (
    Held,
    RefusedError,
    Reverted,
    digest_of,
    keep_copies,
    look_at,
    text_of,
    wanted_of,
    words_of,
    write_all,
)
from codex_tui.rewind import Fate, fates_of, paths_in
from codex_tui.rewind.compare import changes_of

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff

READ_AT_ONCE: Final = 128 * 1024 * 1024
"""Bytes of all files of one rewind: with their texts before and after they must fit into memory."""


@dataclass(frozen=True, slots=True)
class Look:
    """The files as they are, and what each becomes. `changes`: each fate as diffs from now to then.

    `root`, `named`: see `codex_tui.revert.revert`.
    """

    root: Path
    named: Collection[str]
    held: Mapping[str, Held]
    fates: tuple[Fate, ...]
    changes: tuple[tuple[FileDiff, ...], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why files were not taken back. `left` are those that are all the same: usually none, for what
    was written before something failed is put back."""

    conflict: Conflict
    left: tuple[str, ...] = ()


def look_ahead(files: Sequence[FileDiff], root: Path, named: Collection[str], over: Collection[str]) -> Look:
    """What taking back `files` (newest first, `rewind.undone_files`) would do. Writes nothing.

    `over`: see `rewind.fates_of`.
    """
    held: dict[str, Held] = {}
    texts: dict[str, str | Conflict | None] = {}
    size = 0
    for path in paths_in(files):
        try:
            if size > READ_AT_ONCE:
                raise RefusedError(path, "the files are too large to take back at once")
            held[path] = look_at(path, root, named)
            texts[path] = text_of(path, held[path])
            size += len(held[path].data or b"")
        except RefusedError as refusal:
            texts[path] = refusal.conflict
        except OSError as error:
            texts[path] = Conflict(path, words_of(error))
    fates = fates_of(files, texts, over)
    return Look(root, named, held, fates, tuple(map(changes_of, fates)))


def take_back(look: Look, fates: Sequence[Fate], state: Path) -> Reverted | Failure | None:
    """Write what `fates` of `look` say, all or nothing, after copies of the files are kept in `state`.

    None when there is nothing to write. `codex_tui.revert.undo` takes it back.
    """
    wanted: dict[str, Held] = {}
    touched: dict[str, Held] = {}
    try:
        for fate in fates:
            if not fate.changed:
                continue
            modes = [look.held[path].mode for path in fate.now if look.held[path].data is not None]
            for path in fate.changed:
                before = touched[path] = look.held[path]
                wanted[path] = wanted_of(
                    Write(path, fate.then[path], fate.modes.get(path, "")), before, modes
                )
        if not wanted:
            return None
        copies = keep_copies(touched, state)
        write_all(wanted, touched, look.root, look.named)
    except RefusedError as refusal:
        return Failure(refusal.conflict, _left(wanted, look))
    except OSError as error:
        return Failure(Conflict(next(iter(touched), ""), words_of(error)), _left(wanted, look))
    after = tuple(digest_of(held.data) for held in wanted.values())
    return Reverted(look.root, tuple(wanted), copies, tuple(touched.values()), after)


def _left(wanted: Mapping[str, Held], look: Look) -> tuple[str, ...]:
    """The files that were written and could not be put back, or of which that cannot be told."""
    left: list[str] = []
    for path, then in wanted.items():
        try:
            now = look_at(path, look.root, look.named)
        except (OSError, RefusedError):
            continue  # what cannot be read was not written either
        if now.data == then.data and now.data != look.held[path].data:
            left.append(path)
    return tuple(left)
