"""What the automatic reviewer said of an action, and what became of a no."""

from __future__ import annotations

from dataclasses import replace

from codex_tui.protocol.deltas import AutoReviewCompleted, AutoReviewStarted
from codex_tui.protocol.denials import is_denial
from codex_tui.protocol.events import DenialApproved
from codex_tui.session.reducer.items import remark
from codex_tui.session.reducer.notices import note
from codex_tui.session.reducer.places import Step, item_of, put_thread, thread_of, turn_of, unchanged
from codex_tui.session.state import State
from codex_tui.session.transcript import DENIALS_KEPT, Notice

REVIEWED = "automatic review: "
"""What an item's note begins with when it is the automatic reviewer's."""

_REVIEW_WORDS = {"inProgress": "in progress", "timedOut": "timed out"}

APPROVED = Notice(
    "info",
    "You approved a denied action once",
    "The agent is told. When it tries again, that try is reviewed again.",
    "client",
)


def reviewed(state: State, said: AutoReviewStarted) -> Step:
    """`item/autoApprovalReview/started`, `/completed`: the words go to the item, a no is kept."""
    review = said.review
    words = f"{REVIEWED}{_REVIEW_WORDS.get(review.status, review.status)}"
    if review.risk_level:
        words += f", {review.risk_level} risk"
    if review.rationale:
        words += f": {review.rationale}"
    denied = said if isinstance(said, AutoReviewCompleted) and is_denial(said) else None
    item_id = said.target_item_id or ""
    denial = said.review_id if denied is not None else ""
    state, change = remark(state, said.thread_id, said.turn_id, item_id, note=words, denial=denial)
    if denied is None:
        return state, change
    state, more = _keep(state, denied)
    return state, change | more


def _keep(state: State, denied: AutoReviewCompleted) -> Step:
    thread = thread_of(state, denied.thread_id)
    others = tuple(other for other in thread.denials if other.review_id != denied.review_id)
    return put_thread(state, replace(thread, denials=(*others, denied)[-DENIALS_KEPT:]))


def approved(state: State, event: DenialApproved) -> Step:
    """The person approved a denied action: it is no longer to be approved, and the transcript says so."""
    thread = thread_of(state, event.thread_id)
    denial = next((one for one in thread.denials if one.review_id == event.review_id), None)
    if denial is None:
        return unchanged(state)
    left = tuple(one for one in thread.denials if one is not denial)
    state, change = put_thread(state, replace(thread, denials=left))
    turn = turn_of(thread, denial.turn_id)
    item = item_of(turn, denial.target_item_id or "") if turn is not None else None
    if item is not None and item.denial == denial.review_id:
        words = f"{item.note} (you approved it once)"
        state, more = remark(state, thread.id, denial.turn_id, item.id, note=words, denial="")
        change |= more
    state, more = note(state, APPROVED, thread.id, again=True)
    return state, change | more
