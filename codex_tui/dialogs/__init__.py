"""Questions of the engine: one modal screen for the head of the inbox, one body a kind.

The guard is light and imported at once; the screen and the wire's models only when one is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.dialogs.gate import Gate, Opener, may_open, open_in

if TYPE_CHECKING:
    from codex_tui.dialogs.screen import QuestionScreen

__all__ = ["Gate", "Opener", "QuestionScreen", "may_open", "open_in"]


def __getattr__(name: str) -> object:
    if name == "QuestionScreen":
        from codex_tui.dialogs.screen import QuestionScreen

        return QuestionScreen
    raise AttributeError(name)
