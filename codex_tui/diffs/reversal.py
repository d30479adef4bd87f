"""Changes taken back: what a file would hold without a hunk, or without the whole change. No I/O.

A hunk is taken back where its new lines stand, every one as recorded. Lines inserted or removed
elsewhere move the place, within bounds; where it cannot be told, or the lines themselves have
changed since, there is a `Conflict` and nothing to write.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from codex_tui.diffs.records import FileDiff, Hunk

_NEWLINE = re.compile("\n")

MAX_DRIFT: Final = 2_000
"""Lines by which a hunk may have moved. Further away, lines that look the same are others."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a change cannot be taken back, in our words. `line`: of the hunk in the new file, or None."""

    path: str
    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """What a file is to hold; `text` None: it is to go. `mode` is git's, where it must be set."""

    path: str
    text: str | None
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write, in this order. `drift`: the lines by which the hunk that moved most was off."""

    writes: tuple[Write, ...]
    drift: int = 0


def paths_of(file: FileDiff) -> tuple[str, ...]:
    """The paths whose texts a plan needs to know."""
    return (file.path, file.old_path) if file.old_path else (file.path,)


def plan_hunk(
    file: FileDiff, index: int, texts: Mapping[str, str | None], reverted: Collection[int] = ()
) -> Plan | Conflict:
    """How to take back the hunk `index` of `file`. `reverted`: hunks already taken back.

    `texts` says what is in the files now (see `paths_of`), None where there is none. The one hunk
    of a new or deleted file is the file itself. A moved file stays where it is.
    """
    if file.kind in ("new", "deleted"):
        return plan_file(file, texts)
    if conflict := _unfit(file, file.hunks[index : index + 1]):
        return conflict
    text = texts.get(file.path)
    if text is None:
        return Conflict(file.path, "the file is not there any more")
    return _plan(file, text, [index], reverted)


def plan_file(
    file: FileDiff, texts: Mapping[str, str | None], reverted: Collection[int] = ()
) -> Plan | Conflict:
    """How to take back all of a file's change, but for the hunks that already are: all of it or nothing."""
    if conflict := _unfit(file, file.hunks):
        return conflict
    if file.note and file.kind != "new":
        return Conflict(file.path, "only a part of this change is known")
    text = texts.get(file.path)
    if file.kind == "deleted":
        if text is not None:
            return Conflict(file.path, "there is a file of this name again")
        return Plan((Write(file.path, "".join(old_block(hunk) for hunk in file.hunks), file.old_mode),))
    if text is None:
        return Conflict(file.path, "the file is not there any more")
    if file.kind == "new":
        if text != "".join(new_block(hunk) for hunk in file.hunks):
            return Conflict(file.path, "the new file was changed since")
        return Plan((Write(file.path, None),))
    if file.old_path and texts.get(file.old_path) is not None:
        return Conflict(file.old_path, "there is a file again where this one was moved from")
    return _plan(file, text, range(len(file.hunks)), reverted, file.old_path)


def _unfit(file: FileDiff, hunks: Collection[Hunk]) -> Conflict | None:
    """Why these hunks are no ground to write on."""
    if file.kind == "binary":
        return Conflict(file.path, "a binary file cannot be taken back: its old content is not known")
    if file.old_mode[:3] not in ("", "100") or file.new_mode[:3] not in ("", "100"):
        return Conflict(file.path, "this is no regular file")
    for hunk in hunks:
        if not hunk.known or not hunk.whole or any(one[0] == "?" for one in hunk.raw):
            return Conflict(file.path, "this part of the diff could not be read", hunk.new_start)
    return None


def _plan(
    file: FileDiff, text: str, wanted: Collection[int], reverted: Collection[int], back_to: str = ""
) -> Plan | Conflict:
    """The plan of a file that is still there."""
    shift = 0
    spots: list[_Spot] = []
    for index, hunk in enumerate(file.hunks):
        if index in reverted:
            shift += hunk.old_count - hunk.new_count
        elif index in wanted:
            spots.append(_spot(hunk, shift))
    found = _taken_back(text, spots)
    if isinstance(found, _Miss):
        return Conflict(file.path, found.reason, found.line)
    result, drift = found
    mode = file.old_mode if file.old_mode != file.new_mode else ""
    if back_to:
        return Plan((Write(back_to, result, mode), Write(file.path, None)), drift)
    return Plan((Write(file.path, result, mode if len(wanted) == len(file.hunks) else ""),), drift)


# -- one hunk in one text --------------------------------------------------------------------


