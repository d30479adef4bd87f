"""What stands there without a conversation: what to type, and the keys to begin with; or, while a
saved one loads, its last words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from codex_tui.text import SafeText, cell_width, join, own, shorten, word_rows

if TYPE_CHECKING:
    from codex_tui.glimpse import Words
    from codex_tui.paint.look import Look

SAYS = (
    own("Say what you want done: fix a test, explain a file, write a feature."),
    own("Commands and changes that need your word are asked about first."),
)
KEYS = (
    (own("Enter"), own("send")),
    (own("Ctrl+J"), own("new line")),
    (own("Tab"), own("queue for afterwards, while a turn runs")),
    (own("Esc"), own("stop the turn")),
    (own("F5"), own("answer what waits")),
    (own("F1"), own("all keys")),
    (own("Ctrl+C"), own("twice to quit")),
)


def paint_empty(look: Look, height: int, greeting: Sequence[SafeText] = ()) -> list[Strip]:
    """At most `height` lines; what does not fit goes from the end."""
    palette, margin = look.palette, own(" ") * look.gutter
    room = max(1, look.width - 2 * look.gutter)
    lines: list[list[Segment]] = [[]]
    for text in (*greeting, *SAYS):
        lines.extend(
            [Segment(margin), Segment(text[start:end], palette.text)] for start, end in word_rows(text, room)
        )
    lines.append([])
    wide = max(cell_width(key) for key, _ in KEYS) + 3
    for key, says in KEYS:
        pad = own(" ") * (wide - cell_width(key))
        lines.append(
            [
                Segment(margin),
                Segment(key, palette.strong),
                Segment(join(SafeText(pad), shorten(says, max(1, room - wide))), palette.dim),
            ]
        )
    return [Strip(line).adjust_cell_length(look.width) for line in lines[:height]]


def paint_words(words: Iterable[Words], look: Look) -> list[Strip]:
    """The last words of a saved thread, as wide as they were made."""
    styles = {"text": look.palette.text, "strong": look.palette.strong}
    return [Strip([Segment(row.text, styles[row.tone])]).adjust_cell_length(look.width) for row in words]
