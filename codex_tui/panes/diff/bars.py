"""The rows around a diff: which source is shown and how much it is, and the keys at its foot. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from codex_tui.panes.status.parts import ALWAYS, Fact, Part, compose, words
from codex_tui.text import SafeText, cell_width, join, number, own

if TYPE_CHECKING:
    from codex_tui.paint.look import Marks

Source = Literal["turn", "session", "tree", "pending"]

SOURCES: tuple[tuple[Source, SafeText, SafeText], ...] = (
    ("turn", own("1"), own("this turn")),
    ("session", own("2"), own("session")),
    ("tree", own("3"), own("working tree")),
    ("pending", own("4"), own("waits for you")),
)
"""The sources with their keys, as the header names them."""


@dataclass(frozen=True, slots=True)
class Count:
    """How much a diff is."""

    files: int
    added: int
    removed: int


def header(
    source: Source,
    count: Count,
    marks: Marks,
    *,
    pending: bool,
    busy: SafeText | None,
    left_out: SafeText | None = None,
    width: int,
) -> list[Part]:
    """The first row: the sources, the chosen one loud; what is under way; what is left out; the counts."""
    names: list[Fact] = []
    for name, key, title in SOURCES:
        if name == "pending" and not pending and source != "pending":
            continue
        chosen = name == source
        role = "strong" if chosen else "accent" if name == "pending" else "dim"
        lead: SafeText = join(marks.unfolded, own(" ")) if chosen else own("")
        parts = ((lead, role), (join(key, own(" "), title), role))
        names.append(Fact(parts, ALWAYS if chosen else 5, own("  ")))
    right = [words(busy, "dim", 9)] if busy is not None else []
    if left_out is not None:
        short = own("not all of it")
        right.append(words(left_out if cell_width(left_out) < width // 2 else short, "warn", 7, own("  ")))
    if count.files:
        files = join(number(count.files), own(" file" if count.files == 1 else " files"))
        right.append(words(files, "dim", 3, own("  ")))
        parts: tuple[Part, ...] = (
            (join(own("+"), number(count.added)), "good"),
            (own(" "), "dim"),
            (join(marks.minus, number(count.removed)), "bad"),
        )
        right.append(Fact(parts, 8, own("  ")))
    return [(own(" "), "dim"), *compose(names, right, max(0, width - 2))]


def source_at(parts: Sequence[Part], x: int) -> Source | None:
    """The source whose name stands at column `x` of the header."""
    at = 0
    for text, _ in parts:
        at += cell_width(text)
        if x < at:
            return next((name for name, key, title in SOURCES if text == join(key, own(" "), title)), None)
    return None


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """What the keys at the foot depend on."""

    has_files: bool
    many: bool
    split: bool
    wraps: bool
    source: Source
    comments: int = 0
    on_comment: bool = False
    can_revert: bool = False
    can_undo: bool = False
    listing: bool = False
    beside: bool = False  # the chat is beside it


def foot(help: KeyHelp, width: int) -> list[Part]:
    """The last row: the keys that matter most here, as many as fit."""
    if help.listing:
        keys = [_key(own("↑↓"), own("file"), 9), _key(own("Enter"), own("go there"), 9)]
        return [(own(" "), "dim"), *compose(keys, [_key(own("f"), own("close"), 8)], max(0, width - 2))]
    keys: list[Fact] = []
    if help.comments:
        count = join(
            own("send "), number(help.comments), own(" comment" if help.comments == 1 else " comments")
        )
        keys.append(_key(own("C"), count, 60))
    if help.on_comment:
        keys.append(_key(own("x"), own("delete it"), 59))
    if help.has_files:
        keys.append(_key(own("}"), own("hunk"), 50))
        if help.many:
            keys += [_key(own("]"), own("file"), 49), _key(own("f"), own("list"), 30)]
        keys += [
            _key(own("c"), own("comment"), 45),
            _key(own("s"), own("unified") if help.split else own("side by side"), 40),
        ]
        if help.can_revert:
            keys += [_key(own("r"), own("take back"), 44)]
        if help.can_undo:
            keys += [_key(own("U"), own("undo that"), 52)]
        keys += [
            _key(own("/"), own("find"), 43),
            _key(own("o"), own("edit"), 35),
            _key(own("y"), own("copy"), 34),
            _key(own("w"), own("cut lines") if help.wraps else own("wrap"), 20),
            _key(own("z"), own("fold all"), 15),
            *([_key(own("v"), own("whole screen"), 38)] if help.beside else []),
        ]
    elif help.can_undo:
        keys += [_key(own("U"), own("undo that"), 52)]
    if help.source == "pending":
        keys.append(_key(own("F5"), own("answer it"), 54))
    if help.source == "tree":
        keys.append(_key(own("g"), own("look again"), 42))
    right = [_key(own("F1"), own("keys"), 25), _key(own("Esc"), own("back"), 55)]
    return [(own(" "), "dim"), *compose(keys, right, max(0, width - 2))]


def answers(yes: SafeText | None, width: int) -> list[Part]:
    """The last row under a question: what says yes to it. None: it is only told."""
    if yes is None:
        return [(own(" "), "dim"), *compose([_key(own("any key"), own("goes on"), ALWAYS)], [], width - 2)]
    keys = [Fact(((own("y"), "accent"), (own(" "), "dim"), (yes, "text")), ALWAYS)]
    return [(own(" "), "dim"), *compose(keys, [_key(own("Esc"), own("no"), 55)], width - 2)]


def writing(purpose: str, width: int) -> list[Part]:
    """The last row while somebody writes a comment, or what to look for."""
    keys = [_key(own("Enter"), own("keep it") if purpose == "comment" else own("go on in the diff"), ALWAYS)]
    return [(own(" "), "dim"), *compose(keys, [_key(own("Esc"), own("leave it"), 55)], max(0, width - 2))]


def _key(key: SafeText, says: SafeText, rank: int) -> Fact:
    return Fact(((key, "text"), (own(" "), "dim"), (says, "dim")), rank)
