"""The dialog as lines: a title, facts, a window on the body, the answers, and the guard's countdown.

Pure: the same sheet at the same size has the same lines, and heights do not change while a
question is read. On small terminals there is no box and the answers share their rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.style import Style
from textual.strip import Strip

from codex_tui.dialogs.answers import Answers, Hit, lines_of
from codex_tui.dialogs.signs import Signs, plainly, signs_of
from codex_tui.paint.lines import EMPTY, Part, Row, blanks, cut_row, part_width
from codex_tui.paint.question import Painted, Rows, Stacked, exact, paint_facts
from codex_tui.text import SafeText, cell_width, join, number, own

if TYPE_CHECKING:
    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.paint.look import Look

SMALL = (60, 16)
"""Columns and rows below which the dialog takes the whole screen and has no box."""
WIDEST = 132
"""Cells a box is wide at most: longer lines are hard to follow."""
TWO_SIDES = 140
"""Columns from which a patch is shown with its two sides beside each other, wider than other questions."""
WINDOW_WANTED = 6
"""Rows of the body that facts may not push out of sight; with less room they scroll with it."""
AIRY = 30
"""Rows of a terminal from which on some of the conversation stays in sight above and below."""
BAR = 6
"""Cells of the bar that fills until answers count."""
HINT_GAPS = (own("   "), own("  "))
"""Between two hints, where there is room and where there is little."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What changes while a question is on screen."""

    top: int = 0  # first row of the body in the window
    unseen: int = 0  # rows of the body never painted
    waived: bool = False  # `u`: a grant may go without them
    position: int = 1
    count: int = 1
    age: float = 0.0  # seconds since the request came
    alive_in: float = 0.0  # seconds until answers count
    progress: float = 1.0  # of that wait, 0 to 1
    sent: SafeText | None = None  # the answer given, while the engine has not taken it back


