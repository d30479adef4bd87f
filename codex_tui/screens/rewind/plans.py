"""What a page of the rewind screen is about to do: to files, to the conversation, or to both.

A plan is looked at first (`look`, in a thread), shown row by row, and done when somebody says yes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from codex_tui.paint.diff import file_title, paint_lines
from codex_tui.paint.lines import indented, shorten_row, text_width
from codex_tui.screens.rewind import facts
from codex_tui.screens.rewind.deed import By, Deed, Rewound, Stopped, bring_to, go_back
from codex_tui.screens.rewind.fates import fate_note, fate_parts, force_word
from codex_tui.text import SafeText, join, own

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.strip import Strip

    from codex_tui.diffs.sources import ThreadDiffs
    from codex_tui.ledger import Entry
    from codex_tui.paint.look import Look, Marks
    from codex_tui.panes.status.parts import Part
    from codex_tui.rewind import Fate, Point, Unknown
    from codex_tui.rewind.record import End
    from codex_tui.rewinding import Look as FilesAhead
    from codex_tui.session.transcript import Thread

LONGEST = 5_000
"""Lines of one file's diff that are laid out; of more, it is said how many are left out."""


class Plan:
    """The part about files that all plans share. `place` is our state directory."""

    end: End | None = None  # of a rewind on disk, to which its files are brought
    does = own("go back")
    turns = own("what goes back")
    """What the keys for doing it and for another choice do."""

    def __init__(self, thread: Thread, place: Path) -> None:
        self.thread = thread
        self.place = place
        self.ahead: FilesAhead | None = None
        self.forced: set[str] = set()
        self._order: list[int] = []  # of the fates: conflicts first

    # -- what each plan says and does ------------------------------------------------------

    def look(self) -> None:
        """Look at the files. Blocks: call it in a thread."""
        raise NotImplementedError

    def head_parts(self, now: float, width: int) -> list[Part]:
        """What it is about."""
        raise NotImplementedError

    def choice_parts(self, marks: Marks, width: int) -> list[Part]:
        """Between what one can choose; nothing where there is no choice."""
        raise NotImplementedError

    def turn(self, step: int) -> bool:
        """Another choice; True when the files have to be looked at anew."""
        raise NotImplementedError

    def notes(self) -> list[tuple[SafeText, bool]]:
        """What to know before, below the files."""
        raise NotImplementedError

    def question(self) -> facts.Asked | None:
        """What is asked before it is done, and what yes does; None when there is nothing to do."""
        raise NotImplementedError

    async def do(self, ahead: FilesAhead, now: float, by: By) -> Rewound | Stopped:
        """Do it. `ahead`: what was shown."""
        raise NotImplementedError

    # -- files -----------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """Files that are listed."""
        return len(self._order)

    def take(self, found: FilesAhead) -> None:
        self.forced = set()
        self._order = sorted(range(len(found.fates)), key=lambda at: found.fates[at].conflict is None)
        self.ahead = found

    @property
    def written(self) -> list[Fate]:
        """What would be written as things are chosen now."""
        fates = self.ahead.fates if self.ahead is not None else ()
        return [
            fate for fate in fates if fate.changed and (fate.conflict is None or fate.path in self.forced)
        ]

    def fate(self, row: int) -> Fate | None:
        """The file of a row."""
        return self.ahead.fates[self._order[row]] if self.ahead is not None and row < self.rows else None

    def force(self, row: int) -> bool:
        """Write a file in spite of its conflict, or leave it alone again; False when that cannot be."""
        fate = self.fate(row)
        if fate is None or not fate.can_force:
            return False
        self.forced ^= {fate.path}
        return True

    def fate_parts(self, row: int, marks: Marks, width: int) -> list[Part]:
        fate = self.fate(row)
        if fate is None or self.ahead is None:
            return []
        changes = self.ahead.changes[self._order[row]]
        chosen = fate.path in self.forced
        return fate_parts(fate, changes, chosen, self.thread.settings.cwd, marks, width, self.end)

    def fate_note(self, row: int, width: int) -> list[tuple[SafeText, bool]]:
        """Why the file of a row stays, or what of it, where it is too narrow to say so there."""
        fate = self.fate(row)
        if fate is None or width >= facts.NARROW or fate.path in self.forced:
            return []
        says = fate_note(fate, self.thread.settings.cwd, self.end)
        return [(says, fate.conflict is not None)] if says else []

    def keys(self, row: int) -> list[facts.Key]:
        """What the keys do, with that row chosen."""
        fate = self.fate(row)
        force = own("")
        if fate is not None and fate.can_force:
            force = own("leave it") if fate.path in self.forced else force_word(self.end)
        return facts.plan_keys(self.does, self.turns, force, fate is not None and bool(fate.changed))

    def paint_diff(self, row: int, look: Look) -> list[Strip]:
        """What one file becomes."""
        root = self.thread.settings.cwd
        strips: list[Strip] = []
        for change in self.ahead.changes[self._order[row]] if self.ahead is not None else ():
            title = shorten_row(look, file_title(change, look, root), text_width(look))
            strips += [*indented(look, [title]), *paint_lines(change, look, LONGEST)]
        return strips

    def copies(self) -> list[tuple[SafeText, bool]]:
        """Where what the files hold now is kept; nothing when none is written."""
        from codex_tui.copies import place_of

        return facts.copies_kept(facts.place_of(place_of(self.place))) if self.written else []


