"""What each file becomes when recorded changes are taken back, newest first.

Every step is checked against what the file holds now. A change that is gone already (somebody took
it back) is passed over; one that is neither there nor gone makes a conflict: then the file stays,
unless the person chooses to take back what can be.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from codex_tui.diffs.reversal import Conflict, Plan, old_block, paths_of, plan_file, take_back

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from codex_tui.diffs import FileDiff, Hunk

Texts = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one file, or of several that were moved onto each other.

    `path` is where it is now, or was. `now` and `then` are the texts of all its paths before and
    after, None for no file; `modes` are git's, where a path needs one. With a `conflict`, `then` is
    what is left when everything that still fits is taken back, `missed` how many changes do not fit.
    `drift`: see `Plan`: something else changed the file above.
    """

    path: str
    now: Mapping[str, str | None]
    then: Mapping[str, str | None]
    modes: Mapping[str, str]
    conflict: Conflict | None = None
    missed: int = 0
    drift: int = 0

    @property
    def changed(self) -> tuple[str, ...]:
        """The paths that would be written; none when all is as it was before already."""
        return tuple(path for path, text in self.then.items() if text != self.now[path] or path in self.modes)

    @property
    def can_force(self) -> bool:
        """Whether anything can be taken back in spite of the conflict."""
        return self.conflict is not None and bool(self.changed)


def paths_in(files: Iterable[FileDiff]) -> tuple[str, ...]:
    """All paths whose texts `fates_of` needs."""
    return tuple(dict.fromkeys(path for file in files for path in paths_of(file)))


def fates_of(
    files: Sequence[FileDiff],
    texts: Mapping[str, str | Conflict | None],
    over: Collection[str] = (),
) -> tuple[Fate, ...]:
    """What becomes of the files when `files` are taken back in that order (newest first).

    `texts`: what is at each of `paths_in(files)`: the text, None for no file, or why it cannot be
    read. `over`: paths whose oldest change, a "new" file, was written over one whose text nobody has
    (`points.written_over`).
    """
    return tuple(_fate(group, texts, over) for group in _groups(files))


def _groups(files: Sequence[FileDiff]) -> list[list[FileDiff]]:
    """The changes parted by file; a move ties its two paths together. Ordered by first mention from the end:
    the file that was changed first comes first."""
    owner: dict[str, list[FileDiff]] = {}
    for file in files:
        paths = paths_of(file)
        tied: list[list[FileDiff]] = []
        for path in paths:
            group = owner.get(path)
            if group is not None and all(group is not one for one in tied):
                tied.append(group)
        # Groups that were apart until now have no path in common: their order does not matter.
        whole = [*(one for group in tied for one in group), file]
        for one in whole:
            for path in paths_of(one):
                owner[path] = whole
    out: list[list[FileDiff]] = []
    for group in reversed(owner.values()):
        if all(group is not one for one in out):
            out.append(group)
    return out


@dataclass(slots=True)
class _Walk:
    """One file on its way back through its changes."""

    texts: Texts
    modes: dict[str, str] = field(default_factory=dict[str, str])
    conflict: Conflict | None = None
    missed: int = 0
    drift: int = 0

    def miss(self, conflict: Conflict, count: int = 1) -> None:
        self.conflict = self.conflict or conflict
        self.missed += count

    def apply(self, plan: Plan) -> None:
        self.drift = max(self.drift, plan.drift, key=abs)
        for write in plan.writes:
            self.texts[write.path] = write.text
            if write.text is None:
                self.modes.pop(write.path, None)
            elif write.mode:
                self.modes[write.path] = write.mode


