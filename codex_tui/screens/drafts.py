"""Unsent drafts outlive the program and a change of threads: who keeps them, and when.

A draft belongs to its thread. A thread without a turn is not kept by the engine, so until the first
prompt the draft belongs to the folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.history.open import is_side
from codex_tui.journal import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codex_tui.composer import Composer
    from codex_tui.journal import Journal
    from codex_tui.session.transcript import Thread

KEPT_AFTER = 0.3
"""Seconds after a key until the draft is on disk: what a crash may cost."""


class DraftKeeper:
    """Keeps what stands in the composer, under the thread that is on screen."""

    def __init__(
        self,
        journal: Journal,
        composer: Composer,
        *,
        later: Callable[[float, Callable[[], None]], object],
        unsent: Callable[[], Sequence[str]],
    ) -> None:
        """`later` calls something after so many seconds; `unsent` is all that was written and not sent."""
        self._journal = journal
        self._composer = composer
        self._later = later
        self._unsent = unsent
        self._thread_id: str | None = None
        self._key: str | None = None
        self._kept = Draft()  # what is on disk under the key
        self._due = False

    def follow(self, thread: Thread | None) -> None:
        """`thread` is on screen now: another one's draft gives way to its own."""
        key = _key_of(thread) if thread is not None else None
        if key == self._key or thread is None:
            return
        if self._key is not None:
            if thread.id == self._thread_id:  # its first prompt went off: now it is a thread to come back to
                self._journal.keep_draft(self._key, Draft())
                self._key, self._kept = key, Draft()
                self.keep()
                return
            self.keep()
            self._composer.show_draft("")
        self._thread_id, self._key = thread.id, key
        self._kept = self._journal.draft(key) if key is not None else Draft()
        if self._kept and not self._composer.is_empty:
            self._composer.restore(self._kept.text, self._kept.images)  # above what was typed early
        elif self._kept:
            self._composer.show_draft(self._kept.text, self._kept.images)

    def changed(self) -> None:
        """The composer's content changed."""
        if not self._due:
            self._due = True
            self._later(KEPT_AFTER, self.keep)

    def keep(self) -> None:
        """Write what is unsent now, if that is not what is there."""
        self._due = False
        draft = Draft("\n".join(self._unsent()), tuple(self._composer.images))
        if self._key is not None and draft != self._kept:
            self._journal.keep_draft(self._key, draft)
            self._kept = draft


def _key_of(thread: Thread) -> str | None:
    if is_side(thread):
        return None  # it ends with the session, and so does what was written for it
    return thread.id if len(thread.turns) else f"new thread in {thread.settings.cwd}"
