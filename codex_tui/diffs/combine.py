"""Several changes of a file, one after the other, as one: what they come to.

A diff knows only some lines of a file. Two are put together where they agree about all lines that
both know; where they do not, something else changed the file between them, and they stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

from codex_tui.diffs.records import NO_NEWLINE, FileDiff, Hunk, Kind, file_diff

CONTEXT: Final = 3
"""Unchanged lines shown around changed ones."""
MAX_MATCHED: Final = 1_000_000
"""Removed times added lines of one place up to which lines that are in both are looked for (some
tenths of a second for text that repeats itself); beyond, all of the old are shown as removed, all of
the new as added."""

Deed = Literal["pass", "keep", "cut", "put"]


class Step(NamedTuple):
    """One step through the old file: `pass` by `length` unknown lines, or keep, cut or put in a known one.

    `line` has its newline, if it has one.
    """

    deed: Deed
    length: int
    line: str = ""


Steps = list[Step]

_REST: Final = 1 << 60
_END: Final = Step("pass", _REST)
"""All lines after the last hunk: nobody knows how many."""


def combine(files: Iterable[tuple[str, FileDiff]]) -> tuple[FileDiff, ...]:
    """What changes in their order come to, one `FileDiff` a file where they fit together.

    Each comes with a name for its source, such as `turn 3`; where a file has several entries that
    do not fit, those names are their labels. What was undone altogether is left out.
    """
    chains: list[_Chain] = []
    newest: dict[str, _Chain] = {}
    for name, file in files:
        before = file.old_path or file.path
        chain = newest.pop(before, None)
        if chain is None or not chain.add(name, file):
            if chain is not None:
                chain.is_split = True
            chain = _Chain(is_split=chain is not None)
            chain.add(name, file)
            chains.append(chain)
        newest[file.path] = chain
    return tuple(
        replace(chain.file, label=chain.label if chain.is_split else "")
        for chain in chains
        if chain.file is not None
    )


@dataclass(slots=True)
class _Chain:
    """Changes of one file that fit together. `file` is None while they come to nothing."""

    is_split: bool
    file: FileDiff | None = None
    first: str = ""
    last: str = ""

    @property
    def label(self) -> str:
        return self.first if self.first == self.last else f"{self.first} to {self.last}"

    def add(self, name: str, file: FileDiff) -> bool:
        """Puts `file` on top; False when it does not fit."""
        both: FileDiff | None = file
        if self.file is None:
            self.first = name
        else:
            both = merge(self.file, file)
            if both is None:
                return False
        self.file, self.last = None if is_nothing(both) else both, name
        return True


def is_nothing(file: FileDiff) -> bool:
    """Whether a change comes to nothing at all."""
    return file.kind == "changed" and not file.hunks and file.old_mode == file.new_mode and not file.note


def merge(one: FileDiff, two: FileDiff) -> FileDiff | None:
    """`one` and then `two`, the second of the file that the first left. None when they do not fit.

    A file that is new and then deleted comes to a change of nothing (see `is_nothing`).
    """
    if (one.kind == "deleted") != (two.kind == "new"):
        return None
    first, second = steps_of(one), steps_of(two)
    if first is None or second is None:
        return None
    if one.kind == "new" and two.kind == "deleted":
        return FileDiff(two.path) if _chained(first, second) is not None else None
    steps = _chained(first, second)
    if steps is None:
        return None
    was = one.old_path or one.path
    kind: Kind = "changed"
    old_path = ""
    if one.kind == "new":
        kind = "new"
    elif two.kind == "deleted":
        kind = "deleted"
    elif was != two.path:
        kind, old_path = "moved", was
    path = was if kind == "deleted" else two.path
    old_mode, new_mode = one.old_mode or two.old_mode, two.new_mode or one.new_mode
    hunks = hunks_of(steps)
    if kind == "changed" and not hunks and old_mode != new_mode:
        kind = "mode"
    return file_diff(path, kind, hunks, old_path=old_path, old_mode=old_mode, new_mode=new_mode)


# -- from hunks to steps ---------------------------------------------------------------------


def steps_of(file: FileDiff) -> Steps | None:
    """The file's change as steps through the old file; None when the hunks are no sure ground."""
    if file.kind == "binary" or file.note or file.doubt:
        return None
    steps: Steps = []
    at_old = at_new = 0
    for hunk in file.hunks:
        old = hunk.old_start - (1 if hunk.old_count else 0)
        new = hunk.new_start - (1 if hunk.new_count else 0)
        gap = old - at_old
        if gap < 0 or gap != new - at_new:
            return None
        if gap:
            steps.append(Step("pass", gap))
        steps += _steps_in(hunk)
        at_old, at_new = old + hunk.old_count, new + hunk.new_count
    if file.kind not in ("new", "deleted"):
        steps.append(_END)
    return steps


