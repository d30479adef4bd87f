"""What the picker asks of the engine, without knowing the engine (`codex_tui.catalogue` implements it)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from codex_tui.history.entries import Entry
    from codex_tui.history.found import Found, Peek
    from codex_tui.session.transcript import Thread


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants with a saved thread. A copy ends with `last_turn_id`, by default with all.

    `sought`: the words by which it was found, to be shown where they stand.
    """

    kind: Literal["resume", "fork"]
    entry: Entry
    last_turn_id: str | None = None
    sought: str = ""


class Catalogue(Protocol):
    """The saved threads. Every call may raise ClientError, whose words are safe to show."""

    def pages(self, *, archived: bool, here: str = "") -> AsyncIterator[Sequence[Entry]]:
        """All threads, page by page, newest first: at once what the engine's index knows, and of that one
        page of the directory `here` before all else, even if it is empty; then, if there are files of
        others, what a look at the files adds; in the end those that cannot be read (`Entry.damage`).
        An entry may come twice; the later one counts."""
        ...

    async def peek(self, entry: Entry, wanted: str = "") -> Peek:
        """Its last turns as a transcript, without opening it; with `wanted` those up to the newest place
        where that was said, if the engine can tell places."""
        ...

    async def whole(self, thread_id: str) -> Thread:
        """All of its turns, up to `catalogue.TURNS_WHOLE`, with what this session has heard beyond them."""
        ...

    async def count_turns(self, thread_id: str) -> int:
        """How many turns it has, up to `catalogue.TURNS_COUNTED`."""
        ...

    def search(self, wanted: str, *, archived: bool) -> AsyncIterator[Found]:
        """Threads in which something was said, with the words around: more and more of them while it has
        to read files for that, in the end all."""
        ...

    async def rename(self, thread_id: str, name: str) -> None: ...

    async def archive(self, thread_id: str) -> None: ...

    async def unarchive(self, thread_id: str) -> None: ...

    async def delete(self, thread_id: str) -> None: ...


class OpenThreads(Protocol):
    """What a person can do with the threads that are open now. All calls return at once."""

    def show(self, thread_id: str) -> None:
        """Have another open thread on screen; the one before goes on with what it does."""
        ...

    def side(self, prompt: str) -> None:
        """A side conversation that knows all of this one and leaves no trace in it (`thread/fork`).

        `prompt` is its first one, if there is one yet.
        """
        ...

    def leave_side(self) -> None:
        """Back from a side conversation, which is over then, or from a sub-agent's thread."""
        ...

    def rename(self, name: str) -> None:
        """Give the thread on screen a name (`thread/name/set`)."""
        ...

    def archive(self) -> None:
        """Put the thread on screen away, and begin a new one (`thread/archive`)."""
        ...

    def older(self, thread_id: str, *, whole: bool = False) -> None:
        """More of what stands above the first turn that is known, or all of it (`thread/turns/list`)."""
        ...

    def look_for_agents(self, thread_id: str) -> None:
        """Have the sub-agents of a thread listed that worked for it before (`thread/list`)."""
        ...

    def compact(self) -> None:
        """Let a summary take the place of what the model remembers (`thread/compact/start`)."""
        ...