def _fate(
    group: Sequence[FileDiff], texts: Mapping[str, str | Conflict | None], over: Collection[str]
) -> Fate:
    now: Texts = {}
    for path in paths_in(group):
        found = texts.get(path)
        if isinstance(found, Conflict):
            return Fate(path, {path: None}, {path: None}, {}, found, missed=len(group))
        now[path] = found
    walk = _Walk(dict(now))
    for file in group:
        _step(file, walk)
    first = group[-1].path
    if first in over and now[first] is not None and walk.texts[first] is None:
        walk.miss(Conflict(first, "it was written over a file whose text nobody recorded"))
    modes = {path: mode for path, mode in walk.modes.items() if _needs_mode(path, group)}
    path = next((one for one in now if now[one] is not None), group[0].path)
    return Fate(path, now, walk.texts, modes, walk.conflict, walk.missed, walk.drift)


def _needs_mode(path: str, group: Sequence[FileDiff]) -> bool:
    """Whether git's word on the rights of `path` is more than what the file has anyway."""
    return any(
        path in paths_of(file) and (file.kind == "deleted" or file.old_mode != file.new_mode)
        for file in group
    )


def _step(file: FileDiff, walk: _Walk) -> None:
    """Take one change back, as far as that can be."""
    plan = plan_file(file, walk.texts)
    if isinstance(plan, Plan):
        walk.apply(plan)
        return
    if _is_gone(file, walk.texts):
        return
    if file.kind == "new":
        walk.miss(plan)
        if walk.texts[file.path] is not None and not file.doubt and file.hunks:
            walk.texts[file.path] = None
    elif file.kind == "deleted":
        walk.miss(plan)
        if not file.note and not file.doubt and file.old_mode[:3] in ("", "100"):
            walk.texts[file.path] = "".join(map(old_block, file.hunks))
    elif file.kind in ("changed", "moved") and not file.note:
        _by_hunks(file, plan, walk)
    else:
        walk.miss(plan)


def _by_hunks(file: FileDiff, why: Conflict, walk: _Walk) -> None:
    """Take back those hunks that are still there, pass over those that are gone."""
    text = walk.texts.get(file.path)
    if text is None:
        walk.miss(why, max(1, len(file.hunks)))
        return
    missed = 0
    for hunk in reversed(file.hunks):
        found = take_back(text, hunk) if _is_sound(hunk) else why.reason
        if not isinstance(found, str):
            text = found[0]
            walk.drift = max(walk.drift, found[1], key=abs)
        elif not _is_sound(hunk) or isinstance(take_back(text, _turned(hunk)), str):
            missed += 1
    walk.texts[file.path] = text
    if missed:
        walk.miss(why, missed)
    if not file.old_path:
        return
    if walk.texts.get(file.old_path) is None:
        walk.texts[file.old_path], walk.texts[file.path] = text, None
    else:
        walk.miss(why)


def _is_gone(file: FileDiff, texts: Mapping[str, str | None]) -> bool:
    """Whether the change is taken back already: forwards, it would fit."""
    text = texts.get(file.path)
    if file.note or file.doubt:
        return False
    if file.kind == "new":
        return text is None
    if file.kind == "deleted":
        return text is not None and text == "".join(map(old_block, file.hunks))
    if file.kind == "moved":
        old = texts.get(file.old_path)
        return text is None and old is not None and _all_gone(file.hunks, old)
    return text is not None and bool(file.hunks) and _all_gone(file.hunks, text)


def _all_gone(hunks: Sequence[Hunk], text: str) -> bool:
    for hunk in reversed(hunks):
        found = take_back(text, _turned(hunk))
        if isinstance(found, str):
            return False
        text = found[0]
    return True


def _is_sound(hunk: Hunk) -> bool:
    return hunk.known and hunk.whole and not any(one[0] == "?" for one in hunk.raw)


_TURNED = {"+": "-", "-": "+"}


def _turned(hunk: Hunk) -> Hunk:
    """The hunk that takes this one back."""
    raw = tuple(_TURNED.get(one[0], one[0]) + one[1:] for one in hunk.raw)
    return replace(hunk, old_start=hunk.new_start, new_start=hunk.old_start, raw=raw)
