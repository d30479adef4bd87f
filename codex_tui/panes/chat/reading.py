"""What keys do in the conversation: pages, items, folds, jumps. The window knows the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.scroll_view import ScrollView

from codex_tui.actions import bindings
from codex_tui.panes.chat.jumps import Aim, seek, wanted_of
from codex_tui.panes.colours import app_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from codex_tui.panes.chat.finding import Finder, Found
    from codex_tui.panes.chat.layout import SlotKey
    from codex_tui.panes.chat.window import Window
    from codex_tui.session.state import Change
    from codex_tui.session.transcript import Above, Item

FIND_EVERY = 0.02  # seconds between slices of a search: most of the time is left to keys and frames
FIND_AGAIN = 0.25  # seconds between looks at what changed meanwhile
AHEAD = 2  # windows above the reader that should be here already: a page comes before they are read

_NOUNS: dict[Aim, str] = {
    "prompt": "prompt",
    "command": "command",
    "patch": "patch",
    "failure": "failure",
    "kind": "item of this kind",
}


class Reader(ScrollView, can_focus=False, inherit_bindings=False):
    """The keys of the conversation, over a window that the view below it paints.

    Actions of the scopes chat (the screen binds them) and reading (bound here: they work while the
    conversation has the keyboard).
    """

    BINDINGS: ClassVar = [*bindings("reading")]

    class Leave(Message):
        """The reader is done with the keys: back to the composer. Until somebody has the keyboard
        (`read` takes it again) what is typed waits."""

    class Reading(Message):
        """The conversation got the keyboard (`now`), or lost it."""

        def __init__(self, now: bool) -> None:
            super().__init__()
            self.now = now

    class Says(Message):
        """A passing remark for the reader, of our own words."""

        def __init__(self, words: str, seconds: float = 2.0) -> None:
            super().__init__()
            self.words = words
            self.seconds = seconds

    class OlderWanted(Message):
        """Turns are wanted that stand above the first one that is known; `whole`: all of them."""

        def __init__(self, thread_id: str, whole: bool) -> None:
            super().__init__()
            self.thread_id = thread_id
            self.whole = whole

    class Searched(Message):
        """What the search has found so far; None: it ended."""

        def __init__(self, found: Found | None) -> None:
            super().__init__()
            self.found = found

    _window: Window | None = None
    _shown_id: str | None = None  # the thread in the window
    _finder: Finder | None = None
    _find_timer: Timer | None = None
    _asked_for: Above | None = None  # more of this was asked for
    _leaving = False  # the keyboard is being given back
    _sought: tuple[Aim, Callable[[Item], bool]] | None = None  # a jump that goes on in older turns

    def _settle(self, anew: bool = False) -> None:
        """Show what the window shows now."""
        raise NotImplementedError

    @property
    def _rows_high(self) -> int:
        raise NotImplementedError

    @property
    def selected(self) -> SlotKey | None:
        """The selected item."""
        return self._window.selected if self._window is not None else None

    # -- the keyboard: only when asked for, so that a click leaves the composer its focus --

    def read(self) -> None:
        """Take the keyboard: from now on single letters are keys (scope reading)."""
        self.can_focus, self._leaving = True, False
        self.screen.set_focus(self)  # at once: keys typed behind the one that led here come here

    def on_focus(self) -> None:
        self.post_message(self.Reading(True))

    def on_blur(self) -> None:
        if not app_of(self).app_focus:
            return  # the terminal's window lost it, or lends it to an editor: it comes back here
        self.can_focus = False
        self.post_message(self.Reading(False))

    def action_leave(self) -> None:
        """Back to the composer; a search is ended first, and the reader stays where it led."""
        if self._finder is not None:
            self.end_search(give_back=False)
        else:
            self._leaving = True
            self.post_message(self.Leave())

    # -- finding ----------------------------------------------------------------------------

    @property
    def is_searching(self) -> bool:
        """Whether a search is open."""
        return self._finder is not None

    def search(self, query: str) -> None:
        """Look for `query` in the whole conversation; the first match comes in sight when it is found."""
        if self._window is None:
            return
        if self._finder is None:
            from codex_tui.panes.chat.finding import Finder

            self._finder = Finder(self._window, self._window.layout.painters.search_text)
        self._finder.search(query)
        self._step_search()
        self._look_above()

    def keep_place(self) -> None:
        """What an end of the search gives back from now on is what is in sight now."""
        if self._finder is not None:
            self._finder.keep_place()

    def find(self, step: int) -> None:
        """To the next match (1) or the one before (-1)."""
        finder = self._finder
        if finder is None:
            self.post_message(self.Says("nothing is looked for: / finds"))
        elif finder.move(step):
            self._settle()
            self._tell_search()
        self._look_above(again=True)

    def end_search(self, give_back: bool) -> None:
        """Put the search off. `give_back`: to the place and the folds from before it."""
        finder, self._finder = self._finder, None
        if finder is not None:
            self._time_search(None)
            finder.close(give_back)
            self._settle()
            self.post_message(self.Searched(None))

    def action_find(self, step: int) -> None:
        self.find(step)

    def _step_search(self) -> None:
        finder = self._finder
        if finder is None:
            return
        moved = finder.step()
        self._time_search(FIND_EVERY if finder.waits else None)
        if moved or not finder.waits:
            self._settle()
        self._tell_search()

    def _tell_search(self) -> None:
        if self._finder is not None and self._window is not None:
            found, above = self._finder.found, self._window.layout.above
            coming = above is not None and above.phase != "failed" and bool(self._finder.query)
            lacking = above is not None and above.phase == "failed"
            self.post_message(self.Searched(found._replace(more=found.more or coming, lacking=lacking)))

    def _search_again(self, thread_id: str, change: Change) -> None:
        """Something changed: it is looked through soon, but not at once for every delta."""
        if self._finder is not None:
            self._finder.take(change, thread_id)
            if self._finder.waits and self._find_timer is None:
                self._time_search(FIND_AGAIN)
            elif any(touch.kind == "thread" for touch in change):
                self._tell_search()  # older turns may have come, or not

    def _time_search(self, seconds: float | None) -> None:
        if self._find_timer is not None:
            self._find_timer.stop()
        self._find_timer = self.set_timer(seconds, self._step_search) if seconds is not None else None

    # -- what stands further up than is here --------------------------------------------------

    def _look_above(self, *, again: bool = False) -> None:
        """Ask for older turns when they are near, or when all are wanted; after a failure only `again`."""
        window = self._window
        above = window.layout.above if window is not None else None
        if window is None or above is None or above.phase == "coming" or self._shown_id is None:
            return
        if above is self._asked_for or (above.phase == "failed" and not again):
            return
        whole = window.is_home or (self._finder is not None and bool(self._finder.query))
        if whole or self._sought is not None or window.top_line < AHEAD * self._rows_high:
            self._asked_for = above
            self.post_message(self.OlderWanted(self._shown_id, whole))

    def _jump_on(self) -> None:
        """Go on with a jump into turns that have come by now."""
        window = self._window
        if window is None or self._sought is None:
            return
        (aim, wanted), above = self._sought, window.layout.above
        found = seek(window.layout, window.here(-1), -1, wanted)
        if found is not None:
            window.go(found)
        elif above is None:
            self.post_message(self.Says(f"no {_NOUNS[aim]} above"))
        elif above.phase == "failed":
            self.post_message(self.Says("older turns did not come"))
        else:
            return
        self._sought = None

    # -- moving -----------------------------------------------------------------------------

    def action_page_up(self) -> None:
        self._move(-max(1, self._rows_high - 1))

    def action_page_down(self) -> None:
        self._move(max(1, self._rows_high - 1))

    def action_line_up(self) -> None:
        self._move(-1)

    def action_line_down(self) -> None:
        self._move(1)

    def action_to_start(self) -> None:
        if self._window is not None:
            self._sought = None
            self._window.home()
            self._settle()
            self._look_above(again=True)

    def action_to_end(self) -> None:
        if self._window is not None:
            self._sought = None
            self._window.follow()
            self._settle()

    def action_item_up(self) -> None:
        self._select(-1)

    def action_item_down(self) -> None:
        self._select(1)

    def action_toggle_item(self) -> None:
        window = self._window
        if window is None:
            return
        slot = window.chosen
        if slot is None:
            self.post_message(self.Says("nothing is selected: ↑ and ↓ select"))
            return
        window.toggle(slot)
        self._settle()

    def action_jump(self, aim: Aim, step: int) -> None:
        """To the next thing of that kind above (`step` -1) or below (1), which is then selected."""
        window = self._window
        if window is None:
            return
        slot = window.layout.find(window.selected) if window.selected is not None else None
        wanted = wanted_of(aim, slot.item if slot is not None else None)
        found = seek(window.layout, window.here(step), step, wanted)
        self._sought = None
        if found is None and step < 0 and window.layout.above is not None:
            self._sought = aim, wanted
            self.post_message(self.Says("looking further up"))
            self._look_above(again=True)
            return
        if found is None:
            where, elsewhere = ("above", "below") if step < 0 else ("below", "above")
            other = seek(window.layout, window.here(-step), -step, wanted)
            self.post_message(self.Says(f"no {_NOUNS[aim]} {where}{f', but {elsewhere}' if other else ''}"))
            return
        window.go(found)
        self._settle()

    def _move(self, rows: int) -> None:
        if self._window is not None:
            self._sought = None
            self._window.move(rows)
            self._settle()
            self._look_above(again=rows < 0)

    def _select(self, step: int) -> None:
        if self._window is not None:
            self._sought = None
            self._window.select(step)
            self._settle()
            self._look_above(again=step < 0)
