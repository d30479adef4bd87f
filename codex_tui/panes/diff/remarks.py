"""The comments on a diff until they are sent: collected, and where they stand in its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codex_tui.diffs.comments import Comment, message_of
from codex_tui.paint.facts import counted, path_in
from codex_tui.panes.diff.painter import comment_room
from codex_tui.text import SafeText, join, line, number, own, word_rows

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff, Hunk
    from codex_tui.panes.diff.entries import Comments


class Remarks:
    """What somebody wrote so far."""

    def __init__(self) -> None:
        self.all: tuple[Comment, ...] = ()

    def __len__(self) -> int:
        return len(self.all)

    @property
    def count(self) -> SafeText:
        """`2 comments`."""
        return counted(len(self.all), own("comment"))

    def add(self, comment: Comment) -> None:
        self.all = (*self.all, comment)

    def drop(self, index: int) -> None:
        self.all = self.all[:index] + self.all[index + 1 :]

    def question(self, root: str, *, running: bool) -> list[SafeText]:
        """What sending them means, and all of them."""
        how = own("The running turn gets them.") if running else own("They start a turn.")
        says = [join(own("Send "), self.count, own(" to the agent? "), how)]
        for one in self.all:
            place = join(path_in(root, one.path), own(":"), number(one.line_no))
            says.append(join(place, own("  "), line(one.text)))
        return says

    def message(self, root: str) -> str:
        """All of them as one prompt."""
        # A file's odd bytes are lone surrogates here; JSON for the engine cannot have them.
        return message_of(self.all, root).encode("utf-8", "replace").decode("utf-8")


def comment_on(file: FileDiff, hunk: Hunk, index: int) -> Comment | None:
    """A comment without words on a line; None on one that is in no file."""
    one = hunk.lines[index]
    count = one.old_no if one.sign == "-" else one.new_no
    if count is None:
        return None
    return Comment(file.path, "old" if one.sign == "-" else "new", count, one.text, "")


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
            number_of = one.old_no if remark.side == "old" else one.new_no
            if number_of == remark.line_no and (one.sign == "-") == (remark.side == "old"):
                return at, index
    return None
