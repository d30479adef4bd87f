"""Terminal cell widths, shortening and wrapping of safe text.

A cluster is what a cursor steps over: a character with the zero-width ones after it and
whatever a zero-width joiner ties to it. Nothing here cuts one, so no row starts with a mark
that would sit on something else. The sum of its clusters' widths is a text's width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from codex_tui.text.safe import KEPT, SafeText, own

# Everything here is one cell wide, so widths are lengths: Latin, Greek, Cyrillic, boxes, shapes.
_NARROW = re.compile("[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u2500-\u25fc]*")
_SIMPLE_MARKS = re.compile("[…—–−·❯✓✗▸▾“”‘’•]")
_ZWJ, _EMOJI_SIGN = "\u200d", "\ufe0f"
LONG = 512
"""Characters from which on the width of a text is counted, not looked up."""
# A row of East Asian text does not begin with these.
_CLOSING = "、。，．・：；？！）」』】〕》〉’”…"
ELLIPSIS = own("…")


def is_narrow(text: str) -> bool:
    """Whether every character takes exactly one cell (never a wrong yes, some noes)."""
    return text.isascii() or _NARROW.fullmatch(_SIMPLE_MARKS.sub("", text)) is not None


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes (wide characters count two, combining ones none)."""
    if text.isascii():
        return len(text)
    if len(text) < LONG or _tied(text):
        return cell_len(text)
    sizes = text.translate(_SIZES)
    return len(sizes) - sizes.count("0") + sizes.count("2")


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
    if _tied(text):
        rows: list[tuple[int, int]] = []
        row, used = 0, 0
        for start, _, size in _clusters(text):
            if used + size > width and start > row:
                rows.append((row, start))
                row, used = start, 0
            used += size
        return [*rows, (row, len(text))]
    return _sized_rows(text.translate(_SIZES), width)


def _tied(text: str) -> bool:
    """Whether there are characters whose width depends on those beside them."""
    return _ZWJ in text or _EMOJI_SIGN in text or "\x00" in text


class _Sizes(dict[int, str]):
    """For `str.translate`: the cells of each character, `0`, `1` or `2`, so that a megabyte is cut in
    a fraction of a second."""

    def __missing__(self, code: int) -> str:
        size = str(min(2, cell_len(chr(code))))
        if len(self) < KEPT:
            self[code] = size
        return size


_SIZES = _Sizes()


def _sized_rows(sizes: str, width: int) -> list[tuple[int, int]]:
    """Rows as long as they can be; a character of no width stays with the one before it."""
    rows: list[tuple[int, int]] = []
    row, total = 0, len(sizes)
    end: int
    while row < total:
        end, room = row, width
        step: int = room
        while room and end < total and step:
            piece = sizes[end : end + step]
            cells = len(piece) - piece.count("0") + piece.count("2")
            if cells > room:
                step = min(step - 1, step * room // cells)
                continue
            end += len(piece)
            room -= cells
            step = room
        end = max(end, row + 1)  # wider than the row is wide
        while end < total and sizes[end] == "0":
            end += 1
        rows.append((row, end))
        row = end
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
