"""The picker's last row: what keys do now, what is asked, what went wrong. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from codex_tui.screens.history.facts import keys_row
from codex_tui.text import SafeText, cell_width, line, own, shorten

if TYPE_CHECKING:
    from codex_tui.history import Entry
    from codex_tui.history.found import Found
    from codex_tui.paint.look import Marks
    from codex_tui.panes.status.parts import Part

Doing = Literal["filter", "list", "rename", "delete"]

TITLE_LEAST = 10
"""Cells of a title that is about to be deleted, however narrow the row is."""
BAR, BAR_LEAST = 24, 6
"""Cells of a progress bar; with less room for it there are only its figures."""
DELETE_ROOM = 60
"""Cells that the question and its keys take beside it."""

FILTER_KEYS = [
    (own("Enter"), own("go on with it")),
    (own("Esc"), own("back")),
    (own("Tab"), own("more")),
    (own("/words"), own("find what was said")),
]
LIST_KEYS = [
    (own("Enter"), own("go on with it")),
    (own("F1"), own("all keys")),
    (own("f"), own("fork")),
    (own("r"), own("rename")),
    (own("a"), own("archive")),
    (own("x"), own("delete")),
    (own("e"), own("export")),
    (own("d"), own("directory")),
    (own("v"), own("archived")),
    (own("s"), own("sort")),
    (own("p"), own("provider")),
    (own("g"), own("agents")),
    (own("c"), own("copy id")),
    (own("Tab"), own("filter")),
    (own("Esc"), own("back")),
]
RENAME_KEYS = [(own("Enter"), own("rename")), (own("Esc"), own("leave it"))]


def foot(
    doing: Doing, entry: Entry | None, trouble: SafeText, found: Found | None, room: int, marks: Marks
) -> list[Part]:
    """The row in `room` cells after its margin; `entry` is the chosen thread, `trouble` what went wrong,
    `found` what a search has found."""
    margin: list[Part] = [(own("  "), "text")]
    if doing == "delete" and entry is not None:
        name = shorten(line(" ".join(entry.title.split())), max(TITLE_LEAST, room - DELETE_ROOM))
        return [
            *margin,
            (own("Delete "), "warn"),
            (name, "strong"),
            (own(" for good?  "), "warn"),
            (own("y"), "strong"),
            (own(" delete   any other key keeps it"), "dim"),
        ]
    if trouble:
        return [*margin, (shorten(trouble, room), "warn")]
    if found is not None and found.unfinished and doing != "rename":
        return [*margin, *progress_row(found, room, marks)]
    keys = RENAME_KEYS if doing == "rename" else LIST_KEYS if doing == "list" else FILTER_KEYS
    if entry is not None and entry.archived:
        back = {"archive": own("bring back"), "archived": own("saved")}
        keys = [(key, back.get(what, what)) for key, what in keys]
    return [*margin, *keys_row(keys, room, marks)]


def progress_row(found: Found, room: int, marks: Marks) -> list[Part]:
    """How far a search is that has to read the files first."""
    what = own("reading what was said") if room >= 40 else own("reading")
    if not found.of:
        return [(what, "dim"), (own(" "), "dim"), (marks.ellipsis, "dim")]
    amount = SafeText(f"{found.done:,} of {found.of:,}")
    cells = min(BAR, room - cell_width(what) - cell_width(amount) - 4)
    if cells < BAR_LEAST:
        return [(what, "dim"), (own("  "), "text"), (amount, "text")]
    full = cells * min(found.done, found.of) // found.of
    return [
        (what, "dim"),
        (own("  "), "text"),
        (SafeText(marks.plan * full), "accent"),
        (SafeText(marks.rule * (cells - full)), "rule"),
        (own("  "), "text"),
        (amount, "text"),
    ]
