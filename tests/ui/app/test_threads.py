"""Open threads on the main screen: listed, switched with draft and place, left, named, written to a file."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from codex_tui.history import Entry
from codex_tui.history.access import Choice
from codex_tui.journal import Journal
from codex_tui.protocol import events
from codex_tui.protocol.threads import OpenedThread
from codex_tui.protocol.threads import Thread as WireThread
from codex_tui.screens.ask import AskScreen
from codex_tui.screens.export import Exporting
from codex_tui.screens.find import FindRow
from codex_tui.screens.threads import ThreadsScreen
from codex_tui.session.transcript import Above, Thread
from tests.history.shelf import Shelf
from tests.ui.app.stage import Stage
from tests.ui.snapshot import Snap


def opened(id: str, **members: Any) -> events.ThreadOpened:
    told = WireThread(id=id, cwd="/home/dev/calc", preview=f"talk of {id}", **members)
    return events.ThreadOpened(OpenedThread(thread=told, cwd=told.cwd, model="gpt-5.5"), "forked")


def side(stage: Stage) -> events.ThreadOpened:
    assert stage.state.active_id is not None
    return opened("side", ephemeral=True, forked_from_id=stage.state.active_id)


def rule(stage: Stage) -> str:
    return "".join(segment.text for segment in stage.app.main.query_one("Rule").render_line(0))


async def written(stage: Stage, pilot: Pilot[Any], text: str) -> None:
    """Until the rule has said `text`."""
    line = ""
    for _ in range(200):
        await pilot.pause(0.1)
        line = rule(stage)
        if text in line:
            return
    raise AssertionError(line)


async def test_the_list_shows_another_one_and_follows_what_happens() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        first = stage.state.active_id
        await stage.show([opened("second")])
        await pilot.press("f9")
        await pilot.pause()
        screen = stage.app.screen
        assert isinstance(screen, ThreadsScreen)
        await stage.show([events.Remarked("info", "news", "", first)])
        await pilot.pause()
        assert [(row.id, row.unread, row.is_shown) for row in screen._rows] == [  # pyright: ignore[reportPrivateUsage]
            (first, 1, False),
            ("second", 0, True),
        ]
        await pilot.press("up", "enter")
        await pilot.pause()
        assert stage.notes.wanted == [("show", first)]
        await stage.show([events.ThreadShown(first or "")])
        await pilot.press(*"/threads", "enter")
        await pilot.pause()
        await pilot.press("escape")
        assert stage.notes.wanted == [("show", first)]


async def test_draft_and_place_stay_with_their_thread(tmp_path: Path) -> None:
    stage = Stage(journal=Journal(tmp_path, lambda _: None))
    async with stage.app.run_test(size=(80, 12)) as pilot:
        await stage.play("answer-streamed")
        first = stage.state.active_id or ""
        chat, composer = stage.app.main.chat, stage.app.main.composer
        await pilot.press("ctrl+home", *"half")
        place = chat.scroll_offset.y
        assert place == 0
        await stage.show([opened("second"), events.Remarked("info", "news", "", "second")])
        await pilot.pause()
        assert composer.is_empty
        assert chat.following
        await stage.show([events.ThreadShown(first)])
        await pilot.pause()
        assert composer.draft == "half"
        assert not chat.following
        assert chat.scroll_offset.y == place


async def test_escape_leaves_a_side_conversation_only_with_an_empty_draft() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        first = stage.state.active_id or ""
        await pilot.press(*"/side why", "enter")
        await pilot.pause()
        assert stage.notes.wanted == [("side", "why")]
        await stage.show([side(stage)])
        await pilot.pause()
        assert "side conversation" in rule(stage)
        await pilot.press("a", "escape")
        assert len(stage.notes.wanted) == 1
        await pilot.press("backspace", "escape")
        assert stage.notes.wanted[-1] == ("leave_side",)
        await stage.show([events.ThreadShown(first)])
        await pilot.pause()
        assert "side conversation" not in rule(stage)


async def test_a_copy_ends_with_the_turn_that_is_read() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("tour")
        turns = (
            [turn.id for turn in stage.state.active.turns if not turn.is_notes] if stage.state.active else []
        )
        await pilot.press("f2", "home", "up", "down", "f")
        await pilot.pause()
        assert stage.state.active is not None
        chosen = stage.app.main.chat.selected
        assert chosen is not None
        until = () if chosen[1] == turns[-1] else (chosen[1],)
        assert stage.notes.wanted == [("fork", stage.state.active_id, *until)]
        await pilot.press("escape", *"/fork", "enter")
        await pilot.pause()
        assert stage.notes.wanted[-1] == ("fork", stage.state.active_id)


async def test_renaming_takes_the_name_or_asks_and_what_cuts_off_wants_its_whole_word() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        composer = stage.app.main.composer
        composer.insert("/rename the  talk")
        await pilot.press("enter")
        composer.insert("/ren")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(stage.app.screen, AskScreen)
        await pilot.press(*"x", "enter")
        await pilot.pause()
        assert stage.notes.wanted == [("rename", "the talk"), ("rename", "x")]
        for word in ("comp", "archiv"):
            composer.insert(f"/{word}")
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause()
            assert composer.clear_draft()
        assert len(stage.notes.wanted) == 2
        composer.insert("/compact")
        await pilot.press("enter")
        await pilot.pause()
        assert stage.notes.wanted[-1] == ("compact",)


async def test_exporting_asks_where_and_asks_again_before_it_replaces(tmp_path: Path) -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.play("answer-streamed")
        path = tmp_path / "talk.html"
        path.write_text("mine")
        for answer in ("n", "y"):
            stage.app.main.composer.insert(f"/export {path}")
            await pilot.press("enter")
            await pilot.pause()
            assert stage.app.screen.query_one(Input).value == str(path)
            await pilot.press("enter")
            await pilot.pause()
            await pilot.press(answer)
            await pilot.pause()
            if answer == "n":
                assert path.read_text() == "mine"
                await pilot.press("escape")
                await pilot.pause()
        await written(stage, pilot, "written to")
        assert "How does Python round?" in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_an_export_says_that_older_turns_are_missing(tmp_path: Path) -> None:
    class Short(Shelf):
        async def whole(self, thread_id: str) -> Thread:
            return replace(await super().whole(thread_id), above=Above("20"))

    stage, told = Stage(), list[str]()
    async with stage.app.run_test() as pilot:
        Exporting(stage.app, Short(), told.append).ask("t", "talk", str(tmp_path), "talk.md")
        await pilot.pause()
        await pilot.press("enter")
        for _ in range(200):
            if (tmp_path / "talk.md").exists() and len(told) > 1:
                break
            await pilot.pause(0.1)
    assert told[-1] == f"older turns did not come; the others are written to {tmp_path / 'talk.md'}"


async def test_a_thread_that_was_found_by_its_words_is_shown_at_them() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await stage.show([opened("second"), events.Remarked("info", "news", "", "second")])
        stage.app.main.threads.seek(Choice("resume", Entry("other"), sought="round"))
        await stage.show([events.Remarked("info", "round", "", "second")])
        await pilot.pause()
        assert not stage.app.main.chat.is_searching
        await stage.play("answer-streamed")
        for _ in range(100):
            await pilot.pause(0.05)
            if stage.app.main.chat.is_searching:
                break
        row = stage.app.main.query_one(FindRow)
        assert row.query_text == "round"


async def test_the_open_threads(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await stage.play("answer-streamed")
        first = stage.state.active_id
        agent = opened("agent", parent_thread_id=first)
        await stage.show([agent, events.Remarked("info", "a", "", "agent"), side(stage)])
        await pilot.press("f9")
        await pilot.pause()

    await snap(stage.app, "app/threads", sizes=((80, 24), (40, 10)), before=before)


async def test_where_a_thread_goes(snap: Snap) -> None:
    stage = Stage()

    async def before(pilot: Pilot[Any]) -> None:
        await stage.play("answer-streamed")
        await pilot.press(*"/export", "enter")
        await pilot.pause()

    await snap(stage.app, "app/export", sizes=((80, 24),), before=before)
