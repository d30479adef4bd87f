"""Keys as they are written, and the lines and marks of a dialog, with their ASCII twins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.text import SafeText, join, line, own

if TYPE_CHECKING:
    from codex_tui.paint.look import Marks


@dataclass(frozen=True, slots=True)
class Signs:
    """What a dialog is drawn with beside the marks that all painters share."""

    top: tuple[SafeText, SafeText] = (own("┌"), own("┐"))
    bottom: tuple[SafeText, SafeText] = (own("└"), own("┘"))
    across: SafeText = own("─")
    side: SafeText = own("│")
    below: SafeText = own("▾")
    above: SafeText = own("▴")
    full: SafeText = own("▓")
    empty: SafeText = own("░")
    chosen: SafeText = own("●")
    open: SafeText = own("○")
    edge: SafeText = own("▏")
    dot: SafeText = own("•")


_SIGNS = Signs()
_ASCII = Signs(
    top=(own("+"), own("+")),
    bottom=(own("+"), own("+")),
    across=own("-"),
    side=own("|"),
    below=own("v"),
    above=own("^"),
    full=own("#"),
    empty=own("."),
    chosen=own("*"),
    open=own("o"),
    edge=own("|"),
    dot=own("*"),
)
_TWINS = str.maketrans({"…": "...", "·": "-", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "−": "-"})


def is_plain(marks: Marks) -> bool:
    """Whether everything of this program's own is to be drawn in ASCII."""
    return marks.rule.isascii()


def signs_of(marks: Marks) -> Signs:
    """The signs that go with these marks."""
    return _ASCII if is_plain(marks) else _SIGNS


def plainly(text: SafeText, marks: Marks) -> SafeText:
    """Words of this program alone with the ASCII twins of their signs, where the marks are ASCII.

    Never for a text with foreign parts: two different ones could look the same.
    """
    return SafeText(text.translate(_TWINS)) if is_plain(marks) and not text.isascii() else text


TYPING = ""
"""Stands for every printable character, where they are text."""
_NAMES = {
    TYPING: "Typing",
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def sign_of(key: str) -> SafeText:
    """A Textual key name as a person writes it: `y`, `Esc`, `Ctrl+D`, `F8`."""
    if len(key) == 1:
        return line(key)
    return line("+".join(_NAMES.get(part, part.capitalize()) for part in key.split("+")))


@dataclass(frozen=True, slots=True)
class KeyLine:
    """Textual key names, and what they do on a page; `sign` where there are too many to write."""

    keys: tuple[str, ...]
    words: SafeText
    sign: SafeText = own("")

    @property
    def signs(self) -> SafeText:
        """The keys as they are written."""
        return self.sign or join(*map(sign_of, self.keys), by=own(" "))
