"""Changes to files: unified hunks, new and deleted files, with numbers, signs and colours.

What is no diff at all is shown raw, so every line of a change is on screen whatever the engine
sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

from rich.style import Style
from textual.strip import Strip

from codex_tui.diffs import FileDiff, Hunk, Kind, Sign, read_change
from codex_tui.paint.code import MAX_HIGHLIGHT, highlight, lexer_for_file
from codex_tui.paint.facts import left_out, path_in
from codex_tui.paint.lines import Part, Row, blanks, chop, indented, led, note, shorten_row, text_width
from codex_tui.paint.look import Look, Marks
from codex_tui.protocol.items import FileUpdate
from codex_tui.text import SafeText, line, number, own, tabbed
from codex_tui.text.safe import TAB_STOP

MAX_COLOURED = 600
"""Lines of a file's change that are highlighted; more are shown in the signs' colours only."""
LONGEST = 20_000
"""Characters of a line where there is a limit: more is data, and takes long to cut into rows."""
INDENT = 2

VERBS: dict[Kind, SafeText] = {"new": own("added"), "deleted": own("deleted"), "moved": own("moved")}


class DiffLine(NamedTuple):
    """One row of a change before it is wrapped: a line with its number in the new file (for `-` in
    the old one), or with the sign `@` what stands between hunks."""

    sign: Sign | Literal["@"]
    number: int | None
    text: str


def flat(diff: FileDiff, most: int | None = None) -> tuple[list[DiffLine], int]:
    """The lines of all hunks, and between them a header each; before the first one if it says something.

    At most `most` of them, and how many there are altogether.
    """
    out: list[DiffLine] = []
    count = 0
    for hunk in diff.hunks:
        if has_header(hunk, count == 0):
            count += 1
            out.append(DiffLine("@", None, hunk.header))
        count += len(hunk.raw)
        lines = hunk.lines if most is None else hunk.lines[: max(0, most - len(out))]
        out += [DiffLine(sign, old if new is None else new, text) for sign, old, new, text in lines]
    return (out if most is None else out[:most]), count


def has_header(hunk: Hunk, is_first: bool) -> bool:
    """Whether something stands above a hunk."""
    return hunk.known and (not is_first or bool(hunk.header))


def counts(diff: FileDiff, look: Look) -> Row:
    """`+3 −1`."""
    palette = look.palette
    return [
        (SafeText(f"+{number(diff.added)}"), palette.good),
        (own(" "), palette.dim),
        (SafeText(f"{look.marks.minus}{number(diff.removed)}"), palette.bad),
    ]


def file_title(diff: FileDiff, look: Look, root: str) -> Row:
    """The file's path, what happened to it when it is more than a change, and the counts."""
    palette = look.palette
    path = path_in(root, diff.path)
    if diff.old_path:
        path = SafeText(f"{path_in(root, diff.old_path)} {look.marks.arrow} {path}")
    row: Row = [(path, palette.text), (own("  "), palette.dim), *counts(diff, look)]
    if diff.kind in VERBS:
        style = palette.warn if diff.kind == "deleted" else palette.dim
        row += [(own("  "), palette.dim), (VERBS[diff.kind], style)]
    if diff.note:
        row += [(own("  "), palette.dim), (line(diff.note), palette.warn)]
    return row


def paint_change(change: FileUpdate, look: Look, root: str, limit: int | None = None) -> list[Strip]:
    """One file: its title and its lines."""
    diff = read_change(change)
    title = shorten_row(look, file_title(diff, look, root), text_width(look))
    return [*indented(look, [title]), *paint_lines(diff, look, limit)]


def paint_lines(diff: FileDiff, look: Look, limit: int | None = None) -> list[Strip]:
    """The lines of one file's change; `limit` rows at most, with a note of what is left out."""
    rows, hidden = diff_rows(diff, look, text_width(look, INDENT), limit)
    shown = indented(look, rows, INDENT)
    if not hidden:
        return shown
    return [*shown, note(look, left_out(look, hidden), INDENT)]


def diff_rows(diff: FileDiff, look: Look, width: int, limit: int | None = None) -> tuple[list[Row], int]:
    """Rows of number, sign and text, and how many lines are left out.

    Long lines go on below themselves. Lines stop at about `limit` rows: the line that passes it is
    still whole, and a single one after it is not worth leaving out; with a limit, a line has a bound too.
    """
    lines, count = flat(diff, None if limit is None else limit + 1)
    if limit is not None:
        lines = lines[:limit] if count > limit + 1 else lines
        lines = [one if len(one.text) <= LONGEST else _cut(one) for one in lines]
    texts = visible_texts(lines, look.marks)
    digits = len(str(max((one.number or 0 for one in lines), default=0)))
    if width < 24:
        digits = 0
    name = diff.path.rpartition("/")[2]
    coloured = coloured_lines(name, lines, texts, look)
    rows: list[Row] = []
    for at, (one, parts) in enumerate(zip(lines, coloured, strict=True)):
        if limit is not None and len(rows) >= limit and count - at > 1:
            return rows, count - at
        if one.sign == "@":
            rows.append(header_row(one, look, width, digits))
            continue
        rows += line_rows(one, parts, look, width, digits)
    return rows, count - len(lines)


