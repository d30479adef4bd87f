"""The store delivers at once after a quiet moment, and then no more often than it says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from codex_tui import store as pace
from codex_tui.protocol.events import Event, Notified, Remarked
from codex_tui.protocol.registry import notified
from codex_tui.session.state import Change, State
from codex_tui.store import GROWING, Store

PLACE = {"threadId": "t", "turnId": "u", "itemId": "i"}


def text(delta: str = "x") -> Event:
    return notified("item/agentMessage/delta", {**PLACE, "delta": delta})


def remark(number: int = 0) -> Event:
    return Remarked("info", f"remark {number}")


class Screen:
    """Takes deliveries and remembers when they came."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.state = State()
        self._taken = asyncio.Event()

    async def deliver(self, state: State, change: Change) -> None:
        self.times.append(time.monotonic())
        self.state = state
        self._taken.set()

    async def frames(self, count: int) -> None:
        """Until so many deliveries came in all."""
        async with asyncio.timeout(20):
            while len(self.times) < count:
                self._taken.clear()
                await self._taken.wait()


@asynccontextmanager
async def running() -> AsyncGenerator[tuple[Store, Screen]]:
    store, screen = Store(), Screen()
    task = asyncio.create_task(store.run(screen.deliver))
    try:
        yield store, screen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames so far apart that waiting for one shows."""
    monkeypatch.setattr(pace, "GROWING_PER_SECOND", 1 / 60)
    monkeypatch.setattr(pace, "FRAMES_PER_SECOND", 1 / 60)


@pytest.mark.usefixtures("slow")
async def test_what_comes_after_a_quiet_moment_is_shown_at_once() -> None:
    async with running() as (store, screen):
        for number in range(1 + pace.FRAMES_AHEAD):
            store.put(remark(number))
            await screen.frames(number + 1)


@pytest.mark.usefixtures("slow")
async def test_more_than_that_waits_for_its_frame() -> None:
    async with running() as (store, screen):
        for number in range(1 + pace.FRAMES_AHEAD):
            store.put(remark(number))
            await screen.frames(number + 1)
        store.put(remark(99))
        await asyncio.sleep(0.2)
        assert len(screen.times) == 1 + pace.FRAMES_AHEAD


@pytest.mark.usefixtures("slow")
async def test_growing_text_waits_and_news_takes_it_along() -> None:
    async with running() as (store, screen):
        store.put(remark())
        await screen.frames(1)
        await store.put_all([text("one ")])
        await asyncio.sleep(0.2)
        assert len(screen.times) == 1
        store.put(remark(1))
        await screen.frames(2)
        assert len(screen.state.notices) == 2


@pytest.mark.parametrize(("grows", "rate"), [(True, "GROWING_PER_SECOND"), (False, "FRAMES_PER_SECOND")])
async def test_a_stream_is_delivered_no_faster_than_its_rate(grows: bool, rate: str) -> None:
    async with running() as (store, screen):
        began = time.monotonic()
        number = 0
        while time.monotonic() - began < 1:
            await store.put_all([text(f"{number}") if grows else remark(number)])
            await asyncio.sleep(0.004)
            number += 1
        lasted = time.monotonic() - began
        most = lasted * getattr(pace, rate) + 1 + pace.FRAMES_AHEAD
        assert 3 < len(screen.times) <= most + 1


async def test_nothing_is_lost_in_a_flood() -> None:
    count = 20_000
    async with running() as (store, screen):
        for start in range(0, count, 100):
            await store.put_all([remark(start + at) for at in range(100)])
        while not screen.state.notices or screen.state.notices[-1].title != f"remark {count - 1}":
            await screen.frames(len(screen.times) + 1)


def test_all_that_only_grows_is_known_to_the_registry() -> None:
    for method in GROWING:
        assert isinstance(notified(method, {**PLACE, "delta": "x"}), Notified)


async def test_who_waits_for_a_state_goes_on_with_the_first_one_that_knows() -> None:
    async with running() as (store, screen):
        store.put(text())
        await screen.frames(1)  # what follows waits for its frame
        store.put(remark(7))
        assert not store.state.notices
        async with asyncio.timeout(20):
            state = await store.until(lambda state: bool(state.notices))
        assert [notice.title for notice in state.notices] == ["remark 7"]
        assert await store.until(lambda state: bool(state.notices)) is store.state


async def test_who_waits_until_it_is_shown_waits_for_the_interface_too() -> None:
    store, may_take, is_shown = Store(), asyncio.Event(), asyncio.Event()

    async def deliver(state: State, change: Change) -> None:
        await may_take.wait()

    async def look() -> None:
        await store.shown()
        is_shown.set()

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        await store.shown()  # nothing came yet
        work = group.create_task(store.run(deliver))
        before = store.state
        store.put(remark())
        await store.until(lambda state: state is not before)
        group.create_task(look())
        for _ in range(10):
            await asyncio.sleep(0)
        assert not is_shown.is_set()
        may_take.set()
        await is_shown.wait()
        work.cancel()
