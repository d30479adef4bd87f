"""Which rows of a question were on screen: a grant needs all of them, or a word that they need not be."""

from __future__ import annotations


class Seen:
    """Rows painted so far, of `total`."""

    def __init__(self, total: int) -> None:
        self._rows = bytearray(total)
        self._unseen = total

    @property
    def total(self) -> int:
        """Rows there are."""
        return len(self._rows)

    @property
    def unseen(self) -> int:
        """Rows that were never painted."""
        return self._unseen

    def mark(self, row: int) -> None:
        """That row is on screen."""
        if 0 <= row < len(self._rows) and not self._rows[row]:
            self._rows[row] = 1
            self._unseen -= 1
