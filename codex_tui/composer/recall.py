"""The prompts sent before, to be walked through with Up and Down and searched. No Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REMEMBERED = 2000
"""Prompts; more than anyone walks through, and a search over them takes a millisecond or two."""


class Recall:
    """Walks from the newest prompt to older ones and back to the unsent draft, which it keeps meanwhile.

    `earlier` gives the prompts of earlier sessions, oldest first; it is asked when they are first wanted.
    """

    def __init__(self, earlier: Callable[[], Sequence[str]] = tuple) -> None:
        self._earlier: Callable[[], Sequence[str]] | None = earlier
        self._prompts: list[str] = []
        self._at: int | None = None  # None: at the unsent draft
        self._draft = ""

    @property
    def prompts(self) -> Sequence[str]:
        """All that is remembered, oldest first."""
        if self._earlier is not None:
            earlier, self._earlier = self._earlier, None
            # What this session has sent by now may be among them; here it stands where it was sent last.
            self._prompts[:0] = [text for text in earlier() if text not in self._prompts]
            del self._prompts[:-REMEMBERED]
        return self._prompts

    @property
    def sent(self) -> Sequence[str]:
        """What is remembered without asking for earlier sessions."""
        return self._prompts

    def add(self, prompt: str) -> None:
        """A prompt was sent: the walk ends. The same one twice in a row counts once."""
        if not self._prompts or self._prompts[-1] != prompt:
            self._prompts.append(prompt)
            del self._prompts[:-REMEMBERED]
        self._at, self._draft = None, ""

    def older(self, draft: str) -> str | None:
        """The prompt before; None when there is none. `draft` is what stands in the composer now."""
        prompts = self.prompts
        at = len(prompts) if self._at is None else self._at
        if at == 0:
            return None
        if self._at is None:
            self._draft = draft
        self._at = at - 1
        return prompts[self._at]

    def newer(self) -> str | None:
        """The prompt after, behind the newest the unsent draft; None when not walking."""
        if self._at is None:
            return None
        if self._at + 1 < len(self._prompts):
            self._at += 1
            return self._prompts[self._at]
        self._at = None
        return self._draft


def search(prompts: Sequence[str], wanted: str) -> list[str]:
    """The prompts with every word of `wanted` in them, newest first; each once.

    Small letters find capitals too; a word with a capital finds only itself.
    """
    words = wanted.split()

    def has_all(prompt: str) -> bool:
        folded = prompt.casefold()
        return all(word in (prompt if word != word.casefold() else folded) for word in words)

    return list(dict.fromkeys(prompt for prompt in reversed(prompts) if has_all(prompt)))