@dataclass(frozen=True, slots=True)
class Frame:
    """The layout of one sheet at one size."""

    sheet: Sheet
    look: Look  # its width is that of the inside
    boxed: bool
    width: int
    height: int
    head: tuple[Strip, ...]  # facts that stay in sight, and the blank line under them
    body: Rows
    window: int  # rows of the body in sight; 0: too small to show anything
    spaced: bool  # blank line above the answers
    listed: bool  # one answer a row
    answer_rows: int
    lead: int = 0  # rows of the body before the sheet's own: facts that found no room above

    @property
    def scrolls(self) -> bool:
        return len(self.body) > self.window

    @property
    def measured(self) -> bool:
        """Whether there is a line under the body that says how long it is and what is out of sight."""
        return bool(self.sheet.measure) or self.scrolls

    @property
    def last_top(self) -> int:
        """The highest `Moment.top`."""
        return max(0, len(self.body) - self.window)

    @property
    def first_body_row(self) -> int:
        """The line of the dialog in which the window begins."""
        return 1 + len(self.head)

    def body_row(self, y: int, top: int) -> int | None:
        """The row of the body on line `y` of the dialog."""
        at = y - self.first_body_row
        return top + at if 0 <= at < self.window and top + at < len(self.body) else None

    def paint(self, moment: Moment) -> tuple[list[Strip], list[Hit]]:
        """All lines but those of the body (blank here), and where clicks answer."""
        answers, hits = self._answers(moment)
        inside = [
            *self.head,
            *[EMPTY] * self.window,
            *([self._measure(moment)] if self.measured else []),
            *([EMPTY] if self.spaced else []),
        ]
        hits = [(1 + len(inside) + row, left, right, key) for row, left, right, key in hits]
        inside += [*answers, self._guard(moment)]
        lines = [self._title(moment), *(self.side(strip) for strip in inside)]
        if self.boxed:
            left, right = self._signs.bottom
            rule = SafeText(self._signs.across * (self.width - 2))
            lines.append(exact([(join(left, rule, right), self._rule)]))
            hits = [(row, left + 2, right + 2, key) for row, left, right, key in hits]
        return lines, hits

    def side(self, strip: Strip) -> Strip:
        """A line of the inside with the box's sides."""
        full = strip.adjust_cell_length(self.look.width)
        if not self.boxed:
            return full.adjust_cell_length(self.width)
        side = self._signs.side
        left, right = join(side, own(" ")), join(own(" "), side)
        return Strip.join([exact([(left, self._rule)]), full, exact([(right, self._rule)])])

    # -- parts ----------------------------------------------------------------------------

    @property
    def _rule(self) -> Style:
        return self.look.palette.accent

    @property
    def _signs(self) -> Signs:
        return signs_of(self.look.marks)

    def _own(self, text: SafeText) -> SafeText:
        return plainly(text, self.look.marks)

    def _title(self, moment: Moment) -> Strip:
        palette = self.look.palette
        right = [_age(moment.age)] if self.sheet.waits else []
        if moment.count > 1:
            right.insert(0, join(number(moment.position), own(" of "), number(moment.count)))
        facts = join(own(" "), join(*right, by=self._own(own(" · "))), own(" ")) if right else own("")
        title = join(own(" "), self.sheet.title, own(" "))
        corner = 1 if self.boxed else 0
        room = self.width - 2 * corner - cell_width(title)
        if cell_width(facts) > room - 1:
            facts = own("")
        line = SafeText(self._signs.across * max(0, room - cell_width(facts)))
        left_corner, right_corner = self._signs.top if self.boxed else (own(""), own(""))
        row: Row = [
            (left_corner, self._rule),
            *cut_row([(title, palette.strong)], self.width - 2 * corner),
            (line, self._rule),
            (facts, palette.dim),
            (right_corner, self._rule),
        ]
        return exact(row)

    def _measure(self, moment: Moment) -> Strip:
        """How long it is and what is out of sight, at the right edge."""
        palette = self.look.palette
        below = len(self.body) - self.window - moment.top
        parts: Row = []
        if self.window <= 0 and len(self.body):
            parts = [(own("too small a terminal to show it"), palette.warn)]
        elif self.scrolls and below > 0:
            parts = [(join(self._signs.below, own(" "), lines_of(below), own(" below")), palette.accent)]
        elif self.scrolls:
            parts = [(join(self._signs.above, own(" "), lines_of(moment.top), own(" above")), palette.dim)]
        if self.sheet.measure:
            dot = self._own(own(" · "))
            what: Row = [(self._own(self.sheet.measure), palette.dim)]
            if not self.scrolls:
                what.append((join(dot, own("all shown")), palette.dim))
            joined: Row = [*what, (dot, palette.dim), *parts] if parts else what
            parts = joined if part_width(joined) <= self.look.width else parts or what
        return exact(_right(parts, self.look.width))

    def _guard(self, moment: Moment) -> Strip:
        """The last line: which keys there are beside the answers, and whether answers count yet."""
        palette, signs = self.look.palette, self._signs
        if moment.sent is not None:
            state: Row = [(join(own("answered: "), self._own(moment.sent)), palette.dim)]
        elif math.isinf(moment.alive_in):
            state = []
        elif moment.alive_in > 0:
            tenths = math.ceil(moment.alive_in * 10 - 1e-6)
            seconds = SafeText(f"keys in {tenths // 10}.{tenths % 10} s  ")
            done = round(moment.progress * BAR)
            state = [
                (seconds, palette.dim),
                (SafeText(signs.full * done), palette.accent),
                (SafeText(signs.empty * (BAR - done)), palette.dim),
            ]
        else:
            state = [(own("keys are live  "), palette.dim), (SafeText(signs.full * BAR), palette.accent)]
        room = max(0, self.look.width - part_width(state))
        shown = self._hints(moment, room)
        return exact([(shown, palette.dim), (blanks(room - cell_width(shown)), palette.text), *state])

    def _hints(self, moment: Moment, room: int) -> SafeText:
        """As many hints as there is room for. The first one leads to all keys, so it goes last."""
        found: list[SafeText] = [self.sheet.help]
        if self.scrolls:
            found.append(self._own(own("↑ ↓ PgUp PgDn" if self.look.width >= SMALL[0] else "↑ ↓ PgDn")))
        if self.sheet.waits:
            found.append(own("F5 later"))
        if moment.count > 1 and self.sheet.others:
            found += [join(own("F6 all "), number(moment.count)), self.sheet.others]
        while found:
            for gap in HINT_GAPS:
                if cell_width(shown := join(*found, by=gap)) + 2 <= room:
                    return shown
            found.pop()
        return own("")

    # -- answers --------------------------------------------------------------------------

    def blocks(self, moment: Moment) -> bool:
        """Whether grants are dead: not all was seen and nobody waived that, or nothing can be seen."""
        return (moment.unseen > 0 and not moment.waived) or (self.window <= 0 and len(self.body) > 0)

    def most_answer_rows(self) -> int:
        """The rows that the answers take at the most while this sheet is shown."""
        total = len(self.body) if self.scrolls else 0
        moments = (Moment(unseen=total), Moment(unseen=total, waived=True), Moment())
        return max(len(self._drawn(moment)[0]) for moment in moments)

    def _drawn(self, moment: Moment) -> tuple[list[Strip], list[Hit]]:
        answers = Answers(
            self.sheet.choices,
            self.look,
            unseen=moment.unseen,
            # What does not scroll is in sight with the first picture.
            blocked=self.blocks(moment) and (self.scrolls or self.window <= 0),
            waived=moment.waived,
            waits=moment.alive_in > 0,
            sent=moment.sent is not None,
            scrolls=self.scrolls,
            readable=self.window > 0,
        )
        return answers.listed() if self.listed else answers.flowing()

    def _answers(self, moment: Moment) -> tuple[list[Strip], list[Hit]]:
        rows, hits = self._drawn(moment)
        return [*rows, *[EMPTY] * (self.answer_rows - len(rows))][: self.answer_rows], hits


