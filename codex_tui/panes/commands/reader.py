"""Where a reader is in a log: what is in sight, following the end, moving, finding."""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.paint.ansi import SafeLine
from codex_tui.paint.pens import Styles, styles_of
from codex_tui.panes.commands.laid import Laid, Layouts
from codex_tui.text import SafeText, cell_width, hard_rows, join, own
from codex_tui.text import number as number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style

    from codex_tui.paint.lines import Row
    from codex_tui.paint.look import Palette
    from codex_tui.paint.output import Output
    from codex_tui.paint.runs import Line

MATCHES_KEPT = 100_000
"""Matches that are counted; beyond that nobody steps through them."""
SCAN_SECONDS = 0.008
"""How long finding may go on before other work gets a turn."""
STRIDE = 20
"""Cells that a step sideways moves."""


@dataclass(frozen=True, slots=True)
class Match:
    """A found piece of a line (its number from the first ever printed), in characters as shown."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One row in sight: its line's number, the range of the line's characters, and how they look."""

    line: int
    start: int
    end: int
    parts: Row
    hidden: int = 0
    """Cells of it at the left that are out of sight: the half of a wide character."""


class Reader:
    """A window of `width` x `height` cells over the lines of an `Output`."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.width = 80
        self.height = 24
        self.wrap = True
        self.shift = 0
        """Cells left out at the left while lines are not wrapped."""
        self.following = True
        self.query = ""
        self.matches: list[Match] = []
        self.current: int | None = None
        self._top = (0, 0)  # line number, character of it: survives every width
        self._layouts = Layouts()
        self._unfinished = False  # a search has lines before it
        self._scanned = 0  # lines before this number will not change and have been searched

    # -- geometry ----------------------------------------------------------------------------

    def resize(self, width: int, height: int) -> None:
        """Another size; what stands at the top stays there."""
        self.width, self.height = max(1, width), max(1, height)

    def renew(self, output: Output) -> None:
        """Another output of the same command: the reader stays as far from the end as before."""
        away = self._end - self._top[0]
        self.output = output
        self.forget()
        self._top = (max(output.dropped, self._end - away), 0)
        self._search_anew()

    @property
    def _end(self) -> int:
        """The number after the last line's."""
        return self.output.dropped + self.output.count

    @property
    def top(self) -> int:
        """The number of the first line in sight."""
        return self._top[0]

    @property
    def total(self) -> int:
        """Lines there were in all."""
        return self._end

    def _line(self, number: int) -> Line:
        return self.output.line(number - self.output.dropped)

    def _laid(self, number: int) -> Laid:
        return self._layouts.of(number, self._line(number), self.width)

    def _ranges(self, number: int) -> list[tuple[int, int]]:
        if not self.wrap:
            return [(0, 0)]
        return self._laid(number).ranges

    def _top_place(self) -> tuple[int, int]:
        """The top as line number and row within that line, at this width."""
        number, offset = self._top
        if number < self.output.dropped:
            return self.output.dropped, 0
        if number >= self._end:
            return max(self.output.dropped, self._end - 1), 0
        rows = self._ranges(number)
        return number, max(at for at, (start, _) in enumerate(rows) if start <= offset or at == 0)

    def _set_top(self, place: tuple[int, int]) -> None:
        number, row = place
        ranges = self._ranges(number) if number < self._end else [(0, 0)]
        self._top = (number, ranges[min(row, len(ranges) - 1)][0])

    def _walk(self, place: tuple[int, int], rows: int) -> tuple[tuple[int, int], bool]:
        """The place `rows` further (or back), and whether an end was met on the way."""
        number, row = place
        while rows > 0:
            left = len(self._ranges(number)) - 1 - row if number < self._end else 0
            if rows <= left:
                return (number, row + rows), False
            if number + 1 >= self._end:
                return (number, row + left), True
            rows -= left + 1
            number, row = number + 1, 0
        while rows < 0:
            if -rows <= row:
                return (number, row + rows), False
            if number <= self.output.dropped:
                return (self.output.dropped, 0), True
            rows += row + 1
            number -= 1
            row = len(self._ranges(number)) - 1
        return (number, row), False

    def _last_place(self) -> tuple[int, int]:
        last = max(self.output.dropped, self._end - 1)
        if self._end <= self.output.dropped:
            return last, 0
        return last, len(self._ranges(last)) - 1

    def _bottom_top(self) -> tuple[int, int]:
        """The top when the last row is at the bottom."""
        return self._walk(self._last_place(), 1 - self.height)[0]

    # -- moving ------------------------------------------------------------------------------

    def move(self, rows: int) -> None:
        """Down (or up). Reaching the end by hand follows again; leaving it stops following."""
        if self._end <= self.output.dropped:
            return
        start = self._bottom_top() if self.following else self._top_place()
        place, _ = self._walk(start, rows)
        bottom = self._bottom_top()
        self.following = place >= bottom and (rows > 0 or self.following)
        self._set_top(min(place, bottom))

    def home(self) -> None:
        """To the first line that is kept."""
        self._set_top((self.output.dropped, 0))
        self.following = self._end <= self.output.dropped or self._bottom_top() <= (self.output.dropped, 0)

    def follow(self) -> None:
        """To the end, and stay there."""
        self.following = True

    def sideways(self, step: int) -> None:
        """To the right (or left) while lines are not wrapped."""
        if not self.wrap:
            self.shift = max(0, self.shift + step * STRIDE)

    def toggle_wrap(self) -> None:
        if not self.following:
            self._set_top(self._top_place())
        self.wrap = not self.wrap
        self.shift = 0

    # -- what is in sight --------------------------------------------------------------------

    def shown(self, palette: Palette, base: Style) -> list[Shown]:
        """The rows in sight, at most `height`, not yet marked; also fixes the top while following."""
        if self._end <= self.output.dropped:
            return []
        if self.following:
            self._set_top(self._bottom_top())
        number, row = self._top_place()
        styles = styles_of(palette, base)
        found: list[Shown] = []
        while (room := self.height - len(found)) > 0 and number < self._end:
            if self.wrap:
                laid = self._laid(number)
                for at in range(row, min(row + room, len(laid.ranges))):
                    found.append(Shown(number, *laid.ranges[at], laid.row(at, styles)))
            else:
                found.append(self._window(number, styles))
            number, row = number + 1, 0
        return found

    def _window(self, number: int, styles: Styles) -> Shown:
        """What of an unwrapped line is in sight: a line of many thousand characters costs its part."""
        at, needed = number - self.output.dropped, self.shift + self.width + 1
        count, known = needed, -1
        while True:
            safe = SafeLine.of(self.output.beginning(at, count))
            text = safe.text
            if cell_width(text) >= needed or len(text) == known:
                break
            known, count = len(text), count * 4
        start = hard_rows(text, self.shift)[0][1] if self.shift else 0
        end = start + hard_rows(text[start:], self.width + 1)[0][1]
        inside = safe.row(start, end, styles)
        return Shown(number, start, end, inside, max(0, self.shift - cell_width(text[:start])))

    def forget(self) -> None:
        """The colours changed, or everything."""
        self._layouts.forget()

    # -- finding -----------------------------------------------------------------------------

    @property
    def found(self) -> SafeText:
        """How many matches there are, as far as they are counted."""
        count = number_of(len(self.matches))
        return count if len(self.matches) < MATCHES_KEPT else join(count, own("+"))

    @property
    def is_searching(self) -> bool:
        """Whether `scan` has something to do."""
        return bool(self.query) and self._unfinished

    def search(self, query: str) -> None:
        """Find all places of `query`; capital letters in it count, otherwise they do not matter."""
        self.query = query
        self._search_anew()

    def _search_anew(self) -> None:
        self.matches, self.current, self._scanned = [], None, 0
        self.scan()

    def scan(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Find on, in what has not been looked at and what has come since, for `SCAN_SECONDS`."""
        if not self.query:
            return
        fold = self.query.islower() or not any(char.isupper() for char in self.query)
        wanted = self.query.lower() if fold else self.query
        number = max(self._scanned, self.output.dropped)
        self._keep_matches(self.output.dropped, number)
        end, until = self._end, clock() + SCAN_SECONDS
        while number < end:
            self._scan_line(number, self._line(number), wanted, fold)
            number += 1
            if clock() >= until:
                break
        self._unfinished = number < end
        self._scanned = min(number, max(self._scanned, self.output.dropped + self.output.settled))
        if self.current is not None and self.current >= len(self.matches):
            self.current = len(self.matches) - 1 if self.matches else None

    def _keep_matches(self, first: int, end: int) -> None:
        """Only those from line `first` to before `end`."""
        del self.matches[bisect_left(self.matches, end, key=lambda match: match.line) :]
        gone = bisect_left(self.matches, first, key=lambda match: match.line)
        if gone:
            del self.matches[:gone]
            self.current = max(0, self.current - gone) if self.current is not None else None

    def _scan_line(self, number: int, resolved: Line, wanted: str, fold: bool) -> None:
        text: str = SafeLine.of(resolved).text
        if fold:
            lowered = text.lower()
            text = lowered if len(lowered) == len(text) else text
        at = text.find(wanted)
        while at >= 0 and len(self.matches) < MATCHES_KEPT:
            self.matches.append(Match(number, at, at + len(wanted)))
            at = text.find(wanted, at + len(wanted))

    def onward(self, step: int) -> bool:
        """To the next match (or the one before), round at the ends; from what is in sight at first."""
        if not self.matches:
            return False
        if self.current is None:
            number = self._top_place()[0]
            later = next((at for at, match in enumerate(self.matches) if match.line >= number), None)
            at = later if later is not None else 0
            self.current = at if step > 0 else (at - 1) % len(self.matches)
        else:
            self.current = (self.current + step) % len(self.matches)
        self._reveal(self.matches[self.current])
        return True

    def _reveal(self, match: Match) -> None:
        """Bring a match into sight, with as little movement as that takes."""
        ranges = self._ranges(match.line)
        row = max(at for at, (start, _) in enumerate(ranges) if start <= match.start or at == 0)
        top = self._bottom_top() if self.following else self._top_place()
        bottom = self._walk(top, self.height - 1)[0]
        if not top <= (match.line, row) <= bottom:
            place = self._walk((match.line, row), -(self.height // 2))[0]
            self._set_top(min(place, self._bottom_top()))
            self.following = False
        elif self.following:
            self._set_top(top)
            self.following = False
        if not self.wrap and not self.shift <= match.start < self.shift + self.width:
            self.shift = max(0, match.start - self.width // 2)
