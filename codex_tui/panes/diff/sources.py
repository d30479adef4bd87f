"""Where a diff comes from: the turn, the session, the working tree, a patch that waits."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from codex_tui.diffs.sources import ThreadDiffs, waiting_patches
from codex_tui.protocol.approvals import FileChangeApproval, LegacyPatchApproval
from codex_tui.session.transcript import RECENT_TURNS
from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff
    from codex_tui.panes.diff.bars import Source
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread, Turn

INLINE_CHARACTERS = 400_000
"""Characters of diffs that are read at once (about 40 ms); more go to a thread."""


class Feed:
    """Reads what the agent changed; gives the same files again as long as nothing changed."""

    def __init__(self) -> None:
        self._diffs = ThreadDiffs()
        self._thread_id = ""
        self._known: dict[str, int] = {}  # characters read of each turn's diff
        self._read: dict[Source, Hashable] = {}
        self._files: dict[Source, Sequence[FileDiff]] = {}

    def has_pending(self, state: State) -> bool:
        """Whether a patch of the thread on screen waits for its answer."""
        return any(
            question.thread_id == state.active_id
            and isinstance(question.params, FileChangeApproval | LegacyPatchApproval)
            for question in state.inbox.questions
        )

    def is_heavy(self, source: Source, state: State) -> bool:
        """Whether reading it now would be felt."""
        thread = state.active
        if thread is None or source == "pending" or self._stamp(source, thread) == self._read.get(source):
            return False
        fresh = [turn for turn in _turns(source, thread) if self._known.get(turn.id) != len(turn.diff)]
        return sum(len(turn.diff) for turn in fresh) > INLINE_CHARACTERS

    def files(self, source: Source, state: State) -> Sequence[FileDiff]:
        """The files of a source as they are now. Any thread may read, one at a time."""
        thread = state.active
        if thread is None:
            return ()
        if source == "pending":
            files = tuple(file for _, files in waiting_patches(state, thread.id) for file in files)
            self._files[source] = held = self._files.get(source, ())
            if files != held:
                self._files[source] = files
            return self._files[source]
        stamp = self._stamp(source, thread)
        if stamp != self._read.get(source):
            read = self._diffs.session if source == "session" else self._diffs.turn
            self._files[source] = read(thread)
            self._read[source] = stamp
            self._known.update((turn.id, len(turn.diff)) for turn in _turns(source, thread))
        return self._files[source]

    def paths(self, thread: Thread) -> frozenset[str]:
        """Every path that the agent changed in a thread."""
        return self._diffs.paths(thread)

    def _stamp(self, source: Source, thread: Thread) -> Hashable:
        """Equal as long as a source has not changed. Opens another thread's diffs."""
        if thread.id != self._thread_id:
            self._thread_id = thread.id
            self._diffs = ThreadDiffs()
            self._known, self._read, self._files = {}, {}, {}
        cwd = thread.settings.cwd
        # Without a diff of its own a turn is what its patches say, which are items.
        told = ((turn.id, turn.diff or len(turn.items), turn.status) for turn in _turns(source, thread))
        return (cwd, *told)


def _turns(source: Source, thread: Thread) -> Iterable[Turn]:
    """The turns that a source is read from, or some more."""
    return thread.turns if source == "session" else islice(reversed(thread.turns), RECENT_TURNS)


def nothing_there(source: Source) -> Sequence[SafeText]:
    """What stands in the pane when a source has nothing, and what will be there."""
    match source:
        case "turn":
            return (
                own("This turn has changed nothing yet."),
                own("What the agent writes with its patches comes up here, file by file."),
                own("2 shows the whole session, 3 the working tree as git sees it."),
            )
        case "session":
            return (
                own("This session has changed nothing yet."),
                own("All of the agent's changes since its beginning come up here, put together by file."),
            )
        case "tree":
            return (
                own("Nothing differs from the last commit."),
                own("Whoever changed something, git's working tree comes up here, untracked files too."),
                own("g looks again."),
            )
        case _:
            return (own("Nothing waits for your answer."),)
