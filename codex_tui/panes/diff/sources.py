"""Where a diff comes from: the turn, the session, the working tree, a patch that waits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from codex_tui.diffs import read_diff
from codex_tui.session.transcript import RECENT_TURNS
from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff
    from codex_tui.panes.diff.bars import Source
    from codex_tui.session.state import State


class Feed:
    """Reads the sources; gives the same files again as long as nothing changed."""

    def __init__(self) -> None:
        self.busy = False
        self._text = ""
        self._files: tuple[FileDiff, ...] = ()

    def has_pending(self, state: State) -> bool:
        """Whether a patch waits for its answer."""
        return False

    def files(self, source: Source, state: State) -> Sequence[FileDiff] | None:
        """The files of a source, None while they are being read."""
        thread = state.active
        text = ""
        if source == "turn" and thread is not None:
            recent = islice(reversed(thread.turns), RECENT_TURNS)
            text = next((turn.diff for turn in recent if not turn.is_notes), "")
        if text is not self._text:
            self._text, self._files = text, read_diff(text)
        return self._files


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
