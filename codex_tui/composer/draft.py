"""What a draft holds: text that is safe to show, and long pastes folded into chips. No Textual."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import TYPE_CHECKING

from codex_tui.text import SafeText, join, line, own

if TYPE_CHECKING:
    from collections.abc import Sequence

PASTE_SHOWN = 10_000
"""Characters of one paste that are laid out; a longer one becomes a chip. 10,000 wrap in some 10 ms."""
DRAFT_SHOWN = 20_000
"""Characters of a whole draft that are laid out; a paste that would go beyond becomes a chip."""
HELD_BOUND = 16 * 1024 * 1024
"""Characters held in chips. The engine takes about a million a prompt; the rest is room for several."""

_SUSPECT = re.compile(r"[^\n\t\x20-\x7e]")
_LABEL = re.compile(r"\[pasted [\d,]+ characters(?: #\d+)?\]")
_LOOK_ONLY = "\u200d\ufe0e\ufe0f"  # joiner, text look, picture look


def _shown(match: re.Match[str]) -> str:
    char = match.group()
    if char in _LOOK_ONLY and _follows_picture(match.string, match.start()):
        return ""
    if unicodedata.category(char) == "Zs":
        return " "
    return line(char)


def _follows_picture(text: str, at: int) -> bool:
    while at and text[at - 1] in _LOOK_ONLY:
        at -= 1
    if not at:
        return False
    before = text[at - 1]
    return before > "\x7f" and unicodedata.category(before) in {"So", "Sm", "Sk", "Po"}


def showable(text: str) -> str:
    """`text` as a draft may hold it: what is on screen is what will be sent.

    Line ends become `\\n`, other blanks a plain one, control and invisible characters visible
    escapes. Joiners and look selectors behind a pictograph go: they change a picture, not words.
    Ordinary text, also such that spells an escape, stays as it is.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SUSPECT.sub(_shown, text) if _SUSPECT.search(text) else text


def image_chips(images: Sequence[str], mark: SafeText = own("▣")) -> SafeText:
    """The images that go with the next prompt, by file name: `▣ shot.png  ▣ plan.png`; empty for none."""
    return join(*(join(mark, own(" "), line(PurePath(image).name)) for image in images), by=own("  "))


class Chips:
    """Long pastes by the label that stands for them in the draft, such as `[pasted 12,345 characters]`."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}
        self._size = 0

    def wanted(self, text: str, draft_length: int) -> bool:
        """Whether `text`, pasted into a draft of that many characters, has to become a chip.

        A text that spells a label does too, so that a paste cannot pass for another one.
        """
        return (
            len(text) > PASTE_SHOWN
            or draft_length + len(text) > DRAFT_SHOWN
            or _LABEL.search(text) is not None
        )

    def put(self, text: str) -> str | None:
        """The label of a new chip, or None when `HELD_BOUND` would be passed. The text is kept as it came."""
        if self._size + len(text) > HELD_BOUND:
            return None
        label = base = f"[pasted {len(text):,} characters]"
        number = 1
        while label in self._held:
            number += 1
            label = f"{base[:-1]} #{number}]"
        self._held[label] = text
        self._size += len(text)
        return label

    def expand(self, draft: str) -> str:
        """`draft` with every label replaced by what was pasted."""
        return _LABEL.sub(lambda found: self._held.get(found.group(), found.group()), draft)

    def spans(self, row: str) -> list[tuple[int, int]]:
        """Where the labels stand in one line of the draft: (first column, column behind)."""
        if not self._held:
            return []
        return [found.span() for found in _LABEL.finditer(row) if found.group() in self._held]

    def keep_only(self, drafts: Sequence[str]) -> None:
        """Forget what no draft of `drafts` mentions."""
        used = {label for draft in drafts for label in _LABEL.findall(draft)}
        self._held = {label: text for label, text in self._held.items() if label in used}
        self._size = sum(map(len, self._held.values()))
