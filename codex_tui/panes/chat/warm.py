"""Loads what the first answer needs before it is there. Touches no widget, so a thread can do it."""

from __future__ import annotations

from codex_tui.paint.look import Look

# The plainest first: most answers begin with prose. Each part loads what only it needs.
SAMPLES = ("Prose with *emphasis*.", "| a | b |\n|---|---|\n| 1 | 2 |\n", "```python\nx = 1\n```\n")


def warm() -> None:
    """Paint an answer that nobody sees: about 0.1 s of loading."""
    from codex_tui.panes.chat.painters import cells_of, paint_cell
    from codex_tui.protocol.items import AgentMessage
    from codex_tui.session.transcript import Item

    for sample in SAMPLES:
        item = Item("", "", AgentMessage(type="agentMessage", id="", text=sample))
        for cell in cells_of(item, ()):
            paint_cell(cell, Look(), "normal")
