from __future__ import annotations

import pytest

from codex_tui.session.inbox import Inbox, Question


def question(
    request_id: int | str = 0, turn: str | None = "t", thread: str | None = "th", generation: int = 1
) -> Question:
    return Question(generation, request_id, "ask", None, {}, thread, turn, None, 0.0)


def inbox(*questions: Question) -> Inbox:
    made = Inbox()
    for one in questions:
        made = made.add(one)
    return made


def test_the_oldest_question_is_the_head() -> None:
    assert inbox(question(3), question(1)).head == question(3)
    assert Inbox().head is None


def test_a_question_asked_twice_stands_once() -> None:
    one = inbox(question(0))
    assert one.add(question(0)) is one


@pytest.mark.parametrize(("one", "other"), [(0, "0"), (1, "1")])
def test_a_number_and_its_text_are_two_questions(one: int, other: str) -> None:
    both = inbox(question(one), question(other))
    assert len(both) == 2
    assert both.close(question(one).key).head == question(other)


def test_true_does_not_close_question_one() -> None:
    assert len(inbox(question(1)).close((1, bool, True))) == 1


def test_closing_an_unknown_question_changes_nothing() -> None:
    one = inbox(question(0))
    assert one.close(question(7).key) == one


def test_the_end_of_a_turn_takes_its_questions_only() -> None:
    left = inbox(question(0, "t"), question(1, "u"), question(2, None)).turn_ended("th", "t")
    assert [one.request_id for one in left.questions] == [1, 2]


def test_turns_of_other_threads_with_the_same_id_keep_their_questions() -> None:
    assert len(inbox(question(0, thread="other")).turn_ended("th", "t")) == 1


def test_the_end_of_an_engine_takes_the_questions_of_its_generation() -> None:
    left = inbox(question(0, generation=1), question(0, generation=2)).engine_stopped(1)
    assert [one.generation for one in left.questions] == [2]


def test_a_resolved_question_is_told_by_the_type_of_its_id() -> None:
    left = inbox(question(0), question("0")).resolved("th", "0")
    assert [one.request_id for one in left.questions] == [0]


def test_a_question_of_another_thread_is_not_resolved() -> None:
    assert len(inbox(question(0, thread="other")).resolved("th", 0)) == 1


def test_a_question_that_names_no_thread_is_resolved_by_its_id() -> None:
    assert len(inbox(question(0, thread=None)).resolved("th", 0)) == 0
