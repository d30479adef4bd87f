"""Bytes to lines: JSON Lines as the engine writes them, whatever the chunks look like.

Only `\\n` ends a line: U+2028, U+0085 and a lone `\\r` stand inside JSON strings.
"""

from __future__ import annotations

from typing import NamedTuple

# The longest line seen is 1.06 MB (a 20 MB command's output, cut by the engine); a resume with
# full turns has no known cap. Longer ones are a fault, and keeping them could fill the memory.
MAX_LINE = 128 * 1024 * 1024

SAMPLE = 200
"""Bytes of a faulty line that are kept to show."""


class LineFault(NamedTuple):
    """A line that could not be handed on. `sample` is its beginning, raw."""

    reason: str
    sample: bytes


class LineSplitter:
    """Collects chunks and gives back the complete lines in them.

    Blank lines are left out and a `\\r` before the `\\n` is dropped. A line of more than
    `max_line` bytes is skipped up to its end and becomes a fault.
    """

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self._max_line = max_line
        self._parts: list[bytes] = []  # the unfinished line; joined once, so the cost stays linear
        self._held = 0
        self._skipping = False
        self._faults: list[LineFault] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes, in order."""
        head, newline, rest = chunk.partition(b"\n")
        self._hold(head)
        if not newline:
            return []
        lines = self._finish()
        if rest:
            *complete, tail = rest.split(b"\n")
            for line in complete:
                if len(line) > self._max_line:
                    self._overlong(line)
                elif line and not line.isspace():
                    lines.append(line.rstrip(b"\r"))
            self._hold(tail)
        return lines

    def close(self) -> None:
        """The stream is at its end: a half line becomes a fault."""
        held = b"".join(self._parts)
        skipping = self._skipping
        self._parts, self._held, self._skipping = [], 0, False
        if not skipping and held and not held.isspace():
            self._faults.append(LineFault("half a line at the end of the stream", held[:SAMPLE]))

    def take_faults(self) -> list[LineFault]:
        """The faults since the last call."""
        if not self._faults:
            return []
        faults, self._faults = self._faults, []
        return faults

    def _hold(self, part: bytes) -> None:
        if not part or self._skipping:
            return
        self._parts.append(part)
        self._held += len(part)
        if self._held > self._max_line:
            self._overlong(b"".join(self._parts))
            self._parts, self._held, self._skipping = [], 0, True

    def _finish(self) -> list[bytes]:
        if self._skipping:
            self._skipping = False
            return []
        if not self._parts:
            return []
        line = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts, self._held = [], 0
        return [] if line.isspace() else [line.rstrip(b"\r")]

    def _overlong(self, line: bytes) -> None:
        self._faults.append(LineFault(f"line of more than {self._max_line:,} bytes", line[:SAMPLE]))
