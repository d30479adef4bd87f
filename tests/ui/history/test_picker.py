"""The picker as a person uses it: type, look, choose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from codex_tui.engine.failures import RefusedError
from codex_tui.history import Entry
from codex_tui.history.access import Choice
from codex_tui.history.found import Found
from codex_tui.screens.history import HistoryScreen
from codex_tui.screens.history.rows import EntryList
from tests.history.shelf import DAY, HERE, NOW, SOME, Shelf, saved
from tests.ui.app.stage import Stage
from tests.ui.snapshot import Snap


async def settled(pilot: Pilot[Any]) -> None:
    """Until nothing is loaded or looked into any more."""
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
    await pilot.pause()


class Picking:
    """A picker that is open, and what came of it."""

    def __init__(self, pilot: Pilot[Any], screen: HistoryScreen, shelf: Shelf) -> None:
        self.pilot = pilot
        self.screen = screen
        self.shelf = shelf
        self.result: list[Choice | None] = []

    def titles(self) -> list[str]:
        listed = self.screen.query_one(EntryList)
        return [entry.title for entry in listed._entries]  # pyright: ignore[reportPrivateUsage]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await settled(self.pilot)


@asynccontextmanager
async def picking(
    shelf: Shelf | None = None, size: tuple[int, int] = (120, 30), here: str = HERE, wanted: str = ""
) -> AsyncGenerator[Picking]:
    stage, shelf = Stage(), shelf or Shelf()
    async with stage.app.run_test(size=size) as pilot:
        screen = HistoryScreen(shelf, here, wanted=wanted)
        picking = Picking(pilot, screen, shelf)
        stage.app.push_screen(screen, picking.result.append)
        await settled(pilot)
        yield picking


async def test_the_threads_of_this_directory_newest_first_without_sub_agents() -> None:
    async with picking() as p:
        assert p.titles()[:2] == ["fix the failing test in calc", "calc: fractions"]
        assert len(p.titles()) == 5


async def test_typing_filters_and_enter_takes_the_chosen_one() -> None:
    async with picking() as p:
        await p.press(*"frac")
        assert p.titles() == ["calc: fractions"]
        await p.press("enter")
        assert [(c.kind, c.entry.id) for c in p.result if c is not None] == [("resume", "0199-0002")]


async def test_escape_clears_the_filter_first_and_then_leaves() -> None:
    async with picking() as p:
        await p.press(*"frac", "escape")
        assert len(p.titles()) == 5
        await p.press("escape")
        assert p.result == [None]


async def test_a_key_of_the_filter_is_no_new_layout_and_its_list_is_there_at_once() -> None:
    async with picking() as p:
        layouts: list[object] = []
        p.screen.screen_layout_refresh_signal.subscribe(p.screen, layouts.append, immediate=True)  # pyright: ignore[reportUnknownMemberType]
        p.screen.query_one(Input).value = "frac"
        assert p.titles() == ["calc: fractions"]  # nothing has to be awaited for that
        await p.press(*"tions")
        assert layouts == []


async def test_what_is_not_there_is_said_with_the_key_that_may_help() -> None:
    async with picking(size=(80, 24)) as p:
        await p.press(*"another")
        row = p.screen.query_one(EntryList)
        assert "none here is like that; Tab, then d looks everywhere" in row.render_line(0).text
        await p.press("tab", "d")
        assert p.titles() == ["another project"]
        await p.press("d", "tab", "escape", "tab", "v")
        assert "none is archived in this directory" in row.render_line(0).text


async def test_a_copied_id_is_said_until_the_mark_moves() -> None:
    async with picking() as p:
        row = p.screen.query_one("#keys")
        await p.press("tab", "c")
        assert "copied 0199-0001" in row.render_line(0).text
        await p.press("down")
        assert "fork" in row.render_line(0).text


async def test_letters_are_keys_in_the_list_only() -> None:
    async with picking() as p:
        await p.press("tab", "f")
        assert [c.kind for c in p.result if c is not None] == ["fork"]


async def test_keys_of_a_burst_go_where_the_ones_before_them_lead() -> None:
    async with picking() as p:
        for key in ("tab", "d", "tab", "x", "tab", "g"):
            p.pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settled(p.pilot)
        listing = p.screen._listing  # pyright: ignore[reportPrivateUsage]
        assert (listing.scope, listing.agents) == ("all", True)
        assert p.screen.query_one(Input).value == "x"


async def test_in_a_list_longer_than_the_screen_keys_move_the_mark_and_it_stays_in_sight() -> None:
    many = [saved(number, f"thread {number}", 60 * number) for number in range(1, 200)]
    async with picking(Shelf(many)) as p:
        listed = p.screen.query_one(EntryList)
        await p.press("tab", "down")
        assert (listed.at, listed.scroll_offset.y) == (1, 0)
        await p.press(*["pagedown"] * 9)
        assert "thread 199" in listed.render_line(listed.size.height - 1).text
        assert listed.at == 198
        await p.press("tab", *"thread 12")  # 12, 112, 120 to 129: all of them in sight again
        assert (listed.at, listed.scroll_offset.y) == (0, 0)


async def test_other_directories_providers_and_agents_are_a_key_away() -> None:
    async with picking() as p:
        await p.press("tab", "d")
        assert "another project" in p.titles()
        await p.press("g")
        assert "look into the tests" in p.titles()
        await p.press("p")
        assert p.titles() == ["エラーの説明をお願いします"]


async def test_a_directory_without_threads_shows_all() -> None:
    async with picking(here="/nowhere") as p:
        assert len(p.titles()) == 6


async def test_renaming_asks_for_the_name_and_keeps_the_filter() -> None:
    async with picking() as p:
        await p.press(*"release", "tab", "r", *"notes 2", "enter")
        assert p.shelf.done == [("rename", "0199-0005", "notes 2")]
        assert p.titles() == ["notes 2"]


async def test_deleting_asks_and_only_y_deletes() -> None:
    async with picking() as p:
        await p.press("tab", "x", "n")
        assert p.shelf.done == []
        await p.press("x", "enter")
        assert p.shelf.done == []
        assert p.result == []
        await p.press("x", "y")
        assert p.shelf.done == [("delete", "0199-0001")]
        assert "fix the failing test in calc" not in p.titles()


async def test_what_is_put_away_is_listed_among_the_archived_and_comes_back() -> None:
    async with picking() as p:
        await p.press("tab", "a")
        assert p.titles()[0] == "calc: fractions"
        await p.press("v")
        assert p.titles() == ["fix the failing test in calc"]
        await p.press("a")
        assert p.shelf.done == [("archive", "0199-0001"), ("unarchive", "0199-0001")]


async def test_a_slash_finds_what_was_said_looks_there_and_goes_there() -> None:
    async with picking() as p:
        await p.press(*"/div by zero")
        assert p.titles() == ["fix the failing test in calc", "calc: fractions"]
        assert p.shelf.looked[-1] == ("0199-0001", "div by zero")
        assert "2 places" in p.screen.query_one("#head").render_line(0).text
        await p.press("enter")
        assert [(c.entry.id, c.sought) for c in p.result if c is not None] == [("0199-0001", "div by zero")]


async def test_what_is_wanted_from_the_start_is_filtered_or_looked_for() -> None:
    async with picking(wanted="frac") as p:
        assert p.titles() == ["calc: fractions"]
    async with picking(wanted="/zero") as p:
        assert p.shelf.looked[-1] == ("0199-0001", "zero")
        assert p.screen.query_one(Input).value == "/zero"


async def test_a_damaged_one_is_named_and_cannot_be_worked_on() -> None:
    bad = replace(SOME[0], name="rollout-x", damage="it is empty", path="/home/dev/x.jsonl", updated=NOW + 1)
    async with picking(Shelf([bad, *SOME[1:]])) as p:
        assert p.titles()[0] == "rollout-x"
        assert "damaged" in p.screen.query_one(EntryList).render_line(0).text
        await p.press("tab", "f", "x", "a", "r", "e", "enter")
        assert p.result == []
        assert p.shelf.done == []
        assert "cannot be opened: it is empty" in p.screen.query_one("#keys").render_line(0).text


async def test_a_slash_alone_ends_the_search_before_it() -> None:
    class Slow(Shelf):
        async def search(self, wanted: str, *, archived: bool) -> AsyncIterator[Found]:
            began.set()
            await goes_on.wait()
            ended.set()
            async for found in super().search(wanted, archived=archived):
                yield found

    began, goes_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with picking(Slow()) as it:
        await it.pilot.press("/", "z")
        await asyncio.wait_for(began.wait(), 20)
        await it.pilot.press("backspace")
        goes_on.set()
        await settled(it.pilot)
        assert not ended.is_set()
        assert len(it.titles()) > 2  # and no hits


async def test_what_went_wrong_is_said() -> None:
    async with picking(Shelf(trouble="the engine is busy")) as p:
        row = p.screen.query_one("#keys")
        assert "the engine is busy" in row.render_line(0).text


async def test_what_the_engine_refuses_is_escaped_once() -> None:
    refused = RefusedError("thread/list", -32000, "\x1b[2Jno")
    async with picking(Shelf(trouble=refused.title)) as p:
        row = p.screen.query_one("#keys")
        assert " \\x1b[2Jno" in f" {row.render_line(0).text}"


async def test_the_list(snap: Snap) -> None:
    # The widest first: there the preview is loaded, and waited for.
    await _picture(snap, "history/list", ((200, 60), (80, 24), (40, 10)))


async def test_the_list_with_its_keys(snap: Snap) -> None:
    await _picture(snap, "history/keys", ((80, 24), (40, 10)), "tab", "d", "g", "down", "down")


async def test_what_was_said(snap: Snap) -> None:
    await _picture(snap, "history/said", ((80, 24),), *"/zero")


async def test_a_thread_is_about_to_be_deleted(snap: Snap) -> None:
    await _picture(snap, "history/delete", ((80, 24), (40, 10)), "tab", "x")


async def _picture(snap: Snap, name: str, sizes: Sequence[tuple[int, int]], *keys: str) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        stage.app.push_screen(HistoryScreen(Shelf(), HERE))
        await pilot.pause()
        await pilot.press(*keys)
        await settled(pilot)

    await snap(stage.app, name, sizes=sizes, before=before)


async def test_inside_a_session_a_key_opens_it_and_the_choice_is_gone_on_with() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        await pilot.press("f7")
        await settled(pilot)
        assert isinstance(stage.app.screen, HistoryScreen)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert stage.notes.wanted == [("resume", "0199-0002")]
        await pilot.press("f8")
        assert stage.notes.wanted[-1] == ("new_thread",)


async def test_threads_of_this_directory_are_listed_however_many_others_are_newer() -> None:
    others = [saved(10 + at, f"elsewhere {at}", 60, cwd="/home/dev/site") for at in range(9)]
    async with picking(Shelf([*others, saved(1, "the one from here", 5 * DAY)])) as p:
        assert p.titles() == ["the one from here"]


async def test_whoever_leaves_while_it_loads_gets_nothing_more() -> None:
    class Endless(Shelf):
        async def pages(self, *, archived: bool, here: str = "") -> AsyncIterator[Sequence[Entry]]:
            async for page in super().pages(archived=archived, here=here):
                yield page
            await asyncio.Event().wait()

    stage = Stage()
    async with stage.app.run_test() as pilot:
        screen = HistoryScreen(Endless(), HERE)
        stage.app.push_screen(screen)
        await pilot.pause()
        loading = [worker for worker in screen.workers if worker.group == "load"]
        assert [worker.is_running for worker in loading] == [True]
        screen.dismiss(None)
        assert [worker.is_cancelled for worker in loading] == [True]  # not only once the screen is gone


async def test_whoever_wants_none_of_them_at_the_start_leaves() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        picked = asyncio.create_task(stage.app.pick_thread(Shelf(), HERE))
        await settled(pilot)
        await pilot.press("escape")
        assert await picked is None
