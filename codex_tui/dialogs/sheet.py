"""What a dialog shows of one question, made once for each question and painted at any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from codex_tui.dialogs.choices import Choice
    from codex_tui.paint.look import Look
    from codex_tui.paint.question import Fact, Rows

OTHERS = own("[ ] other ones")
TYPED_OTHERS = own("Ctrl+N Ctrl+P other ones")
"""How to get to other questions; the second where brackets are text."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`facts` stay in sight when there is room; `body` scrolls, and a grant needs all of it seen.

    `basis` is what was shown beyond the question itself: if it is no longer equal, the sheet
    must be shown anew and no grant may follow from the old one.
    """

    title: SafeText
    facts: tuple[Fact, ...]
    body: Callable[[Look], Rows]
    measure: SafeText
    choices: tuple[Choice, ...]
    basis: object = None
    focus: Callable[[Look], int] | None = None  # the row of the body that must be in sight
    wide: bool = False  # two sides beside each other want all columns there are
    others: SafeText = OTHERS  # how to get to other questions; empty where there is no way
    help: SafeText = own("F1 keys")  # what the key that lists all keys does here
    waits: bool = True  # the engine waits for the answer: since when is said, and it may be put off
