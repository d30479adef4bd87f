"""A search in the conversation: what was found, which match is the current one, and where it stands."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from codex_tui.paint.lines import TextStrip
from codex_tui.panes.chat.find import Tally, pattern_of
from codex_tui.panes.chat.window import Place, Row, Window
from codex_tui.text import cell_width

if TYPE_CHECKING:
    import re

    from codex_tui.paint.look import Fold, Look
    from codex_tui.panes.chat.layout import Slot, SlotKey
    from codex_tui.session.state import Change
    from codex_tui.session.transcript import Item

SLICE = 0.008  # seconds of work at once: a key never waits longer for it

_CURRENT = Style(reverse=True, bold=True)

Spans = dict[int, list[tuple[int, int, int]]]
"""By row of a part: first character, the one after the last, and the match's number in the part."""


class Found(NamedTuple):
    """`position` of `total` (from 1; 0: none is current). `more`: the search is still going on.
    `hidden`: the current match stands in what is left out of the picture. `lacking`: older turns were
    not to be had."""

    position: int
    total: int
    more: bool
    hidden: bool = False
    lacking: bool = False


class Current(NamedTuple):
    """Match `ordinal` of an item's words is match `match` of part `part` on screen."""

    key: SlotKey
    ordinal: int
    part: int = 0
    match: int = 0
    hidden: bool = False


