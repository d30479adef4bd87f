"""What has happened, as frozen records: thread, turn, item. No Textual, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from codex_tui.protocol.base import Wire
from codex_tui.protocol.items import Item as WireItem
from codex_tui.session.series import Series

ItemPhase = Literal["running", "done", "dropped"]
"""`dropped`: its turn ended and the engine never completed it; what had arrived stays."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning, error or remark that stands in the transcript beside the engine's items."""

    severity: Literal["info", "warning", "error"]
    title: str
    detail: str = ""
    source: str = ""  # the notification's method, or "client"
    type: str = "notice"


@dataclass(frozen=True, slots=True)
class PlanStep:
    step: str
    status: str  # pending, inProgress, completed


@dataclass(frozen=True, slots=True)
class Checklist:
    """The agent's plan (`turn/plan/updated`) as it stood at one moment of a turn."""

    steps: tuple[PlanStep, ...]
    explanation: str = ""
    type: str = "checklist"


Body = WireItem | Notice | Checklist


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `(id, revision)` names one picture of it: each change raises `revision` by one.

    While it runs, streamed text and output grow in `body`; `item/completed` replaces them.
    """

    id: str
    turn_id: str
    body: Body
    phase: ItemPhase = "running"
    revision: int = 0
    started_ms: int | None = None
    completed_ms: int | None = None
    outcome: str = ""  # what the person answered to its approval: accept, decline, cancel, …
    output_cut: int = 0  # characters of streamed output left out of the middle so far


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn. `status`: inProgress, completed, interrupted, failed. Times in ms since the epoch."""

    id: str
    status: str = "inProgress"
    items: Series[Item] = field(default_factory=Series[Item])
    error: str = ""
    started_ms: int | None = None
    completed_ms: int | None = None
    duration_ms: int | None = None
    diff: str = ""  # the whole turn's git-style diff (`turn/diff/updated`)


@dataclass(frozen=True, slots=True)
class Pending:
    """A prompt that left the composer and that the engine has not echoed yet."""

    client_id: str
    text: str
    how: str  # turn, steer, queue
    sent_ms: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token use of a thread. `window` is the model's context size, None when not known."""

    total: int = 0
    last_total: int = 0
    window: int | None = None

    @property
    def context_used(self) -> float | None:
        """The share of the context window the last model call took, 0 to 1."""
        return min(1.0, self.last_total / self.window) if self.window else None


@dataclass(frozen=True, slots=True)
class Settings:
    """How a thread works: shown in the status line. Policies as the wire has them."""

    model: str = ""
    provider: str = ""
    effort: str | None = None
    cwd: str = ""
    approval_policy: Any = None
    sandbox: Any = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation; sub-agents' threads are threads too (`parent_id`)."""

    id: str
    settings: Settings = field(default_factory=Settings)
    name: str | None = None
    preview: str = ""
    branch: str | None = None
    parent_id: str | None = None
    status: str = "idle"  # idle, active, notLoaded, systemError
    flags: tuple[str, ...] = ()  # waitingOnApproval, waitingOnUserInput
    turns: Series[Turn] = field(default_factory=Series[Turn])
    pending: tuple[Pending, ...] = ()
    tokens: Tokens = field(default_factory=Tokens)
    record: Wire | None = None  # the engine's own record of it

    @property
    def running_turn(self) -> Turn | None:
        """The newest turn still in progress."""
        for turn in reversed(self.turns):
            if turn.status == "inProgress":
                return turn
        return None
