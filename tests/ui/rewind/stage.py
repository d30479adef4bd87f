"""The whole app with a thread whose files are really on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from textual.pilot import Pilot

from codex_tui.errors import ClientError
from codex_tui.screens.rewind import RewindScreen
from codex_tui.session.state import EngineHealth, State
from codex_tui.session.transcript import Thread
from tests.rewind.made import Files, patch, patched, ran, said, thread, turn
from tests.rewind.test_rewinding import contents, fill, placed
from tests.ui.app.stage import WHOLE, Stage
from tests.ui.dialogs.stage import Notes

NOW_MS = 1_767_225_600_000  # what the stage's clock says
CALC = "import sys\n\n\ndef div(a, b):\n    return a // b\n\n\nprint(div(7, 2))\n"
FIXED = CALC.replace(
    "    return a // b\n", '    if b == 0:\n        raise ValueError("b is 0")\n    return a / b\n'
)

FIRST: Files = {"/p/calc.py": CALC, "/p/notes.txt": "bye\n", "/p/old/name.py": "x = 1\n"}
SECOND: Files = {"/p/calc.py": FIXED, "/p/notes.txt": "bye\n", "/p/old/name.py": "x = 1\n"}
THIRD: Files = {"/p/calc.py": FIXED, "/p/CHANGES.md": "- division\n", "/p/new/name.py": "x = 2\n"}


def conversation() -> Thread:
    """Three prompts: a repair, a question, and a patch that makes, moves and deletes; and a command."""
    moves = {"/p/old/name.py": "/p/new/name.py"}
    return thread(
        turn("u0", said("repair the division"), patched(patch(FIRST, SECOND), "p"), at_ms=NOW_MS - 3_600_000),
        turn("u1", said("why was it wrong?"), at_ms=NOW_MS - 900_000),
        turn(
            "u2",
            said("note it in CHANGES.md and tidy up"),
            ran("make"),
            patched(patch(SECOND, THIRD, moves), "p"),
            at_ms=NOW_MS - 60_000,
        ),
    )


class Refusing(Notes):
    """`Intents` of an engine that takes no turn back."""

    async def take_turns_back(self, thread_id: str, turn_id: str) -> None:
        raise ClientError("the engine says no")


class RewindStage(Stage):
    """An app that shows `conversation`, with its files in `folder`."""

    def __init__(self, folder: Path, files: Files = THIRD, notes: Notes | None = None) -> None:
        super().__init__()
        self.root = folder / "p"
        self.root.mkdir()
        fill(self.root, files)
        self.notes = notes or self.notes
        self.thread = placed(conversation(), self.root)
        self.app.main.rewinds.place = Path("/home/ada/.local/state/codex-tui")  # for the eye alone
        self.copies = folder / "state"

    def known(self, shown: Thread) -> State:
        threads: Mapping[str, Thread] = MappingProxyType({shown.id: shown})
        return State(threads=threads, active_id=shown.id, engine=EngineHealth("ready", 1))

    async def begin(self, shown: Thread | None = None) -> None:
        """The app has the thread."""
        self.app.attach(self.notes)
        self.state = self.known(shown or self.thread)
        await self.app.deliver(self.state, WHOLE)

    async def open(self, pilot: Pilot[None]) -> None:
        """Esc Esc."""
        await pilot.press("escape")
        await pilot.press("escape")
        await settled(pilot)

    @property
    def files(self) -> dict[str, str]:
        return contents(self.root)


async def settled(pilot: Pilot[None]) -> None:
    """Until what runs beside the keys is done."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete(  # pyright: ignore[reportUnknownMemberType]
        [worker for worker in pilot.app.workers if isinstance(worker.node, RewindScreen)]
    )
    await pilot.pause()


def rows(stage: Stage) -> str:
    """What is on screen."""
    strips = stage.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
