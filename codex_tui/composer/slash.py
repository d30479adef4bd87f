"""Drafts that are commands: `/word`, and what may stand behind it. Pure, from the one table of actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codex_tui.actions import SLASH

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.actions import SlashCommand

_SHAPE = re.compile(r"/([A-Za-z][A-Za-z-]*)?(?:\s+(.*))?", re.DOTALL)
"""One word of letters: `/etc/hosts` and `/2` are none. So a path is a prompt like any other."""


class Written(NamedTuple):
    """A draft that has the shape of a command; whether there is such a one is another question."""

    word: str
    rest: str


def written(draft: str) -> Written | None:
    """`draft` as word and rest, or None when it is a prompt. A blank before the slash makes it one."""
    found = _SHAPE.fullmatch(draft.rstrip())
    return Written((found[1] or "").lower(), (found[2] or "").strip()) if found is not None else None


def matching(word: str) -> list[SlashCommand]:
    """The commands that begin so, the one of that very word first."""
    return sorted((one for one in SLASH if one.word.startswith(word)), key=lambda one: one.word != word)


def listed(draft: str) -> list[SlashCommand]:
    """What to propose while `draft` is written: nothing any more once its word is complete."""
    if "\n" in draft or " " in draft or (command := written(draft)) is None:
        return []
    return matching(command.word)


def completed(command: SlashCommand) -> str:
    """The draft of a chosen command; what it takes can be written on at once."""
    return f"/{command.word} " if command.takes else f"/{command.word}"


class Unknown(NamedTuple):
    """A draft that looks like a command and is none. `reason` is in our own words."""

    reason: str


def meant(draft: str, is_path: Callable[[str], bool]) -> tuple[SlashCommand, str] | Unknown | None:
    """The command that `draft` is, with what stands behind its word; None for a prompt.

    The beginning of one word alone is enough, unless the command is careful. `is_path` tells whether
    there is a file or directory of a name: a draft that begins with one is a prompt.
    """
    command = written(draft)
    if command is None:
        return None
    if not command.word:
        return Unknown("a command goes after the /; a blank before it sends it as it is")
    found = matching(command.word)
    exact = bool(found) and found[0].word == command.word
    if not exact and is_path(f"/{command.word}"):
        return None
    if not found:
        return Unknown(f"there is no command /{command.word}; a blank before it sends it as it is")
    if not exact and len(found) > 1:
        several = "  ".join(f"/{one.word}" for one in found)
        return Unknown(f"/{command.word} could be {several}")
    chosen = found[0]
    if not exact and chosen.careful:
        return Unknown(f"/{chosen.word} wants its whole word")
    if command.rest and not chosen.takes:
        return Unknown(f"/{chosen.word} takes nothing more; a blank before it sends it as it is")
    return chosen, command.rest
