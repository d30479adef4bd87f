"""The whole app on a stage: recorded events, clocks that stand still, and somebody who notes intents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from textual.pilot import Pilot

from codex_tui.app import CodexApp, Greeting
from codex_tui.dialogs.guarded import GuardedScreen
from codex_tui.engine.replay import replay_batches
from codex_tui.journal import Journal
from codex_tui.protocol import events
from codex_tui.session.reducer import reduce_all
from codex_tui.session.state import Change, State, Touch
from tests.ui.dialogs.stage import Clock, Notes

RECORDINGS = Path(__file__).resolve().parents[2] / "recordings"
TOUR = Path(__file__).with_name("tour.jsonl")  # made with `codex-tui --demo --record`, normalised
WHOLE: Change = frozenset({Touch("threads"), Touch("engine"), Touch("inbox")})


class Stage:
    """An app, its clocks, and the state it is shown."""

    def __init__(self, greeting: Greeting | None = None, journal: Journal | None = None) -> None:
        self.clock = Clock()
        self.notes = Notes()
        self.state = State()
        self.app = CodexApp(
            greeting=greeting,
            clock=self.clock,
            now=lambda: 1_767_225_600.0 + self.clock.now - 1000.0,
            journal=journal,
        )

    async def show(self, told: Sequence[events.Event]) -> None:
        """Let events happen and the app take them."""
        self.app.attach(self.notes)
        self.state, change = reduce_all(self.state, told)
        await self.app.deliver(self.state, change or WHOLE)

    async def play(self, recording: str, until: type[events.Event] | None = None) -> None:
        """Show a recording of `tests/recordings`, up to and with the first event of the kind `until`."""
        await self.show(list(self.recorded(recording, until)))

    def recorded(self, recording: str, until: type[events.Event] | None = None) -> Iterator[events.Event]:
        """Events of a recording; what was received is dated now."""
        path = TOUR if recording == "tour" else RECORDINGS / f"{recording}.jsonl"
        for _, batch in replay_batches(path):
            for event in batch:
                if isinstance(event, events.EngineStopped):
                    return  # the recording ends here; its engine did not fail
                if isinstance(event, events.Asked):
                    yield events.Asked(
                        event.generation,
                        event.request_id,
                        event.method,
                        event.params,
                        event.raw,
                        self.clock.now,
                    )
                else:
                    yield event
                if until is not None and isinstance(event, until):
                    return

    async def pass_time(self, pilot: Pilot[None], seconds: float) -> None:
        """Let the clocks go on, and the app look at them."""
        self.clock.now += seconds
        if isinstance(screen := self.app.screen, GuardedScreen):
            screen.release()  # its own timer may be late on a busy machine
        await pilot.pause(0.3)
