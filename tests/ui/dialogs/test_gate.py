"""The guard against answers nobody meant, on a clock of its own."""

from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.dialogs.gate import (
    ANSWER_HELD,
    BURST,
    IDLE_TO_OPEN,
    ON_SCREEN,
    QUIET,
    Gate,
    Opener,
    may_open,
    open_in,
)
from tests.clock import Clock


def shown(at: float = 1000.0) -> tuple[Gate, Clock]:
    clock = Clock(at)
    gate = Gate(clock)
    gate.show()
    return gate, clock


def test_a_dialog_opens_by_itself_only_over_an_empty_draft() -> None:
    assert not may_open(False, None, 50.0)
    assert may_open(True, None, 50.0)


def test_a_dialog_opens_by_itself_one_second_after_the_last_key() -> None:
    assert not may_open(True, 50.0, 50.999)
    assert may_open(True, 50.0, 51.0)
    assert math.isclose(open_in(50.0, 50.4), 0.6)


def test_answers_are_dead_for_the_first_700_ms() -> None:
    gate, clock = shown()
    clock.now += ON_SCREEN - 0.001
    assert not gate.alive()
    clock.now += 0.001
    assert gate.alive()


def test_a_key_makes_answers_dead_for_500_ms() -> None:
    gate, clock = shown()
    clock.now += 5
    gate.touch()
    clock.now += QUIET - 0.001
    assert not gate.press()
    clock.now += QUIET
    assert gate.press()


def test_a_key_before_the_dialog_counts_too() -> None:
    clock = Clock()
    gate = Gate(clock)
    gate.touch()
    clock.now += 0.001
    gate.show()
    clock.now += 0.4
    gate.touch()
    clock.now += 0.31
    assert not gate.alive()


def test_an_answer_key_never_answers_the_next_question_too() -> None:
    gate, clock = shown()
    clock.now += 1
    assert gate.press()
    gate.show()  # the next question
    clock.now += 0.65
    assert not gate.press()
    clock.now += QUIET
    assert gate.press()


def test_nothing_on_screen_is_never_alive() -> None:
    clock = Clock()
    gate = Gate(clock)
    assert math.isinf(gate.alive_in())
    gate.show()
    gate.hide()
    clock.now += 100
    assert not gate.press()
    assert gate.progress() == 0.0


def test_the_countdown_says_when_keys_come_alive() -> None:
    gate, clock = shown()
    assert math.isclose(gate.alive_in(), 0.7)
    assert gate.progress() < 0.01
    clock.now += 0.35
    assert math.isclose(gate.alive_in(), 0.35)
    assert math.isclose(gate.progress(), 0.5)
    clock.now += 0.35
    assert gate.alive_in() == 0.0
    assert gate.progress() == 1.0


@given(st.lists(st.integers(0, 2048), min_size=1, max_size=60), st.integers(0, 59))
def test_alive_exactly_when_shown_long_enough_and_quiet_long_enough(gaps: list[int], shown_at: int) -> None:
    clock = Clock(0.0)
    gate = Gate(clock)
    opened, last = math.inf, -math.inf
    for index, gap in enumerate(gaps):
        clock.now += gap / 1024  # sums of these are exact
        if index == shown_at:
            gate.show()
            opened = clock.now
        expected = clock.now - opened >= ON_SCREEN and clock.now - last >= QUIET
        assert gate.press() == expected
        last = clock.now


def typing(rng: random.Random) -> list[float]:
    """Gaps of somebody who types 5 to 30 keys a second, with a jitter, for some seconds."""
    rate = rng.uniform(5, 30)
    return [rng.uniform(0.2, 1.8) / rate for _ in range(rng.randint(10, 120))]


def held(rng: random.Random) -> list[float]:
    """Gaps of a key that is held down and repeats."""
    return [rng.uniform(0.25, 0.49), *([rng.uniform(0.015, 0.05)] * rng.randint(20, 200))]


def test_no_stream_of_keys_that_began_before_the_dialog_ever_answers() -> None:
    rng = random.Random(7)
    for number in range(10_000):
        gaps = typing(rng) if number % 3 else held(rng)
        clock = Clock(rng.uniform(0, 1e6))
        gate = Gate(clock)
        opens_before = rng.randrange(1, len(gaps))  # the dialog opens somewhere in the stream, as by F5
        for index, gap in enumerate(gaps):
            if index == opens_before:
                clock.now += gap * 0.5
                gate.show()
                clock.now += gap * 0.5
            else:
                clock.now += gap
            assert not gate.press(), f"stream {number}, key {index}"


def test_no_stream_ever_opens_a_dialog_by_itself() -> None:
    rng = random.Random(8)
    for _ in range(3_000):
        now = last = 100.0
        for gap in typing(rng) + held(rng):
            now = last + gap * rng.random()
            assert not may_open(True, last, now)
            last += gap
        assert may_open(True, last, last + IDLE_TO_OPEN)


def test_a_question_put_off_opens_only_when_asked_for() -> None:
    opener = Opener()
    first, second = (1, int, 0), (1, int, 1)
    assert opener.opens(first, True, None, 10.0)
    opener.postpone(first)
    assert not opener.opens(first, True, None, 10.0)
    assert opener.opens(second, True, None, 10.0)
    opener.keep_only({second})
    assert opener.put_off == set()


def test_a_key_that_waited_since_before_the_guard_was_over_answers_nothing() -> None:
    gate, clock = shown()
    clock.now += ON_SCREEN + 0.3  # the screen stood still, and a key waited for it
    assert not gate.press(late=0.31)
    clock.now += QUIET
    assert gate.press(late=0.0)


def test_a_held_answer_is_due_once_nothing_came_for_a_moment() -> None:
    gate, clock = shown()
    clock.now += 5
    assert gate.press()
    assert not gate.holds
    gate.hold()
    clock.now += ANSWER_HELD - 0.001
    assert gate.holds
    assert gate.due_in() > 0
    clock.now += 0.001
    assert gate.due_in() == 0


def test_whatever_comes_meanwhile_voids_what_is_held() -> None:
    for void in ("touch", "press", "show", "hide"):
        gate, clock = shown()
        clock.now += 5
        gate.press()
        gate.hold()
        getattr(gate, void)()
        assert not gate.holds
        clock.now += 10
        assert math.isinf(gate.due_in())


def test_a_key_that_came_with_the_one_before_is_part_of_a_burst() -> None:
    gate, clock = shown()
    clock.now += 5
    gate.press()
    assert not gate.in_burst
    clock.now += BURST - 0.001
    gate.press()
    assert gate.in_burst
    clock.now += BURST + 0.001
    gate.press()
    assert not gate.in_burst
