"""The commands pane: its keys and its mouse. The keys are those of the scope `commands`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, cast

from codex_tui.actions import bindings
from codex_tui.paint.shell import bare_command
from codex_tui.panes.commands.board import CommandBoard
from codex_tui.panes.commands.files import LogFiles
from codex_tui.panes.commands.rows import LONGEST_NAME
from codex_tui.text import SafeText, join, line, own, shorten

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from codex_tui.paint.look import Look
    from codex_tui.panes.commands.roster import Entry, Key

WHEEL_ROWS = 3
LONGEST_QUERY = 200
"""Characters of what is looked for; a paste must not make it a book."""
NAMED = 40
"""Cells of a command in a question about it."""
TOO_SOON = 0.3
"""Seconds after a question in which no key says yes to it: it was meant for something else."""


class CommandPane(CommandBoard):
    """`take` follows the state; what is asked of the engine goes to the app's intents."""

    BINDINGS: ClassVar = [*bindings("commands")]

    def __init__(self, look: Look, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since the epoch, for the durations of what runs."""
        super().__init__(look, clock)
        self._act: Callable[[], None] | None = None  # what a yes does
        self._asked_at = 0.0
        self._files = LogFiles()

    def on_unmount(self) -> None:
        self._files.remove()

    def on_blur(self) -> None:
        self._finding = self._asked = None
        self._settle()

    # -- keys while something is written or asked --------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Keys of the pane act here and now: in a burst, what follows `/` is written, not obeyed."""
        self._why_not, said = False, self._why_not
        if self._asked is not None:
            self._answer(event.key)
        elif self._finding is not None:
            self._write(event)
        else:
            if said:
                self._settle()
            for binding in self._bindings.key_to_bindings.get(event.key, ()):
                if await self.app.run_action(binding.action, self):  # pyright: ignore[reportUnknownMemberType]
                    event.stop()
                    event.prevent_default()
                    return
            return
        event.stop()
        event.prevent_default()
        self._settle()

    def on_paste(self, event: events.Paste) -> None:
        if self._finding is not None:
            event.stop()
            self._look_for((self._finding + event.text.split("\n")[0])[:LONGEST_QUERY])
            self._settle()

    def _answer(self, key: str) -> None:
        if key == "y" and 0 <= self._clock() - self._asked_at < TOO_SOON:
            return
        act, self._act, self._asked = self._act, None, None
        if key == "y" and act is not None:
            act()

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
            self._feed()  # goes on where a moment is not enough

    # -- moving ------------------------------------------------------------------------------

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

    # -- what leaves the pane ----------------------------------------------------------------

    def action_copy(self) -> None:
        """The output as it is seen, whole."""
        entry = self._entry
        if entry is not None:
            self.run_worker(self._copy(entry), group="commands-copy", exclusive=True)

    async def _copy(self, entry: Entry) -> None:
        self.desk.copy(await self._files.text_of(entry.output, entry.item.output_cut), "output")

    def action_copy_command(self) -> None:
        if (entry := self._entry) is not None:
            self.desk.copy(bare_command(entry.body.command), "command")

    def action_open(self) -> None:
        """The whole log in the person's editor."""
        entry = self._entry
        if entry is not None:
            self.run_worker(self._open(entry), group="commands-open", exclusive=True)

    async def _open(self, entry: Entry) -> None:
        path = await self._files.write(entry.output, entry.item.output_cut)
        self.desk.open_editor(str(path))

    # -- what runs in the background ---------------------------------------------------------

    def action_toggle_background(self) -> None:
        self._only_background = not self._only_background
        self._choose()
        self._settle()

    def action_terminate(self) -> None:
        """Asks first. What the person ran themselves ends with its turn: the engine has no other way."""
        entry, intents = self._entry, self.desk.intents
        if entry is None or intents is None:
            return
        command = bare_command(entry.body.command)[:LONGEST_NAME]
        name = shorten(line(command), NAMED, self._look.marks.ellipsis)
        thread_id = entry.thread_id
        if entry.is_mine and entry.standing == "running":
            question = join(own("Stop "), name, own(" and its turn?"))
            self._ask(question, lambda: intents.interrupt(thread_id))
        elif (process_id := entry.process_id) is not None:
            question = join(own("Terminate "), name, own("?"))
            self._ask(question, lambda: intents.end_terminals(thread_id, process_id))

    def action_type_in(self) -> None:
        """Say why that cannot be done: the engine takes input only for processes that its client began
        (`command/exec/write`, `process/writeStdin`), not for a thread's commands."""
        self._why_not = True
        self._settle()

    def action_terminate_all(self) -> None:
        """Asks first; all that run in the background of the thread on screen and its sub-agents."""
        intents = self.desk.intents
        threads = {entry.thread_id for entry in self._roster.entries if entry.standing == "background"}
        if intents is None or not threads:
            return

        def act() -> None:
            for thread_id in sorted(threads):
                intents.end_terminals(thread_id)

        self._ask(own("Terminate all that runs in the background?"), act)

    def _ask(self, question: SafeText, act: Callable[[], None]) -> None:
        self._asked, self._act, self._asked_at = question, act, self._clock()
        self._settle()

    # -- mouse -------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        entries, places = self._entries, self._places()
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
        if self._places().list.holds(event.x, event.y):
            self.action_select(step)
        else:
            self._move(step * WHEEL_ROWS)
