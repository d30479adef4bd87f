"""Entries of saved threads, gathered from pages."""

from __future__ import annotations

from codex_tui.history import Entry, merge


def test_of_two_records_of_a_thread_the_newer_counts_in_either_order() -> None:
    old, new = Entry("a", prompt="before", updated=1), Entry("a", prompt="after", updated=2)
    for pages in ([old, new], [new, old]):
        known: dict[str, Entry] = {}
        merge(known, pages)
        assert known == {"a": new}


def test_a_record_as_old_as_the_known_one_replaces_it() -> None:
    known = {"a": Entry("a", name="", updated=1)}
    merge(known, [Entry("a", name="renamed", updated=1), Entry("b")])
    assert [entry.name for entry in known.values()] == ["renamed", ""]
