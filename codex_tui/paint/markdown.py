"""Markdown to rows: what markdown-it reads, painted by roles and fitted to a width.

Foreign text is escaped at the leaves, after parsing, because entities such as `&#x1b;` decode
while parsing. HTML is shown as written, links as text and address, images as their text and
address; nothing is fetched, nothing is clickable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rich.style import Style

from codex_tui.paint.code import DIFFS, diff_lines, highlight, is_plain, language_of, lexer_named
from codex_tui.paint.lines import MIN_TEXT, Part, Row, TextRow, blanks, chop, led, part_width, wrap
from codex_tui.paint.look import Look
from codex_tui.paint.tables import Table, table_rows
from codex_tui.text import SafeText, cell_width, line, own, prose, tabbed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

CODE_INDENT = 2
"""Cells that code stands to the right of the text around it."""
_CELL_END = re.compile(r"(?<!\\)\|")
_TASK = re.compile(r"\[([ xX])\] ")
_SPACE = own(" ")


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough. No reference definitions: they would vanish from
    sight, and a definition at the end would change what stands above it."""
    from markdown_it import MarkdownIt

    # The preset's nesting limit drops what is nested deeper; a chunk has 64 lines, so this holds all.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 1000})
    return parser.enable(["table", "strikethrough"]).disable("reference")


@lru_cache(maxsize=64)
def _parse(source: str) -> tuple[Token, ...] | None:
    """The tokens of `source`; None when it is too much for the parser."""
    try:
        return tuple(_parser().parse(source))
    except Exception:  # a parser of somebody else's on a text of anybody's: shown as written instead
        return None


def markdown_rows(source: str, look: Look, width: int, base: Style | None = None, wide: int = 0) -> list[Row]:
    """The rows of a markdown text. Prose takes `width` cells at most, code and tables `wide`."""
    style = base or look.palette.text
    tokens = _parse(source)
    painter = _Painter(source, look, style, wide=max(width, wide))
    if tokens is not None:
        try:
            return painter.blocks(tokens, width)
        except RecursionError:
            pass
    return [row for text in source.split("\n") for row in chop([(prose(text), style)], width)]


