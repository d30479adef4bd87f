"""The agent's changes that the person took back: what a key would do in words, and what was done."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codex_tui.paint.facts import counted, path_in
from codex_tui.paths import state_dir
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.diffs import FileDiff, Hunk
    from codex_tui.diffs.reversal import Conflict
    from codex_tui.revert import Reverted


@dataclass(slots=True)
class _Deed:
    """One thing taken back, and the hunks that it was."""

    done: Reverted
    path: str
    hunks: list[Hunk]


@dataclass(slots=True)
class Reverts:
    """What was taken back in this session, the newest last. `place` is where copies are kept."""

    place: Path | None = None
    _deeds: list[_Deed] = field(default_factory=list[_Deed])
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one after the other, as they were asked for

    @property
    def can_undo(self) -> bool:
        return bool(self._deeds)

    def taken_back(self, file: FileDiff) -> frozenset[int]:
        """The hunks of `file` that are taken back, by their indexes."""
        if not self._deeds:
            return frozenset()
        gone = [hunk for deed in self._deeds if deed.path == file.path for hunk in deed.hunks]
        return frozenset(at for at, hunk in enumerate(file.hunks) if hunk in gone)

    def is_gone(self, file: FileDiff, hunk: int | None) -> bool:
        """Whether a hunk, or all of the change, is taken back."""
        gone = self.taken_back(file)
        return hunk in gone or (hunk is None and 0 < len(gone) == len(file.hunks))

    async def take_back(
        self, file: FileDiff, hunk: int | None, root: Path, named: Callable[[], Collection[str]]
    ) -> Conflict | None:
        """Take one hunk back, or the whole change; None when it was done."""
        from codex_tui.diffs.reversal import Conflict
        from codex_tui.revert import revert

        async with self._turn:
            if self.is_gone(file, hunk):
                return None
            reverted = self.taken_back(file)

            def work() -> Reverted | Conflict:
                place = self.place or state_dir()
                return revert(file, root, place, hunk=hunk, reverted=reverted, named=named())

            done = await asyncio.to_thread(work)
            if isinstance(done, Conflict):
                return done
            hunks = list(file.hunks) if hunk is None else [file.hunks[hunk]]
            self._deeds.append(_Deed(done, file.path, hunks))
            return None

    async def undo(self) -> tuple[str, Conflict | None]:
        """Put back what was taken back last: its path, and why it was not put back. The path is empty
        where nothing is taken back."""
        from codex_tui.revert import undo

        async with self._turn:
            if not self._deeds:
                return "", None
            deed = self._deeds[-1]
            conflict = await asyncio.to_thread(undo, deed.done)
            if conflict is None:
                self._deeds.pop()
            return deed.path, conflict


def about_to(file: FileDiff, hunk: int | None, root: str, *, running: bool) -> list[SafeText]:
    """What taking back would do: the question, and what it means for the file."""
    name = path_in(root, file.path)
    if file.kind == "new":
        says = [join(own("Delete "), name, own(", which the agent made?"))]
        says.append(join(own("A copy of it is kept: "), _lines(file.added), own(".")))
    elif file.kind == "deleted":
        says = [join(own("Write "), name, own(" again, which the agent deleted?"))]
        says.append(join(own("It gets the "), _lines(file.removed), own(" that it had.")))
    elif hunk is None:
        says = [join(own("Take back all of the agent's changes of "), name, own("?"))]
        if file.old_path:
            says.append(join(own("It goes back to "), path_in(root, file.old_path), own(".")))
        says.append(_go(file.added, file.removed))
    else:
        one = file.hunks[hunk]
        says = [join(own("Take back the agent's change of "), name, own(", "), _where(one), own("?"))]
        says.append(_go(one.added, one.removed))
    if running:
        says.append(own("The agent works just now: it may be changing this file, and is not told of it."))
    return says


def _where(hunk: Hunk) -> SafeText:
    """The lines of the file that a hunk changed."""
    after = hunk.new_start
    changed: list[int] = []
    for one in hunk.lines:
        if one.sign in "+-":
            changed.append(one.new_no or after)
        after = one.new_no + 1 if one.new_no is not None else after
    first, last = min(changed, default=hunk.new_start), max(changed, default=hunk.new_start)
    if first == last:
        return join(own("line "), number(first))
    return join(own("lines "), number(first), own(" to "), number(last))


def _go(added: int, removed: int) -> SafeText:
    """What happens to how many lines."""
    parts: list[SafeText] = []
    if added:
        parts.append(join(_lines(added), own(" goes" if added == 1 else " go")))
    if removed:
        parts.append(join(_lines(removed), own(" comes back" if removed == 1 else " come back")))
    return join(join(*parts, by=own(", ")), own("; a copy of the file is kept."))


def refused(conflict: Conflict, root: str) -> list[SafeText]:
    """Why nothing was taken back."""
    where = path_in(root, conflict.path)
    if conflict.line is not None:
        where = join(where, own(":"), number(conflict.line))
    return [
        own("Not taken back; nothing was written."),
        join(where, own(": "), line(conflict.reason)),
    ]


def _lines(count: int) -> SafeText:
    return counted(count, own("line"))
