"""The rows at the bottom of the diff: a field to write in, or a question about what a key would do."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from codex_tui.paint.lines import Row, wrap
from codex_tui.paint.sidebyside import plain_row
from codex_tui.panes.colours import palette_of
from codex_tui.text import SafeText, cell_width, own

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from codex_tui.paint.look import Look

TALLEST = 9
"""Rows of a question at most; the rest of it is said to be there."""
TOO_SOON = 0.3
"""Seconds after a question in which no key says yes to it: it was meant for something else."""
LONGEST = 4_000
"""Characters of a comment or of what is looked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is about to happen and the key that does it. `says` are lines, the first one loud; without
    `act` it is only told, and any key takes it away."""

    says: Sequence[SafeText]
    yes: SafeText = own("yes")
    act: Callable[[], None] | None = None
    warns: bool = False


class Ask(Widget, can_focus=False):
    """Shows a question over the foot, where its keys stand; the pane hears them."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rows: list[Row] = []
        self.clock: Callable[[], float] = time.monotonic
        self._asked_at = -math.inf
        self.question: Question | None = None

    def show(self, question: Question | None) -> None:
        """Show a question, or nothing."""
        self.question, self._asked_at = question, self.clock()
        self.display = question is not None
        self._wrap()

    @property
    def is_fresh(self) -> bool:
        """Whether nobody can have read it yet."""
        return self.clock() - self._asked_at < TOO_SOON

    def on_mount(self) -> None:
        self.display = False

    def on_resize(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        question = self.question
        if question is None or not self.is_mounted:
            return
        self._look = replace(self._look, palette=palette_of(self))
        palette = self._look.palette
        parent = self.parent
        columns, high = (parent if isinstance(parent, Widget) else self).size
        room = max(8, columns - 4)
        tallest = max(1, min(TALLEST, high - 4))  # header, a line of the diff, the line above, foot
        rows: list[Row] = []
        for at, text in enumerate(question.says):
            style = (palette.warn if question.warns else palette.strong) if not at else palette.text
            rows += [[(own("  "), style), *row] for row in wrap([(text, style)], room)]
        if len(rows) > tallest:
            rows = [*rows[: tallest - 1], [(own("  …"), palette.dim)]]
        self._rows = rows
        self.styles.height = len(self._rows) + 1  # and the line above
        self.refresh()

    def render_line(self, y: int) -> Strip:
        row = self._rows[y] if y < len(self._rows) else []
        return plain_row(row, replace(self._look, width=self.size.width))


class PlainInput(Input):
    """A line of text of the person; what is not printable never gets in."""

    def validate_value(self, value: str) -> str:
        return "".join(char for char in value if char.isprintable())[:LONGEST]


class Prompt(Widget):
    """Text of our own, painted as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._text = own("")

    def say(self, text: SafeText) -> None:
        self._text = text
        self.styles.width = cell_width(text)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        from codex_tui.paint.look import Look

        palette = palette_of(self)
        look = Look(width=self.size.width, palette=palette)
        return plain_row([(self._text, palette.dim)] if not y else [], look)


class Field(Horizontal):
    """One row to write in, for the words to find or a comment."""

    class Written(Message):
        """Enter. `purpose` is what `open` was told."""

        def __init__(self, purpose: str, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    class Changed(Message):
        """Another text while it is written."""

        def __init__(self, purpose: str, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self.purpose = ""
        self._prompt = Prompt()
        self._input = PlainInput(compact=True)

    def compose(self) -> ComposeResult:
        yield self._prompt
        yield self._input

    def on_mount(self) -> None:
        self.display = False

    def open(self, purpose: str, prompt: SafeText, text: str = "") -> None:
        """Show it with the keyboard in it."""
        self.purpose = purpose
        self._prompt.say(prompt)
        self.display = True
        self._input.value = text
        self._input.cursor_position = len(text)
        self._input.focus()

    def close(self) -> None:
        self.purpose = ""
        self.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.purpose:
            self.post_message(self.Changed(self.purpose, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Written(self.purpose, event.value))
