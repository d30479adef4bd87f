"""Terminal cell widths, shortening and wrapping of safe text.

A cluster is what a cursor steps over: a character with the zero-width ones after it and
whatever a zero-width joiner ties to it. Nothing here cuts one, so no row starts with a mark
that would sit on something else. The sum of its clusters' widths is a text's width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from codex_tui.text.safe import SafeText, own

# Everything here is one cell wide, so widths are lengths: Latin, Greek, Cyrillic, boxes, shapes.
_NARROW = re.compile("[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u2500-\u25fc]*")
_SIMPLE_MARKS = re.compile("[…—–−·❯✓✗▸▾“”‘’•]")
_ZWJ = "\u200d"
# A row of East Asian text does not begin with these.
_CLOSING = "、。，．・：；？！）」』】〕》〉’”…"
ELLIPSIS = own("…")


def is_narrow(text: str) -> bool:
    """Whether every character takes exactly one cell (never a wrong yes, some noes)."""
    return text.isascii() or _NARROW.fullmatch(_SIMPLE_MARKS.sub("", text)) is not None


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes (wide characters count two, combining ones none)."""
    return len(text) if text.isascii() else cell_len(text)


def _clusters(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, cells) of each cluster."""
    start, tied = 0, False
    for index, char in enumerate(text):
        if index and not tied and (cell_len(char) or char in "\x00"):
            yield start, index, cell_len(text[start:index])
            start = index
        tied = char == _ZWJ
    if text:
        yield start, len(text), cell_len(text[start:])


def cut(text: SafeText, width: int) -> SafeText:
    """The longest beginning of at most `width` cells."""
    if text.isascii():
        return SafeText(text[: max(0, width)])
    used = 0
    for start, _, size in _clusters(text):
        used += size
        if used > width:
            return SafeText(text[:start])
    return text


def cut_left(text: SafeText, width: int) -> SafeText:
    """The longest end of at most `width` cells."""
    excess = cell_width(text) - max(0, width)
    if excess <= 0:
        return text
    if text.isascii():
        return SafeText(text[excess:])
    for start, _, size in _clusters(text):
        if excess <= 0:
            return SafeText(text[start:])
        excess -= size
    return SafeText("")


def fit(text: SafeText, width: int) -> SafeText:
    """`text` cut or padded to exactly `width` cells."""
    kept = cut(text, width)
    return SafeText(kept + " " * (max(0, width) - cell_width(kept)))


def shorten(text: SafeText, width: int, ellipsis: SafeText = ELLIPSIS) -> SafeText:
    """At most `width` cells: the middle gives way to `…` and the end stays, where the meaning often is."""
    if cell_width(text) <= width:
        return text
    room = width - cell_width(ellipsis)
    if room <= 0:
        return cut(ellipsis, width)
    tail_room = room * 2 // 3
    return SafeText(f"{cut(text, room - tail_room)}{ellipsis}{cut_left(text, tail_room)}")


def wrap_hard(text: SafeText, width: int) -> list[SafeText]:
    """Rows of at most `width` cells, cut anywhere; nothing is dropped, also no trailing blanks.

    A cluster wider than `width` has a row of its own.
    """
    return [SafeText(text[start:end]) for start, end in hard_rows(text, width)]


def hard_rows(text: str, width: int) -> list[tuple[int, int]]:
    """Where `wrap_hard` cuts: (start, end) of each row, at least one row."""
    width = max(1, width)
    if is_narrow(text):
        return [(at, min(at + width, len(text))) for at in range(0, len(text), width)] or [(0, 0)]
    cells = text.translate(_CELLS)
    if _ODD not in cells:
        return _cell_rows(cells, width)
    rows: list[tuple[int, int]] = []
    row, used = 0, 0
    for start, _, size in _clusters(text):
        if used + size > width and start > row:
            rows.append((row, start))
            row, used = start, 0
        used += size
    return [*rows, (row, len(text))]


_HALF, _ODD = "\x00", "\x01"


class _Cells(dict[int, str]):
    """For `str.translate`: as many characters as there are cells, so that a megabyte is cut in
    a fraction of a second. Zero-width characters belong to clusters and become `_ODD`."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        size = cell_len(char)
        self[code] = drawn = f"{char}{_HALF}" if size == 2 else char if size == 1 and char > _ODD else _ODD
        return drawn


_CELLS = _Cells()


def _cell_rows(cells: str, width: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    at = char = 0
    while at < len(cells):
        end = at + width
        if cells[end : end + 1] == _HALF:
            end = end - 1 if end - 1 > at else end + 1
        characters = min(end, len(cells)) - at - cells.count(_HALF, at, end)
        rows.append((char, char + characters))
        at, char = end, char + characters
    return rows


def word_rows(text: str, width: int) -> list[tuple[int, int]]:
    """Where prose breaks: (start, end) of each row of at most `width` cells, at least one row.

    Blanks at a break belong to no row; words longer than a row are cut; wide characters break
    between each other.
    """
    width = max(1, width)
    return _narrow_words(text, width) if is_narrow(text) else _wide_words(text, width)


def _narrow_words(text: str, width: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    at, size = 0, len(text)
    while size - at > width:
        space = text.rfind(" ", at, at + width + 1)
        end = _without_blanks(text, at, space) if space > at else at
        if end == at:  # one word fills the row, or it holds only blanks
            if space >= at:
                at = space + 1
                continue
            end = space = at + width
            rows.append((at, end))
            at = end
            continue
        rows.append((at, end))
        at = space + 1
        while at < size and text[at] == " ":
            at += 1
    end = _without_blanks(text, at, size)
    if end > at or not rows:
        rows.append((at, end))
    return rows


def _wide_words(text: str, width: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    row = used = 0  # where the row starts, its cells so far
    chance = since = -1  # where the next row could start, and the cells used before that
    for start, end, size in _clusters(text):
        char = text[start]
        if char == " " and end - start == 1:  # with a mark on it a blank is something to see
            used += 1
            chance, since = end, used
            continue
        if size > 1 and start > row and char not in _CLOSING:
            chance, since = start, used
        while used + size > width and start > row:
            if chance <= row:
                chance, since = start, used
            stop = _without_blanks(text, row, chance)
            if stop > row:
                rows.append((row, stop))
            row, used = chance, used - since
            chance = since = -1
        used += size
    stop = _without_blanks(text, row, len(text))
    if stop > row or not rows:
        rows.append((row, stop))
    return rows


def _without_blanks(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == " ":
        end -= 1
    return end
