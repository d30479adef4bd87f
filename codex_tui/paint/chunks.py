"""A growing markdown text cut into chunks that never change once closed.

A chunk is what one cell paints: blocks between blank lines, or a piece of a fenced block, a
table or a long list. Cutting reads whole lines from the start of the last open chunk only, so
a text that grows costs in proportion to what is new; and as every decision rests on complete
lines before it, a text cut while it streams ends up in the chunks of the finished text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SOFT_ROWS = 24
"""Source lines after which a chunk ends at the next good place: a blank line of code, a list item."""
HARD_ROWS = 48
"""Source lines a chunk has at most: what is repainted whenever its text grows."""
MAX_CHARS = 4000
"""Characters a chunk has at most, for texts without line ends."""
MAX_INDENT = 12
"""Cells a continued list item may stand to the right."""
MAX_INFO = 200
"""Characters of a fence's info string that are kept."""

_BLANKS = " \t\r"
_ITEM = re.compile(r"[ \t]{0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_FENCE = re.compile(
    r"[ \t]*(?P<marks>(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?){0,64})"
    r"(?P<fence>`{3,}(?!.*`)|~{3,})(?P<info>.*)$"
)
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*$")


@dataclass(frozen=True, slots=True)
class Fence:
    """An open fenced block: its sign, the length of it, how far it was indented, what it is about."""

    sign: str
    size: int
    indent: int
    info: str

    def is_closed_by(self, text: str) -> bool:
        bare = text.strip(_BLANKS)
        return (
            len(bare) >= self.size and bare == self.sign * len(bare) and _indent_of(text) <= self.indent + 3
        )


@dataclass(frozen=True, slots=True)
class Chunk:
    """`text[start:end]` is its source; `digest` tells two sources apart.

    `kind` is `text` (markdown of its own), `fence` (lines of a fenced block, the opening line
    among them when `opens`, the closing one when `closes`) or `table` (more rows under `header`).
    `listing`: a list was open before it, so indented lines continue an item.
    """

    start: int
    end: int
    closed: bool
    kind: Literal["text", "fence", "table"] = "text"
    rows: int = 0  # source lines
    indent: int = 0  # cells to the right, when it continues a list item
    listing: bool = False
    fence: Fence | None = None
    opens: bool = False
    closes: bool = False
    header: str = ""
    digest: int = 0


def split(text: str, since: Chunk | None = None) -> list[Chunk]:
    """The chunks of `text`, in order, all but the last ones `closed`.

    `since`: only those from this one on, which is a chunk of an earlier text that `text` begins
    with, and which every chunk before is closed there.
    """
    if since is None:
        return _Splitter(text).run()
    going_on = since.fence if since.kind == "fence" and not since.opens else None
    return _Splitter(text, since.start, since.listing, going_on, since.header).run()


