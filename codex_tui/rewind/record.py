"""What is written down of a rewind, so that it can be finished or undone in another session. Pure.

The record is written before the first file is; how far the rewind has come is a word beside it:

    writing   files are being taken back; some may be, each of them whole
    files     the files went back, the conversation is yet to
    done      all of it is done
    undoing   files are being put back as they were before the rewind
    undone    they are put back
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from codex_tui.session.transcript import Thread

What = Literal["both", "files", "talk"]
"""What goes back: conversation and files, files only, conversation only."""
End = Literal["before", "after"]
"""What files held before the rewind, and what they hold after it."""


@dataclass(frozen=True, slots=True)
class Side:
    """What a file holds: its digest, its rights (see `revert.Held`), and the name of the copy. No digest
    and no copy: no file."""

    digest: str = ""
    mode: int = -1
    copy: str = ""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One path of a rewind. Paths of one `group` go together: a file, or what was moved onto each other."""

    path: str
    group: int
    before: Side
    after: Side

    def side(self, end: End) -> Side:
        return self.before if end == "before" else self.after


@dataclass(frozen=True, slots=True)
class Record:
    """A rewind to before `turn_id`. `prompt` and `images`: what that turn began with; foreign.

    `kept_id` is the turn before it, `last_id` the newest one then ("" for none). `at`: seconds since the
    epoch. `root`: the folder that the thread works in. `spare`: see `revert.write_all`.
    """

    what: What
    thread_id: str
    turn_id: str
    kept_id: str = ""
    last_id: str = ""
    prompt: str = ""
    images: tuple[str, ...] = ()
    turns: int = 1
    at: float = 0.0
    root: str = "/"
    spare: str = ""
    files: tuple[KeptFile, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)

    @property
    def count(self) -> int:
        """Files, one that was moved being one."""
        return len({file.group for file in self.files})

    def is_of(self, thread_id: str, root: str) -> bool:
        """Whether it was made in that thread, or in that folder."""
        return self.thread_id == thread_id or self.root == root


def written(record: Record) -> dict[str, Any]:
    """The record as JSON has it."""
    return asdict(record)


def read(data: bytes) -> Record | None:
    """A record that was written; None for anything else."""
    try:
        told: Any = json.loads(data)
        files = tuple(
            KeptFile(str(one["path"]), int(one["group"]), Side(**one["before"]), Side(**one["after"]))
            for one in told.pop("files")
        )
        told |= {"images": tuple(told.get("images", ())), "files": files}
        record = Record(**told)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return record if record.what in ("both", "files", "talk") else None


def record_of(thread: Thread, turn_id: str, what: What, at: float) -> Record:
    """What is known of a rewind before it begins, but for its files."""
    from codex_tui.rewind.points import points_of

    ids = turn_ids(thread)
    place = ids.index(turn_id) if turn_id in ids else 0
    point = next((one for one in points_of(thread) if one.turn_id == turn_id), None)
    return Record(
        what,
        thread.id,
        turn_id,
        kept_id=ids[place - 1] if place else "",
        last_id=ids[-1] if ids else "",
        prompt=point.text if point is not None else "",
        images=point.images if point is not None else (),
        turns=len(ids) - place,
        at=at,
        root=thread.settings.cwd or "/",
    )


def turn_ids(thread: Thread) -> list[str]:
    """The thread's turns as far as they are known, oldest first."""
    return [turn.id for turn in thread.turns if not turn.is_notes]


Talk = Literal["there", "back", "on"]
"""Of a conversation that was to go back: it did not, it did, or it went on since, one way or the other."""


def talk_of(record: Record, thread: Thread) -> Talk:
    """What became of the conversation; `thread` may know its newest turns alone."""
    newest = next(reversed(turn_ids(thread)), "")
    if newest == record.last_id:
        return "there"
    return "back" if newest == record.kept_id else "on"
