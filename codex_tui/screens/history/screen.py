"""The picker: filter, list, preview, and what can be done with a thread.

A person types to filter; Tab goes to the list, where single letters do things with the chosen
thread. Loading goes on in the background; nothing waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input

from codex_tui.actions import bindings
from codex_tui.errors import ClientError
from codex_tui.history import Listing, matches, merge
from codex_tui.history.access import Choice
from codex_tui.paint.look import Look
from codex_tui.panes.status.widgets import MadeLine
from codex_tui.screens.export import Exporting
from codex_tui.screens.history.ahead import ahead
from codex_tui.screens.history.facts import choices, count, nothing
from codex_tui.screens.history.filter import Filter
from codex_tui.screens.history.foot import foot
from codex_tui.screens.history.preview import Preview
from codex_tui.screens.history.rows import EntryList
from codex_tui.text import SafeText, join, line, own

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.await_complete import AwaitComplete

    from codex_tui.app import CodexApp
    from codex_tui.history import Entry
    from codex_tui.history.access import Catalogue
    from codex_tui.history.found import Found
    from codex_tui.panes.status.parts import Part

PREVIEW_FROM = 100  # columns from which on the preview has room beside the list
SEARCH_AFTER = 0.3  # seconds without a key before all threads are searched
INVITES, NAMES = "type to filter; /words finds what was said", "a name for it"  # in the empty field
SAYS = "/"  # a filter that begins so is looked for in what was said

WORKS_ON = ("fork", "rename", "archive", "delete", "export")  # what a damaged thread cannot be asked for

Asks = Literal["", "rename", "delete"]


class HistoryScreen(Screen[Choice | None]):
    """Dismisses with a choice, or with None when the person wants none of them."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar = [*bindings("history")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(self, catalogue: Catalogue, here: str, *, wanted: str = "") -> None:
        """`here`: the directory whose threads are listed first. `wanted`: the filter to begin with."""
        super().__init__()
        self._catalogue = catalogue
        self._listing = Listing(here, "" if wanted.startswith(SAYS) else wanted)
        self._known: dict[str, Entry] = {}
        self._all: Sequence[Entry] = ()  # without the filter
        self._count = 0  # of the kind that is listed
        self._shown: Sequence[Entry] = ()
        self._hits: dict[str, str] | None = None  # snippets by thread, while a search is shown
        self._loading = True
        self._asks: Asks = ""
        self._typed: str = wanted  # in the filter, also while a name is typed there
        self._trouble = own("")
        self._found: Found | None = None  # by the search that goes on
        # Asked for at once: the answer comes while the widgets are made, and is in the first frame.
        self._ahead: AsyncIterator[Sequence[Entry]] | None = ahead(catalogue.pages(archived=False, here=here))

    def compose(self) -> ComposeResult:
        marks = self.app.marks
        self.set_class(self.app.size.width >= PREVIEW_FROM, "-preview", update=False)
        with Horizontal(id="filter"):
            yield MadeLine(self._prompt_parts, id="prompt")
            yield Filter(self._typed, placeholder=INVITES, compact=True)
            yield MadeLine(self._choice_parts, id="choices")
        with Horizontal(id="threads"):
            yield EntryList(self._listing, marks=marks, now=self.app.now)
            look = Look(marks=marks, utc_offset_min=self.app.utc_offset_min, fold="brief")
            yield Preview(self._catalogue, look, now=self.app.now, fail=self._fail)
        yield MadeLine(self._foot_parts, id="keys")

    def on_mount(self) -> None:
        # Called at once, unlike a message: the list is in the same frame as the key.
        self.watch(self.query_one(Input), "value", self._filter, init=False)
        self.run_worker(self._load, group="load", exclusive=True)
        if self._typed.startswith(SAYS):
            self._look_for(self._typed)

    def on_resize(self) -> None:
        self.set_class(self.size.width >= PREVIEW_FROM, "-preview")
        self._peek()

    def dismiss(self, result: Choice | None = None) -> AwaitComplete:
        """Leave with a choice. What is still being loaded must not come to a screen that is going."""
        for node in (self, *self.query(Preview)):
            self.workers.cancel_node(node)  # pyright: ignore[reportUnknownMemberType]
        return super().dismiss(result)

    # -- what is listed --------------------------------------------------------------------

    async def _load(self) -> None:
        """All threads of the kind that is shown, as they come."""
        archived = self._listing.kind == "archived"
        self._loading = True
        try:
            first, none_here = True, False
            pages = self._ahead or self._catalogue.pages(archived=archived, here=self._listing.here)
            self._ahead = None
            async for page in pages:
                before = len(self._known)
                changed = any(self._known.get(entry.id) != entry for entry in page)
                merge(self._known, page)
                if changed or len(self._known) != before:
                    self._list(anew=first)
                none_here = none_here or (first and not page)
                first = False
                if page and none_here and self._listing.scope == "here" and not self._listing.wanted:
                    self._listing = replace(self._listing, scope="all")  # nothing here: show what there is
                    self._list(anew=True)
        except ClientError as error:
            self._fail(error)
        self._loading = False
        self._narrow()

    def _list(self, anew: bool = False) -> None:
        """List what is known now."""
        self._all = self._listing.all_of(self._known)
        archived = self._listing.kind == "archived"
        self._count = sum(entry.archived == archived for entry in self._known.values())
        self._narrow(anew)

    def _narrow(self, anew: bool = False) -> None:
        """List what the filter, or a search, leaves of it."""
        snippets: dict[str, str] = {}
        if self._hits is not None:
            snippets = self._hits
            self._shown = [self._known[id] for id in snippets if id in self._known]
        else:
            self._shown = matches(self._all, self._listing.wanted)
        listed = self.query_one(EntryList)
        listed.empty = nothing(self._listing, self._loading) if self._hits is None else own("")
        listed.fill(self._shown, self._listing, snippets, self._sought, anew=anew)
        self._tell()

    def _tell(self) -> None:
        for row in self.query(MadeLine):
            row.update()

    def _filter(self, wanted: str) -> None:
        if self._asks or wanted == self._typed:
            return
        self._typed = wanted
        self._trouble = own("")
        if wanted.startswith(SAYS):
            self._look_for(wanted)
            return
        self._stop_looking()
        was_searched, self._hits, self._found = self._hits is not None, None, None
        self._listing = replace(self._listing, wanted=wanted)
        self._narrow(anew=True)
        if was_searched:
            self._peek()

    def _look_for(self, typed: str) -> None:
        if wanted := typed[len(SAYS) :].strip():
            self.run_worker(partial(self._search, wanted), group="search", exclusive=True)
        else:
            self._stop_looking()

    def _stop_looking(self) -> None:
        self.workers.cancel_group(self, "search")  # pyright: ignore[reportUnknownMemberType]

    async def _search(self, wanted: str) -> None:
        """Look through what was said in all threads; the engine does the work, or an index of our own."""
        from asyncio import sleep

        await sleep(SEARCH_AFTER)
        self._say(own("searching what was said \u2026"))
        archived, first, remark = self._listing.kind == "archived", True, ""
        try:
            async for found in self._catalogue.search(wanted, archived=archived):
                self._found, remark = found, found.remark or remark
                self._say(line(remark) if found.hits or found.unfinished else own("nobody said that"))
                self._known.update((hit.entry.id, hit.entry) for hit in found.hits)
                hits = {hit.entry.id: hit.snippet for hit in found.hits}
                if first or hits != self._hits:
                    self._hits = hits
                    self._list(anew=first)
                if first:
                    self._peek()  # at the place, also when it is the thread that was chosen before
                first = False
        except ClientError as error:
            self._found = None
            self._fail(error)

    # -- the preview -----------------------------------------------------------------------

    @on(EntryList.Moved)
    def _peek(self) -> None:
        self._tell()
        if self.has_class("-preview"):
            self.query_one(Preview).show(self._chosen, self._sought)

    # -- what can be done ------------------------------------------------------------------

    @property
    def _sought(self) -> str:
        """The words that all threads were searched for."""
        typed = self._typed
        return typed[len(SAYS) :].strip() if self._hits is not None and typed.startswith(SAYS) else ""

    @property
    def _chosen(self) -> Entry | None:
        return self.query_one(EntryList).chosen

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters are text in the filter and keys in the list; a question takes no keys but its own."""
        if action in ("back", "move", "page", "take"):
            return True
        if self._asks:
            return False
        if action in WORKS_ON and (entry := self._chosen) is not None and entry.damage:
            return False
        return action == "switch" or isinstance(self.focused, EntryList)

    def action_back(self) -> None:
        if self._asks:
            self._ask("")
        elif self.query_one(Input).value and isinstance(self.focused, Input):
            self.query_one(Input).value = ""
        else:
            self.dismiss(None)

    def action_move(self, rows: int) -> None:
        if not self._asks:
            self._trouble = own("")  # it was about another thread
            self.query_one(EntryList).move(rows)

    def action_page(self, pages: int) -> None:
        self.action_move(pages * self.query_one(EntryList).page)

    def action_switch(self) -> None:
        self.set_focus(self.query_one(Input if isinstance(self.focused, EntryList) else EntryList))
        self._tell()

    @on(EntryList.Taken)
    def action_take(self) -> None:
        """Enter: go on with the thread, or carry out what is asked for."""
        entry = self._chosen
        if entry is None:
            return
        if self._asks == "rename":
            name = self.query_one(Input).value.strip()
            self._ask("")
            if name:
                self._do(partial(self._catalogue.rename, entry.id, name), replace(entry, name=name))
        elif entry.damage:
            self._tell_damage(entry)
        elif not self._asks:
            self.dismiss(Choice("resume", entry, sought=self._sought))

    def _tell_damage(self, entry: Entry) -> None:
        self._say(join(own("it cannot be opened: "), line(entry.damage), own(".  "), line(entry.path or "")))

    @on(Input.Submitted)
    def _take_typed(self) -> None:
        self.action_take()

    def action_fork(self) -> None:
        if (entry := self._chosen) is not None:
            self.dismiss(Choice("fork", entry, sought=self._sought))

    def action_rename(self) -> None:
        if self._chosen is not None:
            self._ask("rename")

    def action_archive(self) -> None:
        """Put the thread away, or bring it back."""
        if (entry := self._chosen) is not None:
            work = self._catalogue.unarchive if entry.archived else self._catalogue.archive
            self._do(partial(work, entry.id), None)

    def action_delete(self) -> None:
        if self._chosen is not None:
            self._ask("delete")

    def action_copy_id(self) -> None:
        if (entry := self._chosen) is not None:
            if entry.damage:
                self.app.copy(entry.path or "", "the file's path")
                self._say(own("copied the file's path"))
            else:
                self.app.copy(entry.id, "the thread's id")
                self._say(join(own("copied "), line(entry.id)))

    def on_key(self, event: events.Key) -> None:
        """While a thread is about to be deleted: y does it, any other key keeps it."""
        if self._asks != "delete":
            return
        event.stop()
        entry = self._chosen
        self._ask("")
        if event.key == "y" and entry is not None:
            self._do(partial(self._catalogue.delete, entry.id), None)

    def action_export(self) -> None:
        if (entry := self._chosen) is not None:
            exporting = Exporting(self.app, self._catalogue, lambda words: self._say(line(words)))
            exporting.ask(entry.id, entry.title, self._listing.here)

    def action_scope(self) -> None:
        self._relist(self._listing.next_scope())

    def action_provider(self) -> None:
        self._relist(self._listing.next_provider(self._known.values()))

    def action_sort(self) -> None:
        self._relist(self._listing.next_sort())

    def action_agents(self) -> None:
        self._relist(replace(self._listing, agents=not self._listing.agents))

    def action_kind(self) -> None:
        self._relist(self._listing.next_kind())
        self.run_worker(self._load, group="load", exclusive=True)

    def _relist(self, listing: Listing) -> None:
        self._listing = listing
        self._list(anew=True)

    def _ask(self, what: Asks) -> None:
        """Ask for a name or for a yes; "" ends that."""
        filter_field, entry = self.query_one(Input), self._chosen
        was, self._asks = self._asks, what
        if what == "rename" and entry is not None:
            filter_field.value = line(entry.name)
            filter_field.placeholder = NAMES
            self.set_focus(filter_field)
        elif was == "rename":
            filter_field.value = self._typed
            filter_field.placeholder = INVITES
            self.set_focus(self.query_one(EntryList))
        self._tell()

    def _do(self, work: Callable[[], Coroutine[None, None, None]], after: Entry | None) -> None:
        """Carry something out at the engine; the list then has `after`, or the thread no more."""
        entry = self._chosen

        async def run() -> None:
            try:
                await work()
            except ClientError as error:
                self._fail(error)
                return
            if entry is not None:
                if after is None:
                    self._known.pop(entry.id, None)
                else:
                    self._known[entry.id] = after
            self._list()

        self.run_worker(run, group="do")

    # -- lines -----------------------------------------------------------------------------

    def _say(self, words: SafeText) -> None:
        self._trouble = words
        if self.is_attached:
            self._tell()

    def _fail(self, error: ClientError) -> None:
        self._say(SafeText(error.title))

    def _prompt_parts(self, _width: int) -> list[Part]:
        return [(own("  name    ") if self._asks == "rename" else own("  resume  "), "dim")]

    def _choice_parts(self, width: int) -> list[Part]:
        from codex_tui.panes.status.parts import compose

        facts = [*choices(self._listing), count(len(self._shown), self._count, self._loading)]
        return compose([], facts, max(0, width - 2))

    def _foot_parts(self, width: int) -> list[Part]:
        room = max(0, width - 2)
        where = "list" if isinstance(self.focused, EntryList) else "filter"
        doing = self._asks or where
        return foot(doing, self._chosen, self._trouble, self._found, room, self.app.marks)
