"""Questions that are the same but for their ids: they may be answered together, once each.

Never with anything that lasts, and never without the whole text on screen again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codex_tui.dialogs.bodies import basis_of
from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.setting import item_of, setting_of
from codex_tui.dialogs.step import Page
from codex_tui.paint.question import Fact
from codex_tui.text import SafeText, join, number, own

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.dialogs.setting import Place
    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.session.inbox import Question, QuestionKey
    from codex_tui.session.state import State

TOGETHER_KEY = "e"

METHODS = {
    "item/commandExecution/requestApproval",
    "item/fileChange/requestApproval",
    "execCommandApproval",
    "applyPatchApproval",
}
"""Kinds whose answer depends on nothing but what is shown: no form, no choice of rights."""

IDS = {
    *("threadId", "turnId", "itemId", "callId", "approvalId", "conversationId", "startedAtMs"),
    # Lists of what a lasting answer would be: those are not given together.
    *("proposedExecpolicyAmendment", "proposedNetworkPolicyAmendments"),
}
"""Members that tell two requests apart and say nothing of what they are about."""


def twins(
    question: Question, state: State, home: str, look_up: Callable[[str], Place]
) -> tuple[Question, ...]:
    """The other questions that ask for the very same, in the same surroundings, oldest first."""
    if question.method not in METHODS:
        return ()
    others = [
        other
        for other in state.inbox.questions
        if other.key != question.key
        and other.generation == question.generation
        and other.method == question.method
        and _asks(other) == _asks(question)
    ]
    if not others:
        return ()
    about = _surroundings(question, state, home, look_up)
    return tuple(other for other in others if _surroundings(other, state, home, look_up) == about)


def _asks(question: Question) -> object:
    return {name: value for name, value in question.raw.items() if name not in IDS}


def _surroundings(
    question: Question, state: State, home: str, look_up: Callable[[str], Place]
) -> tuple[object, object]:
    setting = setting_of(question, state, home, look_up)
    return replace(setting, asker="", past=()), basis_of(question, item_of(question, state))


def with_together(sheet: Sheet, others: tuple[Question, ...]) -> Sheet:
    """The sheet with one more choice: the same answer for these questions too, if there are any."""
    sheet = replace(sheet, choices=tuple(choice for choice in sheet.choices if choice.key != TOGETHER_KEY))
    if not others:
        return sheet
    count = number(len(others) + 1)
    keys = tuple(other.key for other in others)
    lead = Choice(
        TOGETHER_KEY,
        join(own("The same answer to all "), count, own(" of these …")),
        own("all same…"),
        own("others ask for exactly the same"),
        None,
        "",
        leads=lambda: Page(together_sheet(sheet, keys)),
    )
    at = next((at for at, choice in enumerate(sheet.choices) if choice.key == "d"), len(sheet.choices))
    return replace(sheet, choices=(*sheet.choices[:at], lead, *sheet.choices[at:]))


def together_sheet(sheet: Sheet, keys: tuple[QuestionKey, ...]) -> Sheet:
    """The second step: all of it again, and once or no for every one of them."""
    count = number(len(keys) + 1)
    found = [
        _for_all(choice, keys, label)
        for key, label in (
            ("y", join(own("Yes, this once, to each of the "), count)),
            ("d", join(own("No, to each of the "), count)),
        )
        for choice in sheet.choices
        if choice.key == key and choice.rule is None and choice.leads is None
    ]
    back = Choice("escape", own("Back, nothing is answered"), own("back"), own(""), None, "")
    about = Fact(own("Answers"), (join(count, own(" requests that are the same but for their ids")),), "warn")
    return replace(
        sheet,
        title=join(own("One answer for "), count, own(" requests? "), sheet.title),
        facts=(about, *sheet.facts),
        choices=(*found, back),
    )


def _for_all(choice: Choice, keys: tuple[QuestionKey, ...], label: SafeText) -> Choice:
    return replace(choice, label=label, together=keys)
