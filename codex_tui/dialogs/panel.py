"""The widget that draws a frame: it remembers what was on screen, and scrolls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual._time import get_time
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from codex_tui.dialogs.care import cautioned
from codex_tui.dialogs.frame import Frame, Hit, Moment, make_frame
from codex_tui.dialogs.seen import Seen
from codex_tui.paint.question import paint_facts

if TYPE_CHECKING:
    from textual import events

    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.paint.look import Look
    from codex_tui.text import SafeText

WHEEL_ROWS = 3


def lateness(event: events.Event) -> float:
    """Seconds since the terminal said so."""
    return max(0.0, get_time() - event.time)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a person had seen of a sheet, for when it comes back: at that size, with that many rows."""

    size: tuple[int, int]
    rows: int
    seen: Seen
    all_seen: bool
    top: int
    waived: bool
    sent: SafeText | None


class QuestionPanel(Widget, can_focus=False):
    """Draws one sheet. Knows nothing of answers but where they stand."""

    class Painted(Message):
        """A sheet came on screen for the first time."""

    class Clicked(Message):
        """A click on an answer, or anywhere else (`key` is empty), `late` seconds ago."""

        def __init__(self, key: str, late: float = 0.0) -> None:
            super().__init__()
            self.key = key
            self.late = late

    class Touched(Message):
        """The mouse did something that no longer leaves the hands still."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = Moment()
        self._sheet: Sheet | None = None
        self._look: Look | None = None
        self._frame: Frame | None = None
        self._seen = Seen(0)
        self._all_seen = False
        self._fresh = False
        self._lines: list[Strip] = []
        self._hits: list[Hit] = []
        self._screen_size = (0, 0)

    @property
    def frame(self) -> Frame | None:
        """The layout on screen, None before the first."""
        return self._frame

    @property
    def is_painted(self) -> bool:
        """Whether the sheet has been on screen."""
        return self._frame is not None and not self._fresh

    @property
    def blocked(self) -> bool:
        """Whether grants are dead because not all was seen and nobody waived that."""
        return self._frame is None or self._frame.blocks(self.moment)

    @property
    def memory(self) -> Memory | None:
        """What was seen of the sheet on screen; None before it was painted."""
        frame, moment = self._frame, self.moment
        if frame is None or self._fresh:
            return None
        size, rows = self._screen_size, len(frame.body)
        return Memory(size, rows, self._seen, self._all_seen, moment.top, moment.waived, moment.sent)

    def show(self, sheet: Sheet, look: Look, columns: int, rows: int, before: Memory | None = None) -> None:
        """Show another sheet from its top, or the same one that has changed.

        `before`: the very same sheet was on screen already, and this was seen of it.
        """
        self._sheet, self._look, self._fresh = cautioned(sheet), look, True
        self._all_seen = before is not None and before.all_seen
        self.moment = replace(self.moment, top=0, waived=False, sent=None)
        self._lay_out(columns, rows)
        frame = self._frame
        if before is not None and frame is not None:
            if (before.size, before.rows) == ((columns, rows), len(frame.body)):
                self._seen = before.seen
            top = min(before.top, frame.last_top)
            self.update(top=top, waived=before.waived, sent=before.sent, unseen=self._seen.unseen)

    def revise(self, sheet: Sheet, look: Look, columns: int, rows: int) -> None:
        """Show the same page after a key of its own: what was seen of it stays seen."""
        self._sheet, self._look = cautioned(sheet), look
        before = self._seen
        rows_before = len(self._frame.body) if self._frame is not None else 0
        self._lay_out(columns, rows)
        if self._frame is not None and len(self._frame.body) != rows_before:
            # Other rows than those that were seen.
            self._all_seen, self._seen = False, Seen(len(self._frame.body))
        else:
            self._seen = before
        self.update(unseen=self._seen.unseen)
        self._keep_focus()

    @property
    def _lead(self) -> int:
        """Rows of the frame's body that are facts, there for want of room above it."""
        frame, sheet = self._frame, self._sheet
        if frame is None or sheet is None or frame.head or not sheet.facts:
            return 0
        return len(paint_facts(sheet.facts, frame.look)) + 1

    def _keep_focus(self) -> None:
        frame, sheet, look = self._frame, self._sheet, self._look
        if frame is None or sheet is None or look is None or sheet.focus is None:
            return
        row, top = self._lead + sheet.focus(frame.look), self.moment.top
        if row < top or row >= top + frame.window:
            self.update(top=max(0, min(row - frame.window // 2, frame.last_top)))

    def resize_to(self, columns: int, rows: int) -> None:
        """The terminal has another size: rows are counted anew unless all had been seen."""
        if (columns, rows) != self._screen_size:
            self._lay_out(columns, rows)

    def recolour(self, look: Look) -> None:
        """Draw the same with other colours; what was seen stays seen."""
        if self._sheet is not None and self._frame is not None:
            self._look = look
            self._frame = make_frame(self._sheet, look, *self._screen_size)
            self._repaint()

    def _lay_out(self, columns: int, rows: int) -> None:
        if self._sheet is None or self._look is None:
            return
        self._screen_size = (columns, rows)
        frame = self._frame = make_frame(self._sheet, self._look, columns, rows)
        self._seen = Seen(0 if self._all_seen else len(frame.body))
        self.styles.width, self.styles.height = frame.width, frame.height
        self.update(top=min(self.moment.top, frame.last_top), unseen=self._seen.unseen)
        self._keep_focus()

    def update(self, **changes: object) -> None:
        """Draw another moment of the same sheet."""
        self.moment = replace(self.moment, **changes)  # pyright: ignore[reportArgumentType]
        self._repaint()

    def _repaint(self) -> None:
        if self._frame is not None:
            self._lines, self._hits = self._frame.paint(self.moment)
            self.refresh()

    def scroll_by(self, rows: int) -> None:
        """Move the window on the body by so many rows."""
        if self._frame is not None:
            top = max(0, min(self.moment.top + rows, self._frame.last_top))
            if top != self.moment.top:
                self.update(top=top)

    @property
    def page(self) -> int:
        """Rows of a page: the window less one, which stays in sight."""
        return max(1, self._frame.window - 1) if self._frame is not None else 1

    # -- drawing --------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        frame = self._frame
        if frame is None or y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        if self._fresh:
            self._fresh = False
            self.post_message(self.Painted())
        row = frame.body_row(y, self.moment.top)
        if row is None:
            strip = self._lines[y]
        else:
            strip = frame.side(frame.body.paint(row))
            self._mark_seen(row)
        return strip.adjust_cell_length(self.size.width).apply_style(self.rich_style)

    def _mark_seen(self, row: int) -> None:
        before = self._seen.unseen
        self._seen.mark(row)
        if self._seen.unseen != before:
            self._all_seen = self._seen.unseen == 0
            # The answers below say how much is left; drawn once this refresh is done.
            self.call_after_refresh(self._say_unseen)

    def _say_unseen(self) -> None:
        if self.moment.unseen != self._seen.unseen:
            self.update(unseen=self._seen.unseen)

    # -- mouse ----------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Clicked(self._key_at(event.x, event.y), lateness(event)))

    def _key_at(self, x: int, y: int) -> str:
        for row, left, right, key in self._hits:
            if row == y and left <= x < right:
                return key
        return ""

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Touched())
        self.scroll_by(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Touched())
        self.scroll_by(-WHEEL_ROWS)
