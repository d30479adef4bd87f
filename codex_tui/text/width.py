"""Terminal cell widths, shortening and wrapping of safe text."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from codex_tui.text.safe import SafeText


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes (wide characters count two, combining ones none)."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: SafeText, width: int) -> SafeText:
    """`text` cut or padded to exactly `width` cells."""
    return SafeText(set_cell_size(text, max(0, width)))


def shorten(text: SafeText, width: int) -> SafeText:
    """At most `width` cells: the middle gives way to `…` and the end stays, where the meaning often is."""
    if cell_width(text) <= width:
        return text
    if width <= 1:
        return SafeText("…" if width == 1 else "")
    tail_room = (width - 1) * 2 // 3
    head = _prefix(text, width - 1 - tail_room)
    tail = _suffix(text, tail_room)
    return SafeText(f"{head}…{tail}")


def wrap_hard(text: SafeText, width: int) -> list[SafeText]:
    """Rows of at most `width` cells, cut anywhere; nothing is dropped, also no trailing blanks."""
    width = max(1, width)
    if text.isascii():
        return [SafeText(text[i : i + width]) for i in range(0, len(text), width)] or [SafeText("")]
    rows: list[SafeText] = []
    row, used = "", 0
    for char in text:
        size = cell_len(char)
        if used + size > width and row:
            rows.append(SafeText(row))
            row, used = "", 0
        row += char
        used += size
    rows.append(SafeText(row))
    return rows


def _prefix(text: str, room: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += cell_len(char)
        if used > room:
            return text[:index]
    return text


def _suffix(text: str, room: int) -> str:
    used = 0
    for index in range(len(text) - 1, -1, -1):
        used += cell_len(text[index])
        if used > room:
            return text[index + 1 :]
    return text
