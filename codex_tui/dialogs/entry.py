"""A field that takes text: a pure value, a key gives the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rich.style import Style

from codex_tui.composer.draft import showable
from codex_tui.paint.lines import Part, Row, chop
from codex_tui.paint.look import Look
from codex_tui.text import SafeText, cell_width, line, own

LONGEST = 20_000
"""Characters of an answer: far more than anybody types into a dialog, few enough to lay out at each key."""

MASK = "•"
_NEWLINES = {"shift+enter", "ctrl+j"}


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
        if key in _MOVES:
            return replace(self, at=max(0, min(len(self.text), _MOVES[key](self))))
        match key:
            case "backspace":
                return self._without(max(0, self.at - 1), self.at)
            case "delete":
                return self._without(self.at, self.at + 1)
            case "ctrl+u":
                return self._without(0, self.at)
            case "ctrl+w":
                kept = self.text[: self.at].rstrip()
                return self._without(kept.rfind(" ") + 1, self.at)
            case _:
                return None

    def paste(self, text: str) -> Entry:
        """The field after a paste; what does not fit any more is left out."""
        return self._typed(text.rstrip("\r\n") if self.secret else text)

    def _typed(self, text: str) -> Entry:
        text = (text if self.secret else showable(text))[: max(0, LONGEST - len(self.text))]
        return replace(self, text=self.text[: self.at] + text + self.text[self.at :], at=self.at + len(text))

    def _without(self, start: int, end: int) -> Entry:
        return replace(self, text=self.text[:start] + self.text[end:], at=start)

    @property
    def shown(self) -> str:
        """What may be drawn of it, one character for each of its own."""
        return MASK * len(self.text) if self.secret else self.text

    def rows(self, look: Look, width: int, active: bool) -> tuple[list[Row], int]:
        """The text in rows of at most `width` cells, and which of them has the cursor."""
        palette = look.palette
        shown, width = self.shown, max(4, width)
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


_MOVES: dict[str, Callable[[Entry], int]] = {
    "left": lambda entry: entry.at - 1,
    "right": lambda entry: entry.at + 1,
    "home": lambda entry: 0,
    "ctrl+a": lambda entry: 0,
    "end": lambda entry: len(entry.text),
    "ctrl+e": lambda entry: len(entry.text),
}
