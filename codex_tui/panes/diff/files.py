"""The list of a diff's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from codex_tui.paint.diff import counts
from codex_tui.paint.facts import path_in
from codex_tui.paint.lines import Row, blanks, part_width
from codex_tui.paint.sidebyside import plain_row
from codex_tui.panes.colours import palette_of
from codex_tui.text import SafeText, cell_width, join, own, shorten

if TYPE_CHECKING:
    from textual import events

    from codex_tui.diffs import FileDiff
    from codex_tui.paint.look import Look


def paint_file(file: FileDiff, look: Look, width: int, current: bool, active: bool) -> Strip:
    """A file of the list: what happened, its path (the end stays), its counts at the right edge."""
    palette, marks = look.palette, look.marks
    sign = _signs(look).get(file.kind, marks.patch)
    tail = counts(file, look) if file.added or file.removed or file.kind in ("changed", "new") else []
    room = max(4, width - 4 - part_width(tail) - (2 if tail else 1))
    name = shorten(
        path_in(look.root, file.path) if file.path else own("without a name"), room, marks.ellipsis
    )
    folder, slash, last = name.rpartition("/")
    bar = marks.chosen if current else own(" ")
    row: Row = [
        (bar, palette.strong if active else palette.dim),
        (join(sign, own(" ")), palette.warn if file.kind == "deleted" else palette.dim),
        (SafeText(folder + slash), palette.dim),
        (SafeText(last), palette.strong if current else palette.text),
    ]
    row.append((blanks(width - part_width(row) - part_width(tail) - 1), palette.text))
    row += tail
    ground = None
    if current and palette.selected.bgcolor is not None:
        ground = Style(bgcolor=palette.selected.bgcolor.name if active else palette.paper)
    return plain_row(row, replace(look, width=width), ground)


def _signs(look: Look) -> dict[str, SafeText]:
    marks = look.marks
    return {
        "changed": marks.patch,
        "new": own("+"),
        "deleted": marks.minus,
        "moved": marks.arrow if cell_width(marks.arrow) == 1 else own(">"),
        "binary": marks.unknown,
        "mode": marks.note,
    }


class FileList(ScrollView, can_focus=False):
    """One row a file, the current one marked and in sight."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    class Chosen(Message):
        """A click on a file."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._files: Sequence[FileDiff] = ()
        self.current = 0
        self.active = False

    def show(self, files: Sequence[FileDiff], current: int) -> None:
        """These files, that one marked."""
        if files is self._files and current == self.current:
            return
        self._files = files
        self.current = max(0, min(current, len(files) - 1))
        self.virtual_size = Size(self.size.width, len(files))
        top, high = round(self.scroll_y), max(1, self.size.height)
        if not top <= self.current < top + high:
            top = self.current if self.current < top else self.current - high + 1
            self.scroll_to(y=top, animate=False, immediate=True, force=True)
        self.refresh()

    def dress(self, look: Look) -> None:
        """Other colours, marks, or directory."""
        self._look = replace(look, palette=palette_of(self) if self.is_mounted else look.palette)
        self.refresh()

    def on_mount(self) -> None:
        self.dress(self._look)

    def wanted_width(self) -> int:
        """Cells that the longest path takes with its counts."""
        widths = [cell_width(path_in(self._look.root, file.path)) for file in self._files[:200]]
        tails = [len(f"+{file.added:,} -{file.removed:,}") for file in self._files[:200]]
        return max(widths, default=0) + max(tails, default=0) + 7

    def render_line(self, y: int) -> Strip:
        index = round(self.scroll_y) + y
        width = self.size.width
        if index >= len(self._files):
            return plain_row([], replace(self._look, width=width))
        return paint_file(self._files[index], self._look, width, index == self.current, self.active)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and round(self.scroll_y) + offset.y < len(self._files):
            self.post_message(self.Chosen(round(self.scroll_y) + offset.y))
