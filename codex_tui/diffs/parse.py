"""Diffs read: git's unified ones of many files, and what the engine says of one file.

Tolerant: nothing raises. What is no diff becomes lines of the sign `?` (`FileDiff.doubt` says so);
the counts of a hunk are not trusted, but whether they fit is kept (`Hunk.whole`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from codex_tui.diffs.records import FileDiff, Hunk, Kind, file_diff, whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.protocol.base import JsonObject
    from codex_tui.protocol.items import FileUpdate

MAX_DIFF: Final = 20 * 1024 * 1024
"""Characters of a diff that are read: half a million lines, more than anyone looks through."""
PIECE: Final = 256 * 1024
"""Characters that are split into lines in one go (under 1 ms)."""
SMALL: Final = 1024 * 1024
"""Characters of a file's change up to which the last few dozen that were read are kept."""
MAX_LINES: Final = 500_000
"""Lines of a diff that are read."""

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)", re.DOTALL)
_SIGNS: Final = frozenset(" +-\\")
_ESCAPE = re.compile(r"\\([0-7]{3}|[abtnvfr])")
_ESCAPES = re.compile(rf"(?:{_ESCAPE.pattern})+|\\([\"\\])")
_ESCAPED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


def read_change(change: FileUpdate) -> FileDiff:
    """What the engine says of one file (a member of `fileChange.changes`)."""
    return read_update(change.path, change.kind.type, change.kind.move_path or "", change.diff)


def legacy_update(path: str, raw: JsonObject) -> FileUpdate | None:
    """A member of `fileChanges` of an older engine's `applyPatchApproval` in today's words; None when
    it is of a shape that is not known."""
    from codex_tui.protocol.items import ChangeKind, FileUpdate

    kind: Any = raw.get("type")
    text: Any = raw.get("unified_diff" if kind == "update" else "content")
    target: Any = raw.get("move_path")
    if kind not in ("add", "delete", "update") or not isinstance(text, str):
        return None
    if target is not None and not isinstance(target, str):
        return None
    return FileUpdate(path=path, kind=ChangeKind(type=kind, move_path=target), diff=text)


def read_update(path: str, kind: str, moved_to: str, diff: str) -> FileDiff:
    """One file's change in the engine's words: `diff` is the whole text for `add` and `delete`,
    hunks without a file header for `update`. Other kinds are read as hunks, with a note."""
    read = _read_small if len(diff) <= SMALL else _read_large
    return read(path, kind, moved_to, diff)


def _read_update(path: str, kind: str, moved_to: str, diff: str) -> FileDiff:
    diff, note = _bounded(diff)
    if kind == "add":
        return file_diff(path, "new", whole_file(diff, "+"), note=note)
    if kind == "delete":
        return file_diff(path, "deleted", whole_file(diff, "-"), note=note)
    if moved_to:
        diff = diff.removesuffix(f"\n\nMoved to: {moved_to}")
    hunks = read_hunks(diff)
    note = _noted("" if kind == "update" else f"of an unknown kind: {kind}", note)
    if moved_to:
        return file_diff(moved_to, "moved", hunks, old_path=path, note=note)
    return file_diff(path, "changed", hunks, note=note)


# Both are asked for again and again while a change is on screen.
_read_small = lru_cache(maxsize=32)(_read_update)
_read_large = lru_cache(maxsize=2)(_read_update)


def read_hunks(diff: str) -> tuple[Hunk, ...]:
    """The hunks of one file's diff without a file header; lines outside of them as unknown ones."""
    return _hunks(_split(diff))


def read_diff(diff: str) -> tuple[FileDiff, ...]:
    """The files of a unified diff, in its order (git's `diff --git`, `turn/diff/updated`).

    Paths are as the diff names them, without `a/` and `b/`. At most `MAX_DIFF` characters are
    read; the last file then has a note.
    """
    diff, cut = _bounded(diff)
    lines = _split(diff)
    starts = [at for at, line in enumerate(lines) if line.startswith("diff --git ")]
    if not starts:
        starts = [at for at in range(len(lines) - 2) if _is_plain_start(lines, at)]
    bounds = [*starts, len(lines)]
    files = [_file(lines[start:end]) for start, end in pairwise(bounds)]
    if bounds[0]:  # lines before the first file, or no file at all
        files[:0] = _strays(lines[: bounds[0]])
    if cut and files:
        files[-1] = _again(files[-1], cut)
    return tuple(files)


