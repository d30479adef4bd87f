"""The diff pane: what changed."""

from codex_tui.panes.diff.pane import DiffPane

__all__ = ["DiffPane"]
