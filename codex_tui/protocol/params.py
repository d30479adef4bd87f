"""What requests say, where more than one place has to know. Only the standard library."""

from __future__ import annotations

from typing import Any

FIRST_PAGE = 20
"""Turns that come with a resume itself: what a person sees first."""


def initialize_params(version: str, opt_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Of `initialize`: who we are, and the notifications (`opt_out`) we do not want."""
    capabilities: dict[str, Any] = {"experimentalApi": True}
    if opt_out:
        capabilities["optOutNotificationMethods"] = list(opt_out)
    return {
        "clientInfo": {"name": "codex_tui", "title": "Codex TUI", "version": version},
        "capabilities": capabilities,
    }


def resume_params(thread_id: str, **params: Any) -> dict[str, Any]:
    """Of `thread/resume` with the history in pages. Keywords as for `members`."""
    return {
        **members(params),
        "threadId": thread_id,
        "excludeTurns": True,
        "initialTurnsPage": {"limit": FIRST_PAGE, "itemsView": "full"},
    }


LAST_TURNS = 3
"""Turns that are asked for before a thread is open, to show its last words: they fill most screens."""


def last_turns_params(thread_id: str) -> dict[str, Any]:
    """Of `thread/turns/list`: the newest turns. Answered in 20 ms, long before the thread is open."""
    return {"threadId": thread_id, "limit": LAST_TURNS, "itemsView": "full"}


def members(params: dict[str, Any]) -> dict[str, Any]:
    """snake_case keywords as the wire's camelCase members, without those that are None."""
    made: dict[str, Any] = {}
    for name, value in params.items():
        if value is not None:
            first, *rest = name.split("_")
            made[first + "".join(part.capitalize() for part in rest)] = value
    return made


SOURCES = (
    "cli",
    "vscode",
    "exec",
    "appServer",
    "subAgent",
    "subAgentReview",
    "subAgentCompact",
    "subAgentThreadSpawn",
    "subAgentOther",
    "unknown",
)
"""Whoever made a thread (`ThreadSourceKind`); without the list the engine leaves some out."""

THREADS_PAGE = 100
"""Threads a page; the engine gives no more. 14 ms from its index, up to 450 ms with a look at the files."""
FIRST_THREADS = 60
"""Threads of the first page: what a tall screen shows, so that they are there with its first frame."""


def threads_params(
    cursor: str | None = None,
    *,
    archived: bool = False,
    quick: bool = True,
    all_sources: bool = True,
    cwd: str | None = None,
) -> dict[str, Any]:
    """Of `thread/list`: a page of all threads (of a directory: `cwd`), the last used first; `quick`: from
    the engine's index only."""
    limit = FIRST_THREADS if cursor is None else THREADS_PAGE
    asked = {"limit": limit, "cursor": cursor, "sort_key": "updated_at", "cwd": cwd}
    asked |= {"archived": archived or None, "use_state_db_only": quick or None}
    return {
        **members(asked),
        "modelProviders": [],
        **({"sourceKinds": list(SOURCES)} if all_sources else {}),
    }
