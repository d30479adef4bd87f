"""Notifications that tell the person something, and the one that takes a question back."""

from codex_tui.protocol.base import Wire, WireId


class Warned(Wire):
    """`warning`."""

    message: str
    thread_id: str | None = None


class GuardianWarned(Wire):
    """`guardianWarning`: the automatic reviewer's remark."""

    message: str
    thread_id: str = ""


class DeprecationNotice(Wire):
    """`deprecationNotice`."""

    summary: str
    details: str | None = None


class TextPosition(Wire):
    """Counted from 1."""

    line: int
    column: int


class TextRange(Wire):
    start: TextPosition
    end: TextPosition


class ConfigWarning(Wire):
    """`configWarning`: the configuration is wrong, and where; `thread/start` may fail after it."""

    summary: str
    details: str | None = None
    path: str | None = None
    range: TextRange | None = None


class ServerRequestResolved(Wire):
    """`serverRequest/resolved`: the question needs no answer any more (answered, or its turn ended)."""

    thread_id: str
    request_id: WireId
