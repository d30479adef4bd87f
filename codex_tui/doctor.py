"""`codex-tui doctor`: which engine, config home and terminal. Starts nothing but `codex --version`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from codex_tui import __version__
from codex_tui.errors import ClientError
from codex_tui.text.safe import line

if TYPE_CHECKING:
    from codex_tui.options import Options

SYSTEM_CONFIGS = tuple(
    Path("/etc/codex") / name for name in ("config.toml", "managed_config.toml", "requirements.toml")
)
"""Where the engine looks for the machine's settings (0.163)."""

VERSION_WAIT = 10.0  # seconds; the engine answers in 0.1


def report(options: Options) -> int:
    """Print the report; 1 when the engine cannot be found or run, else 0."""
    rows, healthy = _engine(options)
    rows += _homes()
    rows += _folder(options)
    rows += _terminal()
    width = max(len(name) for name, _ in rows)
    print(f"codex-tui {__version__}, Python {sys.version.split()[0]}")
    for name, value in rows:
        print(f"  {name:<{width}}  {line(value)}")
    return 0 if healthy else 1


def _engine(options: Options) -> tuple[list[tuple[str, str]], bool]:
    from codex_tui.engine.locate import locate

    try:
        binary = locate(options.engine)
    except ClientError as error:
        return [("engine", f"✗ {error.title}"), ("", error.hint)], False
    rows = [("engine", str(binary.path)), ("found by", binary.source)]
    try:
        done = subprocess.run(
            [binary.path, "--version"],
            capture_output=True,
            cwd=binary.path.rpartition(os.sep)[0] or None,  # not in a project that nobody has trusted
            timeout=VERSION_WAIT,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [*rows, ("version", f"✗ cannot run it: {error}")], False
    version = done.stdout.strip() or f"✗ exit {done.returncode}: {done.stderr.strip()[-200:]}"
    return [*rows, ("version", version)], done.returncode == 0


def _homes() -> list[tuple[str, str]]:
    from codex_tui.config import config_path
    from codex_tui.paths import codex_home, state_dir

    def presence(path: Path) -> str:
        return str(path) if path.exists() else f"{path} (not there yet)"

    return [
        ("codex home", presence(codex_home())),
        ("engine config", presence(codex_home() / "config.toml")),
        ("own config", presence(config_path())),
        ("own state", presence(state_dir())),
    ]


def _folder(options: Options) -> list[tuple[str, str]]:
    """Whether this folder is trusted, and which configurations count in it, the strongest first.

    Of the project's it is only said that they are there; an engine would know more.
    """
    from codex_tui.paths import codex_home
    from codex_tui.trust import parts_of, trust_of

    try:
        trust = trust_of(options.cwd or Path.cwd(), codex_home())
    except FileNotFoundError:
        return [("folder", "✗ the current directory no longer exists")]
    words = {"trusted": "trusted", "untrusted": "not trusted", "unknown": "not decided; a start asks"}
    what = f"{trust.root}: {words[trust.level]}"
    layers = ["-c " + override for override in options.config]
    for part in reversed(parts_of(trust)):
        if part.path.match(".codex/config.toml"):
            layers.append(str(part.path) + ("" if trust.level == "trusted" else " (off: not trusted)"))
    layers += [str(file) for file in (trust.config, *SYSTEM_CONFIGS) if file.exists()]
    return [
        ("folder", str(trust.folder)),
        ("trust", f"{what} ({trust.problem})" if trust.problem else what),
        *(("config layers" if index == 0 else "", layer) for index, layer in enumerate(layers or ["none"])),
    ]


def _terminal() -> list[tuple[str, str]]:
    import locale

    columns, rows = shutil.get_terminal_size()
    inside = [name for name in ("TMUX", "STY", "SSH_CONNECTION", "ZELLIJ") if os.environ.get(name)]
    return [
        ("terminal", os.environ.get("TERM", "(TERM is not set)")),
        ("colours", os.environ.get("COLORTERM") or "as TERM says"),
        ("size", f"{columns} × {rows}"),
        ("encoding", locale.getencoding()),
        ("inside", ", ".join(inside).lower() or "nothing special"),
        ("is a terminal", f"input {_yes(sys.stdin.isatty())}, output {_yes(sys.stdout.isatty())}"),
    ]


def _yes(value: bool) -> str:
    return "yes" if value else "no"
