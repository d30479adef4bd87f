"""What a dialog has to know beside the question: places, policies, and who asks."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from codex_tui.dialogs.care import shown_path
from codex_tui.text import SafeText

if TYPE_CHECKING:
    from codex_tui.session.inbox import Question
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Item, Thread

PAST_KEPT = 200
"""Commands of a thread that a new rule is tried on: enough for examples, and read in milliseconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path as the file system has it: where it really is, and what stands there."""

    real: str
    is_link: bool = False
    is_executable: bool = False


def look_up(path: str) -> Place:
    """The place of `path`; one that cannot be read is where it says it is. Never raises."""
    try:
        real = os.path.realpath(path)
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        # Python's realpath does not fail on what is missing, only on what is no path at all.
        return Place(_real(path))
    if stat.S_ISLNK(mode):
        return Place(real, is_link=True)
    return Place(real, is_executable=stat.S_ISREG(mode) and bool(mode & 0o111))


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


@dataclass(frozen=True, slots=True)
class Setting:
    """The thread's surroundings of one question.

    `policy` and `sandbox` are the words of the wire without their details (`on-request`,
    `workspace-write`), empty when not known. `asker` names a sub-agent; `running` is the one
    command its turn runs now, if there is exactly one; `past` are the thread's commands, the newest
    `PAST_KEPT` of them, oldest first. `review` is what the automatic reviewer last said of the item.
    """

    workspace: str = ""
    home: str = ""
    codex_home: str = ""
    policy: str = ""
    sandbox: str = ""
    asker: str = ""
    running: str = ""
    terminal: str = ""  # the command of the item that is asked about: whose terminal it is
    past: tuple[str, ...] = ()
    review: str = ""
    look_up: Callable[[str], Place] = look_up
    open_page: Callable[[str], str] | None = None  # hands a URL to the browser, says what came of it
    copy: Callable[[SafeText], None] | None = None  # into the terminal's clipboard
    plain: bool = False  # what this program adds to a text is in ASCII

    def short(self, path: str) -> SafeText:
        """`path` for the screen, the home directory as `~`."""
        if self.home and (path == self.home or path.startswith(self.home.rstrip("/") + "/")):
            path = "~" + path[len(self.home.rstrip("/")) :]
        return shown_path(path, plain=self.plain)

    def inside(self, path: str) -> SafeText:
        """`path` relative to the workspace when it is inside, else as `short` writes it."""
        root = self.workspace.rstrip("/") + "/"
        if self.workspace and path.startswith(root) and not self.is_outside(self.look_up(path).real):
            return shown_path(path[len(root) :], plain=self.plain)
        return self.short(path)

    def within(self, path: str) -> str:
        """`path` below the workspace as it is written, else all of it: not for the screen."""
        return path.removeprefix(self.workspace.rstrip("/") + "/") if self.workspace else path

    def is_outside(self, real: str) -> bool:
        """Whether a real path is outside the workspace; no when the workspace is not known."""
        if not self.workspace:
            return False
        root = self.look_up(self.workspace).real.rstrip("/")
        return real != root and not real.startswith(root + "/")

    @property
    def rules_file(self) -> SafeText:
        """Where the engine writes lasting rules."""
        return self.short(f"{self.codex_home or '$CODEX_HOME'}/rules/default.rules")


def item_of(question: Question, state: State) -> Item | None:
    """The item a question is about, as it stands now."""
    thread = state.threads.get(question.thread_id or "")
    if thread is None or question.item_id is None:
        return None
    for turn in reversed(thread.turns):
        if question.turn_id is None or turn.id == question.turn_id:
            at = turn.items.find(question.item_id)
            return None if at is None else turn.items[at]
    return None


def setting_of(
    question: Question, state: State, home: str, look_up: Callable[[str], Place] = look_up
) -> Setting:
    """The surroundings of `question`."""
    thread = state.threads.get(question.thread_id or "")
    if thread is None:
        asker = question.thread_id or ""
        return Setting(home=home, codex_home=state.engine.codex_home, asker=asker, look_up=look_up)
    return Setting(
        workspace=thread.settings.cwd,
        home=home,
        codex_home=state.engine.codex_home,
        policy=policy_word(thread.settings.approval_policy),
        sandbox=sandbox_word(thread.settings.sandbox),
        asker="" if thread.id == state.active_id else thread.name or thread.preview or thread.id,
        running=_running_command(thread, question.turn_id),
        terminal=_command_of(item_of(question, state)),
        past=_past_commands(thread),
        review=_review_of(question, state),
        look_up=look_up,
    )


def policy_word(policy: Any) -> str:
    """`untrusted`, `on-request`, `never` …; `granular` for a policy in detail."""
    if isinstance(policy, str):
        return policy
    return next(iter(cast("Mapping[str, Any]", policy)), "") if isinstance(policy, Mapping) else ""


def sandbox_word(sandbox: Any) -> str:
    """`read-only`, `workspace-write`, `danger-full-access` … from either spelling of the wire."""
    kind: Any = cast("Mapping[str, Any]", sandbox).get("type") if isinstance(sandbox, Mapping) else sandbox
    if not isinstance(kind, str):
        return ""
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in kind)


def _running_command(thread: Thread, turn_id: str | None) -> str:
    from codex_tui.protocol.items import CommandExecution

    commands = [
        item.body.command
        for turn in reversed(thread.turns)
        if turn.id == turn_id
        for item in turn.items
        if item.phase == "running" and isinstance(item.body, CommandExecution)
    ]
    return commands[0] if len(commands) == 1 else ""


def _command_of(item: Item | None) -> str:
    from codex_tui.protocol.items import CommandExecution

    return item.body.command if item is not None and isinstance(item.body, CommandExecution) else ""


def _past_commands(thread: Thread) -> tuple[str, ...]:
    from codex_tui.protocol.items import CommandExecution

    found: list[str] = []
    for turn in reversed(thread.turns):
        for item in reversed(turn.items):
            if isinstance(item.body, CommandExecution) and item.phase == "done":
                found.append(item.body.command)
                if len(found) == PAST_KEPT:
                    return tuple(reversed(found))
    return tuple(reversed(found))


def _review_of(question: Question, state: State) -> str:
    from codex_tui.session.reducer.reviews import REVIEWED

    item = item_of(question, state)
    return item.note.removeprefix(REVIEWED) if item is not None and item.note.startswith(REVIEWED) else ""
