"""The lines around the composer: what waits, the rule above it, the status line below."""

from codex_tui.panes.status.widgets import Announcement, Rule, StatusLine

__all__ = ["Announcement", "Rule", "StatusLine"]
