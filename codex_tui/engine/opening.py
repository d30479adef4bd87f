"""Results that change the session's state, as events."""

from __future__ import annotations

from typing import Any, cast

from codex_tui.protocol.base import ForeignShapeError, JsonObject
from codex_tui.protocol.events import AccountKnown, ThreadOpened
from codex_tui.protocol.registry import as_object, parse_result
from codex_tui.protocol.threads import OpenedThread, ThreadResumeResult
from codex_tui.protocol.turns import Turn

HOW = {"thread/start": "started", "thread/resume": "resumed"}


def opened_event(method: str, result: Any) -> ThreadOpened | None:
    """The event of a result of `thread/start` or `/resume`; None for others and odd shapes."""
    if method not in HOW:
        return None
    try:
        opened = parse_result(method, result)
    except ForeignShapeError:
        return None
    return (
        ThreadOpened(opened, HOW[method], known_turns(opened)) if isinstance(opened, OpenedThread) else None
    )


def known_turns(opened: OpenedThread) -> tuple[Turn, ...]:
    """The turns that came with `opened`, oldest first."""
    page = opened.initial_turns_page if isinstance(opened, ThreadResumeResult) else None
    if page is None:
        return opened.thread.turns  # full history: oldest first already
    return tuple(reversed(page.data))


def account_event(result: JsonObject) -> AccountKnown:
    """The event of a result of `account/read`."""
    account: Any = result.get("account")
    known = cast("JsonObject", account) if isinstance(account, dict) else None
    return AccountKnown(known, as_object(result).get("requiresOpenaiAuth") is True)
