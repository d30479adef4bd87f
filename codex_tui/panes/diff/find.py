"""Finding text in the lines of a diff."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff
    from codex_tui.paint.sidebyside import Span
    from codex_tui.panes.diff.entries import Entry

MOST = 10_000
"""Matches that are kept: more than anybody steps through, few enough to mark."""
SLICE = 4_096
"""Lines that are looked through in one go: a thread that does it lets others run in between."""
INLINE_LINES = 10_000
INLINE_CHARACTERS = 1_000_000
"""Up to so many lines and characters are looked through at once (about 10 ms); more in a thread."""


class Match(NamedTuple):
    """Characters `start` to `end` of a line, by the indexes of its file, its hunk and itself."""

    file: int
    hunk: int
    line: int
    start: int
    end: int


def find(files: Sequence[FileDiff], words: str) -> list[Match]:
    """All matches of `words` in order, at most `MOST`. Capitals count if there are any in `words`."""
    if not words:
        return []
    pattern = re.compile(re.escape(words), 0 if words != words.lower() else re.IGNORECASE)
    found: list[Match] = []
    for at, file in enumerate(files):
        for which, hunk in enumerate(file.hunks):
            for begin in range(0, len(hunk.raw), SLICE):
                texts = [raw[1:] for raw in hunk.raw[begin : begin + SLICE]]
                starts = [0, *accumulate(len(text) + 1 for text in texts)]
                for match in pattern.finditer("\n".join(texts)):
                    index = bisect_right(starts, match.start()) - 1
                    start = match.start() - starts[index]
                    found.append(Match(at, which, begin + index, start, start + len(match.group())))
                    if len(found) == MOST:
                        return found
    return found


def is_large(files: Sequence[FileDiff]) -> bool:
    """Whether looking through them would be felt."""
    lines = 0
    for file in files:
        lines += sum(len(hunk.raw) for hunk in file.hunks)
        if lines > INLINE_LINES:
            return True
    return sum(len(raw) for file in files for hunk in file.hunks for raw in hunk.raw) > INLINE_CHARACTERS


class Marks:
    """What is marked of a search: by line, and the match that somebody is at."""

    def __init__(self, matches: Sequence[Match] = (), current: Match | None = None) -> None:
        self._spans: dict[tuple[int, int, int], list[Span]] = {}
        self._current = current
        for match in matches:
            self._spans.setdefault(match[:3], []).append((match.start, match.end))

    def at(self, file: int, entry: Entry) -> tuple[tuple[tuple[Span, ...], ...], tuple[int, int, int] | None]:
        """The matches in the old and in the new line of an entry, and the current one if it is in its
        hunk: its line, start and end."""
        if not self._spans or entry.kind != "line":
            return (), None
        spans = tuple(tuple(self._spans.get((file, entry.hunk, line), ())) for line in (entry.old, entry.new))
        current = self._current
        here = current is not None and current[:2] == (file, entry.hunk)
        return spans, (current.line, current.start, current.end) if current is not None and here else None


class Finding:
    """A search: what is looked for, what was found, and the match that somebody is at."""

    def __init__(self) -> None:
        self.words = ""
        self.matches: list[Match] = []
        self._at = -1

    @property
    def current(self) -> Match | None:
        return self.matches[self._at] if self._at >= 0 else None

    def take(self, words: str, matches: list[Match], begin: tuple[int, int, int]) -> None:
        """What was found; the match to be at is the first from `begin` on (file, hunk, line)."""
        self.words, self.matches, self._at = words, matches, -1
        if matches:
            self._at = bisect_left(matches, begin, key=lambda match: match[:3]) % len(matches)

    def step(self, step: int) -> None:
        """On to the next match, round and round."""
        if self.matches:
            self._at = (self._at + step) % len(self.matches)

    def says(self) -> SafeText:
        """Where it stands, in words."""
        if not self.matches:
            return join(own("nothing found for "), line(self.words))
        more = own("+") if len(self.matches) == MOST else own("")
        count = join(number(self._at + 1), own(" of "), number(len(self.matches)), more)
        return join(count, own("  "), line(self.words), own("   n next   N before   Esc ends it"))
