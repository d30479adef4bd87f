"""What files become when turns are taken back: exactly what they were, or a conflict that says why."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.diffs.reversal import Conflict
from codex_tui.diffs.sources import ThreadDiffs
from codex_tui.rewind import Fate, fates_of, paths_in, undone_files, written_over
from codex_tui.session.transcript import Thread, Turn
from tests.rewind.made import Files, patch, patched, said, thread, turn, whole_diff

NUMBERED = "".join(f"line {at}\n" for at in range(1, 41))
lines = st.lists(st.sampled_from(["a", "b", "", "x\r", "long line"]), max_size=20)
texts = st.tuples(lines, st.booleans()).map(
    lambda made: "\n".join(made[0]) + ("\n" if made[0] and made[1] else "")
)
NAMES = [f"/p/{name}" for name in ("a.py", "b.py", "sub/c d.txt", "é.md")]
CHANCES = st.randoms(use_true_random=False)


@dataclass
class History:
    """A folder before each turn and at the end, and the thread that led there."""

    thread: Thread
    folders: list[Files] = field(default_factory=list[Files])


def edited(text: str, chance: random.Random) -> str:
    """Some lines of a text changed, dropped, inserted."""
    rows = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(rows))
        rows[at : at + chance.randint(0, 3)] = [chance.choice(["a", "new", "", "y"])] * chance.randint(0, 3)
    return "\n".join(rows)


def one_patch(before: Files, chance: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """The folder after one more patch, and what it moved."""
    after, moves = dict(before), dict[str, str]()
    for path in chance.sample(NAMES, chance.randint(1, 3)):
        if path in {*moves, *moves.values()}:
            continue
        deed = chance.random()
        free = [name for name in NAMES if name not in before and name not in after]
        if path not in after:
            if path not in before:
                after[path] = edited("one\ntwo\nthree", chance)
        elif deed < 0.15:
            del after[path]
        elif deed < 0.35 and free:
            moves[path] = new = chance.choice(free)
            after[new] = edited(after.pop(path), chance)
        else:
            after[path] = edited(after[path], chance)
    return after, moves


def history(
    first: Files,
    turns: int,
    chance: random.Random,
    whole: bool,
    between: Callable[[Files, int], Files] = lambda folder, _: folder,
) -> History:
    """`turns` turns of one to three patches each. `whole`: turns have their diffs, as while they are live.
    `between`: what becomes of the folder before a turn, without anybody recording it."""
    folder: Files = dict(first)
    folders, made = [first], list[Turn]()
    for number in range(turns):
        folder = between(folder, number)
        items = [said(f"prompt {number}")]
        before = folder
        for at in range(chance.randint(1, 3)):
            after, moves = one_patch(folder, chance)
            items.append(patched(patch(folder, after, moves), f"p{at}"))
            folder = after
        made.append(turn(f"u{number}", *items, diff=whole_diff(before, folder) if whole else ""))
        folders.append(folder)
    return History(thread(*made), folders)


def taken_back(known: Thread, turn_id: str, now: Files) -> tuple[Fate, ...]:
    diffs = ThreadDiffs()
    files = undone_files(known, turn_id, diffs)
    texts = {path: now.get(path) for path in paths_in(files)}
    return fates_of(files, texts, written_over(known, turn_id, diffs))


def folder_after(now: Files, fates: tuple[Fate, ...], force: bool = False) -> dict[str, str]:
    """The folder when all that has no conflict is written; with `force` all."""
    out: dict[str, str | None] = dict(now)
    for fate in fates:
        if fate.conflict is None or force:
            out.update(fate.then)
    return {path: text for path, text in out.items() if text is not None}


@given(st.dictionaries(st.sampled_from(NAMES), texts, max_size=3), st.integers(1, 5), CHANCES, st.booleans())
@settings(max_examples=60)
def test_of_n_turns_k_are_rewound_and_the_folder_is_as_before(
    first: Mapping[str, str], turns: int, chance: random.Random, whole: bool
) -> None:
    made = history(first, turns, chance, whole)
    at = chance.randrange(turns)
    fates = taken_back(made.thread, f"u{at}", made.folders[-1])
    assert [fate.conflict for fate in fates if fate.conflict] == []
    assert folder_after(made.folders[-1], fates) == made.folders[at]


@given(st.integers(1, 4), CHANCES, st.sampled_from(NAMES), texts)
@settings(max_examples=25)
def test_a_file_that_somebody_changed_meanwhile_hinders_no_other(
    turns: int, chance: random.Random, whose: str, theirs: str
) -> None:
    made = history({NAMES[0]: NUMBERED, NAMES[1]: "x\n"}, turns, chance, whole=False)
    now = {**made.folders[-1], whose: theirs}
    fates = taken_back(made.thread, "u0", now)
    after = folder_after(now, fates)
    for fate in fates:
        if whose in fate.now:
            continue
        assert fate.conflict is None
        assert all(after.get(path) == made.folders[0].get(path) for path in fate.then)
    for path, text in now.items():
        if all(path not in fate.now for fate in fates):
            assert after[path] == text


def somebody(chance: random.Random) -> Callable[[Files, int], Files]:
    """Puts a line of theirs into a file now and then."""

    def writes(folder: Files, number: int) -> Files:
        if not folder or chance.random() < 0.4:
            return folder
        path = chance.choice(sorted(folder))
        rows = folder[path].split("\n")
        rows.insert(chance.randint(0, len(rows)), f"theirs {number}")
        return {**folder, path: "\n".join(rows)}

    return writes


def theirs(folder: Files) -> set[str]:
    return {row for text in folder.values() for row in text.split("\n") if row.startswith("theirs ")}


@given(st.integers(1, 5), CHANCES, st.booleans())
@settings(max_examples=60)
def test_of_what_somebody_wrote_in_between_no_line_is_lost_unless_that_is_chosen(
    turns: int, chance: random.Random, whole: bool
) -> None:
    writes = somebody(chance)
    made = history({NAMES[0]: NUMBERED, NAMES[1]: "x\ny\n"}, turns, chance, whole, writes)
    now = writes(made.folders[-1], turns)
    fates = taken_back(made.thread, f"u{chance.randrange(turns)}", now)
    after = folder_after(now, fates)
    assert theirs(after) >= theirs(now)
    for fate in fates:
        if fate.conflict is not None:
            assert all(after.get(path) == now.get(path) for path in fate.now), "left alone"


def test_a_moved_file_that_somebody_wrote_into_before_is_not_lost_with_its_name() -> None:
    old, new = {"/p/f": "a\ntheirs\n"}, {"/p/g": "a\ntheirs\n"}
    made = turn(
        "u0", said("make f"), patched(patch({}, {"/p/f": "a\n"}), "p"), diff=whole_diff({}, {"/p/f": "a\n"})
    )
    changes = patch(old, new, {"/p/f": "/p/g"})
    # What the turn came to calls it deleted and new; its patch knows better.
    moved = turn("u1", said("move f"), patched(changes, "p"), diff=whole_diff(old, new))
    fate = only(taken_back(thread(made, moved), "u0", new))
    assert reason(fate) == "the new file was changed since"
    assert set(fate.now) == {"/p/f", "/p/g"}


def one_turn(before: Files, after: Files) -> Thread:
    return thread(turn("u0", said("go"), patched(patch(before, after), "p")))


def only(fates: tuple[Fate, ...]) -> Fate:
    (fate,) = fates
    return fate


def reason(fate: Fate) -> str:
    assert fate.conflict is not None
    return fate.conflict.reason


TWO = {"/p/f": NUMBERED}
DONE = {"/p/f": NUMBERED.replace("line 5\n", "FIVE\n").replace("line 30\n", "THIRTY\n")}


def test_lines_that_somebody_added_elsewhere_stay() -> None:
    now = {"/p/f": "theirs\n" + DONE["/p/f"]}
    fate = only(taken_back(one_turn(TWO, DONE), "u0", now))
    assert (fate.conflict, fate.drift) == (None, 1)
    assert fate.then == {"/p/f": "theirs\n" + NUMBERED}


def test_a_changed_place_is_a_conflict_and_when_it_is_chosen_the_rest_goes_back() -> None:
    now = {"/p/f": DONE["/p/f"].replace("FIVE", "six")}
    fate = only(taken_back(one_turn(TWO, DONE), "u0", now))
    assert reason(fate) == "the file was changed there since"
    assert (fate.missed, fate.can_force) == (1, True)
    assert fate.then == {"/p/f": NUMBERED.replace("line 5\n", "six\n")}


def test_what_somebody_took_back_already_is_passed_over() -> None:
    half = {"/p/f": NUMBERED.replace("line 5\n", "FIVE\n")}
    fate = only(taken_back(one_turn(TWO, DONE), "u0", half))
    assert (fate.conflict, fate.then) == (None, TWO)
    assert only(taken_back(one_turn(TWO, DONE), "u0", TWO)).changed == ()
    assert only(taken_back(one_turn({}, DONE), "u0", {})).changed == ()
    assert only(taken_back(one_turn(TWO, {}), "u0", TWO)).changed == ()


def test_a_new_file_that_was_changed_since_goes_only_when_chosen() -> None:
    fate = only(taken_back(one_turn({}, DONE), "u0", {"/p/f": "theirs\n"}))
    assert reason(fate) == "the new file was changed since"
    assert fate.can_force
    assert fate.then == {"/p/f": None}


def test_a_deleted_file_that_is_there_again_is_written_over_only_when_chosen() -> None:
    fate = only(taken_back(one_turn(TWO, {}), "u0", {"/p/f": "theirs\n"}))
    assert reason(fate) == "there is a file of this name again"
    assert fate.then == TWO


def test_a_file_that_is_gone_cannot_be_forced() -> None:
    fate = only(taken_back(one_turn(TWO, DONE), "u0", {}))
    assert reason(fate) == "the file is not there any more"
    assert not fate.can_force


def test_a_file_that_cannot_be_read_says_why_and_stays() -> None:
    known = one_turn(TWO, DONE)
    files = undone_files(known, "u0", ThreadDiffs())
    fate = only(fates_of(files, {"/p/f": Conflict("/p/f", "it is a symbolic link")}))
    assert reason(fate) == "it is a symbolic link"
    assert fate.changed == ()


def test_a_file_written_over_is_not_deleted_unless_chosen() -> None:
    over = patched([{"path": "/p/f", "kind": {"type": "add"}, "diff": "over\n"}], "p")
    first = turn("u0", said("go"), patched(patch({}, TWO), "p"))
    resumed = thread(first, turn("u1", said("again"), over))
    fate = only(taken_back(resumed, "u1", {"/p/f": "over\n"}))
    assert reason(fate) == "it was written over a file whose text nobody recorded"
    assert only(taken_back(resumed, "u0", {"/p/f": "over\n"})).then == {"/p/f": None}
    live = thread(first, turn("u1", said("again"), over, diff=whole_diff(TWO, {"/p/f": "over\n"})))
    fate = only(taken_back(live, "u1", {"/p/f": "over\n"}))
    assert (fate.conflict, fate.then) == (None, TWO)


def test_a_moved_file_goes_back_and_both_its_paths_are_one_fate() -> None:
    moved = thread(turn("u0", said("go"), patched(patch(TWO, {"/p/g": NUMBERED}, {"/p/f": "/p/g"}), "p")))
    fate = only(taken_back(moved, "u0", {"/p/g": NUMBERED}))
    assert (fate.path, fate.then) == ("/p/g", {"/p/f": NUMBERED, "/p/g": None})
    again = only(taken_back(moved, "u0", {"/p/g": NUMBERED, "/p/f": "theirs\n"}))
    assert reason(again) == "there is a file again where this one was moved from"
    assert only(taken_back(moved, "u0", TWO)).changed == ()


def test_rights_go_back_with_the_text() -> None:
    diff = "diff --git a/f b/f\nold mode 100644\nnew mode 100755\n"
    known = thread(turn("u0", said("go"), diff=diff), cwd="/p")
    fate = only(taken_back(known, "u0", {"/p/f": "x\n"}))
    assert (fate.changed, fate.modes) == (("/p/f",), {"/p/f": "100644"})
