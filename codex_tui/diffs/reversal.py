"""Changes taken back: what a file would hold without a hunk, or without the whole change. No I/O.

A hunk is taken back where its new lines stand, every one as recorded. Lines inserted or removed
elsewhere move the place, within bounds; where it cannot be told, or the lines themselves have
changed since, there is a `Conflict` and nothing to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from codex_tui.diffs.records import FileDiff, Hunk

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
    result = text
    most = 0
    # From the end: what is taken back does not move the places before it.
    for index in sorted(set(wanted) - set(reverted), reverse=True):
        earlier = [file.hunks[at] for at in reverted if at < index]
        shift = sum(hunk.old_count - hunk.new_count for hunk in earlier)
        found = take_back(result, file.hunks[index], shift)
        if isinstance(found, str):
            return Conflict(file.path, found, file.hunks[index].new_start)
        result, drift = found
        most = max(most, drift, key=abs)
    mode = file.old_mode if file.old_mode != file.new_mode else ""
    if back_to:
        return Plan((Write(back_to, result, mode), Write(file.path, None)), most)
    return Plan((Write(file.path, result, mode if len(wanted) == len(file.hunks) else ""),), most)


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

    `shift`: lines by which it must be off, as hunks before it were taken back. A text whose line
    endings have all become others than the hunk's keeps its own.
    """
    old, new = old_block(hunk), new_block(hunk)
    expected = hunk.new_start - (1 if hunk.new_count else 0) + shift
    found = _replaced(text, new, old, expected)
    if isinstance(found, tuple) or "\r" not in text + new:
        return found
    newlines = text.count("\n")
    if text.count("\r\n") not in (0, newlines):
        return found  # mixed: nobody can say which endings the old lines should have
    plain = _replaced(_plain(text), _plain(new), _plain(old), expected)
    if isinstance(plain, str):
        return found
    return (plain[0].replace("\n", "\r\n"), plain[1]) if "\r\n" in text else plain


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _replaced(text: str, new: str, old: str, expected: int) -> tuple[str, int] | str:
    """`text` with `old` instead of `new`, which begins about `expected` lines (from 0) down."""
    if not new:
        # A hunk that left nothing has no lines to find it by, except in a file that it emptied.
        return "the place cannot be found: nothing stands around it" if text else (old, 0)
    at = _place(text, expected)
    drift = 0
    if at is None or not _fits(text, new, at):
        places = _places(text, new, expected)
        if not places:
            return "the file was changed there since"
        if len(places) > 1:
            return "it fits in more than one place"
        at, drift = places[0]
    end = at + len(new)
    if old and not old.endswith("\n") and end < len(text):
        old += "\n"  # the last line of then is not the last one now
    return text[:at] + old + text[end:], drift


def _place(text: str, line: int) -> int | None:
    """Where the line begins (counted from 0), None when there are not as many."""
    at = 0
    for _ in range(line):
        at = text.find("\n", at) + 1
        if not at:
            return None
    return at if line >= 0 else None


def _fits(text: str, new: str, at: int) -> bool:
    if not text.startswith(new, at):
        return False
    return new.endswith("\n") or at + len(new) == len(text)


def _places(text: str, new: str, expected: int) -> list[tuple[int, int]]:
    """Where the lines of `new` stand near the place, two at most: offset and how many lines off."""
    found: list[tuple[int, int]] = []
    counted = line = 0
    at = text.find(new)
    while at >= 0 and len(found) < 2:
        if (at == 0 or text[at - 1] == "\n") and _fits(text, new, at):
            line += text.count("\n", counted, at)
            counted = at
            if line > expected + MAX_DRIFT:
                break
            if line >= expected - MAX_DRIFT:
                found.append((at, line - expected))
        at = text.find(new, at + 1)
    return found
