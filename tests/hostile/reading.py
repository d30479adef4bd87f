"""What a screen of the program says, put together from its rows. Pure."""

from __future__ import annotations

import re

from codex_tui.text import cell_width

_BEHIND = "\0"
_BOX = re.compile(r"┌[^┌┐]*┐")
_GUTTER = re.compile(r"^ *(?:\d+ )? *▌ ")
_BELOW = re.compile(r"▾ ([\d,]+) lines? below")
_ABOVE = re.compile(r"▴ ([\d,]+) lines? above")
GUARD = re.compile(r"keys in \d+\.\d s|keys are live|answered: ")


def is_dialog(lines: list[str]) -> bool:
    """Whether a question is on screen: the guard's line is the last of its own."""
    return any(GUARD.search(line) for line in lines[-3:] if line) or any(
        GUARD.search(line) and "│" in line for line in lines
    )


def is_live(lines: list[str]) -> bool:
    """Whether the answers of the question on screen count."""
    return any("keys are live" in line for line in lines)


def inside(lines: list[str]) -> list[str]:
    """The rows of the dialog without its box; all rows where there is no box."""
    lines = [_by_column(line) for line in lines]
    for top, line in enumerate(lines):
        box = next((found for found in _BOX.finditer(line) if found.end() - found.start() >= 40), None)
        if box is None:
            continue
        rows = [box[0][1:-1]]
        for row in lines[top + 1 :]:
            if len(row) < box.end() or row[box.start()] != "│":
                break
            rows.append(row[box.start() + 2 : box.end() - 2])
        return [row.replace(_BEHIND, "") for row in rows]
    return [line.replace(_BEHIND, "") for line in lines]


def _by_column(line: str) -> str:
    """A row in which the index is the column: behind each wide character stands a mark."""
    if line.isascii():
        return line
    return "".join(char + _BEHIND if cell_width(char) == 2 else char for char in line)


def lines_below(rows: list[str]) -> int:
    """How many lines of the body the dialog says are below its window."""
    found = next((match for row in rows if (match := _BELOW.search(row))), None)
    return int(found[1].replace(",", "")) if found else 0


def lines_above(rows: list[str]) -> int:
    """How many lines of the body the dialog says are above its window."""
    found = next((match for row in rows if (match := _ABOVE.search(row))), None)
    return int(found[1].replace(",", "")) if found else 0


def window_end(rows: list[str]) -> int | None:
    """The row of the dialog under its window, when the window scrolls."""
    return next((at for at, row in enumerate(rows) if _BELOW.search(row) or _ABOVE.search(row)), None)


class Reader:
    """Joins the windows of a dialog that is paged through."""

    def __init__(self) -> None:
        self.first: list[str] = []
        self.rows: list[str] = []
        self._foot: list[str] = []  # what stands under the window: it is not in the middle of a text
        self._below = 0

    def add(self, lines: list[str]) -> int:
        """One screen; how many lines are still below."""
        rows = inside(lines)
        below = lines_below(rows)
        if not self.rows:
            self.first = rows
            end = window_end(rows)
            self.rows, self._foot = (rows, []) if end is None else (rows[:end], rows[end:])
        else:
            end = window_end(rows) or 0
            moved = max(0, self._below - below)
            self.rows += rows[max(0, end - moved) : end]
        self._below = below
        return below

    @property
    def text(self) -> str:
        """All that was read, without blanks, gutters and the marks of wrapped lines."""
        return squeeze([*self.rows, *self._foot])


def squeeze(rows: list[str]) -> str:
    """Rows put together without blanks, so that it does not matter where a line was wrapped."""
    return re.sub(r"\s+", "", "".join(_GUTTER.sub("", row) for row in rows))