class Back(Plan):
    """Back to before a prompt: conversation, files or both."""

    def __init__(self, thread: Thread, place: Path, point: Point, diffs: ThreadDiffs) -> None:
        super().__init__(thread, place)
        self.point = point
        self._diffs = diffs
        self._what: facts.What = "both"
        self._unknown: Unknown | None = None

    def look(self) -> None:
        from pathlib import Path

        from codex_tui.rewind import undone_files, unknown_of, written_over
        from codex_tui.rewinding import look_ahead

        turn_id = self.point.turn_id
        files = undone_files(self.thread, turn_id, self._diffs)
        over = written_over(self.thread, turn_id, self._diffs)
        root = Path(self.thread.settings.cwd or "/")
        self._unknown = unknown_of(self.thread, turn_id)
        self.take(look_ahead(files, root, self._diffs.paths(self.thread), over))
        if not super().rows and self._what == "both":
            self._what = "talk"

    @property
    def rows(self) -> int:
        return super().rows if self._what != "talk" else 0

    @property
    def written(self) -> list[Fate]:
        return super().written if self._what != "talk" else []

    def head_parts(self, now: float, width: int) -> list[Part]:
        return facts.plan_head(self.point, now, width)

    def choice_parts(self, marks: Marks, width: int) -> list[Part]:
        return facts.choice_parts(facts.whats(width), facts.WHATS.index(self._what), marks, width)

    def turn(self, step: int) -> bool:
        self._what = facts.WHATS[(facts.WHATS.index(self._what) + step) % len(facts.WHATS)]
        return False

    def notes(self) -> list[tuple[SafeText, bool]]:
        if self._unknown is None:
            return []
        found: list[tuple[SafeText, bool]] = []
        if self._what != "talk" and self.thread.above is not None:
            # A file that was new in a turn may have been there in one that is not known.
            found.append((own("Older turns did not come: what they did to these files is not known."), True))
        if self._what != "talk" and not self.rows:
            found.append((own("The agent's patches changed no file since."), False))
        return [*found, *facts.notes(self._unknown, self._what, self.copies())]

    def question(self) -> facts.Asked | None:
        if self._what == "files" and not self.written:
            return None
        says = facts.summary(self.written, self._what, self.point.turns)
        short = join(says, own("?"))
        return join(own("Go back: "), short), short, own("go back")

    async def do(self, ahead: FilesAhead, now: float, by: By) -> Rewound | Stopped:
        from codex_tui.rewind.record import record_of

        record = record_of(self.thread, self.point.turn_id, self._what, now)
        return await go_back(Deed(self.thread, record, ahead, self.written, self.place), by)


