"""A file's change as rows of two sides, whole and exact: for a question that may be said yes to.

As in `codex_tui.paint.diff`, nothing is cut, and where only blanks changed, blanks are visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from codex_tui.diffs.words import mark_words, pairs_of
from codex_tui.paint.diff import DiffLine, coloured_lines, visible_texts
from codex_tui.paint.sidebyside import Shown, columns_for, plain_row, restyled, split_rows, word_style
from codex_tui.text import SafeText, join, line, own, tabbed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.diffs import FileDiff, Hunk
    from codex_tui.paint.lines import Row
    from codex_tui.paint.look import Look
    from codex_tui.paint.sidebyside import Columns, Span

SIDES_FROM = 132
"""Cells from which a question has room for both sides of a change: a terminal of 140 columns."""


def has_two_sides(file: FileDiff) -> bool:
    """Whether there is something on both sides; else one takes the whole width."""
    return file.kind not in ("new", "deleted") and bool(file.added or file.removed)


def both_sides(file: FileDiff, look: Look) -> list[Strip]:
    """All lines of a file's change in `look.width` cells, the old ones beside the new ones."""
    largest = max((hunk.old_start + hunk.new_start + len(hunk.raw) for hunk in file.hunks), default=0)
    columns = columns_for(look.width, largest, split=True)
    lines = [DiffLine(one.sign, one.old_no, one.text) for hunk in file.hunks for one in hunk.lines]
    texts = [
        _ended(one.sign, text, look)
        for one, text in zip(lines, visible_texts(lines, look.marks), strict=True)
    ]
    parts = coloured_lines(file.path.rpartition("/")[2], lines, texts, look)
    strips: list[Strip] = []
    base = 0
    for hunk in file.hunks:
        if hunk.known and (strips or hunk.header):
            head: Row = [(join(own("   "), look.marks.between, own("   ")), look.palette.dim)]
            strips.append(plain_row([*head, (line(hunk.header), look.palette.dim)], look))
        size = len(hunk.raw)
        strips += _hunk(hunk, texts[base : base + size], parts[base : base + size], columns, look)
        base += size
    return strips


def _ended(sign: str, text: SafeText, look: Look) -> SafeText:
    """A changed line with the blanks at its end visible: its tint goes on to the edge."""
    kept = text.rstrip(" ")
    if sign not in "+-" or len(kept) == len(text):
        return text
    return join(SafeText(kept), SafeText(look.marks.blank * (len(text) - len(kept))))


def _hunk(
    hunk: Hunk, texts: Sequence[SafeText], parts: Sequence[Row], columns: Columns, look: Look
) -> list[Strip]:
    strips: list[Strip] = []
    for old, new in pairs_of(hunk):
        marks: dict[int, Sequence[Span]] = {}
        if old != new and min(old, new) >= 0 and _is_plain(hunk, old, texts) and _is_plain(hunk, new, texts):
            marks[old], marks[new] = mark_words(texts[old], texts[new])
        sides: list[Shown | None] = []
        for at in (old, new):
            if at < 0:
                sides.append(None)
                continue
            one = hunk.lines[at]
            row = restyled(parts[at], marks.get(at, ()), word_style(one.sign, look.palette))
            sides.append(Shown(one.sign, one.old_no, one.new_no, row))
        strips += split_rows(sides[0], sides[1], columns, look)
    return strips


def _is_plain(hunk: Hunk, at: int, texts: Sequence[SafeText]) -> bool:
    """Whether a line is drawn as ever: no signs for blanks, which would count as words."""
    return hunk.raw[at][0] in "+-" and texts[at] == tabbed(hunk.raw[at][1:])
