"""Our two themes. `accent` marks what waits for the person, `warning` what lasts or leaves the sandbox."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="codex-dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#9aa5ce",
    accent="#7dcfff",
    success="#9ece6a",
    warning="#e0af68",
    error="#f7768e",
    foreground="#d5d9e6",
    background="#13151c",
    surface="#191c25",
    panel="#222632",
)

LIGHT = Theme(
    name="codex-light",
    dark=False,
    primary="#2e5cb8",
    secondary="#50587a",
    accent="#00678f",
    success="#3f6f16",
    warning="#8a5a00",
    error="#b3213f",
    foreground="#22252e",
    background="#fafaf7",
    surface="#f0f0ec",
    panel="#e4e4df",
)

THEMES = (DARK, LIGHT)
