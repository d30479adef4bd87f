"""The chat pane."""

from codex_tui.panes.chat.view import ChatView

__all__ = ["ChatView"]