class _Painter:
    def __init__(self, source: str, look: Look, base: Style, wide: int) -> None:
        # The parser counts a lone carriage return as a line end.
        self.source = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.look = look
        self.palette = look.palette
        self.base = base
        self.wide = wide
        # Dim text stays dim throughout: colour of its own would make it louder than what was said.
        self.quiet = base == look.palette.dim

    def blocks(self, tokens: Sequence[Token], width: int, lead: int = 0) -> list[Row]:
        """Rows of sibling blocks, blank ones between them where the source has blank lines.

        `lead`: cells to the left of these blocks, which the wide ones cannot use.
        """
        rows: list[Row] = []
        at = 0
        while at < len(tokens):
            end = _close_of(tokens, at)
            begins = tokens[at].map
            if rows and begins and self._is_blank(begins[0] - 1):
                rows.append([])
            rows += self.block(tokens[at : end + 1], width, lead)
            at = end + 1
        return rows

    def _is_blank(self, index: int) -> bool:
        return 0 <= index < len(self.source) and not self.source[index].strip("> \t\r")

    def block(self, tokens: Sequence[Token], width: int, lead: int) -> list[Row]:
        """Rows of one block, given as its tokens from opening to closing."""
        token = tokens[0]
        inside = tokens[1:-1]
        wide = max(width, self.wide - lead)
        match token.type:
            case "paragraph_open":
                return self.paragraph(inside, width, self.base)
            case "heading_open":
                return self.paragraph(inside, width, self.heading(token.tag))
            case "bullet_list_open" | "ordered_list_open":
                return self.blocks(inside, width, lead)
            case "list_item_open":
                return self.item(token, inside, width, lead)
            case "blockquote_open":
                return self.quote(inside, width, lead)
            case "fence" | "code_block":
                return code_rows(token.content, token.info, self.look, wide, self.base)
            case "hr":
                return [[(SafeText(self.look.marks.rule * width), self.palette.rule)]]
            case "table_open":
                return table_rows(self.table(inside), self.look, wide)
            case _:
                style = self.base
                return [
                    row for text in token.content.split("\n") for row in wrap([(prose(text), style)], width)
                ]

    def heading(self, tag: str) -> Style:
        style = self.base + Style(bold=True) if self.quiet else self.palette.strong
        if tag == "h1":
            return style + Style(underline=True)
        return style if tag == "h2" else style + Style(italic=True)

    def paragraph(self, tokens: Sequence[Token], width: int, style: Style) -> list[Row]:
        return [
            row
            for token in tokens
            for parts in self.inline(token.children or (), style)
            for row in wrap(parts, width)
        ]

    def item(self, token: Token, inside: Sequence[Token], width: int, lead: int) -> list[Row]:
        """A list item: its number as written or a bullet, and its blocks beside it."""
        look = self.look
        mark = line(f"{token.info[:9]}{token.markup}") if token.info else look.marks.bullet
        style = self.base if self.quiet else self.palette.dim
        first = next((child for child in inside if child.type == "inline"), None)
        text = first.children[0] if first is not None and first.children else None
        if first and text is not None and text.type == "text" and (task := _TASK.match(text.content)):
            done = task.group(1) != " "
            mark = look.marks.ok if done else look.marks.todo
            style = self.palette.good if done and not self.quiet else style
            rest = [text.copy(content=text.content[task.end() :]), *(first.children or ())[1:]]
            inside = [child.copy(children=rest) if child is first else child for child in inside]
        return self._beside([(mark, style)], inside, width, lead)

    def _beside(self, mark: Row, inside: Sequence[Token], width: int, lead: int) -> list[Row]:
        size = part_width(mark) + 1
        if width - size < MIN_TEXT:
            return [mark, *self.blocks(inside, width, lead)]
        rows = self.blocks(inside, width - size, lead + size) or [[]]
        first: Row = [*mark, (_SPACE, self.base), *rows[0]]
        hang: Row = [(blanks(size), self.base)]
        return [first, *(self._hung(hang, row) if row else row for row in rows[1:])]

    @staticmethod
    def _hung(hang: Row, row: Row) -> Row:
        # What begins a line in a list stands to the right in a copy, too.
        return led(hang, row) if isinstance(row, TextRow) else [*hang, *row]

    def quote(self, inside: Sequence[Token], width: int, lead: int) -> list[Row]:
        bar = self.look.marks.bar
        size = cell_width(bar) + 1
        if width - size < MIN_TEXT:
            return self.blocks(inside, width, lead)
        parts: Row = [(bar, self.palette.dim), (_SPACE, self.palette.dim)]
        return [led(parts, row) for row in self.blocks(inside, width - size, lead + size) or [[]]]

    def table(self, tokens: Sequence[Token]) -> Table:
        """The cells of a table, each as one line of parts, and how its columns are aligned."""
        rows: list[list[Row]] = []
        aligns: list[str] = []
        for at, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                head = token.type == "th_open"
                style = self.base + Style(bold=True) if head else self.base
                lines = self.inline(tokens[at + 1].children or (), style)
                rows[-1].append([part for parts in lines for part in parts])
                if head:
                    aligns.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
            elif token.type == "tr_close" and len(rows) > 1 and tokens[at - 1].type == "td_close":
                rows[-1] += self._spare_cells(tokens, at, len(rows[0]))
        head = rows[0] if rows else []
        columns = max(map(len, rows), default=0)
        return Table([*head, *([[]] * (columns - len(head)))], rows[1:], aligns)

    def _spare_cells(self, tokens: Sequence[Token], at: int, columns: int) -> list[Row]:
        """What a row has beyond the header's columns; the parser drops it, a reader may need it."""
        while at and tokens[at].type != "tr_open":
            at -= 1
        begins = tokens[at].map
        source = self.source[begins[0]].lstrip("> \t").rstrip() if begins else ""
        cells = _CELL_END.split(source.removeprefix("|"))
        cells = cells[:-1] if cells and not cells[-1].strip() else cells
        return [[(prose(cell.strip()), self.base)] for cell in cells[columns:]]

    def inline(self, tokens: Sequence[Token], base: Style) -> list[Row]:
        """Lines of parts; a hard break starts a new line."""
        palette = self.palette
        lines: list[Row] = [[]]
        styles = [base]
        links: list[tuple[str, int, int]] = []  # address, line and part where its text starts
        for token in tokens:
            style = styles[-1]
            match token.type:
                case "text" | "html_inline":
                    if token.content:
                        lines[-1].append((prose(token.content), style))
                case "softbreak":
                    lines[-1].append((_SPACE, style))
                case "hardbreak":
                    lines.append([])
                case "code_inline":
                    code = style if self.quiet else style + palette.code
                    lines[-1].append((tabbed(token.content), code))
                case "strong_open":
                    styles.append(style + Style(bold=True))
                case "em_open":
                    styles.append(style + Style(italic=True))
                case "s_open":
                    styles.append(style + Style(strike=True))
                case "link_open":
                    links.append((_address(token, "href"), len(lines) - 1, len(lines[-1])))
                    styles.append(style + (Style(underline=True) if self.quiet else palette.link))
                case "link_close":
                    styles.pop()
                    address, row, part = links.pop()
                    text = "".join(text for text, _ in lines[row][part:])
                    self._add_address(lines[-1], address, text)
                case "image":
                    alt = prose(token.content.replace("\n", " "))
                    lines[-1].append((SafeText(f"{self.look.marks.image} {alt}"), style))
                    self._add_address(lines[-1], _address(token, "src"), alt)
                case "strong_close" | "em_close" | "s_close":
                    styles.pop()
                case _:
                    lines[-1].append((prose(token.content or token.markup), style))
        return lines

    def _add_address(self, row: Row, address: str, text: str) -> None:
        safe = line(address)
        if safe and text not in (safe, safe.removeprefix("mailto:")):
            row.append((SafeText(f" ({safe})"), self.palette.dim))


