"""The second step of "no, and say why": a few words that the agent reads after the no."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.entry import Entry
from codex_tui.dialogs.sheet import TYPED_OTHERS, Sheet
from codex_tui.paint.question import Painted, exact
from codex_tui.text import own

if TYPE_CHECKING:
    from codex_tui.dialogs.signs import KeyLine
    from codex_tui.dialogs.step import Step
    from codex_tui.paint.lines import Row
    from codex_tui.paint.look import Look

_ROWS = 3  # of the field, at the least


@dataclass(frozen=True, slots=True)
class SayStep:
    """`decline` is the answer that goes with the words of `entry`."""

    decline: Choice
    entry: Entry = field(default_factory=Entry)

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        return self.entry.keys

    def press(self, key: str, character: str | None) -> Step | None:
        entry = self.entry.press(key, character)
        return None if entry is None else replace(self, entry=entry)

    def paste(self, text: str) -> Step | None:
        return replace(self, entry=self.entry.paste(text))

    @property
    def sheet(self) -> Sheet:
        words = self.entry.text.strip()
        send = replace(
            self.decline,
            key="enter",
            label=own("No, and tell the agent this") if words else own("No, without a word"),
            short=own("no, and say it") if words else own("no"),
            effect=NO_EFFECT,
            says=words,
            eager=True,
        )
        back = Choice("escape", own("Back, nothing is answered"), own("back"), NO_EFFECT, None, "")
        return Sheet(
            title=own("No. What should the agent do instead?"),
            facts=(),
            body=lambda look: Painted([exact(row) for row in self._rows(look)[0]]),
            measure=own(""),
            choices=(send, back),
            focus=lambda look: self._rows(look)[1],
            others=TYPED_OTHERS,
        )

    def _rows(self, look: Look) -> tuple[list[Row], int]:
        """The text as rows, and the row of the cursor."""
        rows, focus = self.entry.rows(look, look.width, active=True)
        blank: Row = [(own(" "), look.palette.text)]
        return [*rows, *[blank] * (_ROWS - len(rows))], focus
