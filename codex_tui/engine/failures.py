"""What can go wrong between this client and the engine, each said in a person's words.

All are ClientErrors: title, detail and hint are already safe for a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from codex_tui.errors import ClientError
from codex_tui.text.safe import SafeText, block, line

TITLE_LENGTH = 300
"""Characters of an error's one line. An unknown method's message lists all methods: several kB."""

DETAIL_LINES = 40

# The engine colours its stderr even on a pipe. Only colours are dropped; all else is escaped visibly.
_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")

# A line of stderr in which the engine says why it gives up.
_CAUSE = re.compile(r"(?i)(?:error|fatal): (.+)")


class EngineError(ClientError):
    """The engine, or the way to it, failed."""


class RefusedError(EngineError):
    """The engine answered a request with an error. `message` and `data` are as they came."""

    def __init__(self, method: str, code: int, message: str, data: Any = None) -> None:
        title, detail = said(message or f"error {code}")
        super().__init__(title, "\n".join(filter(None, [detail, f"{line(method)}: error {code}"])))
        self.method = method
        self.code = code
        self.message = message
        self.data = data


class UnansweredError(EngineError):
    """No answer within the deadline. Unless the method is repeatable, its effect is unknown."""

    def __init__(self, method: str, seconds: float, repeatable: bool) -> None:
        super().__init__(
            f"the engine did not answer {line(method)} within {seconds:g} s",
            "" if repeatable else "it is not known whether the engine carried it out",
            "" if repeatable else "look at what happened before you do it again",
        )
        self.method = method
        self.repeatable = repeatable


class UnreadableAnswerError(EngineError):
    """The engine's answer does not have the members this client needs."""

    def __init__(self, method: str, problem: str) -> None:
        title, detail = said(problem)
        super().__init__(f"the engine's answer to {line(method)} makes no sense: {title}", detail)
        self.method = method


class CannotSendError(EngineError):
    """The engine no longer takes what is sent to it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot send to the engine: {line(reason)}")


class EngineGoneError(EngineError):
    """The connection is lost. `stderr` are the engine's last lines, raw."""

    def __init__(self, reason: str, stderr: Iterable[str] = ()) -> None:
        last = cleaned(stderr)
        cause = next((found[1] for text in reversed(last) if (found := _CAUSE.match(text))), None)
        title = f"the engine stopped: {line(reason)}"
        if cause is not None:
            title = f"the engine stopped ({line(reason)}): {cause[:TITLE_LENGTH]}"
        super().__init__(title, "\n".join(last), "codex-tui doctor looks for causes")
        self.reason = reason


def cleaned(lines: Iterable[str]) -> list[SafeText]:
    """Raw lines of the engine's stderr made fit for a terminal: colours dropped, the rest escaped."""
    return [line(_COLOUR.sub("", text.rstrip("\r"))) for text in lines]


def said(message: str) -> tuple[str, str]:
    """A message of the engine as (one line, what is left of it)."""
    first, *rest = [part for part in block(_COLOUR.sub("", message).strip()) if part.strip()] or [line("")]
    title = first if len(first) <= TITLE_LENGTH else f"{first[: TITLE_LENGTH - 1]}…"
    detail = rest if title == first else [first, *rest]
    return title, "\n".join(detail[:DETAIL_LINES])
