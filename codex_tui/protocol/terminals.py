"""Background terminals: commands of a thread that outlived the call, or the turn, that started them."""

from codex_tui.protocol.base import Wire


class BackgroundTerminal(Wire):
    """One that runs. `item_id` is its command's item, `process_id` the engine's name for it, no pid."""

    item_id: str
    process_id: str
    command: str = ""
    cwd: str = ""
    os_pid: int | None = None
    cpu_percent: int | float | None = None
    rss_kb: int | None = None


class BackgroundTerminals(Wire):
    """The result of `thread/backgroundTerminals/list`: one page, the newest first."""

    data: tuple[BackgroundTerminal, ...] = ()
    next_cursor: str | None = None


class TerminalTerminated(Wire):
    """The result of `thread/backgroundTerminals/terminate`; False when there is none of that name."""

    terminated: bool = False
