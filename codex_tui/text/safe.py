"""Foreign text made safe for a terminal: the only way engine text may reach one.

Every control, format, invisible or look-alike-blank character becomes a visible escape:
`\\x1b` below U+0100, `<U+202E>` above. So do combining marks that stand on nothing or pile
up higher than any script needs. The mapping is injective: source text that already spells
such an escape has its first character escaped in turn, so two different strings never look
the same. Each call sees whole, assembled text and keeps nothing between calls, so a control
sequence split over several deltas cannot rejoin.
"""

from __future__ import annotations

import re
from typing import LiteralString, NewType
from unicodedata import category

SafeText = NewType("SafeText", str)
"""Text that went through this module. The type checker keeps plain `str` out of the sinks."""

# Characters that `str.isprintable` accepts though they draw as nothing or as a blank:
# Hangul fillers, Khmer inherent vowels, combining grapheme joiner, Mongolian and standard
# variation selectors, Braille blank, object replacement character, musical null notehead,
# Khitan filler, variation selectors supplement.
_BLANKS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164"
    "\ufe00-\ufe0f\uffa0\ufffc\U00016fe4\U0001d159\U000e0100-\U000e01ef"
)
_BLANK = re.compile(f"[{_BLANKS}]")
# Source text that spells one of our own escapes.
_SPELLED = re.compile(r"\\(?=x[0-9a-f]{2})|<(?=U\+[0-9A-F]{4,6}>)")
_WIDE_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

MAX_STACK = 4
"""Combining marks on one base that are drawn; Hebrew and Tibetan need up to four. More would
paint over the lines above and below."""
# Blocks that hold combining marks, loosely: where five in a row may be a pile worth counting.
_PILE = re.compile(
    "[\u0300-\u1fff\u20d0-\u20ff\u2cef-\u2cf1\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff"
    f"\ufb1e\ufe20-\ufe2f\U00010000-\U0001efff]{{{MAX_STACK + 1}}}"
)

TAB_STOP = 8

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa"
    "\U0001f400-\U0001faff](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
)
# At most eight pictures: the longest emoji sequence in use has four.
_EMOJI = re.compile(f"{_PICTURE}(?:\u200d{_PICTURE}){{0,7}}|[0-9#*]\ufe0f\u20e3")
_JOINERS = re.compile("[\u200d\ufe0f]")


class _Escapes(dict[int, str]):
    """For `str.translate`: each character as it is drawn, so that a megabyte takes milliseconds."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        drawn = char if char.isprintable() and not _BLANK.match(char) else _escape(code)
        if len(self) < KEPT:
            self[code] = drawn
        return drawn


class _Stacks(dict[int, str]):
    """For `str.translate`: `1` for a combining mark, `0` for everything else."""

    def __missing__(self, code: int) -> str:
        found = "1" if _stacked(chr(code)) else "0"
        if len(self) < KEPT:
            self[code] = found
        return found


KEPT = 1 << 16
"""Different characters that are remembered: more than any text has, a few megabytes at the most."""
_ESCAPES, _STACKS = _Escapes(), _Stacks()
# A mark at the very start would sit on whatever the painter put before this text.
_PILES = re.compile(f"^1+|1{{{MAX_STACK + 1},}}")


def _stacked(char: str) -> bool:
    return char > "\u02ff" and category(char) in ("Mn", "Me")


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"


def _respelled(text: str) -> str:
    """`text`, but what spells one of our escapes no longer does."""
    return _SPELLED.sub(lambda match: _escape(ord(match.group())), text) if _SPELLED.search(text) else text


def _visible(text: str) -> str:
    """`text` with everything written out that is not drawn as itself, spelled escapes as they are."""
    if text.isascii():
        return text.translate(_ESCAPES)
    out: list[str] = []
    done = 0
    for pile in _PILES.finditer(text.translate(_STACKS)):
        drawn = pile.start() + (MAX_STACK if pile.start() else 0)
        out.append(text[done:drawn].translate(_ESCAPES))
        out += [_escape(ord(char)) for char in text[drawn : pile.end()]]
        done = pile.end()
    out.append(text[done:].translate(_ESCAPES))
    return "".join(out)


def line(text: str) -> SafeText:
    """One line, everything escaped: newline is `\\x0a`, tab `\\x09`. For names, paths, hosts, titles."""
    if text.isascii():
        if text.isprintable() and "\\x" not in text and "<U+" not in text:
            return SafeText(text)
    elif (
        text.isprintable()
        and not _stacked(text[0])
        and not _BLANK.search(text)
        and not _SPELLED.search(text)
        and not _PILE.search(text)
    ):
        return SafeText(text)
    return SafeText(_visible(_respelled(text)))


def prose(text: str) -> SafeText:
    """One line of what somebody wrote to be read: as `tabbed`, but emoji keep the joiners and
    variation selectors they are made of. Never for commands, paths, hosts, URLs or diffs."""
    if not _JOINERS.search(text):
        return tabbed(text)
    out: list[str] = []
    done = 0
    for match in _EMOJI.finditer(text):
        emoji = match.group()
        if _JOINERS.search(emoji) and _JOINERS.sub("", emoji).isprintable():
            out += (tabbed(text[done : match.start()]), emoji)
            done = match.end()
    out.append(tabbed(text[done:]))
    return SafeText("".join(out))


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

    out: list[str] = []
    column = 0
    for index, part in enumerate(text.split("\t")):
        if index:
            blanks = TAB_STOP - column % TAB_STOP
            out.append(" " * blanks)
            column += blanks
        safe = line(part)
        out.append(safe)
        column += cell_width(safe)
    return SafeText("".join(out))


def copyable(text: str) -> SafeText:
    """Text for the clipboard: newlines and tabs stay, CRLF becomes a newline, other blanks a plain one.

    What could act where it is pasted, or hide there, becomes a visible escape. What the text itself
    spells stays as it is: code that holds `\\x1b` has to be the same code elsewhere. So two
    different texts may yield the same copy, and nothing is decided by what a copy looks like.
    """
    rows = (part[:-1] if part.endswith("\r") else part for part in text.split("\n"))
    return SafeText("\n".join("\t".join(_kept(piece) for piece in row.split("\t")) for row in rows))


def _kept(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = _WIDE_BLANKS.sub(" ", text)
    out: list[str] = []
    done = 0
    for match in _EMOJI.finditer(text) if _JOINERS.search(text) else ():
        emoji = match.group()
        if _JOINERS.search(emoji) and _JOINERS.sub("", emoji).isprintable():
            out += (_visible(text[done : match.start()]), emoji)
            done = match.end()
    out.append(_visible(text[done:]))
    return "".join(out)


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
