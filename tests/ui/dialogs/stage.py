"""A stage for dialogs: an app, a clock that only moves when told, and somebody who writes answers down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from codex_tui.dialogs import QuestionScreen
from codex_tui.dialogs.setting import Place
from codex_tui.history.access import Catalogue, Choice, OpenThreads
from codex_tui.paths import styles_dir
from codex_tui.protocol.approvals import CommandApproval, FileChangeApproval
from codex_tui.protocol.base import JsonObject, Wire
from codex_tui.protocol.items import parse_item
from codex_tui.session.inbox import Inbox, Question, QuestionKey
from codex_tui.session.series import Series
from codex_tui.session.state import EngineHealth, State
from codex_tui.session.transcript import Item, Settings, Thread, Turn
from codex_tui.text import SafeText
from codex_tui.themes import THEMES
from tests.clock import Clock
from tests.history.shelf import Shelf

HOME = "/home/ada"
PROJECT = "/home/ada/proj"
EXEC = "item/commandExecution/requestApproval"
PATCH = "item/fileChange/requestApproval"
RULE: JsonObject = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["pytest", "-q"]}}


@dataclass
class ThreadNotes:
    """`OpenThreads` that writes down what was wanted."""

    wanted: list[tuple[Any, ...]]

    def show(self, thread_id: str) -> None:
        self.wanted.append(("show", thread_id))

    def side(self, prompt: str) -> None:
        self.wanted.append(("side", prompt))

    def leave_side(self) -> None:
        self.wanted.append(("leave_side",))

    def rename(self, name: str) -> None:
        self.wanted.append(("rename", name))

    def archive(self) -> None:
        self.wanted.append(("archive",))

    def look_for_agents(self, thread_id: str) -> None:
        """Nothing a person would notice."""

    def compact(self) -> None:
        self.wanted.append(("compact",))

    def older(self, thread_id: str, *, whole: bool = False) -> None:
        self.wanted.append(("older", thread_id, whole))


@dataclass
class Notes:
    """`Intents` that writes down what was wanted."""

    wanted: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])

    def send(self, text: str, images: Sequence[str] = (), thread_id: str | None = None) -> None:
        self.wanted.append(("send", text, images) if thread_id is None else ("send", text, images, thread_id))

    def queue(self, text: str) -> None:
        self.wanted.append(("queue", text))

    def interrupt(self, thread_id: str | None = None) -> None:
        self.wanted.append(("interrupt",) if thread_id is None else ("interrupt", thread_id))

    def answer(self, key: QuestionKey, result: JsonObject, outcome: str) -> None:
        self.wanted.append(("answer", key, result, outcome))

    def refuse(self, key: QuestionKey, reason: str) -> None:
        self.wanted.append(("refuse", key, reason))

    def approve_denied(self, thread_id: str, event: JsonObject) -> None:
        self.wanted.append(("approve", thread_id, event))

    @property
    def catalogue(self) -> Catalogue:
        return Shelf()

    @property
    def threads(self) -> OpenThreads:
        return ThreadNotes(self.wanted)

    def new_thread(self) -> None:
        self.wanted.append(("new_thread",))

    def open_thread(self, choice: Choice) -> None:
        until = () if choice.last_turn_id is None else (choice.last_turn_id,)
        self.wanted.append((choice.kind, choice.entry.id, *until))

    def run_shell(self, command: str) -> None:
        self.wanted.append(("run_shell", command))

    def look_at_terminals(self, thread_id: str) -> None:
        self.wanted.append(("look_at_terminals", thread_id))

    def end_terminals(self, thread_id: str, process_id: str | None = None) -> None:
        self.wanted.append(("end_terminals", thread_id, process_id))

    async def take_turns_back(self, thread_id: str, turn_id: str) -> None:
        self.wanted.append(("take_turns_back", thread_id, turn_id))

    def engine_log(self) -> Sequence[SafeText]:
        return ()

    def restart_engine(self) -> None:
        self.wanted.append(("restart",))


def place(path: str) -> Place:
    """A file system in which one directory and one file are links and one file is executable."""
    if path == "/home/ada/link":
        return Place("/srv/checkouts/proj")
    if path.endswith("/setup.cfg"):
        return Place("/etc/shared/setup.cfg", is_link=True)
    return Place(path, is_executable=path.endswith(".sh"))


def question(
    method: str, params: Wire | None, raw: JsonObject, number: int = 0, received: float = 986.0
) -> Question:
    return Question(
        generation=1,
        request_id=number,
        method=method,
        params=params,
        raw=raw,
        thread_id=raw.get("threadId"),
        turn_id=raw.get("turnId"),
        item_id=raw.get("itemId"),
        received=received,
    )


def exec_question(
    command: str | None = "/bin/bash -lc 'pytest -q'", number: int = 0, **more: Any
) -> Question:
    """A command approval as the engine sends it; `more` are further members, None takes one away."""
    raw: JsonObject = {
        "kind": "command",
        "threadId": "t",
        "turnId": "u",
        "itemId": f"call_{number}",
        "startedAtMs": 1,
        "environmentId": "local",
        "command": command,
        "cwd": PROJECT,
        "commandActions": [{"type": "unknown", "command": "pytest -q"}],
        "availableDecisions": ["accept", "cancel"],
        **more,
    }
    raw = {name: value for name, value in raw.items() if value is not None}
    return question(EXEC, CommandApproval.model_validate(raw), raw, number)


def patch_question(number: int = 0, **more: Any) -> Question:
    raw: JsonObject = {
        "threadId": "t",
        "turnId": "u",
        "itemId": f"call_{number}",
        "startedAtMs": 1,
        "reason": None,
        "grantRoot": None,
        **more,
    }
    return question(PATCH, FileChangeApproval.model_validate(raw), raw, number)


def patch_item(*changes: JsonObject, number: int = 0) -> Item:
    body = parse_item(
        {"type": "fileChange", "id": f"call_{number}", "changes": list(changes), "status": "inProgress"}
    )
    return Item(id=f"call_{number}", turn_id="u", body=body)


def change(path: str, diff: str, kind: str = "update", move: str | None = None) -> JsonObject:
    named: JsonObject = {"type": kind, "move_path": move} if kind == "update" else {"type": kind}
    return {"path": path, "kind": named, "diff": diff}


def state(*questions: Question, items: Sequence[Item] = (), **settings: Any) -> State:
    """One thread with one running turn, and those questions in the inbox."""
    given: dict[str, Any] = {"cwd": PROJECT, "approval_policy": "on-request", "sandbox": "workspace-write"}
    thread = Thread(
        id="t", settings=Settings(**{**given, **settings}), turns=Series([Turn("u", items=Series(items))])
    )
    return State(
        threads=MappingProxyType({"t": thread}),
        active_id="t",
        inbox=Inbox(tuple(questions)),
        engine=EngineHealth(phase="ready", generation=1, codex_home=f"{HOME}/.codex"),
    )


class Stage(App[None]):
    """An app that opens the dialog over some text.

    Answers take effect at once (`held_for` is 0) unless a test is about holding them.
    """

    CSS_PATH: ClassVar = [styles_dir() / "dialogs.tcss"]
    ENABLE_COMMAND_PALETTE = False  # as in the program: its key is one of the dialog's
    CSS = "Screen { overflow: hidden; }"

    def __init__(self, first: State, held_for: float = 0.0, **dialog: Any) -> None:
        super().__init__()
        self.clock = Clock()
        self.notes = Notes()
        self.first = first
        self.results: list[object] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.dialog = QuestionScreen(self.notes, clock=self.clock, place=place, home=HOME, **dialog)
        self.dialog.gate.held_for = held_for

    def compose(self) -> ComposeResult:
        # Cut, not wrapped: wrapping it at one column would take longer than the test.
        behind = Static("The conversation behind the dialog.\n" * 60)
        behind.styles.text_wrap = "nowrap"
        yield behind

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.results.append)
        self.dialog.sync(self.first)

    async def live(self, pilot: Pilot[None]) -> None:
        """Wait, on the stage's clock, until answers count."""
        await pilot.pause()
        self.clock.now += 0.8
        self.dialog.redraw()
        await pilot.pause()

    @property
    def answers(self) -> list[tuple[Any, ...]]:
        """What was answered: (result, outcome)."""
        return [wanted[2:] for wanted in self.notes.wanted if wanted[0] == "answer"]

    @property
    def text(self) -> str:
        """What is on screen, as text."""
        return screen_text(self)


def screen_text(app: App[Any]) -> str:
    lines = app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)
