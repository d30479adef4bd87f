"""How the rewind screen opens over the main one, and what becomes of what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codex_tui.history.open import is_side

if TYPE_CHECKING:
    from pathlib import Path

    from codex_tui.revert import Reverted
    from codex_tui.screens.main import MainScreen
    from codex_tui.screens.rewind import Rewound

AGAIN_WITHIN: Final = 1.5
"""Seconds between two Esc on an empty composer that mean: go back."""
CALM_AFTER: Final = 2.0
"""Seconds after a turn was stopped until Esc counts again: whoever stops one may press it often."""
TOLD_FOR: Final = 12.0
"""Seconds that it is told what went back: it names a folder."""


class Rewinds:
    """Knows what went back last. `place`: our state directory, by default the usual one."""

    def __init__(self, screen: MainScreen, place: Path | None = None) -> None:
        self._screen = screen
        self._undo: Reverted | None = None
        self._armed_at: float | None = None
        self._stopped_at: float | None = None
        self.place = place

    def stopped_turn(self) -> None:
        """Esc stopped a turn: the next ones are meant for that, too."""
        self._armed_at, self._stopped_at = None, self._screen.app.clock()

    def escape(self) -> None:
        """Esc with nothing to stop: the second one on an empty composer opens the screen."""
        now = self._screen.app.clock()
        stopped = self._stopped_at is not None and now - self._stopped_at < CALM_AFTER
        if not self._screen.composer.is_empty or stopped or not self._can_open:
            self._armed_at = None
            return
        if self._armed_at is not None and now - self._armed_at < AGAIN_WITHIN:
            self._armed_at = None
            self.open()
            return
        self._armed_at = now
        self._screen.say("Esc again goes back to before an earlier prompt", seconds=AGAIN_WITHIN)

    @property
    def _can_open(self) -> bool:
        state = self._screen.app.state
        thread = state.active if state is not None else None
        return thread is not None and any(not turn.is_notes for turn in thread.turns)

    def open_here(self) -> None:
        """The prompt of the selected item is chosen at first."""
        chosen = self._screen.chat.selected
        self.open(chosen[1] if chosen is not None else None)

    def open(self, turn_id: str | None = None) -> None:
        """Choose where to go back to; `turn_id` is chosen at first."""
        from codex_tui.screens.rewind import RewindScreen

        screen, state = self._screen, self._screen.app.state
        if state is None or screen.app.intents is None or state.active is None:
            return
        thread = state.active
        if thread.running_turn is not None or thread.pending:
            screen.say("a turn runs: Esc stops it, then one can go back")
        elif is_side(thread) or thread.parent_id is not None:
            screen.say("an agent's thread or a side talk cannot go back")
        elif not self._can_open and self._undo is None:
            screen.say("there is no earlier prompt to go back to")
        else:
            shown = RewindScreen(thread, turn_id=turn_id, undo=self._undo, place=self.place)

            def take(rewound: Rewound | None) -> None:
                self._undo = shown.undo if rewound is None or rewound.files is None else rewound.files
                if rewound is not None:
                    self._take(rewound)

            screen.app.push_screen(shown, take)

    def _take(self, rewound: Rewound) -> None:
        screen = self._screen
        if rewound.prompt is not None:
            screen.chat.action_to_end()
            screen.composer.restore(rewound.prompt.text, rewound.prompt.images)
            screen.set_focus(screen.composer)
        screen.say(rewound.says, seconds=TOLD_FOR)
