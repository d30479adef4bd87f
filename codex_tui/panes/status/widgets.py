"""The one-line widgets around the composer: announcement, rule, status line."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from codex_tui.paint.look import Marks, Palette
from codex_tui.panes.colours import follow_theme, moves, palette_of
from codex_tui.panes.status.activity import LABEL_WIDTH, activity
from codex_tui.panes.status.facts import (
    SHELL_SAYS,
    announcement,
    reading_hint,
    rule_left,
    rule_right,
    status_left,
    status_right,
)
from codex_tui.panes.status.parts import Fact, Part, Role, compose, ruled
from codex_tui.text import line, own

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer

    from codex_tui.session.state import State
    from codex_tui.text import SafeText

TURN_SECONDS = 0.25  # four pictures of the turning dot a second
BELOW_ROOM = 22  # cells at the right end of the rule where what is below is said: a click there goes to it
TICK_SECONDS = 1.0  # with reduced motion only the seconds move


class OneLine(Widget):
    """A line of parts of safe text; repaints only when they changed."""

    DEFAULT_CSS = "OneLine { height: 1; width: 1fr; }"

    def __init__(
        self, *, marks: Marks | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.marks = marks or Marks()
        self._palette = Palette()
        self._shown: tuple[Part, ...] = ()

    def parts(self) -> Sequence[Part]:
        """What to show now, for the width the widget has."""
        raise NotImplementedError

    def update(self) -> None:
        """Look again, and repaint if something changed."""
        parts = tuple(self.parts()) if self.is_mounted and self.size else ()
        if parts != self._shown:
            self._shown = parts
            self.refresh()

    def on_mount(self) -> None:
        self._palette = palette_of(self)
        follow_theme(self, self._recolour)

    def on_resize(self) -> None:
        self.update()

    def render_line(self, y: int) -> Strip:
        if y:
            return Strip.blank(self.size.width)
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        segments = [Segment(text, back + self._style(role)) for text, role in self._shown if text]
        return Strip(segments).adjust_cell_length(self.size.width, back)

    def _style(self, role: Role) -> Style:
        return Style(reverse=True) if role == "cursor" else getattr(self._palette, role)

    def _recolour(self) -> None:
        self._palette = palette_of(self)
        self.refresh()


class MadeLine(OneLine):
    """One line whose parts somebody else makes, for the width it has."""

    def __init__(self, of: Callable[[int], Sequence[Part]], id: str) -> None:
        super().__init__(id=id)
        self._of = of

    def parts(self) -> Sequence[Part]:
        return self._of(self.size.width)


class StatusLine(OneLine):
    """The last line: what goes on, or model and directory; rights, context, keys, what waits.

    A timer runs only while a turn does. `clock`: seconds since the epoch; `home`: shown as `~`.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        home: str | None = None,
        marks: Marks | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(marks=marks, id=id)
        self._clock = clock
        self._home = home if home is not None else str(Path.home())
        self._state: State | None = None
        self._frame = 0
        self._timer: Timer | None = None

    def show(self, state: State) -> None:
        """Show a new state."""
        self._state = state
        self._run_timer()
        self.update()

    def parts(self) -> Sequence[Part]:
        state = self._state
        if state is None:
            return []
        turning = self.marks.turning[self._frame % len(self.marks.turning)]
        label = min(LABEL_WIDTH, self.size.width // 3)
        doing = activity(state, int(self._clock() * 1000), label)
        left = status_left(state, doing, turning, self.marks, self._home)
        parts = compose(left, status_right(state, doing), max(0, self.size.width - 2))
        return [(own(" "), "text"), *parts]

    def _run_timer(self) -> None:
        doing = activity(self._state, 0) if self._state is not None else None
        wanted = doing is not None and doing.kind == "works"
        if wanted and self._timer is None:
            self._timer = self.set_interval(TURN_SECONDS if moves(self) else TICK_SECONDS, self._tick)
        elif not wanted and self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._frame = 0

    def _tick(self) -> None:
        if moves(self):
            self._frame += 1
        self.update()


class Rule(OneLine):
    """The line above the composer: a passing remark or lasting notice, what is queued, what is below."""

    def __init__(self, notice: str = "", *, marks: Marks | None = None, id: str | None = None) -> None:
        """`notice` stays, e.g. that the demo's model is scripted."""
        super().__init__(marks=marks, id=id)
        self.notice = line(notice)
        self._remark = own("")
        self._forget: Timer | None = None
        self._state: State | None = None
        self._following, self._new_below = True, 0
        self._reading = False
        self._shell = False
        self.stand_in: OneLine | None = None
        """A row that has this one's place for a while, and says what this one would beside its own."""

    class ToEnd(Message):
        """What is below was clicked: to the end of the conversation."""

    def show(self, state: State) -> None:
        """Show a new state (queued prompts)."""
        self._state = state
        self.update()

    def below(self, following: bool, new_below: int) -> None:
        """What the chat says of its end: whether it is in sight, and how many items came below."""
        self._following, self._new_below = following, new_below
        self.update()

    def reading(self, now: bool) -> None:
        """Whether the conversation has the keyboard: then its first keys stand here."""
        self._reading = now
        self.update()

    def shell(self, now: bool) -> None:
        """Whether the draft is a command for the person's shell, which has to be said all the time."""
        self._shell = now
        self.update()

    def update(self) -> None:
        super().update()
        if self.stand_in is not None and self.stand_in.display:
            self.stand_in.update()

    @property
    def right(self) -> list[Fact]:
        """What stands at its right end: what is queued, what is below."""
        thread = self._state.active if self._state is not None else None
        return rule_right(thread, self._following, self._new_below)

    @property
    def remark(self) -> SafeText:
        """The passing remark; empty when there is none."""
        return self._remark

    def on_click(self, event: events.Click) -> None:
        """A click on what is below goes there."""
        self.click_at(self.size.width - event.x)

    def click_at(self, from_end: int) -> None:
        """A click so many cells from the end of the row."""
        if not self._following and from_end <= BELOW_ROOM and self.right:
            self.post_message(self.ToEnd())

    def say(self, words: str, seconds: float = 5.0) -> None:
        """A passing remark; goes by itself."""
        self._remark = line(words)
        if self._forget is not None:
            self._forget.stop()
        self._forget = self.set_timer(seconds, self._forget_remark)
        self.update()

    def parts(self) -> Sequence[Part]:
        keys = reading_hint(self.size.width, self._new_below) if self._reading else self.notice
        left = rule_left(self._remark, keys)
        if self._shell:
            left = list(SHELL_SAYS)
        return ruled(left, self.right, self.size.width, self.marks.rule)

    def _forget_remark(self) -> None:
        self._remark, self._forget = own(""), None
        self.update()


class Announcement(OneLine):
    """Says that a question waits while its dialog is not open. Takes no room otherwise; a click opens it."""

    def __init__(self, *, marks: Marks | None = None, id: str | None = None) -> None:
        super().__init__(marks=marks, id=id)
        self._state: State | None = None
        self.display = False

    def show(self, state: State, open: bool = False) -> None:
        """Show what waits in `state`; nothing while the dialog is `open`."""
        self._state = state
        self.display = not open and state.inbox.head is not None
        self.update()

    def parts(self) -> Sequence[Part]:
        if self._state is None or not (says := announcement(self._state)):
            return []
        return [(own("  "), "text"), *compose([Fact(tuple(says))], [], max(0, self.size.width - 4))]

    async def on_click(self) -> None:
        await self.run_action("screen.open_question")
