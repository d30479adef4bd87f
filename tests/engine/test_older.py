"""Older turns of an open thread: fetched page by page as they are wanted, all of them, and after failures."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from codex_tui.engine.client import EngineClient
from codex_tui.engine.locate import EngineBinary
from codex_tui.older import PAGE, WHOLE_PAGE, Older
from codex_tui.protocol.events import ThreadOpened
from codex_tui.protocol.params import FIRST_PAGE
from codex_tui.session.state import Change, State
from codex_tui.session.transcript import Above, Thread
from codex_tui.store import Store
from tests.engine.fakes import running, script
from tests.engine.scripted import ScriptedModel
from tests.engine.test_threads import SECONDS, session
from tests.history.rollouts import answer_of, write_rollout

# An engine with `TURNS` turns, newest first from a cursor that is a number; `odd` says what goes wrong.
LONG = """
initialize()
TURNS = {turns}
def page(params):
    first = int(params.get("cursor") or TURNS)
    last = max(0, first - params["limit"])
    turns = [{{"id": f"t{{at}}", "items": [], "status": "completed"}} for at in range(last, first)]
    return {{"data": turns[::-1], "nextCursor": str(last) if last else None}}
asked = 0
while True:
    request = ask()
    params, number = request.get("params") or {{}}, request["id"]
    if request["method"] == "thread/resume":
        say({{"id": number, "result": {{"thread": {{"id": "t", "cwd": "/"}},
              "initialTurnsPage": page(params["initialTurnsPage"])}}}})
    else:
        asked += 1
        {odd}
        say({{"id": number, "result": page(params)}})
