"""The real program at one size, on which case after case is played and looked at."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from codex_tui.dialogs.gate import IDLE_TO_OPEN
from tests.hostile.checks import Seen, judge
from tests.hostile.client import HostileClient
from tests.hostile.eyes import KEY_SECONDS, Eyes
from tests.hostile.loader import Case, Lines
from tests.hostile.messages import THREAD, Composer, Play, lines
from tests.hostile.reading import is_dialog, is_live, squeeze

DIALOG_SECONDS = 6.0
AT_ONCE = 0.5
"""Seconds a question needs at the most to be announced."""
OPENINGS = 2
LIVE_SECONDS = 20.0
"""How long answers may take to come alive; 0.7 s is usual, but not under load."""
EFFECT_SECONDS = 1.0
NEXT_SECONDS = 0.3
BETWEEN_KEYS = 0.06
LATE_SECONDS = 20.0
"""How long a notice may take to the chat or the log: long, for machines under load."""
LATE_PAUSE = 0.5
PROSE = frozenset({"agent_text", "reason", "command_output", "mcp_message", "schema"})
PANES = {"f3": "2", "f4": "", "f1": "", "f12": "", "f7": ""}
"""Keys that open what shows the session, and what leads further there: F3 2 all of its changes."""
_NO_LABEL = re.compile(r"(?:^|  |│ *)(\w{1,6}) {1,6}(?:No, |No\b|no\b|[Dd]ecline\b)")


class Stage:
    """The program at one size; started anew when a case leaves nothing to go on with."""

    def __init__(self, folder: Path, columns: int, rows: int) -> None:
        self._folder, self._columns, self._rows = folder, columns, rows
        self._client: HostileClient | None = None
        self._stale = False
        self._starts = 0
        self._bytes = 0

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def bytes(self) -> int:
        """Bytes of output so far."""
        return self._bytes + (self._client.output_bytes if self._client else 0)

    def _close(self) -> None:
        if self._client is not None:
            self._bytes += self._client.output_bytes
            self._client.close()
            self._client = None

    @property
    def client(self) -> HostileClient:
        assert self._client is not None
        return self._client

    def abandon(self) -> None:
        """The next case starts the program anew."""
        self._stale = True

    def _fresh(self) -> None:
        self._close()
        self._starts += 1
        folder = self._folder / str(self._starts)
        folder.mkdir()
        self._client = HostileClient(folder, self._columns, self._rows)
        self._client.__enter__()
        self.eyes = Eyes(self._client)
        self._stale = False
        # Everything unfolded, so that output and diffs are looked at as a whole.
        self._client.press("ctrl+t")
        # A dialog does not open by itself within a second of a key.
        self._client.drive(lambda: False, IDLE_TO_OPEN + 0.2)

    # -- one case -------------------------------------------------------------------------

    def play(self, number: int, case: Case) -> tuple[Play, Seen]:
        """Carry out a case and look at what it does."""
        if self._client is None or self._stale or not self._client.running:
            self._fresh()
        client = self.client
        composer = Composer(number, str(client.work))
        play = composer.play(case)
        seen = Seen(self._columns)
        client.watch.joiners = case.surface in PROSE
        client.watch.violations, client.watch.effects = [], []
        client.heard.clear()
        doors = len(client.spied())
        if play.heavy or play.ends or play.replies or case.surface == "rpc_line":
            self._stale = play.leaves_much or play.ends or play.replies
            self.eyes.mark_log(number, waits="REJECT-LINE" in case.expect)
        client.order(composer.begin(f"begin-{number}"))
        client.sync()
        self._deliver(play, seen)
        if play.replies:
            # A running turn would be steered; what is answered here is the start of one.
            client.order(composer.end(f"over-{number}"))
            client.sync()
            client.drive(lambda: f"over-{number}" in client.text, KEY_SECONDS)
            self._prompt(number)
        if play.asks and not play.ends:
            self._ask(case, play, seen)
        if not play.ends:
            self._finish(number, composer, play, seen)
        text, deadline = seen.text, time.monotonic() + LATE_SECONDS
        while True:
            seen.text = text
            self._look(number, case, play, seen)
            seen.doors = seen.doors[doors:]
            # What stands in the chat or in the log may come late; a dialog was read when it was there.
            late = not seen.dialog and not seen.crashed
            failing = late and any(verdict.failure for verdict in judge(case, play, seen))
            if not failing or time.monotonic() > deadline:
                break
            client.drive(lambda: False, LATE_PAUSE)
        if seen.crashed or is_dialog(client.lines):
            self._stale = True
        return play, seen

    def _deliver(self, play: Play, seen: Seen) -> None:
        client = self.client
        for order in play.orders:
            client.order(order)
        if play.ends:
            client.drive(lambda: not client.running, 0.5)
            return
        if play.heavy and not play.asks:
            self._type(seen, 12)
        client.sync()

    def _type(self, seen: Seen, count: int) -> None:
        """Type while the flood runs; how long each key took to the screen."""
        client = self.client
        typed = ""
        for char in "qzjxkvqzjxkv"[:count]:
            typed += char
            before = time.monotonic()
            client.press(char)
            client.drive(lambda typed=typed: typed in client.text, 3.0)
            seen.echo.append(time.monotonic() - before)
        for _ in typed:
            client.press("backspace")

    def _prompt(self, number: int) -> None:
        client = self.client
        client.type(f"prompt {number}")
        client.drive(lambda: f"prompt {number}" in client.text, KEY_SECONDS)
        client.press("enter")
        client.drive(lambda: any(m.get("method") == "turn/start" for m in client.heard), KEY_SECONDS)
        client.drive(lambda: False, 0.5)

    # -- questions ------------------------------------------------------------------------

    def _ask(self, case: Case, play: Play, seen: Seen) -> None:
        client = self.client
        before = time.monotonic()
        answered = lambda: any("method" not in m for m in client.heard)  # noqa: E731
        here = lambda: is_dialog(client.lines) or answered()  # noqa: E731
        # Within a second of a key no dialog opens by itself: one question is then asked for, of
        # several the list would open. Not when it is about to open: the key would close it.
        alone = time.monotonic() - client.pressed_at > IDLE_TO_OPEN - AT_ONCE
        if alone or len(play.asks) != 1:
            client.drive(here, 1.5)
        else:
            client.drive(lambda: here() or "waits" in client.text, AT_ONCE / 2)
        for _ in range(OPENINGS if "REJECT" not in case.expect else 0):
            if here():
                break
            client.press("f5")
            client.drive(here, DIALOG_SECONDS)
        seen.opened_in = time.monotonic() - before
        seen.dialog = is_dialog(client.lines)
        if not seen.dialog:
            seen.first = client.text
        if seen.dialog:
            self.eyes.read_dialog(seen)
            self.eyes.click()
            parts = len(case.payload.parts) if isinstance(case.payload, Lines) else 1
            self._answer(case, play, seen)
            if parts > 1 and case.surface != "rpc_line" and is_dialog(client.lines):
                client.order(self._settled(play.asks[:1]))
                client.sync()
                client.drive(lambda: False, NEXT_SECONDS)
                again = Seen(self._columns)
                self.eyes.read_dialog(again)
                seen.text += again.text
        client.order(self._settled(play.asks))
        client.sync()
        client.drive(lambda: not is_dialog(client.lines), KEY_SECONDS)

    def _settled(self, asks: Sequence[int | str]) -> dict[str, object]:
        """The engine takes its questions back."""
        return lines(
            *(
                {"method": "serverRequest/resolved", "params": {"threadId": thread, "requestId": ask}}
                for ask in asks
                for thread in (THREAD, "t")
            )
        )

    def _press(self, key: str) -> None:
        client = self.client
        client.drive(lambda: is_live(client.lines) or not is_dialog(client.lines), LIVE_SECONDS)
        client.press(key)
        client.drive(lambda: False, 0.25)  # an answer is held for a moment; a key meanwhile voids it

    def _press_until(self, key: str, done: Callable[[], bool]) -> None:
        """Press a key until it has its effect: a click or a paint that comes late puts answers off."""
        client, deadline = self.client, time.monotonic() + LATE_SECONDS
        while not done() and is_dialog(client.lines) and time.monotonic() < deadline:
            self._press(key)
            client.drive(done, EFFECT_SECONDS)

    def _has_answered(self) -> bool:
        return any("method" not in message for message in self.client.heard)

    def _answer(self, case: Case, play: Play, seen: Seen) -> None:
        client, expect = self.client, case.expect
        if "exact raw command" in expect:
            if self._columns != 80:
                return  # what is sent does not depend on the size
            seen.pressed = "accept"
            self._press_until("y", self._has_answered)
        elif "second confirm" in expect:
            self._press("p")
            client.drive(lambda: False, 0.3)
            second = Seen(self._columns)
            self.eyes.read_dialog(second)
            seen.text += second.text
        elif "second" in expect and "step" in expect:
            seen.pressed = "accept once"
            self._press("y")
        elif "Decline and Cancel always" in expect:
            if "DECLINE-ONLY" in expect and " or DECLINE-ONLY" not in expect:
                for key in ("f10", "y", "enter"):
                    self._press(key)
            self._refuse(seen)
        elif "opens only after" in expect:
            seen.pressed = "open"
            before = client.opened()
            self._press_until("o", lambda: client.opened() > before)
        elif case.surface == "url":
            seen.pressed = "open"
            for key in ("o", "enter"):
                self._press(key)
        elif re.search(r"answered with|never ignored|id 0|at most one answer", expect):
            self._refuse(seen)

    def _refuse(self, seen: Seen) -> None:
        """Decline with the key that the dialog names, or stop with Esc on the smallest screen."""
        client = self.client
        seen.pressed = "escape" if self._columns < 60 else "decline"
        if seen.pressed == "escape":
            self._press_until("escape", self._has_answered)
        else:
            found = next((match for line in client.lines if (match := _NO_LABEL.search(line))), None)
            sign = found[1].strip("│").lower() if found else "d"
            self._press_until({"esc": "escape"}.get(sign, sign), self._has_answered)

    # -- the end of a case ----------------------------------------------------------------

    def _finish(self, number: int, composer: Composer, play: Play, seen: Seen) -> None:
        client = self.client
        for order in play.after:
            client.order(order)
        client.order(composer.end(f"end-{number}"))
        client.sync()
        seen.alive_after = client.drive(lambda: f"end-{number}" in client.text, DIALOG_SECONDS)

    def _look(self, number: int, case: Case, play: Play, seen: Seen) -> None:
        client, eyes = self.client, self.eyes
        eyes.quiet()
        if case.surface in {"agent_text", "command_output"} or (
            case.surface == "rpc_line" and not seen.dialog
        ):
            seen.text += eyes.read_chat(number)
            if case.surface == "agent_text":
                eyes.click()
                eyes.quiet()
        seen.chat = squeeze(client.lines)
        if case.surface == "rpc_line" or play.ends:
            seen.log = eyes.read_log(number, play.heavy, not seen.alive_after or play.ends)
            seen.skipped = seen.log.count("[skipped:")
        client.listen()
        seen.heard = list(client.heard)
        seen.doors = client.spied()
        seen.violations = list(client.watch.violations)
        seen.effects = list(client.watch.effects)
        seen.crashed = eyes.crash()

    # -- after all cases ------------------------------------------------------------------

    def panes(self) -> Seen:
        """Everything else that shows what the cases left: diffs, commands, keys, log, saved threads."""
        if self._client is None or self._stale or not self._client.running:
            self._fresh()
        client, eyes, seen = self.client, self.eyes, Seen(self._columns)
        client.watch.joiners = True  # the chat stands beside them, or is painted anew
        client.watch.violations, client.watch.effects = [], []
        for name, further in PANES.items():
            shown = client.lines
            client.press(name)
            client.drive(lambda shown=shown: client.lines != shown, KEY_SECONDS)
            eyes.quiet()
            for key in (*further, "end", "pageup", "enter", "pagedown", "escape", "escape"):
                client.press(key)
                client.drive(lambda: False, BETWEEN_KEYS)
            eyes.quiet()
        seen.alive_after = client.running
        seen.violations, seen.effects = list(client.watch.violations), list(client.watch.effects)
        seen.crashed = eyes.crash()
        return seen
