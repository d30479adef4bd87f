"""A small app around the panes, as the main screen arranges them."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Input

from codex_tui.paint.look import Look
from codex_tui.panes.chat import ChatView
from codex_tui.panes.chat.layout import Painters
from codex_tui.panes.status import Announcement, Rule, StatusLine
from codex_tui.paths import styles_dir
from codex_tui.session.state import Change, State
from codex_tui.session.transcript import Thread
from codex_tui.themes import THEMES
from tests.ui.panes.conversations import PlainPainters

NOON = 1_800_000_000.0  # the stage's clock stands still at this second of the epoch


class Stage(App[None]):
    """`painters` None: the real ones."""

    CSS_PATH: ClassVar = [styles_dir() / "chat.tcss", styles_dir() / "status.tcss"]
    AUTO_FOCUS = "Input"
    CSS = "Input { height: 1; border: none; padding: 0 2; background: $background; }"

    def __init__(
        self, thread: Thread | None = None, painters: Painters | None = None, look: Look | None = None
    ) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.begin = thread
        self.now = NOON
        self.chat = ChatView(look, painters=painters)
        self.status = StatusLine(clock=lambda: self.now, home="/home/ada")
        self.rule = Rule()
        self.announcement = Announcement()

    def compose(self) -> ComposeResult:
        yield self.chat
        yield self.announcement
        yield self.rule
        yield Input(placeholder="Ask for anything")
        yield self.status

    def on_mount(self) -> None:
        if self.begin is not None:
            self.chat.show(self.begin)

    @on(ChatView.Moved)
    def tell(self, message: ChatView.Moved) -> None:
        self.rule.below(message.following, message.new_below)

    def take(self, state: State, change: Change | None = None) -> None:
        """Show a state in all panes."""
        if change is None or state.active is None:
            self.chat.show(state.active)
        else:
            self.chat.apply(state.active, change)
        for pane in (self.status, self.rule, self.announcement):
            pane.show(state)


def plain(thread: Thread | None = None, **more: Any) -> Stage:
    """A stage with the plain painters."""
    return Stage(thread, PlainPainters().typed, **more)


def screen_rows(app: App[Any], pane: ChatView) -> list[str]:
    """What the pane shows, as text, without blanks at the end of rows."""
    return [pane.render_line(y).text.rstrip() for y in range(pane.size.height)]
