"""The engine's stderr: always drained, the last part kept."""

from __future__ import annotations

from collections import deque

# What a person can open: enough for a backtrace with its surroundings, nothing for a flood to fill.
KEPT_LINES = 2000
KEPT_BYTES = 512 * 1024
LONGEST_LINE = 8 * 1024


class StderrLog:
    """The last lines of a byte stream, raw but for their encoding (bad UTF-8 is replaced).

    A line longer than `LONGEST_LINE` keeps its beginning. `dropped` counts lines no longer kept.
    """

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._bytes = 0
        self._open = b""  # the unfinished last line, at most LONGEST_LINE
        self.dropped = 0

    def feed(self, chunk: bytes) -> None:
        """Add what was read."""
        first, newline, rest = chunk.partition(b"\n")
        self._open = (self._open + first[:LONGEST_LINE])[:LONGEST_LINE]
        if not newline:
            return
        self._add(self._open)
        *complete, tail = rest.split(b"\n")
        if len(complete) > KEPT_LINES:
            self.dropped += len(complete) - KEPT_LINES
            del complete[:-KEPT_LINES]
        for line in complete:
            self._add(line)
        self._open = tail[:LONGEST_LINE]

    def note(self, text: str) -> None:
        """Add a line of this client's own, between the engine's."""
        self._add(text.encode("utf-8", "replace"))

    def lines(self) -> tuple[str, ...]:
        """All that is kept, oldest first, an unfinished line included."""
        last = (self._open.decode("utf-8", "replace"),) if self._open else ()
        return (*self._lines, *last)

    def tail(self, count: int) -> tuple[str, ...]:
        """The last `count` lines."""
        return self.lines()[-count:]

    def _add(self, raw: bytes) -> None:
        line = raw[:LONGEST_LINE].decode("utf-8", "replace")
        self._lines.append(line)
        self._bytes += len(line)
        while len(self._lines) > KEPT_LINES or self._bytes > KEPT_BYTES:
            self._bytes -= len(self._lines.popleft())
            self.dropped += 1
