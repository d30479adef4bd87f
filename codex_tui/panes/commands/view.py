"""The commands pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.panes.side import SidePane

if TYPE_CHECKING:
    from codex_tui.paint.look import Look
    from codex_tui.session.state import Change, State


class CommandPane(SidePane):
    """Shows the commands of the session."""

    BINDINGS = [("escape,q", "leave", "back")]  # noqa: RUF012

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def take(self, state: State, change: Change) -> None:
        self.refresh()

    def action_leave(self) -> None:
        self.post_message(self.Leave())
