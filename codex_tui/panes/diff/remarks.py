"""Where the comments on a diff stand in its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codex_tui.panes.diff.painter import comment_room
from codex_tui.text import line, word_rows

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff
    from codex_tui.diffs.comments import Comment
    from codex_tui.panes.diff.page import Comments


def placed(files: Sequence[FileDiff], remarks: Sequence[Comment], width: int) -> list[Comments]:
    """For each file the comments on its lines, with their rows in `width` columns. Those on lines that
    are not there any more stand nowhere; they are still sent."""
    out: list[Comments] = []
    for file in files:
        mine = [(at, one) for at, one in enumerate(remarks) if one.path == file.path]
        places: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for at, remark in mine:
            where = _where(file, remark)
            if where is not None:
                rows = len(word_rows(line(remark.text), comment_room(width)))
                places.setdefault(where, []).append((at, rows))
        out.append(places)
    return out


def _where(file: FileDiff, remark: Comment) -> tuple[int, int] | None:
    for at, hunk in enumerate(file.hunks):
        start, count = (
            (hunk.old_start, hunk.old_count) if remark.side == "old" else (hunk.new_start, hunk.new_count)
        )
        if not start <= remark.line_no < start + count:
            continue
        for index, one in enumerate(hunk.lines):
            number = one.old_no if remark.side == "old" else one.new_no
            if number == remark.line_no and (one.sign == "-") == (remark.side == "old"):
                return at, index
    return None
