"""The commands pane: the commands of the session and the output of the selected one.

It paints its own lines; only what is in sight is looked at. Output is resolved in steps of a few
milliseconds between frames, and only that of the selected command.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from codex_tui.actions import bindings
from codex_tui.paint.lines import EMPTY, strip_of
from codex_tui.panes.colours import follow_theme, moves, palette_of
from codex_tui.panes.commands import rows
from codex_tui.panes.commands.files import LogFiles
from codex_tui.panes.commands.log import Log
from codex_tui.panes.commands.places import arrange
from codex_tui.panes.commands.reader import Reader
from codex_tui.panes.commands.roster import Entry, Roster
from codex_tui.panes.side import EVERYTHING, SidePane
from codex_tui.text import SafeText, join, line, own, shorten

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.timer import Timer

    from codex_tui.app import CodexApp
    from codex_tui.paint.look import Look
    from codex_tui.panes.commands.roster import Key
    from codex_tui.session.state import Change, State

LOGS_KEPT = 6
"""Resolved outputs kept, the last looked at: each takes a few megabytes at most."""
WHEEL_ROWS = 3
SPIN_SECONDS = 0.25
TICK_SECONDS = 1.0
PAINT_EVERY = 6
"""Steps of resolving between two paintings while there is much to do: about 20 frames a second."""
LONGEST_QUERY = 200
"""Characters of what is looked for; a paste must not make it a book."""


class CommandPane(SidePane):
    """`take` follows the state; the keys are those of the scope `commands` in `codex_tui.actions`."""

    BINDINGS: ClassVar = [*bindings("commands")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self, look: Look, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since the epoch, for the durations of what runs."""
        super().__init__()
        self._look = look
        self._clock = clock
        self._roster = Roster()
        self._state: State | None = None
        self._only_background = False
        self._chosen: Key | None = None
        self._pinned = False  # the person chose; else the newest is the chosen one
        self._opened = False
        self._first = 0  # the first command of the list in sight
        self._logs: OrderedDict[Key, tuple[Log, Reader]] = OrderedDict()
        self._renewed: dict[Key, int] = {}
        self._lines: list[Strip] = []
        self._finding: str | None = None  # what is being written to find
        self._asking: tuple[SafeText, Callable[[], None]] | None = None
        self._files = LogFiles()
        self._timer: Timer | None = None
        self._resolving = False
        self._tick = 0
        self._steps = 0

    # -- what the store says -----------------------------------------------------------------

    def take(self, state: State, change: Change) -> None:
        self._state = state
        thread = state.active
        if thread is not None and thread.settings.cwd != self._look.root:
            self._look = replace(self._look, root=thread.settings.cwd)
        changed = self._roster.take(state, change)
        if change == EVERYTHING or any(touch.kind in ("turn", "threads") for touch in change):
            self._look_at_terminals(state)
        if changed or change == EVERYTHING:
            self._choose()
            self._settle()

    def _look_at_terminals(self, state: State) -> None:
        """Ask for what runs on, of every thread that may have left something running."""
        if self.app.intents is None or state.engine.phase != "ready":
            return
        wanted = {
            entry.thread_id
            for entry in self._roster.entries
            if entry.item.phase == "dropped" and entry.standing in ("lost", "background")
        }
        if state.active_id is not None:
            wanted.add(state.active_id)
        for thread_id in sorted(wanted):
            self.app.intents.look_at_terminals(thread_id)

    @property
    def _entries(self) -> list[Entry]:
        if not self._only_background:
            return self._roster.entries
        return [entry for entry in self._roster.entries if entry.standing == "background"]

    def _place(self, entries: list[Entry]) -> int | None:
        """Where the chosen command stands among the listed ones."""
        if entries is self._roster.entries:
            return self._roster.find(self._chosen)
        return next((at for at, entry in enumerate(entries) if entry.key == self._chosen), None)

    @property
    def _entry(self) -> Entry | None:
        """The chosen command."""
        at = self._roster.find(self._chosen)
        return self._roster.entries[at] if at is not None else None

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
        if entry is None:
            return
        log, _ = self._log_of(entry)
        log.take(entry.output, entry.item.output_cut, entry.item.phase == "done")
        self._step()
        if log.is_behind and not self._resolving and self.is_mounted:
            self._resolving = True
            self.set_timer(0.001, self._go_on)

    def _log_of(self, entry: Entry) -> tuple[Log, Reader]:
        held = self._logs.get(entry.key)
        if held is None:
            log = Log()
            held = self._logs[entry.key] = (log, Reader(log.output))
            while len(self._logs) > LOGS_KEPT:
                self._logs.popitem(last=False)
        self._logs.move_to_end(entry.key)
        return held

    def _step(self) -> None:
        entry = self._entry
        if entry is None:
            return
        log, reader = self._log_of(entry)
        if log.step():
            if reader.output is not log.output:
                reader.renew(log.output)
            else:
                reader.scan()

    def _go_on(self) -> None:
        """Resolve on between two frames."""
        self._resolving = False
        if not self.is_mounted:
            return
        self._step()
        entry = self._entry
        behind = entry is not None and self._log_of(entry)[0].is_behind
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

    def on_unmount(self) -> None:
        self._files.remove()

    def on_resize(self) -> None:
        self._settle()

    def on_focus(self) -> None:
        self._settle()

    def on_blur(self) -> None:
        self._finding = self._asking = None
        self._settle()

    def _recolour(self) -> None:
        self._look = replace(self._look, palette=palette_of(self))
        for _, reader in self._logs.values():
            reader.forget()
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
        places = arrange(self.size.width, self.size.height, len(entries), self._opened)
        frame = [EMPTY] * self.size.height
        if places.title.height:
            frame[0] = rows.title_row(self._count(), look)
        if not entries:
            text = own("nothing runs in the background") if self._only_background else own("no commands yet")
            frame[places.list.y] = rows.say_row(text, look, indent=4)
        listed = self._list_rows(entries, places.list.width, places.list.height)
        output = self._output_rows(entry, places.head.width, places.head.height, places.body.height)
        if places.divider is None:
            for at, strip in enumerate(listed):
                if entries:
                    frame[places.list.y + at] = strip
            for at, strip in enumerate(output):
                frame[places.head.y + at] = strip
        else:
            column = strip_of([(look.marks.column, look.palette.rule)])
            for y in range(places.list.height):
                left = listed[y] if y < len(listed) and entries else frame[places.list.y + y]
                right = output[y] if y < len(output) else EMPTY
                parts = [rows.placed(left, places.list), column, rows.placed(right, places.body)]
                frame[places.list.y + y] = Strip.join(parts)
        if places.foot.height:
            frame[places.foot.y] = self._foot(look)
        return frame

    def _count(self) -> rows.Count:
        counts = self._roster.counts
        count = len(self._roster.entries)
        return rows.Count(count, counts["running"], counts["background"], self._only_background)

    def _list_rows(self, entries: list[Entry], width: int, height: int) -> list[Strip]:
        if not height:
            return []
        at = self._place(entries) or 0
        self._first = max(0, min(self._first, at), at - height + 1)
        self._first = min(self._first, max(0, len(entries) - height))
        look, now = replace(self._look, width=width), int(self._clock() * 1000)
        turning = look.marks.turning[self._tick % len(look.marks.turning)]
        painted: list[Strip] = []
        for entry in entries[self._first : self._first + height]:
            chosen = entry.key == self._chosen
            mark = turning if entry.standing == "running" and moves(self) else None
            strip = rows.list_row(entry, look, chosen=chosen, mark=mark, now_ms=now)
            if chosen and self.has_focus:
                strip = strip.adjust_cell_length(width).apply_style(
                    Style(bgcolor=look.palette.selected.bgcolor)
                )
            painted.append(strip)
        return painted

    def _output_rows(self, entry: Entry | None, width: int, head: int, body: int) -> list[Strip]:
        if entry is None or not head:
            return []
        log, reader = self._log_of(entry)
        reader.resize(max(1, width - 2), max(1, body))
        look = replace(self._look, width=width)
        remarks = rows.Remarks(log.is_behind, log.looks_binary, log.output.unshown)
        now = int(self._clock() * 1000)
        painted = [*rows.head_rows(entry, look, reader, remarks, head, now)]
        shown = reader.shown(look.palette, look.palette.code_block)
        lead = Strip([Segment("  ")])
        painted += [Strip.join([lead, rows.body_row(one, reader, look)]) for one in shown[: max(0, body)]]
        if not shown and body > 0 and not log.is_behind:
            text = own("nothing printed yet") if entry.item.phase == "running" else own("nothing printed")
            painted.append(rows.say_row(text, look))
        return painted

    def _foot(self, look: Look) -> Strip:
        if self._asking is not None:
            return rows.ask_row(self._asking[0], look)
        entry = self._entry
        held = self._logs.get(entry.key) if entry is not None else None
        if self._finding is not None:
            return rows.find_row(self._finding, held[1] if held else None, look)
        facts: list[tuple[SafeText, SafeText, int]] = []
        if entry is not None:
            facts.append((own("Enter"), own("back to the list") if self._opened else own("open"), 90))
            if entry.process_id is not None:
                facts.append((own("x"), own("terminate"), 85))
            if held is not None and held[1].matches:
                facts.append((own("n N"), own("next, before"), 84))
            facts.append((own("/"), own("find"), 80))
            if held is not None and not held[1].following:
                facts.append((own("End"), own("follow"), 82))
            facts.append((own("y"), own("copy"), 60))
            facts.append((own("o"), own("whole log"), 55))
            facts.append((own("w"), own("wrap") if held and not held[1].wrap else own("cut lines"), 30))
        if self._only_background or self._roster.counts["background"]:
            facts.append((own("t"), own("all") if self._only_background else own("background"), 70))
            facts.append((own("X"), own("terminate all"), 40))
        facts.append((own("Esc"), own("back"), 95))
        return rows.key_row(facts, look)

    def _run_timer(self) -> None:
        counts = self._roster.counts
        wanted = bool(counts["running"] or counts["background"]) and self.display
        if wanted and self._timer is None:
            self._timer = self.set_interval(SPIN_SECONDS if moves(self) else TICK_SECONDS, self._turn)
        elif not wanted and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _turn(self) -> None:
        self._tick += 1
        self._settle()

    # -- keys while something is written or asked --------------------------------------------

    def on_key(self, event: events.Key) -> None:
        if self._asking is not None:
            _, act = self._asking
            self._asking = None
            if event.key == "y":
                act()
        elif self._finding is not None:
            self._write(event)
        else:
            return
        event.stop()
        event.prevent_default()
        self._settle()

    def on_paste(self, event: events.Paste) -> None:
        if self._finding is not None:
            event.stop()
            self._look_for((self._finding + event.text.split("\n")[0])[:LONGEST_QUERY])
            self._settle()

    def _write(self, event: events.Key) -> None:
        written = self._finding or ""
        if event.key == "enter":
            self._finding = None
            self.action_onward(1)
        elif event.key in ("escape", "ctrl+c"):
            self._finding = None
            self._look_for("", keep_closed=True)
        elif event.key == "backspace":
            self._look_for(written[:-1])
        elif event.key == "ctrl+u":
            self._look_for("")
        elif event.is_printable and event.character:
            self._look_for((written + event.character)[:LONGEST_QUERY])

    def _look_for(self, query: str, *, keep_closed: bool = False) -> None:
        if not keep_closed:
            self._finding = query
        if (reader := self._reader) is not None:
            reader.search(query)

    @property
    def _reader(self) -> Reader | None:
        entry = self._entry
        return self._log_of(entry)[1] if entry is not None else None

    # -- actions (codex_tui.actions, scope commands) -----------------------------------------

    def action_select(self, step: int) -> None:
        """The command above or below; a line of the output when that has the pane to itself."""
        if self._opened:
            self._move(step)
            return
        entries = self._entries
        if entries:
            at = (self._place(entries) or 0) + step
            self._select(entries[max(0, min(len(entries) - 1, at))].key)

    def _select(self, key: Key) -> None:
        self._chosen = key
        entries = self._entries
        self._pinned = key != entries[-1].key
        self._feed()
        self._settle()

    def action_toggle_open(self) -> None:
        if self._entry is not None:
            self._opened = not self._opened
            self._settle()

    def action_scroll(self, rows: int) -> None:
        self._move(rows)

    def action_page(self, step: int) -> None:
        reader = self._reader
        if reader is not None:
            self._move(step * max(1, reader.height - 1))

    def _move(self, rows: int) -> None:
        reader = self._reader
        if reader is not None:
            reader.move(rows)
            self._pinned = self._pinned or not reader.following
            self._settle()

    def action_to_start(self) -> None:
        if (reader := self._reader) is not None:
            reader.home()
            self._pinned = True
            self._settle()

    def action_to_end(self) -> None:
        if (reader := self._reader) is not None:
            reader.follow()
            self._settle()

    def action_find(self) -> None:
        if (reader := self._reader) is not None:
            self._finding = ""
            reader.search("")
            self._settle()

    def action_onward(self, step: int) -> None:
        reader = self._reader
        if reader is not None and reader.onward(step):
            self._pinned = True
        self._settle()

    def action_toggle_wrap(self) -> None:
        if (reader := self._reader) is not None:
            reader.toggle_wrap()
            self._settle()

    def action_sideways(self, step: int) -> None:
        if (reader := self._reader) is not None:
            reader.sideways(step)
            self._settle()

    def action_copy(self) -> None:
        """The output as it is seen, whole."""
        entry = self._entry
        if entry is not None:
            self.run_worker(self._copy(entry), group="commands-copy", exclusive=True)

    async def _copy(self, entry: Entry) -> None:
        self.app.copy(await self._files.text_of(entry.output, entry.item.output_cut), "output")

    def action_copy_command(self) -> None:
        from codex_tui.paint.shell import bare_command

        if (entry := self._entry) is not None:
            self.app.copy(bare_command(entry.body.command), "command")

    def action_open(self) -> None:
        """The whole log in the person's editor."""
        entry = self._entry
        if entry is not None:
            self.run_worker(self._open(entry), group="commands-open", exclusive=True)

    async def _open(self, entry: Entry) -> None:
        path = await self._files.write(entry.output, entry.item.output_cut)
        self.app.open_editor(str(path))

    def action_toggle_background(self) -> None:
        self._only_background = not self._only_background
        self._choose()
        self._settle()

    def action_terminate(self) -> None:
        """Asks first."""
        entry, intents = self._entry, self.app.intents
        if entry is None or intents is None or (process_id := entry.process_id) is None:
            return
        from codex_tui.paint.shell import bare_command

        name = shorten(
            line(bare_command(entry.body.command)[: rows.LONGEST_NAME]), 40, self._look.marks.ellipsis
        )
        thread_id = entry.thread_id
        self._ask(
            join(own("Terminate "), name, own("?")), lambda: intents.end_terminals(thread_id, process_id)
        )

    def action_terminate_all(self) -> None:
        """Asks first; all that run in the background of the thread on screen and its sub-agents."""
        intents = self.app.intents
        threads = {entry.thread_id for entry in self._roster.entries if entry.standing == "background"}
        if intents is None or not threads:
            return

        def act() -> None:
            for thread_id in sorted(threads):
                intents.end_terminals(thread_id)

        self._ask(own("Terminate all that runs in the background?"), act)

    def _ask(self, question: SafeText, act: Callable[[], None]) -> None:
        self._asking = (question, act)
        self._settle()

    def action_leave(self) -> None:
        """One step back: from what was found, from the output alone, from the pane."""
        reader = self._reader
        if reader is not None and reader.query:
            reader.search("")
        elif self._opened:
            self._opened = False
            self._choose()
        else:
            self.post_message(self.Leave())
            return
        self._settle()

    # -- mouse -------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        entries = self._entries
        places = arrange(self.size.width, self.size.height, len(entries), self._opened)
        if not places.list.holds(event.x, event.y):
            return
        at = self._first + event.y - places.list.y
        if at < len(entries):
            if entries[at].key == self._chosen and event.chain > 1:
                self.action_toggle_open()
            else:
                self._select(entries[at].key)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(cast("events.MouseEvent", event), -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(cast("events.MouseEvent", event), 1)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        event.stop()
        event.prevent_default()
        places = arrange(self.size.width, self.size.height, len(self._entries), self._opened)
        if places.list.holds(event.x, event.y):
            self.action_select(step)
        else:
            self._move(step * WHEEL_ROWS)


def _at(strips: list[Strip], y: int) -> Strip:
    return strips[y] if y < len(strips) else EMPTY
