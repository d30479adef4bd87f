"""Saved threads without an engine: what a catalogue answers, from records made here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

from codex_tui.engine.replay import replay_batches
from codex_tui.errors import ClientError
from codex_tui.history import Entry, entry_of
from codex_tui.history.found import Found, Hit, Peek
from codex_tui.protocol.threads import GitInfo, Thread, ThreadStatus
from codex_tui.session.reducer import reduce_all
from codex_tui.session.state import State
from codex_tui.session.transcript import Thread as Transcript

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
NOW = 1_767_225_600
HERE = "/home/dev/calc"
DAY = 86_400


def saved(number: int, preview: str, ago: int, **members: object) -> Entry:
    """A thread that was used so many seconds ago."""
    thread = Thread(
        id=f"0199-{number:04}",
        preview=preview,
        cwd=HERE,
        model="gpt-5.5",
        model_provider="openai",
        source="cli",
        created_at=NOW - ago - DAY,
        updated_at=NOW - ago,
        git_info=GitInfo(branch="main"),
        status=ThreadStatus(type="notLoaded"),
    )
    return entry_of(thread.model_copy(update=members), archived=False)


LONG_BRANCH = GitInfo(branch="perf/division-by-zero-and-more")
WAITING = ThreadStatus(type="active", active_flags=("waitingOnApproval",))

SOME = [
    saved(1, "fix the failing test in calc", 41),
    saved(2, "support fractions\nand decimals", 2 * DAY, name="calc: fractions"),
    saved(3, "why is [bold]div[/] slow\x1b[2J", 9 * DAY, git_info=LONG_BRANCH),
    saved(4, "エラーの説明をお願いします", 40 * DAY, model_provider="azure", source="vscode"),
    saved(5, "write the release notes", 100 * DAY, status=WAITING),
    saved(6, "another project", 3 * 3600, cwd="/home/dev/site"),
    saved(7, "look into the tests", 3600, parent_thread_id="0199-0001"),
]


class Shelf:
    """A catalogue in memory (`history.access.Catalogue`); `done` notes what was asked of it."""

    def __init__(self, entries: Sequence[Entry] = SOME, *, trouble: str = "", page: int = 3) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.done: list[tuple[str, ...]] = []
        self.looked: list[tuple[str, str]] = []  # what was looked into, and for which words
        self._trouble = trouble
        self._page = page

    async def pages(self, *, archived: bool, here: str = "") -> AsyncIterator[Sequence[Entry]]:
        if self._trouble:
            raise ClientError(self._trouble)
        listed = [entry for entry in self.entries.values() if entry.archived == archived]
        if here:
            yield [entry for entry in listed if entry.cwd == here][: self._page]
        for start in range(0, len(listed), self._page):
            yield listed[start : start + self._page]

    async def peek(self, entry: Entry, wanted: str = "") -> Peek:
        self.looked.append((entry.id, wanted))
        return Peek(await self.whole(entry.id), 2 if wanted else 0)

    async def whole(self, thread_id: str) -> Transcript:
        state = State()
        for _, batch in replay_batches(RECORDINGS / "answer-streamed.jsonl"):
            state, _ = reduce_all(state, batch)
        assert state.active is not None
        return state.active

    async def count_turns(self, thread_id: str) -> int:
        return 7

    async def search(self, wanted: str, *, archived: bool) -> AsyncIterator[Found]:
        found = [entry for entry in self.entries.values() if "calc" in entry.title]
        yield Found([Hit(entry, f"… and then {wanted} was\nsaid in it") for entry in found])

    async def rename(self, thread_id: str, name: str) -> None:
        self.done.append(("rename", thread_id, name))

    async def archive(self, thread_id: str) -> None:
        self.done.append(("archive", thread_id))
        self.entries[thread_id] = replace(self.entries[thread_id], archived=True)

    async def unarchive(self, thread_id: str) -> None:
        self.done.append(("unarchive", thread_id))

    async def delete(self, thread_id: str) -> None:
        self.done.append(("delete", thread_id))
        del self.entries[thread_id]