"""


class Open:
    """A thread that is open, and what fetches its older turns."""

    def __init__(self, client: EngineClient, store: Store) -> None:
        self.client: EngineClient | None = client
        self.store = store
        self.older = Older(lambda: self.client, store)

    @property
    def thread(self) -> Thread:
        return self.store.state.threads["t"]

    @property
    def ids(self) -> list[str]:
        return [turn.id for turn in self.thread.turns if not turn.is_notes]

    async def until(self, holds: Callable[[Thread], bool]) -> None:
        with anyio.fail_after(SECONDS):
            await self.store.until(lambda state: "t" in state.threads and holds(state.threads["t"]))


@asynccontextmanager
async def opened(binary: EngineBinary) -> AsyncGenerator[Open]:
    store = Store()

    async def deliver(state: State, change: Change) -> None:
        return

    async with running(binary) as (client, heard), anyio.create_task_group() as group:
        group.start_soon(store.run, deliver)
        await client.initialize()
        await client.thread_resume("t")
        await heard.one(ThreadOpened)
        store.put(*heard.events)
        it = Open(client, store)
        await it.until(lambda thread: thread.above is not None)
        yield it
        group.cancel_scope.cancel()


def long_one(folder: Path, turns: int, odd: str = "pass") -> EngineBinary:
    return script(folder, LONG.format(turns=turns, odd=odd))


def names(first: int, stop: int) -> list[str]:
    return [f"t{at}" for at in range(first, stop)]


async def test_a_page_comes_when_it_is_wanted_and_no_other(tmp_path: Path) -> None:
    async with opened(long_one(tmp_path, 1000)) as it:
        assert it.ids == names(1000 - FIRST_PAGE, 1000)
        await it.older.fetch("t", whole=False)
        assert it.ids == names(1000 - FIRST_PAGE - PAGE, 1000)
        assert it.thread.above == Above(str(1000 - FIRST_PAGE - PAGE))


async def test_all_of_it_comes_in_order_when_all_is_wanted(tmp_path: Path) -> None:
    async with opened(long_one(tmp_path, 2000)) as it:
        await it.older.fetch("t", whole=True)
        assert it.ids == names(0, 2000)
        assert it.thread.above is None
        await it.older.fetch("t", whole=True)  # nothing is left
        assert it.ids == names(0, 2000)


async def test_whoever_wants_all_makes_a_running_fetch_go_on(tmp_path: Path) -> None:
    async with opened(long_one(tmp_path, 300)) as it, anyio.create_task_group() as group:
        for whole in (False, True, False):
            group.start_soon(it.older.fetch, "t", whole)
        await it.until(lambda thread: thread.above is None)
        assert it.ids == names(0, 300)


async def test_a_page_that_does_not_come_is_said_and_can_be_asked_for_again(tmp_path: Path) -> None:
    odd = """if asked == 2:
            say({"id": number, "error": {"code": -32603, "message": "the disk is away"}})
            continue"""
    async with opened(long_one(tmp_path, 400, odd)) as it:
        await it.older.fetch("t", whole=True)
        await it.until(lambda thread: thread.above is not None and thread.above.phase == "failed")
        assert it.thread.above is not None
        assert it.thread.above.why == "the disk is away"
        await it.older.fetch("t", whole=True)
        assert it.thread.above is None
        assert it.ids == names(0, 400)


async def test_turns_that_came_before_a_page_that_does_not_stay(tmp_path: Path) -> None:
    odd = """if asked == 3:
            say({"id": number, "error": {"code": -32603, "message": "the disk is away"}})
            continue"""
    async with opened(long_one(tmp_path, 400, odd)) as it:
        await it.older.fetch("t", whole=True)
        first = 400 - FIRST_PAGE - 2 * WHOLE_PAGE
        assert it.thread.above == Above("", "failed", "the disk is away")
        assert it.ids == names(first, 400)


async def test_a_cursor_that_the_engine_does_not_know_any_more_is_found_again(tmp_path: Path) -> None:
    odd = """if asked == 1:
            say({"id": number, "error": {"code": -32600, "message": "no such turn"}})
            continue"""
    async with opened(long_one(tmp_path, 100, odd)) as it:
        await it.older.fetch("t", whole=False)
        assert it.thread.above == Above("", "failed", "no such turn")
        await it.older.fetch("t", whole=False)  # from the newest turn on, past those that are known
        assert it.ids == names(100 - FIRST_PAGE - PAGE, 100)


async def test_without_an_engine_it_is_said(tmp_path: Path) -> None:
    async with opened(long_one(tmp_path, 100)) as it:
        it.client = None
        await it.older.fetch("t", whole=False)
        assert it.thread.above is not None
        assert (it.thread.above.phase, it.thread.above.why) == ("failed", "no engine runs")


async def test_a_page_without_turns_is_the_beginning(tmp_path: Path) -> None:
    odd = """say({"id": number, "result": {"data": [], "nextCursor": "1"}})
        continue"""
    async with opened(long_one(tmp_path, 100, odd)) as it:
        await it.older.fetch("t", whole=True)
        assert it.thread.above is None


@pytest.mark.engine
@pytest.mark.parametrize("version", ["0.77.0", "0.150.0", "0.169.0"])
async def test_the_real_engine_gives_a_long_thread_page_by_page(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = FIRST_PAGE + PAGE + WHOLE_PAGE + 30
    with ScriptedModel([]) as scripted:
        made = write_rollout(scripted.home, version, cwd=scripted.project, turns=count)
        async with session(scripted, monkeypatch, thread_id=made) as s:

            def answers() -> list[str]:
                return [turn.items[-1].body.text for turn in s.active.turns if not turn.is_notes]  # pyright: ignore

            assert answers() == [answer_of(at) for at in range(count - FIRST_PAGE, count)]
            s.conversation.threads.older(made)
            await s.until(lambda state: len(state.threads[made].turns) > FIRST_PAGE)
            assert answers() == [answer_of(at) for at in range(count - FIRST_PAGE - PAGE, count)]
            s.conversation.threads.older(made, whole=True)
            await s.until(lambda state: state.threads[made].above is None)
            assert answers() == [answer_of(at) for at in range(count)]


@pytest.mark.engine
async def test_turns_taken_back_do_not_lose_the_way_to_older_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    count = FIRST_PAGE + 5
    with ScriptedModel([]) as scripted:
        made = write_rollout(scripted.home, "0.169.0", cwd=scripted.project, turns=count)
        async with session(scripted, monkeypatch, thread_id=made) as s:
            first = next(turn.id for turn in s.active.turns if not turn.is_notes)
            await s.conversation.take_turns_back(made, first)  # all that is here
            s.conversation.threads.older(made)
            above: list[Above | None] = []
            with anyio.fail_after(SECONDS):
                while s.active.above is not None:
                    if s.active.above is not (above[-1] if above else None):
                        above.append(s.active.above)
                        if s.active.above.phase == "failed":
                            s.conversation.threads.older(made)
                    await anyio.sleep(0.01)
            told = [turn for turn in s.active.turns if not turn.is_notes]
            assert [turn.items[-1].body.text for turn in told] == [answer_of(at) for at in range(5)]  # pyright: ignore
