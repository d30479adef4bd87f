"""A search that has to read files first: what it has found by now, and how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from textual.pilot import Pilot

from codex_tui.history.found import Found, Hit
from codex_tui.paint.look import ASCII_MARKS, Marks
from codex_tui.screens.history import HistoryScreen
from codex_tui.screens.history.foot import progress_row
from codex_tui.text import cell_width
from tests.history.shelf import HERE, SOME, Shelf
from tests.ui.app.stage import Stage
from tests.ui.history.test_picker import Picking, picking, settled
from tests.ui.snapshot import Snap

SECONDS = 20.0


class Reading(Shelf):
    """Finds a thread in each part of the files; `step` lets it read the next one."""

    def __init__(self, *remarks: str) -> None:
        super().__init__()
        self._remarks = [*remarks, "", "", ""]
        self._steps: asyncio.Queue[None] = asyncio.Queue()
        self.sought: list[str] = []

    def step(self) -> None:
        self._steps.put_nowait(None)

    async def search(self, wanted: str, *, archived: bool) -> AsyncIterator[Found]:
        self.sought.append(wanted)
        hits = [Hit(entry, f"… how \x1b[2J{wanted} was said …") for entry in SOME[:3]]
        yield Found([], True, 0, 0)
        for at, done in enumerate((0, 1250, 5000)):
            await self._steps.get()
            yield Found(hits[at:3] if at else hits[2:], done < 5000, done, 5000, self._remarks[at])


def foot(picking: Picking) -> str:
    return picking.screen.query_one("#keys").render_line(0).text.strip()


async def until(picking: Picking, words: str) -> None:
    async with asyncio.timeout(SECONDS):
        while words not in foot(picking):
            await picking.pilot.pause(0.01)


async def test_what_is_found_by_now_is_listed_while_files_are_read() -> None:
    shelf = Reading()
    async with picking(shelf, (80, 24)) as p:
        await p.pilot.press(*"/zero")
        await until(p, "reading what was said …")
        assert p.titles() == []
        shelf.step()
        await until(p, "0 of 5,000")
        assert p.titles() == [SOME[2].title]
        shelf.step()
        await until(p, "1,250 of 5,000")
        assert p.titles() == [SOME[1].title, SOME[2].title]
        assert "≡≡≡≡≡≡──────" in foot(p)
        chosen = p.screen.query_one("EntryList").chosen  # pyright: ignore
        shelf.step()
        await until(p, "go on with it")
        assert p.titles() == [SOME[2].title]
        assert chosen is not None


async def test_other_words_are_looked_for_at_once_and_the_filter_ends_it() -> None:
    shelf = Reading()
    async with picking(shelf, (80, 24)) as p:
        await p.pilot.press(*"/zer")
        await until(p, "reading what was said")
        await p.pilot.press("o")
        async with asyncio.timeout(SECONDS):
            while shelf.sought != ["zer", "zero"]:
                await p.pilot.pause(0.01)
        await p.press("escape")
        assert "reading" not in foot(p)
        assert len(p.titles()) == 5


async def test_keys_of_the_list_work_while_files_are_read() -> None:
    shelf = Reading()
    async with picking(shelf, (80, 24)) as p:
        await p.pilot.press(*"/zero")
        await until(p, "reading what was said")
        shelf.step()
        await until(p, "0 of 5,000")
        await p.pilot.press("tab", "x")
        await until(p, "for good?")
        await p.pilot.press("n")
        await until(p, "0 of 5,000")
        await p.pilot.press("enter")
        await p.pilot.pause()
        assert [(c.entry.id, c.sought) for c in p.result if c is not None] == [(SOME[2].id, "zero")]


async def test_what_went_wrong_with_the_index_stays_in_sight() -> None:
    shelf = Reading("no index can be kept: the disk is full")
    async with picking(shelf, (80, 24)) as p:
        await p.pilot.press(*"/zero")
        for _ in range(3):
            shelf.step()
        await until(p, "no index can be kept: the disk is full")


def test_the_bar_fits_and_is_as_long_as_what_is_done() -> None:
    for marks in (Marks(), ASCII_MARKS):
        for room in range(20, 90):
            for done in (0, 1, 4999, 5000, 6000):
                parts = progress_row(Found([], True, done, 5000), room, marks)
                texts = [text for text, _ in parts]
                assert cell_width("".join(texts)) <= max(room, 24)
                assert f"{done:,} of 5,000" in texts
    full = [text for text, role in progress_row(Found([], True, 2500, 5000), 80, Marks()) if role == "accent"]
    assert full == ["≡" * 12]


async def test_reading_what_was_said(snap: Snap) -> None:
    stage, shelf = Stage(), Reading()

    async def before(pilot: Pilot[Any]) -> None:
        screen = HistoryScreen(shelf, HERE)
        stage.app.push_screen(screen)
        await settled(pilot)
        p = Picking(pilot, screen, shelf)
        await pilot.press(*"/zero")
        shelf.step()
        shelf.step()
        await until(p, "1,250 of 5,000")

    await snap(stage.app, "history/reading", sizes=((80, 24), (40, 10)), before=before)
