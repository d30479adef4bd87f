"""Source code in colours: pygments on text that is safe already, bounded in work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rich.style import Style

from codex_tui.paint.lines import Row
from codex_tui.paint.look import Palette
from codex_tui.paint.theme import DIM_CONTRAST, TEXT_CONTRAST, readable_hex
from codex_tui.text import SafeText

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MAX_HIGHLIGHT = 40_000
"""Characters highlighted at once (under 0.1 s); more is shown plain."""
MAX_LINE = 2_000
"""A line longer than this is data, not code: all of it is shown plain."""
_PLAIN_NAMES = ("", "text", "txt", "plain", "plaintext", "console", "output", "log")


def is_plain(name: str) -> bool:
    """Whether a fence's language says that it holds no code."""
    return name in _PLAIN_NAMES


@lru_cache(maxsize=64)
def lexer_named(name: str) -> Lexer | None:
    """The lexer for a fence's language, None when there is none."""
    if is_plain(name) or len(name) > 40:
        return None
    from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


# What changes most; asking pygments by file name costs 50 ms the first time.
_SUFFIXES = {
    "py": "python",
    "pyi": "python",
    "js": "javascript",
    "mjs": "javascript",
    "jsx": "jsx",
    "ts": "ts",
    "tsx": "tsx",
    "rs": "rust",
    "go": "go",
    "c": "c",
    "h": "c",
    "cc": "cpp",
    "cpp": "cpp",
    "hpp": "cpp",
    "java": "java",
    "kt": "kotlin",
    "rb": "ruby",
    "php": "php",
    "cs": "csharp",
    "swift": "swift",
    "sh": "bash",
    "bash": "bash",
    "zsh": "zsh",
    "json": "json",
    "toml": "toml",
    "yaml": "yaml",
    "yml": "yaml",
    "md": "markdown",
    "html": "html",
    "css": "css",
    "scss": "scss",
    "sql": "sql",
    "xml": "xml",
    "ini": "ini",
    "cfg": "ini",
    "lua": "lua",
    "txt": "",
    "lock": "",
}


def lexer_for_file(name: str) -> Lexer | None:
    """The lexer for a file's name (its last part is enough), None when there is none."""
    suffix = _suffix(name)
    if suffix in _SUFFIXES:
        return lexer_named(_SUFFIXES[suffix])
    key = _key(name, suffix)
    found = _found.get(key)
    if found is None and key not in _found:
        if len(_found) >= FOUND_KEPT:
            _found.clear()  # another thread may be at this place, too
        found = _found[key] = _lexer_by_name(key)
    return found


def is_at_hand(name: str) -> bool:
    """Whether `lexer_for_file` knows at once: pygments asked for the first time takes up to 0.2 s."""
    suffix = _suffix(name)
    return suffix in _SUFFIXES or _key(name, suffix) in _found


FOUND_KEPT = 256
"""Kinds of files whose lexers are kept."""
_found: dict[str, Lexer | None] = {"": None}


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else "."


def _key(name: str, suffix: str) -> str:
    return name if "." not in name[1:] else f"x.{suffix}"


def _lexer_by_name(name: str) -> Lexer | None:
    if len(name) > 100:
        return None
    from pygments.lexers import (
        get_lexer_for_filename,  # pyright: ignore[reportUnknownVariableType]
    )
    from pygments.util import ClassNotFound

    try:
        return get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def language_of(info: str) -> str:
    """The language in a fence's info string: ```` ```python title=x ```` is `python`."""
    words = info.replace("{", " ").replace(",", " ").split()
    return words[0].strip(".}").lower() if words else ""


def highlight(lines: Sequence[SafeText], lexer: Lexer | None, palette: Palette, base: Style) -> list[Row]:
    """One row of parts a line, in the colours of the palette's syntax style over `base`."""
    plain: list[Row] = [[(line, base)] if line else [] for line in lines]
    if lexer is None or sum(map(len, lines)) > MAX_HIGHLIGHT or any(len(line) > MAX_LINE for line in lines):
        return plain
    rows: list[Row] = []
    row: Row = []
    paper = (base.bgcolor.name if base.bgcolor else None) or palette.paper
    styles: dict[Any, Style] = {}
    try:
        for _, kind, value in lexer.get_tokens_unprocessed("\n".join(lines)):
            style = styles.get(kind)
            if style is None:
                style = styles[kind] = base + token_style(palette.syntax, paper, kind)
            if "\n" not in value:
                _add(row, value, style)
                continue
            first, *others = value.split("\n")
            _add(row, first, style)
            for piece in others:
                rows.append(row)
                row = []
                _add(row, piece, style)
    except Exception:  # a lexer of somebody else's on a text of anybody's: colours are not worth a crash
        return plain
    rows.append(row)
    whole = len(rows) == len(lines) and all(
        "".join([part for part, _ in row]) == line for row, line in zip(rows, lines, strict=True)
    )
    return rows if whole else plain


DIFFS = frozenset({"diff", "patch", "udiff"})
"""What fences call a diff. Many a syntax style has no colours for one."""


def diff_lines(lines: Sequence[SafeText], palette: Palette, base: Style) -> list[Row]:
    """As `highlight`, for a diff: added and removed lines in the colours they have everywhere."""

    def style(line: str) -> Style:
        if line.startswith(("diff ", "index ", "@@")):
            return palette.dim
        return palette.good if line.startswith("+") else palette.bad if line.startswith("-") else base

    return [[(line, style(line))] if line else [] for line in lines]


def _add(row: Row, text: str, style: Style) -> None:
    """`text` at the end of `row`; blanks, and what looks the same, join the part before."""
    if not text:
        return
    if row:
        before, kept = row[-1]
        if kept is style or text.isspace():
            row[-1] = (SafeText(before + text), kept)
            return
    row.append((SafeText(text), style))


@lru_cache(maxsize=2048)
def token_style(syntax: str, paper: str, kind: Any) -> Style:
    """How a pygments token looks on `paper`: its style's colour, made readable there."""
    from pygments.styles import get_style_by_name  # pyright: ignore[reportUnknownVariableType]
    from pygments.token import Comment

    found = get_style_by_name(syntax).style_for_token(kind)
    color = found["color"]
    ratio = DIM_CONTRAST if kind in Comment else TEXT_CONTRAST
    return Style(
        color=readable_hex(f"#{color}", paper, ratio) if color else None,
        bold=True if found["bold"] else None,
        italic=True if found["italic"] else None,
    )