class _Splitter:
    """Reads lines from `at` on. What it knows at a chunk's start is what that chunk records."""

    def __init__(
        self, text: str, at: int = 0, listing: bool = False, fence: Fence | None = None, header: str = ""
    ) -> None:
        self.text = text
        self.at = at
        self.listing = listing
        self.fence = fence  # the open fenced block, when it has chunks of its own
        self.header = header  # of the table that goes on in the next chunk
        self.chunks: list[Chunk] = []
        self._reset()

    def _reset(self) -> None:
        self.start = self.end = -1
        self.rows = 0
        self.indent = 0
        self.before = self.listing
        self.inner: Fence | None = None  # a fenced block inside a list item or a quote
        self.quoted = False
        self.table = ""
        self.previous = -1  # where the line before starts
        self.opens = False

    def run(self) -> list[Chunk]:
        text, size = self.text, len(self.text)
        end = -1  # of the line; kept, because a line without one is cut many times
        while self.at < size:
            if end < self.at:
                found = text.find("\n", self.at)
                end = size if found < 0 else found
            stop = end
            complete = stop < size
            after = stop + 1 if complete else size
            if stop - self.at > MAX_CHARS:
                space = text.rfind(" ", self.at + 1, self.at + MAX_CHARS)
                stop = after = space if space > 0 else self.at + MAX_CHARS
                complete = True
            source = text[self.at : stop]
            if self.fence is not None:
                self._read_code(self.fence, source, stop, complete)
            elif not self._read_text(source, stop, complete):
                continue  # the line belongs to a fenced block after all: read it again
            self.at = after
        self._end(closed=False)
        return self.chunks

    def _open(self, kind_opens: bool, indent: int) -> None:
        self.start = self.end = self.at
        self.indent = indent
        self.opens = kind_opens
        self.before = self.listing

    def _end(self, closed: bool, closes: bool = False) -> None:
        if self.start >= 0:
            kind = "fence" if self.fence is not None else "table" if self.header else "text"
            self.chunks.append(
                Chunk(
                    self.start,
                    self.end,
                    closed,
                    kind,
                    self.rows,
                    self.indent,
                    self.before,
                    self.fence,
                    self.opens,
                    closes,
                    self.header,
                    hash(self.text[self.start : self.end]),
                )
            )
            self.header = ""
        self._reset()

    def _add(self, stop: int) -> None:
        self.previous = self.at
        self.end = stop
        self.rows += 1

    def _is_full(self, stop: int) -> bool:
        return self.start >= 0 and (self.rows >= HARD_ROWS or stop - self.start > MAX_CHARS)

    def _read_code(self, fence: Fence, source: str, stop: int, complete: bool) -> None:
        closing = fence.is_closed_by(source)
        if self._is_full(stop) and not closing:
            self._end(closed=complete)
        if self.start < 0:
            self._open(False, min(fence.indent, MAX_INDENT) if self.listing else 0)
        self._add(stop)
        if closing:
            self._end(closed=complete, closes=True)
            self.fence = None
        elif self.rows >= SOFT_ROWS and not source.strip(_BLANKS):
            self._end(closed=complete)

    def _read_text(self, source: str, stop: int, complete: bool) -> bool:
        blank = not source.strip(_BLANKS)
        if blank and not (self.inner is not None and not self.quoted):
            if complete:
                self._end(closed=True)
            return True
        lead = _indent_of(source)
        if self.inner is not None:
            self._watch_inner(self.inner, source)
        elif self._starts_fence(source, lead, stop, complete):
            return True
        item = self.inner is None and _ITEM.match(source) is not None
        if self._is_full(stop) or (item and self.rows >= SOFT_ROWS):
            inner, quoted, table = self.inner, self.quoted, self.table or self.header
            self._end(closed=complete)
            self.header = table
            if inner is not None and not quoted:
                self.fence = inner
                return False
        if self.start < 0:
            if lead < 2 and not item:
                listing_before, self.listing = self.listing, False
            else:
                listing_before = self.listing
            self._open(False, min(lead, MAX_INDENT) if listing_before and lead >= 2 else 0)
            self.before = listing_before
        self.listing = self.listing or item
        self._watch_table(source, stop)
        self._add(stop)
        return True

    def _starts_fence(self, source: str, lead: int, stop: int, complete: bool) -> bool:
        """Whether the line opens a fenced block that gets chunks of its own; one behind list or
        quote marks is only remembered, as its text belongs to theirs."""
        # Asking for the sign first saves the pattern nearly all lines, and thousands of nested quotes.
        found = _FENCE.match(source) if "```" in source or "~~~" in source else None
        if found is None:
            return False
        sign = found["fence"]
        fence = Fence(sign[0], len(sign), lead, found["info"].strip(_BLANKS)[:MAX_INFO])
        if found["marks"]:
            self.inner, self.quoted = fence, ">" in found["marks"]
            return False
        if lead > 3 and not self.listing:
            return False
        self._end(closed=complete)
        self.header = ""
        self._open(True, min(lead, MAX_INDENT) if self.listing else 0)
        self._add(stop)
        self.fence = fence
        return True

    def _watch_inner(self, inner: Fence, source: str) -> None:
        if self.quoted:
            bare = source.lstrip(_BLANKS)
            if not bare.startswith(">") or inner.is_closed_by(bare[1:]):
                self.inner = None
        elif inner.is_closed_by(source):
            self.inner = None

    def _watch_table(self, source: str, stop: int) -> None:
        if not self.table and self.previous >= 0 and "|" in source and _DELIMITER.match(source):
            head = self.text[self.previous : stop]
            if "|" in head[: self.at - self.previous]:
                self.table = head


def _indent_of(source: str) -> int:
    """Cells of leading blanks, a tab reaching the next multiple of four."""
    cells = 0
    for char in source:
        if char == " ":
            cells += 1
        elif char == "\t":
            cells += 4 - cells % 4
        else:
            break
    return cells
