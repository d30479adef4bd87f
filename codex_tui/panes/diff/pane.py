"""The diff pane: what a person does with changes: comments, taking back, opening, copying."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on

from codex_tui.actions import bindings
from codex_tui.paint.facts import path_in
from codex_tui.panes.diff.asking import Field, Question
from codex_tui.panes.diff.browser import Browser
from codex_tui.panes.diff.copied import patch_of
from codex_tui.panes.diff.remarks import Remarks, comment_on
from codex_tui.panes.diff.reverts import about_to, refused
from codex_tui.text import SafeText, join, number, own, shorten

if TYPE_CHECKING:
    from textual.binding import BindingType

    from codex_tui.diffs import FileDiff
    from codex_tui.diffs.comments import Comment
    from codex_tui.diffs.reversal import Conflict


class DiffPane(Browser):
    """Shows what changed, and does what the person wants with it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("diff")]

    _about: Comment | None = None  # what is written is on this line, wherever the cursor is by then

    # -- comments -------------------------------------------------------------------------

    def _line_here(self) -> Comment | None:
        """A comment without words on the line under the cursor."""
        spot = self.view.spot
        hunk = self.view.hunk_at(spot) if spot is not None else None
        if spot is None or hunk is None or spot.line < 0:
            return None
        return comment_on(self.view.file_at(spot), hunk, spot.line)

    def action_comment(self) -> None:
        self._about = where = self._line_here()
        if where is None:
            self.say(own("a comment is on a line: move the cursor to one"))
            return
        place = join(path_in(self.look.root, where.path), own(":"), number(where.line_no))
        place = shorten(place, max(8, self.size.width // 2), self.look.marks.ellipsis)
        self._open_field("comment", join(own("  "), place, own("  ")))

    @on(Field.Written)
    def _take_comment(self, message: Field.Written) -> None:
        words = message.text.strip()
        if message.purpose == "comment" and words and self._about is not None:
            self.remarks.add(replace(self._about, text=words))
            self.view.remarks_at(self.remarks.all)

    def action_drop_comment(self) -> None:
        at = self.view.remark
        if at is not None:
            self.remarks.drop(at)
            self.view.remarks_at(self.remarks.all)

    def action_send_comments(self) -> None:
        """Ask whether to send all comments, each named."""
        if len(self.remarks):
            says = self.remarks.question(self.look.root, running=self._is_running)
            self.put(Question(says, own("send"), self._send_comments))
        else:
            self.say(own("no comments yet: c writes one on the line under the cursor"))

    def _send_comments(self) -> None:
        intents = self.desk.intents
        if intents is None:
            self.say(own("not sent: the engine is not there"))
            return
        intents.send(self.remarks.message(self.look.root))
        self.say(join(own("sent "), self.remarks.count))
        self.remarks = Remarks()
        self.view.remarks_at(())

    @property
    def _is_running(self) -> bool:
        thread = self.state.active if self.state is not None else None
        return thread is not None and thread.running_turn is not None

    # -- taking changes back --------------------------------------------------------------

    def action_revert(self, whole: bool) -> None:
        """Ask whether to take back the hunk under the cursor, or all of its file."""
        spot = self.view.spot
        if spot is None:
            return
        if self.source not in ("turn", "session"):
            self.say(own("only what the agent wrote can be taken back here: 1 this turn, 2 session"))
            return
        file = self.view.file_at(spot)
        hunk = None if whole or file.kind in ("new", "deleted") else spot.hunk
        if hunk is not None and hunk < 0:
            self.say(own("r takes back a hunk: move the cursor into one; R takes back the whole file"))
            return
        if self.reverts.is_gone(file, hunk):
            self.say(own("this is taken back already; U undoes what was taken back last"))
            return
        says = about_to(file, hunk, self.look.root, running=self._is_running)
        self.put(Question(says, own("take it back"), lambda: self._revert(file, hunk), warns=True))

    def _revert(self, file: FileDiff, hunk: int | None) -> None:
        thread = self.state.active if self.state is not None else None
        if thread is None:
            return
        root = Path(thread.settings.cwd)

        async def work() -> None:
            conflict = await self.reverts.take_back(file, hunk, root, lambda: self.feed.paths(thread))
            self._tell_reverted(conflict, join(own("taken back in "), path_in(self.look.root, file.path)))

        self.run_worker(work(), group="revert")

    def action_undo_revert(self) -> None:
        """Put back what was taken back last."""

        async def work() -> None:
            path, conflict = await self.reverts.undo()
            if path:
                self._tell_reverted(conflict, join(own("put back in "), path_in(self.look.root, path)))
            else:
                self.say(own("nothing was taken back yet"))

        self.run_worker(work(), group="revert")

    def _tell_reverted(self, conflict: Conflict | None, done: SafeText) -> None:
        if conflict is not None:
            self.put(Question(refused(conflict, self.look.root), warns=True))
            return
        if self.source == "tree":
            self.action_renew()
        self.view.taken_back([self.reverts.taken_back(file) for file in self.view.files])
        self.say(join(done, own("   U undoes it") if self.reverts.can_undo else own("")))

    # -- out of the pane ------------------------------------------------------------------

    def action_open(self) -> None:
        """The file in the person's editor, at the line under the cursor."""
        spot = self.view.spot
        if spot is None:
            return
        file, hunk = self.view.file_at(spot), self.view.hunk_at(spot)
        at: int | None = None
        if hunk is not None:
            # A removed line is no more: the one that stands in its place.
            rest = (one.new_no for one in hunk.lines[max(0, spot.line) :] if one.new_no is not None)
            at = next(rest, hunk.new_start + hunk.new_count)
        self.desk.open_editor(file.path, at)

    def action_copy(self) -> None:
        """The hunk under the cursor as a patch; on the title all of the file."""
        spot = self.view.spot
        if spot is not None:
            file, hunk = self.view.file_at(spot), self.view.hunk_at(spot)
            hunks = file.hunks if hunk is None else (hunk,)
            self.desk.copy(patch_of(file, hunks), "the file's patch" if hunk is None else "the hunk")
