"""The open threads: the list of them, and what a person does with the one on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList

from codex_tui.history.open import is_side, open_threads, parent_of, title_of
from codex_tui.panes.status import Rule
from codex_tui.panes.status.parts import Fact, compose, words
from codex_tui.text import SafeText, cell_width, join, line, number, own, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from codex_tui.history.access import Choice
    from codex_tui.history.open import Doing, OpenThread
    from codex_tui.paint.look import Marks
    from codex_tui.panes.status.parts import Part
    from codex_tui.screens.main import MainScreen
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread

DEEPEST = 4
"""Steps a thread stands further right at the most, each two cells, below the one it belongs to."""
TITLE_LEAST = 12
"""Cells of a title, whatever else is said of its thread."""

ASIDE = own("side conversation: Esc with an empty draft leads back")
AGENT = own("an agent's thread: /back leads to the one it works for")

_DOING: dict[Doing, Fact] = {
    "waits": words(own("waits for you"), "accent", 4),
    "runs": words(own("runs"), "good", 3),
    "failed": words(own("failed"), "bad", 3),
    "closed": words(own("put down"), "dim", 2),
}


def row_parts(row: OpenThread, width: int, marks: Marks) -> list[Part]:
    """One open thread in `width` cells: its title, what it does, how much of it nobody has seen."""
    facts = [_DOING[row.doing]] if row.doing in _DOING else []
    if row.unread:
        facts.append(words(SafeText(f"{number(row.unread)} new"), "accent", 3))
    if row.is_side:
        facts.append(words(own("side conversation"), "dim", 1))
    elif row.is_agent:
        facts.append(words(own("agent"), "dim", 1))
    if row.is_shown:
        facts.append(words(own("on screen"), "dim", 2))
    mark = marks.agent if row.unread else own(" ")
    lead = join(mark, own(" "), SafeText(own("  ") * min(row.depth, DEEPEST)))
    room = max(
        TITLE_LEAST, width - cell_width(lead) - sum(cell_width(fact.parts[0][0]) + 3 for fact in facts)
    )
    title = shorten(line(" ".join(row.title.split())) or own("(nothing was said)"), room)
    head = Fact(((lead, "accent"), (title, "strong" if row.is_shown else "text")))
    return compose([head], facts, width)


class ThreadsScreen(ModalScreen[str | None]):
    """Dismisses with the id of the thread to show, or with None. Follows what the threads do."""

    BINDINGS: ClassVar = [
        ("escape,q,f9,ctrl+c", "dismiss", "close"),
        ("k", "move(-1)", "above"),
        ("j", "move(1)", "below"),
    ]

    def __init__(self, rows: Sequence[OpenThread], marks: Marks) -> None:
        super().__init__()
        self._rows = rows
        self._marks = marks

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet recall") as sheet:
            sheet.border_title = "Open threads"
            sheet.border_subtitle = "Enter shows it   Esc closes"
            yield OptionList(compact=True, markup=False)

    def on_mount(self) -> None:
        self._list()

    def on_resize(self) -> None:
        self.call_after_refresh(self._list)

    def sync(self, rows: Sequence[OpenThread]) -> None:
        """The threads as they are now; the chosen one stays chosen."""
        if rows != self._rows:
            self._rows = rows
            self._list()

    def _list(self) -> None:
        listed = self.query_one(OptionList)
        before = listed.highlighted
        at = next((at for at, row in enumerate(self._rows) if row.is_shown), 0) if before is None else before
        width = max(TITLE_LEAST, listed.scrollable_content_region.width - 2)
        listed.clear_options()
        listed.add_options([_content(row_parts(row, width, self._marks)) for row in self._rows])
        listed.highlighted = min(at, len(self._rows) - 1) if self._rows else None

    def action_move(self, rows: int) -> None:
        listed = self.query_one(OptionList)
        listed.highlighted = max(0, min((listed.highlighted or 0) + rows, len(self._rows) - 1))

    @on(OptionList.OptionSelected)
    def _take(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._rows[message.option_index].id)


def _content(parts: Sequence[Part]) -> Content:
    return Content(SafeText("".join(text for text, _ in parts)))


class OpenThreads:
    """What the main screen does with the open threads. Keeps what was seen of each."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._seen: dict[str, Thread] = {}
        self._shown: Thread | None = None
        self._list: ThreadsScreen | None = None
        self._says: SafeText | None = None  # where one is, if it is aside
        self._notice: SafeText = own("")  # what the rule says while this is none
        self._sought = ""
        self._sought_from: str | None = None  # the thread on screen when it was looked for

    def take(self, state: State) -> None:
        """A new state: the thread on screen is seen."""
        if self._sought and state.active_id != self._sought_from and len(getattr(state.active, "turns", ())):
            sought, self._sought = self._sought, ""
            self._screen.app.call_later(self._screen.find_words, sought)
        self._say_where(state.active)
        if state.active is not None:
            self._seen[state.active.id] = self._shown = state.active
        if self._list is not None:
            self._list.sync(open_threads(state, self._seen))

    def _say_where(self, thread: Thread | None) -> None:
        """As long as this is a side conversation or an agent's thread, the rule says so."""
        says = None
        if thread is not None and parent_of(thread) is not None:
            says = ASIDE if is_side(thread) else AGENT
        if says != self._says:
            rule = self._screen.query_one(Rule)
            if self._says is None:
                self._notice = rule.notice
            self._says = says
            rule.notice = self._notice if says is None else says
            rule.update()

    def seek(self, choice: Choice) -> None:
        """Show the place by which a thread was found, as soon as it is there."""
        shown = self._shown
        self._sought, self._sought_from = choice.sought, shown.id if shown is not None else None
        if choice.kind == "resume" and choice.entry.id == self._sought_from:
            self._sought_from = None  # it is on screen already

    def list(self) -> None:
        """Show the list of them; the chosen one comes on screen."""
        app = self._screen.app
        if app.state is None or app.state.active is None or self._list is not None:
            return
        if app.intents is not None:
            app.intents.threads.look_for_agents(app.state.active.parent_id or app.state.active.id)
        self._list = ThreadsScreen(open_threads(app.state, self._seen), app.marks)
        app.push_screen(self._list, self._take_choice)

    def _take_choice(self, thread_id: str | None) -> None:
        self._list = None
        if thread_id is not None and self._screen.app.intents is not None:
            self._screen.app.intents.threads.show(thread_id)

    # -- the one on screen -------------------------------------------------------------------

    def escape(self) -> bool:
        """Esc with an empty draft and no turn: out of a side conversation. False when this is none."""
        thread, intents = self._shown, self._screen.app.intents
        if thread is None or intents is None or not is_side(thread) or not self._screen.composer.is_empty:
            return False
        intents.threads.leave_side()
        return True

    def leave(self) -> None:
        """Back to the thread that this one belongs to."""
        if self._shown is not None and parent_of(self._shown) is None:
            self._screen.say("this is no side conversation and no agent's thread")
        elif self._screen.app.intents is not None:
            self._screen.app.intents.threads.leave_side()

    def side(self, prompt: str) -> None:
        if self._screen.app.intents is not None:
            self._screen.app.intents.threads.side(prompt)

    def archive(self) -> None:
        if self._screen.app.intents is not None:
            self._screen.app.intents.threads.archive()

    def compact(self) -> None:
        if self._screen.app.intents is not None:
            self._screen.app.intents.threads.compact()

    def rename(self, name: str) -> None:
        """Give the thread that name, or ask for one."""
        from codex_tui.screens.ask import AskScreen

        intents, thread = self._screen.app.intents, self._shown
        if intents is None or thread is None:
            return
        if name:
            intents.threads.rename(" ".join(name.split()))
            return

        def take(typed: str | None) -> None:
            if typed is not None:
                intents.threads.rename(typed.strip())

        says = own("It is listed and found by this name.")
        self._screen.app.push_screen(
            AskScreen(own("Name of this thread"), line(thread.name or ""), says), take
        )

    def export(self, given: str) -> None:
        """Write the thread to a file; asks where, and proposes `given`."""
        from codex_tui.screens.export import Exporting

        app, thread = self._screen.app, self._shown
        if app.intents is None or thread is None or not len(thread.turns):
            self._screen.say("nothing was said yet")
            return
        exporting = Exporting(app, app.intents.catalogue, self._screen.say)
        exporting.ask(thread.id, title_of(thread), thread.settings.cwd or ".", given)

    def fork(self, turn_id: str | None = None) -> None:
        """Go on with a copy of the thread, up to and with that turn."""
        from codex_tui.history import Entry
        from codex_tui.history.access import Choice

        app, thread = self._screen.app, self._shown
        if app.intents is None or thread is None:
            return
        if is_side(thread):
            self._screen.say("a side conversation cannot be copied: nothing of it is kept")
            return
        told = [turn for turn in thread.turns if not turn.is_notes and turn.status != "unused"]
        until = next((turn for turn in told if turn.id == turn_id), None)
        if not told:
            self._screen.say("nothing was said yet")
        elif until is not None and until.status == "inProgress":
            self._screen.say("that turn still runs: a copy can end with one before it")
        else:
            last = until.id if until is not None and until is not told[-1] else None
            app.intents.open_thread(Choice("fork", Entry(thread.id, cwd=thread.settings.cwd), last))
            self._screen.say("a copy; F9 lists the open threads", seconds=8.0)

    def fork_here(self) -> None:
        """A copy that ends with the turn of the selected item; without one, of all."""
        chosen = self._screen.chat.selected
        self.fork(chosen[1] if chosen is not None else None)
