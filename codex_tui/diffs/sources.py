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
    from codex_tui.protocol.items import FileUpdate
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
        """Every path the engine named in a change of this thread that was applied, as it named it."""
        paths: set[str] = set()
        for turn in thread.turns:
            if not turn.is_notes:
                paths |= self._of(turn, thread.settings.cwd).paths
        return frozenset(paths)

    def _of(self, turn: Turn, cwd: str) -> _Read:
        known = self._read.get(turn.id)
        if known is not None and known.holds(turn, cwd):
            return known
        changes = list(_applied(turn))
        paths = frozenset(
            path for patch in changes for one in patch for path in (one.path, one.kind.move_path) if path
        )
        if turn.diff:
            files = tuple(_placed(file, cwd, paths) for file in read_diff(turn.diff))
        else:
            patches = enumerate(changes, 1)
            files = combine((f"patch {at}", read_change(one)) for at, patch in patches for one in patch)
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


def _applied(turn: Turn) -> Iterable[tuple[FileUpdate, ...]]:
    """The changes of each patch that was applied, in order."""
    from codex_tui.protocol.items import FileChange

    for item in turn.items:
        if isinstance(item.body, FileChange) and item.body.status == "completed":
            yield item.body.changes


def _placed(file: FileDiff, cwd: str, named: frozenset[str]) -> FileDiff:
    """The file with absolute paths: `turn/diff/updated` has them relative to the turn's directory."""
    return replace(
        file,
        path=_absolute(file.path, cwd, named),
        old_path=_absolute(file.old_path, cwd, named) if file.old_path else "",
    )


def _absolute(path: str, cwd: str, named: frozenset[str]) -> str:
    if path.startswith("/") or not path:
        return path
    joined = posixpath.normpath(posixpath.join(cwd, path)) if cwd else path
    if joined in named:
        return joined
    # The turn may have had another directory than the thread has now.
    ends = [one for one in named if one.endswith("/" + path)]
    return ends[0] if len(ends) == 1 else joined


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
