"""The Textual app: themes, keys of the whole program, and who gets told what changed.

It holds no session state: the store delivers it, the main screen shows it, and everything a
person does leaves through `Intents`.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App
from textual.message import Message

from codex_tui.actions import bindings
from codex_tui.config import Config
from codex_tui.hands import Hands
from codex_tui.paint.look import ASCII_MARKS, Marks
from codex_tui.panes.chat import ChatView
from codex_tui.paths import styles_dir
from codex_tui.screens.main import MainScreen
from codex_tui.sheet import Sheet
from codex_tui.text import copyable
from codex_tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from textual.driver import Driver

    from codex_tui.actions import Scope
    from codex_tui.curtain import Curtain
    from codex_tui.glimpse import Words
    from codex_tui.history.access import Catalogue, Choice
    from codex_tui.intents import Intents, Way
    from codex_tui.journal import Journal
    from codex_tui.session.state import Change, State
    from codex_tui.text import SafeText
    from codex_tui.trust import Answer, Trust

ASK_EVERY = 0.1  # seconds between looks whether a person has stopped typing and can be asked
QUIT_AGAIN_WITHIN = 2.0  # seconds between two Ctrl+C that mean: quit


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the composer and the rule say before anything happened."""

    placeholder: str = "Ask for anything, or describe a change"
    notice: str = ""  # stays on screen, e.g. that the demo's model is scripted
    draft: str = ""  # put into the composer, not sent
    images: Sequence[str] = ()  # paths, go with the first prompt


def _driver(curtain: Curtain | None, focused: threading.Event, hands: Hands) -> type[Driver] | None:
    if curtain is None:
        return None
    from codex_tui.driver import driver_after

    return driver_after(curtain, focused, hands)


class StateChanged(Message):
    """The store's delivery. `handled` is set when every widget has taken it."""

    def __init__(self, state: State, change: Change) -> None:
        super().__init__()
        self.state = state
        self.change = change
        self.handled = asyncio.Event()


