"""How the rewind screen opens over the main one, what becomes of what it says, and what is left of
rewinds that were cut off."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from codex_tui.history.open import is_side
from codex_tui.panes.status import Rule
from codex_tui.paths import state_dir
from codex_tui.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codex_tui.ledger import Entry
    from codex_tui.rewind.record import Record
    from codex_tui.screens.main import MainScreen
    from codex_tui.screens.rewind import RewindScreen, Rewound
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread

AGAIN_WITHIN: Final = 1.5
"""Seconds between two Esc on an empty composer that mean: go back."""
CALM_AFTER: Final = 2.0
"""Seconds after a turn was stopped until Esc counts again: whoever stops one may press it often."""
TOLD_FOR: Final = 12.0
"""Seconds that it is told what went back: it names a key."""
CUT_OFF: Final = "A rewind was cut off here: Esc Esc finishes it or takes it back"


class Rewinds:
    """Opens the screen. `place`: our state directory, by default the usual one."""

    def __init__(self, screen: MainScreen, place: Path | None = None) -> None:
        self._screen = screen
        self._shown: RewindScreen | None = None
        self._noticed_id: str | None = None  # the thread whose rewinds were looked for
        self._notice = line("")  # of the rule, while ours stands there
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

    def open(self, turn_id: str | None = None, *, undo: bool = False) -> None:
        """Choose where to go back to; `turn_id` is chosen at first. `undo`: first what can be put back."""
        from codex_tui.screens.rewind import RewindScreen

        screen, state = self._screen, self._screen.app.state
        if state is None or screen.app.intents is None or state.active is None:
            return
        thread = state.active
        if thread.running_turn is not None or thread.pending:
            screen.say("a turn runs: Esc stops it, then one can go back")
        elif is_side(thread) or thread.parent_id is not None:
            screen.say("an agent's thread or a side talk cannot go back")
        elif not self._can_open and not self._has_any:
            screen.say("there is no earlier prompt to go back to")
        else:
            self._shown = shown = RewindScreen(thread, turn_id=turn_id, undo=undo, place=self.place)
            if thread.above is not None:
                screen.app.intents.threads.older(thread.id, whole=True)
            screen.app.push_screen(shown, partial(self._take, thread))

    def command(self, rest: str) -> None:
        """`/rewind`, `/rewind undo`."""
        if rest.strip() in ("", "undo"):
            self.open(undo=bool(rest.strip()))
        else:
            self._screen.give_back(f"/rewind {rest}", "/rewind takes nothing, or: undo")

    @property
    def _has_any(self) -> bool:
        from codex_tui.copies import place_of

        return place_of(self.place or state_dir()).is_dir()

    def _take(self, thread: Thread, rewound: Rewound | None) -> None:
        screen, self._shown = self._screen, None
        if rewound is not None and rewound.prompt is not None:
            screen.chat.action_to_end()
            self._give_back(rewound.prompt)
            screen.set_focus(screen.composer)
        if rewound is not None:
            if rewound.entry is not None:
                settling = asyncio.to_thread(rewound.entry.settle, "done")  # held until it is settled
                screen.run_worker(settling, group="settling")
            screen.say(rewound.says, seconds=TOLD_FOR)
        self._look_for(thread)

    def _give_back(self, record: Record) -> None:
        """The prompt into the composer, and the draft on disk before anything else happens."""
        self._screen.composer.restore(record.prompt, record.images)
        if self._screen.drafts is not None:
            self._screen.drafts.keep()

    # -- what was cut off ------------------------------------------------------------------

    def follow(self, state: State) -> None:
        """A thread that is on screen for the first time: see whether a rewind of it was cut off."""
        thread = state.active
        if thread is not None and self._shown is not None:
            self._shown.grow(thread, state)
        if thread is None or thread.id == self._noticed_id or state.engine.phase != "ready":
            return
        self._noticed_id = thread.id
        self._look_for(thread)

    def _look_for(self, thread: Thread) -> None:
        if not is_side(thread) and thread.parent_id is None and self._has_any:
            self._screen.run_worker(partial(self._look_up, thread), group="rewinds", exclusive=True)
        else:
            self._tell(is_cut=False)

    async def _look_up(self, thread: Thread) -> None:
        from codex_tui.screens.rewind.saved import look_up

        state = self._screen.app.state
        thread = state.threads.get(thread.id, thread) if state is not None else thread
        found = await asyncio.to_thread(look_up, self.place or state_dir(), thread)
        if self._noticed_id != thread.id and self._noticed_id is not None:
            return  # another thread came on screen meanwhile
        composer = self._screen.composer
        for record in (entry.record for entry in found.prompts):
            is_there = record.prompt in composer.draft
            if not is_there or not set(record.images) <= set(composer.images):
                self._give_back(replace(record, prompt="") if is_there else record)
                self._screen.say("the conversation went back; its prompt is here again", seconds=TOLD_FOR)
        self._tell(is_cut=bool(found.cut))
        if found.prompts:
            await asyncio.to_thread(_settle, found.prompts)

    def _tell(self, *, is_cut: bool) -> None:
        """Say in the rule, for as long as it lasts, that a rewind was cut off."""
        rule = self._screen.query_one(Rule)
        is_told = rule.notice == line(CUT_OFF)
        if is_cut and not is_told:
            self._notice, rule.notice = rule.notice, line(CUT_OFF)
        elif is_told and not is_cut:
            rule.notice = self._notice
        rule.update()


def _settle(entries: Sequence[Entry]) -> None:
    """All at once: a worker that is ended on the way ends none of it."""
    for entry in entries:
        entry.settle("done")
