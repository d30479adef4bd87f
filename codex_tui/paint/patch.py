"""A patch: which files change, by how much, and how it ended."""

from __future__ import annotations

from textual.strip import Strip

from codex_tui.diffs import read_change
from codex_tui.paint.diff import counts, diff_text, file_title, paint_change, paint_lines
from codex_tui.paint.facts import counted, fold_sign, left_out, outcome, outcome_of
from codex_tui.paint.lines import Row, headline, indented, note, shorten_row, text_width
from codex_tui.paint.look import Fold, Look
from codex_tui.protocol.items import FileChange
from codex_tui.session.transcript import Item
from codex_tui.text import SafeText, copyable, number, own

NORMAL_ROWS = 12
"""Rows of a single file's change in the normal view."""
NORMAL_FILES = 8
"""Files that are named in the normal view."""
NORMAL_LINES = 24
"""Lines of several files' changes up to which the normal view shows them instead of naming the files."""
FULL_ROWS = 1_500
"""Rows of one file's change when unfolded in the chat; the diff pane and the dialog have all."""
FULL_FILES = 60
INDENT = 2


def paint_patch(item: Item, body: FileChange, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    diffs = [read_change(change) for change in body.changes]
    if len(diffs) == 1:
        title = file_title(diffs[0], look, look.root)
    else:
        files = counted(len(diffs), own("file"))
        added, removed = sum(one.added for one in diffs), sum(one.removed for one in diffs)
        title: Row = [
            (files, palette.text),
            (own("  "), palette.dim),
            (SafeText(f"+{number(added)}"), palette.good),
            (own(" "), palette.dim),
            (SafeText(f"{look.marks.minus}{number(removed)}"), palette.bad),
        ]
    sign = fold_sign(look, fold, bool(diffs))
    strips = [headline(look, look.marks.patch, palette.dim, title, _outcome(item, body, look), sign)]
    if fold == "brief" or not diffs:
        return strips
    if len(diffs) == 1:
        return strips + paint_lines(diffs[0], look, NORMAL_ROWS if fold == "normal" else FULL_ROWS)
    whole = fold == "full" or _is_short(body)
    if not whole:
        width = text_width(look, INDENT)
        titles = [shorten_row(look, file_title(one, look, look.root), width) for one in diffs[:NORMAL_FILES]]
        strips += indented(look, titles, INDENT)
    else:
        for change in body.changes[:FULL_FILES]:
            strips += paint_change(change, look, look.root, FULL_ROWS)
    hidden = len(diffs) - (FULL_FILES if whole else NORMAL_FILES)
    if hidden > 0:
        strips.append(note(look, left_out(look, hidden, own("file")), INDENT))
    return strips


def _is_short(body: FileChange) -> bool:
    return sum(change.diff.count("\n") + 1 for change in body.changes) <= NORMAL_LINES


def _outcome(item: Item, body: FileChange, look: Look) -> list[Row]:
    marks, palette = look.marks, look.palette
    if body.status == "declined" or (body.status == "inProgress" and item.outcome in ("decline", "cancel")):
        word = own("cancelled, not applied") if item.outcome == "cancel" else own("declined, not applied")
        return [outcome(marks.bad, word, palette.warn)]
    if body.status == "inProgress" and item.phase != "running":
        return [outcome(marks.unknown, own("not known to be applied"), palette.warn)]
    return outcome_of(
        look, item, body.status, own("applied"), own("applying" if item.outcome else "proposed")
    )


def guess_patch(item: Item, body: FileChange, look: Look, fold: Fold) -> int:
    if fold == "brief":
        return 1
    if len(body.changes) == 1:
        limit = NORMAL_ROWS if fold == "normal" else FULL_ROWS
        sample = body.changes[0].diff[:4000]
        lines = sample.count("\n") * max(1, len(body.changes[0].diff) // 4000)
        return 1 + min(limit, lines)
    if fold == "normal" and not _is_short(body):
        return 1 + min(NORMAL_FILES + 1, len(body.changes))
    return 1 + sum(1 + min(FULL_ROWS, len(change.diff) // 30) for change in body.changes[:FULL_FILES])


def is_foldable(item: Item, body: FileChange) -> bool:
    return bool(body.changes)


def patch_text(item: Item, body: FileChange) -> str:
    return copyable(diff_text(body.changes))


__all__ = ["counts", "guess_patch", "is_foldable", "paint_patch", "patch_text"]