class PutBack(Plan):
    """The files of an earlier rewind, as they were before it. `entries`: newest first."""

    end: End | None = "before"
    does = own("put back")

    def __init__(self, thread: Thread, place: Path, entries: Sequence[Entry]) -> None:
        super().__init__(thread, place)
        self._entries = entries
        self._at = 0
        self.turns = own("an earlier one") if len(entries) > 1 else own("")

    def look(self) -> None:
        from codex_tui.rewinding import look_back

        self.take(look_back(self._entries[self._at], "before"))

    def head_parts(self, now: float, width: int) -> list[Part]:
        record = self._entries[self._at].record
        return facts.record_head(own("Put back what went back  "), own("Put back  "), record, now, width)

    def choice_parts(self, marks: Marks, width: int) -> list[Part]:
        return facts.which_parts(self._at, len(self._entries), width)

    def turn(self, step: int) -> bool:
        self._at = (self._at + step) % len(self._entries)
        return len(self._entries) > 1

    def notes(self) -> list[tuple[SafeText, bool]]:
        return [*self.copies(), (own("The conversation stays as it is."), False)]

    def question(self) -> facts.Asked | None:
        return facts.put_back_asked(len(self.written)) if self.written else None

    async def do(self, ahead: FilesAhead, now: float, by: By) -> Rewound | Stopped:
        entry = self._entries[self._at]
        deed = Deed(self.thread, entry.record, ahead, self.written, self.place)
        return await bring_to(entry, "before", deed, by, talk=False)


class CutOff(Plan):
    """A rewind that did not come to its end: to be finished, taken back, or left as it is."""

    does = own("do it")
    turns = own("finish, put back, leave")

    def __init__(self, thread: Thread, place: Path, entry: Entry) -> None:
        from codex_tui.rewind.record import talk_of

        super().__init__(thread, place)
        self._entry = entry
        self._is_there = entry.record.what == "both" and talk_of(entry.record, thread) == "there"
        self._way = 0

    @property
    def end(self) -> End | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        return facts.WAYS[self._way]

    def look(self) -> None:
        from codex_tui.rewinding import look_back

        if self.end is not None:
            self.take(look_back(self._entry, self.end))

    @property
    def rows(self) -> int:
        return super().rows if self.end is not None else 0

    @property
    def written(self) -> list[Fate]:
        return super().written if self.end is not None else []

    @property
    def _talks(self) -> bool:
        """Whether the conversation goes back, too."""
        return self.end == "after" and self._is_there

    def head_parts(self, now: float, width: int) -> list[Part]:
        lead = own("This rewind was cut off  ")
        return facts.record_head(lead, own("Cut off  "), self._entry.record, now, width)

    def choice_parts(self, marks: Marks, width: int) -> list[Part]:
        return facts.choice_parts(facts.ways(width), self._way, marks, width)

    def turn(self, step: int) -> bool:
        self._way = (self._way + step) % len(facts.WAYS)
        return self.end is not None

    def notes(self) -> list[tuple[SafeText, bool]]:
        found = [*self.copies()]
        if self.end == "after":
            found.append((facts.cut_talk(self._talks, self._entry.record), False))
        elif self.end == "before":
            found.append((own("The conversation stays as it is."), False))
        else:
            found.append(
                (own("Nothing is written, and it is not asked again. U still puts files back."), False)
            )
        return found

    def question(self) -> facts.Asked | None:
        if self.end == "before":
            return facts.put_back_asked(len(self.written))
        if self.end is None:
            return own("Leave all as it is?"), own("Leave all?"), own("leave it")
        what = "both" if self._talks else "files"
        summary = facts.summary(self.written, what, self._entry.record.turns)
        short = join(summary, own("?"))
        return join(own("Finish it: "), short), short, own("finish")

    async def do(self, ahead: FilesAhead, now: float, by: By) -> Rewound | Stopped:
        if self.end is None:
            await asyncio.to_thread(self._entry.settle, "done")
            return Rewound(own("the rewind is left as it is"))
        deed = Deed(self.thread, self._entry.record, ahead, self.written, self.place)
        return await bring_to(self._entry, self.end, deed, by, talk=self._talks)
