"""How the commands pane looks, row by row: the list, the heads, the output. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from codex_tui.paint.ansi import count_lines
from codex_tui.paint.facts import SHORTEST_MS, counted, duration, path_in
from codex_tui.paint.lines import Part as Piece
from codex_tui.paint.lines import blanks, part_width, shorten_row, slice_parts, strip_of
from codex_tui.paint.shell import bare_command
from codex_tui.panes.status.parts import Fact, Part, Role, compose, ruled, words
from codex_tui.text import SafeText, cell_width, cut, join, line, lines, number, own, wrap_hard

if TYPE_CHECKING:
    from codex_tui.paint.look import Look, Palette
    from codex_tui.panes.commands.places import Box
    from codex_tui.panes.commands.reader import Reader, Shown
    from codex_tui.panes.commands.roster import Entry

LONGEST_NAME = 2_000
"""Characters of a command that a single line is made from; what is left out is out of sight anyway."""
LONGEST_SHOWN = 20_000
"""Characters of a command that are laid out where it is shown whole."""
LEAST_NAME = 24
"""Cells a command has in the rule above its output, whatever else that says."""
RULED = 5
"""Cells of a rule between two things on it."""
KEPT_RANK = 70
"""What of the rule above the output is not left out for the sake of the command."""
NO_STYLE, CURRENT = Style(), Style(reverse=True)
GAP = 2
"""Blanks before a column at the right of the list."""
LINES_FROM, TIME_FROM, OUTCOME_FROM = 64, 44, 26
"""Widths from which the list has them in any case; below, while no name has to give way."""
LEAST_TIME = 6
"""Cells of durations, so that those that run do not move the others."""


def name_of(entry: Entry, look: Look) -> list[Piece]:
    """The command on one line: its first one, marked when a sub-agent or the person ran it."""
    palette = look.palette
    first, *others = bare_command(entry.body.command)[:LONGEST_NAME].split("\n")
    parts: list[Piece] = []
    if entry.agent:
        parts.append((join(look.marks.agent, own(" ")), palette.dim))
    if entry.is_mine:
        parts.append((own("! "), palette.warn))
    parts.append((line(first), palette.text))
    if others:
        parts.append((SafeText(f" {look.marks.newline} +{len(others)}"), palette.dim))
    return parts


def outcome_of(entry: Entry, look: Look) -> tuple[SafeText, SafeText, Role]:
    """How it went: a mark, words, and a role."""
    marks, code = look.marks, entry.body.exit_code
    ended = SafeText(f"exit {code}") if code is not None else own("done")
    match entry.standing:
        case "good":
            return marks.ok, ended, "good"
        case "bad":
            return marks.bad, ended if code is not None and code >= 0 else own("failed"), "bad"
        case "declined":
            return marks.bad, own("cancelled") if entry.item.outcome == "cancel" else own("declined"), "warn"
        case "waiting":
            return marks.dot, own("waiting"), "accent"
        case "running":
            return marks.running, own("running"), "text"
        case "background":
            return own("&"), own("background"), "text"
        case _:
            return marks.unknown, own("end unseen"), "warn"


def size_of(entry: Entry) -> SafeText:
    """How many lines it has printed; `+` when some were not kept."""
    count = count_lines(entry.output)
    if not count:
        return own("")
    lines = counted(count, own("line"))
    return SafeText(f"{number(count)}+ lines") if entry.item.output_cut else lines


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of the columns at the right of the list, as wide as what they say; 0: left out."""

    outcome: int
    time: int
    lines: int

    @classmethod
    def of(cls, entries: Sequence[Entry], look: Look, now_ms: int) -> Columns:
        """For these commands, at this width."""
        width = look.width
        outcome = max((cell_width(outcome_of(one, look)[1]) for one in entries), default=0)
        time = max((cell_width(_took(one, now_ms)) for one in entries), default=0)
        lines = max((cell_width(size_of(one)) for one in entries), default=0)
        name = max((part_width(name_of(one, look)) for one in entries), default=0)
        room = width - LEAD - name - 1
        made = [GAP + outcome, GAP + max(LEAST_TIME, time) if time else 0, GAP + lines if lines else 0]
        for at, least in ((2, LINES_FROM), (1, TIME_FROM), (0, OUTCOME_FROM)):
            if sum(made) > room and width < least:
                made[at] = 0
        return cls(*made)


