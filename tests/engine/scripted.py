"""The real engine's surroundings for a test: the scripted model, a throwaway home, a project.

    with ScriptedModel([[{"msg": "Hello."}]]) as scripted:
        process = start([str(scripted.engine), "app-server"], env=scripted.env, cwd=scripted.project)

The script format is described in `codex_tui/demo/sse.py`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from codex_tui.demo.home import MODEL, Place, environment, throwaway_place, write_config
from codex_tui.demo.model_server import Model, ModelServer, Script
from codex_tui.demo.project import write_project
from codex_tui.demo.sse import JsonObject, Turn


def bundled_engine() -> Path:
    """The engine of the installed wheel."""
    from codex_cli_bin import bundled_codex_path  # pyright: ignore

    return Path(bundled_codex_path())  # pyright: ignore


class ScriptedModel:
    """A context manager. Inside it these stand:

    `env`      the whole environment for the engine process (a copy of ours, plus the throwaway home)
    `home`     `$CODEX_HOME`
    `project`  the working directory: the demo's calculator in a git repository, plus `files`
    `engine`   the bundled engine's path
    `server`   the model server: `requests` the engine sent, `errors` in the script
    `thread`   params for `thread/start`: cwd, approvalPolicy, sandbox
    """

    def __init__(
        self,
        script: Sequence[Turn | JsonObject] | Model = (),
        *,
        approval: Any = "untrusted",
        sandbox: str = "workspace-write",
        model: str = MODEL,
        retries: int = 0,
        config_top: str = "",
        features: str = "",
        tables: str = "",
        files: dict[str, str] | None = None,
    ) -> None:
        """`script` is a list of turns or a function from request to turn; the rest is config (TOML text)."""
        self._model = script if callable(script) else Script(script)
        self._config: dict[str, Any] = {
            "model": model,
            "retries": retries,
            "top": config_top,
            "features": features,
            "tables": tables,
        }
        self._files = files or {}
        self.policy: JsonObject = {"approvalPolicy": approval, "sandbox": sandbox}
        self._stack = ExitStack()
        self.server: ModelServer
        self.place: Place

    def __enter__(self) -> Self:
        with self._stack:
            self.place = self._stack.enter_context(throwaway_place())
            self.server = self._stack.enter_context(ModelServer(self._model))
            write_project(self.project)
            for path, text in self._files.items():
                (self.project / path).parent.mkdir(parents=True, exist_ok=True)
                (self.project / path).write_text(text, encoding="utf-8")
            write_config(self.place, self.server.base_url, **self._config)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        # Only once the test itself is content: its own failure tells more.
        if kind is None and self.server.errors:
            raise self.server.errors[0]

    @property
    def home(self) -> Path:
        return self.place.home

    @property
    def project(self) -> Path:
        return self.place.project

    @property
    def engine(self) -> Path:
        return bundled_engine()

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, **environment(self.place, self.server.port)}

    @property
    def thread(self) -> JsonObject:
        return {"cwd": str(self.project), **self.policy}
