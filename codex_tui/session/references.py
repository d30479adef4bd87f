"""Web addresses and places in files that a text names: pure, found by their looks.

Nothing is looked up here except through `exists`, which the caller hands in. What is found is a
claim of whoever wrote the text: where an address really leads is for `codex_tui.text.hosts` to
say, and whether a file may be opened for `codex_tui.editor`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

MAX_TEXT: Final = 200_000
"""Characters that are read: about 20 ms. Of more, the end, where a failing command says why."""
MAX_FOUND: Final = 200
"""References of one text: nobody goes through more of them."""
MAX_LOOKUPS: Final = 400
"""Files that are looked for, for one text."""
MAX_PATH: Final = 1_024
MAX_LINE: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Reference:
    """`target` is the address, or the path as written (`line` from 1); `start`, `end` where it stands."""

    kind: Literal["url", "file"]
    target: str
    line: int | None = None
    start: int = 0
    end: int = 0


# Characters that end an address or a path wherever they come.
_STOP = r"\s\x00-\x20\x7f-\xa0\"'`<>|\\^{}"
_URL = re.compile(rf"(?<![\w+.\-])https?://[^{_STOP}]+", re.IGNORECASE)
_NAME = r"\w.@+\-~%"
_FILE = re.compile(
    # Python's way: File "/a b/c.py", line 12
    r"File \"(?P<quoted>[^\"\n]{1,1024})\", line (?P<quoted_line>\d{1,8})"
    # A path, with or without a line: a/b.py:12:5, a/b.ts(12,5), a/b.md#L12
    rf"|(?<![{_NAME}/:])(?:file://)?(?P<path>/?(?:[{_NAME}]+/)*[{_NAME}]*\w)"
    r"(?::(?P<line>\d{1,8})(?![\w/])|\((?P<paren>\d{1,8})[,)]|#L(?P<hash>\d{1,8}))?"
)
_CLOSING = {")": "(", "]": "["}
_HAS_LETTER = re.compile(r"[^\W\d_]")


def find_references(text: str) -> list[Reference]:
    """All that looks like an address or a file, in order; twice the same thing is said once.

    Much that looks like a file is none: see `existing`.
    """
    offset = max(0, len(text) - MAX_TEXT)
    text = text[offset:]
    urls = [_url(match, offset) for match in _URL.finditer(text)]
    covered = [(url.start - offset, url.end - offset) for url in urls]
    found: list[Reference] = []
    seen: set[tuple[str, int | None]] = set()
    at = 0
    for match in _FILE.finditer(text):
        while at < len(covered) and covered[at][1] <= match.start():
            _take(urls[at], found, seen)
            at += 1
        inside = at < len(covered) and covered[at][0] < match.end()
        if not inside and (reference := _file(match, offset)) is not None:
            _take(reference, found, seen)
        if len(found) >= MAX_FOUND:
            return found
    for url in urls[at:]:
        _take(url, found, seen)
    return found[:MAX_FOUND]


def existing(found: list[Reference], exists: Callable[[str], bool]) -> list[Reference]:
    """Addresses, and those files that `exists` knows. One with a line drops the same one without."""
    known: dict[str, bool] = {}
    kept: list[Reference] = []
    with_line = {one.target for one in found if one.line is not None}
    for one in found:
        if one.kind == "url":
            kept.append(one)
            continue
        if one.line is None and one.target in with_line:
            continue
        if one.target not in known and len(known) < MAX_LOOKUPS:
            known[one.target] = exists(one.target)
        if known.get(one.target):
            kept.append(one)
    return kept


def reference_at(text: str, at: int) -> Reference | None:
    """The reference that covers character `at` of a text."""
    return next((one for one in find_references(text) if one.start <= at < one.end), None)


def _take(one: Reference, found: list[Reference], seen: set[tuple[str, int | None]]) -> None:
    if (one.target, one.line) not in seen:
        seen.add((one.target, one.line))
        found.append(one)


def _url(match: re.Match[str], offset: int) -> Reference:
    """An address without the punctuation of the sentence around it."""
    target = match.group()
    counts = {sign: target.count(sign) for sign in "()[]"}
    end = len(target)
    while end:
        last = target[end - 1]
        opening = _CLOSING.get(last)
        unbalanced = opening is not None and counts[last] > counts[opening]
        if not unbalanced and last not in ".,;:!?*_~":
            break
        if last in counts:
            counts[last] -= 1
        end -= 1
    target = target[:end]
    start = match.start() + offset
    return Reference("url", target, None, start, start + len(target))


def _file(match: re.Match[str], offset: int) -> Reference | None:
    start, end = match.start() + offset, match.end() + offset
    if (quoted := match["quoted"]) is not None:
        return Reference("file", quoted, _number(match["quoted_line"]), start, end)
    path = match["path"]
    if match.group().startswith("file://"):
        path = unquote(path)
    number = _number(match["line"] or match["paren"] or match["hash"])
    plain = "/" in path or "." in path
    # A word alone is a name of a file only where a line is named with it (Makefile:12).
    if len(path) > MAX_PATH or not _HAS_LETTER.search(path) or not (plain or number):
        return None
    return Reference("file", path, number, start, end)


def _number(digits: str | None) -> int | None:
    number = int(digits) if digits else 0
    return number if 0 < number <= MAX_LINE else None
