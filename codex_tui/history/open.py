"""The threads of this session: which there are, what they do, and what nobody has seen of them yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread, Turn

Doing = Literal["waits", "runs", "failed", "idle", "closed"]

FIRST_TURNS = 3
"""Turns in which the first prompt is looked for: before it a turn of notices may stand."""


@dataclass(frozen=True, slots=True)
class OpenThread:
    """One row of the list. `title` is foreign; `unread` counts items nobody has seen."""

    id: str
    title: str
    doing: Doing
    depth: int = 0  # below the thread it belongs to
    is_side: bool = False
    is_agent: bool = False
    unread: int = 0
    is_shown: bool = False


def is_side(thread: Thread) -> bool:
    """Whether it is a side conversation: the engine keeps it in memory only."""
    return bool(getattr(thread.record, "ephemeral", False))


def parent_of(thread: Thread) -> str | None:
    """The thread that a side conversation or a sub-agent's thread belongs to."""
    if thread.parent_id is not None:
        return thread.parent_id
    forked = getattr(thread.record, "forked_from_id", None)
    return forked if is_side(thread) and isinstance(forked, str) else None


def title_of(thread: Thread) -> str:
    """Its name, else its first prompt; foreign. The engine tells the prompt only of threads it has saved."""
    if is_side(thread):  # its record tells the prompt of the thread that it is a copy of
        return next(_prompts(thread), "")
    return thread.name or thread.preview or next(_prompts(thread), "")


def _task_of(thread: Thread, threads: Mapping[str, Thread]) -> str:
    """What the thread that an agent works for calls its work, the end of its path there; else the name that
    the engine has given it. Foreign."""
    parent = threads.get(thread.parent_id or "")
    for turn in parent.turns if parent is not None else ():
        for item in turn.items:
            if getattr(item.body, "agent_thread_id", "") == thread.id:
                return str(getattr(item.body, "agent_path", "")).rpartition("/")[2]
    return getattr(thread.record, "agent_nickname", None) or ""


def _prompts(thread: Thread) -> Iterator[str]:
    for turn in islice(thread.turns, FIRST_TURNS):
        for item in turn.items:
            if getattr(item.body, "type", "") == "userMessage":
                yield from (part.text for part in getattr(item.body, "content", ()) if part.text)


def unread(thread: Thread, seen: Thread | None) -> int:
    """How many items came since the thread was as `seen`. Older turns that came in above are none."""
    if seen is None:
        return _items(thread.turns)
    first = thread.turns.find(seen.turns[0].id) if len(seen.turns) else None
    return max(0, _items(islice(thread.turns, first, None)) - _items(seen.turns))


def open_threads(state: State, seen: Mapping[str, Thread]) -> list[OpenThread]:
    """All that the session knows, in the order they came up, each below the one it belongs to.

    `seen`: threads as they were when they were on screen last. A side conversation that was left is
    over, and no longer listed.
    """
    threads = {id: one for id, one in state.threads.items() if not _is_over(one)}
    below: dict[str | None, list[Thread]] = {}
    for thread in threads.values():
        parent = parent_of(thread)
        below.setdefault(parent if parent in threads and parent != thread.id else None, []).append(thread)
    rows: list[OpenThread] = []
    listed: set[str] = set()

    def add(thread: Thread, depth: int) -> None:
        if thread.id in listed:
            return
        listed.add(thread.id)
        is_shown = thread.id == state.active_id
        rows.append(
            OpenThread(
                thread.id,
                title_of(thread) or _task_of(thread, threads),
                _doing(thread, state),
                depth,
                is_side(thread),
                thread.parent_id is not None,
                0 if is_shown else unread(thread, seen.get(thread.id)),
                is_shown,
            )
        )
        for child in below.get(thread.id, ()):
            add(child, depth + 1)

    for thread in (*below.get(None, ()), *threads.values()):  # the latter: rings, which no engine makes
        add(thread, 0)
    return rows


def _is_over(thread: Thread) -> bool:
    return is_side(thread) and thread.status == "notLoaded"


def _items(turns: Iterable[Turn]) -> int:
    return sum(len(turn.items) for turn in turns)


def _doing(thread: Thread, state: State) -> Doing:
    if any(question.thread_id == thread.id for question in state.inbox.questions) or thread.flags:
        return "waits"
    if thread.running_turn is not None or thread.status == "active":
        return "runs"
    if thread.status == "systemError":
        return "failed"
    return "closed" if thread.status == "notLoaded" else "idle"
