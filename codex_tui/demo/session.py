"""The demo session: a throwaway home and project, and the scripted model in a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import codex_tui
from codex_tui.demo.home import MODEL, Place, environment, make_place, remove, write_config
from codex_tui.demo.project import write_project

if TYPE_CHECKING:
    import socket

    from codex_tui.demo.sse import JsonObject

NOTICE = "Demo: the model is a script. Engine, commands and patches are real, in a throwaway project."

SUGGESTIONS = (
    "show me around",
    "fix the bug in calc",
    "run a command that fails",
    "something long",
    "answer slowly",
)

BOOT = """\
import sys
sys.path.insert(0, sys.argv.pop(1))
from codex_tui.demo.model_server import main
sys.exit(main())
"""
"""Starts the model process with this very package, also from a checkout that is not installed."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the host needs.

    `env` is to be laid over the environment of the engine; `project` is the working folder;
    `thread_params` are members for `thread/start`; `suggestions` are prompts to offer, the
    first one starts the tour; `notice` is the line that says that the model is scripted.
    """

    env: dict[str, str]
    project: Path
    thread_params: JsonObject
    suggestions: tuple[str, ...]
    notice: str
    model_process: int | None


@contextlib.contextmanager
def demo_session(parent: Path | None = None) -> Generator[Demo]:
    """A demo, ready for an engine to be started: returns before the model serves, which it soon does.

    The port is taken here and handed to the model process; an engine that connects early waits in
    its queue. The engine must have been stopped before this is left: then everything is removed.
    `parent` is the folder to make it in, the system's temporary one by default.
    """
    from codex_tui.demo.listening import listen

    place = make_place(parent)
    try:
        with listen() as listening:
            port: int = listening.getsockname()[1]
            write_config(place, f"http://127.0.0.1:{port}/v1")
            write_project(place.project)
            with _model(listening, place) as process:
                yield Demo(
                    env=environment(place, port),
                    project=place.project,
                    thread_params={
                        "cwd": str(place.project),
                        "approvalPolicy": "untrusted",
                        "sandbox": "workspace-write",
                        "model": MODEL,
                    },
                    suggestions=SUGGESTIONS,
                    notice=NOTICE,
                    model_process=process,
                )
    finally:
        remove(place.root)


@contextlib.contextmanager
def _model(listening: socket.socket, place: Place) -> Generator[int | None]:
    """Serve the tour on `listening`: in a process where a socket can be handed over, else in a thread."""
    if os.name != "posix":
        from codex_tui.demo.model_server import ModelServer
        from codex_tui.demo.tour import Tour

        with ModelServer(Tour(), listening):
            yield None
        return
    # -P: a folder the person happens to be in must not lend us modules.
    # fmt: off
    command = [
        sys.executable, "-P", "-c", BOOT, str(Path(codex_tui.__file__).parent.parent),
        "--socket", str(listening.fileno()), "--remove", str(place.root),
    ]
    # fmt: on
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(listening.fileno(),),
        cwd=place.root,
        # Ctrl+C in the terminal is for the interface.
        start_new_session=True,
    ) as process:
        try:
            yield process.pid
        finally:
            # It holds nothing; a killed parent it notices by the end of its input.
            process.kill()
