"""Files of threads that the engine did not list: it leaves out what it cannot read, the picker names that.

The engine opens what has a readable first line, however the rest looks. So only first lines are looked
at, and only of files that are not listed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from codex_tui.history.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FOLDERS: Final = {False: "sessions", True: "archived_sessions"}
"""Where the engine keeps its files below its home, by whether they are archived."""

FIRST_LINE: Final = 8 * 1024 * 1024
"""Bytes of a first line: it holds the instructions, a few hundred kB at the most."""

LISTED: Final = 200
"""Damaged files that are named; with more of them something else is wrong than one file."""

_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Going back to before a prompt begins another file of the same thread, with an id of its own behind.
ROLLOUT: Final = rf"rollout-.*?-({_ID})(?:_{_ID})?\.jsonl"
"""The name of a thread's file, with the thread's id as its group."""
_NAME = re.compile(rf"{ROLLOUT}(?:\.zst)?")


class Unlisted(NamedTuple):
    """A file whose thread was not listed; `changed` in nanoseconds since the epoch."""

    path: Path
    thread_id: str
    changed: int


def unlisted(home: Path, known: Collection[str], *, archived: bool = False) -> list[Unlisted]:
    """The files below `home` of threads that are none of `known` (ids), the newest first.

    Takes some 20 ms for 5,000 files. What cannot be looked at is left out.
    """
    found: list[Unlisted] = []
    for path, thread_id in _files(home / FOLDERS[archived]):
        if thread_id not in known:
            with contextlib.suppress(OSError):
                found.append(Unlisted(path, thread_id, path.lstat().st_mtime_ns))
    return found


def damaged(home: Path, known: Collection[str], *, archived: bool = False) -> list[Entry]:
    """An entry for each file below `home` that is none of `known` (ids) and that nobody can read."""
    found: list[Entry] = []
    for path, thread_id, _ in unlisted(home, known, archived=archived):
        if path.suffix != ".jsonl":
            continue
        reason = _reason(path)
        if reason:
            found.append(_entry(path, thread_id, reason, archived))
        if len(found) >= LISTED:
            break
    return found


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for place, folders, names in os.walk(folder):
        folders.sort(reverse=True)  # the newest days first
        for name in sorted(names, reverse=True):
            if (match := _NAME.fullmatch(name)) is not None:
                yield Path(place, name), match[1]


def _reason(path: Path) -> str:
    """Why the engine cannot read it, in our words; "" when it can."""
    try:
        if not path.is_file():
            return "it is no regular file"
        with path.open("rb") as file:
            first = file.readline(FIRST_LINE + 1)
    except PermissionError:
        return "you have no right to read it"
    except OSError:
        return "it cannot be read"
    if not first:
        return "it is empty"
    if len(first) > FIRST_LINE:
        return "its first line has no end"
    try:
        told = json.loads(first.decode("utf-8"))
    except UnicodeDecodeError:
        return "its first line is no text"
    except (ValueError, RecursionError):
        return "its first line is no JSON" if first.endswith(b"\n") else "its first line was cut off"
    if not isinstance(told, dict) or cast("dict[str, object]", told).get("type") not in (
        None,
        "session_meta",
    ):
        return "its first line does not say whose it is"
    return ""


def _entry(path: Path, thread_id: str, reason: str, archived: bool) -> Entry:
    try:
        used = int(path.stat().st_mtime)
    except OSError:
        used = 0
    name = path.name.removesuffix(".jsonl")
    haystack = f"{name}\ndamaged\n{path}".casefold()
    return Entry(
        id=thread_id,
        name=name,
        created=used,
        updated=used,
        archived=archived,
        path=str(path),
        damage=reason,
        haystack=haystack,
        head=len(name),
    )