LEAD = 4
"""Cells before a name: whether it is chosen, and how it went."""


def list_row(
    entry: Entry, look: Look, columns: Columns, *, chosen: bool, mark: SafeText | None, now_ms: int
) -> Strip:
    """One command in a list of `look.width` cells. `mark`: a turning one in the place of its own."""
    palette, width = look.palette, look.width
    sign, word, role = outcome_of(entry, look)
    style: Style = getattr(palette, role)
    lead: list[Piece] = [
        (look.marks.chosen if chosen else own(" "), palette.strong),
        (cut(mark or sign, 2), style),
    ]
    lead.append((blanks(LEAD - part_width(lead)), palette.text))
    facts: list[Piece] = []
    if columns.outcome:
        facts.append((_left(join(blanks(GAP), word), columns.outcome), style))
    if columns.time:
        facts.append((_right(_took(entry, now_ms), columns.time), palette.dim))
    if columns.lines:
        facts.append((_right(size_of(entry), columns.lines), palette.dim))
    name = name_of(entry, look)
    room = max(1, width - LEAD - part_width(facts) - 1)
    if part_width(name) > room and entry.standing == "good" and len(facts) == 1:
        facts, room = [], width - LEAD - 1  # the mark says as much
    title = shorten_row(look, name, room)
    between = blanks(width - LEAD - part_width(title) - part_width(facts) - 1)
    return strip_of([*lead, *title, (between, palette.text), *facts])


def _took(entry: Entry, now_ms: int) -> SafeText:
    """How long it took, where that is worth saying."""
    took = entry.duration_ms(now_ms)
    return duration(took) if took is not None and took >= SHORTEST_MS else own("")


def _left(text: SafeText, width: int) -> SafeText:
    return join(text, blanks(width - cell_width(text)))


def _right(text: SafeText, width: int) -> SafeText:
    return join(blanks(width - cell_width(text)), text)


@dataclass(frozen=True, slots=True)
class Count:
    """How many commands there are."""

    all: int
    running: int
    background: int
    only_background: bool = False


