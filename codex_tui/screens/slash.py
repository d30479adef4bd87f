"""Commands in the composer: the list of them while one is typed, and carrying them out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from codex_tui.composer.slash import Unknown, completed, listed, meant
from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.text import cut, fit, join, line, number, own, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codex_tui.actions import SlashCommand
    from codex_tui.composer import Composer
    from codex_tui.paint.look import Marks
    from codex_tui.screens.main import MainScreen

SHOWN = 8
"""Commands in sight at once; the list moves on with the chosen one."""
WORD = 16
"""Cells of word and what it takes, before what it does."""
NARROW = 60
"""Columns below which what a command does is cut at its end, and which of them is chosen is not counted."""
LIST_KEYS = {
    "up": "screen.choose_command(-1)",
    "down": "screen.choose_command(1)",
    "tab": "screen.complete_command(False)",
    "enter": "screen.complete_command(True)",
    "escape": "screen.close_commands",
}


class CommandList(Widget):
    """The commands that go on from what is typed, over the end of the conversation."""

    DEFAULT_CSS = """
    CommandList { overlay: screen; display: none; width: 1fr; height: auto; background: $surface; }
    """

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self._commands: Sequence[SlashCommand] = ()
        self._at = 0

    @property
    def chosen(self) -> SlashCommand | None:
        return self._commands[self._at] if self._commands else None

    def on_mount(self) -> None:
        follow_theme(self, self.refresh)

    def show(self, commands: Sequence[SlashCommand]) -> None:
        """List `commands`; the chosen one stays chosen if it is still there."""
        before = self.chosen
        self._commands = commands
        self._at = next((at for at, one in enumerate(commands) if one is before), 0)
        rows = min(SHOWN, len(commands), max(1, self.screen.size.height // 2))
        self.display = bool(commands)
        self.styles.height = rows
        self.styles.offset = (0, -rows)
        self.refresh()

    def move(self, steps: int) -> None:
        """Choose another one; round at the ends."""
        if self._commands:
            self._at = (self._at + steps) % len(self._commands)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        high, width = max(1, self.size.height), self.size.width
        top = max(0, min(self._at - high // 2, len(self._commands) - high))
        palette = palette_of(self)
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        at = top + y
        if at >= len(self._commands):
            return Strip.blank(width, back)
        command = self._commands[at]
        if is_chosen := at == self._at:
            back += palette.selected
        mark = self._marks.folded if is_chosen else own(" ")
        word = fit(line(command.written), WORD)
        count = own("")
        if is_chosen and len(self._commands) > high and width >= NARROW:
            count = join(number(at + 1), own(" of "), number(len(self._commands)), own(" "))
        room = max(0, width - WORD - 5 - len(count))
        title = fit(
            shorten(line(command.title), room) if width >= NARROW else cut(line(command.title), room),
            room + 1,
        )
        row = [
            Segment(join(own(" "), mark, own(" ")), back + palette.accent),
            Segment(word, back + palette.strong),
            Segment(title, back + palette.dim),
            Segment(count, back + palette.dim),
        ]
        return Strip(row).adjust_cell_length(width, back)


class SlashCommands:
    """Owns the list, and knows which method carries out which command."""

    def __init__(self, screen: MainScreen, composer: Composer, commands: CommandList) -> None:
        self._screen = screen
        self._composer = composer
        self._list = commands
        self._put_away = ""  # the draft whose list the person closed

    def follow(self, draft: str) -> None:
        """The draft is this now: list the commands it could become."""
        found = listed(draft) if draft != self._put_away else []
        if not found and not self._list.display:
            return
        if draft != self._put_away:
            self._put_away = ""
        self._list.show(found)
        self._composer.taken = LIST_KEYS if found else {}

    def choose(self, steps: int) -> None:
        self._list.move(steps)

    def complete(self, run: bool) -> None:
        """The chosen command into the composer; with `run` it goes off at once, unless it is careful."""
        self.follow(self._composer.draft)  # keys in a burst: the list may be of fewer letters still
        chosen = self._list.chosen
        if chosen is None:
            if run:
                self._composer.action_send()
            return
        whole = self._composer.draft.strip().lower() == f"/{chosen.word}"
        self._composer.take_prompt(completed(chosen))
        self._close(completed(chosen))
        if run and (whole or not chosen.careful):
            self._composer.action_send()

    def close(self) -> None:
        """No list for this draft any more."""
        self._close(self._composer.draft)

    def _close(self, draft: str) -> None:
        self._put_away = draft
        self._list.show(())
        self._composer.taken = {}

    def run(self, draft: str) -> bool:
        """Carry `draft` out if it is a command; False when it is a prompt.

        One that there is not goes back to the composer, with a word about why.
        """
        found = meant(draft, os.path.exists)
        if found is None:
            return False
        if isinstance(found, Unknown):
            self._screen.give_back(draft, found.reason)
        else:
            command, rest = found
            self.methods[command.word](rest)
        return True

    @property
    def methods(self) -> dict[str, Callable[[str], object]]:
        """What carries out each word, with what stands behind it."""
        screen, app = self._screen, self._screen.app
        return {
            "resume": screen.open_history,
            "new": lambda _: screen.action_new_thread(),
            "threads": lambda _: screen.threads.list(),
            "fork": lambda _: screen.threads.fork(),
            "side": screen.threads.side,
            "back": lambda _: screen.threads.leave(),
            "rename": screen.threads.rename,
            "export": screen.threads.export,
            "compact": lambda _: screen.threads.compact(),
            "archive": lambda _: screen.threads.archive(),
            "rewind": screen.rewinds.command,
            "diff": lambda _: app.call_later(screen.action_show_side, "diff"),
            "commands": lambda _: app.call_later(screen.action_show_side, "commands"),
            "find": lambda rest: app.call_later(screen.find_words, rest),
            "keys": lambda _: app.action_help(),
            "log": lambda _: app.action_engine_log(),
            "quit": lambda _: app.exit(),
        }
