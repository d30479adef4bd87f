"""Finding text in the lines of a diff."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff

MOST = 10_000
"""Matches that are kept: more than anybody steps through, few enough to mark."""


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
            texts = [raw[1:] for raw in hunk.raw]
            starts = [0, *accumulate(len(text) + 1 for text in texts)]
            for match in pattern.finditer("\n".join(texts)):
                index = bisect_right(starts, match.start()) - 1
                begin = match.start() - starts[index]
                found.append(Match(at, which, index, begin, begin + match.end() - match.start()))
                if len(found) == MOST:
                    return found
    return found
