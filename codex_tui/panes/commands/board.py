"""What the commands pane shows: the commands of the session and the output of the chosen one.

It paints its own lines; only what is in sight is looked at. Output is resolved in steps of a few
milliseconds between frames, and only that of the chosen command.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from codex_tui.paint.lines import EMPTY
from codex_tui.panes.colours import follow_theme, moves, palette_of
from codex_tui.panes.commands import rows
from codex_tui.panes.commands.foot import Foot
from codex_tui.panes.commands.frame import Scene, frame
from codex_tui.panes.commands.places import COMMAND_SHARE, arrange
from codex_tui.panes.commands.roster import Entry, Roster
from codex_tui.panes.commands.shelf import Shelf
from codex_tui.panes.side import EVERYTHING, SidePane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.timer import Timer

    from codex_tui.paint.look import Look
    from codex_tui.panes.commands.places import Places
    from codex_tui.panes.commands.reader import Reader
    from codex_tui.panes.commands.roster import Key
    from codex_tui.session.state import Change, State
    from codex_tui.text import SafeText

SPIN_SECONDS = 0.25
TICK_SECONDS = 1.0
PAINT_EVERY = 6
"""Steps of resolving between two paintings while there is much to do: about 20 frames a second."""


class CommandBoard(SidePane):
    """Without keys: those are the pane's. `take` follows the state."""

    def __init__(self, look: Look, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since the epoch, for the durations of what runs."""
        super().__init__()
        self._look = look
        self._clock = clock
        self._roster = Roster()
        self._only_background = False
        self._chosen: Key | None = None
        self._pinned = False  # the person chose; else the newest is the chosen one
        self._opened = False
        self._first = 0  # the first command of the list in sight
        self._shelf = Shelf()
        self._lines: list[Strip] = []
        self._finding: str | None = None  # what is being written to find
        self._asked: SafeText | None = None  # the question at the foot
        self._why_not = False  # the foot says why nobody can type here
        self._timer: Timer | None = None
        self._pace = TICK_SECONDS
        self._resolving = False
        self._tick = 0
        self._steps = 0

    # -- what the store says -----------------------------------------------------------------

    def take(self, state: State, change: Change) -> None:
        thread = state.active
        if thread is not None and thread.settings.cwd != self._look.root:
            self._look = replace(self._look, root=thread.settings.cwd)
        self.want_all(state)
        changed = self._roster.take(state, change)
        if change == EVERYTHING or any(touch.kind in ("turn", "threads") for touch in change):
            self._look_at_terminals(state)
        if changed or change == EVERYTHING:
            self._choose()
            self._settle()

    def _look_at_terminals(self, state: State) -> None:
        """Ask for what runs on, of every thread that may have left something running."""
        if self.desk.intents is None or state.engine.phase != "ready":
            return
        wanted = {
            entry.thread_id
            for entry in self._roster.entries
            if entry.item.phase == "dropped" and entry.standing in ("lost", "background")
        }
        if state.active_id is not None:
            wanted.add(state.active_id)
        for thread_id in sorted(wanted):
            self.desk.intents.look_at_terminals(thread_id)

    # -- the chosen command ------------------------------------------------------------------

    @property
    def _entries(self) -> list[Entry]:
        if not self._only_background:
            return self._roster.entries
        return [entry for entry in self._roster.entries if entry.standing == "background"]

    def _place(self, entries: Sequence[Entry]) -> int | None:
        """Where the chosen command stands among the listed ones."""
        if entries is self._roster.entries:
            return self._roster.find(self._chosen)
        return next((at for at, entry in enumerate(entries) if entry.key == self._chosen), None)

    @property
    def _entry(self) -> Entry | None:
        """The chosen command."""
        at = self._roster.find(self._chosen)
        return self._roster.entries[at] if at is not None else None

    @property
    def _reader(self) -> Reader | None:
        entry = self._entry
        return self._shelf.of(entry)[1] if entry is not None else None

    def _choose(self) -> None:
        """Keep the chosen command, or choose the newest."""
        entries = self._entries
        if self._place(entries) is None or (not self._pinned and not self._opened):
            self._chosen = entries[-1].key if entries else None
            self._pinned = False
        if self._chosen is None:
            self._opened = False
        self._feed()

    def _feed(self) -> None:
        """Give the chosen command's log what has come, and begin to resolve it."""
        entry = self._entry
        if entry is not None and self._shelf.feed(entry) and not self._resolving and self.is_mounted:
            self._resolving = True
            self.set_timer(0.001, self._go_on)

    def _go_on(self) -> None:
        """Resolve on between two frames."""
        self._resolving = False
        if not self.is_mounted:
            return
        entry = self._entry
        behind = entry is not None and self._shelf.step(entry)
        self._steps += 1
        if behind:
            self._resolving = True
            self.set_timer(0.001, self._go_on)
        if not behind or self._steps % PAINT_EVERY == 0:
            self._settle()

    # -- painting ----------------------------------------------------------------------------

    def on_mount(self) -> None:
        follow_theme(self, self._recolour)
        self._recolour()

    def on_resize(self) -> None:
        self._settle()

    def on_focus(self) -> None:
        self._settle()

    def _recolour(self) -> None:
        self._look = replace(self._look, palette=palette_of(self))
        self._shelf.forget_rows()
        self._settle()

    def render_line(self, y: int) -> Strip:
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        strip = self._lines[y] if y < len(self._lines) else EMPTY
        return strip.apply_style(back).adjust_cell_length(self.size.width, back)

    def _settle(self) -> None:
        """Make the next frame and repaint the rows that differ from the one on screen."""
        if not self.is_mounted or not self.size or not self.display:
            return
        old, self._lines = self._lines, self._frame()
        width, count = self.size.width, max(len(old), len(self._lines))
        changed = [y for y in range(count) if _at(old, y) != _at(self._lines, y)]
        if len(changed) * 2 > self.size.height:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))
        self._run_timer()

    def _frame(self) -> list[Strip]:
        look = replace(self._look, width=self.size.width)
        entries, entry = self._entries, self._entry
        log, reader = self._shelf.of(entry) if entry is not None else (None, None)
        command = self._command_rows(entry)
        places = arrange(self.size.width, self.size.height, len(entries), self._opened, len(command))
        if reader is not None and places.head.height:
            reader.resize(max(1, places.head.width - 2), max(1, places.body.height))
        if places.list.height:
            at = self._place(entries) or 0
            self._first = max(0, min(self._first, at), at - places.list.height + 1)
            self._first = min(self._first, max(0, len(entries) - places.list.height))
        turning = look.marks.turning[self._tick % len(look.marks.turning)] if moves(self) else None
        scene = Scene(
            count=self._count(),
            listed=entries[self._first : self._first + places.list.height],
            entry=entry,
            log=log,
            reader=reader,
            command=command,
            focused=self.has_focus,
            turning=turning,
            now_ms=int(self._clock() * 1000),
            foot=self._foot(entry, reader),
        )
        return frame(scene, places, look, self.size.height)

    def _places(self) -> Places:
        """Where things stand now, e.g. for the mouse."""
        said = len(self._command_rows(self._entry))
        return arrange(self.size.width, self.size.height, len(self._entries), self._opened, said)

    def _command_rows(self, entry: Entry | None) -> list[Strip]:
        if entry is None or not self._opened:
            return []
        look = replace(self._look, width=self.size.width)
        return rows.command_rows(entry, look, self.size.height // COMMAND_SHARE)

    def _count(self) -> rows.Count:
        counts = self._roster.counts
        count = len(self._roster.entries)
        return rows.Count(count, counts["running"], counts["background"], self._only_background)

    def _foot(self, entry: Entry | None, reader: Reader | None) -> Foot:
        background = self._roster.counts["background"]
        return Foot(
            entry,
            reader,
            self._opened,
            self._only_background,
            background,
            self._asked,
            self._finding,
            self._why_not,
        )

    def _run_timer(self) -> None:
        """Durations grow and marks turn, but only while there is something that runs."""
        counts = self._roster.counts
        wanted = bool(counts["running"] or counts["background"]) and self.display
        pace = SPIN_SECONDS if counts["running"] and moves(self) else TICK_SECONDS
        if self._timer is not None and not (wanted and pace == self._pace):
            self._timer.stop()
            self._timer = None
        if wanted and self._timer is None:
            self._pace = pace
            self._timer = self.set_interval(pace, self._turn)

    def _turn(self) -> None:
        self._tick += 1
        self._settle()


def _at(strips: list[Strip], y: int) -> Strip:
    return strips[y] if y < len(strips) else EMPTY
