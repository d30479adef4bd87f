"""A field that takes text: a pure value, a key gives the next one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rich.style import Style

from codex_tui.composer.draft import showable
from codex_tui.dialogs.signs import TYPING, KeyLine, signs_of
from codex_tui.paint.lines import Part, Row, chop
from codex_tui.paint.look import Look
from codex_tui.text import SafeText, cell_width, line, own

LONGEST = 20_000
"""Characters of an answer: far more than anybody types into a dialog, few enough to lay out at each key."""

_NEWLINES = ("shift+enter", "ctrl+j")
EDITING = (
    KeyLine((TYPING,), own("is written")),
    KeyLine(("left", "right"), own("a character back or on")),
    KeyLine(("home", "end", "ctrl+a", "ctrl+e"), own("to the beginning or the end")),
    KeyLine(("backspace", "delete"), own("delete a character")),
    KeyLine(("ctrl+w", "ctrl+u", "ctrl+k"), own("delete the word or all before, or all behind")),
)
"""What `edited` does, and that characters are written."""


def edited(text: str, at: int, key: str) -> tuple[str, int] | None:
    """A text and where its cursor stands after a key that moves or deletes; None for other keys.

    `at` is the character that the next one goes before, 0 to the text's length.
    """
    moves = {"left": at - 1, "right": at + 1, "home": 0, "ctrl+a": 0, "end": len(text), "ctrl+e": len(text)}
    if key in moves:
        return text, max(0, min(len(text), moves[key]))
    cuts = {
        "backspace": (max(0, at - 1), at),
        "delete": (at, at + 1),
        "ctrl+u": (0, at),
        "ctrl+k": (at, len(text)),
        "ctrl+w": (text[:at].rstrip().rfind(" ") + 1, at),
    }
    if key not in cuts:
        return None
    start, end = cuts[key]
    return text[:start] + text[end:], start


@dataclass(frozen=True, slots=True)
class Entry:
    """`text` is what will be sent, `at` where the next character goes (0 to its length).

    A `secret` one is drawn as dots, and its text stays as it was typed: nobody sees what differs.
    """

    text: str = field(default="", repr=False)
    at: int = 0
    secret: bool = False

    def press(self, key: str, character: str | None) -> Entry | None:
        """The field after a key, None when the key means nothing to it."""
        if key in _NEWLINES and not self.secret:
            return self._typed("\n")
        if character is not None and character.isprintable():
            return self._typed(character)
        after = edited(self.text, self.at, key)
        return None if after is None else replace(self, text=after[0], at=after[1])

    def paste(self, text: str) -> Entry:
        """The field after a paste; what does not fit any more is left out."""
        return self._typed(text.rstrip("\r\n") if self.secret else text)

    def _typed(self, text: str) -> Entry:
        text = (text if self.secret else showable(text))[: max(0, LONGEST - len(self.text))]
        return replace(self, text=self.text[: self.at] + text + self.text[self.at :], at=self.at + len(text))

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        """What its keys do."""
        return EDITING if self.secret else (*EDITING, KeyLine(_NEWLINES, own("a new line")))

    def rows(self, look: Look, width: int, active: bool) -> tuple[list[Row], int]:
        """The text in rows of at most `width` cells, and which of them has the cursor."""
        palette = look.palette
        shown = signs_of(look.marks).dot * len(self.text) if self.secret else self.text
        width = max(4, width)
        rows: list[Row] = []
        focus, begin = 0, 0
        for part in shown.split("\n"):
            here = self.at - begin
            row: list[Part] = [(line(part), palette.code)]
            if active and 0 <= here <= len(part):
                before = line(part[:here])
                under = line(part[here : here + 1]) or own(" ")
                row = [
                    (before, palette.code),
                    (under, palette.code + Style(reverse=True)),
                    (line(part[here + 1 :]), palette.code),
                ]
                focus = len(rows) + cell_width(before) // width
            rows += chop([piece for piece in row if piece[0]] or [(SafeText(" "), palette.text)], width)
            begin += len(part) + 1
        return rows, min(focus, len(rows) - 1)
