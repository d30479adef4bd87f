"""Walking through and searching the prompts of this session and of earlier ones."""

from __future__ import annotations

from codex_tui.composer.recall import REMEMBERED, Recall, search


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


def test_prompts_of_earlier_sessions_come_before_those_of_this_one_and_are_read_when_wanted() -> None:
    asked: list[str] = []

    def earlier() -> list[str]:
        asked.append("now")
        return ["old", "two"]

    recall = Recall(earlier)
    recall.add("two")
    assert asked == []
    assert [recall.older(""), recall.older(""), recall.older("")] == ["two", "old", None]
    assert asked == ["now"]


def test_a_search_finds_all_words_newest_first() -> None:
    prompts = ["fix Div in calc", "run the tests", "fix the div again", "run the tests"]
    assert search(prompts, "fix div") == ["fix the div again", "fix Div in calc"]
    assert search(prompts, "Div") == ["fix Div in calc"]
    assert search(prompts, "") == ["run the tests", "fix the div again", "fix Div in calc"]
    assert search(prompts, "nowhere") == []
