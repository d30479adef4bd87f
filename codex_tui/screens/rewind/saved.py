"""What earlier rewinds of a thread left to do: to be finished, to be undone, to be given back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from codex_tui.ledger import Entry
    from codex_tui.session.transcript import Thread


@dataclass(frozen=True, slots=True)
class Saved:
    """`cut`: were cut off before their end. `undoable`: their files can be put back. `prompts`: were cut off
    after the conversation went back and before the prompt was in the composer. All newest first."""

    cut: list[Entry] = field(default_factory=list["Entry"])
    undoable: list[Entry] = field(default_factory=list["Entry"])
    prompts: list[Entry] = field(default_factory=list["Entry"])


def look_up(place: Path, thread: Thread) -> Saved:
    """Look below our state directory; blocks for as long as the disk takes. What has nothing left to do is
    settled on the way."""
    from codex_tui.ledger import Ledger
    from codex_tui.rewind.record import talk_of

    ledger = Ledger(place)
    found = Saved()
    for entry in ledger.cut_off(thread.id):
        talk = talk_of(entry.record, thread)
        if entry.stage != "files" or (entry.record.what == "both" and entry.record.files and talk == "there"):
            found.cut.append(entry)
        elif entry.record.what != "files" and talk == "back":
            found.prompts.append(entry)
        else:
            entry.settle("done")
    found.undoable.extend(ledger.undoable(thread.id, thread.settings.cwd))
    return found
