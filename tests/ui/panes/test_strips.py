"""The cache of painted strips."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from codex_tui.panes.chat.strips import StripCache


def painted(*rows: str) -> list[Strip]:
    return [Strip([Segment(row)]) for row in rows]


def test_a_picture_counts_only_for_its_stamp() -> None:
    cache = StripCache()
    strips = cache.put("cell", 1, painted("a"))
    assert cache.get("cell", 1) is strips
    assert cache.get("cell", 2) is None
    assert cache.get("other", 1) is None


def test_writing_a_key_again_replaces_what_it_had() -> None:
    cache = StripCache()
    cache.put("cell", 1, painted("a"))
    newer = cache.put("cell", 2, painted("b", "c"))
    assert cache.get("cell", 2) is newer
    assert cache.get("cell", 1) is None
    assert cache.rows == 2


def test_rows_that_look_as_before_stay_the_same_objects() -> None:
    cache = StripCache()
    old = cache.put("cell", 1, painted("same", "grows"))
    new = cache.put("cell", 2, painted("same", "grows more", "new"))
    assert new[0] is old[0]
    assert [strip.text for strip in new] == ["same", "grows more", "new"]


def test_the_longest_unused_go_when_there_are_too_many_rows() -> None:
    cache = StripCache(bound=4)
    cache.put("a", 1, painted("1", "2"))
    cache.put("b", 1, painted("1", "2"))
    cache.get("a", 1)
    cache.put("c", 1, painted("1"))
    assert cache.get("b", 1) is None
    assert cache.get("a", 1) is not None
    assert cache.rows == 3


def test_one_cell_above_the_bound_is_still_kept() -> None:
    cache = StripCache(bound=2)
    cache.put("a", 1, painted("1"))
    cache.put("big", 1, painted("1", "2", "3"))
    assert cache.get("big", 1) is not None
    assert cache.get("a", 1) is None
