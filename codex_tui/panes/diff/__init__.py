"""The diff pane: what changed."""

from codex_tui.panes.diff.view import DiffPane

__all__ = ["DiffPane"]