def read_beginning(diff: str) -> tuple[FileDiff, ...]:
    """The files of a diff that goes on, from its first whole lines. Of the last file only what is there
    counts; it is left out as long as it has no lines."""
    *files, last = read_diff(diff) or (FileDiff(""),)
    if last.hunks:
        *hunks, end = last.hunks
        hunks.append(replace(end, whole=True))
        files.append(_again(last, hunks=tuple(hunks)))
    return tuple(files)


def _is_plain_start(lines: Sequence[str], at: int) -> bool:
    header = lines[at].startswith("--- ") and lines[at + 1].startswith("+++ ")
    return header and lines[at + 2].startswith("@@ -")


def _again(file: FileDiff, note: str = "", hunks: tuple[Hunk, ...] | None = None) -> FileDiff:
    """That file with one more note or with other hunks."""
    return file_diff(
        file.path,
        file.kind,
        file.hunks if hunks is None else hunks,
        old_path=file.old_path,
        note=_noted(file.note, note),
        old_mode=file.old_mode,
        new_mode=file.new_mode,
    )


def _bounded(diff: str) -> tuple[str, str]:
    """At most `MAX_DIFF` characters and `MAX_LINES` lines, whole ones where it can be, and a note."""
    end = len(diff)
    if end > MAX_DIFF:
        end = diff.rfind("\n", 0, MAX_DIFF) + 1 or MAX_DIFF
    left = MAX_LINES
    for start in range(0, end, PIECE):
        count = diff.count("\n", start, min(end, start + PIECE))
        if count > left:
            end = diff.rfind("\n", 0, start) + 1
            for _ in range(left):
                end = diff.find("\n", end) + 1
            break
        left -= count
    return (
        (diff, "") if end == len(diff) else (diff[:end], f"{len(diff) - end:,} characters more were left out")
    )


def _split(diff: str) -> list[str]:
    """The lines."""
    start, end = 0, len(diff) - diff.endswith("\n")
    lines: list[str] = []
    while (at := diff.find("\n", start + PIECE, end)) >= 0:
        lines += diff[start:at].split("\n")
        start = at + 1
    lines += diff[start:end].split("\n") if diff else []
    return lines


