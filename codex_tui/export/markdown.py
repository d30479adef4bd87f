"""A thread as Markdown. What the agent wrote keeps its form, but brings no HTML, no pictures, no headings
of our rank, and no fence that would swallow what follows. A message of which that is not certain
stands as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codex_tui.export.document import Moment, facts_of, heading_of, title_of
from codex_tui.export.pieces import Block, Piece, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codex_tui.session.transcript import Thread

_FENCE = re.compile(r"[ ]{0,3}(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})")
_HEADING = re.compile(r"^([ ]{0,3})(#{1,6})(?=\s|$)")
_UNDERLINE = re.compile(r"^[ ]{0,3}(=+|-+)\s*$")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
END = "the end of the message"
PROSE = 200_000
"""Characters of a message that stay markdown; a longer one stands as it is: a parser may take minutes."""
DEMOTED = 3
"""Ranks that a foreign heading loses: title, turn and item are ours."""


def markdown(thread: Thread, moment: Moment) -> str:
    """The whole document."""
    return "\n".join(_lines(thread, moment)).rstrip("\n") + "\n"


def _lines(thread: Thread, moment: Moment) -> Iterator[str]:
    yield f"# {_escaped(title_of(thread))}"
    yield ""
    for name, value in facts_of(thread, moment):
        yield f"- {name}: {_span(value)}"
    number = 0
    for turn in thread.turns:
        if not turn.is_notes:
            number += 1
            yield ""
            yield f"## {_escaped(heading_of(turn, number, moment))}"
        for one in pieces(turn):
            yield ""
            yield from _piece(one)


def _piece(piece: Piece) -> Iterator[str]:
    subject = f": {_span(piece.subject)}" if piece.subject else ""
    facts = f" ({_escaped(piece.facts)})" if piece.facts else ""
    yield f"**{_escaped(piece.who)}**{subject}{facts}"
    for block in piece.blocks:
        yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    rows = block.text.split("\n")
    if block.form in ("prose", "prompt"):
        mark = "> " if block.form == "prompt" else ""
        kept = list(tamed(rows)) if len(block.text) <= PROSE else rows
        written = kept if len(block.text) <= PROSE and is_contained(kept) else _fenced(rows, block.text)
        yield from (f"{mark}{row}".rstrip() for row in written)
    else:
        yield from _fenced(rows, block.text, "diff" if block.form == "diff" else "")


def _fenced(rows: list[str], text: str, language: str = "") -> Iterator[str]:
    fence = "`" * max(3, 1 + _longest_run(text))
    yield f"{fence}{language}"
    yield from rows
    yield fence


def is_contained(rows: list[str]) -> bool:
    """Whether a parser finds in tamed markdown nothing that it should not bring, and its end at its end.

    Where a code span begins depends on lines before: only a parser knows for sure.
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse("\n".join([*rows, "", END]))
    nested = [inner for token in tokens for inner in (token, *(token.children or ()))]
    if any(token.type in ("html_inline", "html_block", "image") for token in nested):
        return False
    if any(token.type == "heading_open" and token.tag <= f"h{DEMOTED}" for token in nested):
        return False
    return len(tokens) >= 3 and tokens[-2].content == END and tokens[-2].level == 1


def tamed(rows: list[str]) -> Iterator[str]:
    """Foreign markdown, line by line, that cannot reach beyond itself."""
    fence = ""
    for row in rows:
        opens = _FENCE.match(row)
        if fence:
            closed = opens is not None and opens[1].startswith(fence) and not row[opens.end() :].strip()
            yield row
            fence = "" if closed else fence
        elif opens is not None:
            fence = opens[1]
            yield row
        else:
            yield _tame(row)
    if fence:
        yield fence


def _tame(row: str) -> str:
    if _UNDERLINE.match(row):
        return row.replace("=", "\\=", 1) if "=" in row else row.replace("-", "\\-", 1)
    row = _HEADING.sub(lambda found: f"{found[1]}{'#' * min(6, len(found[2]) + DEMOTED)}", row)
    out: list[str] = []
    done = 0
    for span in _CODE_SPAN.finditer(row):
        out += [_no_html(row[done : span.start()]), span[0]]
        done = span.end()
    return "".join([*out, _no_html(row[done:])])


def _no_html(text: str) -> str:
    # An autolink stays one: it shows where it leads.
    text = re.sub(r"<(?!https?://[^\s<>]*>)", r"\\<", text)
    return text.replace("![", "!\\[")


def _escaped(text: str) -> str:
    """Plain foreign text between our own markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def _span(text: str) -> str:
    """Foreign text as a code span, whatever backticks it holds."""
    ticks = "`" * (1 + _longest_run(text))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_run(text: str) -> int:
    """How many backticks stand in a row at the most."""
    return max(map(len, re.findall(r"`+", text)), default=0)
