"""A throwaway place to measure in: an engine home, a project, and a scripted model on loopback."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from bench.clients import Client, checkout, environment
from bench.terminal import Terminal, this_python

#: The scripted model starts in a third of a second; a loaded machine may take some more.
SERVER_SECONDS = 20.0
#: A model that neither the engine's default nor a migration notice replaces.
MODEL = "gpt-5.5"

Turn = list[dict[str, Any]]


class Workbench:
    """A folder that lives as long as the `with` block."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self.root = Path()

    def __enter__(self) -> Workbench:
        # Not in the system's temporary folder: the engine makes no helpers there, and says so.
        cache = Path.home() / ".cache"
        cache.mkdir(parents=True, exist_ok=True)
        folder = self._stack.enter_context(
            tempfile.TemporaryDirectory(prefix="codex-tui-bench-", dir=cache, ignore_cleanup_errors=True)
        )
        self.root = Path(folder)
        self.home.mkdir()
        self.project.mkdir()
        (self.project / "README.md").write_text("# A project to measure in\n", encoding="utf-8")
        subprocess.run(["git", "init", "-q", str(self.project)], check=True, timeout=20)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def project(self) -> Path:
        return self.root / "project"

    @contextlib.contextmanager
    def model(self, turns: list[Turn]) -> Generator[None]:
        """Serve these turns, one a request, from a process of its own, and point the engine's home at it."""
        script = self.root / "turns.json"
        script.write_text(json.dumps(turns), encoding="utf-8")
        port_file = self.root / "port"
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
            self._configure(int(port_file.read_text()))
            yield
        finally:
            assert server.stdin is not None
            server.stdin.close()
            try:
                server.wait(3)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def _configure(self, port: int) -> None:
        (self.home / "config.toml").write_text(
            f'model = "{MODEL}"\n'
            'model_provider = "scripted"\n'
            "check_for_update_on_startup = false\n"
            "[notice.model_migrations]\n"
            f'"{MODEL}" = "gpt-6-sol"\n'
            "[model_providers.scripted]\n"
            'name = "Scripted"\n'
            f'base_url = "http://127.0.0.1:{port}/v1"\n'
            'wire_api = "responses"\n'
            f"[projects.{json.dumps(str(self.project))}]\n"
            'trust_level = "trusted"\n',
            encoding="utf-8",
        )

    def terminal(self, client: Client, *, columns: int = 120, rows: int = 40) -> Terminal:
        """A terminal with `client` in the project. Echo is off: what shows was painted by the client."""
        return Terminal(
            client.argv,
            env=environment(self.home),
            cwd=self.project,
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
