"""Finding words in a long conversation: the pattern, and how often it occurs where.

Pure: it knows texts by a key and their order from whoever asks. Work comes in slices, so that
keys stay alive while 10,000 items are looked through.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

MAX_QUERY = 200
"""Characters of a query: more is a paste that went astray."""
WINDOW = 64 * 1024
"""Characters looked through at once: about 2 ms."""
_REACH = 200
"""Characters beyond a window in which a match that began there may end, besides four a sign of it."""
# Blanks match any run of blanks and line ends, with the marks of markdown around it: the words are
# looked for in the source, and a person types what is on screen.
_BLANKS = r"[*_`~]{0,3}\s[\s>*_`~|]{0,80}"


def pattern_of(query: str) -> re.Pattern[str] | None:
    """What to look for; None for nothing. Small letters match large ones, unless one is typed large."""
    words = query[:MAX_QUERY].split()
    if not words:
        return None
    flags = re.IGNORECASE if query == query.lower() else 0
    return re.compile(_BLANKS.join(map(re.escape, words)), flags)


def counts_in(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """How many matches begin in each window of `text`."""
    reach = _REACH + 4 * len(pattern.pattern)
    at = 0
    while True:
        stop, found = at + WINDOW, 0
        after = stop
        for match in pattern.finditer(text, at, stop + reach):
            if match.start() >= stop:
                break
            found += 1
            after = max(after, match.end())
        yield found
        if stop >= len(text):
            return
        at = after


class Tally(Generic[K]):
    """How often a pattern occurs in each text. `text_of`: the newest text of a key, None when it went."""

    def __init__(self, pattern: re.Pattern[str], text_of: Callable[[K], str | None]) -> None:
        self.pattern = pattern
        self.counts: dict[K, int] = {}  # only where there is one
        self.total = 0
        self._text_of = text_of
        self._waiting: deque[K] = deque()
        self._queued: set[K] = set()
        self._now: tuple[K, Iterator[int], int] | None = None  # being looked through, found so far

    @property
    def waiting(self) -> int:
        """How many texts are still to be looked through."""
        return len(self._waiting) + (self._now is not None)

    def add(self, keys: Iterable[K]) -> None:
        """Look these through (again): they are new, or changed."""
        for key in keys:
            if key not in self._queued:
                self._queued.add(key)
                self._waiting.append(key)

    def step(self, until: float, clock: Callable[[], float]) -> bool:
        """Go on until the clock says `until` (at least one window); whether there is more to do."""
        while True:
            if self._now is None and not self._begin():
                return False
            self._advance()
            if clock() >= until:
                return self.waiting > 0

    def _begin(self) -> bool:
        while self._waiting:
            key = self._waiting.popleft()
            self._queued.discard(key)
            text = self._text_of(key)
            if text is None:
                self._set(key, 0)
                continue
            self._now = key, counts_in(self.pattern, text), 0
            return True
        return False

    def _advance(self) -> None:
        if self._now is None:
            return
        key, windows, found = self._now
        more = next(windows, None)
        if more is None:
            self._set(key, found)
            self._now = None
        else:
            self._now = key, windows, found + more

    def _set(self, key: K, count: int) -> None:
        self.total += count - self.counts.pop(key, 0)
        if count:
            self.counts[key] = count
