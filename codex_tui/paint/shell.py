"""The command inside the shell call that the engine wraps around it. For display only."""

from __future__ import annotations

import re
import shlex
from functools import lru_cache

MAX_PARSED = 20_000
"""Characters of a command that are looked at for its shell wrapper."""

_SHELL = re.compile(r"(?:(?:/usr(?:/local)?|/opt/homebrew)?/bin/)?(?:ba|z|da)?sh")
_WRAPPED = re.compile(rf"{_SHELL.pattern} -l?c '([^']*)'")


def bare_command(command: str) -> str:
    """`command` without the shell call that the engine wraps around it, when that is all there is.

    For display only: `/bin/bash -lc 'ls -la'` is `ls -la`; anything else stays as it is.
    """
    if " -" not in command[:40]:
        return command
    if match := _WRAPPED.fullmatch(command):
        return match.group(1)
    return _unwrapped(command) if len(command) <= MAX_PARSED else command


@lru_cache(maxsize=256)
def _unwrapped(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        return command
    if len(words) == 3 and words[1] in ("-lc", "-c") and _SHELL.fullmatch(words[0]):
        return words[2]
    return command
