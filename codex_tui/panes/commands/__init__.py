"""The commands pane: the commands of the session."""

from codex_tui.panes.commands.view import CommandPane

__all__ = ["CommandPane"]
