"""What a file becomes, as a diff from what it holds now: for the preview and its counts."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from codex_tui.diffs import FileDiff, Hunk, file_diff, whole_file
from codex_tui.diffs.records import NO_NEWLINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.rewind.plan import Fate

MAX_COMPARED: Final = 40_000
"""Changed lines, old and new together, in which lines of both are looked for: about a second for
text that repeats itself. Beyond, all old ones are shown as removed, all new ones as added."""
CONTEXT: Final = 3


def changes_of(fate: Fate) -> tuple[FileDiff, ...]:
    """What would be written, one diff a path; a file that only goes back to its old path is `moved`."""
    paths = fate.changed
    gone = [path for path in paths if fate.then[path] is None]
    come = [path for path in paths if fate.now[path] is None]
    if len(paths) == 2 and len(gone) == len(come) == 1:
        old, new = fate.now[gone[0]] or "", fate.then[come[0]] or ""
        return (file_diff(come[0], "moved", hunks_between(old, new), old_path=gone[0]),)
    return tuple(_change(path, fate) for path in paths)


def _change(path: str, fate: Fate) -> FileDiff:
    now, then = fate.now[path], fate.then[path]
    if then is None:
        return file_diff(path, "deleted", whole_file(now or "", "-"))
    if now is None:
        return file_diff(path, "new", whole_file(then, "+"))
    return file_diff(path, "mode" if now == then else "changed", hunks_between(now, then))


def hunks_between(old: str, new: str) -> tuple[Hunk, ...]:
    """The hunks that lead from one text to another."""
    one, two = _lines(old), _lines(new)
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1
    if start == len(one) == len(two):
        return ()
    return tuple(
        _hunk(one, two, group)
        for group in _grouped(_steps(one[start : len(one) - end], two[start : len(two) - end], start))
    )


Step = tuple[int, int, int, int]  # changed lines: from and to in the old text, from and to in the new one


def _steps(one: Sequence[str], two: Sequence[str], offset: int) -> list[Step]:
    """The changed places of two texts whose first and last lines differ."""
    if len(one) + len(two) > MAX_COMPARED:
        return [(offset, offset + len(one), offset, offset + len(two))]
    matcher = SequenceMatcher(None, one, two)
    return [
        (a + offset, b + offset, c + offset, d + offset)
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]


def _grouped(steps: Sequence[Step]) -> list[list[Step]]:
    """Places that share lines around them are one hunk."""
    groups: list[list[Step]] = []
    for step in steps:
        if groups and step[0] - groups[-1][-1][1] <= 2 * CONTEXT:
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _hunk(one: Sequence[str], two: Sequence[str], steps: Sequence[Step]) -> Hunk:
    begin = max(0, steps[0][0] - CONTEXT)
    end = min(len(one), steps[-1][1] + CONTEXT)
    raw: list[str] = []
    at = begin
    for a, b, c, d in steps:
        raw += _raw(" ", one[at:a])
        raw += _raw("-", one[a:b])
        raw += _raw("+", two[c:d])
        at = b
    raw += _raw(" ", one[at:end])
    new_begin = steps[0][2] - (steps[0][0] - begin)
    has_old, has_new = any(line[0] in " -" for line in raw), any(line[0] in " +" for line in raw)
    return Hunk(begin + has_old, new_begin + has_new, "", tuple(raw))


def _raw(sign: str, lines: Sequence[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        out.append(sign + line.removesuffix("\n"))
        if not line.endswith("\n"):
            out.append(NO_NEWLINE)
    return out


def _lines(text: str) -> list[str]:
    """The lines with their newlines; parted at newlines only."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