def title_row(count: Count, look: Look) -> Strip:
    """The first row: what this is, how much runs."""
    facts = [words(own("Commands"), "strong")]
    if count.only_background:
        facts.append(words(own("only those in the background"), "warn", 60))
    if count.all:
        facts.append(words(number(count.all), "dim", 50))
    right = [words(join(number(count.running), own(" running")), "text", 70)] if count.running else []
    if count.background:
        right.append(words(join(number(count.background), own(" in the background")), "text", 80))
    return painted([(own("  "), "text"), *compose(facts, right, look.width - 4)], look.palette)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the head says beside the command."""

    behind: bool = False
    binary: bool = False
    unshown: int = 0


def head_rows(
    entry: Entry, look: Look, reader: Reader, remarks: Remarks, height: int, now_ms: int
) -> list[Strip]:
    """The rule above the output with the command in it, and below it where and when it runs."""
    sign, word, role = outcome_of(entry, look)
    right: list[Fact] = []
    if reader.query:
        at = reader.current + 1 if reader.current is not None else 0
        found = join(number(at), own(" of "), reader.found) if reader.matches else own("not found")
        right.append(words(join(own("/"), line(reader.query[:40]), own("  "), found), "text", 90))
    if remarks.behind:
        right.append(words(own("reading it"), "dim", 85))
    elif reader.following and entry.standing in ("running", "background"):
        right.append(words(own("follows"), "dim", 40))
    elif not reader.following and reader.total:
        right.append(
            words(join(own("line "), number(reader.top + 1), own(" of "), number(reader.total)), "dim", 80)
        )
    if not reader.wrap:
        right.append(words(own("cut lines"), "dim", 30))
    right.append(Fact(((join(sign, own(" "), word), role),), 70))
    kept = [text for fact in right if fact.rank >= KEPT_RANK for text, _ in fact.parts]
    taken = sum(cell_width(text) + RULED for text in kept)
    title = shorten_row(look, name_of(entry, look), max(_title_room(look), look.width - taken - 2 * RULED))
    name = Fact(tuple((text, "strong" if style == look.palette.text else "dim") for text, style in title))
    rows = [painted(ruled([name], right, look.width, look.marks.rule), look.palette)]
    if height > 1:
        rows.append(painted([(own("  "), "text"), *_details(entry, look, remarks, now_ms)], look.palette))
    return rows


def command_rows(entry: Entry, look: Look, most: int) -> list[Strip]:
    """The whole command in at most `most` rows; none where the rule above has room for as much."""
    command = bare_command(entry.body.command)[:LONGEST_SHOWN]
    if most < 2 or ("\n" not in command and part_width(name_of(entry, look)) <= _title_room(look)):
        return []
    wrapped: list[SafeText] = []
    for each in lines(command):
        wrapped += wrap_hard(each, max(1, look.width - 4))
        if len(wrapped) > most:
            more = own("the rest is out of sight; c copies all of it")
            kept = [_indented(text, "text", look) for text in wrapped[: most - 1]]
            return [*kept, _indented(more, "dim", look)]
    return [_indented(text, "text", look) for text in wrapped]


def _title_room(look: Look) -> int:
    """Cells the rule above the output has for the command."""
    return max(LEAST_NAME, look.width * 3 // 5)


def _details(entry: Entry, look: Look, remarks: Remarks, now_ms: int) -> list[Part]:
    facts: list[Fact] = []
    if remarks.binary:
        facts.append(words(own("looks like binary data"), "warn", 80))
    if remarks.unshown:
        one = own("control sequence left out")
        facts.append(words(counted(remarks.unshown, one, own("control sequences left out")), "dim", 50))
    if entry.item.output_cut:
        facts.append(words(own("its middle was not kept"), "warn", 70))
    if entry.is_mine:
        facts.append(words(own("yours, without the sandbox"), "warn", 75))
    elif entry.agent:
        facts.append(words(own("of a sub-agent"), "dim", 60))
    took, lines = entry.duration_ms(now_ms), size_of(entry)
    if took is not None and took >= SHORTEST_MS:
        facts.append(words(duration(took), "dim", 65))
    if lines:
        facts.append(words(lines, "dim", 64))
    if entry.item.started_ms is not None:
        minutes = entry.item.started_ms // 60_000 + look.utc_offset_min
        time = SafeText(f"{minutes // 60 % 24:02d}:{minutes % 60:02d}")
        lives = entry.standing in ("running", "background")
        facts.append(words(join(own("since "), time) if lives else time, "dim", 55))
    right = [words(path_in(look.root, entry.body.cwd), "dim", 20)] if entry.body.cwd else []
    return compose(facts, right, max(0, look.width - 4))


def body_row(shown: Shown, reader: Reader, look: Look) -> Strip:
    """A row of output with what was found in it marked."""
    parts = _marked(shown, reader, look) if reader.matches else shown.parts
    strip = strip_of(parts)
    return strip if reader.wrap else strip.crop(shown.hidden, shown.hidden + reader.width)


def _marked(shown: Shown, reader: Reader, look: Look) -> list[Piece]:
    """The parts of a row, those of matches set off."""
    matches = reader.matches
    at = bisect_right(matches, (shown.line, shown.start), key=lambda match: (match.line, match.end))
    ranges: list[tuple[int, int]] = []
    styles: list[Style] = []
    done = shown.start
    while at < len(matches) and matches[at].line == shown.line and matches[at].start < shown.end:
        start, end = max(matches[at].start, shown.start), min(matches[at].end, shown.end)
        ranges += [(done - shown.start, start - shown.start), (start - shown.start, end - shown.start)]
        styles += [NO_STYLE, CURRENT if at == reader.current else look.palette.selected]
        done, at = end, at + 1
    ranges.append((done - shown.start, shown.end - shown.start))
    cut_up = slice_parts(shown.parts, ranges)
    return [
        (text, old + style)
        for row, style in zip(cut_up, [*styles, NO_STYLE], strict=True)
        for text, old in row
    ]


def say_row(text: SafeText, look: Look, indent: int = 2) -> Strip:
    """A dim remark."""
    return _indented(text, "dim", look, indent)


def _indented(text: SafeText, role: Role, look: Look, indent: int = 2) -> Strip:
    return painted([(blanks(indent), "text"), (cut(text, max(0, look.width - indent)), role)], look.palette)


def placed(strip: Strip, box: Box) -> Strip:
    """A strip with exactly the width of a box."""
    return strip.adjust_cell_length(box.width)


def painted(parts: Sequence[Part], palette: Palette) -> Strip:
    """The parts in the colours of their roles."""
    return Strip([Segment(text, getattr(palette, role)) for text, role in parts if text])
