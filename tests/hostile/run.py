"""All cases of a file at one size: each is played, looked at, and judged."""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.terminal import ScreenTimeoutError
from codex_tui.dialogs.gate import IDLE_TO_OPEN
from tests.hostile.checks import Seen, Verdict, judge
from tests.hostile.client import HostileClient
from tests.hostile.loader import Case, Lines
from tests.hostile.messages import THREAD, Composer, Play, lines
from tests.hostile.reading import GUARD, Reader, inside, is_dialog, is_live, squeeze, window_end

MOST_PAGES = 12
"""Pages a dialog is read; longer ones are then looked at from their end."""
MOST_LOG_PAGES = 80
"""Pages the log is read back; one line may be 2,000 characters."""
SAME_PAGE_SECONDS = 0.3
MARK_LOOKS = 10
"""Times the log is opened to see whether a case's mark has arrived; once is usual."""
DIALOG_SECONDS = 6.0
AT_ONCE = 0.5
"""Seconds a question needs at the most to be announced."""
OPENINGS = 2
KEY_SECONDS = 2.0
LIVE_SECONDS = 5.0
QUIET = 0.08
QUIET_AT_MOST = 0.8
PROSE = frozenset({"agent_text", "reason", "command_output", "mcp_message", "schema"})
_CLICKABLE = ("@click", "[link", "https://", "press to", "README")
_NO_LABEL = re.compile(r"(?:^|  |│ *)(\w{1,6}) {1,6}(?:No, |No\b|no\b|[Dd]ecline\b)")


