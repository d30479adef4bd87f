"""What the picker lists: which of the loaded threads, in which order. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from codex_tui.history.matching import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codex_tui.history.entries import Entry

Sort = Literal["updated", "created"]
Scope = Literal["here", "all"]
Kind = Literal["saved", "archived"]


@dataclass(frozen=True, slots=True)
class Listing:
    """The person's choices. `provider` "" is every one; `here` is the directory they are in."""

    here: str
    wanted: str = ""
    scope: Scope = "here"
    kind: Kind = "saved"
    provider: str = ""
    sort: Sort = "updated"
    agents: bool = False  # sub-agents' threads too

    def of(self, entries: Mapping[str, Entry]) -> list[Entry]:
        """What to list, newest first; with a filter, whole words before scattered letters."""
        return matches(self.all_of(entries), self.wanted)

    def all_of(self, entries: Mapping[str, Entry]) -> list[Entry]:
        """What to list without a filter, newest first."""
        listed = [entry for entry in entries.values() if self._has(entry)]
        listed.sort(key=lambda entry: (entry.updated if self.sort == "updated" else entry.created, entry.id))
        listed.reverse()
        return listed

    def _has(self, entry: Entry) -> bool:
        return (
            entry.archived == (self.kind == "archived")
            and (self.scope == "all" or entry.cwd == self.here or bool(entry.damage))
            and (self.provider in ("", entry.provider) or bool(entry.damage))
            and (self.agents or entry.parent_id is None)
        )

    def next_scope(self) -> Listing:
        return replace(self, scope="all" if self.scope == "here" else "here")

    def next_kind(self) -> Listing:
        return replace(self, kind="archived" if self.kind == "saved" else "saved")

    def next_sort(self) -> Listing:
        return replace(self, sort="created" if self.sort == "updated" else "updated")

    def next_provider(self, entries: Iterable[Entry]) -> Listing:
        """Every provider, then each that there is, and round again."""
        known = ["", *sorted({entry.provider for entry in entries if entry.provider})]
        at = known.index(self.provider) if self.provider in known else 0
        return replace(self, provider=known[(at + 1) % len(known)])
