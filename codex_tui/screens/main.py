"""The main screen: conversation, rule, composer, status line; and when the question dialog opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.screen import Screen

from codex_tui.actions import bindings
from codex_tui.composer import Composer
from codex_tui.dialogs import Opener
from codex_tui.paint.look import Look
from codex_tui.panes.chat import ChatView
from codex_tui.panes.side import SidePane
from codex_tui.panes.status import Announcement, Rule, StatusLine
from codex_tui.screens.drafts import DraftKeeper
from codex_tui.screens.layout import Panes
from codex_tui.session.asides import with_asides
from codex_tui.session.denials import denial_of, key_of, with_denials

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer

    from codex_tui.app import CodexApp
    from codex_tui.dialogs import QuestionScreen
    from codex_tui.history.access import Choice
    from codex_tui.intents import Intents
    from codex_tui.panes.chat.jumps import Aim
    from codex_tui.screens.find import FindRow
    from codex_tui.screens.layout import Side
    from codex_tui.session.inbox import QuestionKey
    from codex_tui.session.state import Change, State

SHELL = "!"  # a draft that begins so is a command for the person's own shell
OFFER_EVERY = 0.25  # seconds between looks whether a waiting question may open; only while one waits


class MainScreen(Screen[None]):
    """Everything a person sees most of the time. Takes states, sends intents, holds neither."""

    AUTO_FOCUS = "Composer"
    BINDINGS: ClassVar = [*bindings("main"), *bindings("chat")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self) -> None:
        super().__init__()
        self.drafts: DraftKeeper | None = None
        self._held: list[Composer.Submitted] = []  # written before the engine was ready
        self._questions: QuestionScreen | None = None  # the open dialog
        self._offer_timer: Timer | None = None
        self._opener = Opener()
        self._find_row: FindRow | None = None  # from the first search on
        self._asides: dict[QuestionKey, float] = {}  # when questions of messages were seen first
        self._denials_open = False  # the open dialog shows what the automatic reviewer denied, too

    def compose(self) -> ComposeResult:
        greeting, marks = self.app.greeting, self.app.marks
        self.chat = ChatView(Look(marks=marks, utc_offset_min=self.app.utc_offset_min))
        journal = self.app.journal
        self.composer = Composer(
            greeting.placeholder,
            images=tuple(greeting.images),
            clock=self.app.clock,
            remembered=journal.prompts if journal is not None else tuple,
        )
        if journal is not None:
            self.drafts = DraftKeeper(journal, self.composer, later=self.set_timer, unsent=self.unsent)
        look = Look(marks=marks, utc_offset_min=self.app.utc_offset_min)
        self.panes = Panes(
            self.chat, {"diff": lambda: diff_pane(look), "commands": lambda: command_pane(look)}
        )
        yield self.panes
        yield Announcement(marks=marks)
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
        dead = state.engine.phase in ("died", "stopped")
        self.composer.turn_running = thread is not None and thread.running_turn is not None
        self.composer.when_empty = {"r": "screen.restart_engine"} if dead else {}
        self.query_one(StatusLine).show(state)
        self.query_one(Rule).show(state)
        self._sync_questions(state)
        if self._held and self._ready:
            self._release()
        if self.drafts is not None:
            self.drafts.follow(thread)

    @property
    def _ready(self) -> bool:
        state = self.app.state
        return self.app.intents is not None and state is not None and state.active is not None

    @on(ChatView.Moved)
    def tell_rule(self, message: ChatView.Moved) -> None:
        self.query_one(Rule).below(message.following, message.new_below)

    # -- prompts -------------------------------------------------------------------------

    @on(Composer.Submitted)
    def send(self, message: Composer.Submitted) -> None:
        state = self.app.state
        if state is not None and state.engine.phase in ("died", "stopped"):
            self.give_back(message.text, "The engine has stopped; Esc, then r starts it again")
            self.composer.images = message.images
            return
        self._held.append(message)
        if self.app.journal is not None:
            self.app.journal.add_prompt(message.text, str(Path.cwd()))
        if self._ready:
            self._release()
        else:
            self.say("sent as soon as the engine is ready")

    @on(Composer.Changed)
    def keep_draft(self) -> None:
        self.query_one(Rule).shell(self.composer.draft.lstrip("\n").startswith(SHELL))
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

    def _release(self) -> None:
        intents = self.app.intents
        if intents is None:
            return
        held, self._held = self._held, []
        for message in held:
            if message.text.startswith(SHELL):
                self._run_shell(intents, message)
            elif message.queue:
                intents.queue(message.text)
            else:
                intents.send(message.text, message.images)

    def _run_shell(self, intents: Intents, message: Composer.Submitted) -> None:
        """A draft that begins with `!` is a command for the person's own shell."""
        self.composer.images = message.images  # they are no part of a command
        if message.queue:
            self.give_back(message.text, "a shell command cannot wait; Enter runs it now")
        elif not message.text[1:].strip():
            self.give_back(message.text, "a command goes after the !")
        else:
            intents.run_shell(message.text[1:].strip())

    def give_back(self, text: str, reason: str) -> None:
        """A prompt returns to the composer, before whatever was written meanwhile."""
        self.composer.restore(text)
        self.say(reason)

    def unsent(self) -> list[str]:
        """What would be lost if the program ended now: held prompts and the draft."""
        held = [message.text for message in self._held]
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

    def _waiting(self, state: State) -> State:
        """`state` with the questions of messages in its inbox, and with what was denied while the
        person looks at that: those never open by themselves."""

        def seen(key: QuestionKey) -> float:
            return self._asides.setdefault(key, self.app.clock())

        waiting = with_asides(state, seen)
        return with_denials(waiting, seen) if self._denials_open else waiting

    def _sync_questions(self, state: State) -> None:
        waiting = self._waiting(state)
        self._opener.keep_only({question.key for question in waiting.inbox.questions})
        self.query_one(Announcement).show(waiting, open=self._questions is not None)
        if self._questions is not None:
            self._questions.sync(waiting)
        elif state.inbox.head is not None:
            self._offer()

    def _offer(self) -> None:
        """Open the dialog if that steals no key from the person, else look again a little later."""
        state = self.app.state
        first = self._opener.first(state.inbox) if state is not None else None
        if first is None or self._questions is not None:
            self._stop_offering()
        elif self.app.screen is self and self._opener.opens(
            first.key,
            draft_empty=self.composer.is_empty,
            last_key_at=self.app.last_key_at,
            now=self.app.clock(),
        ):
            self._open()
        elif self._offer_timer is None:
            self._offer_timer = self.set_interval(OFFER_EVERY, self._offer)

    def _stop_offering(self) -> None:
        if self._offer_timer is not None:
            self._offer_timer.stop()
            self._offer_timer = None

    def _open(self, asked: bool | QuestionKey = False) -> None:
        """Open the dialog; `asked` when the person wants it, or one of them, and not what comes up by
        itself."""
        from codex_tui.dialogs import QuestionScreen

        intents = self.app.intents
        state = self._waiting(self.app.state) if self.app.state is not None else None
        if state is None or intents is None or state.inbox.head is None or self._questions is not None:
            return
        self._stop_offering()
        self._questions = QuestionScreen(
            intents,
            clock=self.app.clock,
            marks=self.app.marks,
            put_off=frozenset(self._opener.put_off),
            asked=asked,
        )
        self.app.push_screen(self._questions, self._question_closed)
        self._questions.sync(state)
        self.query_one(Announcement).show(state, open=True)

    def _question_closed(self, put_off: QuestionKey | None) -> None:
        self._questions = None
        was_denied, self._denials_open = self._denials_open, False
        if put_off is not None and was_denied and not self._is_asked(put_off):
            self.say("it stays denied; Alt+A shows it again")
        elif put_off is not None:
            # Whoever puts one off wants the conversation now: the others that wait can wait too.
            waiting = self.app.state.inbox.questions if self.app.state is not None else ()
            for key in {put_off, *(question.key for question in waiting)}:
                self._opener.postpone(key)
            self.say("put off; F5 opens it again")
        if self.app.state is not None:
            self._sync_questions(self.app.state)

    def _is_asked(self, key: QuestionKey) -> bool:
        """Whether the engine waits for that one, or the agent asked it by the way."""
        state = self.app.state
        return state is not None and self._waiting(state).inbox.find(key) is not None

    def stop_question(self) -> bool:
        """Ctrl+C in an open dialog: decline that one and stop its turn. False when none is open."""
        if self._questions is None or not self._questions.is_active:
            return False
        self._questions.action_stop()
        return True

    # -- panes ---------------------------------------------------------------------------

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

        if not self.panes.is_chat_visible:
            self.panes.close_side()
        if self._find_row is None:
            self._find_row = FindRow(self.chat, self.query_one(Rule))
            await self.mount(self._find_row, after=self.query_one(Rule))
        self._find_row.open(back_to=self.focused or self.composer)

    @on(events.DescendantFocus)
    def leave_find(self, event: events.DescendantFocus) -> None:
        """Whoever writes again has found what they looked for."""
        if self._find_row is not None and event.widget is self.composer:
            self._find_row.leave()

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

    def action_open_question(self) -> None:
        self._open(asked=True)

    def action_approve_denied(self) -> None:
        """Show the denial of the selected item, else the newest one."""
        state, chosen = self.app.state, self.chat.selected
        if state is None:
            return
        denial = (denial_of(state, chosen[2]) if chosen is not None else None) or denial_of(state)
        if denial is None:
            self.say("the automatic reviewer has denied nothing")
        elif self._questions is None:
            self._denials_open = True
            self._open(asked=key_of(state, denial))

    def action_back_out(self) -> None:
        """Esc: stop the running turn, or leave the composer when the engine is dead."""
        state = self.app.state
        if state is None or self.app.intents is None:
            return
        if state.engine.phase in ("died", "stopped"):
            self.set_focus(None)
        elif state.active is not None and (state.active.running_turn or state.active.pending):
            self.app.intents.interrupt()

    def action_threads(self) -> None:
        """The saved threads; the one on screen goes on meanwhile."""
        from codex_tui.screens.history import HistoryScreen

        intents, state = self.app.intents, self.app.state
        if intents is None or state is None or state.active is None:
            return

        def take(choice: Choice | None) -> None:
            if choice is not None:
                intents.open_thread(choice)

        self.app.push_screen(HistoryScreen(intents.catalogue, state.active.settings.cwd), take)

    def action_new_thread(self) -> None:
        if self.app.intents is not None and self._ready:
            self.app.intents.new_thread()

    def action_restart_engine(self) -> None:
        state = self.app.state
        if self.app.intents is not None and state is not None and state.engine.phase in ("died", "stopped"):
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
