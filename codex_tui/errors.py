"""The one error type a person sees: what happened, and what to do about it."""

from __future__ import annotations


class ClientError(Exception):
    """Something the person has to know about, said in their words.

    `title` is one line; `detail` may hold more lines (already safe for a terminal);
    `hint` says what to do next. `exit_code` is used when the error ends the program.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "", exit_code: int = 1) -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.hint = hint
        self.exit_code = exit_code
