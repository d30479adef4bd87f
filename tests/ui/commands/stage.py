"""A small app around the commands pane, and sessions to show in it, at a fixed time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult

from codex_tui.paint.look import Look
from codex_tui.panes.commands import CommandPane
from codex_tui.panes.side import EVERYTHING, SidePane
from codex_tui.paths import styles_dir
from codex_tui.protocol.base import read
from codex_tui.protocol.items import parse_item
from codex_tui.protocol.terminals import BackgroundTerminal
from codex_tui.session.series import Series
from codex_tui.session.state import Change, EngineHealth, State, Touch
from codex_tui.session.transcript import Item, Settings, Thread, Turn
from codex_tui.themes import THEMES
from tests.ui.dialogs.stage import Notes

NOON = 1_800_000_000.0  # the stage's clock stands still at this second of the epoch
BEGAN = int(NOON * 1000) - 600_000


def command(
    item_id: str,
    text: str,
    output: str | None = None,
    *,
    at: float = 0,
    phase: Any = "done",
    cut: int = 0,
    turn: str = "u",
    **more: Any,
) -> Item:
    """A command that began `at` seconds after the session."""
    raw: dict[str, Any] = {
        "type": "commandExecution",
        "id": item_id,
        "command": f"/bin/bash -lc '{text}'",
        "cwd": "/home/ada/proj",
        "status": "completed" if phase == "done" else "inProgress",
        "aggregatedOutput": output,
        "exitCode": 0 if phase == "done" else None,
        "durationMs": 1200 if phase == "done" else None,
        "source": "unifiedExecStartup",
        "processId": "4711",
    }
    body: Any = parse_item({**raw, **more})
    return Item(item_id, turn, body, phase, 1, BEGAN + int(at * 1000), output_cut=cut)


def thread(*items: Item, thread_id: str = "t", status: str = "completed", **more: Any) -> Thread:
    """A thread of one turn."""
    settings = Settings(cwd="/home/ada/proj")
    turn = Turn("u", status, Series(items), started_ms=BEGAN)
    return Thread(thread_id, settings, turns=Series([turn]), **more)


def state(*threads: Thread) -> State:
    """The first thread is on screen."""
    known = MappingProxyType({one.id: one for one in threads})
    active = threads[0].id if threads else None
    return State(known, active, engine=EngineHealth("ready"))


def terminal(item_id: str, name: str = "4711") -> BackgroundTerminal:
    raw = {"itemId": item_id, "processId": name, "command": "npm run dev", "cwd": "/home/ada/proj"}
    return read(BackgroundTerminal, raw)


def replaced(before: State, item: Item) -> tuple[State, Change]:
    """The state with that item in the first thread's turn, and what changed."""
    old = before.active
    assert old is not None
    turn = old.turns[0]
    at = turn.items.find(item.id)
    items = turn.items.append(item) if at is None else turn.items.put(at, item)
    new = replace(old, turns=Series([replace(turn, items=items)]))
    after = replace(before, threads=MappingProxyType({**before.threads, old.id: new}))
    return after, frozenset({Touch("item", old.id, turn.id, item.id)})


class Stage(App[None]):
    """Shows a state; writes down what was wanted, copied and opened."""

    CSS_PATH: ClassVar = [styles_dir() / "commands.tcss"]

    def __init__(self, first: State, look: Look | None = None) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.animation_level = "none"
        self.first = first
        self.intents = Notes()
        self.copied: list[tuple[str, str]] = []
        self.opened: list[str] = []
        self.left = 0
        self.now = NOON
        self.pane = CommandPane(look or Look(), clock=lambda: self.now)

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()
        self.pane.take(self.first, EVERYTHING)

    def copy(self, text: str, what: str = "") -> None:
        self.copied.append((text, what))

    def open_editor(self, path: str, line: int | None = None) -> None:
        self.opened.append(path)

    @on(SidePane.Leave)
    def note_leave(self) -> None:
        self.left += 1

    def rows(self) -> list[str]:
        """What the pane shows, as text."""
        return [self.pane.render_line(y).text.rstrip() for y in range(self.pane.size.height)]

    def wanted(self, kind: str) -> Sequence[tuple[Any, ...]]:
        return [call for call in self.intents.wanted if call[0] == kind]
