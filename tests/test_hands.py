"""What streams in waits a moment after a key, and is never stopped by one held down."""

from __future__ import annotations

import asyncio

from codex_tui.hands import BETWEEN, MOMENT, Hands
from codex_tui.protocol.events import Remarked
from codex_tui.session.state import Change, State
from codex_tui.store import Store
from tests.clock import Clock


async def waits(hands: Hands) -> bool:
    """Whether work would wait now."""
    task = asyncio.create_task(hands.give_way())
    await asyncio.sleep(0)
    waiting = not task.done()
    await task
    return waiting


async def test_work_goes_on_when_nobody_presses_anything() -> None:
    clock = Clock()
    assert not await waits(Hands(clock))


async def test_work_waits_for_a_moment_after_a_key() -> None:
    clock = Clock()
    hands = Hands(clock)
    hands.pressed()
    assert await waits(hands)
    clock.now += MOMENT
    assert not await waits(hands)


async def test_a_key_held_down_leaves_room_for_work() -> None:
    clock = Clock()
    hands = Hands(clock)
    worked = 0
    for _ in range(1000):  # a hundred seconds of a fast keyboard: every 10 ms a key
        hands.pressed()
        worked += hands._until <= clock.now  # pyright: ignore[reportPrivateUsage]
        clock.now += 0.01
    assert worked >= 1000 * BETWEEN / (MOMENT + BETWEEN) * 0.8


async def test_the_store_delivers_after_the_moment() -> None:
    clock = Clock()
    store = Store()
    store.hands = Hands(clock)
    taken = asyncio.Event()

    async def deliver(state: State, change: Change) -> None:
        taken.set()

    store.hands.pressed()
    task = asyncio.create_task(store.run(deliver))
    store.put(Remarked("info", "said"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not taken.is_set()
    clock.now += MOMENT
    async with asyncio.timeout(20):
        await taken.wait()
    task.cancel()
