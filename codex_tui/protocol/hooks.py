"""Hooks: the person's own programs that run at moments of a turn."""

from typing import Annotated

from codex_tui.protocol.base import Wire, known


class HookEntry(Wire):
    """A line of a hook's outcome."""

    kind: Annotated[str, known("warning", "stop", "feedback", "context", "error")] = ""
    text: str = ""


class HookRun(Wire):
    """One run of a hook. `id` is not unique over time. Times in ms since the epoch."""

    id: str
    event_name: str = ""
    handler_type: Annotated[str, known("command", "mcpTool", "prompt", "agent")] = ""
    execution_mode: Annotated[str, known("sync", "async")] = ""
    scope: Annotated[str, known("thread", "turn")] = ""
    source: str = "unknown"
    source_path: str = ""
    status: Annotated[str, known("running", "completed", "failed", "blocked", "stopped")] = "running"
    status_message: str | None = None
    started_at: int | None = None
    completed_at: int | None = None
    duration_ms: int | None = None
    entries: tuple[HookEntry, ...] = ()


class HookStarted(Wire):
    """`hook/started`."""

    thread_id: str
    turn_id: str | None = None
    run: HookRun


class HookCompleted(Wire):
    """`hook/completed`."""

    thread_id: str
    turn_id: str | None = None
    run: HookRun
