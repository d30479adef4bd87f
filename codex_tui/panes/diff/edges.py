"""The rows above and below a diff as widgets; what they say comes from `bars`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from codex_tui.panes.diff.bars import Source, source_at
from codex_tui.panes.status.widgets import OneLine

if TYPE_CHECKING:
    from textual import events

    from codex_tui.paint.look import Marks
    from codex_tui.panes.status.parts import Part

Says = Callable[[int], "Sequence[Part]"]
"""What a row says in so many columns."""


class DiffHeader(OneLine):
    """Which source is shown, and how much it is. A click on another one chooses it."""

    ALLOW_SELECT = False

    def __init__(self, says: Says, choose: Callable[[Source], None], marks: Marks) -> None:
        super().__init__(marks=marks)
        self._says = says
        self._choose = choose

    def parts(self) -> Sequence[Part]:
        return self._says(self.size.width)

    def on_click(self, event: events.Click) -> None:
        source = source_at(self._shown, event.x)
        if source is not None:
            self._choose(source)


class DiffFoot(OneLine):
    """The keys, or what was just done."""

    ALLOW_SELECT = False

    def __init__(self, says: Says, marks: Marks) -> None:
        super().__init__(marks=marks)
        self._says = says

    def parts(self) -> Sequence[Part]:
        return self._says(self.size.width)
