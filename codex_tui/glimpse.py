"""The last words of a saved thread, for the moment until the interface has loaded.

Made from the engine's raw answer, without models and without the Markdown painter, which take
longer to load than a person should wait. The rows stand about where the chat will paint them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, cast

from codex_tui.text import SafeText, cut, join, own, prose, word_rows

MAX_CHARACTERS = 20_000
"""Of one item, its end: more than fits on any screen."""
MAX_ITEMS = 400
"""Looked at, from the end: a turn may hold thousands that say nothing."""
PROSE_WIDTH = 100
"""Cells of a row of prose at most, as in the chat."""

_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_BLOCK = re.compile(r" {0,3}(#{1,6} |[-*+] |\d{1,4}[.)] |> ?|\|)| {4}")
_MARKED = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`")

Tone = Literal["text", "strong"]


class Words(NamedTuple):
    """One row of the glimpse, without its margin on the right."""

    text: SafeText
    tone: Tone = "text"


def glimpse(page: Any, columns: int, rows: int, *, plain: bool = False) -> tuple[Words, ...]:
    """The last `rows` rows, `columns` wide, of a page of turns; none when it has no words.

    `page` is a result of `thread/turns/list`, the newest first, or what `thread/resume` has of it.
    `plain`: for a terminal that has only ASCII.
    """
    if columns < 20 or rows < 1:
        return ()
    gutter, right = (4, 3) if columns >= 60 else (2, 1)
    room = columns - gutter - right
    sign = own("> ") if plain else own("❯ ")
    made: list[list[Words]] = []
    left = rows
    for item in _last_items(page):
        part = _prompt(item, room) if item.get("type") == "userMessage" else _answer(item, room)
        if not part:
            continue
        lead = SafeText(" " * gutter)
        mark = join(SafeText(" " * (gutter - 2)), sign) if item.get("type") == "userMessage" else lead
        part = [
            Words(join(lead if at else mark, row.text), row.tone) if row.text else row
            for at, row in enumerate(part)
        ]
        made.append(part)
        left -= len(part) + 1
        if left < 0:
            break
    whole: list[Words] = []
    for part in reversed(made):
        whole += [Words(own("")), *part] if whole else part
    return tuple(whole[-rows:])


def _last_items(page: Any) -> Iterator[dict[str, Any]]:
    """Items of the newest turns, the last one first. Whatever has another shape is passed over."""
    seen = 0
    for turn in _member(page, "data", list):
        for item in reversed(_member(turn, "items", list)):
            seen += 1
            if seen > MAX_ITEMS:
                return
            if isinstance(item, dict):
                yield cast("dict[str, Any]", item)


def _member(value: Any, name: str, kind: type[Any]) -> Any:
    found = cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None
    return found if isinstance(found, kind) else kind()


def _prompt(item: dict[str, Any], room: int) -> list[Words]:
    texts = [_member(part, "text", str) for part in _member(item, "content", list)]
    source = "\n".join(text for text in texts if text)[:MAX_CHARACTERS].strip("\n")
    return [row for line in source.split("\n") for row in _wrapped(line, room, "strong")] if source else []


def _answer(item: dict[str, Any], room: int) -> list[Words]:
    """An agent's message: headings, lists and quotes by line, paragraphs filled, code as it is."""
    if item.get("type") != "agentMessage":
        return []
    text = _member(item, "text", str).rstrip()
    start = max(0, len(text) - MAX_CHARACTERS)
    start = text.find("\n", start) + 1 if start else 0
    coded = len(_FENCE.findall(text, 0, start)) % 2 == 1
    rows: list[Words] = []
    paragraph: list[str] = []

    def fill() -> None:
        if paragraph:
            rows.extend(_wrapped(_unmarked(" ".join(paragraph)), min(room, PROSE_WIDTH)))
            paragraph.clear()

    for line in text[start:].split("\n"):
        if _FENCE.match(line):
            fill()
            coded = not coded
        elif coded:
            rows.append(Words(cut(prose(line), room)))
        elif not line.strip():
            fill()
            if rows and rows[-1].text:
                rows.append(Words(own("")))
        elif (block := _BLOCK.match(line)) is None:
            paragraph.append(line.strip())
        elif "#" in block[0]:
            fill()
            rows.extend(_wrapped(_unmarked(line[block.end() :]), min(room, PROSE_WIDTH), "strong"))
        elif "|" in block[0]:
            fill()
            rows.append(Words(cut(prose(line), room)))
        else:
            fill()
            paragraph.append(line)
    fill()
    return rows


def _unmarked(text: str) -> str:
    """Without the marks of bold text and inline code."""
    return _MARKED.sub(lambda found: found[1] or found[2], text)


def _wrapped(text: str, room: int, tone: Tone = "text") -> list[Words]:
    safe = prose(text)
    return [Words(SafeText(safe[start:end]), tone) for start, end in word_rows(safe, room)]