def make_frame(sheet: Sheet, look: Look, columns: int, rows: int) -> Frame:
    """The layout of `sheet` on a terminal of that size. `look.width` is replaced by the inside's."""
    boxed = columns >= SMALL[0] and rows >= SMALL[1]
    width = (columns if columns < 100 else min(columns - 4, WIDEST)) if boxed else columns
    if sheet.wide and columns >= TWO_SIDES:
        width = columns - 4
    look = replace(look, width=max(1, width - 4 if boxed else width))
    room = rows - 2 if boxed and rows >= AIRY else rows
    facts = paint_facts(sheet.facts, look)
    text = sheet.body(look)
    edges = 2 if boxed else 1

    def plan(pinned: bool, listed: bool, spaced: bool) -> tuple[Frame, bool]:
        """The frame, and whether it shows enough: all that stays in sight, and some of the body."""
        head = (*facts, *([EMPTY] if boxed else [])) if pinned and facts else ()
        body = text if pinned or not facts else Stacked([Painted([*facts, EMPTY]), text])
        lead = len(body) - len(text)
        draft = Frame(sheet, look, boxed, width, 0, head, body, 0, spaced, listed, 0, lead)
        for scrolls in (False, True):
            # Room for the row about unseen lines is kept from the start, so that nothing jumps.
            probe = replace(draft, window=min(1, len(body) - 1) if scrolls else len(body))
            answers = probe.most_answer_rows()
            fixed = edges + len(head) + probe.measured + spaced + answers + 1
            window = room - fixed
            if len(body) <= window:
                break
        enough = window >= min(WINDOW_WANTED, len(text))
        window = max(0, min(window, len(body)) if boxed else window)
        height = min(rows, fixed + window)
        return replace(draft, height=height, window=window, answer_rows=answers), enough

    plans = [(True, True, True), (True, True, False), (False, True, False)]
    if boxed:
        for pinned, listed, spaced in plans:
            frame, enough = plan(pinned, listed, spaced)
            if enough:
                return frame
    for pinned in (True, False):
        frame, enough = plan(pinned, False, False)
        if enough:
            return frame
    return frame


def _right(row: Row, width: int) -> Row:
    room = width - part_width(row)
    lead: Part = (blanks(room), Style())
    return [lead, *row] if room >= 0 else cut_row(row, width)


def _age(seconds: float) -> SafeText:
    whole = max(0, int(seconds))
    if whole < 60:
        return join(own("waits "), number(whole), own(" s"))
    if whole < 3600:
        return join(own("waits "), number(whole // 60), own(" min"))
    return join(own("waits "), number(whole // 3600), own(" h"))
