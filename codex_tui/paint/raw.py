"""Values as indented JSON, bounded: arguments, results, and items nobody knows."""

from __future__ import annotations

import json
from typing import Any

from textual.strip import Strip

from codex_tui.paint.facts import left_out
from codex_tui.paint.lines import Row, chop, indented, note, text_width
from codex_tui.paint.look import Look
from codex_tui.text import SafeText, block, line

MAX_CHARACTERS = 60_000
"""Characters of one value that are painted."""
SHORT = 200
INDENT = 2


def json_text(value: Any, indent: int | None = 2) -> str:
    """`value` as JSON, or as Python writes it when it is none."""
    try:
        return json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return "(a value too deep or too odd to show)"


def short_value(value: Any) -> SafeText:
    """A value in a few words on one line: `path=x, count=3` for an object."""
    if isinstance(value, dict):
        pairs: dict[str, Any] = {str(key): member for key, member in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        text = ", ".join(f"{key}={_short(member)}" for key, member in list(pairs.items())[:12])
        return line(text[:SHORT])
    return line(_short(value))


def _short(value: Any) -> str:
    if isinstance(value, str):
        return value[:SHORT]
    return json_text(value, None)[:SHORT] if value is not None else ""


def text_rows(text: str, look: Look, indent: int = INDENT) -> list[Row]:
    """The rows of a text read as it is, cut anywhere."""
    width, style = text_width(look, indent), look.palette.code_block
    return [row for part in block(text[:MAX_CHARACTERS]) for row in chop([(part, style)], width)]


def paint_text(text: str, look: Look, limit: int, indent: int = INDENT) -> list[Strip]:
    """At most `limit` rows of a text, and a note of what is left out."""
    enough = text[: limit * (look.width + 1) + 1]
    rows = text_rows(enough, look, indent)
    strips = indented(look, rows[:limit], indent)
    if len(rows) > limit or len(enough) < len(text):
        hidden = max(1, text.count("\n") + 1 - limit)
        strips.append(note(look, left_out(look, hidden), indent))
    return strips
