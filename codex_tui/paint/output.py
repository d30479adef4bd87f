"""What a terminal would show of a command's output, worked out piece by piece as it comes.

Done are: colours (SGR), CR, LF, BS, TAB, erasing in the line and on the screen, and cursor
movements, all within a screen of `SCREEN_ROWS` rows at the end of what was printed. Lines that
leave the screen stay. Clearing the whole screen moves it up instead, so that nothing that was
printed is lost. There is no right edge: output of programs that write to a pipe has none.

Everything else is left out and counted (`unshown`), or kept as characters to be shown as escapes
(`seen`). The lines hold foreign text: what paints them makes it safe.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from codex_tui.paint.openline import MAX_LINE, MAX_SPANS
from codex_tui.paint.page import KEPT_CHARACTERS, KEPT_LINES, SCREEN_ROWS, Page
from codex_tui.paint.pens import PLAIN, apply_sgr
from codex_tui.paint.runs import Span, line_of
from codex_tui.text.safe import TAB_STOP
from codex_tui.text.width import is_narrow

MAX_COLUMN: Final = 2_000
"""Where a cursor movement may lead: as far as lines of real programs go."""
MOST_EFFORT: Final = 2 * MAX_LINE
"""What opening lines may cost in one go (see `feed_some`): some 5 ms of the worst there is."""
MAX_HELD: Final = 4_096
"""Characters of a control sequence that may wait for its end; a longer one is none."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_NOT_RETURN = re.compile(r"[\x00-\x0c\x0e-\x1f\x7f-\x9f]")
_SGR = re.compile(r"\x1b\[([0-9;:]{0,96})m")
_TOKEN = re.compile(
    r"([^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[([0-?]{0,96})([ -/]{0,4})([@-~])"
    r"|(\x1b[\]PX^_][^\x07\x18\x1a\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]{0,4}[0-~])"
    r"|([\x00-\x1f\x7f-\x9f])"
)
_OPEN = re.compile(r"\x1b(?:\[[0-?]{0,96}[ -/]{0,4}|[\]PX^_][^\x07\x18\x1a\n]*|[ -/]{0,4})")
_MODES = re.compile(r"\?(?:25|7|12|1|1004|2004|2026)")
_COUNTED = frozenset("ABCDEFGHJK`adef")
_RESET = "\x1bc"
_TRACELESS = frozenset({"\x1b(B", "\x1b=", "\x1b>"})


