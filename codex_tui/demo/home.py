"""A throwaway home for the engine: its own config, no account, no way out but loopback.

Everything lies under one folder of mode 0700, which is removed when its owner leaves. What a
killed run left behind is removed by a later one.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

MODEL = "gpt-5.5"
"""A model for which the engine offers `exec_command` and `apply_patch` directly."""

PREFIX = "codex-tui-demo-"
_OURS = re.compile(re.escape(PREFIX) + r"(\d+)-\w+")

REMOVE_TRIES = 20
REMOVE_PAUSE = 0.05
"""Tries and seconds between them: a stopping engine may write for some 200 ms more."""

CONFIG = """\
model = {model}
model_provider = "scripted"
model_reasoning_summary = "auto"
check_for_update_on_startup = false
suppress_unstable_features_warning = true
{top}
[model_providers.scripted]
name = "Scripted model"
base_url = {base_url}
wire_api = "responses"
request_max_retries = {retries}
stream_max_retries = {retries}

[tools.update_plan]
enabled = true

[analytics]
enabled = false

[feedback]
enabled = false

[notice]
hide_full_access_warning = true
hide_rate_limit_model_nudge = true

[notice.model_migrations]
# Else the official client, which benches run on the same home, asks about the model first.
"gpt-5.5" = "gpt-6-sol"

[tui]
show_tooltips = false
screen_reader_detection_done = true

[features]
# These ask github.com and chatgpt.com at start.
plugins = false
remote_plugin = false
apps = false
# This one runs the person's shell profile.
shell_snapshot = false
# A model that is gone is an error, not something to wait for.
unbounded_connection_retries = false
{features}
[projects.{project}]
trust_level = "trusted"
{tables}"""


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one throwaway session: `home` is the engine's, `project` holds its work."""

    root: Path
    home: Path
    project: Path


def write_config(
    place: Place,
    base_url: str,
    *,
    model: str = MODEL,
    retries: int = 2,
    top: str = "",
    features: str = "",
    tables: str = "",
) -> None:
    """Write `config.toml` for the scripted model at `base_url`.

    `top`, `features` and `tables` are TOML text: members of the root, of `[features]`, and
    whole tables for the end of the file. `retries` is how often the engine repeats a request.
    """
    # A JSON string is a TOML basic string.
    text = CONFIG.format(
        model=json.dumps(model),
        base_url=json.dumps(base_url),
        retries=retries,
        project=json.dumps(str(place.project)),
        top=top,
        features=features,
        tables=tables,
    )
    (place.home / "config.toml").write_text(text, encoding="utf-8")


def environment(place: Place, port: int) -> dict[str, str]:
    """What to add to the environment of an engine that may reach nothing but loopback.

    The model server on `port` is named as the proxy for everything else and refuses it, so
    that nothing leaves the machine even if the engine wanted to. The user's keys are hidden.
    """
    proxy = f"http://127.0.0.1:{port}"
    local = "127.0.0.1,localhost"
    proxies = {name: proxy for base in ("http", "https", "all") for name in _cases(f"{base}_proxy")}
    return {
        "CODEX_HOME": str(place.home),
        "CODEX_SQLITE_HOME": str(place.home),
        "OPENAI_API_KEY": "",
        "CODEX_API_KEY": "",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": _search_path(os.environ.get("PATH", os.defpath)),
        **proxies,
        **dict.fromkeys(_cases("no_proxy"), local),
    }


def _cases(name: str) -> tuple[str, str]:
    return name, name.upper()


def _search_path(path: str) -> str:
    """`path` with this interpreter's folder first, so that commands find a `python3`, and the
    engine wheel's own sandbox program last, so that the engine does not warn that there is none."""
    folders = [path]
    if sys.executable and (Path(sys.executable).parent / "python3").exists():
        folders.insert(0, str(Path(sys.executable).parent))
    wheel = importlib.util.find_spec("codex_cli_bin")
    if wheel is not None and wheel.origin is not None:
        resources = Path(wheel.origin).parent / "codex-resources"
        if (resources / "bwrap").exists():
            folders.append(str(resources))
    return os.pathsep.join(folders)


def make_place(parent: Path | None = None) -> Place:
    """Make the folders. Their name carries our process id, by which a later run knows what is stale."""
    # mkdtemp gives mode 0700; the real path, because the engine answers with real paths.
    root = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent)).resolve()
    place = Place(root, root / "home", root / "calc")
    place.home.mkdir(mode=0o700)
    place.project.mkdir(mode=0o700)
    return place


def remove(root: Path) -> bool:
    """Remove a place, trying again while an engine that is just leaving still writes. Whether it is gone."""
    for _ in range(REMOVE_TRIES):
        shutil.rmtree(root, ignore_errors=True)
        if not root.exists():
            return True
        time.sleep(REMOVE_PAUSE)
    return False


@contextlib.contextmanager
def throwaway_place(parent: Path | None = None) -> Generator[Place]:
    """A place that is gone afterwards."""
    place = make_place(parent)
    try:
        yield place
    finally:
        remove(place.root)


def sweep_stale(parent: Path | None = None) -> list[Path]:
    """Remove the places of runs that were killed. Returns what was removed.

    Touched is only a real folder of ours by name, owned by this user, closed to others, whose
    process is gone; a process id that lives again in another program keeps its folder.
    """
    removed: list[Path] = []
    folder = parent or Path(tempfile.gettempdir())
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            match = _OURS.fullmatch(entry.name)
            if match and _is_stale(entry, int(match[1])):
                shutil.rmtree(entry.path, ignore_errors=True)
                removed.append(Path(entry.path))
    return removed


def _is_stale(entry: os.DirEntry[str], process: int) -> bool:
    try:
        if not entry.is_dir(follow_symlinks=False):
            return False
        facts = entry.stat(follow_symlinks=False)
        if os.name == "posix" and (facts.st_uid != os.geteuid() or facts.st_mode & 0o077):
            return False
        return not _is_alive(process)
    except OSError:
        return False


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return True  # No harmless way to ask without more imports: leave the folder alone.
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
