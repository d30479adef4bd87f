"""The diff pane: sources, files, lines, and what a person does with them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal

from codex_tui.actions import bindings
from codex_tui.diffs.comments import Comment, message_of
from codex_tui.panes.colours import follow_theme, palette_of
from codex_tui.panes.diff.asking import Ask, Field, Question
from codex_tui.panes.diff.bars import Count, KeyHelp, Source, foot, header, source_at
from codex_tui.panes.diff.copied import patch_of
from codex_tui.panes.diff.files import FileList
from codex_tui.panes.diff.find import Match, find
from codex_tui.panes.diff.sources import Feed, nothing_there
from codex_tui.panes.diff.view import DiffView
from codex_tui.panes.side import SidePane
from codex_tui.panes.status.parts import Part
from codex_tui.panes.status.widgets import OneLine
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from codex_tui.app import CodexApp
    from codex_tui.diffs import FileDiff
    from codex_tui.paint.look import Look, Marks
    from codex_tui.session.state import Change, State

LIST_FROM = 100
"""Columns from which several files stand in a list beside the lines."""
LIST_FROM_SPLIT = 150
"""The same where both sides are beside each other: each needs its room."""
LIST_WIDEST = 44
"""Columns of that list at most."""


class DiffHeader(OneLine):
    """Which source is shown, and how much it is."""

    ALLOW_SELECT = False

    def __init__(self, pane: DiffPane, marks: Marks) -> None:
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

    def __init__(self, pane: DiffPane, marks: Marks) -> None:
        super().__init__(marks=marks)
        self._pane = pane

    def parts(self) -> Sequence[Part]:
        return self._pane.foot_parts(self.size.width)


class DiffPane(SidePane):
    """Shows what changed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("diff")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self, look: Look) -> None:
        """`look`: marks and time zone; width and colours come from pane and theme."""
        super().__init__()
        self._look = look
        self._state: State | None = None
        self._feed = Feed()
        self._source: Source = "turn"
        self._remarks: tuple[Comment, ...] = ()
        self._found: list[Match] = []
        self._found_at = -1
        self._words = ""
        self._listing = False
        self._reading = False  # a thread reads; one at a time
        self._again = False  # something changed meanwhile
        self._tree: Sequence[FileDiff] = ()
        self._says: SafeText | None = None  # what was just done, until the next key
        self.view = DiffView(look)
        self.files = FileList(look)
        self._header = DiffHeader(self, look.marks)
        self._foot = DiffFoot(self, look.marks)
        self._ask = Ask(look)
        self._field = Field()

    def compose(self) -> ComposeResult:
        yield self._header
        with Horizontal(id="diff-body"):
            yield self.files
            yield self.view
        yield self._ask
        yield self._field
        yield self._foot

    def on_mount(self) -> None:
        follow_theme(self, self._dress)
        self._dress()

    def _dress(self) -> None:
        self._look = replace(self._look, palette=palette_of(self))
        self.view.dress(self._look)
        self.files.dress(self._look)

    # -- what the store says --------------------------------------------------------------

    def take(self, state: State, change: Change) -> None:
        """Show a new state."""
        self._state = state
        thread = state.active
        root = thread.settings.cwd if thread is not None else ""
        if root != self._look.root:
            self._look = replace(self._look, root=root)
            self._dress()
        if any(touch.kind in ("threads", "turn", "inbox") for touch in change):
            self._gather()

    def _gather(self) -> None:
        """Show the chosen source as it is now."""
        state = self._state
        if state is None or not self.is_mounted:
            return
        if self._source == "pending" and not self._feed.has_pending(state):
            self._source = "turn"
        if self._reading:
            self._again = True
        elif self._source == "tree":
            self._show(self._tree)
        elif self._feed.is_heavy(self._source, state):
            self._reading = True
            self.run_worker(self._read_apart(self._source, state), group="read")
        else:
            self._show(self._feed.files(self._source, state))
        self._tell()

    async def _read_apart(self, source: Source, state: State) -> None:
        """Read in a thread what would be felt here; then look again at what has come since."""
        files = await asyncio.to_thread(self._feed.files, source, state)
        self._reading = False
        if source == self._source:
            self._show(files)
        if self._again or source != self._source:
            self._again = False
            self._gather()
        self._tell()

    def _show(self, files: Sequence[FileDiff]) -> None:
        if files is not self.view.files or not files:
            self.view.show(files, nothing_there(self._source))
            if self._words:
                self._look_for(self._words, go=False)
        self._arrange()

    # -- rows around ----------------------------------------------------------------------

    def header_parts(self, width: int) -> list[Part]:
        files = self.view.files
        count = Count(len(files), sum(file.added for file in files), sum(file.removed for file in files))
        pending = self._state is not None and self._feed.has_pending(self._state)
        busy = own("reading …") if self._reading or self.view.busy else None
        return header(self._source, count, self._look.marks, pending=pending, busy=busy, width=width)

    def foot_parts(self, width: int) -> list[Part]:
        if self._says is not None:
            return [(own(" "), "dim"), (self._says, "text")]
        help = KeyHelp(
            has_files=bool(self.view.files),
            many=len(self.view.files) > 1,
            split=self.view.is_split,
            wraps=self.view.wraps,
            source=self._source,
            comments=len(self._remarks),
            on_comment=self.view.remark is not None,
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
        question = self._ask.question
        if self._field.purpose:
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
            self._ask.show(None)
        elif key == "y":
            self._ask.show(None)
            question.act()

    def choose(self, source: Source) -> None:
        """Show another source."""
        if self._state is None or (source == "pending" and not self._feed.has_pending(self._state)):
            return
        self._source = source
        self._found, self._found_at, self._words = [], -1, ""
        self._gather()

    def action_source(self, name: Source) -> None:
        self.choose(name)

    def action_renew(self) -> None:
        self._gather()

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
        if self._words:
            self._look_for("")
            return
        self.post_message(self.Leave())

    # -- finding --------------------------------------------------------------------------

    def action_find(self) -> None:
        if self.view.files:
            self._field.open("find", own("  / "), self._words)

    def action_onward(self, step: int) -> None:
        """The next match, or the one before; without a search the next file."""
        if not self._words:
            self.view.step_file(step)
        elif self._found:
            self._found_at = (self._found_at + step) % len(self._found)
            self.view.mark(self._found, self._found[self._found_at])
            self._say_match()

    def _look_for(self, words: str, go: bool = True) -> None:
        self._words = words
        self._found = find(self.view.files, words)
        spot = self.view.spot
        self._found_at = -1
        if self._found and spot is not None:
            after = (at for at, match in enumerate(self._found) if match[:3] >= spot)
            self._found_at = next(after, 0)
        current = self._found[self._found_at] if self._found_at >= 0 else None
        self.view.mark(self._found, current if go else None)
        if words and go:
            self._say_match()

    def _say_match(self) -> None:
        if not self._found:
            self.say(join(own("nothing found for "), line(self._words)))
            return
        self.say(
            join(
                *(
                    number(self._found_at + 1),
                    own(" of "),
                    number(len(self._found)),
                    own("  "),
                    line(self._words),
                ),
                own("   n next   N before   Esc ends it"),
            )
        )

    @on(Field.Changed)
    def _while_written(self, message: Field.Changed) -> None:
        if message.purpose == "find":
            self._look_for(message.text)

    @on(Field.Written)
    def _take_text(self, message: Field.Written) -> None:
        purpose, text = message.purpose, message.text
        self._close_field()
        if purpose == "find":
            self._look_for(text)
        elif purpose == "comment" and text.strip():
            self._add_remark(text.strip())

    def _close_field(self) -> None:
        self._field.close()
        self.focus()

    # -- comments -------------------------------------------------------------------------

    def action_comment(self) -> None:
        where = self._line_here()
        if where is not None:
            self._field.open("comment", join(own("  "), line(f"{where.path}:{where.line_no}"), own("  ")))

    def _line_here(self, words: str = "") -> Comment | None:
        """A comment of these words on the line under the cursor."""
        spot = self.view.spot
        hunk = self.view.hunk_at(spot) if spot is not None else None
        if spot is None or hunk is None or spot.line < 0:
            return None
        one = hunk.lines[spot.line]
        count = one.old_no if one.sign == "-" else one.new_no
        if count is None:
            return None
        side = "old" if one.sign == "-" else "new"
        return Comment(self.view.files[spot.file].path, side, count, one.text, words)

    def _add_remark(self, words: str) -> None:
        comment = self._line_here(words)
        if comment is not None:
            self._remarks = (*self._remarks, comment)
            self.view.remarks_at(self._remarks)

    def action_drop_comment(self) -> None:
        at = self.view.remark
        if at is not None:
            self._remarks = self._remarks[:at] + self._remarks[at + 1 :]
            self.view.remarks_at(self._remarks)
            self._tell()

    def action_send_comments(self) -> None:
        """Ask whether to send all comments, each named."""
        if not self._remarks:
            self.say(own("no comments yet: c writes one on the line under the cursor"))
            return
        count = _counted(len(self._remarks), own("comment"))
        running = (
            self._state is not None and self._state.active is not None and self._state.active.running_turn
        )
        how = own("the running turn gets them") if running else own("they start a turn")
        says = [join(own("Send "), count, own(" to the agent? "), how)]
        says += [line(f"{one.path}:{one.line_no}  {one.text}") for one in self._remarks]
        self._ask.show(Question(says, own("send"), self._send_comments))

    def _send_comments(self) -> None:
        intents = self.app.intents
        if intents is None:
            self.say(own("not sent: the engine is not there"))
            return
        intents.send(message_of(self._remarks, self._look.root))
        self.say(join(own("sent "), _counted(len(self._remarks), own("comment"))))
        self._remarks = ()
        self.view.remarks_at(())

    # -- out of the pane ------------------------------------------------------------------

    def action_open(self) -> None:
        """The file in the person's editor, at the line under the cursor."""
        spot = self.view.spot
        if spot is None:
            return
        file, hunk = self.view.files[spot.file], self.view.hunk_at(spot)
        at: int | None = None
        if hunk is not None:
            at = hunk.new_start
            if spot.line >= 0:
                # A removed line is no more: the one that stands in its place.
                rest = (one.new_no for one in hunk.lines[spot.line :] if one.new_no is not None)
                at = next(rest, hunk.new_start + hunk.new_count)
        self.app.open_editor(file.path, at)

    def action_copy(self) -> None:
        """The hunk under the cursor as a patch; on the title all of the file."""
        spot = self.view.spot
        if spot is not None:
            file, hunk = self.view.files[spot.file], self.view.hunk_at(spot)
            hunks = file.hunks if hunk is None else (hunk,)
            self.app.copy(patch_of(file, hunks), "the file's patch" if hunk is None else "the hunk")


def _counted(count: int, one: SafeText) -> SafeText:
    return join(number(count), own(" "), one if count == 1 else join(one, own("s")))
