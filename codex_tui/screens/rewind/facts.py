"""What the lines of the rewind screen say. Pure: parts of safe text for a width."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codex_tui.paint.facts import counted, path_in
from codex_tui.panes.status.parts import ALWAYS, APART, Fact, Part, compose, words
from codex_tui.screens.history.facts import age
from codex_tui.text import SafeText, cell_width, join, line, number, own, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.diffs.reversal import Conflict
    from codex_tui.paint.look import Marks
    from codex_tui.rewind import Fate, Point, Unknown
    from codex_tui.rewind.record import End, Record, What

WHATS: tuple[What, ...] = ("both", "files", "talk")
_WHATS = (own("conversation and files"), own("files only"), own("conversation only"))
_SHORT = (own("both"), own("files"), own("conversation"))
WAYS: tuple[End | None, ...] = ("after", "before", None)
"""What can become of a rewind that was cut off: finish it, put the files back, leave all as it is."""
_WAYS = (own("finish it"), own("put the files back"), own("leave it"))
_SHORT_WAYS = (own("finish"), own("put back"), own("leave"))
NARROW = 60
"""Columns below which the choices have short names."""
SHOWN = 400
"""Characters of the chosen prompt that are shown below the list."""
QUOTED = 48
"""Cells of a prompt that is quoted within a line."""

_FILE, _TURN = own("file"), own("turn")


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
    try:
        home = Path.home()
    except RuntimeError:  # neither HOME nor an entry among the users
        return line(str(path))
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


def list_head(points: int, width: int, lacks: bool, is_all: bool) -> list[Part]:
    """`lacks`: there are older turns; `is_all`: they are not coming any more."""
    left = [words(own("Go back to before which prompt?"), "strong")]
    right = [words(counted(points, own("prompt")), "dim", 1)]
    if lacks and is_all:
        right.append(words(own("older ones did not come"), "warn", 2))
    elif lacks:
        right.append(words(own("older ones are coming"), "dim", 2))
    return compose(left, right, width)


def plan_head(point: Point, now: float, width: int) -> list[Part]:
    """Which prompt it is about, and what goes with it."""
    facts = [words(counted(point.turns, _TURN), "dim", 2)]
    if point.at_ms is not None:
        facts.append(words(join(age(now - point.at_ms / 1000), own(" ago")), "dim", 1))
    lead = own("Back to before  ") if width >= NARROW else own("Before  ")
    return compose([Fact(((lead, "dim"), (quoted(point), "strong")))], facts, width)


def record_head(lead: SafeText, short: SafeText, record: Record, now: float, width: int) -> list[Part]:
    """Which rewind of before it is about."""
    facts = [words(join(age(now - record.at), own(" ago")), "dim", 1)]
    said = shorten(line(" ".join(record.prompt.split())) or own("(images only)"), QUOTED)
    return compose([Fact(((lead if width >= NARROW else short, "dim"), (said, "strong")))], facts, width)


def whats(width: int) -> Sequence[SafeText]:
    return _WHATS if width >= NARROW else _SHORT


def ways(width: int) -> Sequence[SafeText]:
    return _WAYS if width >= NARROW else _SHORT_WAYS


def choice_parts(names: Sequence[SafeText], at: int, marks: Marks, width: int) -> list[Part]:
    """What can be chosen between, the chosen one loud."""
    row: list[Part] = []
    for one, name in enumerate(names):
        named: Part = (name, "strong") if one == at else (name, "dim")
        lead: Part = (join(marks.folded if one == at else own(" "), own(" ")), "accent")
        gap: Part = (own("   "), "dim")
        row += [lead, named, gap]
    return compose([Fact(tuple(row))], [], width)


def which_parts(at: int, count: int, width: int) -> list[Part]:
    """Which of several rewinds, the newest first."""
    if count < 2:
        return []
    says = join(own("rewind "), number(at + 1), own(" of "), number(count), own(", newest first"))
    return compose([words(says, "dim")], [words(own("Tab shows the one before"), "dim", 1)], width)


def summary(fates: Sequence[Fate], what: What, turns: int) -> SafeText:
    """What goes back, in a few words: `2 turns and 3 files`."""
    parts: list[SafeText] = []
    if what != "files":
        parts.append(counted(turns, _TURN))
    if what != "talk" and (fates or what == "files"):
        parts.append(counted(len(fates), _FILE))
    return join(*parts, by=own(" and "))


Note = tuple[SafeText, bool]
"""A line below the list; with True it is a warning."""


def notes(unknown: Unknown, what: What, copies: Sequence[Note]) -> list[Note]:
    """What to know before: what is not known, where copies go."""
    found: list[Note] = []
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
    else:
        found += copies
    if what != "files":
        found.append((own("The prompt returns to the composer, to be written anew."), False))
    return found


def copies_kept(place: SafeText) -> list[Note]:
    """Where what is written over is kept."""
    return [(join(own("Copies go first to "), place), False)]


def cut_talk(goes: bool, record: Record) -> SafeText:
    """What finishing a rewind does to the conversation."""
    if goes:
        turns = counted(record.turns, _TURN)
        return join(
            own("The conversation did not go back yet: "), turns, own(" will, and its prompt returns.")
        )
    if record.what == "files":
        return own("The conversation was to stay, and stays.")
    return own("The conversation stays as it is now.")


def undo_hint(record: Record, now: float, width: int) -> SafeText:
    """What can be put back."""
    files = counted(record.count, _FILE)
    ago = join(age(now - record.at), own(" ago"))
    if width < NARROW:
        return join(own("U: put back "), files, own(", "), ago)
    return join(own("U puts back "), files, own(" that went back "), ago, own(": shows them first."))


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
        says.append(own("U: try once more, or put the files back."))
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


Asked = tuple[SafeText, SafeText, SafeText]
"""A question, the same in few words, and what yes does."""


def asked(question: Asked, width: int) -> list[Part]:
    """A question in the last row."""
    says, short, yes = question
    room = max(10, width - cell_width(yes) - 8)
    says = says if cell_width(says) <= room else short
    return compose(
        [
            Fact(((shorten(says, room), "warn"), (own("  "), "text"))),
            Fact(((own("y"), "strong"), (own(" "), "text"), (yes, "dim"))),
            words(own("any other key: no"), "dim", 1),
        ],
        [],
        width,
    )


def put_back(files: int, left: int) -> SafeText:
    says = join(counted(files, _FILE), own(" put back; the conversation stays as it is"))
    return join(says, own("; left alone: "), counted(left, _FILE)) if left else says


def put_back_asked(files: int) -> Asked:
    what = counted(files, _FILE)
    says = join(own("Put back "), what, own(" as before the rewind?"))
    return says, join(what, own("?")), own("put back")


Key = tuple[SafeText, SafeText]
"""A key, and what it does."""

_KEYS: dict[str, tuple[Key, ...]] = {
    "prompts": ((own("Enter"), own("see what that means")), (own("Esc"), own("stay"))),
    "diff": ((own("Esc"), own("to the list")), (own("↑↓"), own("scroll"))),
    "report": ((own("Esc"), own("close")),),
}


def keys_of(page: str, undo: bool) -> list[Key]:
    """What the keys do on a page, the most wanted first."""
    keys = list(_KEYS[page])
    if page in ("prompts", "report") and undo:
        keys.append((own("U"), own("put files back")))
    return keys


def plan_keys(does: SafeText, turns: SafeText, force: SafeText, has_diff: bool) -> list[Key]:
    """What the keys do with a plan. `turns` and `force` are empty where there is nothing of that kind."""
    keys: list[Key] = [(own("r"), does), (own("Esc"), own("no"))]
    if force:
        keys.append((own("Space"), force))
    if turns:
        keys.append((own("Tab"), turns))
    if has_diff:
        keys.append((own("Enter"), own("its diff")))
    return keys
