"""The search over what was said with engines that have no search: a real process that refuses the methods."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from codex_tui.catalogue import EngineCatalogue
from codex_tui.engine.failures import RefusedError
from codex_tui.engine.locate import EngineBinary
from codex_tui.history.found import Found
from tests.engine.fakes import running, script
from tests.engine.scripted import ScriptedModel
from tests.engine.test_catalogue import engine, said
from tests.history.index.rollouts import Home, thread

# An engine with five saved threads of two turns, whose answers tell which methods were asked for.
OLD = f"""
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
LACKS = {{}}
STRIPES = ["What do zebras have?", "Stripes."]
initialize()
asked = []
while True:
    request = ask()
    method, params = request["method"], request.get("params") or {{}}
    asked.append(method)
    reply = {{"data": []}}
    if method in LACKS:
        say({{"id": request["id"], "error": LACKS[method]}})
        continue
    last = params.get("threadId", "0")[-1]
    told = {{"id": "01998000-0000-7000-8000-00000000000" + last, "preview": " ".join(asked), "cwd": "/home"}}
    if method == "thread/read":
        reply = {{"thread": told}}
        if params.get("includeTurns"):
            told["turns"] = [{{"id": "u%d" % at, "status": "completed", "items": [
                {{"type": "agentMessage", "id": "i", "text": STRIPES[1] if at == 4 else "nothing"}},
            ]}} for at in range(10)]
    if method == "thread/turns/list":
        first = int(params.get("cursor") or 9)
        turns = [
            {{"id": "u%d" % at, "status": "completed", "items": [
                {{"type": "agentMessage", "id": "i", "text": STRIPES[1] if at == 4 else "nothing"}},
            ]}}
            for at in range(first, first - 3, -1) if at >= 0
        ]
        reply = {{"data": turns, "nextCursor": str(first - 3) if first >= 3 else None}}
    say({{"id": request["id"], "result": reply}})
