"""What the picker asks of the engine, without knowing the engine (`codex_tui.catalogue` implements it)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from codex_tui.history.entries import Entry
    from codex_tui.history.found import Hit
    from codex_tui.session.transcript import Thread


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants with a saved thread."""

    kind: Literal["resume", "fork"]
    entry: Entry


class Catalogue(Protocol):
    """The saved threads. Every call may raise ClientError, whose words are safe to show."""

    def pages(self, *, archived: bool) -> AsyncIterator[Sequence[Entry]]:
        """All threads, page by page, newest first: at once what the engine's index knows, then what a
        look at the files adds or mends. An entry may come twice; the later one counts."""
        ...

    async def peek(self, entry: Entry) -> Thread:
        """Its last turns as a transcript, without opening it."""
        ...

    async def count_turns(self, thread_id: str) -> int:
        """How many turns it has, up to `catalogue.TURNS_COUNTED`."""
        ...

    async def search(self, wanted: str, *, archived: bool) -> Sequence[Hit]:
        """Threads in which something was said, with the words around."""
        ...

    async def rename(self, thread_id: str, name: str) -> None: ...

    async def archive(self, thread_id: str) -> None: ...

    async def unarchive(self, thread_id: str) -> None: ...

    async def delete(self, thread_id: str) -> None: ...