class Output(Page):
    """The resolved output of one command; `feed` it, then read `lines`."""

    def __init__(
        self,
        *,
        seen: bool = False,
        kept_lines: int = KEPT_LINES,
        kept_characters: int = KEPT_CHARACTERS,
    ) -> None:
        """`seen`: control sequences that are not obeyed stay in the text instead of being left out."""
        super().__init__(kept_lines, kept_characters)
        self.unshown = 0
        """Control characters and sequences that were left out, but for those that leave no trace."""
        self._seen = seen
        self._pen = PLAIN
        self._rest = ""  # a control sequence whose end has not come yet

    # -- what comes ------------------------------------------------------------------------

    def feed(self, text: str) -> None:
        """The next piece of output. It may end anywhere, also within a control sequence."""
        while text:
            text = self.feed_some(text)

    def feed_some(self, text: str) -> str:
        """As `feed`, but not on when much had to be opened to be written over: what is left of the text."""
        self._effort.units = 0
        if self._rest:
            text, self._rest = self._rest + text, ""
        at = text.rfind("\x1b", max(0, len(text) - MAX_HELD))
        if at >= 0 and _OPEN.fullmatch(text, at):
            text, self._rest = text[:at], text[at:]
        if "\r\n" in text:
            text = text.replace("\r\n", "\n")
        before, left = len(self._lines), ""
        if not _CONTROL.search(text):
            self._plain(text)
        else:
            left = self._mixed(text)
        if len(self._lines) > before:  # what only drew over itself takes no room
            self._note_size(self.dropped + before, len(text) - len(left))
        if self._size > self._kept_characters or len(self._lines) > self._kept_lines * 5 // 4:
            self._trim()
        if left:
            left, self._rest = left + self._rest, ""
        return left

    def _mixed(self, text: str) -> str:
        """Text with control characters, up to where that has cost much: what is left of it."""
        first, *others = text.split("\n")
        left = self._segment(first)
        whole = False  # the line before was put there together with its end
        for at, part in enumerate(others, 1):
            if left or self._effort.units > MOST_EFFORT:
                return "\n".join([left, *others[at - 1 :]])
            if not whole:
                self._newline()
            whole = at < len(others) and self._whole(part)
            if not whole:
                left = self._segment(part)
        return left

    def finish(self) -> None:
        """No more will come: a control sequence without its end is none."""
        rest, self._rest = self._rest, ""
        if rest and self._seen:
            self._open.put(rest, self._pen)
        elif rest:
            self.unshown += 1

    def _plain(self, text: str) -> None:
        """Text whose only control characters are line ends: most of all output."""
        first, *others = text.split("\n")
        if first:
            self._open.put(first, self._pen)
        if not others:
            return
        if self._row < len(self._lines) - 1 or self._pen != PLAIN or max(map(len, others)) > MAX_LINE:
            for part in others:
                self._newline()
                if part:
                    self._open.put(part, self._pen)
            return
        self._lines[self._row] = self._open.frozen()
        self._lines += others
        self._row = len(self._lines) - 1
        self._scroll()
        self._open.load(self._lines[self._row])
        self._open.column = self._open.width

    def _segment(self, part: str) -> str:
        """A piece without line ends; what is left of it when it has cost much."""
        if not part:
            return ""
        if not _CONTROL.search(part):
            self._open.put(part, self._pen)
        elif "\r" in part and not _NOT_RETURN.search(part):
            self._returns(part.split("\r"))
        else:
            pieces = _SGR.split(part)
            if len(pieces) <= 1 or _CONTROL.search("".join(pieces[::2])):
                return self._tokens(part)
            self._coloured(pieces)
        return ""

    def _whole(self, part: str) -> bool:
        """A line with its end below all others; False when it has more than styles, or too much of them."""
        if self._row < len(self._lines) - 1 or not self._open.is_empty or len(part) > MAX_LINE:
            return False
        pieces = _SGR.split(part)
        texts = pieces[::2]
        if len(texts) > MAX_SPANS or _CONTROL.search("".join(texts)):
            return False
        pen = self._pen
        pens = [pen, *(pen := apply_sgr(pen, parameters) for parameters in pieces[1::2])]
        self._pen = pen
        self._lines[self._row] = line_of(texts, pens)
        self._lines.append("")
        self._row += 1
        self._scroll()
        return True

    def _coloured(self, pieces: list[str]) -> None:
        """Text and, between its pieces, parameters of SGR: most of what is no plain text."""
        narrow = is_narrow("".join(pieces[::2]))
        if not narrow or self._open.column != self._open.width:
            for at, piece in enumerate(pieces):
                if at % 2:
                    self._pen = apply_sgr(self._pen, piece)
                elif piece:
                    self._open.put(piece, self._pen)
            return
        pen, size = self._pen, 0
        spans: list[Span] = []
        for at, piece in enumerate(pieces):
            if at % 2:
                pen = apply_sgr(pen, piece)
            elif piece:
                spans.append((piece, pen))
                size += len(piece)
        self._pen = pen
        self._open.append(spans, size)

    def _returns(self, pieces: list[str]) -> None:
        """Pieces with carriage returns between them: only those that stick out of later ones are drawn."""
        first, *others = pieces
        if first:
            self._open.put(first, self._pen)
        drawn: list[str] = [others[-1]]
        longest = len(others[-1])
        narrow = is_narrow("".join(others))
        for piece in reversed(others[:-1]):
            if len(piece) > longest or not narrow:
                longest = max(longest, len(piece))
                drawn.append(piece)
        for piece in reversed(drawn):
            self._open.column = 0
            if piece:
                self._open.put(piece, self._pen)

    def _tokens(self, part: str) -> str:
        effort = self._effort
        for at, (text, parameters, between, final, other, control) in enumerate(_TOKEN.findall(part)):
            if text:
                self._open.put(text, self._pen)
            elif final:
                if final == "m" and not between and parameters[:1] not in ("?", ">", "<", "="):
                    self._pen = apply_sgr(self._pen, parameters)
                else:
                    self._sequence(parameters, between, final)
            elif control:
                self._control(control)
            elif other == _RESET:
                self._clear()
                self._move(self._top, 0)
                self._pen = PLAIN
            elif other not in _TRACELESS:
                self._leave_out(other)
            if effort.units > MOST_EFFORT:
                done = next(islice(_TOKEN.finditer(part), at, None)).end()
                return part[done:]
        return ""

    def _control(self, sign: str) -> None:
        if sign == "\r":
            self._open.column = 0
        elif sign == "\b":
            self._open.column = max(0, self._open.column - 1)
        elif sign == "\t":
            self._open.column = min(
                self._open.column + TAB_STOP - self._open.column % TAB_STOP, max(MAX_COLUMN, self._open.width)
            )
        elif sign in "\x0b\x0c":
            self._newline()
        elif sign not in "\x00\x07" or self._seen:
            self._leave_out(sign)

    def _sequence(self, parameters: str, between: str, final: str) -> None:
        numbers = parameters.split(";")
        if (
            final in _COUNTED
            and not between
            and all(not n or (n.isdecimal() and len(n) < 6) for n in numbers)
        ):
            first = int(numbers[0] or 0)
            if final in "HfJKG`d" or len(numbers) == 1:
                self._obey(final, first, int(numbers[1] or 0) if len(numbers) > 1 else 0)
                return
        if final in "hl" and _MODES.fullmatch(parameters):
            return
        self._leave_out(f"\x1b[{parameters}{between}{final}")

    def _obey(self, final: str, first: int, second: int) -> None:
        steps = max(1, first)
        if final in "AF":
            self._move(max(self._top, self._row - steps), 0 if final == "F" else self._open.column)
        elif final in "BEe":
            lowest = max(self._row, self._top + SCREEN_ROWS - 1)
            self._move(min(lowest, self._row + steps), 0 if final == "E" else self._open.column)
        elif final in "Ca":
            self._open.column = max(self._open.column, min(self._open.column + steps, MAX_COLUMN))
        elif final == "D":
            self._open.column = max(0, self._open.column - steps)
        elif final in "G`":
            self._open.column = min(steps - 1, MAX_COLUMN)
        elif final == "d":
            self._move(self._top + min(steps, SCREEN_ROWS) - 1, self._open.column)
        elif final in "Hf":
            self._move(self._top + min(steps, SCREEN_ROWS) - 1, min(max(1, second) - 1, MAX_COLUMN))
        elif final == "K":
            self._open.erase(first)
        elif first == 2:
            self._clear()
        elif first in (0, 1):
            self._open.erase(first)
            if first == 0:
                del self._lines[self._row + 1 :]
                self._held = {row: line for row, line in self._held.items() if row < self._row}
            else:
                for row in range(self._top, self._row):
                    self._lines[row] = ""
                self._held = {row: line for row, line in self._held.items() if row > self._row}

    def _leave_out(self, sequence: str) -> None:
        if self._seen:
            self._open.put(sequence, self._pen)
        else:
            self.unshown += 1
