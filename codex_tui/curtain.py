"""The first frame, painted by hand while the interface is loading.

Importing Textual takes longer than a person waits for a prompt. So the bare composer is painted
with a few escape sequences as soon as the arguments are read, and what is typed meanwhile shows
in it. Whatever was typed is then handed on, byte for byte, to the interface (`take`), which paints
over this frame; nothing typed is lost and nothing is interpreted here.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codex_tui.glimpse import Words

# Pastes arrive in brackets from the first moment on: without them each line would be a key press,
# and its end would send it.
ENTER = "\x1b[?1049h\x1b[2J\x1b[?2004h"
LEAVE = "\x1b[?2004l\x1b[?1049l\x1b[?25h"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
# All that the interface may have switched on: mouse, focus, paste, synchronised drawing, in-band
# sizes, its keyboard, no wrapping.
RESET = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2026l\x1b[?2048l\x1b[<u\x1b[?7h" + LEAVE
RESET_WITHIN = 0.5
"""Seconds that a terminal which takes nothing (Ctrl+S, a dead line) may hold up the end."""

MAX_EARLY = 64 * 1024
"""Bytes kept for the interface: more than anybody types or pastes within a second of loading.
What comes beyond stays in the terminal's own queue."""

PROMPT = "  ❯ "  # as the composer's gutter, so that the hand-over does not move a cell


class Curtain:
    """Between `up` and `take` it owns the terminal; afterwards the interface does.

    The terminal has to be out of line mode and without echo already. `lift` gives the screen
    back when the interface never came.
    """

    def __init__(
        self, stdin: int, stdout: int, before: list[Any] | None = None, *, plain: bool = False
    ) -> None:
        """`before`: the terminal's own settings (`termios`), from before it was quieted."""
        self.before = before
        self._stdin = stdin
        self._stdout = stdout
        self.plain = plain
        self.columns = self.free_rows = 0  # of the frame; rows above the composer
        self.words: Sequence[Words] = ()  # of a saved thread, until its conversation is painted
        self.late: Callable[[], object] = lambda: None  # told in any thread when `words` came after `take`
        self._painting = threading.Lock()
        self._room = 0
        self._early = bytearray()
        self._thread: threading.Thread | None = None
        self._wake: tuple[int, int] | None = None

    def up(self) -> None:
        """Paint the composer and begin to listen."""
        try:
            columns, rows = os.get_terminal_size(self._stdout)
        except OSError:
            columns, rows = 80, 24
        prompt, rule = ("  > ", "-") if self.plain else (PROMPT, "─")
        if columns < 60:
            prompt = prompt[2:]
        self._room = max(0, columns - len(prompt) - 1)
        self.columns, self.free_rows = columns, max(0, rows - 3)
        self._write(
            f"{ENTER}\x1b[{max(1, rows - 2)};2H\x1b[2m{rule * (columns - 2)}\x1b[22m"
            f"\x1b[{max(1, rows - 1)};1H{prompt}"
        )
        self._wake = os.pipe()
        self._thread = threading.Thread(target=self._listen, args=(self._wake[0],), daemon=True)
        self._thread.start()

    def show(self, words: Sequence[Words]) -> None:
        """Paint the last words of a thread above the composer, or leave them to the interface. In any
        thread."""
        with self._painting:
            self.words = words
            if self._thread is not None:
                tones = {"text": "\x1b[22m", "strong": "\x1b[1m"}
                shown = enumerate(words[: self.free_rows], 1)
                rows = "".join(f"\x1b[{y};1H{tones[row.tone]}{row.text}" for y, row in shown)
                self._write(f"\x1b7\x1b[?25l{rows}\x1b[22m\x1b8\x1b[?25h")
                return
        self.late()

    def take(self) -> bytes:
        """Stop listening and hand over what was typed. The frame stays until it is painted over."""
        if self._thread is not None and self._wake is not None:
            os.write(self._wake[1], b".")
            self._thread.join()
            for end in self._wake:
                os.close(end)
            with self._painting:
                self._thread = self._wake = None
        early, self._early = bytes(self._early), bytearray()
        return early

    def lift(self) -> None:
        """Leave the alternate screen if nobody took over."""
        if self._thread is not None:
            self.take()
            self._write(LEAVE)

    def tear_down(self) -> None:
        """Give the terminal back over the head of an interface that no longer does anything."""

        def reset() -> None:
            self._write(RESET)
            if self.before is not None:
                import termios

                with contextlib.suppress(termios.error, OSError):
                    termios.tcsetattr(self._stdin, termios.TCSANOW, self.before)

        thread = threading.Thread(target=reset, daemon=True)
        thread.start()
        thread.join(RESET_WITHIN)

    def _listen(self, wake: int) -> None:
        decode = codecs.getincrementaldecoder("utf-8")("ignore").decode
        echoing = True
        while len(self._early) < MAX_EARLY:
            ready, _, _ = select.select([self._stdin, wake], [], [])
            if self._stdin not in ready:
                return
            try:
                data = os.read(self._stdin, 1024)
            except OSError:
                return
            if not data:
                return
            self._early += data
            text = decode(data).replace(PASTE_BEGINS, "").replace(PASTE_ENDS, "")
            # Only plain signs of one cell are shown; the interface shows the rest in a moment.
            echoing = echoing and all(" " <= sign < "\x7f" or "\xa1" <= sign < "\u0300" for sign in text)
            if echoing and len(text) <= self._room:
                self._room -= len(text)
                with self._painting:
                    self._write(text)

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._stdout, text.encode())