def _noted(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


# -- hunks -----------------------------------------------------------------------------------


def _hunks(lines: Sequence[str]) -> tuple[Hunk, ...]:
    heads = {
        at: match for at, line in enumerate(lines) if line[:3] == "@@ " and (match := _HUNK.fullmatch(line))
    }
    bounds = [*heads, len(lines)]
    hunks: list[Hunk] = []
    _close(hunks, None, ["?" + line for line in lines[: bounds[0]]])
    for at, end in pairwise(bounds):
        _close(hunks, heads[at], _signed(lines[at + 1 : end]))
    return tuple(hunks)


def _signed(lines: Sequence[str]) -> Sequence[str]:
    """A hunk's lines, each with a sign."""
    if {line[:1] for line in lines} <= _SIGNS:
        return lines
    # Some tools drop the blank of an empty line.
    return [line if line[:1] in _SIGNS else "?" + line if line else " " for line in lines]


def _unknown(lines: Sequence[str]) -> Hunk:
    return Hunk(0, 0, "", tuple("?" + line for line in lines), known=False)


def _close(hunks: list[Hunk], head: re.Match[str] | None, raw: Sequence[str]) -> None:
    if head is None:
        if raw:
            hunks.append(Hunk(0, 0, "", tuple(raw), known=False))
        return
    old, new = int(head[1]), int(head[3])
    hunk = Hunk(old, new, head[5].strip(), tuple(raw))
    counts = (int(head[2] or 1), int(head[4] or 1))
    if counts != (hunk.old_count, hunk.new_count):
        hunk = Hunk(old, new, hunk.header, hunk.raw, whole=False)
    hunks.append(hunk)


# -- files -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Header:
    """What the lines before a file's first hunk say."""

    old: str | None = None
    new: str | None = None
    is_new: bool = False
    is_deleted: bool = False
    is_binary: bool = False
    copied_from: str = ""
    old_mode: str = ""
    new_mode: str = ""
    strays: list[str] = field(default_factory=list[str])

    def read(self, line: str) -> None:  # noqa: PLR0912 - one branch a word of git's
        word, _, rest = line.partition(" ")
        match word:
            case "diff" if rest.startswith("--git "):
                self.old, self.new = _two_names(rest.removeprefix("--git "))
            case "---":
                name = _name(rest)
                self.is_new = self.is_new or name == "/dev/null"
                self.old = None if name == "/dev/null" else _stripped(name)
            case "+++":
                name = _name(rest)
                self.is_deleted = self.is_deleted or name == "/dev/null"
                self.new = None if name == "/dev/null" else _stripped(name)
            case "old" if rest.startswith("mode "):
                self.old_mode = rest[5:]
            case "new" if rest.startswith("mode "):
                self.new_mode = rest[5:]
            case "new" if rest.startswith("file mode "):
                self.is_new, self.new_mode = True, rest[10:]
            case "deleted" if rest.startswith("file mode "):
                self.is_deleted, self.old_mode = True, rest[10:]
            case "rename" if rest.startswith("from "):
                self.old = _name(rest[5:])
            case "rename" if rest.startswith("to "):
                self.new = _name(rest[3:])
            case "copy" if rest.startswith("from "):
                self.copied_from = _name(rest[5:])
            case "copy" if rest.startswith("to "):
                self.new = _name(rest[3:])
            case "Binary" if rest.startswith("files ") and rest.endswith(" differ"):
                self.is_binary = True
            case "GIT" if rest == "binary patch":
                self.is_binary = True
                self.strays.append(line)
            case "index":
                _, _, mode = rest.partition(" ")
                if mode:  # both are the same
                    self.old_mode = self.new_mode = mode
            case "similarity" | "dissimilarity":
                pass
            case _:
                if line:
                    self.strays.append(line)


def _file(lines: Sequence[str]) -> FileDiff:
    """One file: its header, then its hunks."""
    first = next((at for at, line in enumerate(lines) if line.startswith("@@ ")), len(lines))
    header = _Header()
    for line in lines[:first]:
        header.read(line)
    hunks = _hunks(lines[first:])
    if header.strays:
        hunks = (
            Hunk(0, 0, "", tuple("?" + line for line in header.strays), known=False, whole=False),
            *hunks,
        )
    path = (header.old if header.is_deleted else header.new) or header.old or header.new or ""
    old = header.old or path
    moved = not header.is_new and not header.is_deleted and not header.copied_from and old != path
    kind: Kind = "changed"
    what = ""
    if header.is_binary:
        kind = "binary"
        what = "new" if header.is_new else "deleted" if header.is_deleted else ""
    elif header.is_new or header.copied_from:
        kind = "new"
        what = f"copied from {header.copied_from}" if header.copied_from else ""
    elif header.is_deleted:
        kind = "deleted"
    elif moved:
        kind = "moved"
    elif not hunks and header.old_mode != header.new_mode:
        kind = "mode"
    return file_diff(
        path,
        kind,
        hunks,
        old_path=old if moved else "",
        note=what,
        old_mode=header.old_mode,
        new_mode=header.new_mode,
    )


_UNMERGED = "* Unmerged path "


def _strays(lines: Sequence[str]) -> list[FileDiff]:
    """What stands before the first file: paths git could not compare, or no diff at all."""
    unmerged = [line.removeprefix(_UNMERGED) for line in lines if line.startswith(_UNMERGED)]
    files = [FileDiff(_name(path), note="not merged") for path in unmerged]
    rest = [line for line in lines if line and not line.startswith(_UNMERGED)]
    if rest:
        files.append(file_diff("", "changed", (_unknown(rest),)))
    return files


# -- names -----------------------------------------------------------------------------------


def _name(written: str) -> str:
    """A path as git writes it: in quotes with escapes if it is odd, a tab behind it if it has blanks."""
    written = written.removesuffix("\t")
    if len(written) < 2 or not (written[0] == written[-1] == '"'):
        return written
    return _ESCAPES.sub(_unescaped, written[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    """A run of escapes is read together: octal ones are the bytes of characters."""
    if match[2]:
        return match[2]
    codes = _ESCAPE.findall(match.group())
    numbers = bytes(_ESCAPED.get(code) or int(code, 8) & 0xFF for code in codes)
    return numbers.decode("utf-8", "surrogateescape")


def _stripped(name: str) -> str:
    return name[2:] if name[:2] in ("a/", "b/") else name


def _two_names(rest: str) -> tuple[str | None, str | None]:
    """Both names of a `diff --git` line. Blanks in them are told apart where the names are equal or
    quoted; other lines (`---`, `rename`) say it better and come later."""
    if rest.startswith('"') and (end := rest.find('" ', 1)) > 0:
        return _stripped(_name(rest[: end + 1])), _stripped(_name(rest[end + 2 :]))
    half = len(rest) // 2
    left, right = rest[:half], rest[half + 1 :]
    if rest[half : half + 1] == " " and _stripped(left) == _stripped(right):
        return _stripped(left), _stripped(right)
    left, _, right = rest.partition(" b/")
    return _stripped(left), _stripped(_name(right)) or None