@dataclass
class Report:
    """Counts of one size. `failures` are (case, tag, why)."""

    size: tuple[int, int]
    cases: int = 0
    bytes: int = 0
    met: Counter[str] = field(default_factory=Counter[str])
    failed: Counter[str] = field(default_factory=Counter[str])
    failures: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    seconds: float = 0.0
    slowest: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])

    def add(self, case: Case, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            (self.failed if verdict.failure else self.met)[verdict.tag] += 1
            if verdict.failure:
                self.failures.append((case.id, verdict.tag, verdict.failure))


def run(cases: Sequence[Case], columns: int, rows: int, shows: bool = False) -> Report:
    """Play `cases` at that size; `shows` prints what is read of each."""
    report = Report((columns, rows))
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="hostile-") as folder,
        Stage(Path(folder), columns, rows) as stage,
    ):
        for number, case in enumerate(cases, 1):
            before = time.monotonic()
            try:
                play, seen = stage.play(number, case)
            except (ScreenTimeoutError, ValueError, KeyError) as error:
                report.cases += 1
                report.add(case, [Verdict("NO-CRASH", f"could not be played: {error}")])
                stage.abandon()
                continue
            verdicts = judge(case, play, seen)
            failed = "; ".join(f"{verdict.tag}: {verdict.failure}" for verdict in verdicts if verdict.failure)
            took = f"{columns}x{rows} {time.monotonic() - before:4.1f} s {case.id}"
            print(f"{took} FAILED {failed}" if failed else took, file=sys.stderr, flush=True)
            report.cases += 1
            if shows:
                print(f"== {case.id}: {seen}\n{stage.client.text}")
            report.add(case, verdicts)
            report.slowest.append((time.monotonic() - before, case.id))
        report.bytes = stage.bytes
    report.slowest = sorted(report.slowest, reverse=True)[:8]
    report.seconds = time.monotonic() - started
    return report


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
            self._mark_log(number, waits="REJECT-LINE" in case.expect)
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
        self._look(number, case, play, seen)
        client.listen()
        seen.heard = list(client.heard)
        seen.doors = client.spied()[doors:]
        seen.violations = list(client.watch.violations)
        seen.effects = list(client.watch.effects)
        seen.crashed = self._crash()
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
            self._read(seen)
            self._click()
            parts = len(case.payload.parts) if isinstance(case.payload, Lines) else 1
            self._answer(case, play, seen)
            if parts > 1 and case.surface != "rpc_line" and is_dialog(client.lines):
                client.order(self._settled(play.asks[:1]))
                client.sync()
                client.drive(lambda: False, 0.3)
                again = Seen(self._columns)
                self._read(again)
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

    def _quiet(self) -> None:
        """Wait until the picture stays as it is; what counts down on it goes on."""
        client = self.client
        deadline, before = time.monotonic() + QUIET_AT_MOST, [""]
        while time.monotonic() < deadline:
            now = [line for line in client.lines if not GUARD.search(line)]
            if now == before:
                return
            before = now
            client.drive(lambda: False, QUIET)

    def _read(self, seen: Seen) -> None:
        """Page through the dialog on screen."""
        client, reader = self.client, Reader()
        self._quiet()
        if window_end(inside(client.lines)) is not None:
            # A form opens at its first field, which may be below its first line.
            client.press("ctrl+home")
            self._quiet()
        below = reader.add(client.lines)
        for _ in range(MOST_PAGES):
            if not below:
                break
            before, shown = time.monotonic(), client.lines
            client.press("pagedown")
            if not client.drive(lambda shown=shown: client.lines != shown, KEY_SECONDS):
                break
            seen.echo.append(time.monotonic() - before)
            client.drive(lambda: False, 0.02)
            below = reader.add(client.lines)
        if below:
            client.press("end")
            self._quiet()
            seen.tail = squeeze(client.lines)
        seen.first, seen.text = squeeze(reader.first), reader.text

    def _click(self) -> None:
        """Click on what a foreign text would like to be clicked."""
        client = self.client
        for row, line in enumerate(client.lines):
            column = next((line.find(word) for word in _CLICKABLE if word in line), -1)
            if column >= 0:
                client.click(column, row)
                client.drive(lambda: False, 0.03)
                return

    def _press(self, key: str) -> None:
        client = self.client
        client.drive(lambda: is_live(client.lines), LIVE_SECONDS)
        client.press(key)
        client.drive(lambda: False, 0.25)  # an answer is held for a moment; a key meanwhile voids it

    def _answer(self, case: Case, play: Play, seen: Seen) -> None:
        client, expect = self.client, case.expect
        if "exact raw command" in expect:
            if self._columns != 80:
                return  # what is sent does not depend on the size
            seen.pressed = "accept"
            self._press("y")
            client.drive(lambda: any("method" not in m for m in client.heard), KEY_SECONDS)
        elif "second confirm" in expect:
            self._press("p")
            client.drive(lambda: False, 0.3)
            second = Seen(self._columns)
            self._read(second)
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
            self._press("o")
            client.drive(lambda: bool(client.spied()), 1.0)
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
            self._press("escape")
        else:
            found = next((match for line in client.lines if (match := _NO_LABEL.search(line))), None)
            sign = found[1].strip("│").lower() if found else "d"
            self._press({"esc": "escape"}.get(sign, sign))
        client.drive(lambda: any("method" not in m for m in client.heard), 0.5)

    # -- the end of a case ----------------------------------------------------------------

    def _finish(self, number: int, composer: Composer, play: Play, seen: Seen) -> None:
        client = self.client
        for order in play.after:
            client.order(order)
        client.order(composer.end(f"end-{number}"))
        client.sync()
        seen.alive_after = client.drive(lambda: f"end-{number}" in client.text, DIALOG_SECONDS)

    def _look(self, number: int, case: Case, play: Play, seen: Seen) -> None:
        client = self.client
        self._quiet()
        if case.surface in {"agent_text", "command_output"} or (
            case.surface == "rpc_line" and not seen.dialog
        ):
            seen.text += self._read_chat(number)
            if case.surface == "agent_text":
                self._click()
                self._quiet()
        seen.chat = squeeze(client.lines)
        if case.surface == "rpc_line" or play.ends:
            seen.log = self._read_log(number, play.heavy)
            seen.skipped = seen.log.count("[skipped:")

    def _read_chat(self, number: int) -> str:
        """The chat from the mark at the case's beginning."""
        client = self.client
        begin, read = f"begin-{number}", _above_rule(client.lines)
        pages = 0
        while not any(begin in row for row in read) and pages < MOST_PAGES:
            shown = client.lines
            client.press("pageup")
            if not client.drive(lambda shown=shown: client.lines != shown, 1.0):
                break
            client.drive(lambda: False, 0.03)
            read = _joined(_above_rule(client.lines), read)
            pages += 1
        if pages:
            client.press("ctrl+end")
            self._quiet()
        start = max((at for at, row in enumerate(read) if begin in row), default=-1)
        return squeeze(read[start + 1 :])

    def _mark_log(self, number: int, waits: bool) -> None:
        """Have the log say where a case begins. Standard error and output are not read in one order:
        with `waits` what the case writes comes only when the mark is there."""
        client, mark = self.client, f"case-{number}\n"
        client.order({"op": "stderr", "text": mark, "size": len(mark)})
        for _ in range(MARK_LOOKS if waits else 0):
            client.press("f12")
            client.drive(lambda: "engine log" in client.text or mark.strip() in client.text, KEY_SECONDS)
            logged = client.drive(lambda: mark.strip() in client.text, 0.1)
            client.press("escape")
            client.drive(lambda: "engine log" not in client.text, KEY_SECONDS)
            if logged:
                break

    def _read_log(self, number: int, floods: bool) -> str:
        client = self.client
        client.press("f12")
        client.drive(lambda: "Esc closes" in client.text or "engine log" in client.text, KEY_SECONDS)
        self._quiet()
        mark = f"case-{number}"
        if mark not in client.text:
            # A long log is on screen for a moment before it has moved to its end.
            client.press("end")
            client.drive(lambda: mark in client.text, SAME_PAGE_SECONDS)
        rows = client.lines
        # A flood has pushed the mark out; what is asked of one is whether its end is here.
        for _ in range(MOST_LOG_PAGES if not floods else 1):
            if any(mark in row for row in rows):
                break
            # Pages of one long number look alike, so a page that stays the same is no end.
            shown = client.lines
            client.press("pageup")
            client.drive(lambda shown=shown: client.lines != shown, SAME_PAGE_SECONDS)
            self._quiet()
            rows = [*client.lines, *rows]
        whole = squeeze(rows)
        client.press("escape")
        client.drive(lambda: "Esc closes" not in client.text, KEY_SECONDS)
        return whole[whole.find(mark) :] if mark in whole else whole

    def _crash(self) -> str:
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
