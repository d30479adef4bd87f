"""What has happened, as frozen records: thread, turn, item. No Textual, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal

from codex_tui.session.series import Series

# pydantic must not be needed to draw the first frame, so the wire's models are not imported here.
if TYPE_CHECKING:
    from codex_tui.protocol.base import Wire
    from codex_tui.protocol.deltas import AutoReviewCompleted
    from codex_tui.protocol.items import Item as WireItem
    from codex_tui.protocol.terminals import BackgroundTerminal

OUTPUT_HEAD: Final = 256 * 1024
OUTPUT_TAIL: Final = 768 * 1024
"""Characters of a running command's output kept at its beginning and at its end: together what
the engine itself keeps of a finished one (about 1 MiB). With `Item.output_cut` above 0 the gap is
after the first `OUTPUT_HEAD` characters of the body's output."""

TEXT_KEPT: Final = 64 * 1024 * 1024
"""Characters of one streamed message kept: far above any model's answer, below what would hurt."""

NOTES: Final = "notes:"
"""Ids of turns that are not the engine's begin so: they hold notices said between two turns."""

RECENT_TURNS: Final = 16
"""How far back a running turn is looked for: the engine runs one turn of a thread at a time."""

DENIALS_KEPT: Final = 50
"""Denied actions of a thread that can still be approved, the newest: nobody goes back further."""

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


if TYPE_CHECKING:
    Body = WireItem | Notice | Checklist
else:
    Body = object


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
    note: str = ""  # the last word on how it goes: a tool's progress, an automatic review
    denial: str = ""  # the review that denied it, while a person may approve it all the same


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn. `status`: inProgress, completed, interrupted, failed, unused. Times in ms since the epoch.

    A turn's error also stands as a `Notice` among its items. An `unused` turn was announced and had
    no item when another one ended (the engine announces a review under an id it then never uses).
    """

    id: str
    status: str = "inProgress"
    items: Series[Item] = field(default_factory=Series[Item])
    error: str = ""
    started_ms: int | None = None
    completed_ms: int | None = None
    duration_ms: int | None = None
    diff: str = ""  # the whole turn's git-style diff (`turn/diff/updated`)
    running: tuple[str, ...] = ()  # ids of the running items: a search would cost the turn's length

    @property
    def is_notes(self) -> bool:
        """Whether this is no turn of the engine's, but notices said between two turns."""
        return self.id.startswith(NOTES)


@dataclass(frozen=True, slots=True)
class Pending:
    """A prompt that left the composer and that the engine has not echoed yet.

    `how`: turn, steer, queue; lost when the turn it was to steer was cut off, or the engine went,
    before the model took it: the engine then forgets it.
    """

    client_id: str
    text: str
    how: str
    sent_ms: int


@dataclass(frozen=True, slots=True)
class Above:
    """Turns above the first one that is known: the engine has them, and gives them from `cursor` on
    ("": from the newest on, for it took back the turn the cursor was made of). `why` they could not
    be had is foreign."""

    cursor: str
    phase: Literal["there", "coming", "failed"] = "there"
    why: str = ""


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
    above: Above | None = None  # None: `turns` begins with the first one there is
    pending: tuple[Pending, ...] = ()
    tokens: Tokens = field(default_factory=Tokens)
    denials: tuple[AutoReviewCompleted, ...] = ()  # automatic reviews that said no, oldest first
    terminals: tuple[BackgroundTerminal, ...] = ()  # that ran in the background when last asked
    record: Wire | None = None  # the engine's own record of it
    took_back: bool = False  # this client took turns back, and `thread/reverted` is still to come

    @property
    def running_turn(self) -> Turn | None:
        """The newest turn still in progress."""
        for turn in islice(reversed(self.turns), RECENT_TURNS):
            if turn.status == "inProgress":
                return turn
        return None
