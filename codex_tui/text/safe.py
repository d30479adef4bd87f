"""Foreign text made safe for a terminal: the only way engine text may reach one.

Every control, format, invisible or look-alike-blank character becomes a visible escape:
`\\x1b` below U+0100, `<U+202E>` above. The mapping is injective: source text that already
spells such an escape has its first character escaped in turn, so two different strings
never look the same. The escape works character by character and keeps no state, so a
control sequence split over several deltas cannot rejoin.
"""

from __future__ import annotations

import re
from typing import LiteralString, NewType

SafeText = NewType("SafeText", str)
"""Text that went through this module. The type checker keeps plain `str` out of the sinks."""

# Characters that `str.isprintable` accepts though they draw as nothing or as a blank:
# Hangul fillers, Khmer inherent vowels, combining grapheme joiner, Mongolian and standard
# variation selectors, Braille blank, object replacement character, variation selectors supplement.
_BLANKS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164"
    "\ufe00-\ufe0f\uffa0\ufffc\U000e0100-\U000e01ef"
)
_BLANK = re.compile(f"[{_BLANKS}]")
# Source text that spells one of our own escapes.
_SPELLED = re.compile(r"\\(?=x[0-9a-f]{2})|<(?=U\+[0-9A-F]{4,6}>)")
_SUSPECT = re.compile(r"\\(?=x[0-9a-f]{2})|<(?=U\+[0-9A-F]{4,6}>)|[^\x20-\x7e]")

TAB_STOP = 8


def _visible(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char.isprintable() and char not in "\\<" and not _BLANK.match(char):
        return char
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"


def line(text: str) -> SafeText:
    """One line, everything escaped: newline is `\\x0a`, tab `\\x09`. For names, paths, hosts, titles."""
    if text.isprintable() and not _BLANK.search(text) and not _SPELLED.search(text):
        return SafeText(text)
    return SafeText(_SUSPECT.sub(_visible, text))


def lines(text: str) -> list[SafeText]:
    """Split at `\\n` and escape each line, tabs and carriage returns included.

    For commands and anything else in which two different texts must never look the same.
    The number of lines is the number of `\\n` plus one.
    """
    return [line(part) for part in text.split("\n")]


def block(text: str) -> list[SafeText]:
    """As `lines`, for text that is read rather than approved: CRLF ends a line, tabs become spaces."""
    return [tabbed(part[:-1] if part.endswith("\r") else part) for part in text.split("\n")]


def tabbed(text: str) -> SafeText:
    """One line with its tabs expanded to the next multiple of `TAB_STOP`, the rest escaped."""
    if "\t" not in text:
        return line(text)
    from codex_tui.text.width import cell_width

    out = ""
    for index, part in enumerate(text.split("\t")):
        if index:
            out += " " * (TAB_STOP - cell_width(out) % TAB_STOP)
        out += line(part)
    return SafeText(out)


def own(text: LiteralString) -> SafeText:
    """A literal of this program. The type checker refuses anything computed from foreign text."""
    return SafeText(text)


def number(value: float | int) -> SafeText:
    """A number as it prints; integers with thin grouping by commas."""
    return SafeText(f"{value:,}" if isinstance(value, int) else f"{value:g}")


def join(*parts: SafeText, by: SafeText | None = None) -> SafeText:
    """Safe parts put together; safe text stays safe under concatenation at a seam we write.

    A seam could spell an escape (`\\` + `x1b`), never form a control character.
    """
    return SafeText((by or "").join(parts))
