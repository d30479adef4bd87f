"""What a program may write to a terminal: an allow-list, checked on the bytes as they come.

Only sequences that Textual and this program's own start and end write are allowed, and of text
only what is printed as something. Everything else is a violation, whatever it would do.
"""

from __future__ import annotations

import base64
import codecs
import re
import unicodedata

# Colours, cursor to a cell, switching private modes, asking for one, keyboard protocol, cursor shape.
_ALLOWED = re.compile(
    r"\[[\d;:]*m|\[[\d;]*H|\[\?[\d;]*[hl]|\[\?\d+\$p|\[[><=]\d*(?:;\d+)*u|\[\?u|\[>4;?\d*m|\[2J|\[c|\[6n"
    r"|\[\d* q"
)
_POINTER = re.compile(r"\]22;[a-z-]*")
_CLIPBOARD = re.compile(r"\]52;c;([A-Za-z0-9+/=]*)")
_TITLE = re.compile(r"\][02];(.*)", re.DOTALL)
_CSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_STRING = re.compile(r"\x1b[\]P_^X][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)")
_SHORT = re.compile(r"\x1b[ -/]*[0-~]")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X][^\x07\x1b\x9c]*\x1b?|[ -/]*)?\Z")

MAX_CARRY = 1 << 16
"""Longest unfinished sequence that is waited for."""

BLANKS = frozenset(
    (0x00A0, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F, 0x180F, 0x17B4, 0x17B5, 0xFFFC)
).union(range(0x180B, 0x180E), range(0xFE00, 0xFE10), range(0xE0000, 0xE01F0))
"""Characters that draw as nothing or as a blank though their category is an ordinary one."""
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
JOINERS = frozenset("\u200d\ufe0f")


def is_hidden(char: str) -> bool:
    """Whether a character may not be drawn as it is."""
    if " " <= char <= "~":
        return False
    category = unicodedata.category(char)
    return category in _CATEGORIES or category == "Zs" or ord(char) in BLANKS


class Watch:
    """Reads output in pieces; `violations` are what was not allowed, `links` OSC 8 and `bells` BEL."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._carry = ""
        self._before = " "
        self.violations: list[str] = []
        self.effects: list[str] = []
        self.joiners = False  # an emoji may hold its joiner: only where prose is shown

    def feed(self, data: bytes) -> None:
        """The next output."""
        text = self._carry + self._decode(data)
        rest = _UNFINISHED.search(text)
        self._carry = rest[0] if rest and len(rest[0]) <= MAX_CARRY else ""
        if self._carry:
            text = text[: -len(self._carry)]
        at = 0
        while (escape := text.find("\x1b", at)) >= 0:
            self._text(text[at:escape])
            found = _CSI.match(text, escape) or _STRING.match(text, escape) or _SHORT.match(text, escape)
            at = found.end() if found else escape + 1
            self._sequence(found[0] if found else "\x1b")
        self._text(text[at:])

    def _text(self, text: str) -> None:
        if not text:
            return
        if not text.isascii() or not text.isprintable():
            before = self._before
            for char in text:
                if char == "\x07":
                    self.effects.append("bell")
                # A line break is how the driver ends; joiners belong to emoji, where prose is shown.
                is_joiner = self.joiners and char in JOINERS and unicodedata.category(before) in {"So", "Sk"}
                if char not in "\r\n" and is_hidden(char) and not is_joiner:
                    self.violations.append(f"U+{ord(char):04X} in text")
                before = char if char not in JOINERS else before
        self._before = text[-1]

    def _sequence(self, sequence: str) -> None:
        body = sequence[1:].removesuffix("\x1b\\").removesuffix("\x07")
        if body.startswith("[") and _ALLOWED.fullmatch(body):
            return
        if _POINTER.fullmatch(body):
            return
        if body.startswith("]8;"):
            self.effects.append("link")
        if (copied := _CLIPBOARD.fullmatch(body)) and _is_clean(copied[1]):
            return
        if (title := _TITLE.fullmatch(body)) and not any(is_hidden(char) for char in title[1]):
            return
        self.violations.append(f"sequence {sequence[:60]!r}")


def _is_clean(encoded: str) -> bool:
    try:
        text = base64.b64decode(encoded).decode()
    except ValueError:
        return False
    return not any(is_hidden(char) for char in text if char not in "\n\t" and char not in JOINERS)
