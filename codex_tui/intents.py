"""What a person can make happen outside the terminal: the one way out of the interface.

The host implements it; widgets and dialogs get it handed in and know nothing of the engine.
All calls return at once; what comes of them arrives as events through the store.
"""

from __future__ import annotations

from typing import Protocol

from codex_tui.protocol.base import JsonObject
from codex_tui.session.inbox import QuestionKey


class Intents(Protocol):
    def send(self, text: str, images: tuple[str, ...] = ()) -> None:
        """A prompt: starts a turn, or steers the running one (`turn/start`, `turn/steer`)."""
        ...

    def queue(self, text: str) -> None:
        """A prompt for after the running turn (`thread/queue/add`)."""
        ...

    def interrupt(self) -> None:
        """Stop the running turn (`turn/interrupt`)."""
        ...

    def answer(self, key: QuestionKey, result: JsonObject, outcome: str) -> None:
        """Answer a question once. `result` is the response's body, `outcome` a word for the transcript."""
        ...

    def refuse(self, key: QuestionKey, reason: str) -> None:
        """Answer a question with a JSON-RPC error."""
        ...

    def restart_engine(self) -> None:
        """Start a dead engine again and resume the thread."""
        ...

    def quit(self) -> None:
        """Leave: stop the engine in order, then the interface."""
        ...
