"""What becomes of each file, in words: rows of the plans of the rewind screen. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.paint.facts import counted, path_in
from codex_tui.panes.status.parts import Fact, Part, compose, words
from codex_tui.screens.rewind.facts import NARROW
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.diffs import FileDiff
    from codex_tui.paint.look import Marks
    from codex_tui.rewind import Fate
    from codex_tui.rewind.record import End

_CHANGE = own("change")
_ALREADY: dict[End | None, SafeText] = {
    None: own("  is as it was already"),
    "after": own("  went back already"),
    "before": own("  is as it was already"),
}


def fate_parts(
    fate: Fate,
    changes: Sequence[FileDiff],
    chosen: bool,
    root: str,
    marks: Marks,
    width: int,
    end: End | None = None,
) -> list[Part]:
    """What becomes of one file. `chosen`: in spite of its conflict. `end`: of a rewind of before, where
    the whole file becomes what it was then; else what fits goes back."""
    name = path_in(root, fate.path)
    conflict = fate.conflict
    if conflict is not None:
        left: list[Part] = [(join(marks.warning, own(" ")), "warn"), (name, "text")]
        if chosen:
            left.append((_in_spite(fate, end, width), "warn"))
            return compose([Fact(tuple(left))], _counts(changes, marks), width)
        stays = own("  stays") if width < NARROW else join(own("  stays: "), line(conflict.reason))
        hint = (
            [words(join(own("Space "), force_word(end)), "dim", 1)]
            if fate.can_force and width >= NARROW
            else []
        )
        return compose([Fact((*left, (stays, "warn")))], hint, width)
    blank: Part = (own("  "), "text")
    if not fate.changed:
        return compose([Fact((blank, (name, "dim"), (_ALREADY[end], "dim")))], [], width)
    left = [blank, (name, "text"), _becomes(fate, changes, root, marks, width, end)]
    return compose([Fact(tuple(left))], _counts(changes, marks), width)


def fate_note(fate: Fate, root: str, end: End | None) -> SafeText:
    """Why a file stays, or what of it, where its row has no room for that."""
    if fate.conflict is None:
        stays = own(": what was changed elsewhere since stays")
        return join(path_in(root, fate.path), stays) if fate.drift else own("")
    says = join(path_in(root, fate.path), own(": "), line(fate.conflict.reason))
    return join(says, own("; Space "), force_word(end)) if fate.can_force else says


def force_word(end: End | None) -> SafeText:
    return own("takes what fits") if end is None else own("writes over it")


def _in_spite(fate: Fate, end: End | None, width: int) -> SafeText:
    if end is not None:
        return own("  is written over") if width < NARROW else own("  is written over all the same")
    if width < NARROW:
        return own("  in part")
    stays = own(" stays" if fate.missed == 1 else " stay")
    return join(own("  what fits goes back, "), counted(fate.missed, _CHANGE), stays)


def _becomes(
    fate: Fate, changes: Sequence[FileDiff], root: str, marks: Marks, width: int, end: End | None
) -> Part:
    kinds = {change.kind for change in changes}
    if kinds == {"deleted"}:
        return own("  is deleted"), "warn"
    if kinds == {"new"}:
        return own("  comes back"), "dim"
    if kinds == {"moved"}:
        lead = join(own("  "), marks.arrow, own(" ")) if width < NARROW else own("  moves to ")
        return join(lead, path_in(root, changes[0].path)), "dim"
    if kinds == {"mode"}:
        return own("  only its rights"), "dim"
    if fate.drift and width >= NARROW:
        return own("  goes back; what was changed elsewhere since stays"), "dim"
    return own("  is put back" if end == "before" else "  goes back"), "dim"


def _counts(changes: Sequence[FileDiff], marks: Marks) -> list[Fact]:
    added, removed = sum(one.added for one in changes), sum(one.removed for one in changes)
    plus, minus = SafeText(f"+{number(added)}"), SafeText(f"{marks.minus}{number(removed)}")
    return [Fact(((plus, "good"), (own(" "), "dim"), (minus, "bad")))]
