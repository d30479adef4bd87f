"""A filter as people type it: a few words, or the letters of one in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codex_tui.history.entries import Entry

SCATTERED = 400
"""Characters of an entry's head (name, then prompt) in which the letters of a word may lie apart."""


def matches(entries: Iterable[Entry], wanted: str) -> list[Entry]:
    """The entries that have every word of `wanted`, in the order given; whole words before scattered letters.

    Capitals do not count. A word is found anywhere in name, prompt, branch, directory, model,
    provider, source or id; its letters in order but apart only in name and prompt (`fxdv`, `fix div`).
    """
    words = wanted.casefold().split()
    if not words:
        return list(entries)
    loose = [re.compile(".*?".join(map(re.escape, word)), re.DOTALL) for word in words]
    whole: list[Entry] = []
    scattered: list[Entry] = []
    for entry in entries:
        haystack = entry.haystack
        if all(word in haystack for word in words):
            whole.append(entry)
        elif all(
            word in haystack or letters.search(haystack, 0, min(entry.head, SCATTERED))
            for word, letters in zip(words, loose, strict=True)
        ):
            scattered.append(entry)
    return whole + scattered
