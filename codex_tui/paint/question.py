"""How a question of the engine looks: facts with labels, commands with line numbers, files of a patch.

Everything here is shown whole: lines are hard-wrapped, never cut, and two different commands
never look the same. Runs of blanks, which could push the rest out of sight, and those at the
end of a line are written as their count between `␣` signs; a `␣` of the text is escaped.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, Protocol

from rich.segment import Segment
from textual.strip import Strip

from codex_tui.paint.lines import Part, Row, chop, slice_parts, wrap
from codex_tui.text import SafeText, cell_width, join, line, number, own
from codex_tui.text.width import hard_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codex_tui.paint.look import Look, Palette

BLANK_RUN = 4
"""Blanks in a row from which on they are counted."""
INDENT_SHOWN = 24
"""Blanks at the beginning of a line that are drawn as they are: code is indented, and where the
text begins shows how far. More are counted."""
LABEL_WIDTH = 17
"""Cells of the column of labels; foreign text never stands in it."""

Role = Literal["text", "dim", "warn", "code"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled remark. `rows` are its lines, each made safe; `role` says how it looks."""

    label: SafeText
    rows: tuple[SafeText, ...]
    role: Role = "text"


def exact(parts: Iterable[Part]) -> Strip:
    """A line of the screen with every blank it has: here they may mean something, or hold a frame."""
    return Strip([Segment(text, style) for text, style in parts if text])


class Rows(Protocol):
    """Lines of a known number that are painted one by one, since there may be very many."""

    def __len__(self) -> int: ...

    def paint(self, index: int) -> Strip:
        """The line at `index`, no wider than it was made for."""
        ...


class Painted:
    """Lines that are painted already."""

    def __init__(self, strips: Sequence[Strip]) -> None:
        self._strips = strips

    def __len__(self) -> int:
        return len(self._strips)

    def paint(self, index: int) -> Strip:
        return self._strips[index]


