"""What a person sees: the bytes of a program, read by a terminal emulator (pyte).

pyte reads about 0.3 MB a second, so nothing that is being timed feeds it: callers collect bytes
and feed them afterwards. On top of pyte stand the alternate screen, which it has not, and a filter
for control strings that it would print.
"""

from __future__ import annotations

import codecs
import re
from typing import Any, cast

import pyte

#: Longest unfinished sequence held back between two feeds.
MAX_CARRY = 4096

_ALTERNATE = re.compile(r"\x1b\[\?(?:1049|1047|47)([hl])")
# Keyboard protocol, mode queries, XTVERSION and modifyOtherKeys; device control, application,
# privacy and operating system strings: none paints anything.
_UNPAINTED = re.compile(
    r"\x1b\[[<=>][\d;:]*[ -/]*[@-~]|\x1b\[\?[\d;]*(?:u|\$p|s|r|n)|\x1b\[\d* q"
    r"|\x1b[P_^X][^\x1b]*\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_COLON = re.compile(r"\x1b\[[\d;]*:[\d;:]*m")
_UNFINISHED = re.compile(r"\x1b(?:\[[<=>?]?[\d;:]*[ -/]*|[P_^X\]][^\x07\x1b]*\x1b?)?\Z")


class Screen:
    """A terminal's two screens, `columns` × `rows` cells."""

    def __init__(self, columns: int, rows: int) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._carry = ""
        self._main = cast(Any, pyte.Screen(columns, rows))
        self._other = cast(Any, pyte.Screen(columns, rows))
        self._streams: dict[bool, Any] = {
            False: cast(Any, pyte.Stream(self._main)),
            True: cast(Any, pyte.Stream(self._other)),
        }
        self.alternate = False

    def feed(self, data: bytes) -> None:
        """Paint the next bytes."""
        text = self._carry + self._decode(data)
        rest = _UNFINISHED.search(text)
        self._carry = rest[0] if rest and len(rest[0]) <= MAX_CARRY else ""
        if self._carry:
            text = text[: -len(self._carry)]
        at = 0
        for match in _ALTERNATE.finditer(text):
            self._paint(text[at : match.start()])
            at = match.end()
            self.alternate = match[1] == "h"
            if self.alternate:
                self._other.reset()
        self._paint(text[at:])

    def _paint(self, text: str) -> None:
        if text:
            plain = _UNPAINTED.sub("", text)
            plain = _COLON.sub(lambda match: match[0].replace(":", ";"), plain)
            self._streams[self.alternate].feed(plain)

    def resize(self, columns: int, rows: int) -> None:
        self._main.resize(rows, columns)
        self._other.resize(rows, columns)

    @property
    def lines(self) -> list[str]:
        """The rows now shown, without trailing blanks."""
        screen = self._other if self.alternate else self._main
        return [cast(str, line).rstrip() for line in screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def main_text(self) -> str:
        """The main screen, which a full-screen program leaves as it was."""
        return "\n".join(cast(str, line).rstrip() for line in self._main.display)

    @property
    def cursor(self) -> tuple[int, int]:
        """(column, row) from 1."""
        cursor = (self._other if self.alternate else self._main).cursor
        return int(cursor.x) + 1, int(cursor.y) + 1