def old_block(hunk: Hunk) -> str:
    """The hunk's lines as they stood in the old file."""
    return _block(hunk, "-")


def new_block(hunk: Hunk) -> str:
    """The hunk's lines as they stood in the new file."""
    return _block(hunk, "+")


def _block(hunk: Hunk, sign: str) -> str:
    lines: list[str] = []
    last = ""
    for raw in hunk.raw:
        if raw[0] in (" ", sign):
            lines.append(raw[1:] + "\n")
        elif raw[0] == "\\" and last in (" ", sign) and lines:
            lines[-1] = lines[-1].removesuffix("\n")
        last = raw[0]
    return "".join(lines)


def take_back(text: str, hunk: Hunk, shift: int = 0) -> tuple[str, int] | str:
    """`text` without the hunk, and by how many lines it was off its place; or why that cannot be.

    `shift`: lines by which it must be off, as hunks before it were taken back.
    """
    found = _taken_back(text, [_spot(hunk, shift)])
    return found.reason if isinstance(found, _Miss) else found


class _Spot(NamedTuple):
    """What is to stand where, instead of what. `expected`: the line, from 0; `line`: as recorded."""

    old: str
    new: str
    expected: int
    line: int


class _Miss(NamedTuple):
    reason: str
    line: int


def _spot(hunk: Hunk, shift: int) -> _Spot:
    expected = hunk.new_start - (1 if hunk.new_count else 0) + shift
    return _Spot(old_block(hunk), new_block(hunk), expected, hunk.new_start)


def _taken_back(text: str, spots: Sequence[_Spot]) -> tuple[str, int] | _Miss:
    """`text` with all of the old, and how far the spot that moved most was off; or the first miss.

    A text whose line endings have all become others than the hunks' keeps its own.
    """
    found = _replaced(text, spots)
    if not isinstance(found, _Miss):
        return found
    if "\r" not in text and not any("\r" in spot.new for spot in spots):
        return found
    if text.count("\r\n") not in (0, text.count("\n")):
        return found  # mixed: nobody can say which endings the old lines should have
    plain = _replaced(
        _plain(text), [spot._replace(old=_plain(spot.old), new=_plain(spot.new)) for spot in spots]
    )
    if isinstance(plain, _Miss):
        return found
    return (plain[0].replace("\n", "\r\n"), plain[1]) if "\r\n" in text else plain


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _replaced(text: str, spots: Sequence[_Spot]) -> tuple[str, int] | _Miss:
    """The spots' old text put in for the new one, from the last to the first, each before the next."""
    starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
    behind: list[str] = []  # what follows `limit`, its last part first
    limit = len(text)
    most = 0
    for old, new, expected, line in reversed(spots):
        if not new:
            # A hunk that left nothing has no lines to find it by, except in a file that it emptied.
            if text:
                return _Miss("the place cannot be found: nothing stands around it", line)
            return old, 0
        places = _places(text, starts, limit, new, expected)
        if not places:
            return _Miss("the file was changed there since", line)
        if len(places) > 1:
            return _Miss("it fits in more than one place", line)
        at = starts[places[0]]
        end = at + len(new)
        most = max(most, places[0] - expected, key=abs)
        behind.append(text[end:limit])
        # A last line of then without a newline need not be the last one now.
        behind.append(old + "\n" if old and not old.endswith("\n") and end < len(text) else old)
        limit = at
    result = text[:limit] + "".join(reversed(behind))
    if result == text and any(spot.old != spot.new for spot in spots):
        # Only the newline at the file's end was changed, and the file has gone on since.
        return _Miss("nothing of it is left to take back", spots[0].line)
    return result, most


def _places(text: str, starts: Sequence[int], limit: int, new: str, expected: int) -> list[int]:
    """The lines at which `new` stands before `limit`: the expected one, else those near it, two at most."""

    def fits(at: int) -> bool:
        return new.endswith("\n") or at + len(new) == len(text)

    if 0 <= expected < len(starts):
        at = starts[expected]
        if at + len(new) <= limit and text.startswith(new, at) and fits(at):
            return [expected]
    first = min(max(0, expected - MAX_DRIFT), len(starts) - 1)
    last = min(max(0, expected + MAX_DRIFT), len(starts) - 1)
    end = min(limit, starts[last] + len(new))
    found: list[int] = []
    at = text.find(new, starts[first], end)
    while at >= 0 and len(found) < 2:
        line = bisect_left(starts, at)
        if line < len(starts) and starts[line] == at and fits(at):
            found.append(line)
        at = text.find(new, at + 1, end)
    return found
