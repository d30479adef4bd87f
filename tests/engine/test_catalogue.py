"""Saved threads of the real engine: listed, looked into, found by what was said, renamed, put away."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType

import anyio
import pytest

from codex_tui.catalogue import EngineCatalogue
from codex_tui.engine.client import EngineClient
from codex_tui.errors import ClientError
from codex_tui.history import Entry
from codex_tui.history.found import Hit
from codex_tui.protocol.events import Event, Notified
from codex_tui.protocol.items import AgentMessage
from codex_tui.protocol.turns import TurnCompleted
from codex_tui.session.state import State
from codex_tui.session.transcript import Above, Thread
from tests.engine.fakes import Heard, running
from tests.engine.scripted import ScriptedModel
from tests.engine.test_real_engine import binary

pytestmark = pytest.mark.engine

SAID = [[{"msg": "Bread needs time."}], [{"msg": "Salt it later."}], [{"msg": "Zebras have stripes."}]]


@asynccontextmanager
async def engine(scripted: ScriptedModel) -> AsyncGenerator[EngineClient]:
    """An engine with two threads: one about bread, of two turns, and one about zebras."""
    async with running(binary(), env=scripted.env) as (client, heard):
        await client.initialize()
        for prompts in (("How long does [bold]dough rest?", "And the salt?"), ("What do zebras have?",)):
            opened = await client.thread_start(cwd=str(scripted.project), sandbox="workspace-write")
            for prompt in prompts:
                turn = await client.turn_start(opened.thread.id, prompt)
                await finished(heard, turn.turn.id)
        yield client


async def finished(heard: Heard, turn_id: str) -> None:
    def wanted(event: Event) -> bool:
        params = event.params if isinstance(event, Notified) else None
        return isinstance(params, TurnCompleted) and params.turn.id == turn_id

    await heard.until(wanted)


async def listed(catalogue: EngineCatalogue, *, archived: bool = False) -> dict[str, Entry]:
    pages: list[Sequence[Entry]] = [page async for page in catalogue.pages(archived=archived)]
    return {entry.title: entry for page in pages for entry in page}


async def said(catalogue: EngineCatalogue, wanted: str) -> Sequence[Hit]:
    """What a search finds in the end."""
    found = [one async for one in catalogue.search(wanted, archived=False)]
    assert [one.unfinished for one in found[-1:]] == [False]
    return found[-1].hits


async def test_threads_are_listed_looked_into_renamed_put_away_and_deleted() -> None:
    with ScriptedModel(SAID) as scripted:
        async with engine(scripted) as client:
            catalogue = EngineCatalogue(lambda: client)
            entries = await listed(catalogue)
            assert list(entries) == ["What do zebras have?", "How long does [bold]dough rest?"]
            pages = catalogue.pages(archived=False, here=str(scripted.project))
            assert {entry.title for entry in await anext(pages)} == set(entries)
            assert await anext(catalogue.pages(archived=False, here="/nowhere")) == []  # told at once
            bread = entries["How long does [bold]dough rest?"]
            assert (bread.cwd, bread.provider, bread.archived) == (str(scripted.project), "scripted", False)

            thread = (await catalogue.peek(bread)).thread
            last = [turn.items[-1].body for turn in thread.turns]
            said = [body.text for body in last if isinstance(body, AgentMessage)]
            assert said == ["Bread needs time.", "Salt it later."]
            assert await catalogue.count_turns(bread.id) == 2

            await catalogue.rename(bread.id, "bread")
            assert (await listed(catalogue))["bread"].prompt == "How long does [bold]dough rest?"

            await catalogue.archive(bread.id)
            assert "bread" not in await listed(catalogue)
            assert (await listed(catalogue, archived=True))["bread"].archived
            await catalogue.unarchive(bread.id)
            assert "bread" in await listed(catalogue)

            await catalogue.delete(bread.id)
            assert list(await listed(catalogue)) == ["What do zebras have?"]


async def test_a_thread_is_found_by_what_was_said_in_it() -> None:
    with ScriptedModel(SAID) as scripted:
        async with engine(scripted) as client:
            catalogue = EngineCatalogue(lambda: client)
            with anyio.fail_after(30):
                # The engine's index follows what it writes.
                while not (found := await said(catalogue, "stripes")):  # noqa: ASYNC110
                    await anyio.sleep(0.1)
            (hit,) = found
            assert hit.entry.title == "What do zebras have?"
            assert "stripes" in hit.snippet
            bread = (await listed(catalogue))["How long does [bold]dough rest?"]
            peek = await catalogue.peek(bread, "TIME")
            assert (peek.places, len(peek.thread.turns)) == (1, 1)  # the turn that comes after is left out
            assert (await catalogue.peek(bread, "nobody said this")).places == 0
            assert await said(catalogue, "nobody said this") == []


async def test_without_an_engine_only_a_thread_that_is_known_whole_is_told_as_one() -> None:
    known = Thread(id="t")
    state = State(threads=MappingProxyType({"t": known}))
    assert await EngineCatalogue(lambda: None, lambda: state).whole("t") is known
    state = State(threads=MappingProxyType({"t": replace(known, above=Above("cursor"))}))
    with pytest.raises(ClientError, match="no engine"):
        await EngineCatalogue(lambda: None, lambda: state).whole("t")
