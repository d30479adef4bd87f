"""Warnings, errors and remarks, and how a turn ended."""

from __future__ import annotations

from dataclasses import replace

from textual.strip import Strip

from codex_tui.paint.facts import duration, fold_sign
from codex_tui.paint.lines import (
    Row,
    at_the_edge,
    behind_mark,
    clock,
    headline,
    indented,
    prose_width,
    text_width,
    wrap,
)
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.raw import paint_text
from codex_tui.session.transcript import Above, Item, Notice, Turn
from codex_tui.text import SafeText, copyable, join, line, own, prose

TITLE_ROWS = 4
"""Rows of a notice's title in the normal view: what went wrong is worth more than a line."""
FOLDED_TITLE = 150
"""Characters from which on a title may have more rows than are shown."""
DETAIL_ROWS = 8
"""Rows of a warning's or an error's detail in the normal view: it often says what to do."""
FULL_ROWS = 400
WORTH_MS = 5_000
"""Turns shorter than this end without a word about how long they took."""


def paint_notice(item: Item, body: Notice, look: Look, fold: Fold) -> list[Strip]:
    marks, palette = look.marks, look.palette
    mark, style = {
        "warning": (marks.warning, palette.warn),
        "error": (marks.error, palette.bad),
    }.get(body.severity, (marks.note, palette.dim))
    text = prose(body.title.replace("\n", " "))
    words = palette.dim if body.severity == "info" else palette.text
    more = is_foldable(item, body)
    sign = fold_sign(look, fold, more)
    room = min(prose_width(look), text_width(look) - 3)
    rows = wrap([(text, words)], room)
    if fold == "brief" or len(rows) == 1:
        strips = [headline(look, mark, style, [(text, words)], (), sign)]
    else:
        limit = TITLE_ROWS if fold == "normal" else FULL_ROWS
        shown = rows[:limit]
        if len(rows) > limit:
            shown[-1] += [(look.marks.ellipsis, palette.dim)]
        elif sign is not None:
            shown[-1] += [(SafeText(f" {sign}"), palette.dim)]
        strips = [behind_mark(look, mark, style, shown[0]), *indented(look, shown[1:])]
    if body.detail and (limit := _detail_rows(body, fold)):
        strips += paint_text(body.detail, look, limit)
    return strips


def _detail_rows(body: Notice, fold: Fold) -> int:
    if fold == "full":
        return FULL_ROWS
    return DETAIL_ROWS if fold == "normal" and body.severity != "info" else 0


def guess_notice(item: Item, body: Notice, look: Look, fold: Fold) -> int:
    rows = 1 + len(body.title) // max(1, prose_width(look))
    detail = body.detail[:20_000].count("\n") + 1 if body.detail else 0
    detail = min(detail, _detail_rows(body, fold))
    return detail + (1 if fold == "brief" else rows if fold == "full" else min(TITLE_ROWS, rows))


def is_foldable(item: Item, body: Notice) -> bool:
    return bool(body.detail) or len(body.title) > FOLDED_TITLE


def notice_text(item: Item, body: Notice) -> str:
    return copyable(f"{body.title}\n{body.detail}" if body.detail else body.title)


def paint_turn_end(turn: Turn, look: Look) -> list[Strip]:
    """The last line of a turn: how long it took, or how else it ended; none for short good turns.

    With everything unfolded, of every turn, and when that was.
    """
    marks, palette = look.marks, look.palette
    ms = turn.duration_ms
    if ms is None and turn.started_ms is not None and turn.completed_ms is not None:
        ms = turn.completed_ms - turn.started_ms
    if turn.status in ("inProgress", "unused"):
        return []
    everything = look.fold == "full"
    if everything:
        look = replace(look, at_ms=turn.completed_ms)
    if turn.status == "completed":
        time: Row = []
        if ms is not None and (ms >= WORTH_MS or everything):
            time = [(SafeText(f"{marks.clock}{duration(ms)}"), palette.dim)]
        for ended in clock(look, look.at_ms, seconds=True):
            time += [(SafeText(f" {marks.separator} "), palette.dim), *ended] if time else ended
        return [at_the_edge(time, look)] if time else []
    if turn.status == "interrupted":
        after = SafeText(f" after {duration(ms)}") if ms else own("")
        return [headline(look, marks.note, palette.warn, [(SafeText(f"interrupted{after}"), palette.warn)])]
    word = own("the turn failed") if turn.status == "failed" else line(turn.status)
    # What went wrong stands above it, as a notice of its own.
    return [headline(look, marks.error, palette.bad, [(word, palette.bad)])]


def paint_above(above: Above, look: Look) -> list[Strip]:
    """The line over the first turn that is known: that there are older ones, and what becomes of them."""
    marks, palette = look.marks, look.palette
    if above.phase == "failed":
        says = join(own("older turns did not come: "), line(above.why), own("   PgUp here tries again"))
        return [headline(look, marks.warning, palette.warn, [(says, palette.text)])]
    words = own("older turns are on their way") if above.phase == "coming" else own("older turns above")
    return [headline(look, marks.between, palette.dim, [(join(words, marks.ellipsis), palette.dim)])]
