"""The keys that read changes: sources, files, lines, finding. What a person does with them comes on
top (`pane`)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on

from codex_tui.panes.diff.asking import Field, Question
from codex_tui.panes.diff.files import FileList
from codex_tui.panes.diff.find import Finding, find, is_large
from codex_tui.panes.diff.gathering import Gathering
from codex_tui.text import join, line, own

if TYPE_CHECKING:
    from textual import events

    from codex_tui.paint.look import Look
    from codex_tui.panes.diff.bars import Source
    from codex_tui.panes.diff.find import Match
    from codex_tui.text import SafeText


class Browser(Gathering):
    """Goes about in what changed, and finds something in it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._finding = Finding()
        self._search = 0  # the newest search asked for
        self._leads: bool | None = None  # one is under way, and whether it leads to what it finds

    def files_changed(self) -> None:
        if self._finding.words:
            self._look_for(self._finding.words, go=bool(self._leads))

    def source_changed(self) -> None:
        self._finding, self._leads = Finding(), None
        self._search += 1
        self.view.mark((), None)

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
            self.put(None)
        elif key == "y" and not self.ask.is_fresh:
            self.put(None)
            question.act()

    def action_source(self, name: Source) -> None:
        self.choose(name)

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

    def action_widen(self) -> None:
        self.post_message(self.Widen())

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
            self._open_field("find", own("  / "), self._finding.words)

    def action_onward(self, step: int) -> None:
        """The next match, or the one before; without a search the next file."""
        if not self._finding.words:
            self.view.step_file(step)
            return
        if self._leads is None:
            self._finding.step(step)
            self.view.mark(self._finding.matches, self._finding.current)
        self._tell_search()

    def _tell_search(self) -> None:
        finding = self._finding
        under_way = self._leads is not None
        self.say(join(own("looking for "), line(finding.words), own(" …")) if under_way else finding.says())

    def _look_for(self, words: str, go: bool = True) -> None:
        """Mark `words` everywhere; `go`: and go to the next one from here."""
        files = self.view.files
        begin: tuple[int, int, int] = self.view.spot or (0, 0, 0)
        self._search += 1
        search = self._search
        if not words or not is_large(files):
            self._take_found(words, find(files, words), begin, go)
            return

        async def work() -> None:
            found = await asyncio.to_thread(find, files, words)
            if search == self._search:
                self._take_found(words, found, begin, go)

        # What was found before may stand in files that are gone.
        self._leads = go
        self._finding.take(words, [], begin)
        self.view.mark((), None)
        self._tell_search()
        self.run_worker(work(), group="find", exclusive=True)

    def _take_found(self, words: str, found: list[Match], begin: tuple[int, int, int], go: bool) -> None:
        finding, self._leads = self._finding, None
        finding.take(words, found, begin)
        self.view.mark(finding.matches, finding.current if go else None)
        if words and go:
            self._tell_search()

    @on(Field.Changed)
    def _while_written(self, message: Field.Changed) -> None:
        if message.purpose == "find":
            self._look_for(message.text)

    @on(Field.Written)
    def _take_text(self, message: Field.Written) -> None:
        self._close_field()
        if message.purpose == "find":
            self._look_for(message.text)

    def _open_field(self, purpose: str, prompt: SafeText, text: str = "") -> None:
        self.field.open(purpose, prompt, text)
        self._foot.update()

    def _close_field(self) -> None:
        self.field.close()
        self._foot.update()
        self.focus()
