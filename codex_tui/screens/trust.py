"""Asks whether to trust a folder, before the engine is started there. Its result is the answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from codex_tui.dialogs.guarded import GuardedScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.dialogs.choices import Choice
    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.paint.look import Marks
    from codex_tui.trust import Answer


class TrustScreen(GuardedScreen["Answer"]):
    """Shows `folder_sheet` behind the same guard as the engine's questions.

    It is no question of the engine's: there is none yet. So it has no place in the inbox.
    """

    def __init__(
        self,
        sheet: Sheet,
        *,
        clock: Callable[[], float],
        marks: Marks | None = None,
    ) -> None:
        super().__init__(clock=clock, marks=marks)
        self._sheet = sheet

    def on_mount(self) -> None:
        super().on_mount()
        self._panel.update(alive_in=math.inf)
        self._panel.show(self._sheet, self._look(), *self.app.size)

    @property
    def _shown(self) -> Sheet:
        return self._sheet

    def _draw_moment(self) -> float:
        self._panel.update(alive_in=self.gate.alive_in(), progress=self.gate.progress())
        return math.inf

    def _choose(self, choice: Choice) -> None:
        self._close_guard()
        self.dismiss(cast("Answer", choice.outcome))
