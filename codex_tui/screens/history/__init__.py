"""The picker of saved threads: `codex-tui resume`, and `F7` inside a session."""

from codex_tui.screens.history.screen import HistoryScreen

__all__ = ["HistoryScreen"]
