"""The diffs of a thread: of a turn, of the whole session, of a patch that waits for an answer.

All paths are absolute where the thread's folder is known.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codex_tui.diffs.combine import combine
from codex_tui.diffs.parse import legacy_update, read_change, read_diff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codex_tui.diffs.records import FileDiff
    from codex_tui.protocol.items import FileChange
    from codex_tui.session.inbox import Question
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread, Turn

Files = tuple["FileDiff", ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A turn's files, and what of the turn they were read from."""

    turn: Turn
    items: int
    cwd: str
    files: Files
    paths: frozenset[str]

    def holds(self, turn: Turn, cwd: str) -> bool:
        if turn is self.turn and cwd == self.cwd:
            return True
        # A running turn is another record at each delta. Its diff comes with each patch that was applied.
        same = turn.diff == self.turn.diff and turn.status == self.turn.status
        return same and len(turn.items) == self.items and cwd == self.cwd


class ThreadDiffs:
    """What the agent changed in one thread. Reads again only what is new: ask at every change."""

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}
        self._session: tuple[tuple[Files, ...], Files] = ((), ())

    def turn(self, thread: Thread, turn_id: str | None = None) -> Files:
        """What the turn changed altogether; without an id the newest turn of the engine's."""
        found = _turn(thread, turn_id)
        return self._of(found, thread.settings.cwd).files if found is not None else ()

    def session(self, thread: Thread) -> Files:
        """What all turns together changed. Where two changes of a file do not fit together (somebody
        else changed it between them) it has several entries, labelled by their turns."""
        named: list[tuple[str, Files]] = []
        number = 0
        for turn in thread.turns:
            if turn.is_notes:
                continue
            number += 1
            if files := self._of(turn, thread.settings.cwd).files:
                named.append((f"turn {number}", files))
        key = tuple(files for _, files in named)
        known, net = self._session
        if len(key) != len(known) or any(one is not two for one, two in zip(key, known, strict=True)):
            net = combine((_said(name, file), file) for name, files in named for file in files)
            self._session = (key, net)
        return net

    def paths(self, thread: Thread) -> frozenset[str]:
        """Every path the engine named in a patch of this thread that it carried out, as it named it."""
        paths: set[str] = set()
        for turn in thread.turns:
            if not turn.is_notes:
                paths |= self._of(turn, thread.settings.cwd).paths
        return frozenset(paths)

    def _of(self, turn: Turn, cwd: str) -> _Read:
        known = self._read.get(turn.id)
        if known is not None and known.holds(turn, cwd):
            return known
        patches = [(body.status, body.changes) for body in _patches(turn)]
        # A patch that failed may have changed some of its files.
        paths = frozenset(
            path
            for status, changes in patches
            if status in ("completed", "failed")
            for change in changes
            for path in (change.path, change.kind.move_path)
            if path
        )
        files = _placed(read_diff(turn.diff), cwd, paths) if turn.diff else None
        if files is None:
            applied = [changes for status, changes in patches if status == "completed"]
            files = combine(
                (f"patch {at}", read_change(one)) for at, changes in enumerate(applied, 1) for one in changes
            )
        made = _Read(turn, len(turn.items), cwd, files, paths)
        self._read[turn.id] = made
        return made


def _said(turn: str, file: FileDiff) -> str:
    return f"{turn}, {file.label}" if file.label else turn


def _turn(thread: Thread, turn_id: str | None) -> Turn | None:
    if turn_id is not None:
        at = thread.turns.find(turn_id)
        return thread.turns[at] if at is not None else None
    return next((turn for turn in reversed(thread.turns) if not turn.is_notes), None)


def _patches(turn: Turn) -> Iterable[FileChange]:
    from codex_tui.protocol.items import FileChange

    for item in turn.items:
        if isinstance(item.body, FileChange):
            yield item.body


def _placed(files: Files, cwd: str, named: frozenset[str]) -> Files | None:
    """The files of `turn/diff/updated` with absolute paths.

    They are relative to the repository the turn worked in, or to its directory outside of one
    (engine 0.163); the patches' own paths tell which. None when those leave it open.
    """
    relative = {
        path for file in files for path in (file.path, file.old_path) if path and not path.startswith("/")
    }
    if not relative:
        return files
    longest = max(relative, key=len)
    bases = {path.removesuffix(f"/{longest}") for path in named if path.endswith(f"/{longest}")}
    bases = {base for base in bases if all(f"{base}/{path}" in named for path in relative)}
    if len(bases) > 1 or (named and not bases):
        return None
    base = bases.pop() + "/" if bases else cwd
    return tuple(
        replace(file, path=_absolute(file.path, base), old_path=_absolute(file.old_path, base))
        for file in files
    )


def _absolute(path: str, base: str) -> str:
    return posixpath.normpath(posixpath.join(base, path)) if path and base else path


# -- patches that wait -----------------------------------------------------------------------


def waiting_patches(state: State, thread_id: str | None = None) -> tuple[tuple[Question, Files], ...]:
    """The patches that wait for an answer, oldest first, and what they would change; of one thread,
    or of all. A patch whose item has not come is left out: nobody knows what it would change."""
    from codex_tui.protocol.approvals import FileChangeApproval, LegacyPatchApproval

    found: list[tuple[Question, Files]] = []
    for question in state.inbox.questions:
        if thread_id not in (None, question.thread_id):
            continue
        params = question.params
        if isinstance(params, LegacyPatchApproval):
            updates = [legacy_update(path, raw) for path, raw in sorted(params.file_changes.items())]
            files = tuple(read_change(one) for one in updates if one is not None)
        elif isinstance(params, FileChangeApproval):
            files = _proposed(state, question)
        else:
            continue
        if files:
            found.append((question, files))
    return tuple(found)


def _proposed(state: State, question: Question) -> Files:
    """The changes of the item that a question is about."""
    from codex_tui.protocol.items import FileChange

    thread = state.threads.get(question.thread_id or "")
    at = thread.turns.find(question.turn_id or "") if thread is not None else None
    if thread is None or at is None:
        return ()
    items = thread.turns[at].items
    where = items.find(question.item_id or "")
    body = items[where].body if where is not None else None
    return tuple(map(read_change, body.changes)) if isinstance(body, FileChange) else ()
