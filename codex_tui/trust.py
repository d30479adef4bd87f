"""Whether the person has told the engine to trust a folder; read from their own config, nothing else.

Before they agree nothing of a project may run or take effect, and some of it does as soon as the
engine opens a thread there: its `.codex` (MCP servers, hooks, rules, settings). A thread that may
write even marks the folder as trusted, for good (engine 0.163). So this is looked up before an
engine is started, without a child process and without reading a file of the project, except the
few lines by which a git worktree names its repository.

The engine goes by `[projects."PATH"] trust_level` in `$CODEX_HOME/config.toml`, PATH being
the real path of the folder, of the repository it is in, or of that worktree's main repository.
Parents do not count. Where this module knows less than the engine, the person is asked once more.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

CONFIG_BOUND = 1024 * 1024
"""Bytes of a config.toml that are parsed: they are a few kB; parsing more would hold up the start."""
POINTER_BOUND = 4096
"""Bytes of git's pointer files: each holds one path."""

Level = Literal["trusted", "untrusted", "unknown"]

Answer = Literal["trust", "once", "leave"]
"""What a person makes of an unknown folder: trust for good, read-only this once, or not start."""


class Trust(NamedTuple):
    """What is known of a folder. All paths are real ones."""

    level: Level
    folder: Path
    top: Path  # where the project begins: the nearest folder with a `.git`, or the folder itself
    root: Path  # what an answer is for: the main repository, or the folder itself outside of a real one
    config: Path  # where the answer is looked up, and written by the engine
    problem: str = ""  # why the config could not tell; ours, without foreign text
    owns_home: bool = False  # the project brings that config itself

    @property
    def names(self) -> tuple[str, ...]:
        """The paths under which the engine looks the folder up, the nearest first."""
        return tuple(dict.fromkeys(map(str, (self.folder, self.top, self.root))))


def trust_of(folder: Path, codex_home: Path) -> Trust:
    """What the person's config says about `folder`. Never raises; what is not known is `unknown`.

    A config that lies inside the folder's own repository says nothing: it is the project's word.
    """
    real = Path(os.path.realpath(folder))
    top, root = _top(real), main_repository(real)
    config = codex_home / "config.toml"
    unknown = Trust("unknown", real, top, root, config)
    if is_inside(codex_home, real):
        problem = "CODEX_HOME lies inside this folder: the settings there are the project's"
        return unknown._replace(problem=problem, owns_home=True)
    levels, problem = _levels(config)
    if problem:
        return unknown._replace(problem=problem)
    for name in unknown.names:
        if name in levels:
            return unknown._replace(level=levels[name])
    return unknown


def is_inside(codex_home: Path, folder: Path) -> bool:
    """Whether the engine's home belongs to the project in `folder`, so that the project could fill it.

    A project around the person's own home directory is theirs (dotfiles, or no project at all).
    """
    project = main_repository(folder)
    own = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises without a home
    if Path(own) == project or project in Path(own).parents:
        return False
    home = Path(os.path.realpath(codex_home))
    return any(place in (home, *home.parents) for place in (folder, project))


def main_repository(folder: Path) -> Path:
    """The repository that `folder` is in; of a git worktree the main one; else `folder` itself.

    A worktree counts only if its repository knows it too. The pointer alone is a file of the
    project's, and could name a repository that is trusted.
    """
    top = _top(folder)
    if (top / ".git").is_dir():
        # An empty `.git` is easily made in a folder of all users, and would have it trusted whole.
        return top if (top / ".git" / "HEAD").exists() else folder
    pointer = _first_line(top / ".git")
    if pointer is None or not pointer.startswith("gitdir: "):
        return folder
    entry = Path(os.path.realpath(top / pointer.removeprefix("gitdir: ")))
    common, back = _first_line(entry / "commondir"), _first_line(entry / "gitdir")
    if common is None or back is None or os.path.realpath(entry / back) != str(top / ".git"):
        return top
    git = Path(os.path.realpath(entry / common))
    return git.parent if git.name == ".git" and entry.parent == git / "worktrees" else top


def _top(folder: Path) -> Path:
    for place in (folder, *folder.parents):
        if os.path.lexists(place / ".git"):
            return place
    return folder


def _levels(config: Path) -> tuple[dict[str, Level], str]:
    """Paths and their levels, or why they cannot be read. No file is no problem: nothing is trusted."""
    try:
        text = _read(config, CONFIG_BOUND + 1)
    except FileNotFoundError:
        return {}, ""
    except OSError:
        return {}, "your config.toml cannot be read"
    if len(text) > CONFIG_BOUND:
        return {}, "your config.toml is too large to look through"
    import tomllib

    try:
        given: Any = tomllib.loads(text.decode()).get("projects", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return {}, "your config.toml is not valid TOML"
    if not isinstance(given, dict):
        return {}, "`projects` in your config.toml is no table"
    levels: dict[str, Level] = {}
    for path, entry in cast("dict[str, Any]", given).items():
        level: Any = cast("dict[str, Any]", entry).get("trust_level") if isinstance(entry, dict) else None
        if level in ("trusted", "untrusted"):
            levels[path] = level
    return levels, ""


def _first_line(path: Path) -> str | None:
    try:
        text = _read(path, POINTER_BOUND)
    except OSError:
        return None
    return text.split(b"\n", 1)[0].decode("utf-8", "surrogateescape").rstrip("\r")


def _read(path: Path, bound: int) -> bytes:
    """At most `bound` bytes of a regular file; a pipe or a device would never end. Raises OSError."""
    # Without O_NONBLOCK opening a pipe would wait for somebody to write into it.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with open(handle, "rb") as file:  # noqa: PTH123 - it is open already
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("not a regular file")
        return file.read(bound)


# -- what would take effect ------------------------------------------------------------------

PARTS = (
    (".codex/config.toml", "settings, may start programs"),
    (".codex/hooks.json", "programs beside the agent"),
    (".codex/rules", "commands that run unasked"),
    (".codex/skills", "skills for the model"),
    (".agents/skills", "skills for the model"),
    ("AGENTS.override.md", "instructions for the model"),
    ("AGENTS.md", "instructions for the model"),
    (".env", "not read, trusted or not"),
)
"""What of a folder the engine or other programs take notice of, and what it is."""

LEVELS_LISTED = 32
"""Folders looked through between the repository and the working directory: deeper ones are odd."""


class Part(NamedTuple):
    """A file of a project that would take effect. Found by name only: nothing of it has been read."""

    path: Path
    what: str
    size: int | None  # bytes; None for a folder and for what cannot be looked at


def parts_of(trust: Trust) -> list[Part]:
    """What is there, from the repository down to the folder."""
    places = [trust.folder, *trust.folder.parents]
    places = places[: places.index(trust.top) + 1][:LEVELS_LISTED]
    found: list[Part] = []
    for place in reversed(places):
        for name, what in PARTS:
            path = place / name
            if trust.config.parent in path.parents:  # in one's home directory: the person's own
                continue
            try:
                facts = path.lstat()
            except (OSError, ValueError):
                continue
            found.append(Part(path, what, facts.st_size if stat.S_ISREG(facts.st_mode) else None))
    return found
