"""The picker of saved threads: `codex-tui resume`, and `F7` inside a session."""

from codex_tui.screens.history.screen import Choice, HistoryScreen

__all__ = ["Choice", "HistoryScreen"]
