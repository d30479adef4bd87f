"""What the end-to-end tests know of the program: how it is started, and what its screen says."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.replies import MODES_AT_START
from bench.terminal import Terminal, this_python

PROMPT = "❯"
#: What the demo's empty composer proposes.
EMPTY = "show me around"
NOTICE = "the model is a script"
#: What a dialog says as soon as its answer keys count.
LIVE = "keys are live"
#: A start takes about a second here; a loaded machine may take ten times that.
START_SECONDS = 20.0
#: A scripted turn says something within two seconds.
TURN_SECONDS = 20.0


class Client(Terminal):
    """`codex-tui` in a terminal."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        columns: int = 120,
        rows: int = 40,
        kitty: bool = False,
    ) -> None:
        super().__init__(
            this_python("-m", "codex_tui", *arguments),
            env=env,
            cwd=cwd,
            columns=columns,
            rows=rows,
            kitty=kitty,
        )

    def wait_until_ready(self) -> None:
        """The composer is there and the engine has opened the thread (the status line names the model)."""
        self.wait_for(lambda text: PROMPT in text and "gpt-5.5" in text, START_SECONDS)

    def say(self, prompt: str) -> None:
        """Type a prompt, see it in the composer, send it."""
        self.type(prompt)
        self.wait_for(lambda text: prompt in self.composer)
        self.press("enter")

    @property
    def composer(self) -> str:
        """The rows from the composer's prompt mark to the end of the screen."""
        text = self.text
        start = text.rfind(f"\n  {PROMPT}") if f"\n  {PROMPT}" in text else text.rfind(f"\n{PROMPT}")
        return text[start:]

    def is_idle(self) -> bool:
        """Whether no turn runs, nothing waits and nothing is written."""
        # The directory stands in the status line only while nothing goes on.
        return self.running and "● gpt-5.5" in self.text and EMPTY in self.composer

    def wait_for_question(self, title: str, *shown: str) -> str:
        """The dialog is on screen with all of `shown`, and its keys have come alive."""
        wanted = (title, *shown, LIVE)
        return self.wait_for(lambda text: all(part in text for part in wanted), within=TURN_SECONDS)

    def answer(self, key: str) -> None:
        """Press an answer key; the dialog closes."""
        self.press(key)
        self.wait_gone(LIVE)

    def quit(self) -> int:
        """Ctrl+C twice, as a person does who has read the hint."""
        self.press("ctrl+c")
        self.wait_for("again")
        self.press("ctrl+c")
        return self.wait_exit(10)

    def wait_all_gone(self, within: float) -> list[str]:
        """The names of processes that are still there after `within` seconds; empty is what one wants."""
        deadline = time.monotonic() + within
        while (left := self.processes()) and time.monotonic() < deadline:
            self.pump(0.05)
        return [f"{process.name} {process.pid}" for process in left]

    def differences(self) -> list[str]:
        """What is not as it was before the program: modes, keyboard, line discipline, screen."""
        found: list[str] = []
        modes = self.modes
        found += [f"mode {mode} is still on" for mode in sorted(modes - MODES_AT_START)]
        found += [f"mode {mode} is off" for mode in sorted(MODES_AT_START - modes)]
        if self.replies.keyboard_depth:
            found.append(f"{self.replies.keyboard_depth} keyboard modes were not popped")
        _ = self.text
        if self.screen.alternate:
            found.append("the alternate screen is still shown")
        if self.termios_now != self.termios_before:
            found.append("the line discipline is not as before")
        return found