class CodexApp(App[None], inherit_bindings=False):
    """One session in one terminal."""

    TITLE = "codex-tui"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar = sorted(styles_dir().glob("*.tcss"))
    BINDINGS: ClassVar = [*bindings("app")]

    def __init__(
        self,
        config: Config | None = None,
        greeting: Greeting | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        utc_offset_min: int = 0,
        curtain: Curtain | None = None,
        journal: Journal | None = None,
    ) -> None:
        """`journal` keeps prompts and drafts; without one they end with the session."""
        self._focused = threading.Event()
        self._curtain = curtain
        self.hands = Hands()
        super().__init__(driver_class=_driver(curtain, self._focused, self.hands))
        self.intents: Intents | None = None  # there as soon as the engine's side is loaded
        self.config = config or Config()
        self.greeting = greeting or Greeting()
        self.journal = journal
        self.clock = clock  # monotonic seconds
        self.now = now  # seconds since the epoch
        self.marks = ASCII_MARKS if self.config.ascii else Marks()
        self.utc_offset_min = utc_offset_min
        self.last_key_at = clock() - 60.0
        self.painted = asyncio.Event()  # the first frame is on screen
        self.state: State | None = None
        self.main = MainScreen()  # also while a dialog covers it, and after the end
        self.crash: BaseException | None = None
        self._quit_armed_at = -QUIT_AGAIN_WITHIN
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self.config.theme if self.config.theme in self.available_themes else THEMES[0].name
        self.stylesheet = Sheet(variables=self.get_css_variables())
        if self.config.reduced_motion:
            self.animation_level = "none"

    def get_default_screen(self) -> MainScreen:
        return self.main

    def on_ready(self) -> None:
        self._focused.set()
        self.call_after_refresh(self.painted.set)
        if self._curtain is not None:
            loop = asyncio.get_running_loop()
            self._curtain.late = partial(loop.call_soon_threadsafe, self.main.chat.look_again)
            self.main.chat.look_again()

    def last_words(self) -> Sequence[Words]:
        """Of a saved thread that is loading, as soon as they are known."""
        return self._curtain.words if self._curtain is not None else ()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste):
            self.last_key_at = self.clock()
        await super().on_event(event)

    # -- sides of the engine -------------------------------------------------------------

    def attach(self, intents: Intents) -> None:
        """From now on what the person wants has somewhere to go."""
        self.intents = intents

    def give_back(self, text: str, reason: str) -> None:
        """A prompt that did not get through returns to the composer (`Face`)."""
        self.call_later(self.main.give_back, text, reason)

    async def ask_trust(self, trust: Trust) -> Answer:
        """Ask whether to trust a folder, as soon as nobody is typing (`Face`)."""
        from codex_tui.dialogs.gate import may_open

        # It is time that has to pass.
        while self.screen is not self.main or not may_open(True, self.last_key_at, self.clock()):  # noqa: ASYNC110
            await asyncio.sleep(ASK_EVERY)
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.call_later(self._open_trust, trust, answered)
        answer = await answered
        if answer == "leave":
            self.exit()
        return answer

    async def choose(self, heading: SafeText, detail: SafeText, ways: Sequence[Way]) -> str | None:
        """Let the person choose a way on (`Face`)."""
        from codex_tui.screens.choose import choose

        return await choose(self, heading, detail, ways)

    async def pick_thread(self, catalogue: Catalogue, here: str) -> Choice | None:
        """Let the person choose a saved thread, before anything else (`Face`)."""
        from codex_tui.screens.history import HistoryScreen

        chosen: asyncio.Future[Choice | None] = asyncio.get_running_loop().create_future()

        def take(choice: Choice | None) -> None:
            if not chosen.done():
                chosen.set_result(choice)

        self.call_later(self.push_screen, HistoryScreen(catalogue, here), take)
        choice = await chosen
        if choice is None:
            self.exit()
        else:
            self.main.threads.seek(choice)
        return choice

    def _open_trust(self, trust: Trust, answered: asyncio.Future[Answer]) -> None:
        from codex_tui.dialogs.folder import folder_sheet
        from codex_tui.screens.trust import TrustScreen
        from codex_tui.trust import parts_of

        def take(answer: Answer | None) -> None:
            if not answered.done():
                answered.set_result(answer or "leave")

        sheet = folder_sheet(trust, parts_of(trust), os.path.expanduser("~"))  # noqa: PTH111 - a string
        self.push_screen(TrustScreen(sheet, clock=self.clock, marks=self.marks), take)

    def unsent(self) -> list[str]:
        """The draft and what was held back, escaped line by line, for the plain terminal."""
        from codex_tui.text import block

        return [part for text in self.main.unsent() for part in block(text)]

    # -- what the store says -------------------------------------------------------------

    async def deliver(self, state: State, change: Change) -> None:
        """Show a new state; returns when the widgets have taken it."""
        message = StateChanged(state, change)
        if self.post_message(message):
            await message.handled.wait()

    @on(StateChanged)
    def take_state(self, message: StateChanged) -> None:
        try:
            self.state = message.state
            self.main.take(message.state, message.change)
        finally:
            message.handled.set()

    # -- actions of the whole program ----------------------------------------------------

    def action_clear_or_quit(self) -> None:
        """Ctrl+C: answers an open question with stop, else copies a selection, clears the draft, or quits."""
        if self.main.stop_question():
            return
        if selected := self.screen.get_selected_text():
            self.copy(selected)
            self.screen.clear_selection()
            return
        if self.screen is not self.main:
            self.screen.dismiss()
            return
        composer = self.main.composer
        if selected := composer.selected_text:
            self.copy(selected)
            composer.move_cursor(composer.cursor_location)  # the next one clears the draft
            return
        if self.main.clear_draft():
            self._quit_armed_at = -QUIT_AGAIN_WITHIN
            return
        now = self.clock()
        if now - self._quit_armed_at < QUIT_AGAIN_WITHIN:
            self.exit()
            return
        self._quit_armed_at = now
        self.main.say("Ctrl+C again quits", seconds=QUIT_AGAIN_WITHIN)

    def on_resize(self) -> None:
        # A window made small and large again at once: the terminal has dropped rows, Textual sees
        # the size it had and would repaint nothing.
        self.call_later(self.action_redraw)

    def action_redraw(self) -> None:
        """Draw everything anew, for when something else wrote on the terminal."""
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    def action_help(self) -> None:
        """The keys, from the one table."""
        from codex_tui.screens.keys import KeysScreen

        if not isinstance(self.screen, KeysScreen):
            self.push_screen(KeysScreen(self.scope))

    @property
    def scope(self) -> Scope:
        """Whose keys work now."""
        from codex_tui.dialogs import QuestionScreen
        from codex_tui.screens.history import HistoryScreen

        if isinstance(self.screen, QuestionScreen):
            return "question"
        return "history" if isinstance(self.screen, HistoryScreen) else self.main.scope

    def action_engine_log(self) -> None:
        """Notices, the engine's standard error and the lines that were no messages."""
        from codex_tui.screens.log import LogScreen

        if not isinstance(self.screen, LogScreen):
            notices = self.state.notices if self.state is not None else ()
            alone = self.state.engine.answered_alone if self.state is not None else 0
            self.push_screen(LogScreen(notices, self.intents.engine_log() if self.intents else [], alone))

    # -- other programs ------------------------------------------------------------------

    def open_editor(self, path: str, line: int | None = None) -> None:
        """Open a file in the person's `$VISUAL` or `$EDITOR` at a line (from 1).

        A relative path goes by the thread's folder. Says so when it is no regular file, or when
        there is no editor. A terminal editor gets the whole screen; the engine goes on meanwhile.
        """
        from codex_tui.handover import open_file

        self._borrow(open_file(self, path, line, self._root))

    @property
    def _root(self) -> str:
        """The folder of the thread on screen."""
        thread = self.state.active if self.state is not None else None
        return thread.settings.cwd if thread is not None else str(Path.cwd())

    def edit_draft(self, draft: str) -> None:
        """Write on at `draft` in the person's editor; the composer gets what comes of it."""
        from codex_tui.handover import edit_text

        async def edit() -> None:
            text = await edit_text(self, draft)
            if text is None:
                self.main.say("the draft stays as it was: the editor did not end well")
            elif text != draft:
                self.main.composer.rewrite(text)

        self._borrow(edit())

    def _borrow(self, work: Coroutine[None, None, None]) -> None:
        """Run what may lend the terminal to an editor; one at a time."""

        async def run() -> None:
            from codex_tui.editor import CannotOpenError

            try:
                await work
            except CannotOpenError as error:
                self.main.say(error.reason)
            self.last_key_at = self.clock()  # keys meant for the editor may still be on their way
            self.action_redraw()

        if any(worker.group == "editor" and worker.is_running for worker in self.workers):
            work.close()
            return
        self.run_worker(run(), group="editor")

    def copy(self, text: str | Callable[[], str], what: str = "") -> None:
        """Put `text` in the clipboard and say so: `copied {what}, 12 lines`. `what` is ours.

        A text that takes long to make is handed in as what makes it; that is done in a thread.
        Control, invisible and bidirectional characters become visible escapes, so that nothing
        acts where it is pasted (`codex_tui.text.copyable`).
        """
        self.run_worker(self._copy(text, what), group="copy", exclusive=True)

    def copy_to_clipboard(self, text: str) -> None:
        """Textual's own ways to copy (text areas, Super+C) go the same way."""
        self.copy(text)

    async def _copy(self, given: str | Callable[[], str], what: str) -> None:
        from codex_tui import clipboard

        text = await asyncio.to_thread(lambda: copyable(given() if callable(given) else given))
        if not text.strip("\n"):
            self.main.say("nothing to copy there")
            return
        taken = await asyncio.to_thread(clipboard.hand_over, text, clipboard.tmux_ways(os.environ))
        if not taken and clipboard.fits_terminal(text):
            super().copy_to_clipboard(text)
            taken = True
        taken |= await asyncio.to_thread(clipboard.hand_over, text, clipboard.programs(os.environ))
        amount = clipboard.amount(text)
        if taken:
            self.main.say(f"copied {what}, {amount}" if what else f"copied {amount}")
        else:
            self.main.say(f"not copied: {amount} are too much for the terminal's clipboard")

    @on(ChatView.Copied)
    def take_copy(self, message: ChatView.Copied) -> None:
        self.copy(message.text, message.what)

    @on(ChatView.FileWanted)
    def take_file(self, message: ChatView.FileWanted) -> None:
        self.open_editor(message.path, message.line)

    @on(ChatView.LinksWanted)
    def show_links(self, message: ChatView.LinksWanted) -> None:
        """Where an item leads; nothing is opened before it was shown."""
        from codex_tui.screens.links import LinkScreen

        if self.screen is self.main:
            self.push_screen(LinkScreen(message.links, root=self._root, marks=self.marks, clock=self.clock))

    # -- going down ----------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with local variables, which may hold secrets and raw
        # engine text. The host writes a report without them and says where it is.
        self._return_code = 1
        if self.crash is None:
            self.crash = self._exception = error
            self._exception_event.set()  # pyright: ignore[reportUnknownMemberType]
        self._close_messages_no_wait()