class Stacked:
    """Several `Rows` one below the other."""

    def __init__(self, parts: Sequence[Rows]) -> None:
        self._parts = [part for part in parts if len(part)]
        self._ends = list(accumulate(len(part) for part in self._parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def paint(self, index: int) -> Strip:
        which = bisect_right(self._ends, index)
        before = self._ends[which - 1] if which else 0
        return self._parts[which].paint(index - before)


class NumberedText:
    """A text of several lines, each with its number and wrapped anywhere; nothing is left out.

    Made in one pass over the text, however long it is; rows are cut when they are painted.
    """

    def __init__(self, text: str, look: Look) -> None:
        self._palette = look.palette
        self._bar = join(look.marks.chosen, own(" "))
        plain = look.marks.chosen.isascii()
        self._source = text.split("\n")
        self._digits = len(str(len(self._source)))
        self._room = max(1, look.width - self._digits - 5)
        self._cut: dict[int, tuple[list[Part], list[tuple[int, int]]]] = {}  # lines that need care
        drawn = _is_drawn(text) and not (plain and _OPENING in text)
        counts: list[int] = []
        for at, part in enumerate(self._source):
            if drawn and not _has_run(part):
                counts.append(max(1, -(-len(part) // self._room)))
                continue
            parts = mark_blanks(part, look.palette, plain=plain)
            whole = parts[0][0] if len(parts) == 1 else "".join(piece for piece, _ in parts)
            self._cut[at] = parts, hard_rows(whole, self._room)
            counts.append(len(self._cut[at][1]))
        self._ends = list(accumulate(counts))

    def __len__(self) -> int:
        return self._ends[-1]

    def paint(self, index: int) -> Strip:
        at = bisect_right(self._ends, index)
        row = index - (self._ends[at - 1] if at else 0)
        if at in self._cut:
            parts, rows = self._cut[at]
            text = slice_parts(parts, [rows[row]])[0]
        else:
            piece = self._source[at][row * self._room : (row + 1) * self._room]
            text = [(line(piece), self._palette.code)]
        counted = SafeText(f"{'' if row else at + 1:>{self._digits + 2}} ")
        return exact([(counted, self._palette.dim), (self._bar, self._palette.rule), *text])


def _is_drawn(text: str) -> bool:
    """Whether every character but line breaks is drawn as itself, in one cell."""
    printable = text.isascii() and text.replace("\n", "").isprintable()
    return printable and "\\x" not in text and "<U+" not in text


def _has_run(part: str) -> bool:
    """Whether blanks of a line have to be counted (see `mark_blanks`)."""
    if part.endswith(" "):
        return True
    if "    " not in part:
        return False
    text = part.lstrip(" ")
    return "    " in text or len(part) - len(text) > INDENT_SHOWN


# At the end of a line even a single blank counts: nothing else would show it.
_RUN = re.compile(f" {{{BLANK_RUN},}}| +$")
SAME = 9
"""Hidden characters of one kind in a row from which on they are counted too: a thousand tabs written
one by one would push the rest out of sight as blanks do."""
_SAME = re.compile(rf"([^ -~])\1{{{SAME - 1},}}")
_COUNTED = re.compile(f"{_RUN.pattern}|{_SAME.pattern}")
MANY = 64
"""Different odd characters from which on one pass over the text is faster than one for each."""
_SIGN = "␣"
_SIGN_ESCAPED = f"<U+{ord(_SIGN):04X}>"
_OPENING = "<_"  # its ASCII twin: `<_12_>`


def counted_blanks(count: int, same: str = "", *, plain: bool = False) -> SafeText:
    """So many blanks, or so many of the same hidden character (which is written as `same`)."""
    return SafeText(f"{_OPENING}{count}{same}_>" if plain else f"{_SIGN}{count}{same}{_SIGN}")


def uncounted(safe: SafeText, *, plain: bool = False) -> SafeText:
    """Safe text in which nothing looks as if `counted_blanks` had written it."""
    if plain:
        return SafeText(safe.replace(_OPENING, rf"\x{ord('<'):02x}_")) if _OPENING in safe else safe
    return SafeText(safe.replace(_SIGN, _SIGN_ESCAPED)) if _SIGN in safe else safe


def mark_blanks(text: str, palette: Palette, *, plain: bool = False) -> list[Part]:
    """One line of a command: everything hidden is visible, long runs of blanks are counted.

    `plain` counts them with ASCII signs.
    """
    sign = _OPENING if plain else _SIGN
    if "    " not in text and sign not in text and not text.endswith(" ") and not _SAME.search(text):
        return [(line(text), palette.code)]
    parts: list[Part] = []
    done = 0
    for run in _COUNTED.finditer(text):
        count = run.end() - run.start()
        if run[1]:
            same = _hidden(run[1])
            if same is None:
                continue
            parts += [
                (uncounted(line(text[done : run.start()]), plain=plain), palette.code),
                (counted_blanks(count, same, plain=plain), palette.warn),
            ]
        elif run.start() == 0 and count <= INDENT_SHOWN and run.end() < len(text):
            parts.append((SafeText(run.group()), palette.code))
        else:
            parts += [
                (uncounted(line(text[done : run.start()]), plain=plain), palette.code),
                (counted_blanks(count, plain=plain), palette.warn),
            ]
        done = run.end()
    parts.append((uncounted(line(text[done:]), plain=plain), palette.code))
    return [part for part in parts if part[0]] or [(own(""), palette.code)]


def _hidden(char: str) -> SafeText | None:
    """How a character is written that is not drawn as itself, or on top of another; else None."""
    stacked = unicodedata.category(char) in {"Mn", "Me"}
    # At the beginning of a text a mark stands on nothing and is escaped.
    shown = line(char) if stacked else line(f"a{char}")[1:]
    return None if shown == char and not stacked else SafeText(shown)


def measure(text: str) -> SafeText:
    """`2 lines · 71 characters` of a text as it arrived."""
    return join(
        _counted(text.count("\n") + 1, own("line"), own("lines")),
        own(" · "),
        _counted(len(text), own("character"), own("characters")),
    )


def _counted(count: int, one: SafeText, many: SafeText) -> SafeText:
    return join(number(count), own(" "), one if count == 1 else many)


@lru_cache(maxsize=4)
def characters(text: str) -> frozenset[str]:
    """The different characters of a text. Remembered for the newest texts: several readers of one
    question want them, and a megabyte takes 20 ms."""
    return frozenset(text)


def oddities(text: str, is_code: bool = False) -> tuple[SafeText, ...]:
    """What a reader of a command should be warned of, one sentence each.

    With `is_code`, for the files of a patch, tabs and wide indents are nothing odd.
    """
    if is_code:
        text = text.replace("\t", " ")
    found: list[SafeText] = []
    unusual = {char for char in characters(text) if not (" " <= char <= "~" or char == "\n")}
    odd = {char for char in unusual if char != _SIGN and line(f"a{char}") != f"a{char}"}
    hidden = sum(map(text.count, odd)) if len(odd) <= MANY else sum(char in odd for char in text)
    if hidden:
        found.append(
            join(
                _counted(hidden, own("invisible character"), own("invisible characters")),
                own(r", written as \x1b or <U+202E>"),
            )
        )
    runs = (
        [len(run.group()) for run in _RUN.finditer(text) if len(run.group()) > INDENT_SHOWN]
        if " " * INDENT_SHOWN in text
        else []
    )
    if runs and not is_code:
        found.append(join(number(max(runs)), own(" blanks in a row")))
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in unusual):
        found.append(own("right-to-left letters: a terminal may draw them in another order"))
    return tuple(found)


def paint_facts(facts: Sequence[Fact], look: Look) -> list[Strip]:
    """Facts with their labels in a column of their own; on narrow screens above the text."""
    palette = look.palette
    styles = {"text": palette.text, "dim": palette.dim, "warn": palette.warn, "code": palette.code}
    narrow = look.width < 50
    strips: list[Strip] = []
    for fact in facts:
        rows: list[Row] = []
        for text in fact.rows:
            room = look.width - 2 if narrow else look.width - LABEL_WIDTH
            # Paths and the like keep every blank, what is read breaks between words.
            break_up = chop if fact.role == "code" else wrap
            rows += break_up([(text, styles[fact.role])], max(8, room))
        for index, row in enumerate(rows):
            if narrow:
                if index == 0 and fact.label:
                    lead = join(fact.label, own(": "))
                    if cell_width(lead) + sum(cell_width(text) for text, _ in row) <= look.width:
                        strips.append(exact([(lead, palette.dim), *row]))
                        continue
                    strips.append(exact([(fact.label, palette.dim)]))
                strips.append(exact([(own("  "), palette.text), *row]))
            else:
                label = fact.label if index == 0 else own("")
                strips.append(exact([(SafeText(label.ljust(LABEL_WIDTH)), palette.dim), *row]))
    return strips


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a patch: its path as shown, lines added and removed, and what is special about it."""

    path: SafeText
    added: int
    removed: int
    marks: tuple[tuple[SafeText, Role], ...] = ()


def paint_files(files: Sequence[FileLine], look: Look) -> list[Strip]:
    """The list of a patch's files, one to a row (more if the path is long)."""
    palette = look.palette
    strips: list[Strip] = []
    for file in files:
        counts: Row = []
        if file.added or not file.removed:
            counts.append((join(own("  +"), number(file.added)), palette.good))
        if file.removed:
            counts.append((join(own("  "), look.marks.minus, number(file.removed)), palette.bad))
        marks: Row = []
        for text, role in file.marks:
            marks += [
                (own("  "), palette.text),
                (text, palette.warn if role == "warn" else palette.dim),
            ]
        lead: Part = (join(own("  "), look.marks.patch, own(" ")), palette.dim)
        tail = [*counts, *marks]
        room = look.width - 4 - sum(cell_width(text) for text, _ in tail)
        if cell_width(file.path) <= room:
            strips.append(exact([lead, (file.path, palette.strong), *tail]))
            continue
        for index, (start, end) in enumerate(hard_rows(file.path, max(8, look.width - 4))):
            piece = SafeText(file.path[start:end])
            strips.append(
                exact([lead if index == 0 else (own("    "), palette.dim), (piece, palette.strong)])
            )
        strips += [exact([(own("  "), palette.dim), *row]) for row in wrap(tail, max(8, look.width - 2))]
    return strips
