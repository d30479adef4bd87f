"""The automatic reviewer's no: kept with its thread, approved once, gone."""

from __future__ import annotations

from codex_tui.protocol.events import DenialApproved
from codex_tui.session.denials import denial_of, denials, is_denial, key_of, with_denials
from codex_tui.session.state import Touch
from codex_tui.session.transcript import DENIALS_KEPT
from tests.session.said import (
    THREAD,
    Said,
    after,
    body,
    command,
    last_step,
    opened,
    say,
    started,
    the_item,
    the_turn,
    turn_started,
)


def review(
    review_id: str = "r", status: str = "denied", item_id: str | None = "c", thread: str = THREAD, at: int = 5
) -> Said:
    return say(
        "item/autoApprovalReview/completed",
        threadId=thread,
        turnId="t1",
        reviewId=review_id,
        targetItemId=item_id,
        completedAtMs=at,
        decisionSource="agent",
        review={"status": status, "riskLevel": "high", "rationale": "deletes files"},
        action={"type": "command", "source": "shell", "command": "rm x", "cwd": "/srv"},
    )


def test_a_no_is_kept_with_its_item_and_its_thread() -> None:
    state = after(opened(), turn_started(), started(command("c")), review())
    assert the_item(state, "c").note == "automatic review: denied, high risk: deletes files"
    assert the_item(state, "c").denial == "r"
    assert [one.review_id for one in state.threads[THREAD].denials] == ["r"]


def test_other_words_of_the_reviewer_are_no_denial() -> None:
    for status in ("approved", "timedOut", "aborted"):
        state = after(opened(), turn_started(), started(command("c")), review(status=status))
        assert the_item(state, "c").denial == ""
        assert state.threads[THREAD].denials == ()


def test_a_no_without_an_item_is_kept_all_the_same() -> None:
    state = after(opened(), turn_started(), review(item_id=None))
    assert [one.review_id for one in state.threads[THREAD].denials] == ["r"]


def test_a_denial_said_again_is_one_and_the_last_word_counts() -> None:
    state = after(opened(), turn_started(), started(command("c")), review(at=5), review(at=9))
    assert [one.completed_at_ms for one in state.threads[THREAD].denials] == [9]


def test_only_the_newest_are_kept() -> None:
    many = [review(str(number)) for number in range(DENIALS_KEPT + 3)]
    kept = after(opened(), turn_started(), *many).threads[THREAD].denials
    assert len(kept) == DENIALS_KEPT
    assert kept[-1].review_id == str(DENIALS_KEPT + 2)


def test_once_approved_it_is_gone_and_the_transcript_says_so() -> None:
    state = after(opened(), turn_started(), started(command("c")), review(), DenialApproved(THREAD, "r"))
    assert state.threads[THREAD].denials == ()
    assert the_item(state, "c").denial == ""
    assert the_item(state, "c").note.endswith("deletes files (you approved it once)")
    assert body(the_turn(state, "t1").items[-1]).title == "You approved a denied action once"


def test_approving_what_nobody_knows_changes_nothing() -> None:
    state = after(opened(), turn_started(), review())
    assert after(DenialApproved(THREAD, "other"), state=state) is state


def test_the_thread_tells_of_a_new_denial_without_an_item() -> None:
    _, change = last_step(opened(), turn_started(), review(item_id=None))
    assert Touch("thread", THREAD) in change


def test_denials_of_all_threads_are_questions_in_their_order() -> None:
    state = after(opened(), turn_started(), review("late", at=9), review("early", thread="child", at=1))
    found = denials(state, lambda key: 3.0)
    assert [one.request_id for one in found] == ["child/early", f"{THREAD}/late"]
    assert all(is_denial(one) and one.received == 3.0 for one in found)
    assert [one.key for one in with_denials(state, lambda key: 0.0).inbox.questions] == [
        one.key for one in found
    ]


def test_the_denial_meant_is_that_of_the_item_else_the_newest() -> None:
    state = after(opened(), turn_started(), review("a", at=1), review("b", item_id="d", at=2))
    of_item, newest = denial_of(state, "c"), denial_of(state)
    assert of_item is not None and newest is not None
    assert (of_item.review_id, newest.review_id) == ("a", "b")
    assert denial_of(state, "nothing") is None
    assert key_of(state, newest)[2] == f"{THREAD}/b"
