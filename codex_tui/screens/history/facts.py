"""What the picker's lines say. Pure: parts of safe text for a width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codex_tui.panes.status.parts import APART, Fact, Part, compose, words
from codex_tui.text import SafeText, cell_width, cut, fit, join, line, own, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.history import Entry, Listing
    from codex_tui.paint.look import Marks

TITLE_LEAST, BESIDE_AGE = 34, 18
"""Cells a title keeps before a column goes, and before the age goes, too."""

BRANCH, AGE, MODEL, FOLDER = 16, 7, 14, 28
"""Widths of the columns: git branch, age, model, directory."""

_UNITS = ((31_536_000, "y"), (2_592_000, "mo"), (604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "min"))
_BY: dict[str, SafeText] = {
    "exec": own("codex exec"),
    "vscode": own("an editor"),
    "appServer": own("an app"),
    "subAgent": own("a sub-agent"),
}


def age(seconds: float) -> SafeText:
    """How long ago, in one unit: `41 s`, `3 d`."""
    for size, unit in _UNITS:
        if seconds >= size:
            return SafeText(f"{int(seconds // size)} {unit}")
    return SafeText(f"{max(0, int(seconds))} s")


def entry_parts(
    entry: Entry,
    listing: Listing,
    now: float,
    width: int,
    marks: Marks,
    snippet: str | None = None,
    sought: str = "",
) -> list[Part]:
    """One thread in `width` cells: what it is about, then columns; they go from the right end when narrow.

    With `snippet`, what was said at the place that a search for `sought` found stands behind the title.
    """
    when = entry.updated if listing.sort == "updated" else entry.created
    if entry.damage:
        snippet = entry.damage
    columns: list[tuple[SafeText, int]] = [(own("") if not when else age(now - when), AGE)]
    if snippet is None:
        if listing.scope == "all":
            columns.insert(0, (line(_tail(entry.cwd)), FOLDER))
        columns.insert(0, (line(entry.branch), BRANCH))
        columns.insert(0, (line(entry.model), MODEL))
    while columns and width - sum(size + 2 for _, size in columns) < (
        TITLE_LEAST if len(columns) > 1 else BESIDE_AGE
    ):
        del columns[0]
    room = width - sum(size + 2 for _, size in columns)
    parts: list[Part] = list(_title(entry, room, snippet, sought, marks))
    for text, size in columns:
        short = shorten(text, size, marks.ellipsis)
        parts.append((SafeText("  " + " " * (size - cell_width(short)) + short), "dim"))
    return parts


def _title(entry: Entry, room: int, snippet: str | None, sought: str, marks: Marks) -> list[Part]:
    state: list[Part] = []
    if entry.damage:
        state = [(own("damaged  "), "bad")]
        snippet = entry.damage
    elif entry.waits:
        state = [(own("waits for you  "), "accent")]
    elif entry.status == "active":
        state = [(own("runs  "), "good")]
    elif entry.status == "systemError":
        state = [(own("failed  "), "bad")]
    elif entry.parent_id is not None:
        state = [(own("agent  "), "dim")]
    room -= sum(cell_width(text) for text, _ in state)
    title = line(" ".join(entry.title.split())) or own("(nothing was said)")
    if snippet is None:
        return [*state, (fit(_begun(title, room, marks), room), "strong" if entry.name else "text")]
    head = _begun(title, max(10, room // 3), marks)
    rest = room - cell_width(head) - 3
    between = join(own(" "), marks.separator, own(" "))
    return [*state, (head, "text"), (between, "rule"), *_said(snippet, sought, rest, marks)]


def _said(snippet: str, sought: str, room: int, marks: Marks) -> list[Part]:
    """What was said in `room` cells, with the words that were looked for."""
    text, words = " ".join(snippet.split()), " ".join(sought.split())
    place = re.search(re.escape(words), text, re.IGNORECASE) if words else None
    begin, end = place.span() if place is not None else (0, 0)
    before = cut(line(text[:begin]), room)
    found = cut(line(text[begin:end]), room - cell_width(before))
    room -= cell_width(before) + cell_width(found)
    behind = fit(_begun(line(text[end:]), room, marks), room)
    return [(before, "dim"), (found, "strong"), (behind, "dim")]


def _begun(text: SafeText, room: int, marks: Marks) -> SafeText:
    """The beginning of what is too long: that is where a prompt says what it is about."""
    if cell_width(text) <= room:
        return text
    return join(cut(text, max(0, room - cell_width(marks.ellipsis))), marks.ellipsis)


def nothing(listing: Listing, loading: bool) -> SafeText:
    """What stands where no thread does: why, and the key that may help."""
    if loading:
        return own("looking for threads")
    if listing.wanted.strip() and listing.scope == "here":
        return own("none here is like that; Tab, then d looks everywhere")
    if listing.wanted.strip():
        return own("none is like that; Esc clears the filter")
    kind = own("archived") if listing.kind == "archived" else own("saved")
    where = own(" in this directory") if listing.scope == "here" else own("")
    return join(own("none is "), kind, where)


def choices(listing: Listing) -> list[Fact]:
    """What is listed, for the right end of the filter row."""
    return [
        words(own("archived"), "warn") if listing.kind == "archived" else words(own("saved"), "dim", 2),
        words(own("this directory") if listing.scope == "here" else own("all directories"), "dim", 3),
        words(line(listing.provider) if listing.provider else own("all providers"), "dim", 1),
        words(own("newest first") if listing.sort == "updated" else own("newest made first"), "dim", 1),
        *([words(own("with agents"), "dim", 1)] if listing.agents else []),
    ]


def count(shown: int, known: int, loading: bool) -> Fact:
    """How many there are; a sign says that more may come."""
    amount = f"{shown:,}" if shown == known else f"{shown:,} of {known:,}"
    return words(SafeText(amount + (" \u2026" if loading else "")), "text")


def preview_head(entry: Entry, turns: int | None, now: float, width: int, places: int = 0) -> list[Part]:
    """The row above the preview: turns, age, model, who made it; at how many places something was said."""
    facts: list[Fact] = []
    if places:
        facts.append(words(SafeText(f"{places:,} place{'s' if places > 1 else ''}"), "accent", 5))
    facts += [words(own("no turn" if turns == 0 else ""), "dim")] if turns == 0 else []
    if turns:
        facts.append(words(SafeText(f"{turns:,} turn{'s' if turns > 1 else ''}"), "text"))
    if entry.updated:
        facts.append(words(SafeText(f"{age(now - entry.updated)} ago"), "dim", 4))
    facts.append(words(line(entry.model), "dim", 3))
    facts.append(words(line(entry.branch), "dim", 2))
    if entry.source in _BY:
        facts.append(words(SafeText(f"by {_BY[entry.source]}"), "dim", 2))
    facts.append(words(line(_tail(entry.cwd)), "dim", 1))
    return compose([fact for fact in facts if fact.parts[0][0]], [], width)


def keys_row(keys: Sequence[tuple[SafeText, SafeText]], width: int, marks: Marks) -> list[Part]:
    """Keys and what they do, as many as fit: the last go first."""
    facts: list[Fact] = []
    for rank, (key, what) in enumerate(keys):
        facts.append(Fact(((key, "strong"), (own(" "), "text"), (what, "dim")), len(keys) - rank, APART))
    return compose(facts, [], width)


def _tail(path: str) -> str:
    """The end of a directory, which tells more than its beginning."""
    parts = [part for part in path.split("/") if part]
    return "/".join(parts[-2:]) if len(parts) > 1 else path
