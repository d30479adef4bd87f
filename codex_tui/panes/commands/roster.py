"""The commands of a session, newest last: those of the thread on screen and of its sub-agents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from codex_tui.protocol.items import CommandExecution
from codex_tui.session.transcript import Item

if TYPE_CHECKING:
    from codex_tui.protocol.terminals import BackgroundTerminal
    from codex_tui.session.state import Change, State
    from codex_tui.session.transcript import Thread, Turn

DEPTH = 8
"""Generations of sub-agents that are followed; engines allow far fewer."""

Standing = Literal["waiting", "running", "background", "good", "bad", "declined", "lost"]
Key = tuple[str, str, str]
"""Ids of thread, turn and item."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One command. `terminal` is there when it runs in the background, `agent` when a sub-agent ran it."""

    thread_id: str
    item: Item
    body: CommandExecution
    agent: bool = False
    terminal: BackgroundTerminal | None = None

    @property
    def key(self) -> Key:
        return self.thread_id, self.item.turn_id, self.item.id

    @property
    def is_mine(self) -> bool:
        """Whether the person ran it, with `!`."""
        return self.body.source == "userShell"

    @property
    def output(self) -> str:
        """What is known of its output, foreign."""
        return self.body.aggregated_output or ""

    @property
    def process_id(self) -> str | None:
        """What the engine calls it as long as it can be terminated."""
        if self.terminal is not None:
            return self.terminal.process_id
        return self.body.process_id if self.standing == "running" and not self.is_mine else None

    @property
    def standing(self) -> Standing:
        """How it goes, or how it went."""
        body, item = self.body, self.item
        if body.status == "completed":
            return "bad" if body.exit_code else "good"
        if body.status == "failed":
            return "bad"
        if body.status == "declined":
            return "declined"
        if item.phase == "running":
            asked = not item.outcome and body.process_id is None and body.source == "agent"
            return "waiting" if asked and not body.aggregated_output else "running"
        return "background" if self.terminal is not None else "lost"

    def duration_ms(self, now_ms: int) -> int | None:
        """How long it took, or has been running; None when that is not known."""
        if self.standing in ("running", "background"):
            return max(0, now_ms - self.item.started_ms) if self.item.started_ms is not None else None
        if self.body.duration_ms is not None:
            return self.body.duration_ms
        started, ended = self.item.started_ms, self.item.completed_ms
        return ended - started if started is not None and ended is not None else None


class Roster:
    """Kept up with the state; a change costs what it touched."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.counts: Counter[Standing] = Counter()
        """How many there are of each standing; counting anew for each frame would cost their number."""
        self._at: dict[Key, int] = {}
        self._active: str | None = None

    def find(self, key: Key | None) -> int | None:
        """Where that command stands."""
        return self._at.get(key) if key is not None else None

    def take(self, state: State, change: Change) -> bool:
        """Follow the state; whether anything here changed."""
        known = self._threads(state)
        keys: list[Key] = []
        for touch in change:
            if touch.kind in ("threads", "thread", "engine") or (
                touch.kind == "turn" and touch.thread_id in known
            ):
                return self._load(state)
            if touch.kind == "item" and touch.thread_id in known:
                keys.append((touch.thread_id, touch.turn_id, touch.item_id))
        return self._update(state, keys) if keys else False

    def _update(self, state: State, keys: list[Key]) -> bool:
        changed = False
        for key in keys:
            thread = state.threads[key[0]]
            at = thread.turns.find(key[1])
            turn = thread.turns[at] if at is not None else None
            where = turn.items.find(key[2]) if turn is not None else None
            if turn is None or where is None:
                return self._load(state)
            item = turn.items[where]
            if not isinstance(item.body, CommandExecution):
                continue
            here = self._at.get(key)
            if here is None:
                return self._load(state)
            self.counts[self.entries[here].standing] -= 1
            self.entries[here] = _entry(state, thread, item, item.body)
            self.counts[self.entries[here].standing] += 1
            changed = True
        return changed

    def _load(self, state: State) -> bool:
        found: list[tuple[int, Entry]] = []
        for thread_id in self._threads(state):
            last = 0
            for entry in _commands(state, state.threads[thread_id]):
                # What has no time of its own stands after the one before it.
                last = max(last, entry.item.started_ms or 0)
                found.append((last, entry))
        found.sort(key=lambda timed: timed[0])
        entries = [entry for _, entry in found]
        changed = entries != self.entries or state.active_id != self._active
        self.entries, self._active = entries, state.active_id
        self._at = {entry.key: at for at, entry in enumerate(entries)}
        self.counts = Counter(entry.standing for entry in entries)
        return changed

    @staticmethod
    def _threads(state: State) -> list[str]:
        """The thread on screen, then its sub-agents' ones."""
        if state.active_id is None or state.active_id not in state.threads:
            return []
        return [state.active_id, *(one.id for one in state.threads.values() if _is_below(state, one))]


def _is_below(state: State, thread: Thread) -> bool:
    for _ in range(DEPTH):
        if thread.parent_id is None or thread.parent_id not in state.threads:
            return False
        if thread.parent_id == state.active_id:
            return True
        thread = state.threads[thread.parent_id]
    return False


def _commands(state: State, thread: Thread) -> Iterator[Entry]:
    left = {one.item_id: one for one in thread.terminals} if state.engine.phase == "ready" else {}
    turn: Turn
    for turn in thread.turns:
        for item in turn.items:
            if item.body.type == "commandExecution" and isinstance(item.body, CommandExecution):
                left.pop(item.id, None)
                yield _entry(state, thread, item, item.body)
    for terminal in left.values():  # of a turn that is not loaded
        body = CommandExecution(
            type="commandExecution",
            id=terminal.item_id,
            command=terminal.command,
            cwd=terminal.cwd,
            process_id=terminal.process_id,
            source="unifiedExecStartup",
        )
        yield Entry(
            thread.id, Item(body.id, "", body, "dropped"), body, thread.id != state.active_id, terminal
        )


def _entry(state: State, thread: Thread, item: Item, body: CommandExecution) -> Entry:
    terminal = None
    if item.phase == "dropped" and state.engine.phase == "ready":
        terminal = next((one for one in thread.terminals if one.item_id == item.id), None)
    return Entry(thread.id, item, body, thread.id != state.active_id, terminal)
