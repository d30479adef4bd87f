"""The least a Textual program can do: one text area. What it takes is out of our hands.

`python -m bench start --floor` measures it beside the others.
"""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import TextArea


class Floor(App[None]):
    """An empty draft under a mark, so that the first paint is found the same way."""

    CSS = "TextArea { border: none; height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield TextArea("❯ ", id="draft")

    def on_mount(self) -> None:
        self.query_one(TextArea).move_cursor((0, 2))


if __name__ == "__main__":
    Floor().run()
