"""Threads: conversations, their settings and their life (`Thread` in the engine's schema)."""

from typing import Annotated

from pydantic import Field

from codex_tui.protocol.base import JsonObject, Wire, known
from codex_tui.protocol.turns import TokenUsage, Turn, TurnsPage

ApprovalPolicy = Annotated[str | JsonObject, known("untrusted", "on-request", "never")]
"""A word, or `{"granular": {mcp_elicitations, rules, sandbox_approval, …}}` with truth values."""

ApprovalsReviewer = Annotated[str, known("user", "auto_review", "guardian_subagent")]


class ThreadStatus(Wire):
    """`active_flags` says what an active thread waits for; elicitations count as approvals."""

    type: Annotated[str, known("notLoaded", "idle", "systemError", "active")]
    active_flags: tuple[Annotated[str, known("waitingOnApproval", "waitingOnUserInput")], ...] = ()


class GitInfo(Wire):
    branch: str | None = None
    sha: str | None = None
    origin_url: str | None = None


class Thread(Wire):
    """One conversation. Times are in seconds since the epoch. A sub-agent's thread has a parent."""

    id: str
    session_id: str = ""
    forked_from_id: str | None = None
    parent_thread_id: str | None = None
    preview: str = ""
    name: str | None = None
    ephemeral: bool = False
    model: str | None = None
    model_provider: str = ""
    reasoning_effort: str | None = None
    created_at: int = 0
    updated_at: int = 0
    recency_at: int | None = None
    status: ThreadStatus | None = None
    path: str | None = None
    cwd: str = ""
    cli_version: str = ""
    source: Annotated[str | JsonObject, known("cli", "vscode", "exec", "appServer", "unknown")] = "unknown"
    can_accept_direct_input: bool | None = None
    agent_nickname: str | None = None
    agent_role: str | None = None
    git_info: GitInfo | None = None
    turns: tuple[Turn, ...] = ()


class SandboxPolicy(Wire):
    """What commands may touch. `network_access` is a word for `externalSandbox`, else a truth value."""

    type: Annotated[str, known("dangerFullAccess", "readOnly", "externalSandbox", "workspaceWrite")]
    network_access: bool | Annotated[str, known("restricted", "enabled")] = False
    writable_roots: tuple[str, ...] = ()
    exclude_slash_tmp: bool = False
    exclude_tmpdir_env_var: bool = False


class OpenedThread(Wire):
    """Common to the results of `thread/start` and `thread/resume`."""

    thread: Thread
    model: str = ""
    model_provider: str = ""
    reasoning_effort: str | None = None
    service_tier: str | None = None
    cwd: str = ""
    runtime_workspace_roots: tuple[str, ...] = ()
    instruction_sources: tuple[str, ...] = ()
    approval_policy: ApprovalPolicy = ""
    approvals_reviewer: ApprovalsReviewer = "user"
    sandbox: SandboxPolicy | None = None


class ThreadStartResult(OpenedThread):
    """Of `thread/start`; `thread/started` follows it, often much later."""


class ThreadResumeResult(OpenedThread):
    """Of `thread/resume`; the page is there when `initialTurnsPage` asked for it."""

    initial_turns_page: TurnsPage | None = None
    collaboration_mode: JsonObject | None = None


class ThreadReadResult(Wire):
    """Of `thread/read`: looks at a thread without opening it, so nothing of its folder is read."""

    thread: Thread


class ThreadRevertResult(Wire):
    """Of `thread/revert`; its thread brings no turns. `thread/reverted` follows it."""

    thread: Thread


class ThreadListResult(Wire):
    """Of `thread/list`. Threads without a turn, and ephemeral ones, are not in it."""

    data: tuple[Thread, ...] = ()
    next_cursor: str | None = None
    backwards_cursor: str | None = None


class FoundThread(Wire):
    """A thread in which something was said, and the words around it."""

    thread: Thread
    snippet: str = ""


class ThreadSearchResult(Wire):
    """Of `thread/search`."""

    data: tuple[FoundThread, ...] = ()
    next_cursor: str | None = None


class Occurrence(Wire):
    """A place in a thread where something was said. `turn_cursor` opens `thread/turns/list` at its turn."""

    item_id: str
    turn_id: str
    snippet: str = ""
    turn_cursor: str | None = None


class OccurrencesResult(Wire):
    """Of `thread/searchOccurrences`, in the order in which it was said."""

    data: tuple[Occurrence, ...] = ()
    next_cursor: str | None = None


class ThreadStarted(Wire):
    """`thread/started`. Not sent for the threads of sub-agents."""

    thread: Thread


class ThreadStatusChanged(Wire):
    """`thread/status/changed`."""

    thread_id: str
    status: ThreadStatus


class ThreadNameUpdated(Wire):
    """`thread/name/updated`."""

    thread_id: str
    thread_name: str | None = None


class ThreadNotice(Wire):
    """A notification that says no more than which thread: archived, closed, reverted, …"""

    thread_id: str


class ThreadArchived(ThreadNotice):
    """`thread/archived`."""


class ThreadUnarchived(ThreadNotice):
    """`thread/unarchived`."""


class ThreadDeleted(ThreadNotice):
    """`thread/deleted`."""


class ThreadClosed(ThreadNotice):
    """`thread/closed`: unloaded; it must be resumed before its next turn."""


class ThreadReverted(ThreadNotice):
    """`thread/reverted`: turns were taken back; files were not."""


class ThreadQueueChanged(ThreadNotice):
    """`thread/queue/changed`: the engine's own queue of prompts."""


class ThreadGoalCleared(ThreadNotice):
    """`thread/goal/cleared`; also sent on each resume."""


class ThreadGoal(Wire):
    objective: str = ""
    status: Annotated[
        str, known("active", "paused", "blocked", "usageLimited", "budgetLimited", "complete")
    ] = "active"
    token_budget: int | None = None
    tokens_used: int = 0
    time_used_seconds: int = 0


class ThreadGoalUpdated(Wire):
    """`thread/goal/updated`: while a goal is active the engine starts turns by itself."""

    thread_id: str
    turn_id: str | None = None
    goal: ThreadGoal


class ThreadSettings(Wire):
    model: str = ""
    model_provider: str = ""
    effort: str | None = None
    service_tier: str | None = None
    cwd: str = ""
    approval_policy: ApprovalPolicy = ""
    approvals_reviewer: ApprovalsReviewer = "user"
    sandbox_policy: SandboxPolicy | None = None
    collaboration_mode: JsonObject | None = None


class ThreadSettingsUpdated(Wire):
    """`thread/settings/updated`; 10 kB in plan mode, which brings its instructions."""

    thread_id: str
    thread_settings: ThreadSettings = Field(default_factory=ThreadSettings)


class ThreadTokenUsageUpdated(Wire):
    """`thread/tokenUsage/updated`: after each model call."""

    thread_id: str
    turn_id: str
    token_usage: TokenUsage


class ThreadCompacted(Wire):
    """`thread/compacted`: older engines say it; newer ones send a contextCompaction item."""

    thread_id: str
    turn_id: str
