"""Textual's terminal driver, which first takes over the frame and the keys of the time before it."""

from __future__ import annotations

import codecs
import os
import selectors
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from codex_tui.curtain import Curtain
    from codex_tui.hands import Hands

READY_WITHIN = 5.0  # seconds; then keys are read whatever happened, so that a failing start can be left
LOOK_EVERY = 0.02
TICK = 0.1  # seconds; how often it is seen that an Esc was only that, and that the program ends
READ_AT_ONCE = 4096  # bytes


def driver_after(curtain: Curtain, focused: threading.Event, hands: Hands) -> type[LinuxDriver]:
    """A driver class for `App(driver_class=…)`.

    Keys are not read before `focused` is set: Textual drops keys that nobody has the focus for,
    and until then the terminal's own queue keeps them. `hands` hears of everything that is read.
    """

    class Driver(LinuxDriver):
        _early = b""
        _first = True

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)  # pyright: ignore[reportUnknownMemberType]
            if sys.__stdout__ is not None:
                # Textual draws on the standard error, which people redirect.
                self._file = sys.__stdout__

        def start_application_mode(self) -> None:
            if self._first:
                self._early = curtain.take()
            super().start_application_mode()
            if curtain.before is not None:
                # What Textual found is already quieted; a shell that gets the terminal back, at
                # the end or on Ctrl+Z, must find its own settings.
                self.attrs_before = curtain.before

        def write(self, data: str) -> None:
            writer = self._writer_thread
            if writer is not None and not writer.is_alive():
                # An editor has the terminal: its picture is not ours to paint over. Nobody empties
                # the writer's queue either, and a full one would stop the program.
                return
            # The alternate screen is on already; a second switch would clear the first frame.
            if self._first and data == "\x1b[?1049h":
                self._first = False
                return
            super().write(data)

        def run_input_thread(self) -> None:
            deadline = time.monotonic() + READY_WITHIN
            while not (focused.wait(LOOK_EVERY) or self.exit_event.is_set() or time.monotonic() > deadline):
                pass
            self._read_keys(XTermParser(self._debug))

        def _read_keys(self, parser: XTermParser) -> None:
            """As Textual's own loop, but the parser that is given the early keys goes on with the later
            ones: a paste that began before the interface was there may end now. And bytes that are no
            UTF-8 do not end it."""
            decode = codecs.getincrementaldecoder("utf-8")("replace").decode
            text, self._early = decode(self._early), b""
            with selectors.SelectSelector() as selector:  # macOS has no better one for terminals
                selector.register(self.fileno, selectors.EVENT_READ)
                leaving = False
                while True:
                    # An empty text would be the parser's end.
                    for event in (*(parser.feed(text) if text else ()), *parser.tick()):
                        self.process_message(event)
                    if leaving:
                        return
                    # What the terminal still says at the end is read, so that the shell does not get it.
                    leaving = self.exit_event.is_set()
                    ready = selector.select(TICK)
                    data = os.read(self.fileno, READ_AT_ONCE) if ready else b""
                    if ready and not data:
                        return  # the terminal is gone
                    if data:
                        hands.pressed()
                    text = decode(data)

    return Driver
