"""The real program with the fake engine, in a terminal whose output is watched."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from bench.terminal import Chunk, ScreenTimeoutError
from tests.e2e.client import Client
from tests.hostile.messages import Order
from tests.hostile.vt import Watch

HERE = Path(__file__).parent
START_SECONDS = 20.0
SYNC_SECONDS = 90.0
"""The longest case is a quarter of a gigabyte on standard error."""


def hostile_environment(folder: Path, cwd: Path) -> dict[str, str]:
    """Nothing of the person who runs this; whatever would open a page only writes down that it did."""
    spies = folder / "bin"
    spies.mkdir(exist_ok=True)
    for name in ("xdg-open", "open", "gio", "sensible-browser", "www-browser", "x-www-browser"):
        spy = spies / name
        spy.write_text(f'#!/bin/sh\nprintf "opener %s\\n" "$*" >> {folder}/spy\n')
        spy.chmod(0o755)
    settings = folder / "home" / ".codex"
    settings.mkdir(parents=True, exist_ok=True)
    # The folder is trusted already, whatever stands above it.
    trusted = "".join(
        f'[projects."{place}"]\ntrust_level = "trusted"\n' for place in (cwd, *cwd.parents) if place.parts[1:]
    )
    (settings / "config.toml").write_text(trusted)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CODEX_", "OPENAI_", "XDG_", "TEXTUAL", "DISPLAY", "WAYLAND"))
    }
    root = HERE.parent.parent
    return kept | {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "DISPLAY": ":99",
        "BROWSER": str(spies / "xdg-open"),
        "PATH": f"{spies}{os.pathsep}{kept.get('PATH', '')}",
        "PYTHONPATH": os.pathsep.join([str(HERE / "spy"), str(root)]),
        "HOSTILE_SOCKET": str(folder / "socket"),
        "HOSTILE_SPY": str(folder / "spy"),
        "HOSTILE_CWD": str(cwd),
    }


def write_engine(folder: Path) -> Path:
    """The fake engine as a program; without site-packages, so that the spy is not in it."""
    engine = folder / "codex"
    engine.write_text(f"#!{sys.executable} -S\n" + (HERE / "engine.py").read_text(encoding="utf-8"))
    engine.chmod(0o755)
    return engine


class HostileClient(Client):
    """`codex-tui` with the fake engine. A context manager."""

    def __init__(self, folder: Path, columns: int, rows: int, *arguments: str) -> None:
        """All that the program leaves on disk is below `folder`; `arguments` are further ones of its."""
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir(exist_ok=True)
        self.watch = Watch()
        self.heard: list[dict[str, Any]] = []
        self.synced = 0
        self.pressed_at = time.monotonic()
        self._syncs = 0
        self._half = b""
        self._control: socket.socket | None = None
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.suppress(FileNotFoundError):
            (folder / "socket").unlink()
        self._listener.bind(str(folder / "socket"))
        self._listener.listen(1)
        super().__init__(
            ["--engine", str(write_engine(folder)), *arguments],
            env=hostile_environment(folder, self.work),
            cwd=self.work,
            columns=columns,
            rows=rows,
        )

    def __enter__(self) -> Self:
        super().__enter__()
        self._listener.setblocking(False)
        opened = self.drive(self._accept, START_SECONDS) and self.drive(
            lambda: "gpt-5.5" in self.text, START_SECONDS
        )
        if not opened:
            text = self.text
            self.close()
            raise ScreenTimeoutError(f"the program did not open a thread:\n{text}")
        return self

    def close(self) -> None:
        super().close()
        if self._control is not None:
            self._control.close()
        self._listener.close()

    def _accept(self) -> bool:
        try:
            self._control, _ = self._listener.accept()
        except BlockingIOError:
            return False
        self._control.setblocking(False)
        return True

    def _keep(self, chunk: Chunk) -> None:
        self.watch.feed(chunk.data)
        super()._keep(chunk)

    # -- the engine -----------------------------------------------------------------------

    def order(self, order: Order) -> None:
        """Tell the engine to do something. Waits no longer than the socket needs."""
        assert self._control is not None
        data = json.dumps(order).encode() + b"\n"
        while data:
            try:
                data = data[self._control.send(data) :]
            except BlockingIOError:
                self.drive(lambda: False, 0.01)
            except ConnectionError:
                return  # the engine is gone; the screen says what became of it

    def sync(self, within: float = SYNC_SECONDS) -> bool:
        """Whether the engine has carried out all orders so far."""
        self._syncs += 1
        wanted = self._syncs
        self.order({"op": "sync", "n": wanted})
        self.drive(lambda: self.synced >= wanted or not self.running, within)
        return self.synced >= wanted

    def listen(self) -> None:
        """Read what the engine has told."""
        if self._control is None:
            return
        try:
            while data := self._control.recv(1 << 16):
                *lines, self._half = (self._half + data).split(b"\n")
                for line in lines:
                    message = json.loads(line)
                    if "heard" in message:
                        self.heard.append(message["heard"])
                    else:
                        self.synced = message["synced"]
        except (BlockingIOError, ConnectionError):
            return

    def drive(self, done: Callable[[], Any], within: float) -> bool:
        """Read the terminal and the engine until `done`; whether it was in time."""
        deadline = time.monotonic() + within
        while True:
            self.listen()
            if done():
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if not self.read(min(left, 0.01)) and not self.running:
                return bool(done())  # nothing comes any more

    def press(self, *keys: str) -> None:
        super().press(*keys)
        self.pressed_at = time.monotonic()

    def spied(self) -> list[str]:
        """What the spies wrote so far."""
        try:
            text = (self.folder / "spy").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        return [line for line in text.split("\n") if line]

    def opened(self) -> int:
        """How many times something was to be opened so far."""
        return sum(line.startswith("opener ") for line in self.spied())

    def click(self, column: int, row: int) -> None:
        """Press and release the left button on a cell, counted from 0."""
        self._write(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m".encode())
