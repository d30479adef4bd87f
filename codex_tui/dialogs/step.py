"""One page of a dialog, and what a key makes of it. Pure: a step is a value, a key gives the next one.

Most questions have one page that only shows (`Page`). A form, a prefix to cut, ticks to set are
steps of their own: they take keys and give back themselves, changed. What finishes a step are the
choices on its sheet, and those go through the guard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.dialogs.signs import KeyLine


class Step(Protocol):
    """A page with what the person has done on it so far."""

    @property
    def sheet(self) -> Sheet:
        """How it looks now. Its `focus` row is kept in sight."""
        ...

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        """What its own keys do, those that are no choices of its sheet."""
        ...

    def press(self, key: str, character: str | None) -> Step | None:
        """The step after this key, or None when the key means nothing here (then choices may have it).

        Called only once the guard was open for this page. `character` is what the key types, if
        it types something; a step that takes text answers to every printable character itself.
        """
        ...

    def paste(self, text: str) -> Step | None:
        """The step after a paste, or None when nothing takes text here."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """A page that only shows."""

    sheet: Sheet

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        return ()

    def press(self, key: str, character: str | None) -> Step | None:
        return None

    def paste(self, text: str) -> Step | None:
        return None
