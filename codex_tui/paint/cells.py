"""Cells: the unit of painting, of height and of caching in the chat.

An item is one cell, but a message in markdown is one cell a chunk, so that what has been said
keeps its picture while the message grows. A cell may paint no rows at all (the closing line
of a fenced block alone, a thought without words).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from textual.strip import Strip

from codex_tui.paint import kinds
from codex_tui.paint.chunks import Chunk, split
from codex_tui.paint.lines import note
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.message import guess_chunk, paint_chunk, paint_timed
from codex_tui.session.transcript import Item
from codex_tui.text import join, own, prose

APPROVE_HINT = own(" · Alt+A: approve it once …")
"""Beside what the automatic reviewer denied; the key is that of the action `approve_denied`."""

_NO_CHUNK = Chunk(0, 0, False)


class Latest:
    """The newest revision of an item, shared by its cells: those that stay as they are need not
    be made anew for every delta, and no old text is kept by them."""

    __slots__ = ("item",)

    def __init__(self, item: Item) -> None:
        self.item = item


@dataclass(frozen=True, slots=True)
class Cell:
    """What is painted at once: an item, or a chunk (`text[start:end]`) of a message in markdown.

    `last` marks the growing tail. `item` is the newest revision `cells_of` has seen; what a
    closed chunk paints is the same for all of them.
    """

    latest: Latest
    part: int = 0
    start: int = 0
    end: int = 0
    last: bool = True
    chunk: Chunk | None = None

    @property
    def item(self) -> Item:
        return self.latest.item

    @property
    def key(self) -> tuple[str, str, int]:
        """Which cell this is: (turn id, item id, part). Stays while the item changes."""
        return (self.item.turn_id, self.item.id, self.part)

    @property
    def stamp(self) -> Hashable:
        """Which picture this is: cells of equal key and stamp paint equal strips under one Look and fold."""
        chunk = self.chunk
        if chunk is None:
            return (self.item.revision, self.item.phase, self.item.outcome, self.item.output_cut)
        return (
            chunk.digest,
            chunk.end - chunk.start,
            chunk.kind,
            chunk.indent,
            chunk.header,
            chunk.fence,
            chunk.opens,
            chunk.closes,
        )


class Cells(list[Cell]):
    """Cells in order; the first `kept` ones are those of the revision before, the very same."""

    __slots__ = ("kept",)

    def __init__(self, cells: Iterable[Cell], kept: int) -> None:
        super().__init__(cells)
        self.kept = kept


def cells_of(item: Item, known: Sequence[Cell] = ()) -> list[Cell]:
    """The cells of `item`, at least one. `known` are those of an earlier revision of it: what is
    closed there is not cut again, and those cells come back as they are."""
    text = kinds.markdown_of(item.body)
    if text is None:
        return [Cell(Latest(item))]
    kept, latest, first = 0, Latest(item), None
    if known and known[0].chunk is not None and known[0].key[:2] == (item.turn_id, item.id):
        before = kinds.markdown_of(known[0].item.body)
        if before is not None and text.startswith(before):
            kept = _closed(known)
            latest, first = known[0].latest, known[kept].chunk
            latest.item = item
    found = split(text, first) or [_NO_CHUNK]
    last = kept + len(found) - 1
    cells = Cells(known[:kept], kept)
    cells.extend(
        Cell(latest, part, chunk.start, chunk.end, part == last, chunk)
        for part, chunk in enumerate(found, kept)
    )
    return cells


def _closed(cells: Sequence[Cell]) -> int:
    """How many cells from the first on are closed; not the last, which is looked at again."""
    count = len(cells) - 1
    while count and not ((chunk := cells[count - 1].chunk) and chunk.closed):
        count -= 1
    return count


def paint_cell(cell: Cell, look: Look, fold: Fold | None = None) -> list[Strip]:
    """The strips of `cell`: gutter included, none wider than `look.width`, not padded."""
    item, level = cell.item, fold or look.fold
    if level == "full":
        look = replace(look, at_ms=item.started_ms)
    if cell.chunk is None:
        strips = kinds.kind_of(item.body).paint(item, item.body, look, level)
        if item.note and strips and level != "brief":
            said = prose(item.note.replace("\n", " "))
            strips.insert(1, note(look, join(said, APPROVE_HINT) if item.denial else said, 2))
        return strips
    text = kinds.markdown_of(item.body) or ""
    head = kinds.heading_of(item, look) if cell.part == 0 else []
    if cell.part == 0 and not head and look.at_ms is not None:
        return paint_timed(text, cell.chunk, look)
    return [*head, *paint_chunk(text, cell.chunk, look)]


def guess_height(cell: Cell, look: Look, fold: Fold | None = None) -> int:
    """About how many strips `paint_cell` would give, without painting."""
    if cell.chunk is None:
        return kinds.kind_of(cell.item.body).guess(cell.item, cell.item.body, look, fold or look.fold)
    return guess_chunk(cell.chunk, look)


def gap_before(previous: Cell | None, cell: Cell) -> int:
    """Blank rows above `cell`: between turns, around prompts, between messages and inside them."""
    if previous is None:
        return 0
    if previous.item.turn_id == cell.item.turn_id and previous.item.id == cell.item.id:
        return 1 if cell.start - previous.end > 1 else 0
    if previous.item.turn_id != cell.item.turn_id:
        return 1
    if kinds.is_prompt(cell.item.body) or kinds.is_prompt(previous.item.body):
        return 1
    return 1 if cell.chunk is not None and previous.chunk is not None else 0


def foldable(cell: Cell) -> bool:
    """Whether folding changes how `cell` looks."""
    return cell.chunk is None and kinds.kind_of(cell.item.body).foldable(cell.item, cell.item.body)


def plain_text(item: Item) -> str:
    """What copying `item` yields: its text without gutter, wrapping or colours, safe for a clipboard."""
    return kinds.kind_of(item.body).text(item, item.body)
