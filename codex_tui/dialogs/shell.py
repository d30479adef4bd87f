"""Reading the command of an approval, for display only: nothing here decides what is safe."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./\-]+")
_SHELLS = re.compile(r"(?:.*/)?(?:ba|z|da|k|a)?sh")


@dataclass(frozen=True, slots=True)
class Script:
    """`text` is what runs; `shell` are the words before it (`/bin/bash -lc`).

    An empty `shell` means that `text` is the raw command.
    """

    text: str
    shell: str = ""


def read_command(command: str) -> Script:
    """The script inside `SHELL -c SCRIPT`, when the quoting leaves no doubt what it is; else all of it.

    The engine joins the argument vector into one quoted string; this undoes it, so that line
    breaks and quotes are seen as the shell will see them.
    """
    words = split_words(command, most=3)
    if words and len(words) == 3 and _SHELLS.fullmatch(words[0]) and words[1] in {"-c", "-lc"}:
        return Script(words[2], f"{words[0]} {words[1]}")
    return Script(command)


def split_words(command: str, most: int = 1 << 30) -> list[str] | None:
    """The words of a POSIX-quoted command without expansions; None when there is any doubt.

    Also None when there are more than `most`.

    Doubt is: an unquoted character that means something to a shell, a `$` or backquote that
    would expand, an open quote.
    """
    words: list[str] = []
    at, end = 0, len(command)
    word: list[str] | None = None
    while at < end:
        char = command[at]
        if char == " ":
            if word is not None:
                words.append("".join(word))
                if len(words) == most and command[at:].strip(" "):
                    return None
            word, at = None, at + 1
            continue
        piece, at = _piece(command, at)
        if piece is None:
            return None
        if word is None:
            word = []
        word.append(piece)
    if word is not None:
        words.append("".join(word))
    return words


def _piece(command: str, at: int) -> tuple[str | None, int]:
    """One quoted or plain piece of a word, and where it ends; (None, …) in doubt."""
    char = command[at]
    if char == "'":
        close = command.find("'", at + 1)
        return (None, at) if close < 0 else (command[at + 1 : close], close + 1)
    if char == '"':
        return _double_quoted(command, at + 1)
    if char == "\\":
        following = command[at + 1 : at + 2]
        return (None, at) if following in {"", "\n"} else (following, at + 2)
    found = _PLAIN.match(command, at)
    return (None, at) if found is None else (found.group(), found.end())


_LITERAL = re.compile(r'[^"$`!\\]+')


def _double_quoted(command: str, at: int) -> tuple[str | None, int]:
    pieces: list[str] = []
    while at < len(command):
        char = command[at]
        if char == '"':
            return "".join(pieces), at + 1
        if char in "$`!":
            return None, at
        if char == "\\":
            following = command[at + 1 : at + 2]
            if following in {"", "\n"}:
                return None, at
            pieces.append(following if following in {"$", "`", '"', "\\"} else char + following)
            at += 2
            continue
        found = _LITERAL.match(command, at)
        assert found is not None  # noqa: S101 - every other character was looked at above
        pieces.append(found.group())
        at = found.end()
    return None, at


_SEPARATOR = re.compile(r"&&|\|\||;;|\|&|[;|\n]|(?<![>&\d])&(?!>)")


LONGEST_COUNTED = 100_000
"""Characters of a script that are looked at to count its commands: the count is only told."""


def count_commands(script: str) -> int:
    """About how many simple commands a script chains (`;`, `&&`, `|`, line ends …); at least 1.

    Only to say that a rule for the first one does not cover the others. Quoted text and
    comments are skipped; nested ones (`$(…)`) count with their parent; what comes after
    `LONGEST_COUNTED` characters does not count.
    """
    script = script[:LONGEST_COUNTED]
    skeleton = re.sub(r"\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"", "_", script, flags=re.DOTALL)
    skeleton = re.sub(r"(?:^|(?<=\s))#[^\n]*", "", skeleton)
    return max(1, sum(1 for part in _SEPARATOR.split(skeleton) if part.strip()))


_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
COMMANDS_READ = 64
"""Simple commands of a script that `simple_commands` looks at: more are no command line any more."""


def simple_commands(script: str) -> list[tuple[str, ...]]:
    """The words of each simple command of a script, as far as they are certain.

    A command's words end where a shell would expand or redirect something. Only to show what a
    rule is about: the engine reads commands in its own way.
    """
    commands: list[tuple[str, ...]] = []
    words: list[str] = []
    word: str | None = None
    at, sure = 0, True

    def finish() -> None:
        if words:
            commands.append(tuple(words))
        words.clear()

    while at < len(script) and len(commands) < COMMANDS_READ:
        separator = _SEPARATOR.match(script, at)
        if separator is not None or script[at] in " \t":
            if word is not None and sure:
                words.append(word)
            word, at = None, at + 1 if separator is None else separator.end()
            if separator is not None:
                finish()
                sure = True
            continue
        piece, after = _piece(script, at)
        if piece is None:
            # What follows in this command is not certain; quotes are still skipped as such.
            sure, word = False, None
            quoted = _QUOTED.match(script, at)
            at = at + 1 if quoted is None else quoted.end()
            continue
        word, at = (word or "") + piece, after
    if word is not None and sure:
        words.append(word)
    finish()
    return commands
