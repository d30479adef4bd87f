"""What the lines of the rewind screen say. Pure: parts of safe text for a width."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from codex_tui.paint.facts import counted, path_in
from codex_tui.panes.status.parts import ALWAYS, APART, Fact, Part, compose, words
from codex_tui.screens.history.facts import age
from codex_tui.text import SafeText, cell_width, join, line, number, own, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.diffs import FileDiff
    from codex_tui.diffs.reversal import Conflict
    from codex_tui.paint.look import Marks
    from codex_tui.rewind import Fate, Point, Unknown

What = Literal["both", "files", "talk"]
"""What goes back: conversation and files, files only, conversation only."""

WHATS: tuple[tuple[What, SafeText], ...] = (
    ("both", own("conversation and files")),
    ("files", own("files only")),
    ("talk", own("conversation only")),
)
SHORT: dict[What, SafeText] = {"both": own("both"), "files": own("files"), "talk": own("conversation")}
NARROW = 60
"""Columns below which the choices have short names."""
SHOWN = 400
"""Characters of the chosen prompt that are shown below the list."""
QUOTED = 48
"""Cells of a prompt that is quoted within a line."""

_FILE, _TURN, _CHANGE = own("file"), own("turn"), own("change")


def point_parts(point: Point, now: float, width: int) -> list[Part]:
    """One prompt: its first words, what was changed since, how long ago."""
    facts: list[Fact] = []
    if point.steered:
        facts.append(words(SafeText(f"+{number(point.steered)} while it ran"), "dim", 1))
    if point.files:
        facts.append(words(join(counted(point.files, _FILE), own(" since")), "dim", 2))
    if point.at_ms is not None:
        text = age(now - point.at_ms / 1000)
        facts.append(words(SafeText(text.rjust(6)), "dim", 3))
    said = line(" ".join(point.text.split())) or own("(images only)")
    return compose([Fact(((said, "text"),), ALWAYS)], facts, width)


def place_of(path: Path) -> SafeText:
    """A folder, with the person's own as `~`."""
    home = Path.home()
    return (
        join(own("~/"), line(str(path.relative_to(home)))) if path.is_relative_to(home) else line(str(path))
    )


def whole_prompt(text: str) -> SafeText:
    """The prompt on a few rows; line breaks become blanks."""
    said = line(" ".join(text[: 4 * SHOWN].split()))
    return said if len(said) <= SHOWN else SafeText(said[: SHOWN - 2] + own(" …"))


def quoted(point: Point) -> SafeText:
    """The prompt's first words."""
    return shorten(line(" ".join(point.text.split())) or own("(images only)"), QUOTED)


def list_head(points: int, width: int) -> list[Part]:
    left = [words(own("Go back to before which prompt?"), "strong")]
    return compose(left, [words(counted(points, own("prompt")), "dim", 1)], width)


def plan_head(point: Point, now: float, width: int) -> list[Part]:
    """Which prompt it is about, and what goes with it."""
    facts = [words(counted(point.turns, _TURN), "dim", 2)]
    if point.at_ms is not None:
        facts.append(words(join(age(now - point.at_ms / 1000), own(" ago")), "dim", 1))
    lead = own("Back to before  ") if width >= NARROW else own("Before  ")
    return compose([Fact(((lead, "dim"), (quoted(point), "strong")))], facts, width)


def choice_parts(what: What, marks: Marks, width: int) -> list[Part]:
    """What can go back, the chosen one loud."""
    row: list[Part] = []
    for name, long in WHATS:
        text = long if width >= NARROW else SHORT[name]
        named: Part = (text, "strong") if name == what else (text, "dim")
        lead: Part = (join(marks.folded if name == what else own(" "), own(" ")), "accent")
        gap: Part = (own("   "), "dim")
        row += [lead, named, gap]
    return compose([Fact(tuple(row))], [], width)


def fate_parts(
    fate: Fate, changes: Sequence[FileDiff], chosen: bool, root: str, marks: Marks, width: int
) -> list[Part]:
    """What becomes of one file. `chosen`: what still fits goes back in spite of its conflict."""
    name = path_in(root, fate.path)
    conflict = fate.conflict
    if conflict is not None:
        left: list[Part] = [(join(marks.warning, own(" ")), "warn"), (name, "text")]
        if chosen:
            left.append((own("  what fits goes back, "), "warn"))
            left.append(
                (join(counted(fate.missed, _CHANGE), own(" stays" if fate.missed == 1 else " stay")), "warn")
            )
            return compose([Fact(tuple(left))], _counts(changes, marks), width)
        left.append((join(own("  stays: "), line(conflict.reason)), "warn"))
        hint = [words(own("Space takes what fits"), "dim", 1)] if fate.can_force else []
        return compose([Fact(tuple(left))], hint, width)
    blank: Part = (own("  "), "text")
    if not fate.changed:
        return compose([Fact((blank, (name, "dim"), (own("  is as it was already"), "dim")))], [], width)
    left = [blank, (name, "text")]
    kinds = {change.kind for change in changes}
    if kinds == {"deleted"}:
        left.append((own("  is deleted"), "warn"))
    elif kinds == {"new"}:
        left.append((own("  comes back"), "dim"))
    elif kinds == {"moved"}:
        left.append((join(own("  "), marks.arrow, own(" "), path_in(root, changes[0].path)), "dim"))
    elif kinds == {"mode"}:
        left.append((own("  only its rights"), "dim"))
    if fate.drift:
        left.append((own("  changed elsewhere since: that stays"), "dim"))
    return compose([Fact(tuple(left))], _counts(changes, marks), width)


