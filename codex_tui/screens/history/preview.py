"""What was said last in the thread that is chosen, or around the place that a search found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from codex_tui.errors import ClientError
from codex_tui.panes.chat import ChatView
from codex_tui.panes.status.widgets import MadeLine
from codex_tui.screens.history.facts import preview_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from codex_tui.history import Entry
    from codex_tui.history.access import Catalogue
    from codex_tui.paint.look import Look
    from codex_tui.panes.status.parts import Part
    from codex_tui.session.transcript import Thread

PEEK_AFTER = 0.12  # seconds a thread must be chosen before it is looked into


class Preview(Vertical):
    """`fail` is told what went wrong; `now` gives seconds since the epoch."""

    def __init__(
        self,
        catalogue: Catalogue,
        look: Look,
        *,
        now: Callable[[], float],
        fail: Callable[[ClientError], None],
    ) -> None:
        super().__init__(id="preview")
        self._catalogue = catalogue
        self._look = look
        self._now = now
        self._fail = fail
        self._entry: Entry | None = None
        self._turns: dict[str, int] = {}  # by thread
        self._places = 0  # where what is looked for was said

    def compose(self) -> ComposeResult:
        yield MadeLine(self._head_parts, id="head")

    def show(self, entry: Entry | None, sought: str = "") -> None:
        """Look into `entry` in a moment, at the newest place where `sought` was said."""
        self._entry, self._places = entry, 0
        self._tell()
        self.run_worker(partial(self._peek, entry, sought), group="peek", exclusive=True)

    async def _peek(self, entry: Entry | None, sought: str) -> None:
        from asyncio import sleep

        await sleep(PEEK_AFTER)
        if entry is None or entry.damage:
            self._show(None)
            return
        try:
            peek = await self._catalogue.peek(entry, sought)
            self._places = peek.places
            chat = self._show(peek.thread)
            if sought:
                chat.search(sought)
            self._turns[entry.id] = await self._catalogue.count_turns(entry.id)
        except ClientError as error:
            self._show(None)
            self._fail(error)
        self._tell()

    def _show(self, thread: Thread | None) -> ChatView:
        """The chat is made with the first thread: the list is to be on screen before it."""
        chat = next(iter(self.query(ChatView)), None)
        if chat is None:
            chat = ChatView(self._look)
            self.mount(chat)
        chat.display = thread is not None  # without one it would say what can be done in a conversation
        chat.show(thread)
        return chat

    def _tell(self) -> None:
        self.query_one(MadeLine).update()

    def _head_parts(self, width: int) -> list[Part]:
        if (entry := self._entry) is None:
            return []
        return preview_head(entry, self._turns.get(entry.id), self._now(), max(0, width - 2), self._places)
