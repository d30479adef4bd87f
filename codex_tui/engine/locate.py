"""Which engine to start. Runs before the first frame: standard library only, about a millisecond."""

# pathlib alone costs more than this whole module.
# ruff: noqa: PTH100,PTH110,PTH111,PTH112,PTH113,PTH116,PTH117,PTH118
from __future__ import annotations

import os
import sys

from codex_tui.errors import ClientError

ENVIRONMENT_VARIABLE = "CODEX_TUI_ENGINE"

WAYS = (
    "install codex so that it is on PATH, point --engine or $CODEX_TUI_ENGINE at it, "
    "or install the bundled one: pip install openai-codex-cli-bin"
)


class EngineBinary:
    """`path` is absolute; `source` is the rule that found it: --engine, $CODEX_TUI_ENGINE, PATH, bundled."""

    # Written out: `typing` and `dataclasses` take longer to load than the engine takes to be found.
    __slots__ = ("path", "source")

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.source = source

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EngineBinary) and (self.path, self.source) == (other.path, other.source)

    def __hash__(self) -> int:
        return hash((self.path, self.source))

    def __repr__(self) -> str:
        return f"EngineBinary({self.path!r}, {self.source!r})"


def locate(explicit: str | None = None) -> EngineBinary:
    """The engine of `--engine`, `$CODEX_TUI_ENGINE`, PATH or the bundled wheel, in this order.

    A way that was named but does not work is an error, never a reason to try the next one.
    Raises ClientError: none found, not a file, a directory, not executable.
    """
    if explicit is not None:
        return EngineBinary(_checked(explicit, "--engine"), "--engine")
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return EngineBinary(_checked(named, f"${ENVIRONMENT_VARIABLE}"), f"${ENVIRONMENT_VARIABLE}")
    found = _on_path()
    if found is not None:
        return EngineBinary(found, "PATH")
    bundled = bundled_engine()
    if bundled is not None:
        return EngineBinary(_checked(bundled, "the bundled engine"), "bundled")
    raise ClientError(
        "no engine found",
        f"looked at --engine, ${ENVIRONMENT_VARIABLE}, `codex` on PATH and the package openai-codex-cli-bin",
        WAYS,
    )


def bundled_engine() -> str | None:
    """The executable inside the installed wheel, without importing the package."""
    name = os.path.join("codex_cli_bin", "bin", "codex.exe" if os.name == "nt" else "codex")
    for entry in sys.path:
        # A relative entry is the current folder, which nobody has said to trust.
        if os.path.isabs(entry) and os.path.exists(path := os.path.join(entry, name)):
            return path
    return None


def _on_path() -> str | None:
    suffixes = (".exe", ".cmd", ".bat") if os.name == "nt" else ("",)
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        # "" and "." mean the current folder: a project must not bring its own engine.
        if not os.path.isabs(folder):
            continue
        for suffix in suffixes:
            path = os.path.join(folder, "codex" + suffix)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None


def _checked(path: str, source: str) -> str:
    full = os.path.abspath(os.path.expanduser(path))
    if os.path.isfile(full) and os.access(full, os.X_OK):
        return full
    from codex_tui.text.safe import line

    shown = line(path)
    hint = f"{source} names it; it must be the path of a codex executable"
    try:
        mode = os.stat(full).st_mode
    except OSError as error:
        raise ClientError(f"engine not found: {shown}", error.strerror or "", hint) from None
    if os.path.isdir(full):
        raise ClientError(f"engine is a directory: {shown}", "", hint)
    if not os.path.isfile(full):
        raise ClientError(f"engine is not a file: {shown}", "", hint)
    raise ClientError(
        f"engine is not executable: {shown} (mode {mode & 0o7777:04o})", "", f"try: chmod +x {shown}"
    )
