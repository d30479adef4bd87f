"""Going back, once it was said yes: files, then the conversation. What failed is told with what was done."""

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
    from codex_tui.revert import Reverted
    from codex_tui.rewind import Fate, Point
    from codex_tui.rewinding import Look
    from codex_tui.screens.rewind.facts import What
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread


@dataclass(frozen=True, slots=True)
class Rewound:
    """What went back. `prompt` is the point whose prompt returns to the composer, None when only files
    went back; `files` undoes that."""

    says: SafeText
    prompt: Point | None
    files: Reverted | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why it ended before its end, and how all things stand. `files`: went back all the same."""

    says: Sequence[SafeText]
    files: Reverted | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do: `fates` of `ahead` are written, copies go below `place`."""

    thread: Thread
    point: Point
    what: What
    ahead: Look
    fates: Sequence[Fate]
    place: Path


async def go_back(deed: Deed, state: State | None, intents: Intents) -> Rewound | Stopped:
    """Do it. `state` is the one of now: the plan may be of one before."""
    from codex_tui.rewinding import Failure, take_back

    if (hindrance := _moved_on(deed, state)) is not None:
        return Stopped([hindrance, own("Nothing was changed.")])
    done: Reverted | None = None
    if deed.fates:
        found = await asyncio.to_thread(take_back, deed.ahead, deed.fates, deed.place)
        if isinstance(found, Failure):
            root, talk = deed.thread.settings.cwd, deed.what == "both"
            return Stopped(facts.failure(found.conflict, found.left, root, talk))
        done = found
    copies = facts.place_of(done.copies) if done is not None else None
    if deed.what != "files":
        try:
            await intents.take_turns_back(deed.thread.id, deed.point.turn_id)
        except ClientError as error:
            count = len(done.paths) if done is not None else 0
            reason = join(*filter(None, (line(error.title), line(error.hint))), by=own("; "))
            return Stopped(facts.half_way(count, copies, reason), done)
    says = join(own("went back: "), facts.summary(deed.fates, deed.what, deed.point))
    if done is not None:
        says = join(says, own("; Esc Esc, U puts the files back"))
    return Rewound(says, deed.point if deed.what != "files" else None, done)


def _moved_on(deed: Deed, state: State | None) -> SafeText | None:
    """Why this is no time to go back: the plan is of a conversation that goes on, or has no engine."""
    thread = deed.thread
    now = state.threads.get(thread.id) if state is not None else None
    if state is None or now is None:
        return own("The conversation is not there any more.")
    if deed.what != "files" and state.engine.phase != "ready":
        return own("There is no engine to take the conversation back; files only is possible.")
    if now.running_turn is not None or now.pending:
        return own("A turn runs: stop it first.")
    if _newest(now) != _newest(thread):
        return own("The conversation went on meanwhile: look at it again.")
    return None


def _newest(thread: Thread) -> str | None:
    return next((turn.id for turn in reversed(thread.turns) if not turn.is_notes), None)


async def put_back(done: Reverted, root: str) -> Rewound | Stopped:
    """Undo the files part, from what the files held."""
    from codex_tui.revert import undo

    conflict = await asyncio.to_thread(undo, done)
    if conflict is None:
        return Rewound(facts.put_back(len(done.paths)), None, None)
    says = facts.failure(conflict, (), root, talk=False)
    return Stopped([*says, join(own("The copies are in "), facts.place_of(done.copies))], done)
