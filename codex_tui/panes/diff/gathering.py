"""What the diff pane shows: a source, its files and their lines, and what is under way. No keys."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.panes.diff.asking import Ask, Field, Question
from codex_tui.panes.diff.bars import Count, KeyHelp, Source, answers, foot, header, writing
from codex_tui.panes.diff.edges import DiffFoot, DiffHeader
from codex_tui.panes.diff.files import FileList
from codex_tui.panes.diff.remarks import Remarks
from codex_tui.panes.diff.reverts import Reverts
from codex_tui.panes.diff.sources import Feed, nothing_there
from codex_tui.panes.diff.view import DiffView
from codex_tui.panes.side import EVERYTHING, SidePane
from codex_tui.panes.status.parts import Part
from codex_tui.paths import codex_home
from codex_tui.text import SafeText, line, own, shorten

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from codex_tui.diffs import FileDiff
    from codex_tui.paint.look import Look
    from codex_tui.session.state import Change, State
    from codex_tui.worktree import WorkingTree

LIST_FROM = 100
"""Columns from which several files stand in a list beside the lines."""
LIST_FROM_SPLIT = 150
"""The same where both sides are beside each other: each needs its room."""
LIST_WIDEST = 44
"""Columns of that list at most."""


class Gathering(SidePane):
    """Shows what changed: one source at a time, its files, its lines. Keys come on top (`browser`)."""

    def __init__(self, look: Look) -> None:
        """`look`: marks and time zone; width and colours come from pane and theme."""
        super().__init__()
        self.look = look
        self.state: State | None = None
        self.feed = Feed()
        self.source: Source = "turn"
        self._thread_shown = ""
        self._own: dict[str, tuple[Remarks, Reverts]] = {}  # each thread's, by its id
        self.remarks = Remarks()
        self.reverts = Reverts()
        self._listing = False
        self._reading = False  # a thread reads; one at a time
        self._again = False  # something changed meanwhile
        self._tree: WorkingTree | None = None
        self._looking = False  # git is asked
        self._says: SafeText | None = None  # what was just done, until the next key
        self.view = DiffView(look)
        self.files = FileList(look)
        self._header = DiffHeader(self.header_parts, self.choose, look.marks)
        self._foot = DiffFoot(self.foot_parts, look.marks)
        self.ask = Ask(look)
        self.field = Field()

    def compose(self) -> ComposeResult:
        yield self._header
        with Horizontal(id="diff-body"):
            yield self.files
            yield self.view
        yield self.ask
        yield self.field
        yield self._foot

    def on_mount(self) -> None:
        follow_theme(self, self._dress)
        self._dress()

    def _dress(self) -> None:
        self.look = replace(self.look, palette=palette_of(self))
        self.view.dress(self.look)
        self.files.dress(self.look)

    # -- what the store says --------------------------------------------------------------

    def take(self, state: State, change: Change) -> None:
        """Show a new state."""
        self.state = state
        thread = state.active
        if thread is not None and thread.id != self._thread_shown:
            self._turn_to(thread.id)
        root = thread.settings.cwd if thread is not None else ""
        if root != self.look.root:
            self.look = replace(self.look, root=root)
            self._dress()
        if change is EVERYTHING:
            self._open_at(state)
        if any(touch.kind in ("threads", "turn", "inbox") for touch in change):
            self._gather()

    def _turn_to(self, thread_id: str) -> None:
        """Another thread: comments, and what was taken back, are its own."""
        self._own[self._thread_shown] = (self.remarks, self.reverts)
        self._thread_shown = thread_id
        self.remarks, self.reverts = self._own.get(thread_id) or (Remarks(), Reverts(self.reverts.place))
        self.view.remarks_at(self.remarks.all)
        self._tree, self._looking = None, False
        # A look that is under way is at where the other thread works.
        self.workers.cancel_group(self, "tree")  # pyright: ignore[reportUnknownMemberType]
        if self.source == "tree":
            self.source = "turn"

    def _open_at(self, state: State) -> None:
        """The pane comes on screen: first what waits, if the turn has changed nothing yet."""
        if self.source == "tree":
            self.action_renew()
        elif self.source == "turn" and self.feed.has_pending(state) and not self.feed.files("turn", state):
            self.source = "pending"

    def _gather(self) -> None:
        """Show the chosen source as it is now."""
        state = self.state
        if state is None or not self.is_mounted:
            return
        if self.source == "pending" and not self.feed.has_pending(state):
            self.source = "turn"
        if self.source == "session":
            self.want_all(state)
        if self._reading:
            self._again = True
        elif self.source == "tree":
            self._show(self._tree.files if self._tree is not None else ())
        elif self.feed.is_heavy(self.source, state):
            self._reading = True
            self.run_worker(self._read_apart(self.source, state), group="read")
        else:
            self._show(self.feed.files(self.source, state))
        self._tell()

    async def _read_apart(self, source: Source, state: State) -> None:
        """Read in a thread what would be felt here; then look again at what has come since."""
        files = await asyncio.to_thread(self.feed.files, source, state)
        self._reading = False
        if source == self.source:
            self._show(files)
        if self._again or source != self.source:
            self._again = False
            self._gather()
        self._tell()

    def choose(self, source: Source) -> None:
        """Show another source."""
        if self.state is None or (source == "pending" and not self.feed.has_pending(self.state)):
            return
        self.source = source
        self.source_changed()
        if source == "tree":
            self.action_renew()
        else:
            self._gather()

    def source_changed(self) -> None:
        """Another source was chosen."""

    def action_renew(self) -> None:
        """Look at the working tree; a look that is under way is given up."""
        if self.source != "tree" or self.state is None or self.state.active is None:
            return
        folder = Path(self.state.active.settings.cwd)
        home = Path(self.state.engine.codex_home) if self.state.engine.codex_home else codex_home()
        self._looking = True
        self.run_worker(self._look_at_tree(folder, home), group="tree", exclusive=True)
        self._gather()

    async def _look_at_tree(self, folder: Path, home: Path) -> None:
        from codex_tui.worktree import working_tree

        def begins(tree: WorkingTree) -> None:
            if known is None or not known.files:  # else what somebody reads stays until all is there
                self._tree = tree
                self._gather()

        known = self._tree
        self._tree = await working_tree(folder, home, begins)
        self._looking = False
        self._gather()

    def _show(self, files: Sequence[FileDiff]) -> None:
        if files is not self.view.files or not files:
            self.view.show(files, (own("Reading …"),) if files else self._nothing())
            self.view.taken_back([self.reverts.taken_back(file) for file in files])
            self.files_changed()
        self._arrange()

    def files_changed(self) -> None:
        """Other files are on screen: what hangs on them has to be looked up again."""

    def _nothing(self) -> Sequence[SafeText]:
        """What to say where there is nothing to show."""
        if self.source == "tree" and self._looking:
            return (own("Asking git …"),)
        if self.source == "tree" and self._tree is not None and self._tree.problem:
            return (line(self._tree.problem), own("g looks again."))
        return nothing_there(self.source)

    # -- rows around ----------------------------------------------------------------------

    def header_parts(self, width: int) -> list[Part]:
        files = self.view.files
        count = Count(len(files), sum(file.added for file in files), sum(file.removed for file in files))
        pending = self.state is not None and self.feed.has_pending(self.state)
        busy = own("reading …") if self._reading or self._looking or self.view.busy else None
        notes = self._tree.notes if self.source == "tree" and self._tree is not None else ()
        left_out = line("; ".join(notes)) if notes else None
        return header(
            self.source, count, self.look.marks, pending=pending, busy=busy, left_out=left_out, width=width
        )

    def foot_parts(self, width: int) -> list[Part]:
        question = self.ask.question
        if question is not None:
            return answers(question.yes if question.act is not None else None, width)
        if self._says is not None:
            says = shorten(self._says, max(1, width - 2), self.look.marks.ellipsis)
            return [(own(" "), "dim"), (says, "text")]
        if self.field.purpose:
            return writing(self.field.purpose, width)
        help = KeyHelp(
            has_files=bool(self.view.files),
            many=len(self.view.files) > 1,
            split=self.view.is_split,
            wraps=self.view.wraps,
            source=self.source,
            comments=len(self.remarks),
            on_comment=self.view.remark is not None,
            can_revert=self.source in ("turn", "session"),
            can_undo=self.reverts.can_undo,
            listing=self._listing,
            beside=isinstance(self.parent, Widget) and self.parent.has_class("-beside"),
        )
        return foot(help, width)

    def put(self, question: Question | None) -> None:
        """Ask something, or take the question away."""
        self.ask.show(question)
        self._foot.update()

    def say(self, words: SafeText) -> None:
        """What was just done, in the place of the keys until the next one."""
        self._says = words
        self._foot.update()

    @on(DiffView.Moved)
    def _tell(self) -> None:
        spot = self.view.spot
        self.files.show(self.view.files, spot.file if spot is not None else 0)
        self._header.update()
        self._foot.update()

    def on_resize(self) -> None:
        self._arrange()

    def on_focus(self) -> None:
        self._light(True)

    def on_blur(self) -> None:
        self._light(False)

    def _light(self, active: bool) -> None:
        for part in (self.view, self.files):
            part.active = active
            part.refresh()

    def _arrange(self) -> None:
        """The list beside the lines, over them, or not at all."""
        width, many = self.size.width, len(self.view.files) > 1
        over = self._listing and many
        list_from = LIST_FROM_SPLIT if self.view.splits_in(width) else LIST_FROM
        beside = not over and many and width >= list_from
        self.files.display = over or beside
        self.files.set_class(over, "-over")
        self.view.display = not over
        if beside:
            self.files.styles.width = max(20, min(LIST_WIDEST, width // 4, self.files.wanted_width()))
        else:
            self.files.styles.width = None
        self._listing = over
