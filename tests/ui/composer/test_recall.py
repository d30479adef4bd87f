"""Walking through the prompts of this session."""

from __future__ import annotations

from codex_tui.composer.recall import REMEMBERED, Recall


def test_up_walks_to_the_oldest_and_stays_there() -> None:
    recall = Recall()
    recall.add("one")
    recall.add("two")
    assert [recall.older("draft"), recall.older("two"), recall.older("one")] == ["two", "one", None]


def test_down_walks_back_to_the_unsent_draft() -> None:
    recall = Recall()
    recall.add("one")
    recall.add("two")
    recall.older("draft")
    recall.older("two")
    assert [recall.newer(), recall.newer(), recall.newer()] == ["two", "draft", None]


def test_nothing_sent_nothing_recalled() -> None:
    recall = Recall()
    assert recall.older("draft") is None
    assert recall.newer() is None


def test_sending_ends_the_walk() -> None:
    recall = Recall()
    recall.add("one")
    recall.older("")
    recall.add("two")
    assert recall.older("") == "two"


def test_the_same_prompt_twice_in_a_row_counts_once_and_old_ones_go() -> None:
    recall = Recall()
    for number in range(REMEMBERED + 10):
        recall.add(str(number))
        recall.add(str(number))
    assert len(recall.prompts) == REMEMBERED
    assert recall.prompts[0] == "10"
