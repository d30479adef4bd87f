"""Logs as files for the person's editor: private, and gone with the pane."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from codex_tui.paint.output import Output
from codex_tui.paint.runs import line_text
from codex_tui.session.transcript import OUTPUT_HEAD
from codex_tui.text import SafeText, copyable

PIECE = 256 * 1024
"""Characters resolved at a time, so that other work gets a turn in between."""
NO_BOUND = 1 << 60


class LogFiles:
    """A folder that only the person can read; `remove` takes it away with all that is in it."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._written = 0

    async def text_of(self, text: str, cut: int) -> str:
        """Output as it is seen, whole: resolved, and still to be made safe by whoever takes it."""
        return await asyncio.to_thread(_resolved, text, cut)

    async def write(self, text: str, cut: int) -> Path:
        """A new file of mode 0600 with the whole output, resolved and safe."""
        return await asyncio.to_thread(self._write, text, cut)

    def _write(self, text: str, cut: int) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="codex-tui-")
        self._written += 1
        path = Path(self._folder.name) / f"output-{self._written}.log"
        safe: SafeText = copyable(_resolved(text, cut))
        with os.fdopen(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(safe + "\n")
        return path

    def remove(self) -> None:
        """Remove all files; a new one makes a new folder."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _resolved(text: str, cut: int) -> str:
    output = Output(kept_lines=NO_BOUND, kept_characters=NO_BOUND)
    if cut:
        text = f"{text[:OUTPUT_HEAD]}\n[{cut:,} characters were not kept]\n{text[OUTPUT_HEAD:]}"
    for at in range(0, len(text), PIECE):
        output.feed(text[at : at + PIECE])
    output.finish()
    return "\n".join(line_text(line).rstrip(" ") for line in output.lines).rstrip("\n")
