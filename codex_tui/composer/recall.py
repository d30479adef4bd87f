"""The prompts sent in this session, to be walked through with Up and Down. No Textual."""

from __future__ import annotations

REMEMBERED = 200  # prompts; more than anyone walks through one by one


class Recall:
    """Walks from the newest prompt to older ones and back to the unsent draft, which it keeps meanwhile."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self._at: int | None = None  # None: at the unsent draft
        self._draft = ""

    def add(self, prompt: str) -> None:
        """A prompt was sent: the walk ends. The same one twice in a row counts once."""
        if not self.prompts or self.prompts[-1] != prompt:
            self.prompts.append(prompt)
            del self.prompts[:-REMEMBERED]
        self._at, self._draft = None, ""

    def older(self, draft: str) -> str | None:
        """The prompt before; None when there is none. `draft` is what stands in the composer now."""
        at = len(self.prompts) if self._at is None else self._at
        if at == 0:
            return None
        if self._at is None:
            self._draft = draft
        self._at = at - 1
        return self.prompts[self._at]

    def newer(self) -> str | None:
        """The prompt after, behind the newest the unsent draft; None when not walking."""
        if self._at is None:
            return None
        if self._at + 1 < len(self.prompts):
            self._at += 1
            return self.prompts[self._at]
        self._at = None
        return self._draft
