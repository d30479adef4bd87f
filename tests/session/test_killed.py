"""An engine that is killed at any moment takes nothing with it that it had said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codex_tui.engine.replay import replay_batches
from codex_tui.protocol.events import EngineReady, EngineStarting, EngineStopped, Event
from codex_tui.session.reducer.dispatch import take
from codex_tui.session.state import State
from tests.replay import broken_rules, texts

RECORDINGS = sorted((Path(__file__).parent.parent / "recordings").glob("*.jsonl"))


def events_of(recording: Path) -> Iterator[Event]:
    for _, batch in replay_batches(recording):
        yield from batch


def said(state: State) -> dict[tuple[str, str, str], list[Any]]:
    """The texts of every item, but for the word that says whether it still runs."""
    return {
        (thread.id, turn.id, item.id): [text for text in texts(item) if text != "inProgress"]
        for thread in state.threads.values()
        for turn in thread.turns
        for item in turn.items
    }


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_killed_after_any_message_it_leaves_all_texts_no_question_and_room_for_the_next(
    recording: Path,
) -> None:
    state = State()
    for event in events_of(recording):
        state, _ = take(state, event)
        generation = max(1, state.engine.generation)
        died, _ = take(state, EngineStopped(generation, "signal SIGKILL", -9))
        assert said(died) == said(state), event
        assert len(died.inbox) == 0, event
        assert [thread.id for thread in died.threads.values() if thread.running_turn] == [], event
        assert list(broken_rules(died)) == [], event
        assert died.active_id == state.active_id
        after, _ = take(died, EngineStarting(generation + 1, "codex"))
        after, _ = take(after, EngineReady(generation + 1, "0", ""))
        assert (after.engine.phase, said(after)) == ("ready", said(state)), event
