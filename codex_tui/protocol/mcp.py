"""MCP servers as the engine reports them."""

from typing import Annotated

from codex_tui.protocol.base import Wire, known


class McpServerStatusUpdated(Wire):
    """`mcpServer/startupStatus/updated`. `error` is long and foreign."""

    name: str
    status: Annotated[str, known("starting", "ready", "failed", "cancelled")] = "starting"
    error: str | None = None
    failure_reason: Annotated[str | None, known("reauthenticationRequired")] = None
    thread_id: str | None = None


class McpLoginCompleted(Wire):
    """`mcpServer/oauthLogin/completed`."""

    name: str
    success: bool = False
    error: str | None = None
    thread_id: str | None = None
