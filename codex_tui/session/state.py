"""The whole session as one immutable value, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from codex_tui.session.inbox import Inbox
from codex_tui.session.transcript import Notice, Thread

if TYPE_CHECKING:
    from codex_tui.protocol.base import JsonObject

NOTICES_KEPT: Final = 200
"""Notices outside a thread that are kept, the newest: enough to look back at a bad day, and each
holds at most a few thousand characters of foreign text."""

TouchKind = Literal["item", "turn", "thread", "threads", "inbox", "engine", "notices"]


class Touch(NamedTuple):
    """One thing that changed: `item` (its three ids), `turn` (two), `thread` (one: settings, status,
    tokens, pending prompts), `threads` (opened, closed, switched, or a transcript replaced as a whole:
    redraw everything), `inbox`, `engine` (health, account), `notices`."""

    kind: TouchKind
    thread_id: str = ""
    turn_id: str = ""
    item_id: str = ""


Change = frozenset[Touch]
NOTHING: Change = frozenset()


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """`phase`: absent (replay), starting, ready, stopped (asked for), died."""

    phase: Literal["absent", "starting", "ready", "stopped", "died"] = "absent"
    generation: int = 0
    version: str = ""
    path: str = ""
    codex_home: str = ""
    reason: str = ""
    exit_code: int | None = None
    stderr: tuple[str, ...] = ()
    skipped_lines: int = 0
    answered_alone: int = 0  # requests of the engine that no person was asked about

    @property
    def is_gone(self) -> bool:
        """Whether it ran and runs no more."""
        return self.phase in ("died", "stopped")


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """Who pays. `known` is False until the engine answered."""

    known: bool = False
    account: JsonObject | None = None
    requires_openai_auth: bool = False


def _no_threads() -> Mapping[str, Thread]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class State:
    threads: Mapping[str, Thread] = field(default_factory=_no_threads)
    active_id: str | None = None  # the thread on the main screen
    inbox: Inbox = field(default_factory=Inbox)
    engine: EngineHealth = field(default_factory=EngineHealth)
    account: AccountHealth = field(default_factory=AccountHealth)
    notices: tuple[Notice, ...] = ()  # everything said outside a thread, and unknown traffic; bounded

    @property
    def active(self) -> Thread | None:
        return self.threads.get(self.active_id) if self.active_id is not None else None