def _cut(one: DiffLine) -> DiffLine:
    return one._replace(text=f"{one.text[:LONGEST]} … {len(one.text) - LONGEST:,} more characters")


def header_row(one: DiffLine, look: Look, width: int, digits: int) -> Row:
    """What stands between hunks: a mark, and the enclosing function where the hunk names it."""
    palette = look.palette
    row: Row = [(blanks(digits - 1 if digits else 0), palette.dim), (look.marks.between, palette.dim)]
    if one.text:
        row += [(blanks(3), palette.dim), (line(one.text), palette.dim)]
    return shorten_row(look, row, width)


def sign_of(sign: str, look: Look) -> Part:
    """The sign before a line of a diff, as it is drawn."""
    palette = look.palette
    match sign:
        case "+":
            return own("+"), palette.good
        case "-":
            return look.marks.minus, palette.bad
        case "\\":
            return own("\\"), palette.dim
        case _:
            return own(" "), palette.dim


def line_rows(one: DiffLine, parts: Row, look: Look, width: int, digits: int) -> list[Row]:
    palette = look.palette
    if one.sign == "?":
        return chop(parts, width) if parts else [[]]
    name = str(one.number) if one.number is not None else ""
    lead: Row = [(SafeText(f"{name:>{digits}} "), palette.dim)] if digits else []
    mark: Row = [sign_of(one.sign, look), (own(" "), palette.dim)]
    edge = digits + 1 if digits else 0
    wrapped = chop(parts, max(1, width - edge - 2))
    rows: list[Row] = []
    for index, row in enumerate(wrapped or [[]]):
        # The number is no text of the diff, the sign is.
        rows.append(led([(blanks(edge + 2), palette.dim)], row) if index else led(lead, [*mark, *row]))
    return rows


def visible_texts(lines: Sequence[DiffLine], marks: Marks) -> list[SafeText]:
    """The lines' texts, tabs expanded; where a change is one of blanks alone, blanks become visible."""
    texts = [tabbed(one.text) for one in lines]
    removed: dict[str, str] = {}
    added: dict[str, str] = {}
    for one, text in zip(lines, texts, strict=True):
        if one.sign in "+-":
            (added if one.sign == "+" else removed)[text.rstrip(" ")] = one.text
    same = {key for key, text in removed.items() if key in added and added[key] != text}
    return [
        with_blanks(one.text, marks) if one.sign in "+-" and text.rstrip(" ") in same else text
        for one, text in zip(lines, texts, strict=True)
    ]


def with_blanks(text: str, marks: Marks) -> SafeText:
    """Tabs as arrows, blanks at the end as dots."""
    kept = text.rstrip(" ")
    shown = SafeText(marks.blank * (len(text) - len(kept)))
    out = ""
    for index, part in enumerate(kept.split("\t")):
        if index:
            out += marks.tab + " " * (TAB_STOP - 1 - len(out) % TAB_STOP)
        out += line(part)
    return SafeText(out + shown)


class Signed(Protocol):
    """A line of a change, of whatever record."""

    @property
    def sign(self) -> str: ...


def coloured_lines(name: str, lines: Sequence[Signed], texts: Sequence[SafeText], look: Look) -> list[Row]:
    """One row of parts a line: syntax colours over the tint of its sign. The old and the new side
    are read apart, each as the file it is. `name` is the file's, `texts` what is drawn of the lines."""
    palette = look.palette
    plain = {" ": palette.code_block, "+": palette.added, "-": palette.removed}
    rows: list[Row] = [
        [(text, plain.get(one.sign, palette.dim))] if text else []
        for one, text in zip(lines, texts, strict=True)
    ]
    lexer = lexer_for_file(name) if len(lines) <= MAX_COLOURED else None
    if lexer is None or sum(map(len, texts)) > MAX_HIGHLIGHT:
        return rows
    for side, signs in (("-", "-"), ("+", " +")):
        context = [at for at, one in enumerate(lines) if one.sign in (side, " ")]
        if not any(lines[at].sign == side for at in context) and side == "-":
            continue
        coloured = highlight([texts[at] for at in context], lexer, palette, palette.code_block)
        for at, row in zip(context, coloured, strict=True):
            if lines[at].sign in signs and texts[at]:
                rows[at] = [(text, _tinted(style, lines[at].sign, look)) for text, style in row]
    return rows


def _tinted(style: Style, sign: str, look: Look) -> Style:
    if sign == " ":
        return style
    back = (look.palette.added if sign == "+" else look.palette.removed).bgcolor
    return _on(style, back.name) if back is not None else style


@lru_cache(maxsize=1024)
def _on(style: Style, back: str) -> Style:
    """A style on that ground: asked for each part of each line, and there are few of them."""
    return style + Style(bgcolor=back)


def diff_text(changes: Sequence[FileUpdate]) -> str:
    """The patch as plain text, a header a file; not escaped."""
    out: list[str] = []
    for change in changes:
        moved = f" -> {change.kind.move_path}" if change.kind.move_path else ""
        out.append(f"{change.kind.type} {change.path}{moved}")
        diff = read_change(change)
        if change.kind.type in ("add", "delete"):
            out += [raw for hunk in diff.hunks for raw in hunk.raw]
        else:
            out.append(change.diff.rstrip("\n"))
    return "\n".join(out)
