"""Which panes are on the main screen: the chat alone, or with one pane at its side.

A narrow screen shows one pane at a time. The composer is always there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual import on
from textual.containers import Horizontal

from codex_tui.panes.side import EVERYTHING, SidePane

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events

    from codex_tui.panes.chat import ChatView
    from codex_tui.session.state import Change, State

Side = Literal["diff", "commands"]

SIDE_BY_SIDE = 140  # columns: below, half the screen is too little for a diff and a conversation


class Panes(Horizontal):
    """The chat and at most one side pane. Knows which is shown; the screen decides who has the focus."""

    def __init__(self, chat: ChatView, sides: Mapping[Side, Callable[[], SidePane]]) -> None:
        """`sides`: how to make each side pane; done when it is first shown."""
        super().__init__(chat)
        self._chat = chat
        self._makers = sides
        self._made: dict[Side, SidePane] = {}
        self.shown: Side | None = None
        self._is_alone = False  # a side pane was given all of a wide screen

    @property
    def side(self) -> SidePane | None:
        """The side pane on screen."""
        return self._made[self.shown] if self.shown is not None else None

    @property
    def is_chat_visible(self) -> bool:
        return self._chat.display

    async def open_side(self, name: Side, state: State | None) -> SidePane:
        """Show a side pane with `state`; another one gives way."""
        self.shown = name
        pane = self._made.get(name)
        if pane is None:
            pane = self._made[name] = self._makers[name]()
            await self.mount(pane)
        self._arrange()
        if state is not None:
            pane.take(state, EVERYTHING)
        return pane

    def close_side(self) -> None:
        """The chat alone."""
        self.shown, self._is_alone = None, False
        self._arrange()

    def take(self, state: State, change: Change) -> None:
        """A new state, for the side pane on screen; hidden ones take theirs when they are shown."""
        if (side := self.side) is not None:
            side.take(state, change)

    @on(SidePane.Widen)
    def _widen(self) -> None:
        """All of the screen for the side pane, or the chat beside it again."""
        self._is_alone = not self._is_alone
        self._arrange()

    def on_resize(self, event: events.Resize) -> None:
        self._arrange(event.size.width)

    def _arrange(self, width: int | None = None) -> None:
        wide = (self.size.width if width is None else width) >= SIDE_BY_SIDE and not self._is_alone
        self.set_class(wide and self.shown is not None, "-beside")
        for name, pane in self._made.items():
            pane.display = name == self.shown
        self._chat.display = wide or self.shown is None