"""
UNKNOWN = '{{"code": -32600, "message": "Invalid request: unknown variant `{0}`, expected one of `x`"}}'


def old(folder: Path, lacks: Sequence[str], refusal: str = UNKNOWN) -> EngineBinary:
    """An engine that refuses these methods."""
    table = ", ".join(f'"{method}": {refusal.format(method)}' for method in lacks)
    return script(folder, OLD.replace("LACKS = {}", f"LACKS = {{{table}}}"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    home = Home(tmp_path / "home")
    home.talk(1, ["how long does dough rest"], ["and the salt?", "Salt it later."])
    home.talk(2, ["what do zebras have", "Stripes."])
    home.talk(3, ["salt!"])
    return home


@asynccontextmanager
async def catalogue(binary: EngineBinary) -> AsyncGenerator[EngineCatalogue]:
    async with running(binary) as (client, _):
        await client.initialize()
        shelf = EngineCatalogue(lambda: client)
        try:
            yield shelf
        finally:
            shelf.close()


async def every(shelf: EngineCatalogue, wanted: str) -> list[Found]:
    return [found async for found in shelf.search(wanted, archived=False)]


BOTH = ("thread/search", "thread/searchOccurrences")


async def test_what_the_engine_cannot_find_is_found_in_its_files(home: Home, tmp_path: Path) -> None:
    async with catalogue(old(tmp_path, BOTH)) as shelf:
        found = await every(shelf, "salt")
        assert [hit.entry.id for hit in found[-1].hits] == [thread(3), thread(1)]
        assert found[-1].hits[1].snippet == "Salt it later."
        assert [one.unfinished for one in found][-1] is False
        home.talk(4, ["more Salt"])
        assert (await every(shelf, "salt"))[-1].hits[0].entry.id == thread(4)
        # The engine was asked once for what it does not have.
        assert (await every(shelf, "salt"))[-1].hits[0].entry.prompt.split().count("thread/search") == 1


@pytest.mark.parametrize("lacks", [BOTH, (*BOTH, "thread/turns/list")])
async def test_a_place_is_looked_for_in_the_turns_of_an_engine_that_cannot_tell_it(
    home: Home, tmp_path: Path, lacks: Sequence[str]
) -> None:
    async with catalogue(old(tmp_path, lacks)) as shelf:
        (hit,) = (await every(shelf, "stripes"))[-1].hits
        peek = await shelf.peek(hit.entry, "STRIPES")
        assert (peek.places, [turn.id for turn in peek.thread.turns][-1]) == (1, "u4")
        assert await shelf.count_turns(hit.entry.id) == 10
        assert [turn.id for turn in (await shelf.whole(hit.entry.id)).turns] == [f"u{at}" for at in range(10)]
        last = await shelf.peek(hit.entry, "nobody said this")
        assert (last.places, [turn.id for turn in last.thread.turns]) == (0, ["u7", "u8", "u9"])


async def test_an_engine_that_has_a_search_needs_no_index(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "codex_tui.history.index", None)  # whoever wants it fails
    async with catalogue(old(tmp_path, ())) as shelf:
        assert [(found.hits, found.unfinished) for found in await every(shelf, "salt")] == [([], False)]
        assert not (tmp_path / "state").exists()


async def test_an_index_of_an_older_engine_goes_when_a_newer_one_can_search(
    home: Home, tmp_path: Path
) -> None:
    async with catalogue(old(tmp_path, BOTH)) as shelf:
        await every(shelf, "salt")
    kept = tmp_path / "state" / "codex-tui" / "said"
    assert len(list(kept.glob("*.sqlite"))) == 1
    async with catalogue(old(tmp_path, ())) as shelf:
        await every(shelf, "salt")
        await shelf.delete(thread(3))  # which makes no new one
    assert list(kept.iterdir()) == []


async def test_any_other_refusal_is_an_error(home: Home, tmp_path: Path) -> None:
    broken = '{{"code": -32603, "message": "the index is locked"}}'
    async with catalogue(old(tmp_path, BOTH, broken)) as shelf:
        with pytest.raises(RefusedError, match="the index is locked"):
            await every(shelf, "salt")
    assert not (tmp_path / "state").exists()


async def test_a_deleted_thread_leaves_the_index_too(home: Home, tmp_path: Path) -> None:
    async with catalogue(old(tmp_path, BOTH)) as shelf:
        await every(shelf, "salt")
        home.path(3).unlink()
        await shelf.delete(thread(3))
    (kept,) = (tmp_path / "state" / "codex-tui" / "said").glob("*.sqlite")
    assert b"salt!" not in kept.read_bytes()


async def test_trouble_is_said_once(home: Home, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    async with catalogue(old(tmp_path, BOTH)) as shelf:
        first = await every(shelf, "salt")
        assert [one.remark for one in first if one.remark] == [
            "no index of what was said can be kept: Not a directory"
        ]
        assert len(first[-1].hits) == 2
        assert [one.remark for one in await every(shelf, "salt") if one.remark] == []


@pytest.mark.engine
async def test_it_finds_what_the_real_engine_finds_in_the_files_it_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    said_by_the_model = [
        [{"msg": "Bread needs time."}],
        [{"msg": "Salt it later."}],
        [{"msg": "Stripes, 縞."}],
    ]
    with ScriptedModel(said_by_the_model) as scripted:
        monkeypatch.setenv("CODEX_HOME", str(scripted.home))
        async with engine(scripted) as client, catalogue(old(tmp_path, BOTH)) as shelf:
            theirs = EngineCatalogue(lambda: client)
            with anyio.fail_after(30):
                while not await said(theirs, "stripes"):  # noqa: ASYNC110 - its index follows what it writes
                    await anyio.sleep(0.1)
            for wanted in ("stripes", "EAD NEEDS", "縞", "[bold]dough", "time later", "You are Codex"):
                (found,) = [one.hits for one in (await every(shelf, wanted))[-1:]]
                told = await said(theirs, wanted)
                assert [(hit.entry.id[-1], hit.snippet) for hit in found] == [
                    (hit.entry.id[-1], hit.snippet) for hit in told
                ], wanted
