"""Reads a running program as a person does: page by page, until nothing moves any more."""

from __future__ import annotations

import time

from tests.hostile.checks import Seen
from tests.hostile.client import HostileClient
from tests.hostile.reading import GUARD, Reader, inside, lines_above, lines_below, squeeze, window_end

MOST_PAGES = 12
"""Pages a dialog is read; longer ones are then looked at from their end."""
MOST_LOG_PAGES = 80
"""Pages the log is read back; one line may be 2,000 characters."""
SAME_PAGE_SECONDS = 0.3
TO_THE_TOP = 3
"""A form that is still opening may go to its first field after it was sent to its top."""
LOG_SECONDS = 1.0
MARK_SECONDS = 20.0
"""How long a case's mark may take from the engine's standard error to the log: long, for machines
under load."""
KEY_SECONDS = 10.0
"""How long what a key does may take to the screen: long, for machines under load."""
QUIET = 0.08
QUIET_AT_MOST = 0.8
_CLICKABLE = ("@click", "[link", "https://", "press to", "README")


class Eyes:
    """What one looks at of a client."""

    def __init__(self, client: HostileClient) -> None:
        self.client = client

    def quiet(self) -> None:
        """Wait until the picture stays as it is; what counts down on it goes on."""
        client = self.client
        deadline, before = time.monotonic() + QUIET_AT_MOST, [""]
        while time.monotonic() < deadline:
            now = [line for line in client.lines if not GUARD.search(line)]
            if now == before:
                return
            before = now
            client.drive(lambda: False, QUIET)

    def read_dialog(self, seen: Seen) -> None:
        """Page through the dialog on screen."""
        client, reader = self.client, Reader()
        self.quiet()
        if window_end(inside(client.lines)) is not None:
            # A form opens at its first field, which may be below its first line.
            for _ in range(TO_THE_TOP):
                client.press("ctrl+home")
                client.drive(lambda: not lines_above(inside(client.lines)), KEY_SECONDS)
                self.quiet()
                if not lines_above(inside(client.lines)):
                    break
        below = reader.add(client.lines)
        for _ in range(MOST_PAGES):
            if not below:
                break
            before = time.monotonic()
            client.press("pagedown")
            # What is said of the lines below stands under them, so they are painted when it changes.
            if not client.drive(lambda was=below: lines_below(inside(client.lines)) != was, KEY_SECONDS):
                break
            seen.echo.append(time.monotonic() - before)
            client.drive(lambda: False, 0.02)
            below = reader.add(client.lines)
        if below:
            client.press("end")
            client.drive(lambda: not lines_below(inside(client.lines)), KEY_SECONDS)
            self.quiet()
            seen.tail = squeeze(client.lines)
        seen.first, seen.text = squeeze(reader.first), reader.text

    def click(self) -> None:
        """Click on what a foreign text would like to be clicked."""
        client = self.client
        for row, line in enumerate(client.lines):
            column = next((line.find(word) for word in _CLICKABLE if word in line), -1)
            if column >= 0:
                client.click(column, row)
                client.drive(lambda: False, 0.03)
                return

    def read_chat(self, number: int) -> str:
        """The chat from the mark at the case's beginning."""
        client = self.client
        begin, read = f"begin-{number}", _above_rule(client.lines)
        pages = 0
        while not any(begin in row for row in read) and pages < MOST_PAGES:
            shown = client.lines
            client.press("pageup")
            if not client.drive(lambda shown=shown: client.lines != shown, 1.0):
                break
            self.quiet()
            read = _joined(_above_rule(client.lines), read)
            pages += 1
        if pages:
            client.press("ctrl+end")
            self.quiet()
        start = max((at for at, row in enumerate(read) if begin in row), default=-1)
        return squeeze(read[start + 1 :])

    def mark_log(self, number: int, waits: bool) -> None:
        """Have the log say where a case begins. Standard error and output are not read in one order:
        with `waits` what the case writes comes only when the mark is there."""
        client, mark = self.client, f"case-{number}\n"
        client.order({"op": "stderr", "text": mark, "size": len(mark)})
        if waits and self._open_log(mark.strip()):
            self._close_log()

    def _open_log(self, wanted: str) -> bool:
        """Open the log at its end, again until `wanted` stands there. A log is as it was when it was
        opened, and a long one is on screen for a moment before it has moved to its end."""
        client, deadline = self.client, time.monotonic() + MARK_SECONDS
        while True:
            client.press("f12")
            client.drive(lambda: "engine log" in client.text or wanted in client.text, KEY_SECONDS)
            client.press("end")
            if client.drive(lambda: wanted in client.text, LOG_SECONDS) or time.monotonic() > deadline:
                return wanted in client.text
            self._close_log()

    def _close_log(self) -> None:
        client = self.client
        client.press("escape")
        client.drive(lambda: "engine log" not in client.text and "Esc closes" not in client.text, KEY_SECONDS)

    def read_log(self, number: int, floods: bool, is_over: bool) -> str:
        """The log from the case's mark on. `is_over`: the engine is gone and marks nothing any more."""
        client, mark, end = self.client, f"case-{number}", f"done-{number}"
        if not is_over:
            client.order({"op": "stderr", "text": f"{end}\n", "size": len(end) + 1})
        self._open_log(mark if is_over else end)
        rows = client.lines
        # A flood has pushed the mark out; what is asked of one is whether its end is here.
        for _ in range(MOST_LOG_PAGES if not floods else 1):
            if any(mark in row for row in rows):
                break
            # Pages of one long number look alike, so a page that stays the same is no end.
            shown = client.lines
            client.press("pageup")
            client.drive(lambda shown=shown: client.lines != shown, SAME_PAGE_SECONDS)
            self.quiet()
            rows = [*client.lines, *rows]
        whole = squeeze(rows)
        self._close_log()
        return whole[whole.find(mark) :] if mark in whole else whole

    def crash(self) -> str:
        """What says that the program, or a part of it, broke; empty when nothing does."""
        client = self.client
        if not client.running:
            return "the program ended: " + client.text.strip()[-200:]
        signs = ("! cannot be shown", "Traceback (most")
        return next((line.strip() for line in client.lines if any(sign in line for sign in signs)), "")


def _above_rule(rows: list[str]) -> list[str]:
    """The rows of the chat: what is above the composer's rule."""
    rules = [at for at, row in enumerate(rows) if row.strip().startswith("───")]
    return rows[: rules[-1]] if rules else rows


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Two windows of the chat, the second further down, without what both show."""
    for overlap in range(min(len(upper), len(lower)), 0, -1):
        if upper[-overlap:] == lower[:overlap]:
            return [*upper, *lower[overlap:]]
    return [*upper, *lower]
