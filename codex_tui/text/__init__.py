"""Foreign text made safe: one type, one escape function; cell widths."""

from codex_tui.text.safe import SafeText, block, join, line, lines, number, own, tabbed
from codex_tui.text.width import cell_width, fit, shorten, wrap_hard

__all__ = [
    "SafeText",
    "block",
    "cell_width",
    "fit",
    "join",
    "line",
    "lines",
    "number",
    "own",
    "shorten",
    "tabbed",
    "wrap_hard",
]
