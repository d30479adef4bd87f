"""Text into the clipboard: through the terminal (OSC 52), and through the system's own program.

Over ssh only the terminal's clipboard is the person's; a program would fill that of the machine
at the far end. tmux by its defaults swallows OSC 52, and passes nothing through; but it takes
text for its own buffer and hands that on to the terminal (`load-buffer -w`).
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from codex_tui.text import SafeText, join, number, own

MAX_BYTES = 750_000
"""Bytes of text in one OSC 52, a million in base64: tmux drops sequences of more than 1 MiB."""
MAX_COPY = 64 * 1024 * 1024
"""Bytes handed to a program: the longest output there is; a clipboard is no place for more."""
WITHIN = 2.0
"""Seconds a program gets to take the text. `xclip` goes to the background when it has it."""


@dataclass(frozen=True, slots=True)
class Way:
    """A program that takes text on its standard input. `encoding` is what it takes it for."""

    words: tuple[str, ...]
    encoding: str = "utf-8"


def programs(
    environment: Mapping[str, str],
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> list[Way]:
    """The programs to try, one after the other until one takes it; empty where there is none."""
    found: list[Way] = []

    def add(*words: str, encoding: str = "utf-8") -> None:
        if (program := which(words[0])) is not None:
            found.append(Way((program, *words[1:]), encoding))

    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return []
    if platform == "darwin":
        add("pbcopy")
    if environment.get("WAYLAND_DISPLAY"):
        add("wl-copy")
    if environment.get("DISPLAY"):
        add("xclip", "-selection", "clipboard")
        add("xsel", "--clipboard", "--input")
    if environment.get("WSL_DISTRO_NAME") or environment.get("WSL_INTEROP"):
        # It guesses at UTF-8 by the machine's code page, but reads a byte order mark.
        add("clip.exe", encoding="utf-16")
    return found


def tmux_ways(environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which) -> list[Way]:
    """How tmux takes text, when we are inside one: with the terminal's clipboard, else (before 3.2)
    for itself alone."""
    tmux = which("tmux") if environment.get("TMUX") else None
    if tmux is None:
        return []
    return [Way((tmux, "load-buffer", "-w", "-")), Way((tmux, "load-buffer", "-"))]


def fits_terminal(text: str) -> bool:
    """Whether `text` is short enough for the sequence that terminals take (OSC 52)."""
    return len(text) <= MAX_BYTES and len(text.encode("utf-8", "replace")) <= MAX_BYTES


def hand_over(text: str, ways: Sequence[Way]) -> bool:
    """Whether a program of `ways` took `text`. Blocks up to `WITHIN` for each; never raises."""
    for way in ways:
        data = text.encode(way.encoding, "replace")
        if len(data) <= MAX_COPY and _feed(way.words, data):
            return True
    return False


def _feed(words: Sequence[str], data: bytes) -> bool:
    # No pipe but its input: xclip's child in the background keeps what it inherits open for ever.
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError):
        return False
    try:
        process.communicate(data, timeout=WITHIN)
    except (subprocess.TimeoutExpired, OSError):
        process.kill()
        process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # what it did not read
                process.stdin.close()
        return False
    return process.returncode == 0


def amount(text: str) -> SafeText:
    """How much `text` is, in words: `12 lines`, `1 line`, `40 characters` within one line."""
    lines = text.removesuffix("\n").count("\n") + 1
    if lines > 1:
        return join(number(lines), own(" lines"))
    characters = len(text.removesuffix("\n"))
    return join(number(characters), own(" character" if characters == 1 else " characters"))