class Finder:
    """One search in one window. The window's reading place is given back when it is put off."""

    def __init__(
        self, window: Window, text_of: Callable[[Item], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.window = window
        self.query = ""
        self._text_of = text_of
        self._clock = clock
        self._tally: Tally[SlotKey] | None = None
        self._current: Current | None = None
        self.keep_place()
        self._opened: dict[SlotKey, Fold | None] = {}  # what was unfolded to show a match, and how it was
        self._spans: dict[tuple[SlotKey, int], tuple[Sequence[Strip], Spans]] = {}
        self._held: dict[tuple[int, tuple[tuple[int, int, bool], ...]], tuple[Strip, Strip]] = {}

    def keep_place(self) -> None:
        """From now on this is the place to give back."""
        self._place, self._selected = self.window.place, self.window.selected

    # -- searching --------------------------------------------------------------------------

    def search(self, query: str) -> None:
        """Look for other words, from the first row in sight on downwards, then upwards."""
        self.query, self._current = query, None
        self.forget()
        pattern = pattern_of(query)
        if pattern is None:
            self._tally = None
            return
        self._tally = Tally(pattern, self._text)
        slots = self.window.layout.slots
        top = self.window.rows[0].slot.index if self.window.rows else 0
        self._tally.add(slot.key for slot in slots[top:] if _is_item(slot))
        self._tally.add(slot.key for slot in reversed(slots[:top]) if _is_item(slot))

    @property
    def pattern(self) -> re.Pattern[str] | None:
        return self._tally.pattern if self._tally is not None else None

    @property
    def waits(self) -> bool:
        """Whether there is more to look through."""
        return self._tally is not None and self._tally.waiting > 0

    def step(self) -> bool:
        """A slice of the search; True when the window moved to the first match."""
        tally = self._tally
        if tally is None:
            return False
        tally.step(self._clock() + SLICE, self._clock)
        if self._current is not None or not tally.counts:
            return False
        key = next(iter(tally.counts))  # the first found: they are looked through from the reader on
        above = self._index(key) < (self.window.rows[0].slot.index if self.window.rows else 0)
        self._show(key, tally.counts[key] - 1 if above else 0)
        return True

    def take(self, change: Change, thread_id: str) -> None:
        """What changed in the conversation is looked through again."""
        tally = self._tally
        if tally is None:
            return
        mine = [touch for touch in change if touch.thread_id in ("", thread_id)]
        tally.add(("item", touch.turn_id, touch.item_id) for touch in mine if touch.kind == "item")
        turns = {touch.turn_id for touch in mine if touch.kind == "turn"}
        if turns:
            tally.add(slot.key for slot in self.window.layout.items_of(turns))

    def _text(self, key: SlotKey) -> str | None:
        slot = self.window.layout.find(key)
        return self._text_of(slot.item) if slot is not None and slot.item is not None else None

    def _index(self, key: SlotKey) -> int:
        slot = self.window.layout.find(key)
        return slot.index if slot is not None else -1

    @property
    def found(self) -> Found:
        """What to say of it now."""
        tally, current = self._tally, self._current
        if tally is None:
            return Found(0, 0, False)
        position = 0
        if current is not None and (count := tally.counts.get(current.key)):
            index = self._index(current.key)
            before = sum(n for key, n in tally.counts.items() if self._index(key) < index)
            position = before + min(current.ordinal, count - 1) + 1
        hidden = current is not None and current.hidden
        return Found(position, tally.total, tally.waiting > 0, hidden)

    # -- moving -----------------------------------------------------------------------------

    def move(self, step: int) -> bool:
        """To the next match (1) or the one before (-1), round the ends; False when there is none."""
        tally, current = self._tally, self._current
        if tally is None or not tally.counts:
            return False
        if current is None or self.window.layout.find(current.key) is None:
            key = next(iter(tally.counts))
            self._show(key, 0)
            return True
        ordinal = current.ordinal + step
        if 0 <= ordinal < tally.counts.get(current.key, 0):
            self._show(current.key, ordinal)
            return True
        slots = self.window.layout.slots
        start = self._index(current.key)
        for at in range(1, len(slots) + 1):
            key = slots[(start + step * at) % len(slots)].key
            if count := tally.counts.get(key):
                self._show(key, 0 if step > 0 else count - 1)
                return True
        return False

    def close(self, give_back: bool) -> None:
        """End it. `give_back`: the reading place, the selection and the folds as they were before."""
        self._tally = None
        if give_back:
            self._fold_back(None)
            self.window.selected = self._selected
            self.window.put(self._place)

    def _show(self, key: SlotKey, ordinal: int) -> None:
        layout = self.window.layout
        slot = layout.find(key)
        if slot is None:
            return
        self._fold_back(slot)
        if slot.group is not None and layout.is_hidden(slot):
            self._unfold(slot.group)
        part, at, count = self._locate(slot, ordinal)
        spans = self._spans_of(slot, part)
        if _matches(spans) < count and part < slot.parts and slot.cells[part].chunk is None:
            self._unfold(slot)
            spans = self._spans_of(slot, part)
        on_screen = _matches(spans)
        match = max(0, min(at, on_screen - 1))
        row = next((y for y, found in sorted(spans.items()) if any(n == match for *_, n in found)), 0)
        gap = self.window.painted(slot, part)[0] if part < slot.parts else 0
        self._current = Current(key, ordinal, part, match, on_screen == 0)
        self.window.selected = key
        self.window.show(Place(slot, part, gap + row))

    def _locate(self, slot: Slot, ordinal: int) -> tuple[int, int, int]:
        """The part that has match `ordinal` of the item, its number there, and how many that part has."""
        parts = len(self.window.layout.split(slot))
        pattern, item = self.pattern, slot.item
        if pattern is None or item is None or parts < 2:
            return 0, ordinal, ordinal + 1
        starts = [match.start() for match in pattern.finditer(self._text_of(item))]
        if not starts:
            return 0, 0, 1
        begins = [cell.start for cell in slot.cells]
        part = max(0, bisect_right(begins, starts[min(ordinal, len(starts) - 1)]) - 1)
        end = begins[part + 1] if part + 1 < parts else len(self._text_of(item)) + 1
        inside = [at for at, start in enumerate(starts) if begins[part] <= start < end]
        return part, ordinal - inside[0] if inside else 0, len(inside)

    def _unfold(self, slot: Slot) -> None:
        folds = self.window.layout.own_folds
        if folds.get(slot.key) != "full":
            self._opened.setdefault(slot.key, folds.get(slot.key))
            self.window.layout.refold(slot, "full")

    def _fold_back(self, keep: Slot | None) -> None:
        """Fold what was unfolded for a match before, unless it holds the one to come."""
        holders = (keep, keep.group) if keep is not None else ()
        kept = {slot.key for slot in holders if slot is not None}
        for key, fold in list(self._opened.items()):
            if key not in kept:
                del self._opened[key]
                if (slot := self.window.layout.find(key)) is not None and slot.key == key:
                    self.window.layout.refold(slot, fold)

    # -- on screen --------------------------------------------------------------------------

    def forget(self) -> None:
        """Nothing painted holds any more: other words, colours or widths."""
        self._spans.clear()
        self._held.clear()

    def mark(self, row: Row, strip: Strip | None, look: Look) -> Strip | None:
        """`strip`, which is what stands in `row`, with the matches in it set off."""
        if self._tally is None or row.strip is None or strip is None or row.slot.item is None:
            return strip
        found = self._spans_of(row.slot, row.part).get(row.row - row.gap)
        if not found:
            return strip
        current = self._current
        here = current is not None and (current.key, current.part) == (row.slot.key, row.part)
        spans = tuple(
            (start, end, here and current is not None and current.match == n) for start, end, n in found
        )
        held = self._held.get((id(strip), spans))
        if held is None or held[0] is not strip:
            if len(self._held) > 4 * self.window.height:
                self._held.clear()
            held = self._held[id(strip), spans] = strip, _marked(strip, spans, look.palette.selected)
        return held[1]

    def _spans_of(self, slot: Slot, part: int) -> Spans:
        """Where the matches of a part stand on screen, row by row."""
        if self._tally is None or part >= len(self.window.layout.split(slot)):
            return {}
        strips = self.window.painted(slot, part)[1]
        held = self._spans.get((slot.key, part))
        if held is None or held[0] is not strips:
            if len(self._spans) > 4 * self.window.height:
                self._spans.clear()
            held = self._spans[slot.key, part] = strips, spans_in(self._tally.pattern, strips)
        return held[1]


def spans_in(pattern: re.Pattern[str], strips: Sequence[Strip]) -> Spans:
    """Where `pattern` matches the text that the strips show, across the rows it is broken into."""
    text: list[str] = []
    begins: list[int] = []  # of each piece, in the text
    places: list[tuple[int, int]] = []  # row and character where it stands
    size = 0
    for row, strip in enumerate(strips):
        cuts, joint = (strip.cuts, strip.joint) if isinstance(strip, TextStrip) else ((), None)
        if row:
            between = "\n" if joint is None else joint
            text.append(between)
            size += len(between)
        at, shown = 0, strip.text
        for start, end in (*cuts, (len(shown), len(shown))):
            if start > at:
                text.append(shown[at:start])
                begins.append(size)
                places.append((row, at))
                size += start - at
            at = max(at, end)
    whole = "".join(text)
    spans: Spans = {}
    for number, match in enumerate(pattern.finditer(whole)):
        first, stop = match.span()
        for piece in range(max(0, bisect_right(begins, first) - 1), len(begins)):
            begin = begins[piece]
            if begin >= stop:
                break
            row, char = places[piece]
            size = (begins[piece + 1] if piece + 1 < len(begins) else len(whole)) - begin
            start, end = max(first - begin, 0), min(stop - begin, size)
            if start < end:
                spans.setdefault(row, []).append((char + start, char + end, number))
    return spans


def _matches(spans: Spans) -> int:
    return 1 + max((n for found in spans.values() for *_, n in found), default=-1)


def _marked(strip: Strip, spans: Sequence[tuple[int, int, bool]], style: Style) -> Strip:
    """The characters of each span in another style; the current match stands out most."""
    text = strip.text
    cuts = [cell_width(text[:at]) for start, end, _ in spans for at in (start, min(end, len(text)))]
    segments: list[Segment] = []
    for at, piece in enumerate(strip.divide([*cuts, strip.cell_length])):
        over = (_CURRENT if spans[at // 2][2] else style) if at % 2 else None
        segments.extend(
            part._replace(style=(part.style or Style()) + over) if over is not None else part
            for part in piece
        )
    return Strip(segments, strip.cell_length)


def _is_item(slot: Slot) -> bool:
    return slot.item is not None and not slot.members
