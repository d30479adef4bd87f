"""Changes one after the other, as one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.diffs import FileDiff, file_diff
from codex_tui.diffs.combine import combine, hunks_of, is_nothing, merge, steps_of
from tests.diffs.made import applied, change_of, hunks_between

lines = st.lists(st.sampled_from(["a", "b", "c", "", "d\r", "longer"]), max_size=25)
contents = st.tuples(lines, st.booleans()).map(
    lambda made: "\n".join(made[0]) + ("\n" if made[0] and made[1] else "")
)


def named(*files: FileDiff) -> list[tuple[str, FileDiff]]:
    return [(f"turn {at}", file) for at, file in enumerate(files, 1)]


@given(contents, contents, contents, st.integers(1, 3), st.integers(0, 3))
def test_two_changes_are_one_that_leads_to_the_same_text(
    one: str, two: str, three: str, first: int, second: int
) -> None:
    both = merge(change_of(one, two, context=first), change_of(two, three, context=second))
    assert both is not None
    assert applied(one, both.hunks) == three
    assert all(hunk.whole for hunk in both.hunks)
    assert not is_nothing(both) or one == three


@given(st.lists(contents, min_size=2, max_size=6))
def test_a_row_of_changes_is_one(texts: list[str]) -> None:
    changes = [change_of(one, two, context=2) for one, two in pairwise(texts)]
    net = combine(named(*changes))
    if net:
        (file,) = net
        assert applied(texts[0], file.hunks) == texts[-1]
        assert file.label == ""
    else:
        assert texts[0] == texts[-1]


def test_a_change_and_its_reverse_come_to_nothing() -> None:
    one, two = "a\nb\nc\nd\n", "a\nB\nc\nx\nd\n"
    assert combine(named(change_of(one, two), change_of(two, one))) == ()
    assert combine(named(change_of(one, ""), change_of("", one))) == ()


@given(contents, contents)
def test_a_hunk_s_steps_make_the_same_change(old: str, new: str) -> None:
    steps = steps_of(change_of(old, new))
    assert steps is not None
    assert applied(old, hunks_of(steps)) == new


@given(contents, contents, contents)
def test_a_new_file_that_changes_is_new_and_one_that_goes_never_was(one: str, two: str, three: str) -> None:
    born, changed = change_of(None, one), change_of(one, two)
    (file,) = combine(named(born, changed))
    assert (file.kind, applied("", file.hunks)) == ("new", two)
    assert combine(named(born, changed, change_of(two, None))) == ()
    (again,) = combine(named(born, changed, change_of(two, None), change_of(None, three)))
    assert (again.kind, applied("", again.hunks)) == ("new", three)


@given(contents, contents, contents)
def test_a_changed_file_that_goes_is_deleted_as_it_was(one: str, two: str, three: str) -> None:
    gone = change_of(two, None)
    (file,) = combine(named(change_of(one, two, context=1), gone))
    if len(two) > 0:
        assert file.kind == "deleted"
        assert all(hunk.added == 0 for hunk in file.hunks)
    back = combine(named(gone, change_of(None, three)))
    if two == three:
        assert back == ()
    else:
        assert (back[0].kind, applied(two, back[0].hunks)) == ("changed", three)


def test_changes_that_do_not_fit_stay_apart_with_their_names() -> None:
    first = change_of("a\nb\nc\n", "a\nB\nc\n")
    second = change_of("a\nsomebody else's\nc\n", "a\nX\nc\n")
    third = change_of("a\nX\nc\n", "a\nY\nc\n")
    files = combine(named(first, second, third))
    assert [(file.label, file.added, file.removed) for file in files] == [
        ("turn 1", 1, 1),
        ("turn 2 to turn 3", 1, 1),
    ]
    assert [raw for raw in files[1].hunks[0].raw if raw[0] != " "] == ["-somebody else's", "+Y"]


def test_a_file_that_is_made_anew_where_one_stood_stays_apart() -> None:
    files = combine(named(change_of("a\n", "b\n"), change_of(None, "c\n")))
    assert [(file.kind, file.label) for file in files] == [("changed", "turn 1"), ("new", "turn 2")]


def test_moves_are_followed_and_a_move_back_is_none() -> None:
    move = file_diff("/p/new", "moved", hunks_between("a\n", "b\n"), old_path="/p/old")
    change = change_of("b\n", "c\n", "/p/new")
    (file,) = combine(named(move, change))
    assert (file.kind, file.old_path, file.path, file.added) == ("moved", "/p/old", "/p/new", 1)
    back = file_diff("/p/old", "moved", hunks_between("c\n", "a\n"), old_path="/p/new")
    assert combine(named(move, change, back)) == ()
    further = file_diff("/p/third", "moved", (), old_path="/p/new")
    (twice,) = combine(named(move, further))
    assert (twice.old_path, twice.path, twice.removed) == ("/p/old", "/p/third", 1)
    gone = change_of("c\n", None, "/p/new")
    (deleted,) = combine(named(move, change, gone))
    assert (deleted.kind, deleted.path, [h.raw for h in deleted.hunks]) == ("deleted", "/p/old", [("-a",)])


def test_other_files_are_left_alone_and_keep_their_order() -> None:
    one, two = change_of("a\n", "b\n", "/p/1"), change_of("a\n", "b\n", "/p/2")
    assert combine(named(two, one)) == (two, one)


def test_binary_and_half_known_changes_stay_apart() -> None:
    binary = file_diff("/p/f", "binary", ())
    assert [file.label for file in combine(named(binary, binary))] == ["turn 1", "turn 2"]
    cut = file_diff("/p/f", "changed", hunks_between("a\n", "b\n"), note="9 characters more were left out")
    assert len(combine(named(cut, change_of("b\n", "c\n")))) == 2


def test_rights_are_followed() -> None:
    more = file_diff("/p/f", "mode", (), old_mode="100644", new_mode="100755")
    less = file_diff("/p/f", "mode", (), old_mode="100755", new_mode="100644")
    assert combine(named(more, less)) == ()
    both = merge(change_of("a\n", "b\n"), more)
    assert both is not None
    assert (both.kind, both.old_mode, both.new_mode) == ("changed", "100644", "100755")
