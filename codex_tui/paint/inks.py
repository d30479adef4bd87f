"""The colours of a diff's lines, made for the block that is looked at.

Syntax colours need the lines around a line, and cost about a millisecond for twenty of them; so a
hunk is read as a whole when it is short, else in blocks with some lines before them.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from codex_tui.diffs.words import MAX_CHARACTERS, mark_words, pairs_of
from codex_tui.paint.code import is_at_hand
from codex_tui.paint.diff import coloured_lines
from codex_tui.paint.sidebyside import drawn_spans, restyled, shown_text, word_style

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff, Hunk
    from codex_tui.paint.lines import Row
    from codex_tui.paint.look import Look
    from codex_tui.paint.sidebyside import Span
    from codex_tui.text import SafeText

WHOLE = 80
"""Lines of a hunk up to which it is coloured at once."""
BLOCK = 48
"""Lines coloured at once of a longer one: about 10 ms."""
BEFORE = 24
"""Lines read before a block, so that a comment or a string that began there is known."""
BLOCKS_KEPT = 200
"""Blocks whose colours are kept: about ten thousand lines."""
RUNS_KEPT = 512
"""Runs of changed lines whose pairs are kept."""
RUN = 200
"""Lines above and below one among which its partner is looked for; in a longer run there is none."""


class Inks:
    """Coloured lines of one set of files in one look (its width does not matter)."""

    def __init__(self, look: Look, drawn: Callable[[str, str], SafeText] | None = None) -> None:
        """`drawn`: what is drawn of a line, by its sign and text, if not `shown_text` of its `body`."""
        self._look = look
        self._is_whole = drawn is not None
        self._drawn = drawn or _shown
        self._blocks: OrderedDict[tuple[int, int], tuple[Hunk, list[Row]]] = OrderedDict()
        self._partners: OrderedDict[tuple[int, int], tuple[Hunk, dict[int, int]]] = OrderedDict()

    def line(self, file: FileDiff, hunk: Hunk, index: int, other: int | None = None) -> Row:
        """The parts of a line: syntax colours on its tint, and what changed within it.

        `other`: the line that stands beside it (-1 for none) where that is known.
        """
        begin, _ = _block(hunk, index)
        parts = self.colour(file, hunk, index)[index - begin]
        sign = hunk.raw[index][0]
        if sign in "+-":
            other = self._partner(hunk, index) if other is None else other
            if other >= 0 and {sign, hunk.raw[other][0]} == {"+", "-"}:
                drawn = drawn_spans(self._text(hunk, index), self._spans(hunk, index, other))
                parts = restyled(parts, drawn, word_style(sign, self._look.palette)) if drawn else parts
        return parts

    def plain(self, hunk: Hunk, index: int) -> Row:
        """The parts of a line without the colours that take time."""
        palette, sign = self._look.palette, hunk.raw[index][0]
        text = self._drawn(sign, self._text(hunk, index))
        style = {" ": palette.code_block, "+": palette.added, "-": palette.removed}.get(sign, palette.dim)
        return [(text, style)] if text else []

    def cost(self, file: FileDiff, hunk: Hunk, index: int) -> int:
        """Characters that have to be coloured before a line is; 0 when it is, and more than there ever
        are where even the kind of file is not known yet."""
        begin, end = _block(hunk, index)
        held = self._blocks.get((id(hunk), begin))
        if held is not None and held[0] is hunk:
            return 0
        if not is_at_hand(_name(file)):
            return sys.maxsize
        return sum(map(len, hunk.raw[max(0, begin - BEFORE) : end]))

    def colour(self, file: FileDiff, hunk: Hunk, index: int) -> list[Row]:
        """The coloured lines of the block that a line is in. Any thread may ask."""
        begin, end = _block(hunk, index)
        key = (id(hunk), begin)
        held = self._blocks.get(key)
        if held is None or held[0] is not hunk:
            held = self._blocks[key] = (hunk, self._colour(file, hunk, begin, end))
            while len(self._blocks) > BLOCKS_KEPT:
                self._blocks.popitem(last=False)
        return held[1]

    def _colour(self, file: FileDiff, hunk: Hunk, begin: int, end: int) -> list[Row]:
        start = max(0, begin - BEFORE)
        lines = hunk.lines[start:end]
        texts = [self._drawn(one.sign, self._text(hunk, at)) for at, one in enumerate(lines, start)]
        rows = coloured_lines(_name(file), lines, texts, self._look)
        return rows[begin - start :]

    def _text(self, hunk: Hunk, index: int) -> str:
        return hunk.raw[index][1:] if self._is_whole else body(hunk, index)

    def _partner(self, hunk: Hunk, index: int) -> int:
        """The line on the other side that a changed one belongs to, -1 for none."""
        signs = hunk.signs
        first = index
        while first > 0 and signs[first - 1] in "+-\\" and index - first < RUN:
            first -= 1
        end = index + 1
        while end < len(signs) and signs[end] in "+-\\" and end - index < RUN:
            end += 1
        if index - first == RUN or end - index == RUN:
            return -1
        key = (id(hunk), first)
        held = self._partners.get(key)
        if held is None or held[0] is not hunk:
            partners: dict[int, int] = {}
            for old, new in pairs_of(replace(hunk, raw=hunk.raw[first:end])):
                if old >= 0 and new >= 0:
                    partners[first + old], partners[first + new] = first + new, first + old
            held = self._partners[key] = (hunk, partners)
            while len(self._partners) > RUNS_KEPT:
                self._partners.popitem(last=False)
        return held[1].get(index, -1)

    def _spans(self, hunk: Hunk, index: int, other: int) -> Sequence[Span]:
        """What changed within a line that has a partner on the other side."""
        old, new = sorted((index, other), key=lambda at: hunk.raw[at][0] == "+")
        if max(len(hunk.raw[old]), len(hunk.raw[new])) > MAX_CHARACTERS + 1:
            return ()  # not even looked at: a line may have megabytes
        one, two = self._text(hunk, old), self._text(hunk, new)
        if self._drawn("-", one) != shown_text(one) or self._drawn("+", two) != shown_text(two):
            return ()  # signs that stand for blanks say what changed
        before, after = words_marked(one, two)
        return before if index == old else after


def _block(hunk: Hunk, index: int) -> tuple[int, int]:
    """The first line of the block that a line is in, and the one after its last."""
    size = len(hunk.raw)
    if size <= WHOLE:
        return 0, size
    begin = index // BLOCK * BLOCK
    return begin, min(size, begin + BLOCK)


def body(hunk: Hunk, index: int) -> str:
    """A line's text as somebody reads it: where all lines end with a carriage return, without it."""
    text = hunk.raw[index][1:]
    return text.removesuffix("\r") if hunk.is_crlf else text


def _name(file: FileDiff) -> str:
    return file.path.rpartition("/")[2]


def _shown(sign: str, text: str) -> SafeText:
    return shown_text(text)


@lru_cache(maxsize=4096)
def words_marked(old: str, new: str) -> tuple[Sequence[Span], Sequence[Span]]:
    """`codex_tui.diffs.words.mark_words`, remembered: it is asked once for each side."""
    return mark_words(old, new)
