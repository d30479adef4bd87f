"""The person's own editor: which one it is, how it takes a line number, what it may be given.

`$VISUAL`, then `$EDITOR`, split as a shell would but never handed to one; else an editor that is
usually there. A file is handed over as one absolute path, so that no name can pass for an option.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from codex_tui.text import SafeText, join, line, own

USUAL = ("nano", "vim", "vi")
"""Tried in this order when the environment names none: the first is the one that says its keys."""
MAX_WORDS = 32
"""Words of `$EDITOR` that are taken: more than anybody needs, less than a mistake can hold."""


class CannotOpenError(Exception):
    """There is no editor, or nothing it should be given; `reason` is for the person."""

    def __init__(self, reason: SafeText) -> None:
        super().__init__(reason)
        self.reason = reason


# How each takes a line. The names are those of the programs, without a version behind.
_PLUS = frozenset(
    {
        "vi",
        "vim",
        "nvim",
        "view",
        "gvim",
        "nano",
        "pico",
        "emacs",
        "emacsclient",
        "micro",
        "kak",
        "joe",
        "jed",
    }
    | {"ne", "mg", "jmacs", "gedit", "geany", "vis", "amp"}
)
_COLON = frozenset({"hx", "helix", "subl", "sublime_text", "zed", "zeditor", "lapce"})
_GOTO = frozenset({"code", "codium", "vscodium", "code-insiders", "cursor", "windsurf", "positron"})
# Programs with windows of their own: the terminal stays ours while they run.
_WINDOWED = frozenset({"gvim", "gedit", "geany", "subl", "sublime_text", "zed", "zeditor", "lapce"}) | _GOTO
_WAIT = {
    **dict.fromkeys(_GOTO, "--wait"),
    **dict.fromkeys(("subl", "sublime_text", "zed", "zeditor"), "--wait"),
    "gvim": "--nofork",
    "gedit": "--wait",
}


@dataclass(frozen=True, slots=True)
class Editor:
    """`words` is the argument list without the file, its first the program's own path."""

    words: tuple[str, ...]
    name: str

    @property
    def takes_terminal(self) -> bool:
        """Whether it works in the terminal; one that is not known is taken to."""
        return self.name not in _WINDOWED

    def command(self, path: str, line: int | None = None, *, wait: bool = False) -> list[str]:
        """The argument list that opens `path` (absolute) at `line` (from 1; not said to an editor
        whose way is not known). `wait`: one with windows runs until the file is closed there."""
        if not path.startswith("/"):
            raise ValueError("only an absolute path cannot pass for an option")
        words = list(self.words)
        flag = _WAIT.get(self.name)
        if wait and flag is not None and flag not in words:
            words.append(flag)
        if line is None or line < 1:
            return [*words, path]
        if self.name in _PLUS:
            return [*words, f"+{line}", path]
        if self.name in _COLON:
            return [*words, f"{path}:{line}"]
        if self.name in _GOTO:
            return [*words, "--goto", f"{path}:{line}"]
        return [*words, path]


def find_editor(environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which) -> Editor:
    """The person's editor. Raises CannotOpenError when there is none, or its variable makes no sense."""
    variable = "VISUAL" if environment.get("VISUAL", "").strip() else "EDITOR"
    if said := environment.get(variable, "").strip():
        try:
            words = shlex.split(said)
        except ValueError:
            words = []
        if not words or len(words) > MAX_WORDS:
            raise CannotOpenError(
                join(own("$"), line(variable), own(" cannot be read: do its quotes match?"))
            )
        program = which(words[0])
        if program is None:
            raise CannotOpenError(
                join(own("$"), line(variable), own(" names what is not there: "), line(words[0]))
            )
        return Editor((program, *words[1:]), _name_of(words[0]))
    for name in USUAL:
        if (program := which(name)) is not None:
            return Editor((program,), name)
    raise CannotOpenError(own("no editor found: set $VISUAL or $EDITOR"))


def _name_of(program: str) -> str:
    return os.path.basename(program).lower().removesuffix(".exe")  # noqa: PTH119 - a string


def file_to_open(path: str, root: str) -> str:
    """The absolute path of the regular file that `path` (relative to `root`) leads to.

    A device or a pipe would hang the editor or do something, so only a regular file is opened. The
    answer starts with exactly one slash. Raises CannotOpenError.
    """
    if not path or "\0" in path:
        raise CannotOpenError(own("that is not the name of a file"))
    whole = os.path.abspath(os.path.join(root or "/", path))  # noqa: PTH100, PTH118 - a string
    whole = "/" + whole.lstrip("/")  # two slashes at the start are kept, and mean something to some
    try:
        mode = os.stat(whole).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        raise CannotOpenError(join(own("no such file: "), line(path))) from None
    if stat.S_ISDIR(mode):
        raise CannotOpenError(join(own("that is a directory: "), line(path)))
    if not stat.S_ISREG(mode):
        raise CannotOpenError(join(own("not a regular file, so not opened: "), line(path)))
    return whole
