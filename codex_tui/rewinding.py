"""Files taken back to before an earlier prompt, and put back again: looked at, then written.

What becomes of each file is `codex_tui.rewind`'s; how files are read and replaced is
`codex_tui.revert`'s; copies and how far it came are `codex_tui.ledger`'s. Nothing is written that
the preview has not shown: a file that changed after it stops the whole.

All functions block for as long as the disk takes: call them in a thread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codex_tui.diffs.reversal import Conflict, Write
from codex_tui.revert import (
    Held,
    RefusedError,
    copied,
    digest_of,
    look_at,
    no_copy,
    sweep,
    text_of,
    wanted_of,
    words_of,
    write_all,
)
from codex_tui.rewind import Fate, fates_of, paths_in
from codex_tui.rewind.compare import changes_of

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff
    from codex_tui.ledger import Entry, Ledger
    from codex_tui.rewind.record import End, KeptFile, Record

READ_AT_ONCE: Final = 128 * 1024 * 1024
"""Bytes of all files of one rewind: with their texts before and after they must fit into memory."""


@dataclass(frozen=True, slots=True)
class Look:
    """The files as they are, and what each becomes. `changes`: each fate as diffs from now to then.

    `root`, `named`: see `codex_tui.revert.revert`. `wanted`: what paths are to hold, where a rewind on
    disk says so.
    """

    root: Path
    named: Collection[str]
    held: Mapping[str, Held]
    fates: tuple[Fate, ...]
    changes: tuple[tuple[FileDiff, ...], ...]
    wanted: Mapping[str, Held] = field(default_factory=dict[str, Held])


@dataclass(frozen=True, slots=True)
class Failure:
    """Why files were not written. `left` are those that are all the same: usually none, for what was
    written before something failed is put back. If there are any, `entry` is a rewind that was cut off."""

    conflict: Conflict
    left: tuple[str, ...] = ()
    entry: Entry | None = None


def look_ahead(files: Sequence[FileDiff], root: Path, named: Collection[str], over: Collection[str]) -> Look:
    """What taking back `files` (newest first, `rewind.undone_files`) would do. Writes nothing.

    `over`: see `rewind.fates_of`.
    """
    held: dict[str, Held] = {}
    texts: dict[str, str | Conflict | None] = {}
    for path, found in _read(paths_in(files), root, named):
        if isinstance(found, Conflict):
            texts[path] = found
        else:
            held[path], texts[path] = found, text_of(path, found)
    fates = fates_of(files, texts, over)
    return Look(root, named, held, fates, tuple(map(changes_of, fates)))


def look_back(entry: Entry, end: End) -> Look:
    """What it would do to bring the files of a rewind to one of its ends. Writes nothing.

    A file that holds neither what it held before the rewind nor what it held after it is a conflict.
    """
    root, paths = Path(entry.record.root), entry.record.paths
    held: dict[str, Held] = {}
    wanted: dict[str, Held] = {}
    found = dict(_read(paths, root, paths))
    groups: dict[int, list[KeptFile]] = {}
    for file in entry.record.files:
        groups.setdefault(file.group, []).append(file)
    fates: list[Fate] = []
    for group in groups.values():
        now: dict[str, str | None] = {}
        then: dict[str, str | None] = {}
        modes: dict[str, str] = {}
        conflicts: list[Conflict] = []
        for file in group:
            seen, target = found[file.path], entry.content(file, end)
            if target is None:
                seen = Conflict(file.path, "its copy is not there any more")
            if isinstance(seen, Conflict) or target is None:
                conflicts = [seen] if isinstance(seen, Conflict) else []
                now, then, modes = {file.path: None}, {file.path: None}, {}
                break
            target = _with_rights(target, seen, file)
            held[file.path], wanted[file.path] = seen, target
            now[file.path], then[file.path] = text_of(file.path, seen), text_of(file.path, target)
            if seen.data == target.data and seen.mode != target.mode:
                modes[file.path] = f"100{target.mode:o}"
            elif seen.data != target.data and digest_of(seen.data) not in _digests(file):
                conflicts.append(Conflict(file.path, "it was changed since the rewind"))
        path = next((one for one in now if now[one] is not None), group[0].path)
        fates.append(Fate(path, now, then, modes, conflicts[0] if conflicts else None, len(conflicts)))
    return Look(root, paths, held, tuple(fates), tuple(map(changes_of, fates)), wanted)


def _digests(file: KeptFile) -> tuple[str, str]:
    return file.before.digest, file.after.digest


def _with_rights(target: Held, seen: Held, file: KeptFile) -> Held:
    """The rights of a file that is there stay, unless the rewind changed them."""
    if target.data is None or seen.data is None:
        return target
    kept = target.mode < 0 or file.before.mode == file.after.mode
    return Held(target.data, seen.mode if kept else target.mode)


def _read(paths: Sequence[str], root: Path, named: Collection[str]) -> Sequence[tuple[str, Held | Conflict]]:
    """What each path holds, or why it is left alone."""
    out: list[tuple[str, Held | Conflict]] = []
    size = 0
    for path in paths:
        try:
            if size > READ_AT_ONCE:
                raise RefusedError(path, "the files are too large to take back at once")
            held = look_at(path, root, named)
            size += len(held.data or b"")
            out.append((path, held))
        except RefusedError as refusal:
            out.append((path, refusal.conflict))
        except OSError as error:
            out.append((path, Conflict(path, words_of(error))))
    return out


def take_back(look: Look, fates: Sequence[Fate], ledger: Ledger, record: Record) -> Entry | Failure:
    """Write what `fates` of `look` say, all or nothing, after it was written down with copies of all.

    The entry is held, at "files"; `look_back` and `put` undo it. Where there is nothing to write it
    has no files.
    """
    wanted: dict[str, Held] = {}
    groups: dict[str, int] = {}
    try:
        for number, fate in enumerate(fates):
            if not fate.changed:
                continue
            modes = [look.held[path].mode for path in fate.now if look.held[path].data is not None]
            for path in fate.changed:
                write = Write(path, fate.then[path], fate.modes.get(path, ""))
                wanted[path] = wanted_of(write, look.held[path], modes)
                groups[path] = number
    except RefusedError as refusal:
        return Failure(refusal.conflict)
    touched = {path: look.held[path] for path in wanted}
    try:
        entry = ledger.begin(record, touched, wanted, groups)
    except OSError as error:
        return Failure(no_copy(next(iter(touched), ""), error).conflict)
    failure = _write(entry, wanted, look)
    if failure is not None:
        if not failure.left:
            entry.settle("undone")
        entry.release()
        return replace(failure, entry=entry if failure.left else None)
    _turn_to(entry, "files")
    return entry


def put(look: Look, fates: Sequence[Fate], entry: Entry, end: End, state: Path) -> Failure | None:
    """Bring files of a rewind to one of its ends, as `look_back` showed it; copies of what they hold are
    kept first. The caller holds the entry, and settles it."""
    wanted = {path: look.wanted[path] for fate in fates for path in fate.changed}
    touched = {path: look.held[path] for path in wanted}
    record = entry.record
    sweep(record.paths, look.root, look.named, record.spare)
    if not wanted:
        return None
    before = entry.stage
    try:
        copied(touched, state)
    except RefusedError as refusal:
        return Failure(refusal.conflict)
    _turn_to(entry, "undoing" if end == "before" else "writing")
    failure = _write(entry, wanted, look)
    if failure is None and end == "after":
        _turn_to(entry, "files")
    elif failure is not None and not failure.left:
        _turn_to(entry, before)
    return failure


def _write(entry: Entry, wanted: Mapping[str, Held], look: Look) -> Failure | None:
    try:
        write_all(wanted, look.held, look.root, look.named, entry.record.spare)
    except RefusedError as refusal:
        return Failure(refusal.conflict, _left(wanted, look))
    except OSError as error:
        return Failure(Conflict(next(iter(wanted), ""), words_of(error)), _left(wanted, look))
    return None


def _turn_to(entry: Entry, stage: str) -> None:
    """The files are as they are, also when that cannot be written down: then it is offered once more."""
    try:
        entry.turn_to(stage)
    except OSError:
        entry.stage = stage


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