def _counts(changes: Sequence[FileDiff], marks: Marks) -> list[Fact]:
    added, removed = sum(one.added for one in changes), sum(one.removed for one in changes)
    plus, minus = SafeText(f"+{number(added)}"), SafeText(f"{marks.minus}{number(removed)}")
    return [Fact(((plus, "good"), (own(" "), "dim"), (minus, "bad")))]


def summary(fates: Sequence[Fate], what: What, point: Point) -> SafeText:
    """What goes back, in a few words: `2 turns and 3 files`."""
    parts: list[SafeText] = []
    if what != "files":
        parts.append(counted(point.turns, _TURN))
    if what != "talk":
        parts.append(counted(len(fates), _FILE))
    return join(*parts, by=own(" and "))


def notes(unknown: Unknown, what: What, copies: SafeText | None) -> list[tuple[SafeText, bool]]:
    """What to know before: what is not known, where copies go. With True it is a warning."""
    found: list[tuple[SafeText, bool]] = []
    if unknown and what != "talk":
        parts = [
            counted(count, one, many)
            for count, one, many in (
                (unknown.commands, own("command"), None),
                (unknown.tools, own("tool call"), None),
                (unknown.agents, own("sub-agent"), None),
                (unknown.patches, own("failed patch"), own("failed patches")),
            )
            if count
        ]
        found.append(
            (
                join(
                    join(*parts, by=own(", ")),
                    own(" may have changed more files: not recorded, they stay."),
                ),
                True,
            )
        )
    if what == "talk":
        found.append((own("Files stay as they are."), False))
    elif copies is not None:
        found.append((join(own("Copies go first to "), copies), False))
    if what != "files":
        found.append((own("The prompt returns to the composer, to be written anew."), False))
    return found


def failure(conflict: Conflict, left: Sequence[str], root: str, talk: bool) -> list[SafeText]:
    """Why the files did not go back, and how all things stand now."""
    where = path_in(root, conflict.path) if conflict.path else own("files")
    says = [join(own("Not gone back: "), where, own(": "), line(conflict.reason))]
    if left:
        names = join(*(path_in(root, path) for path in left), by=own(", "))
        says.append(join(own("Could not be put back and are as before the prompt now: "), names))
        says.append(own("All other files are as they were."))
    else:
        says.append(own("No file was changed."))
    if talk:
        says.append(own("The conversation was not touched."))
    return says


def half_way(files: int, copies: SafeText | None, reason: SafeText) -> list[SafeText]:
    """The files went back and the conversation did not."""
    says = [join(own("The conversation did not go back: "), reason)]
    if files:
        says.append(join(counted(files, _FILE), own(" went back."), *_copies(copies)))
        says.append(own("U undoes that: the files are then as they were a moment ago."))
    else:
        says.append(own("No file was changed."))
    return says


def _copies(copies: SafeText | None) -> list[SafeText]:
    return [join(own(" What they held: "), copies)] if copies is not None else []


def keys_row(keys: Sequence[tuple[SafeText, SafeText]], width: int) -> list[Part]:
    """Keys and what they do; the last go first when it is narrow."""
    facts: list[Fact] = []
    for rank, (key, what) in enumerate(keys):
        facts.append(Fact(((key, "strong"), (own(" "), "text"), (what, "dim")), len(keys) - rank, APART))
    return compose(facts, [], width)


def asked(says: SafeText, yes: SafeText, width: int) -> list[Part]:
    """A question in the last row."""
    room = max(10, width - cell_width(yes) - 8)
    return compose(
        [
            Fact(((shorten(says, room), "warn"), (own("  "), "text"))),
            Fact(((own("y"), "strong"), (own(" "), "text"), (yes, "dim"))),
            words(own("any other key: no"), "dim", 1),
        ],
        [],
        width,
    )


def put_back(files: int) -> SafeText:
    return join(counted(files, _FILE), own(" put back; the conversation stays as it is"))


def put_back_asked(files: int) -> SafeText:
    return join(own("Put back "), counted(files, _FILE), own(" as before the last rewind?"))


_KEYS: dict[str, tuple[tuple[SafeText, SafeText], ...]] = {
    "prompts": ((own("Enter"), own("see what that means")), (own("Esc"), own("stay"))),
    "plan": (
        (own("r"), own("go back")),
        (own("Esc"), own("no")),
        (own("Tab"), own("what goes back")),
        (own("Enter"), own("its diff")),
    ),
    "diff": ((own("Esc"), own("to the list")), (own("↑↓"), own("scroll"))),
    "report": ((own("Esc"), own("close")),),
}


def keys_of(page: str, undo: bool, force: bool) -> list[tuple[SafeText, SafeText]]:
    """What the keys do on a page, the most wanted first."""
    keys = list(_KEYS[page])
    if page == "plan" and force:
        keys.insert(2, (own("Space"), own("take what fits")))
    if page in ("prompts", "report") and undo:
        keys.append((own("U"), own("put files back")))
    return keys
