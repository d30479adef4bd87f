"""What a search over all threads finds (`thread/search`, or an index of our own)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.history.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.session.transcript import Thread


BEFORE, BEHIND = 12, 120
"""Characters of a snippet around the words: few before them, or they are out of sight in a narrow row."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread, and a few foreign words around the place."""

    entry: Entry
    snippet: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found by now. It is `unfinished` while files are still read: `done` of `of` (0: all
    are still looked for). `remark`: what went wrong on the way, in our words, once."""

    hits: Sequence[Hit]
    unfinished: bool = False
    done: int = 0
    of: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Peek:
    """A look into a thread: some of its turns, and at how many places the words that are looked for stand."""

    thread: Thread
    places: int = 0


def around(text: str, wanted: str) -> str:
    """Some words of `text` around the first place of `wanted`, whatever its capitals."""
    place = re.search(re.escape(wanted), text, re.IGNORECASE)
    at = place.start() if place is not None else 0
    begin = max(0, at - BEFORE)
    if begin:
        blank = text.find(" ", begin, at)
        begin = blank + 1 if blank >= 0 else begin
    end = at + len(wanted) + BEHIND
    return ("\u2026 " if begin else "") + text[begin:end] + (" \u2026" if end < len(text) else "")