def _address(token: Token, name: str) -> str:
    """Where a link or an image leads, and its title: all that its text does not say."""
    address, title = str(token.attrs.get(name, "")), str(token.attrs.get("title", ""))
    return f'{address} "{title}"' if title else address


def _close_of(tokens: Sequence[Token], at: int) -> int:
    """Where the block that opens at `at` closes; `at` itself for a block of one token."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
    return len(tokens) - 1


def fences_of(source: str) -> list[tuple[str, str]]:
    """The blocks of code in a markdown text: what their fences say, and their text."""
    tokens = _parse(source) or ()
    return [(token.info, token.content) for token in tokens if token.type in ("fence", "code_block")]


def code_rows(source: str, info: str, look: Look, width: int, base: Style | None = None) -> list[Row]:
    """Rows of a block of code, set off to the right and in colours. `info`: its fence's info string."""
    palette = look.palette
    quiet = base == palette.dim
    lines = [tabbed(text.rstrip("\r")) for text in source.removesuffix("\n").split("\n")]
    style = palette.dim if quiet else palette.code_block
    language = None if quiet else language_of(info)
    return [*info_rows(info.strip(), look, width), *code_lines(lines, language, look, width, style)]


def info_rows(info: str, look: Look, width: int) -> list[Row]:
    """What a fence says about its code, where colours do not say it."""
    if not info or (len(info.split()) == 1 and (is_plain(info.lower()) or lexer_named(info.lower()))):
        return []
    return wrap([(prose(info), look.palette.dim)], width)


def code_lines(
    lines: Sequence[SafeText], language: str | None, look: Look, width: int, style: Style
) -> list[Row]:
    """As `code_rows`, for lines that are safe already."""
    indent = CODE_INDENT if width - CODE_INDENT >= MIN_TEXT else 0
    if language in DIFFS:
        rows = diff_lines(lines, look.palette, style)
    else:
        rows = highlight(lines, lexer_named(language) if language else None, look.palette, style)
    lead: Part = (blanks(indent), style)
    return [led([lead], row) if row else row for parts in rows for row in chop(parts, width - indent)]
