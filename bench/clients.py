"""Who is measured: our client, the official one, and whatever the command line names."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from bench.terminal import this_python
from codex_tui.demo import home
from codex_tui.demo.home import Place


@dataclass(frozen=True, slots=True)
class Client:
    """A program to start. `mark` is what its composer shows first; None takes any visible text.
    `talks` to a model, if it is more than an empty editor."""

    name: str
    argv: tuple[str, ...]
    mark: str | None = None
    talks: bool = True

    def shown(self, text: str) -> bool:
        """Whether this screen is a first frame."""
        return self.mark in text if self.mark else bool(text.strip())


OURS = Client("codex-tui", tuple(this_python("-m", "codex_tui")), "❯")
FLOOR = Client("bare Textual", tuple(this_python("-m", "bench.floor")), "❯", talks=False)


def engine_path() -> Path:
    """The engine's binary in the installed wheel, which holds the official client too."""
    import codex_cli_bin

    return Path(codex_cli_bin.__file__).parent / "bin" / "codex"


def official() -> Client:
    """The official client, without the background server that would hide its cost."""
    return Client("official codex", (str(engine_path()), "--no-daemon"), "›")


def peer(command: str) -> Client:
    """A client given as a command line."""
    argv = shlex.split(command)
    return Client(Path(argv[0]).name, tuple(argv))


def checkout() -> Path:
    return Path(__file__).resolve().parent.parent


def environment(place: Place, port: int) -> dict[str, str]:
    """The environment of a measured client: ours, with a throwaway engine home and no way out.

    The checkout is importable from any directory, and the engine is the one the official client
    is in, so that both sides run the same build.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CODEX_", "OPENAI_"))}
    env |= home.environment(place, port)
    del env["PYTHONDONTWRITEBYTECODE"]  # the caches of a client are to be warm
    env["PYTHONPATH"] = os.pathsep.join([str(checkout()), *filter(None, [env.get("PYTHONPATH")])])
    env["CODEX_TUI_ENGINE"] = str(engine_path())
    return env