def _steps_in(hunk: Hunk) -> Steps:
    deeds: dict[str, Deed] = {" ": "keep", "-": "cut", "+": "put"}
    steps: Steps = []
    for raw in hunk.raw:
        if raw[0] == "\\":
            if steps:
                deed, length, line = steps[-1]
                steps[-1] = Step(deed, length, line.removesuffix("\n"))
        else:
            steps.append(Step(deeds[raw[0]], 1, raw[1:] + "\n"))
    return steps


# -- two runs of steps as one ----------------------------------------------------------------


def _chained(first: Steps, second: Steps) -> Steps | None:
    """`first` and then `second` on what it left. None where they contradict each other."""
    out: Steps = []
    left, right = list(reversed(first)), list(reversed(second))
    while left or right:
        if left and left[-1].deed == "cut":
            out.append(left.pop())
            continue
        if right and right[-1].deed == "put":
            out.append(right.pop())
            continue
        if not left or not right:
            # The end of one file: of the other only what nobody knows may be left.
            return out if (left or right) == [_END] else None
        one, two = left.pop(), right.pop()
        if one.deed == "pass" and two.deed == "pass":
            count = min(one.length, two.length)
            out.append(Step("pass", count))
            if count < _REST:
                _push(left, one, count)
                _push(right, two, count)
        elif one.deed == "pass":
            out.append(two)
            _push(left, one, 1)
        elif two.deed == "pass":
            out.append(one)
            _push(right, two, 1)
        elif one.line != two.line:
            return None
        elif two.deed == "keep":
            out.append(one)
        elif one.deed == "keep":
            out.append(two)  # kept first, cut then; what was put first and cut then is gone
    return out


def _push(steps: Steps, step: Step, used: int) -> None:
    if step == _END:
        steps.append(_END)
    elif step.length > used:
        steps.append(Step("pass", step.length - used))


# -- from steps to hunks ---------------------------------------------------------------------


def hunks_of(steps: Sequence[Step]) -> tuple[Hunk, ...]:
    """The hunks of a change, with up to `CONTEXT` lines around each where they are known."""
    hunks: list[Hunk] = []
    run: Steps = []  # known steps without a gap
    old = new = 0  # lines before the run
    for step in [*_settled(steps), _END]:
        if step.deed != "pass":
            run.append(step)
            continue
        hunks += _hunks_in(run, old, new)
        old += sum(one.deed != "put" for one in run) + step.length
        new += sum(one.deed != "cut" for one in run) + step.length
        run = []
    return tuple(hunks)


def _settled(steps: Iterable[Step]) -> Steps:
    """The same change with cut lines before put ones, and lines that are in both kept."""
    out: Steps = []
    cut: list[str] = []
    put: list[str] = []
    for step in [*steps, Step("pass", 0)]:
        if step.deed == "cut":
            cut.append(step.line)
        elif step.deed == "put":
            put.append(step.line)
        else:
            out += _changed(cut, put)
            cut, put = [], []
            if step.length:
                out.append(step)
    return out


def _changed(cut: Sequence[str], put: Sequence[str]) -> Steps:
    """One place's lines: what both have is kept."""
    if not cut or not put or len(cut) * len(put) > MAX_MATCHED:
        return [*(Step("cut", 1, line) for line in cut), *(Step("put", 1, line) for line in put)]
    out: Steps = []
    matcher = SequenceMatcher(None, cut, put, autojunk=False)
    for tag, from_cut, to_cut, from_put, to_put in matcher.get_opcodes():
        if tag == "equal":
            out += [Step("keep", 1, line) for line in cut[from_cut:to_cut]]
        else:
            out += [Step("cut", 1, line) for line in cut[from_cut:to_cut]]
            out += [Step("put", 1, line) for line in put[from_put:to_put]]
    return out


def _hunks_in(run: Sequence[Step], old: int, new: int) -> list[Hunk]:
    """The hunks of a run of known steps with `old` and `new` lines before it."""
    changed = [at for at, step in enumerate(run) if step.deed != "keep"]
    if [s.line for s in run if s.deed != "put"] == [s.line for s in run if s.deed != "cut"]:
        return []  # no change at all, or lines that were moved past ones like them
    spans: list[tuple[int, int]] = []
    for at in changed:
        begin, end = max(0, at - CONTEXT), min(len(run), at + 1 + CONTEXT)
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    hunks: list[Hunk] = []
    done = 0
    for begin, end in spans:
        old += sum(step.deed != "put" for step in run[done:begin])
        new += sum(step.deed != "cut" for step in run[done:begin])
        done = begin
        steps = run[begin:end]
        has_old, has_new = any(s.deed != "put" for s in steps), any(s.deed != "cut" for s in steps)
        hunks.append(Hunk(old + has_old, new + has_new, "", tuple(_raw(steps))))
    return hunks


def _raw(steps: Iterable[Step]) -> list[str]:
    signs: dict[Deed, str] = {"keep": " ", "cut": "-", "put": "+"}
    out: list[str] = []
    for step in steps:
        out.append(signs[step.deed] + step.line.removesuffix("\n"))
        if not step.line.endswith("\n"):
            out.append(NO_NEWLINE)
    return out
