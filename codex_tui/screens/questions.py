"""When the dialog with the engine's questions opens, and what happens when it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codex_tui.dialogs import Opener
from codex_tui.session.asides import with_asides
from codex_tui.session.denials import denial_of, key_of, with_denials

if TYPE_CHECKING:
    from textual.timer import Timer

    from codex_tui.dialogs import QuestionScreen
    from codex_tui.panes.status import Announcement
    from codex_tui.screens.main import MainScreen
    from codex_tui.session.inbox import QuestionKey
    from codex_tui.session.state import State

OFFER_EVERY: Final = 0.25  # seconds between looks whether a waiting question may open; only while one waits


class Questions:
    """The one owner of the open dialog and of what was put off.

    `announcement`: the line that says what waits while no dialog is open.
    """

    def __init__(self, screen: MainScreen, announcement: Announcement) -> None:
        self._screen = screen
        self._app = screen.app
        self._announcement = announcement
        self._dialog: QuestionScreen | None = None
        self._opener = Opener()
        self._timer: Timer | None = None
        self._asides: dict[QuestionKey, float] = {}  # when questions of messages were seen first
        self._denials_open = False  # the open dialog shows what the automatic reviewer denied, too

    def sync(self, state: State) -> None:
        """Show a new state in the dialog and in the announcement, and open the dialog when it may."""
        waiting = self._waiting(state)
        self._opener.keep_only({question.key for question in waiting.inbox.questions})
        self._announcement.show(waiting, open=self._dialog is not None)
        if self._dialog is not None:
            self._dialog.sync(waiting)
        elif state.inbox.head is not None:
            self._offer()

    def open(self, asked: bool | QuestionKey = False) -> None:
        """Open the dialog; `asked` when the person wants it, or one of them, and not what comes up by
        itself."""
        from codex_tui.dialogs import QuestionScreen

        app = self._app
        intents = app.intents
        state = self._waiting(app.state) if app.state is not None else None
        if state is None or intents is None or state.inbox.head is None or self._dialog is not None:
            return
        self._stop_offering()
        self._dialog = QuestionScreen(
            intents,
            clock=app.clock,
            marks=app.marks,
            put_off=frozenset(self._opener.put_off),
            asked=asked,
        )
        app.push_screen(self._dialog, self._closed)
        self._dialog.sync(state)
        self._announcement.show(state, open=True)

    def approve_denied(self, item_id: str | None) -> None:
        """Show the denial of that item, else the newest one."""
        state = self._app.state
        if state is None:
            return
        denial = (denial_of(state, item_id) if item_id is not None else None) or denial_of(state)
        if denial is None:
            self._screen.say("the automatic reviewer has denied nothing")
        elif self._dialog is None:
            self._denials_open = True
            self.open(asked=key_of(state, denial))

    def stop(self) -> bool:
        """Decline the question on screen and stop its turn. False when none is."""
        if self._dialog is None or not self._dialog.is_active:
            return False
        self._dialog.action_stop()
        return True

    def _waiting(self, state: State) -> State:
        """`state` with the questions of messages in its inbox, and with what was denied while the
        person looks at that: those never open by themselves."""

        def seen(key: QuestionKey) -> float:
            return self._asides.setdefault(key, self._app.clock())

        waiting = with_asides(state, seen)
        return with_denials(waiting, seen) if self._denials_open else waiting

    def _offer(self) -> None:
        """Open the dialog if that steals no key from the person, else look again a little later."""
        app = self._app
        first = self._opener.first(app.state.inbox) if app.state is not None else None
        if first is None or self._dialog is not None:
            self._stop_offering()
        elif app.screen is self._screen and self._opener.opens(
            first.key,
            draft_empty=self._screen.composer.is_empty,
            last_key_at=app.last_key_at,
            now=app.clock(),
        ):
            self.open()
        elif self._timer is None:
            self._timer = self._screen.set_interval(OFFER_EVERY, self._offer)

    def _stop_offering(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _closed(self, put_off: QuestionKey | None) -> None:
        self._dialog = None
        was_denied, self._denials_open = self._denials_open, False
        if put_off is not None and was_denied and not self._is_asked(put_off):
            self._screen.say("it stays denied; Alt+A shows it again")
        elif put_off is not None:
            # Whoever puts one off wants the conversation now: the others that wait can wait too.
            waiting = self._app.state.inbox.questions if self._app.state is not None else ()
            for key in {put_off, *(question.key for question in waiting)}:
                self._opener.postpone(key)
            self._screen.say("put off; F5 opens it again")
        if self._app.state is not None:
            self.sync(self._app.state)

    def _is_asked(self, key: QuestionKey) -> bool:
        """Whether the engine waits for that one, or the agent asked it by the way."""
        state = self._app.state
        return state is not None and self._waiting(state).inbox.find(key) is not None
