"""The page that lists every key that does something on a dialog's page. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.signs import KeyLine, plainly
from codex_tui.paint.lines import blanks, part_width, wrap
from codex_tui.paint.question import Painted, exact
from codex_tui.text import cell_width, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from codex_tui.paint.lines import Part
    from codex_tui.paint.look import Look
    from codex_tui.paint.question import Rows
    from codex_tui.text import SafeText

KEYS_KEY = "f1"
BACK_KEYS = frozenset({KEYS_KEY, "escape"})
SCROLLING = ("up", "down", "pageup", "pagedown", "home", "end")


def scroll_lines(taken: Sequence[KeyLine]) -> list[KeyLine]:
    """The keys that scroll, without those that the page takes for itself."""
    own_keys = {key for entry in taken for key in entry.keys}
    free = tuple(key for key in SCROLLING if key not in own_keys)
    with_ctrl = tuple(key for name in SCROLLING if (key := f"ctrl+{name}") not in own_keys)
    return [
        *([KeyLine(free, own("scroll"))] if free else []),
        KeyLine(
            with_ctrl, own("scroll too"), own("Ctrl and those") if len(free) == len(SCROLLING) else own("")
        ),
    ]


def keys_sheet(choices: Sequence[Choice], lines: Sequence[KeyLine], *, blocked: bool) -> Sheet:
    """The page for a sheet's answers and further keys; `blocked` says that grants do not count yet."""

    def paint(look: Look) -> Rows:
        entries: list[tuple[SafeText, list[SafeText]]] = []
        for choice in choices:
            effect = own("once all of it was on screen") if choice.grants and blocked else choice.effect
            label = plainly(choice.label, look.marks)
            entries.append((choice.sign, [label, effect] if effect else [label]))
        entries += [(plainly(entry.signs, look.marks), [entry.words]) for entry in lines]
        column = max((cell_width(sign) for sign, _ in entries), default=0) + 3
        return Painted([strip for entry in entries for strip in _paint(*entry, column, look)])

    return Sheet(
        title=own("Keys of this page"),
        facts=(),
        body=paint,
        measure=NO_EFFECT,
        choices=(Choice("escape", own("Back"), own("back"), NO_EFFECT, None, "", eager=True),),
        waits=False,
        others=NO_EFFECT,
        help=own("F1 back"),
    )


def _paint(sign: SafeText, texts: Sequence[SafeText], column: int, look: Look) -> list[Strip]:
    """The keys, and beside them what they do; on narrow screens below them."""
    palette = look.palette
    key: Part = (sign, palette.accent)
    beside = look.width >= 2 * column
    indent = column if beside else 2
    rows = [row for text in texts for row in wrap([(text, palette.text)], max(8, look.width - indent))]
    blank: Part = (blanks(indent), palette.text)
    if not beside:
        if cell_width(sign) + 2 + part_width(rows[0]) > look.width:
            return [exact([key]), *(exact([blank, *row]) for row in rows)]
        return [
            exact([key, (own("  "), palette.text), *rows[0]]),
            *(exact([blank, *row]) for row in rows[1:]),
        ]
    first = [key, (blanks(column - cell_width(sign)), palette.text), *rows[0]]
    return [exact(first), *(exact([blank, *row]) for row in rows[1:])]
