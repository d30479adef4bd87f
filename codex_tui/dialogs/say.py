"""The second step of "no, and say why": a few words that the agent reads after the no."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.style import Style

from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.lines import Row, chop
from codex_tui.paint.question import Painted, exact
from codex_tui.text import cell_width, line, own

if TYPE_CHECKING:
    from codex_tui.dialogs.step import Step
    from codex_tui.paint.look import Look

LONGEST = 10_000
"""Characters of a message: far more than anybody types here, and a paste by mistake stays harmless."""

_CURSOR = Style(reverse=True)
_KEYS = {"space": " ", "shift+enter": "\n", "ctrl+j": "\n"}


@dataclass(frozen=True, slots=True)
class SayStep:
    """`decline` is the answer that goes with the words; `at` is where the next character goes."""

    decline: Choice
    text: str = ""
    at: int = 0

    def press(self, key: str, character: str | None) -> Step | None:
        if key in _KEYS or (character is not None and character.isprintable()):
            return self.paste(_KEYS.get(key) or character or "")
        match key:
            case "left":
                return replace(self, at=max(0, self.at - 1))
            case "right":
                return replace(self, at=min(len(self.text), self.at + 1))
            case "home" | "ctrl+a":
                return replace(self, at=0)
            case "end" | "ctrl+e":
                return replace(self, at=len(self.text))
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

    def _without(self, start: int, end: int) -> Step:
        return replace(self, text=self.text[:start] + self.text[end:], at=start)

    def paste(self, text: str) -> Step | None:
        text = text.replace("\r\n", "\n").replace("\r", "\n")[: LONGEST - len(self.text)]
        return replace(self, text=self.text[: self.at] + text + self.text[self.at :], at=self.at + len(text))

    @property
    def sheet(self) -> Sheet:
        words = self.text.strip()
        send = replace(
            self.decline,
            key="enter",
            sign=own("Enter"),
            label=own("No, and tell the agent this") if words else own("No, without a word"),
            short=own("no, and say it") if words else own("no"),
            effect=NO_EFFECT,
            says=words,
            eager=True,
        )
        back = Choice(
            "escape", own("Esc"), own("Back, nothing is answered"), own("back"), NO_EFFECT, None, ""
        )
        return Sheet(
            title=own("No. What should the agent do instead?"),
            facts=(),
            body=lambda look: Painted([exact(row) for row in self._rows(look)[0]]),
            measure=own(""),
            choices=(send, back),
            focus=lambda look: self._rows(look)[1],
        )

    def _rows(self, look: Look) -> tuple[list[Row], int]:
        """The text as rows, and the row of the cursor."""
        palette = look.palette
        rows: list[Row] = []
        focus, begin = 0, 0
        for part in self.text.split("\n"):
            here = self.at - begin
            row: Row = [(line(part), palette.text)]
            if 0 <= here <= len(part):
                under = line(part[here : here + 1]) or own(" ")
                row = [
                    (line(part[:here]), palette.text),
                    (under, palette.text + _CURSOR),
                    (line(part[here + 1 :]), palette.text),
                ]
                before = cell_width(line(part[:here]))
                focus = len(rows) + before // max(1, look.width)
            rows += chop([piece for piece in row if piece[0]] or [(own(" "), palette.text)], look.width)
            begin += len(part) + 1
        while len(rows) < 3:
            rows.append([(own(" "), palette.text)])
        return rows, min(focus, len(rows) - 1)
