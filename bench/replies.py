"""What a terminal answers: the queries a program writes at start, and the modes it turns on.

Programs ask their terminal what it can do and some wait for the answer, so a harness that stays
silent measures time-outs. This one answers as xterm does (and, when asked to, as a terminal with
the kitty keyboard protocol). It also keeps account of every mode a program switched, which is how
a test sees whether the terminal was given back as it was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: Longest unfinished control sequence kept until its end arrives; queries are under 20 bytes,
#: and a longer string sequence (a clipboard write, say) needs no answer.
MAX_CARRY = 256

_SEQUENCE = re.compile(
    rb"\x1b\[(?P<lead>[<=>?]?)(?P<args>[\d;:]*)(?P<mid>[ !\"$'*]?)(?P<end>[@-~])"
    rb"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|\x1bP(?P<dcs>[^\x1b]*)\x1b\\"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[<=>?]?[\d;:]*[ !\"$'*]?|\][^\x07\x1b]*\x1b?|P[^\x1b]*\x1b?)?\Z")

#: Private modes xterm knows and reports on (DECRQM); others are "not recognised".
KNOWN_MODES = frozenset(
    {1, 7, 12, 25, 47, 1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 1047, 1049, 2004, 2026}
)
#: Modes that are on in a fresh terminal: line wrap and the cursor.
MODES_AT_START = frozenset({7, 25})

FOREGROUND = b"rgb:d8d8/dede/e9e9"
BACKGROUND = b"rgb:1616/1818/1c1c"


class Replies:
    """Reads a program's output, keeps its modes, and hands each answer to `answer`.

    `size` gives (columns, rows) and `cursor` (column, row), both counted from 1.
    """

    def __init__(
        self,
        answer: Callable[[bytes], None],
        size: Callable[[], tuple[int, int]],
        cursor: Callable[[], tuple[int, int]],
        *,
        kitty: bool = False,
    ) -> None:
        self._answer = answer
        self._size = size
        self._cursor = cursor
        self.answers_kitty = kitty
        self._carry = b""
        self._flags: list[int] = []
        self.modes: set[int] = set(MODES_AT_START)
        self.title = ""

    @property
    def keyboard_flags(self) -> int:
        """The kitty keyboard flags in force; 0 is the legacy keyboard."""
        return self._flags[-1] if self._flags else 0

    @property
    def keyboard_depth(self) -> int:
        """How many keyboard modes were pushed and not popped."""
        return len(self._flags)

    def read(self, data: bytes) -> None:
        """Take the next bytes of output; sequences may be split anywhere."""
        data = self._carry + data
        done = 0
        for match in _SEQUENCE.finditer(data):
            done = match.end()
            if (osc := match["osc"]) is not None:
                self._on_osc(osc)
            elif (dcs := match["dcs"]) is not None:
                if dcs.startswith(b"+q"):  # XTGETTCAP: none is known
                    self._answer(b"\x1bP0+r\x1b\\")
                elif dcs.startswith(b"$q"):  # DECRQSS: nor any setting
                    self._answer(b"\x1bP0$r\x1b\\")
            else:
                self._on_csi(match["lead"], match["args"], match["mid"], match["end"])
        rest = _UNFINISHED.search(data, done)
        self._carry = rest[0] if rest and len(rest[0]) <= MAX_CARRY else b""

    def _on_osc(self, body: bytes) -> None:
        code, _, value = body.partition(b";")
        if code in (b"0", b"2"):
            self.title = value.decode(errors="replace")
        elif value == b"?" and code in (b"10", b"12"):
            self._answer(b"\x1b]" + code + b";" + FOREGROUND + b"\x1b\\")
        elif value == b"?" and code == b"11":
            self._answer(b"\x1b]11;" + BACKGROUND + b"\x1b\\")
        elif code == b"4" and value.endswith(b";?"):
            self._answer(b"\x1b]4;" + value[:-1] + FOREGROUND + b"\x1b\\")

    def _on_csi(self, lead: bytes, args: bytes, mid: bytes, end: bytes) -> None:
        if mid == b"$" and end == b"p" and lead == b"?":
            self._report_mode(args)
        elif mid:
            return
        elif lead == b"?" and end in b"hl":
            numbers = {int(part) for part in args.split(b";") if part.isdigit()}
            self.modes = self.modes | numbers if end == b"h" else self.modes - numbers
        elif end == b"u" and lead:
            self._on_keyboard(lead, args)
        elif end == b"c" and args in (b"", b"0"):
            if lead == b"":
                self._answer(b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c")
            elif lead == b">":
                self._answer(b"\x1b[>41;390;0c")
        elif end == b"n" and lead in (b"", b"?"):
            if args == b"5":
                self._answer(b"\x1b[0n")
            elif args == b"6":
                column, row = self._cursor()
                self._answer(b"\x1b[%s%d;%dR" % (lead, row, column))
        elif end == b"q" and lead == b">":
            self._answer(b"\x1bP>|XTerm(390)\x1b\\")
        elif end == b"t" and lead == b"":
            self._report_size(args)

    def _report_mode(self, args: bytes) -> None:
        mode = int(args) if args.isdigit() else 0
        state = (1 if mode in self.modes else 2) if mode in KNOWN_MODES else 0
        self._answer(b"\x1b[?%d;%d$y" % (mode, state))

    def _report_size(self, args: bytes) -> None:
        columns, rows = self._size()
        if args == b"18":
            self._answer(b"\x1b[8;%d;%dt" % (rows, columns))
        elif args == b"14":
            self._answer(b"\x1b[4;%d;%dt" % (rows * 20, columns * 10))
        elif args == b"16":
            self._answer(b"\x1b[6;20;10t")

    def _on_keyboard(self, lead: bytes, args: bytes) -> None:
        first = args.split(b";")[0]
        number = int(first) if first.isdigit() else 0
        if lead == b">":
            self._flags.append(number)
        elif lead == b"<":
            del self._flags[-(number or 1) :]
        elif lead == b"=":
            self._flags[-1:] = [number]
        elif self.answers_kitty:  # "?": xterm stays silent; the DA1 that follows tells the program so
            self._answer(b"\x1b[?%du" % self.keyboard_flags)
