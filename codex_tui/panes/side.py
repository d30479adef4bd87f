"""What the panes beside the chat have in common.

A side pane is made when it is first wanted and keeps its own view (scroll, folds, selection) while
it is hidden. It takes states like the chat does and sends nothing to the engine by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from textual.message import Message
from textual.widget import Widget

from codex_tui.session.state import Touch

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from codex_tui.intents import Intents
    from codex_tui.session.state import Change, State

EVERYTHING: Final[Change] = frozenset({Touch("threads")})
"""The change of a pane that shows its first state, or the first one after it was hidden."""


class Desk(Protocol):
    """What a side pane may use of the program around it."""

    intents: Intents | None

    def copy(self, text: str | Callable[[], str], what: str = "") -> None:
        """Put it in the clipboard and say so; `what` is a noun of ours."""
        ...

    def open_editor(self, path: str, line: int | None = None) -> None:
        """Open a file in the person's editor."""
        ...


class SidePane(Widget, can_focus=True):
    """A pane with the keyboard to itself while it has the focus: its keys are single letters."""

    class Leave(Message):
        """The person is done here: back to the composer. On a narrow screen the chat comes back."""

    class Widen(Message):
        """All of the screen for this pane, or again what it had: only where the chat is beside it."""

    @property
    def desk(self) -> Desk:
        return cast("Desk", self.app)  # pyright: ignore[reportUnknownMemberType]

    def want_all(self, state: State) -> None:
        """All turns of the thread on screen count here, not only those that somebody has read up to."""
        thread, intents = state.active, self.desk.intents
        above = thread.above if thread is not None else None
        if intents is not None and thread is not None and above is not None and above.phase == "there":
            intents.threads.older(thread.id, whole=True)

    def take(self, state: State, change: Change) -> None:
        """Show a new state. Only called while the pane is on screen; `EVERYTHING` when it appears."""
        raise NotImplementedError
