"""The real engine: two prompts with patches, back to before one of them, and on from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from codex_tui.diffs.sources import ThreadDiffs
from codex_tui.engine.failures import RefusedError
from codex_tui.ledger import Entry, Ledger
from codex_tui.protocol.events import TurnsTakenBack
from codex_tui.rewind import points_of, undone_files, unknown_of, written_over
from codex_tui.rewind.record import record_of
from codex_tui.rewinding import Look, look_ahead, look_back, put, take_back
from codex_tui.session.transcript import Thread
from tests.engine.fakes import running
from tests.engine.test_patches_back import DONE, FILES, FIRST, SECOND, contents, thread_of
from tests.engine.test_real_engine import Session, binary, session

pytestmark = pytest.mark.engine


def look(known: Thread, turn_id: str, root: Path) -> Look:
    diffs = ThreadDiffs()
    over = written_over(known, turn_id, diffs)
    return look_ahead(undone_files(known, turn_id, diffs), root, diffs.paths(known), over)


async def two_prompts(s: Session) -> tuple[str, str]:
    first = await s.prompt("first prompt")
    await s.finished(first)
    second = await s.prompt("second prompt")
    await s.finished(second)
    return first, second


async def test_back_to_before_the_first_prompt_and_the_next_turn_works(tmp_path: Path) -> None:
    async with session(
        [[FIRST], [DONE], [SECOND], [DONE], [{"msg": "Anew."}]], approval="never", files=FILES
    ) as s:
        before = contents(s.scripted.project)
        first, _ = await two_prompts(s)
        after = contents(s.scripted.project)
        _, known = thread_of(s)
        assert [(one.text, one.turns, one.files) for one in points_of(known)] == [
            ("second prompt", 1, 4),
            ("first prompt", 2, 7),
        ]
        assert not unknown_of(known, first)
        ahead = look(known, first, s.scripted.project)
        assert [fate.conflict for fate in ahead.fates if fate.conflict] == []
        done = take_back(ahead, ahead.fates, Ledger(tmp_path), record_of(known, first, "both", 0))
        assert isinstance(done, Entry)
        assert contents(s.scripted.project) == before

        await s.client.thread_revert(s.thread_id, first)
        await s.heard.one(TurnsTakenBack)
        _, known = thread_of(s)
        assert len(known.turns) == 0
        assert (await s.finished(await s.prompt("other words"))).status == "completed"
        _, known = thread_of(s)
        assert [one.text for one in points_of(known)] == ["other words"]
        said = str(s.scripted.server.requests[-1])
        assert "other words" in said
        assert "first prompt" not in said

        back = look_back(done, "before")
        assert put(back, back.fates, done, "before", tmp_path) is None
        assert contents(s.scripted.project) == after


async def test_back_to_the_second_of_a_resumed_thread(tmp_path: Path) -> None:
    async with session([[FIRST], [DONE], [SECOND], [DONE], [DONE]], approval="never", files=FILES) as s:
        first = await s.prompt("first prompt")
        await s.finished(first)
        between = contents(s.scripted.project)
        second = await s.prompt("second prompt")
        await s.finished(second)
        await s.client.stop()
        async with running(binary(), env=s.scripted.env) as (client, heard):
            await client.initialize()
            await client.thread_resume(s.thread_id)
            again = Session(client, heard, s.scripted, s.thread_id)
            _, known = thread_of(again)
            ahead = look(known, second, s.scripted.project)
            record = record_of(known, second, "both", 0)
            assert isinstance(take_back(ahead, ahead.fates, Ledger(tmp_path), record), Entry)
            assert contents(s.scripted.project) == between
            await client.thread_revert(s.thread_id, second)
            await heard.one(TurnsTakenBack)
            _, known = thread_of(again)
            assert [turn.id for turn in known.turns if not turn.is_notes] == [first]
            await again.finished(await again.prompt("on"))
        async with running(binary(), env=s.scripted.env) as (client, heard):
            await client.initialize()
            opened = await client.thread_resume(s.thread_id)
            assert len(opened.turns) == 2
            assert second not in str(opened.turns)


async def test_a_turn_that_is_not_there_is_refused_and_nothing_is_lost() -> None:
    async with session([[DONE]]) as s:
        turn_id = await s.prompt()
        await s.finished(turn_id)
        with pytest.raises(RefusedError, match="turn not found"):
            await s.client.thread_revert(s.thread_id, "nobody")
        _, known = thread_of(s)
        assert [turn.id for turn in known.turns] == [turn_id]
