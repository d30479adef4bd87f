"""The main screen: conversation, side panes, rule, composer, status line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.screen import Screen

from codex_tui.actions import bindings
from codex_tui.composer import Composer
from codex_tui.paint.look import Look
from codex_tui.panes.chat import ChatView
from codex_tui.panes.side import SidePane
from codex_tui.panes.status import Announcement, Rule, StatusLine
from codex_tui.screens.drafts import DraftKeeper
from codex_tui.screens.layout import Panes
from codex_tui.screens.outbox import SHELL, Outbox
from codex_tui.screens.questions import Questions
from codex_tui.screens.rewinds import Rewinds
from codex_tui.screens.slash import CommandList, SlashCommands
from codex_tui.screens.threads import OpenThreads

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from codex_tui.actions import Scope
    from codex_tui.app import CodexApp
    from codex_tui.history.access import Choice
    from codex_tui.panes.chat.jumps import Aim
    from codex_tui.screens.find import FindRow
    from codex_tui.screens.layout import Side
    from codex_tui.session.state import Change, State


class MainScreen(Screen[None]):
    """Everything a person sees most of the time. Takes states, sends intents, holds neither."""

    AUTO_FOCUS = "Composer"
    BINDINGS: ClassVar = [*bindings("main"), *bindings("chat")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self) -> None:
        super().__init__()
        self.drafts: DraftKeeper | None = None
        self.outbox = Outbox(self)
        self._find_row: FindRow | None = None  # from the first search on
        self.threads = OpenThreads(self)
        self.rewinds = Rewinds(self)

    def compose(self) -> ComposeResult:
        greeting, marks = self.app.greeting, self.app.marks
        self.chat = ChatView(
            Look(marks=marks, utc_offset_min=self.app.utc_offset_min), last_words=self.app.last_words
        )
        journal = self.app.journal
        self.composer = Composer(
            greeting.placeholder,
            images=tuple(greeting.images),
            clock=self.app.clock,
            remembered=journal.prompts if journal is not None else tuple,
            marks=marks,
        )
        if journal is not None:
            self.drafts = DraftKeeper(journal, self.composer, later=self.set_timer, unsent=self.unsent)
        look = Look(marks=marks, utc_offset_min=self.app.utc_offset_min)
        self.panes = Panes(
            self.chat, {"diff": lambda: diff_pane(look), "commands": lambda: command_pane(look)}
        )
        yield self.panes
        announcement = Announcement(marks=marks)
        self.questions = Questions(self, announcement)
        commands = CommandList(marks)
        self.slash = SlashCommands(self, self.composer, commands)
        yield commands
        yield announcement
        yield Rule(greeting.notice, marks=marks)
        yield self.composer
        yield StatusLine(clock=self.app.now, marks=marks)

    # -- what the store says -------------------------------------------------------------

    def take(self, state: State, change: Change) -> None:
        """Show a new state."""
        thread = state.active
        if thread is None or any(touch.kind == "threads" for touch in change):
            self.chat.show(thread)
        else:
            self.chat.apply(thread, change)
        self.panes.take(state, change)
        dead = state.engine.is_gone
        self.composer.turn_running = thread is not None and thread.running_turn is not None
        self.composer.when_empty = {"r": "screen.restart_engine"} if dead else {}
        self.query_one(StatusLine).show(state)
        self.query_one(Rule).show(state)
        self.threads.take(state)
        self.rewinds.follow(state)
        self.questions.sync(state)
        if self.is_ready:
            self.outbox.release()
        if self.drafts is not None:
            self.drafts.follow(thread)

    @property
    def is_ready(self) -> bool:
        """Whether there is an engine with a thread to send to."""
        state = self.app.state
        return self.app.intents is not None and state is not None and state.active is not None

    @on(ChatView.Moved)
    def tell_rule(self, message: ChatView.Moved) -> None:
        self.query_one(Rule).below(message.following, message.new_below)

    # -- prompts -------------------------------------------------------------------------

    @on(Composer.Submitted)
    def send(self, message: Composer.Submitted) -> None:
        if self.slash.run(message.text):
            self.composer.images = message.images  # they are no part of a command
            return
        self.outbox.put(message)

    @on(Composer.Changed)
    def keep_draft(self) -> None:
        draft = self.composer.draft
        shell = draft.lstrip("\n").startswith(SHELL)
        self.composer.mark_shell(shell)
        self.query_one(Rule).shell(shell)
        self.slash.follow(draft)
        if self.drafts is not None:
            self.drafts.changed()

    @on(Composer.PromptsWanted)
    def search_prompts(self) -> None:
        from codex_tui.screens.recall import RecallScreen

        def take(prompt: str | None) -> None:
            if prompt is not None:
                self.composer.take_prompt(prompt)

        self.app.push_screen(RecallScreen(self.composer.prompts), take)

    @on(Composer.EditorWanted)
    def lend_draft(self, message: Composer.EditorWanted) -> None:
        self.app.edit_draft(message.draft)

    @on(Composer.PasteRefused)
    def tell_refusal(self, message: Composer.PasteRefused) -> None:
        self.say(f"not pasted: {message.characters:,} characters are more than a prompt can hold")

    def give_back(self, text: str, reason: str) -> None:
        """A prompt returns to the composer, before whatever was written meanwhile."""
        self.composer.restore(text)
        self.say(reason)

    def unsent(self) -> list[str]:
        """What would be lost if the program ended now: held prompts and the draft."""
        held = self.outbox.texts
        if hasattr(self, "composer"):  # not when composing the screen failed
            held.append(self.composer.draft)
        return [text for text in held if text]

    def on_unmount(self) -> None:
        if self.drafts is not None:
            self.drafts.keep()

    def clear_draft(self) -> bool:
        """Clear the composer; False when it was empty."""
        return self.composer.clear_draft()

    def say(self, words: str, seconds: float = 5.0) -> None:
        """A passing remark of ours in the rule above the composer. Never engine text."""
        self.query_one(Rule).say(words, seconds)

    # -- questions -----------------------------------------------------------------------

    def stop_question(self) -> bool:
        """Ctrl+C in an open dialog: decline that one and stop its turn. False when none is open."""
        return self.questions.stop()

    def action_open_question(self) -> None:
        self.questions.open(asked=True)

    def action_approve_denied(self) -> None:
        """Show the denial of the selected item, else the newest one."""
        chosen = self.chat.selected
        self.questions.approve_denied(chosen[2] if chosen is not None else None)

    # -- panes ---------------------------------------------------------------------------

    @property
    def scope(self) -> Scope:
        """Whose keys work now."""
        if self.focused is self.chat:
            return "reading"
        side = self.panes.side
        inside = side is not None and self.focused is not None and side in self.focused.ancestors_with_self
        return self.panes.shown or "composer" if inside else "composer"

    async def action_show_side(self, name: Side) -> None:
        """Show a side pane and go there; from there the same key closes it."""
        if self.panes.shown == name and self.panes.side is self.focused:
            self.panes.close_side()
            self.set_focus(self.composer)
            return
        self.set_focus(await self.panes.open_side(name, self.app.state))

    def action_show_chat(self) -> None:
        """From the composer to reading the chat with single keys; from anywhere else back."""
        if not self.panes.is_chat_visible:
            self.panes.close_side()
        if self.focused is self.composer:
            self.chat.read()
        else:
            self.set_focus(self.composer)

    @on(SidePane.Leave)
    def leave_side(self) -> None:
        if not self.panes.is_chat_visible:
            self.panes.close_side()
        self.set_focus(self.composer)

    @on(ChatView.Leave)
    def leave_chat(self) -> None:
        self.set_focus(self.composer)

    @on(ChatView.Reading)
    def tell_reading(self, message: ChatView.Reading) -> None:
        self.query_one(Rule).reading(message.now)

    @on(ChatView.Searched)
    def tell_found(self, message: ChatView.Searched) -> None:
        if self._find_row is not None:
            self._find_row.tell(message.found)

    async def action_find(self) -> None:
        """Find in the conversation; the row for it stands in the rule's place."""
        from codex_tui.screens.find import FindRow

        back_to = self.focused
        if not self.panes.is_chat_visible:
            self.panes.close_side()
            back_to = None  # nobody would see what keys do in a pane that is gone
        if self._find_row is None:
            self._find_row = FindRow(self.chat, self.query_one(Rule))
            await self.mount(self._find_row, after=self.query_one(Rule))
        self._find_row.open(back_to=back_to or self.composer)

    async def find_words(self, words: str) -> None:
        """Find `words` in the conversation, or ask for them."""
        await self.action_find()
        if self._find_row is not None and words:
            self._find_row.look_for(words)

    @on(events.DescendantFocus)
    def leave_find(self, event: events.DescendantFocus) -> None:
        """Whoever writes again has found what they looked for."""
        if self._find_row is not None and event.widget is self.composer:
            self._find_row.leave()

    @on(ChatView.OlderWanted)
    def fetch_older(self, message: ChatView.OlderWanted) -> None:
        if (intents := self.app.intents) is not None:
            intents.threads.older(message.thread_id, whole=message.whole)

    @on(ChatView.Says)
    def tell_remark(self, message: ChatView.Says) -> None:
        self.say(message.words, message.seconds)

    @on(Rule.ToEnd)
    def go_to_end(self) -> None:
        self.chat.action_to_end()

    @on(events.Paste)
    def paste_into_prompt(self, event: events.Paste) -> None:
        """What is pasted while nothing takes text belongs to the prompt."""
        if self.focused is not self.composer:
            self.set_focus(self.composer)
            self.composer.post_message(event)

    # -- actions -------------------------------------------------------------------------

    def action_choose_command(self, steps: int) -> None:
        self.slash.choose(steps)

    def action_complete_command(self, run: bool) -> None:
        self.slash.complete(run)

    def action_close_commands(self) -> None:
        self.slash.close()

    def action_back_out(self) -> None:
        """Esc: a shell command becomes a prompt; else stop the running turn, or leave the composer when
        the engine is dead."""
        if self.composer.leave_shell():
            return
        state = self.app.state
        if state is None or self.app.intents is None:
            return
        if state.engine.is_gone:
            self.set_focus(None)
        elif (thread := state.active) is not None and thread.running_turn is None and self.threads.escape():
            return
        elif state.active is not None and (state.active.running_turn or state.active.pending):
            self.rewinds.stopped_turn()
            self.app.intents.interrupt()
        else:
            self.rewinds.escape()

    def action_rewind(self) -> None:
        self.rewinds.open_here()

    def action_list_threads(self) -> None:
        self.threads.list()

    def action_fork_here(self) -> None:
        self.threads.fork_here()

    def action_threads(self) -> None:
        self.open_history()

    def open_history(self, wanted: str = "") -> None:
        """The saved threads, filtered; the one on screen goes on meanwhile."""
        from codex_tui.screens.history import HistoryScreen

        intents, state = self.app.intents, self.app.state
        if intents is None or state is None or state.active is None:
            return

        def take(choice: Choice | None) -> None:
            if choice is not None:
                self.threads.seek(choice)
                intents.open_thread(choice)

        here = state.active.settings.cwd
        self.app.push_screen(HistoryScreen(intents.catalogue, here, wanted=wanted), take)

    def action_new_thread(self) -> None:
        if self.app.intents is not None and self.is_ready:
            self.app.intents.new_thread()

    def action_restart_engine(self) -> None:
        state = self.app.state
        if self.app.intents is not None and state is not None and state.engine.is_gone:
            self.app.intents.restart_engine()
            self.set_focus(self.composer)

    # The chat takes no focus, so that typing always reaches the composer; its keys work from here.

    def action_page_up(self) -> None:
        self.chat.action_page_up()

    def action_page_down(self) -> None:
        self.chat.action_page_down()

    def action_line_up(self) -> None:
        self.chat.action_line_up()

    def action_line_down(self) -> None:
        self.chat.action_line_down()

    def action_to_start(self) -> None:
        self.chat.action_to_start()

    def action_to_end(self) -> None:
        self.chat.action_to_end()

    def action_item_up(self) -> None:
        self.chat.action_item_up()

    def action_item_down(self) -> None:
        self.chat.action_item_down()

    def action_toggle_item(self) -> None:
        self.chat.action_toggle_item()

    def action_jump(self, aim: Aim, step: int) -> None:
        self.chat.action_jump(aim, step)

    def action_cycle_fold(self) -> None:
        level = self.chat.cycle_fold()
        self.say({"brief": "brief", "normal": "normal", "full": "everything"}[level], seconds=2.0)


def diff_pane(look: Look) -> SidePane:
    from codex_tui.panes.diff import DiffPane

    return DiffPane(look)


def command_pane(look: Look) -> SidePane:
    from codex_tui.panes.commands import CommandPane

    return CommandPane(look)
