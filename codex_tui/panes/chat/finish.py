"""The last step before the screen: full width, background, selected text, the app's filters.

Finished rows are kept as long as they are in sight, wherever they stand. While text scrolls under
a growing answer Textual then finds its own cuts and escapes of a row done already, which costs
far less than its styles cache, where a row is known by its place on screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from codex_tui.text import cell_width

if TYPE_CHECKING:
    from textual.color import Color
    from textual.filter import LineFilter

Span = tuple[int, int]
"""The first selected character of a row, and the one after the last; -1: to the end of the text."""


class Finish:
    """Finishes rows of one width on one background."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, Span | None], tuple[Strip | None, Strip]] = {}
        self._width = 0
        self._background: Color | None = None
        self._filters: Sequence[LineFilter] = ()
        self._back = Style.null()
        self._selected = Style.null()

    def __len__(self) -> int:
        return len(self._held)

    def clear(self) -> None:
        """Forget all rows: the colours changed."""
        self._held.clear()

    def keep(self, strips: Iterable[Strip | None]) -> None:
        """Forget all rows but those made of `strips`."""
        kept = {id(strip) for strip in strips}
        self._held = {key: held for key, held in self._held.items() if key[0] in kept}

    def set(self, width: int, background: Color, filters: Sequence[LineFilter], selected: Style) -> None:
        """How rows are finished from now on. Another width or background forgets what was done."""
        if (width, background) != (self._width, self._background):
            self._held.clear()
            self._width, self._background = width, background
            self._back = Style.from_color(bgcolor=background.rich_color)
        self._filters, self._selected = filters, selected

    def row(self, raw: Strip | None, span: Span | None) -> Strip:
        """The finished row of `raw` (None: a blank one) with the characters of `span` marked."""
        key = (id(raw), span)
        if (held := self._held.get(key)) is not None and held[0] is raw:
            return held[1]
        strip, back = raw or Strip([]), self._back
        if span is not None:
            strip = _mark(strip, span, self._selected)
        if strip.cell_length > self._width:
            strip = strip.crop(0, self._width)
        segments = [Segment(text, back + style if style else back) for text, style, _ in strip]
        if strip.cell_length < self._width:
            segments.append(Segment(" " * (self._width - strip.cell_length), back))
        if self._background is not None:
            for line_filter in self._filters:
                segments = line_filter.apply(segments, self._background)
        finished = Strip(segments, self._width)
        self._held[key] = (raw, finished)
        return finished


def _mark(strip: Strip, span: Span, style: Style) -> Strip:
    text = strip.text.rstrip()
    start, end = span[0], len(text) if span[1] < 0 else min(span[1], len(text))
    if start >= end:
        return strip
    cuts = [cell_width(text[:start]), cell_width(text[:end]), strip.cell_length]
    left, middle, right = strip.divide(cuts)
    marked = [Segment(segment.text, (segment.style or style) + style) for segment in middle]
    return Strip([*left, *marked, *right], strip.cell_length)
