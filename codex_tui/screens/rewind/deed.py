"""Going back and putting back, once it was said yes: files, then the conversation. What failed is told
with what was done.

How far it came is on disk at every moment (`codex_tui.ledger`): a program that dies on the way leaves
an entry that the next one offers to finish or to take back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.errors import ClientError
from codex_tui.screens.rewind import facts
from codex_tui.text import SafeText, join, line, own

if TYPE_CHECKING:
    from pathlib import Path

    from codex_tui.intents import Intents
    from codex_tui.ledger import Entry
    from codex_tui.rewind import Fate
    from codex_tui.rewind.record import End, Record
    from codex_tui.rewinding import Failure, Look
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread


@dataclass(frozen=True, slots=True)
class Rewound:
    """What was done. `prompt`: whose prompt returns to the composer, None when only files were written;
    once it is kept there, `entry` is settled as done."""

    says: SafeText
    prompt: Record | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why it ended before its end, and how all things stand. `entry`: what can be finished or taken back."""

    says: Sequence[SafeText]
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do: `fates` of `ahead` are written; `place` is our state directory."""

    thread: Thread
    record: Record
    ahead: Look
    fates: Sequence[Fate]
    place: Path

    @property
    def root(self) -> str:
        return self.thread.settings.cwd


@dataclass(frozen=True, slots=True)
class By:
    """Who does it. `state` is the one of now: the plan may be of one before."""

    state: State | None
    intents: Intents


async def go_back(deed: Deed, by: By) -> Rewound | Stopped:
    """Back to before a prompt."""
    from codex_tui.ledger import Ledger
    from codex_tui.rewinding import Failure, take_back

    what = deed.record.what
    if (hindrance := moved_on(deed.thread, by.state, talk=what != "files")) is not None:
        return Stopped([hindrance, own("Nothing was changed.")])
    found = await asyncio.to_thread(take_back, deed.ahead, deed.fates, Ledger(deed.place), deed.record)
    if isinstance(found, Failure) and deed.fates:
        return _failed(found, deed, what == "both")
    entry = None if isinstance(found, Failure) else found  # words alone go back without being written down
    says = join(own("went back: "), facts.summary(deed.fates, what, deed.record.turns))
    if deed.fates:
        says = join(says, own("; Esc Esc, U puts the files back"))
    return await _go_on(entry, deed, by, says, talk=what != "files")


async def bring_to(entry: Entry, end: End, deed: Deed, by: By, *, talk: bool) -> Rewound | Stopped:
    """Bring a rewind of before to one of its ends: its files, and with `talk` the conversation."""
    if (hindrance := moved_on(deed.thread, by.state, talk=talk)) is not None:
        return Stopped([hindrance, own("Nothing was changed.")], entry)
    try:
        is_ours = await asyncio.to_thread(entry.hold)
    except OSError:
        return Stopped([own("What was kept of it is not there any more."), own("Nothing was changed.")])
    if not is_ours:
        return Stopped([own("Another program is at it just now."), own("Nothing was changed.")], entry)
    is_held = False
    try:
        done = await _bring_to(entry, end, deed, by, talk=talk)
        is_held = isinstance(done, Rewound) and done.entry is not None
        return done
    finally:
        if not is_held:
            entry.release()


async def _bring_to(entry: Entry, end: End, deed: Deed, by: By, *, talk: bool) -> Rewound | Stopped:
    from codex_tui.rewinding import put

    failure = await asyncio.to_thread(put, deed.ahead, deed.fates, entry, end, deed.place)
    if failure is not None:
        return _failed(failure, deed, talk, entry)
    if end == "after":
        done = facts.summary(deed.fates, "both" if talk else "files", entry.record.turns)
        return await _go_on(entry, deed, by, join(own("the rewind is finished: "), done), talk=talk)
    written = {fate.path for fate in deed.fates}
    left = [one for one in deed.ahead.fates if one.conflict is not None and one.path not in written]
    # What was left alone can be put back later, too.
    await asyncio.to_thread(entry.settle, "done" if left else "undone")
    return Rewound(facts.put_back(len(deed.fates), len(left)))


async def _go_on(entry: Entry | None, deed: Deed, by: By, says: SafeText, *, talk: bool) -> Rewound | Stopped:
    """The files are there; now the conversation."""
    record = entry.record if entry is not None else deed.record
    if not talk:
        if entry is not None:
            await asyncio.to_thread(entry.settle, "done")
        return Rewound(says)
    is_back = False
    try:
        await by.intents.take_turns_back(record.thread_id, record.turn_id)
        is_back = True
    except ClientError as error:
        reason = join(*filter(None, (line(error.title), line(error.hint))), by=own("; "))
        copies = facts.place_of(entry.folder) if entry is not None else None
        files = entry.record.count if entry is not None else 0
        return Stopped(facts.half_way(files, copies, reason), entry if files else None)
    finally:
        if not is_back and entry is not None:
            entry.release()
    return Rewound(says, record, entry)


def _failed(failure: Failure, deed: Deed, talk: bool, entry: Entry | None = None) -> Stopped:
    entry = entry or failure.entry
    return Stopped(facts.failure(failure.conflict, failure.left, deed.root, talk), entry)


def moved_on(thread: Thread, state: State | None, *, talk: bool) -> SafeText | None:
    """Why this is no time for it: the plan is of a conversation that goes on, or has no engine."""
    now = state.threads.get(thread.id) if state is not None else None
    if state is None or now is None:
        return own("The conversation is not there any more.")
    if talk and state.engine.phase != "ready":
        return own("There is no engine to take the conversation back; files only is possible.")
    if now.running_turn is not None or now.pending:
        return own("A turn runs: stop it first.")
    if _newest(now) != _newest(thread):
        return own("The conversation went on meanwhile: look at it again.")
    return None


def _newest(thread: Thread) -> str | None:
    return next((turn.id for turn in reversed(thread.turns) if not turn.is_notes), None)
