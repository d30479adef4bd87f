"""Changes taken back: what the files would hold, and when nobody can say."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codex_tui.diffs import FileDiff, Hunk, file_diff, read_hunks
from codex_tui.diffs.reversal import (
    MAX_DRIFT,
    Conflict,
    Plan,
    Write,
    paths_of,
    plan_file,
    plan_hunk,
    take_back,
)
from tests.diffs.made import applied, change_of, hunks_between

lines = st.lists(st.sampled_from(["a", "b", "", "x\r", "long line"]), max_size=30)
contents = st.tuples(lines, st.booleans()).map(
    lambda made: "\n".join(made[0]) + ("\n" if made[0] and made[1] else "")
)
context = st.integers(1, 3)

NUMBERED = "".join(f"line {at}\n" for at in range(1, 41))


def planned(file: FileDiff, text: str | None, *reverted: int, hunk: int | None = None) -> str | None:
    """What the file at its path is to hold; fails on a conflict."""
    texts = {file.path: text}
    plan = plan_file(file, texts, reverted) if hunk is None else plan_hunk(file, hunk, texts, reverted)
    assert isinstance(plan, Plan), plan
    (write,) = plan.writes
    assert write.path == file.path
    return write.text


def reason(found: Plan | Conflict) -> str:
    assert isinstance(found, Conflict), found
    return found.reason


@given(contents, contents, context, st.randoms(use_true_random=False))
def test_hunks_taken_back_in_any_order_leave_the_text_of_before(
    old: str, new: str, around: int, chance: random.Random
) -> None:
    hunks = hunks_between(old, new, around)
    assert applied(old, hunks) == new
    file = file_diff("/p/f", "changed", hunks)
    order = list(range(len(hunks)))
    chance.shuffle(order)
    text: str | None = new
    done: list[int] = []
    for index in order:
        text = planned(file, text, *done, hunk=index)
        done.append(index)
    assert text == old


@given(st.lists(contents, min_size=1, max_size=6), context)
def test_patches_taken_back_from_the_newest_on_leave_the_text_of_before(
    texts: list[str], around: int
) -> None:
    files = [change_of(old, new, context=around) for old, new in pairwise(texts)]
    text: str | None = texts[-1]
    for file in reversed(files):
        text = planned(file, text)
    assert text == texts[0]


@given(st.integers(1, 5), context, st.randoms(use_true_random=False))
def test_hunks_of_several_patches_can_be_taken_back_in_any_order_that_is_not_refused(
    count: int, around: int, chance: random.Random
) -> None:
    texts = [NUMBERED]
    for at in range(count):
        texts.append(edited(texts[-1], f"patch {at}", chance))
    files = [change_of(old, new, context=around) for old, new in pairwise(texts)]
    left = [(file, at) for file in files for at in range(len(file.hunks))]
    gone: dict[int, list[int]] = {}
    text = texts[-1]
    while left:
        before = len(left)
        for file, at in chance.sample(left, before):
            plan = plan_hunk(file, at, {file.path: text}, gone.get(id(file), ()))
            if isinstance(plan, Conflict):
                continue
            (write,) = plan.writes
            assert write.text is not None
            text = write.text
            gone.setdefault(id(file), []).append(at)
            left.remove((file, at))
        # One in a thousand: hunks that became one know more of each other than the other way round.
        assume(len(left) < before)
    assert text == NUMBERED


def edited(text: str, name: str, chance: random.Random) -> str:
    """Some lines changed, removed and added, all unlike any other line, and none near either end: there
    a patch has fewer lines around it, and one below another can hold what that one needs."""
    lines = text.splitlines(keepends=True)
    for at in range(chance.randint(1, 4)):
        where = chance.randint(3, len(lines) - 3)
        lines[where : min(where + chance.randint(0, 2), len(lines) - 3)] = [
            f"{name}.{at}.{n}\n" for n in range(chance.randint(0, 3))
        ]
    return "".join(lines)


@given(contents, contents, context)
def test_a_file_taken_back_is_the_text_of_before(old: str, new: str, around: int) -> None:
    assert planned(change_of(old, new, context=around), new) == old


@given(contents, contents, st.sets(st.integers(0, 5)))
def test_a_file_of_which_hunks_were_taken_back_is_taken_back_whole(
    old: str, new: str, some: set[int]
) -> None:
    file = change_of(old, new, context=1)
    done = [at for at in sorted(some) if at < len(file.hunks)]
    text: str | None = new
    for count, at in enumerate(done):
        text = planned(file, text, *done[:count], hunk=at)
    assert planned(file, text, *done) == old


@given(contents, contents)
def test_a_new_file_goes_and_a_deleted_one_comes_back(old: str, new: str) -> None:
    assert planned(change_of(None, new), new) is None
    assert planned(change_of(old, None), None) == old


@given(contents, contents, contents)
def test_whatever_the_file_holds_now_nothing_raises_and_a_plan_can_be_undone(
    old: str, new: str, now: str
) -> None:
    file = change_of(old, new, context=1)
    plan = plan_file(file, {file.path: now})
    if isinstance(plan, Plan):
        (write,) = plan.writes
        assert write.text is not None
        assert (write.text == now) <= (not file.hunks)


def test_lines_inserted_above_move_the_place() -> None:
    new = NUMBERED.replace("line 20\n", "LINE\n")
    file = change_of(NUMBERED, new)
    now = "first\n" * 5 + new
    plan = plan_hunk(file, 0, {file.path: now})
    assert isinstance(plan, Plan)
    assert plan == Plan((Write(file.path, "first\n" * 5 + NUMBERED),), drift=5)
    assert take_back(new.replace("line 1\n", ""), file.hunks[0]) == (NUMBERED.replace("line 1\n", ""), -1)


def test_lines_that_changed_since_are_a_conflict_and_other_hunks_are_not() -> None:
    new = NUMBERED.replace("line 5\n", "FIVE\n").replace("line 30\n", "THIRTY\n")
    file = change_of(NUMBERED, new)
    now = new.replace("FIVE\n", "five!\n")
    conflict = plan_hunk(file, 0, {file.path: now})
    assert conflict == Conflict(file.path, "the file was changed there since", 2)
    assert planned(file, now, hunk=1) == now.replace("THIRTY", "line 30")
    assert reason(plan_file(file, {file.path: now})) == "the file was changed there since"


def test_a_changed_neighbour_is_a_conflict() -> None:
    new = NUMBERED.replace("line 5\n", "FIVE\n")
    file = change_of(NUMBERED, new)
    now = new.replace("line 6\n", "six\n")
    assert reason(plan_file(file, {file.path: now})) == "the file was changed there since"


def test_two_places_that_fit_are_a_conflict_unless_one_is_the_recorded_one() -> None:
    block = "{\nold\n}\n"
    (hunk,) = hunks_between(block, block.replace("old", "new"))
    twice = "top\n" + block.replace("old", "new") * 2
    assert take_back(twice, hunk) == "it fits in more than one place"
    there = block.replace("old", "new") * 2
    assert take_back(there, hunk) == (block + block.replace("old", "new"), 0)


def test_the_same_lines_far_away_are_others() -> None:
    (hunk,) = hunks_between("a\nb\nc\n", "a\nB\nc\n")
    far = "x\n" * (MAX_DRIFT + 1) + "a\nB\nc\n"
    assert take_back(far, hunk) == "the file was changed there since"
    assert isinstance(take_back(far[2:], hunk), tuple)


def test_a_part_of_a_line_is_no_line() -> None:
    (hunk,) = hunks_between("b\n", "B\n")
    assert take_back("xB\n", hunk) == "the file was changed there since"
    (at_end,) = hunks_between("b", "B")
    assert take_back("x\nBB", at_end) == "the file was changed there since"


@pytest.mark.parametrize("ends", [("\r\n", "\n"), ("\n", "\r\n")])
def test_line_endings_that_all_became_others_are_kept(ends: tuple[str, str]) -> None:
    now, then = ends
    old, new = "a\nb\nc\n", "a\nB\nc\n"
    (hunk,) = hunks_between(old.replace("\n", then), new.replace("\n", then))
    assert take_back(new.replace("\n", now), hunk) == (old.replace("\n", now), 0)


def test_mixed_line_endings_are_taken_as_they_are() -> None:
    old, new = "a\r\nb\nc\r\n", "a\r\nB\nc\r\n"
    (hunk,) = hunks_between(old, new)
    assert take_back(new, hunk) == (old, 0)
    assert take_back("a\nB\nc\r\n", hunk) == "the file was changed there since"


def test_a_missing_newline_at_the_end_comes_back_but_never_joins_lines() -> None:
    (hunk,) = hunks_between("a\nb", "a\nB\n")
    assert take_back("a\nB\n", hunk) == ("a\nb", 0)
    assert take_back("a\nB\nmore\n", hunk) == ("a\nb\nmore\n", 0)
    (ended,) = hunks_between("a", "a\n")
    assert take_back("a\nmore", ended) == "nothing of it is left to take back"


def test_an_emptied_file_is_filled_again_only_while_it_is_empty() -> None:
    file = change_of("a\nb\n", "")
    assert planned(file, "") == "a\nb\n"
    assert "nothing stands around it" in reason(plan_file(file, {file.path: "x\n"}))


def test_a_new_file_that_was_changed_since_stays() -> None:
    file = change_of(None, "a\n")
    assert reason(plan_file(file, {file.path: "a\nb\n"})) == "the new file was changed since"
    assert reason(plan_hunk(file, 0, {file.path: None})) == "the file is not there any more"


def test_a_deleted_file_that_is_there_again_stays() -> None:
    file = change_of("a\n", None)
    assert reason(plan_file(file, {file.path: ""})) == "there is a file of this name again"


def test_a_moved_file_goes_back_where_it_was() -> None:
    hunks = hunks_between("a\n", "b\n")
    file = file_diff("/p/new", "moved", hunks, old_path="/p/old")
    assert paths_of(file) == ("/p/new", "/p/old")
    plan = plan_file(file, {"/p/new": "b\n", "/p/old": None})
    assert plan == Plan((Write("/p/old", "a\n"), Write("/p/new", None)))
    hunk = plan_hunk(file, 0, {"/p/new": "b\n", "/p/old": None})
    assert hunk == Plan((Write("/p/new", "a\n"),)), "a hunk alone moves nothing"
    again = plan_file(file, {"/p/new": "b\n", "/p/old": "x"})
    assert again == Conflict("/p/old", "there is a file again where this one was moved from")


def test_rights_come_back_with_the_whole_file() -> None:
    file = file_diff("/p/run", "mode", (), old_mode="100644", new_mode="100755")
    assert plan_file(file, {"/p/run": "x"}) == Plan((Write("/p/run", "x", "100644"),))
    gone = file_diff("/p/run", "deleted", change_of("x\n", None).hunks, old_mode="100755")
    assert plan_file(gone, {"/p/run": None}) == Plan((Write("/p/run", "x\n", "100755"),))


UNSURE: list[tuple[FileDiff, str]] = [
    (file_diff("/p/f", "binary", ()), "a binary file cannot be taken back: its old content is not known"),
    (
        file_diff("/p/f", "changed", read_hunks("a\n@@ -1 +1 @@\n-a\n+b\n")),
        "this part of the diff could not be read",
    ),
    (
        file_diff("/p/f", "changed", read_hunks("@@ -1,7 +1 @@\n-a\n+b\n")),
        "this part of the diff could not be read",
    ),
    (file_diff("/p/f", "changed", (Hunk(1, 1, "", ("?x",)),)), "this part of the diff could not be read"),
    (
        file_diff("/p/f", "changed", read_hunks("@@ -1 +1 @@\n-a\n+b\n"), note="cut"),
        "only a part of this change is known",
    ),
    (file_diff("/p/f", "changed", (), old_mode="100644", new_mode="120000"), "this is no regular file"),
]


@pytest.mark.parametrize(("file", "why"), UNSURE)
def test_what_is_not_surely_known_is_not_taken_back(file: FileDiff, why: str) -> None:
    assert reason(plan_file(file, {"/p/f": "b\n"})) == why


def test_a_hunk_beside_one_that_could_not_be_read_can_be_taken_back() -> None:
    file = file_diff("/p/f", "changed", read_hunks("odd\n@@ -1 +1 @@\n-a\n+b\n"))
    assert planned(file, "b\n", hunk=1) == "a\n"
