"""Foreign text made safe: one type, one escape function; cell widths."""

from codex_tui.text.safe import SafeText, block, copyable, join, line, lines, number, own, prose, tabbed
from codex_tui.text.width import (
    cell_width,
    cut,
    cut_left,
    fit,
    hard_rows,
    shorten,
    word_rows,
    wrap_hard,
)

__all__ = [
    "SafeText",
    "block",
    "cell_width",
    "copyable",
    "cut",
    "cut_left",
    "fit",
    "hard_rows",
    "join",
    "line",
    "lines",
    "number",
    "own",
    "prose",
    "shorten",
    "tabbed",
    "word_rows",
    "wrap_hard",
]
