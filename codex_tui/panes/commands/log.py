"""The resolved output of one command, kept up with the text in the state, in small steps."""

from __future__ import annotations

import time
from collections.abc import Callable

from codex_tui.paint.output import Output
from codex_tui.session.transcript import OUTPUT_HEAD

SLICE = 2048
"""Characters resolved at once, or fewer where they cost much: some milliseconds of the worst there is."""
STEP_SECONDS = 0.008
"""How long a step may take; with painting it stays within a frame."""
SOME_UNSHOWN = 64
MUCH_UNSHOWN = 0.01
"""Control characters left out, at least so many and such a share, make output look like binary data."""


class Log:
    """Feed it the state's text with `take`, then `step` until it has nothing left to do."""

    def __init__(self) -> None:
        self.output = Output()
        """What can be shown. Replaced as a whole when the final output is another than the stream was."""
        self.renewed = 0
        """How many times that happened."""
        self._next: Output | None = None  # resolved aside, until it has caught up
        self._text = ""
        self._cut: int = 0
        self._pending: list[str] = []
        self._finished = False

    @property
    def is_behind(self) -> bool:
        """Whether `step` has something to do."""
        return bool(self._pending)

    @property
    def looks_binary(self) -> bool:
        """Whether so much was left out that this was hardly made to be read."""
        unshown = self.output.unshown
        return unshown > max(SOME_UNSHOWN, MUCH_UNSHOWN * len(self._text))

    def take(self, text: str, cut: int = 0, finished: bool = False) -> None:
        """The output as the state has it now: `cut` characters are missing after the first OUTPUT_HEAD."""
        if text is not self._text and not (text == self._text and cut == self._cut):
            more = self._added(text, cut)
            if more is None:
                self._begin_anew(text, cut)
            elif more:
                self._pending.append(more)
            self._text, self._cut = text, cut
        self._finished = finished
        if finished and not self._pending:
            self.output.finish()

    def step(self, clock: Callable[[], float] = time.monotonic) -> bool:
        """Resolve for at most `STEP_SECONDS`; whether anything was done."""
        if not self._pending:
            return False
        until = clock() + STEP_SECONDS
        target = self._next or self.output
        while self._pending:
            piece = self._pending[0]
            left = target.feed_some(piece[:SLICE])
            # Cut in larger portions first, so that the rest is not copied for each slice.
            self._pending[0:1] = ([left] if left else []) + _portions(piece[SLICE:])
            if clock() >= until:
                break
        if not self._pending:
            if self._finished:
                target.finish()
            if self._next is not None:
                self.output, self._next = self._next, None
                self.renewed += 1
        return True

    def _added(self, text: str, cut: int) -> str | None:
        """What `text` has more than the one before; None when it is another text."""
        old = self._text
        if cut == self._cut and text.startswith(old):
            return text[len(old) :]
        more = len(text) + cut - len(old) - self._cut
        if cut > self._cut and 0 <= more <= len(text) - OUTPUT_HEAD:
            return text[len(text) - more :]
        return None

    def _begin_anew(self, text: str, cut: int) -> None:
        self._next = Output()
        if not self._text:
            self.output, self._next = self._next, None
        if cut:
            gap = f"\x1b[0m\n[{cut:,} characters were not kept]\n"
            self._pending = [*_portions(text[:OUTPUT_HEAD]), gap, *_portions(text[OUTPUT_HEAD:])]
        else:
            self._pending = _portions(text)


def _portions(text: str) -> list[str]:
    size = 64 * SLICE if len(text) > 64 * SLICE else SLICE
    return [text[at : at + size] for at in range(0, len(text), size)]
