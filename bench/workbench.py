"""A throwaway place to measure in: an engine home, a project, and a scripted model on loopback."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from bench.clients import Client, checkout, environment
from bench.terminal import Terminal, this_python
from codex_tui.demo.home import Place, throwaway_place, write_config
from codex_tui.demo.project import write_project

#: The scripted model starts in a third of a second; a loaded machine may take some more.
SERVER_SECONDS = 20.0

Turn = list[dict[str, Any]]


class Workbench:
    """A folder that lives as long as the `with` block."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._place: Place | None = None
        self._port = 0

    def __enter__(self) -> Workbench:
        # Not in the system's temporary folder: the engine makes no helpers there, and says so.
        cache = Path.home() / ".cache"
        cache.mkdir(parents=True, exist_ok=True)
        self._place = self._stack.enter_context(throwaway_place(cache))
        write_project(self._place.project)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def place(self) -> Place:
        assert self._place is not None
        return self._place

    @property
    def port(self) -> int:
        """Of the model server."""
        return self._port

    @contextlib.contextmanager
    def model(self, turns: list[Turn]) -> Generator[None]:
        """Serve these turns, one a request, from a process of its own, and point the engine's home at it."""
        script = self.place.root / "turns.json"
        script.write_text(json.dumps(turns), encoding="utf-8")
        port_file = self.place.root / "port"
        port_file.unlink(missing_ok=True)
        argv = this_python("-m", "codex_tui.demo.model_server", "--script", str(script))
        server = subprocess.Popen(
            [*argv, "--port-file", str(port_file)], stdin=subprocess.PIPE, cwd=checkout(), bufsize=0
        )
        try:
            deadline = time.monotonic() + SERVER_SECONDS
            while not (port_file.exists() and port_file.read_text().strip()):
                if time.monotonic() > deadline or server.poll() is not None:
                    raise RuntimeError("the scripted model did not start")
                time.sleep(0.01)
            self._port = int(port_file.read_text())
            write_config(self.place, f"http://127.0.0.1:{self._port}/v1")
            yield
        finally:
            assert server.stdin is not None
            server.stdin.close()
            try:
                server.wait(3)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def terminal(
        self, client: Client, *, columns: int = 120, rows: int = 40, env: Mapping[str, str] | None = None
    ) -> Terminal:
        """A terminal with `client` in the project. Echo is off: what shows was painted by the client.

        `env` is added to the environment.
        """
        return Terminal(
            client.argv,
            env=environment(self.place, self._port) | dict(env or {}),
            cwd=self.place.project,
            columns=columns,
            rows=rows,
            echo=False,
        )


def leave(terminal: Terminal) -> None:
    """Quit as a person does, Ctrl+C until it ends; the harness ends whoever stays."""
    for _ in range(4):
        if not terminal.running:
            return
        terminal.press("ctrl+c")
        terminal.pump(0.4)
