"""What stands at the right edge of a brief line: outcomes, durations, counts, times; and paths."""

from __future__ import annotations

from rich.style import Style

from codex_tui.paint.lines import Row
from codex_tui.paint.look import Fold, Look
from codex_tui.session.transcript import Item
from codex_tui.text import SafeText, line, number, own

_LINE = own("line")
SHORTEST_MS = 100
"""Durations below are nobody's business and are not shown."""


def duration(ms: float) -> SafeText:
    """`0.4 s`, `4 s`, `12 s`, `2 min 5 s`, `1 h 20 min`."""
    seconds = max(0.0, ms / 1000)
    if seconds < 9.95:
        return SafeText(f"{round(seconds, 1):g} s")
    whole = round(seconds)
    if whole < 60:
        return SafeText(f"{whole} s")
    if whole < 3600:
        return SafeText(f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min")
    return SafeText(f"{whole // 3600:,} h {whole % 3600 // 60} min")


def counted(count: int, one: SafeText, many: SafeText | None = None) -> SafeText:
    """`1 line`, `1,200 lines`."""
    return SafeText(f"{number(count)} {one if count == 1 else many or one + 's'}")


def left_out(look: Look, count: int, one: SafeText = _LINE) -> SafeText:
    """`… 12 more lines`."""
    return SafeText(f"{look.marks.ellipsis} {number(count)} more {one if count == 1 else one + 's'}")


def taken(look: Look, item: Item, ms: int | None = None) -> list[Row]:
    """How long it took, as a fact: `ms`, or from the item's own times; none when not known or short."""
    if ms is None and item.started_ms is not None and item.completed_ms is not None:
        ms = item.completed_ms - item.started_ms
    return [[(duration(ms), look.palette.dim)]] if ms is not None and ms >= SHORTEST_MS else []


def outcome(mark: SafeText, text: SafeText, style: Style) -> Row:
    """A mark and a word: never colour alone."""
    return [(SafeText(f"{mark} {text}"), style)]


def outcome_of(look: Look, item: Item, status: str, done: SafeText, running: SafeText) -> list[Row]:
    """The outcome of a call by its status: `done`, failed, declined, running, or not known."""
    marks, palette = look.marks, look.palette
    if status == "completed":
        return [outcome(marks.ok, done, palette.good)]
    if status == "failed":
        return [outcome(marks.bad, own("failed"), palette.bad)]
    if status == "declined":
        word = own("cancelled") if item.outcome == "cancel" else own("declined")
        return [outcome(marks.bad, word, palette.warn)]
    if item.phase == "dropped":
        return [outcome(marks.unknown, own("outcome not known"), palette.warn)]
    if status == "inProgress":
        return [outcome(marks.running, running, palette.dim)]
    return [[(line(status), palette.dim)]]


def fold_sign(look: Look, fold: Fold, more: bool) -> SafeText | None:
    """The sign at the end of a brief line that says whether a key shows more."""
    if not more:
        return None
    return look.marks.unfolded if fold == "full" else look.marks.folded


def path_in(root: str, path: str) -> SafeText:
    """`path` relative to `root` when it is below it, else as it is."""
    base = root.rstrip("/") + "/"
    if len(base) > 1 and path.startswith(base) and len(path) > len(base):
        return line(path[len(base) :])
    return line(path)
