"""What the person has agreed to in this run, folder by folder, and what follows for a thread there.

Not trusting a folder is said to the engine as well, for the thread alone: then it leaves the
project's settings, hooks, rules and instructions out, and a thread that may write does not mark
the folder as trusted behind the person's back, as it would otherwise (engine 0.163).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codex_tui.trust import trust_of

if TYPE_CHECKING:
    from pathlib import Path

    from codex_tui.trust import Answer, Trust


class Consent:
    """Asks the config first, remembers answers second. One for each run."""

    def __init__(self, codex_home: Path) -> None:
        self._codex_home = codex_home
        self._answers: dict[tuple[str, ...], tuple[Trust, Answer]] = {}

    def question(self, folder: Path) -> Trust | None:
        """What has to be asked before anything may happen in `folder`; None when nothing has to."""
        trust = trust_of(folder, self._codex_home)
        return trust if trust.level == "unknown" and trust.names not in self._answers else None

    def note(self, trust: Trust, answer: Answer) -> None:
        """The person's answer to a question."""
        self._answers[trust.names] = trust, answer

    def thread_settings(self, folder: Path, approval: str | None = None) -> dict[str, Any]:
        """Members for `thread/start` and `/resume` in `folder`, stronger than what else is wanted there.

        `approval` is the approval policy that the person asked for, if they did. Raises KeyError
        for a folder that was to be asked about and was not.
        """
        trust, answer = self._answer(folder)
        if trust is None or answer != "once":
            return {}
        return {
            "sandbox": "read-only",
            "approvalPolicy": approval or "untrusted",
            "config": {"projects": {name: {"trust_level": "untrusted"} for name in trust.names}},
        }

    def to_write(self, folder: Path) -> Path | None:
        """What the engine still has to be told to trust, for good, before a thread opens in `folder`."""
        trust, answer = self._answer(folder)
        return trust.root if trust is not None and answer == "trust" else None

    def _answer(self, folder: Path) -> tuple[Trust | None, Answer | None]:
        trust = trust_of(folder, self._codex_home)
        return self._answers[trust.names] if trust.level == "unknown" else (None, None)
