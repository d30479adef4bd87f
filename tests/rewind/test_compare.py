"""The preview's diffs: applied, they lead from what is there to what will be."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.rewind import Fate
from codex_tui.rewind.compare import changes_of, hunks_between
from tests.diffs.made import applied

lines = st.lists(st.sampled_from(["a", "b", "", "x\r", "long line"]), max_size=40)
texts = st.tuples(lines, st.booleans()).map(
    lambda made: "\n".join(made[0]) + ("\n" if made[0] and made[1] else "")
)


@given(texts, texts)
def test_hunks_applied_to_the_old_text_give_the_new_one(old: str, new: str) -> None:
    hunks = hunks_between(old, new)
    assert applied(old, hunks) == new
    assert all(hunk.added or hunk.removed for hunk in hunks)
    for one, two in pairwise(hunks):
        assert two.new_start - one.new_start - one.new_count == two.old_start - one.old_start - one.old_count


def test_far_places_are_hunks_of_their_own_with_their_numbers() -> None:
    old = "".join(f"l{at}\n" for at in range(1, 101))
    first, second = hunks_between(old, old.replace("l10\n", "x\ny\n").replace("l50\n", ""))
    assert (first.old_start, first.new_start, first.removed, first.added) == (7, 7, 1, 2)
    assert (second.old_start, second.new_start, second.removed, second.added) == (47, 48, 1, 0)


def test_a_file_goes_comes_or_moves() -> None:
    def kinds(now: dict[str, str | None], then: dict[str, str | None]) -> list[tuple[str, str, str]]:
        return [(one.kind, one.path, one.old_path) for one in changes_of(Fate("/f", now, then, {}))]

    assert kinds({"/f": "x\n"}, {"/f": None}) == [("deleted", "/f", "")]
    assert kinds({"/f": None}, {"/f": "x\n"}) == [("new", "/f", "")]
    assert kinds({"/f": None, "/g": "x"}, {"/f": "x", "/g": None}) == [("moved", "/f", "/g")]
    assert kinds({"/f": "x"}, {"/f": "x"}) == []


def test_a_large_text_is_compared_in_time() -> None:
    old = "same\n" * 30_000
    new = "".join(f"{at}\n" for at in range(30_000))
    began = time.monotonic()
    (hunk,) = hunks_between(old, new)
    assert (hunk.removed, hunk.added) == (30_000, 30_000)
    assert time.monotonic() - began < 5
