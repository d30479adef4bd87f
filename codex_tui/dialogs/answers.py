"""The answers of a dialog as lines: one a row where there is room, else side by side. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.dialogs.signs import plainly
from codex_tui.paint.lines import Row, blanks, part_width, wrap
from codex_tui.paint.question import exact
from codex_tui.text import SafeText, cell_width, join, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.strip import Strip

    from codex_tui.dialogs.choices import Choice
    from codex_tui.paint.look import Look

UNSEEN_KEY = "u"

Hit = tuple[int, int, int, str]
"""Where a click answers: row, first column, column behind, key."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers at one moment.

    `unseen` rows were never painted; `blocked` says that grants are dead for it, `waived` that a person
    wants to answer without them. `waits`: keys do not count yet. `sent`: an answer was given.
    """

    choices: Sequence[Choice]
    look: Look
    unseen: int
    blocked: bool
    waived: bool
    waits: bool
    sent: bool
    scrolls: bool
    readable: bool  # there is room to read what is unseen

    @property
    def _waivable(self) -> bool:
        return self.scrolls and any(choice.grants for choice in self.choices)

    def _own(self, text: SafeText) -> SafeText:
        return plainly(text, self.look.marks)

    def _styles(self, choice: Choice) -> tuple[Style, Style]:
        """How the key and the label look."""
        palette = self.look.palette
        if choice.grants and self.blocked:
            return palette.dim, palette.dim
        dead = (self.waits and not choice.eager) or self.sent
        return (palette.dim if dead else palette.accent), palette.text

    # -- one a row ------------------------------------------------------------------------

    def listed(self) -> tuple[list[Strip], list[Hit]]:
        """One answer a row, with what it does beside it."""
        palette = self.look.palette
        rows: list[Strip] = []
        hits: list[Hit] = []
        shown = [(choice, choice.sign, self._own(choice.label)) for choice in self.choices]
        signs = max(cell_width(sign) for _, sign, _ in shown)
        column = 2 + signs + 2 + max(cell_width(label) for _, _, label in shown) + 3
        for choice, key, label in shown:
            sign, text = self._styles(choice)
            effect: Row = [(choice.effect, palette.warn if choice.rule else palette.dim)]
            if choice.grants and self.blocked:
                effect = [(join(own("("), lines_of(self.unseen), own(" not seen yet)")), palette.warn)]
            wrapped = _wrap_effect(effect, self.look.width, column)
            first: Row = [
                (blanks(2), palette.text),
                (SafeText(key.ljust(signs + 2)), sign),
                (label, text),
            ]
            if wrapped and wrapped[0]:
                first += [(blanks(column - part_width(first)), palette.text), *wrapped[0]]
            hits.append((len(rows), 0, self.look.width, choice.key))
            rows.append(exact(first))
            for more in wrapped[1:]:
                hits.append((len(rows), 0, self.look.width, choice.key))
                rows.append(exact([(blanks(min(column, 6)), palette.text), *more]))
        if self._waivable:
            row = self._unseen_row(signs)
            if row is not None:
                hits.append((len(rows), 0, self.look.width, UNSEEN_KEY))
                rows.append(exact(row))
        return rows, hits

    def _unseen_row(self, signs: int) -> Row | None:
        palette = self.look.palette
        if self.waived:
            return [
                (blanks(4 + signs), palette.text),
                (join(own("answering with "), lines_of(self.unseen), own(" unseen")), palette.warn),
            ]
        if not self.unseen or not self.readable:
            return None
        return [
            (blanks(2), palette.text),
            (SafeText("u".ljust(signs + 2)), palette.dim if self.waits else palette.accent),
            (own("Let me answer without reading the rest"), palette.text),
        ]

    # -- side by side ---------------------------------------------------------------------

    def flowing(self) -> tuple[list[Strip], list[Hit]]:
        """Answers side by side, wrapped between them."""
        palette = self.look.palette
        items: list[tuple[str, Row]] = []
        for choice in self.choices:
            sign, text = self._styles(choice)
            short = self._own(choice.short)
            items.append((choice.key, [(choice.sign, sign), (own(" "), text), (short, text)]))
        if self._waivable and self.blocked and self.readable:
            sign = palette.dim if self.waits else palette.accent
            unseen = join(own(" "), number(self.unseen), own(" unseen, ok"))
            items.append((UNSEEN_KEY, [(own("u"), sign), (unseen, palette.warn)]))
        rows: list[Row] = [[]]
        hits: list[Hit] = []
        for key, row in items:
            used = part_width(rows[-1])
            if used and used + 2 + part_width(row) > self.look.width:
                rows.append([])
                used = 0
            if used:
                rows[-1].append((own("  "), palette.text))
                used += 2
            hits.append((len(rows) - 1, used, used + part_width(row), key))
            rows[-1] += row
        return [exact(row) for row in rows], hits


def lines_of(count: int) -> SafeText:
    """`1 line`, `1,200 lines`."""
    return join(number(count), own(" line") if count == 1 else own(" lines"))


def _wrap_effect(effect: Row, width: int, column: int) -> list[Row]:
    """An effect in its column beside the label; in rows of its own when the column is too narrow for it."""
    if not effect[0][0]:
        return []
    if part_width(effect) <= width - column:
        return [list(effect)]
    return [[], *wrap(effect, max(8, width - 6))]
