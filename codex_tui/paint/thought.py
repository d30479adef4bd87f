"""What the agent thought: a dim line with its subject; all of it when unfolded."""

from __future__ import annotations

import re

from textual.strip import Strip

from codex_tui.paint.facts import duration, fold_sign, left_out
from codex_tui.paint.lines import Part, headline, indented, note, prose_width
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.markdown import markdown_rows
from codex_tui.protocol.items import Reasoning
from codex_tui.session.transcript import Item
from codex_tui.text import SafeText, copyable, own, prose

MAX_SHOWN = 60_000
"""Characters of a thought that are painted when unfolded."""
OPENER = 20
"""Plain characters that take as long as one that may open a span."""
MAX_SUBJECT = 300
_BOLD = re.compile(r"\*\*(.{1,200}?)\*\*")
_SHORT_MS = 1000


def subject_of(body: Reasoning) -> str:
    """What the newest part of the summary is about: its bold heading, or else its first line."""
    for part in reversed(body.summary):
        if match := _BOLD.search(part[:1000]):
            return match.group(1)
    for part in (*body.summary, *body.content):
        for text in part[:1000].split("\n"):
            if text.strip():
                return text.strip()[:MAX_SUBJECT]
    return ""


def paint_thought(item: Item, body: Reasoning, look: Look, fold: Fold) -> list[Strip]:
    """Nothing at all when there are no words and it took no time worth a line."""
    palette = look.palette
    ms = _took(item)
    subject = prose(subject_of(body).replace("\n", " "))
    if not subject and item.phase != "running" and (ms or 0) < _SHORT_MS:
        return []
    said = own("thinking") if item.phase == "running" else own("thought")
    if ms is not None and ms >= _SHORT_MS and item.phase != "running":
        said = SafeText(f"{said} {duration(ms)}")
    title: list[Part] = [(said, palette.dim)]
    if subject:
        title += [(SafeText(f" {look.marks.dash} "), palette.dim), (subject, palette.dim)]
    sign = fold_sign(look, fold, is_foldable(item, body))
    if sign is not None:  # behind the words, not at the edge: it is the quietest line there is
        title.append((SafeText(f" {sign}"), palette.dim))
    strips = [headline(look, look.marks.thought, palette.dim, title)]
    if fold != "full":
        return strips
    text = thought_source(body)
    shown = _beginning(text)
    strips += indented(look, markdown_rows(shown, look, prose_width(look, 2), palette.dim), 2)
    if more := len(text) - len(shown):
        strips.append(note(look, left_out(look, more, own("character")), 2))
    return strips


def _beginning(text: str) -> str:
    """As much as can be painted in one go: what may begin a span or a link takes far more time."""
    text = text[:MAX_SHOWN]
    units = len(text) * (1 if text.isascii() else 2) + OPENER * sum(map(text.count, "*_[<`"))
    return text[: len(text) * MAX_SHOWN // units] if units > MAX_SHOWN else text


def _took(item: Item) -> int | None:
    if item.started_ms is None or item.completed_ms is None:
        return None
    return item.completed_ms - item.started_ms


def thought_source(body: Reasoning) -> str:
    """The summary, then the raw thoughts where the engine shows them."""
    return "\n\n".join(part for part in (*body.summary, *body.content) if part)


def guess_thought(item: Item, body: Reasoning, look: Look, fold: Fold) -> int:
    if fold != "full":
        return 1
    return 1 + sum(
        part[:MAX_SHOWN].count("\n") + len(part) // 90 + 1 for part in (*body.summary, *body.content)
    )


def is_foldable(item: Item, body: Reasoning) -> bool:
    return any(body.summary) or any(body.content)


def thought_text(item: Item, body: Reasoning) -> str:
    return copyable(thought_source(body))
