"""A thread into a file: asks where, never writes over something without a yes, says what came of it."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from codex_tui.errors import ClientError
from codex_tui.text import join, line, own

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.app import CodexApp
    from codex_tui.history.access import Catalogue
    from codex_tui.text import SafeText


class Exporting:
    """One export. `tell` shows a line of foreign text, made safe there."""

    def __init__(self, app: CodexApp, catalogue: Catalogue, tell: Callable[[str], None]) -> None:
        self._app = app
        self._catalogue = catalogue
        self._tell = tell

    def ask(self, thread_id: str, title: str, folder: str, given: str = "") -> None:
        """Ask where to write the thread; a name without a folder goes to `folder`; `given` is proposed."""
        from codex_tui.export.document import file_name
        from codex_tui.export.file import place
        from codex_tui.screens.ask import AskScreen

        proposed = place(given or file_name(thread_id, title), folder)

        doubted: set[Path] = set()  # what is replaced if the person says yes to that

        def doubt(typed: str) -> SafeText:
            path = place(typed, folder)
            if not os.path.lexists(path):
                doubted.discard(path)
                return own("")
            doubted.add(path)
            return join(line(str(path)), own(" is there already. y replaces it, every other key goes back."))

        def take(typed: str | None) -> None:
            if typed is not None:
                path = place(typed, folder)
                work = partial(self._write, thread_id, path, replace=path in doubted)
                self._app.run_worker(work, group="export")

        says = own(
            "Markdown, for you alone to read; a name that ends in .html makes a page of it. Passwords and "
            "keys that a command or a file showed are in it: look through it before you pass it on."
        )
        self._app.push_screen(
            AskScreen(own("Write the thread to a file"), line(str(proposed)), says, doubt), take
        )

    async def _write(self, thread_id: str, path: Path, *, replace: bool) -> None:
        from codex_tui.export.document import Moment
        from codex_tui.export.file import document, write

        self._tell("reading the thread …")
        moment = Moment(self._app.now(), self._app.utc_offset_min)
        try:
            thread = await self._catalogue.whole(thread_id)
            text = await asyncio.to_thread(document, thread, moment, path.suffix)
            await asyncio.to_thread(partial(write, path, text, replace=replace))
        except ClientError as error:
            self._tell(error.title)
            return
        lacks = "older turns did not come; the others are " if thread.above is not None else ""
        self._tell(f"{lacks}written to {path}")
