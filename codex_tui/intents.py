"""What a person can make happen outside the terminal: the one way out of the interface.

The host implements it; widgets and dialogs get it handed in and know nothing of the engine.
All calls return at once; what comes of them arrives as events through the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from codex_tui.history.access import Catalogue, Choice, OpenThreads
    from codex_tui.protocol.base import JsonObject
    from codex_tui.session.inbox import QuestionKey
    from codex_tui.session.state import Change, State
    from codex_tui.text import SafeText
    from codex_tui.trust import Answer, Trust


class Intents(Protocol):
    def send(self, text: str, images: Sequence[str] = (), thread_id: str | None = None) -> None:
        """A prompt: starts a turn, or steers the running one (`turn/start`, `turn/steer`).

        It goes to that thread, by default to the one on screen.
        """
        ...

    def queue(self, text: str) -> None:
        """A prompt for after the running turn (`thread/queue/add`)."""
        ...

    def interrupt(self, thread_id: str | None = None) -> None:
        """Stop the running turn of that thread, by default of the one on screen (`turn/interrupt`)."""
        ...

    def answer(self, key: QuestionKey, result: JsonObject, outcome: str) -> None:
        """Answer a question once. `result` is the response's body, `outcome` a word for the transcript."""
        ...

    def refuse(self, key: QuestionKey, reason: str) -> None:
        """Answer a question with a JSON-RPC error."""
        ...

    def approve_denied(self, thread_id: str, event: JsonObject) -> None:
        """Let the agent try once what the automatic reviewer denied (`thread/approveGuardianDeniedAction`).

        `event` is the review as the engine takes it back, see `protocol.denials`.
        """
        ...

    def run_shell(self, command: str) -> None:
        """Run a command in the person's shell, without the sandbox (`thread/shellCommand`)."""
        ...

    def look_at_terminals(self, thread_id: str) -> None:
        """Ask what runs in a thread's background (`thread/backgroundTerminals/list`)."""
        ...

    def end_terminals(self, thread_id: str, process_id: str | None = None) -> None:
        """Terminate one, or all of a thread (`thread/backgroundTerminals/terminate`, `…/clean`)."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The saved threads."""
        ...

    @property
    def threads(self) -> OpenThreads:
        """The threads of this session, and what can be done with the one on screen."""
        ...

    def new_thread(self) -> None:
        """Start a thread in the folder of the one on screen, and show it (`thread/start`)."""
        ...

    def open_thread(self, choice: Choice) -> None:
        """Go on with a saved thread, or with a copy of it, and show it (`thread/resume`, `thread/fork`)."""
        ...

    async def take_turns_back(self, thread_id: str, turn_id: str) -> None:
        """Take that turn and all after it out of the conversation (`thread/revert`); files stay.

        Returns when the state shows it. Raises ClientError; then nothing was taken back, unless the
        error says that nobody knows.
        """
        ...

    def engine_log(self) -> Sequence[SafeText]:
        """The engine's last standard error lines and skipped output lines, oldest first."""
        ...

    def restart_engine(self) -> None:
        """Start a dead engine again and resume the thread."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """One of several ways on: its key, and what it does."""

    key: SafeText
    words: SafeText


class Face(Protocol):
    """What shows the session: the terminal app now, other faces later. Called in the event loop."""

    async def deliver(self, state: State, change: Change) -> None:
        """A new state and what changed; returns when it was taken."""
        ...

    def give_back(self, text: str, reason: str) -> None:
        """A prompt that did not get through returns to the composer; `reason` is safe to show."""
        ...

    async def pick_thread(self, catalogue: Catalogue, here: str) -> Choice | None:
        """Let the person choose a saved thread. With None the face closes by itself."""
        ...

    async def choose(self, heading: SafeText, detail: SafeText, ways: Sequence[Way]) -> str | None:
        """Let the person choose a way on; its key, or None when they want none of them."""
        ...

    async def ask_trust(self, trust: Trust) -> Answer:
        """Ask whether to trust a folder. Having answered `leave`, the face closes by itself."""
        ...
