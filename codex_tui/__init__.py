"""codex-tui: a terminal client of the Codex engine."""

__version__ = "0.1.0"
