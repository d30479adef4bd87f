"""Reading changes: sources, files, lines, finding. What a person does with them comes on top (`pane`)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal

from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.panes.diff.asking import Ask, Field, Question
from codex_tui.panes.diff.bars import Count, KeyHelp, Source, foot, header, source_at
from codex_tui.panes.diff.files import FileList
from codex_tui.panes.diff.find import Finding
from codex_tui.panes.diff.remarks import Remarks
from codex_tui.panes.diff.reverts import Reverts
from codex_tui.panes.diff.sources import Feed, nothing_there
from codex_tui.panes.diff.view import DiffView
from codex_tui.panes.side import EVERYTHING, SidePane
from codex_tui.panes.status.parts import Part
from codex_tui.panes.status.widgets import OneLine
from codex_tui.paths import codex_home
from codex_tui.text import SafeText, line, own

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from codex_tui.diffs import FileDiff
    from codex_tui.paint.look import Look, Marks
    from codex_tui.session.state import Change, State
    from codex_tui.worktree import WorkingTree

LIST_FROM = 100
"""Columns from which several files stand in a list beside the lines."""
LIST_FROM_SPLIT = 150
"""The same where both sides are beside each other: each needs its room."""
LIST_WIDEST = 44
"""Columns of that list at most."""


class DiffHeader(OneLine):
    """Which source is shown, and how much it is."""

    ALLOW_SELECT = False

    def __init__(self, pane: Browser, marks: Marks) -> None:
        super().__init__(marks=marks)
        self._pane = pane

    def parts(self) -> Sequence[Part]:
        return self._pane.header_parts(self.size.width)

    def on_click(self, event: events.Click) -> None:
        source = source_at(self._shown, event.x)
        if source is not None:
            self._pane.choose(source)


class DiffFoot(OneLine):
    """The keys, or what was just done."""

    ALLOW_SELECT = False

    def __init__(self, pane: Browser, marks: Marks) -> None:
        super().__init__(marks=marks)
        self._pane = pane

    def parts(self) -> Sequence[Part]:
        return self._pane.foot_parts(self.size.width)


class Browser(SidePane):
    """Shows what changed: one source at a time, its files, its lines, what was found in them."""

    def __init__(self, look: Look) -> None:
        """`look`: marks and time zone; width and colours come from pane and theme."""
        super().__init__()
        self.look = look
        self.state: State | None = None
        self.feed = Feed()
        self.source: Source = "turn"
        self.remarks = Remarks()
        self.reverts = Reverts()
        self._finding = Finding()
        self._listing = False
        self._reading = False  # a thread reads; one at a time
        self._again = False  # something changed meanwhile
        self._tree: WorkingTree | None = None
        self._looking = False  # git is asked
        self._says: SafeText | None = None  # what was just done, until the next key
        self.view = DiffView(look)
        self.files = FileList(look)
        self._header = DiffHeader(self, look.marks)
        self._foot = DiffFoot(self, look.marks)
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
        root = thread.settings.cwd if thread is not None else ""
        if root != self.look.root:
            self.look = replace(self.look, root=root)
            self._dress()
        if change is EVERYTHING:
            self._open_at(state)
        if any(touch.kind in ("threads", "turn", "inbox") for touch in change):
            self._gather()

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

    def _show(self, files: Sequence[FileDiff]) -> None:
        if files is not self.view.files or not files:
            self.view.show(files, self._nothing())
            self.view.taken_back([self.reverts.taken_back(file) for file in files])
            if self._finding.words:
                self._look_for(self._finding.words, go=False)
        self._arrange()

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
        return header(self.source, count, self.look.marks, pending=pending, busy=busy, width=width)

    def foot_parts(self, width: int) -> list[Part]:
        if self._says is not None:
            return [(own(" "), "dim"), (self._says, "text")]
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
        )
        return foot(help, width)

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
        beside = not over and many and width >= (LIST_FROM_SPLIT if self.view.is_split else LIST_FROM)
        self.files.display = over or beside
        self.files.set_class(over, "-over")
        self.view.display = not over
        if beside:
            self.files.styles.width = max(20, min(LIST_WIDEST, width // 4, self.files.wanted_width()))
        else:
            self.files.styles.width = None
        self._listing = over

    # -- keys -----------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Keys that mean something else for a moment: an answer to a question, the list of files."""
        if self._says is not None:
            self._says = None
            self._foot.update()
        question = self.ask.question
        if self.field.purpose:
            if event.key == "escape":
                event.stop()
                self._close_field()
        elif question is not None:
            event.stop()
            event.prevent_default()
            self._answer(question, event.key)
        elif self._listing and event.key in ("up", "down", "enter", "escape", "j", "k", "q"):
            event.stop()
            if event.key in ("up", "k", "down", "j"):
                self.view.step_file(-1 if event.key in ("up", "k") else 1)
            else:
                self.action_list_files()

    def _answer(self, question: Question, key: str) -> None:
        if question.act is None or key in ("escape", "n", "q"):
            self.ask.show(None)
        elif key == "y":
            self.ask.show(None)
            question.act()

    def choose(self, source: Source) -> None:
        """Show another source."""
        if self.state is None or (source == "pending" and not self.feed.has_pending(self.state)):
            return
        self.source = source
        self._finding = Finding()
        self.view.mark((), None)
        if source == "tree":
            self.action_renew()
        else:
            self._gather()

    def action_source(self, name: Source) -> None:
        self.choose(name)

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

        self._tree = await working_tree(folder, home)
        self._looking = False
        self._gather()
        if self._tree.notes and self.source == "tree":
            self.say(line("; ".join(self._tree.notes)))

    def action_list_files(self) -> None:
        self._listing = not self._listing and len(self.view.files) > 1
        self._arrange()
        self._tell()

    @on(FileList.Chosen)
    def _go_to_file(self, message: FileList.Chosen) -> None:
        self.view.go_to_file(message.index)
        if self._listing:
            self.action_list_files()

    def action_step_file(self, step: int) -> None:
        self.view.step_file(step)

    def action_step_hunk(self, step: int) -> None:
        self.view.step_hunk(step)

    def action_toggle_file(self) -> None:
        self.view.toggle_file()

    def action_toggle_all(self) -> None:
        self.view.toggle_all()

    def action_toggle_split(self) -> None:
        self.view.toggle_split()
        self._arrange()
        self._tell()

    def action_toggle_wrap(self) -> None:
        self.view.toggle_wrap()

    def action_line_up(self) -> None:
        self.view.move(-1)

    def action_line_down(self) -> None:
        self.view.move(1)

    def action_page_up(self) -> None:
        self.view.turn(-1)

    def action_page_down(self) -> None:
        self.view.turn(1)

    def action_to_start(self) -> None:
        self.view.to_start()

    def action_to_end(self) -> None:
        self.view.to_end()

    def action_sideways(self, step: int) -> None:
        self.view.sideways(step)

    def action_leave(self) -> None:
        if self._finding.words:
            self._look_for("")
            self._tell()
            return
        self.post_message(self.Leave())

    # -- finding --------------------------------------------------------------------------

    def action_find(self) -> None:
        if self.view.files:
            self.field.open("find", own("  / "), self._finding.words)

    def action_onward(self, step: int) -> None:
        """The next match, or the one before; without a search the next file."""
        if not self._finding.words:
            self.view.step_file(step)
            return
        self._finding.step(step)
        self.view.mark(self._finding.matches, self._finding.current)
        self.say(self._finding.says())

    def _look_for(self, words: str, go: bool = True) -> None:
        finding = self._finding
        finding.look(self.view.files, words, self.view.spot or (0, 0, 0))
        self.view.mark(finding.matches, finding.current if go else None)
        if words and go:
            self.say(finding.says())

    @on(Field.Changed)
    def _while_written(self, message: Field.Changed) -> None:
        if message.purpose == "find":
            self._look_for(message.text)

    @on(Field.Written)
    def _take_text(self, message: Field.Written) -> None:
        self._close_field()
        if message.purpose == "find":
            self._look_for(message.text)

    def _close_field(self) -> None:
        self.field.close()
        self.focus()
