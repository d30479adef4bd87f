"""Where somebody reads, kept while the window changes its size.

Lines break elsewhere at another width, so a place is kept by the letters from there to the end of
its part of an item (its beginning may be a brief line, which shows what it has room for). And it is
kept for as long as nothing but the size changes: a window that is dragged takes fifty sizes, each
of them a little off, and one that was large for a moment had shown the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codex_tui.paint.lines import TextStrip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from codex_tui.paint.look import Look
    from codex_tui.panes.chat.window import Place, Window

# Rules, bars and blanks are as many as there is room for.
_NO_LETTERS = re.compile(r"[\W_]+")


class Anchor(NamedTuple):
    """A place under a Look, with `letters` of its part from there on. `left`: where the window began
    after the last change of size; nobody has moved for as long as it does."""

    place: Place
    look: Look
    letters: int
    left: Place | None

    def row(self, window: Window) -> int:
        """The row of the place's part under the window's Look, in which the same words stand."""
        slot, part, row = self.place
        gap, strips = window.painted(slot, part)
        if window.layout.look == self.look or row < gap:
            return min(row, max(0, gap + len(strips) - 1))
        return gap + row_of(strips, self.letters)


def anchor_at(window: Window, top: Place | None, known: Anchor | None) -> Anchor | None:
    """The place to keep, `known` if the window still begins where that left it; None at the end."""
    if known is not None and known.left == top:
        return known
    if window.following or top is None or top.part >= len(window.layout.split(top.slot)):
        return None
    gap, strips = window.painted(top.slot, top.part)
    letters = sum(map(_letters, strips[max(0, top.row - gap) :]))
    return Anchor(top, window.layout.look, letters, None)


def row_of(strips: Sequence[Strip], letters: int) -> int:
    """The row from which on there are that many letters and digits of text."""
    for at in range(len(strips) - 1, -1, -1):
        letters -= _letters(strips[at])
        if letters <= 0:
            return at
    return 0


def _letters(strip: Strip) -> int:
    text = strip.text
    for start, end in reversed(strip.cuts if isinstance(strip, TextStrip) else ()):
        text = text[:start] + text[end:]
    return len(_NO_LETTERS.sub("", text))
