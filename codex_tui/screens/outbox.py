"""What was written in the composer, on its way out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from codex_tui.composer import Composer
    from codex_tui.intents import Intents
    from codex_tui.screens.main import MainScreen

SHELL: Final = "!"  # a draft that begins so is a command for the person's own shell


class Outbox:
    """The one owner of prompts that were written before the engine was ready."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._held: list[Composer.Submitted] = []

    def put(self, message: Composer.Submitted) -> None:
        """Send it, or hold it until the engine is ready; with a dead engine it goes back."""
        screen, app = self._screen, self._screen.app
        if app.state is not None and app.state.engine.is_gone:
            screen.give_back(message.text, "The engine has stopped; Esc, then r starts it again")
            screen.composer.images = message.images
            return
        self._held.append(message)
        if app.journal is not None:
            app.journal.add_prompt(message.text, str(Path.cwd()))
        if screen.is_ready:
            self.release()
        else:
            screen.say("sent as soon as the engine is ready")

    def release(self) -> None:
        """Send what is held, in the order it was written."""
        intents = self._screen.app.intents
        if intents is None:
            return
        held, self._held = self._held, []
        for message in held:
            if message.text.startswith(SHELL):
                self._run_shell(intents, message)
            elif message.queue:
                intents.queue(message.text)
            else:
                intents.send(message.text, message.images)

    def _run_shell(self, intents: Intents, message: Composer.Submitted) -> None:
        self._screen.composer.images = message.images  # they are no part of a command
        if message.queue:
            self._screen.give_back(message.text, "a shell command cannot wait; Enter runs it now")
        elif not message.text[1:].strip():
            self._screen.give_back(message.text, "a command goes after the !")
        else:
            intents.run_shell(message.text[1:].strip())

    @property
    def texts(self) -> list[str]:
        """What is held, oldest first."""
        return [message.text for message in self._held]
