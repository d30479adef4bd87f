"""What people and agents say: prompts, agent messages, proposed plans, reviews."""

from __future__ import annotations

from dataclasses import replace

from rich.style import Style
from textual.strip import Strip

from codex_tui.paint.chunks import Chunk
from codex_tui.paint.code import language_of
from codex_tui.paint.excerpt import first_within
from codex_tui.paint.facts import left_out
from codex_tui.paint.lines import (
    Row,
    behind_mark,
    clock,
    indented,
    note,
    part_width,
    prose_width,
    shorten_row,
    text_width,
    with_aside,
    wrap,
)
from codex_tui.paint.look import NARROW, Fold, Look
from codex_tui.paint.markdown import code_lines, info_rows, markdown_rows
from codex_tui.protocol.items import UserInput, UserMessage
from codex_tui.session.transcript import Item, Pending
from codex_tui.text import SafeText, line, own, prose, tabbed

PROMPT_ROWS = 12
"""Rows of a long prompt shown unless it is unfolded: it is the person's own, they know it."""
TIME_ROOM = 7
"""Cells beside a prompt for the time of day."""
FULL_ROWS = 2000
"""Rows of anything unfolded in the chat at most; copying and the raw view have all of it."""


def chunk_rows(text: str, chunk: Chunk, look: Look, quiet: bool = False) -> list[Row]:
    """The rows of one chunk of a markdown text, without the gutter."""
    indent = min(chunk.indent, text_width(look) // 3)
    width, wide = prose_width(look, indent), text_width(look, indent)
    source = text[chunk.start : chunk.end]
    base = look.palette.dim if quiet else look.palette.text
    if chunk.kind == "fence" and chunk.fence is not None:
        lines = source.split("\n")
        lines = lines[chunk.opens : len(lines) - chunk.closes]
        safe = [tabbed(dedent(row.rstrip("\r"), chunk.fence.indent)) for row in lines]
        style = look.palette.dim if quiet else look.palette.code_block
        language = None if quiet else language_of(chunk.fence.info)
        info = info_rows(chunk.fence.info, look, wide) if chunk.opens else []
        return [*info, *code_lines(safe, language, look, wide, style)]
    if chunk.indent:
        source = "\n".join(dedent(row, chunk.indent) for row in source.split("\n"))
    if chunk.kind == "table":
        source = f"{chunk.header}\n{source}"
    return markdown_rows(source, look, width, base, wide)


def paint_chunk(text: str, chunk: Chunk, look: Look, quiet: bool = False) -> list[Strip]:
    """One chunk of a message in the text column."""
    indent = min(chunk.indent, text_width(look) // 3)
    return indented(look, chunk_rows(text, chunk, look, quiet), indent, is_text=chunk.kind == "text")


def paint_timed(text: str, chunk: Chunk, look: Look) -> list[Strip]:
    """The first chunk of a message, with the time the Look says at its right."""
    (time,) = clock(look, look.at_ms, seconds=True)
    narrow = look.width - part_width(time) - 2
    # Where the margins stay the same, all rows keep out of its way: it must not come and go with the text.
    strips = paint_chunk(text, chunk, replace(look, width=narrow) if narrow >= NARROW else look)
    return [with_aside(strips[0], time, look), *strips[1:]] if strips else []


def guess_chunk(chunk: Chunk, look: Look) -> int:
    """About how many rows `paint_chunk` makes."""
    width = prose_width(look) if chunk.kind == "text" else text_width(look)
    return max(
        1,
        chunk.rows - chunk.opens - chunk.closes + (chunk.end - chunk.start) // (width + 1) - chunk.rows // 2,
    )


def dedent(row: str, cells: int) -> str:
    """`row` without up to `cells` leading blanks."""
    at = 0
    while at < min(cells, len(row)) and row[at] == " ":
        at += 1
    if at < cells and row[at : at + 1] == "\t":
        at += 1
    return row[at:]


def prompt_text(body: UserMessage) -> str:
    """What the person sent, other things than text as a line each."""
    return "\n".join(_input_text(part) for part in body.content)


def _input_text(part: UserInput) -> str:
    if part.type == "text":
        return part.text
    what = part.path or part.url or part.name or ""
    if what.startswith("data:"):
        what = what[:40]
    return f"[{part.type}{': ' if what else ''}{what}{f' {part.text}' if part.text else ''}]"


def prompt_width(look: Look) -> int:
    """Cells of a prompt's rows: on wide screens the time of day has room beside them."""
    return min(prose_width(look), text_width(look) - TIME_ROOM) if look.width >= NARROW else prose_width(look)


def prompt_rows(text: str, look: Look, style: Style) -> list[Row]:
    """The rows of a prompt, as typed."""
    width = prompt_width(look)
    return [row for part in text.split("\n") for row in wrap([(prose(part.rstrip("\r")), style)], width)]


def paint_prompt(text: str, look: Look, fold: Fold, remark: SafeText | None = None) -> list[Strip]:
    """A prompt behind its mark; long ones are folded.

    One with a `remark` below it is dim, as it is not said yet.
    """
    palette = look.palette
    style = palette.prompt if remark is None else palette.dim
    if fold == "brief":
        rows = [[(prose(text[: look.width * 4].replace("\n", " ")), style)]]
        rows = [shorten_row(look, rows[0], prompt_width(look))]
        limit = 1
    else:
        limit = PROMPT_ROWS if fold == "normal" else FULL_ROWS
        # A row shows at least one character or ends a line: more text than this cannot be seen.
        room = text[: (limit + 2) * (prompt_width(look) + 1)]
        lines, size = first_within(room.split("\n"))
        rows = prompt_rows("\n".join(lines), look, style)
        if size < len(room):
            limit, rows = min(limit, len(rows)), [*rows, [], []]
    shown = rows if len(rows) <= limit + 1 else rows[:limit]
    strips = [
        behind_mark(look, look.marks.prompt, palette.accent, shown[0]),
        *indented(look, shown[1:]),
    ]
    if len(shown) < len(rows):
        hidden = max(1, text.count("\n") + 1 - limit)
        sign = f" {look.marks.folded}" if fold != "full" else ""
        strips.append(note(look, SafeText(f"{left_out(look, hidden)}{sign}")))
    return strips if remark is None else [*strips, note(look, remark)]


def paint_user(item: Item, body: UserMessage, look: Look, fold: Fold) -> list[Strip]:
    """A prompt, with the time of day beside its first row where there is room."""
    strips = paint_prompt(prompt_text(body), look, fold)
    time = clock(look, item.started_ms)
    return [with_aside(strips[0], time[0], look), *strips[1:]] if time else strips


def guess_prompt(item: Item, body: UserMessage, look: Look, fold: Fold) -> int:
    text = body.content[0].text if body.content else ""
    if fold == "brief":
        return 1
    rows = text[:4000].count("\n") + 1 + len(text) // (prose_width(look) * 2)
    return min(rows, PROMPT_ROWS if fold == "normal" else FULL_ROWS)


_HOW = {
    "turn": own("sending"),
    "steer": own("goes to the running turn"),
    "queue": own("queued for after this turn"),
}


def paint_pending(pending: Pending, look: Look) -> list[Strip]:
    """A prompt that the engine has not taken up yet."""
    how = _HOW.get(pending.how) or line(pending.how)
    return paint_prompt(pending.text, look, "normal", SafeText(f"{look.marks.ellipsis} {how}"))
