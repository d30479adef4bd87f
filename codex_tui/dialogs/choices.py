"""An answer as a value: its key, its words and what it sends; and the ways to say no. Pure.

Declining and stopping are always there; which grants there are is for the request itself to offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codex_tui.dialogs.signs import sign_of
from codex_tui.protocol import approvals, elicitation, questions
from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.dialogs.step import Step
    from codex_tui.protocol.base import JsonObject
    from codex_tui.session.inbox import Question, QuestionKey


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that outlives one answer: what is not asked again, how long, and what that means.

    `text` is shown instead of `literal` where it is foreign text of its own (a whole command).
    """

    literal: SafeText
    file: SafeText
    meaning: tuple[SafeText, ...]
    confirm: SafeText
    lasts: SafeText = own("for good and in every project, until you remove it from that file")
    title: SafeText = own("Write this rule?")
    text: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `key` is a Textual key name; `label` and `short` are words of this program alone.

    `result` is the response's body; None answers with an error that says `outcome`. A choice that
    `leads` on only opens another step; one on a later step without an `outcome` goes back. `grants`
    makes it dead until all was seen, `rule` says that what it leads to lasts.
    """

    key: str
    label: SafeText
    short: SafeText
    effect: SafeText
    result: JsonObject | None
    outcome: str
    grants: bool = False
    rule: Rule | None = None
    leads: Callable[[], Step] | None = None
    interrupts: bool = False  # the answer alone does not stop the turn
    later: bool = False  # puts the question off and answers nothing
    says: str = ""  # a message to the agent that goes with a no
    eager: bool = False  # needs no quiet before it; never for a grant
    opens: QuestionKey | None = None  # shows that question instead, answers nothing
    together: tuple[QuestionKey, ...] = ()  # further questions that get the same answer, each its own

    @property
    def sign(self) -> SafeText:
        """The key as it is written beside the answer."""
        return sign_of(self.key)


NO_EFFECT = own("")


DECLINES: dict[str, tuple[JsonObject, JsonObject, bool]] = {
    "item/permissions/requestApproval": (approvals.grant_nothing(), approvals.grant_nothing(), True),
    "item/tool/requestUserInput": (questions.answers({}), questions.answers({}), True),
    "mcpServer/elicitation/request": (
        elicitation.decline_elicitation(),
        elicitation.cancel_elicitation(),
        False,
    ),
    "applyPatchApproval": (approvals.legacy_decline(), approvals.legacy_cancel(), False),
    "execCommandApproval": (approvals.legacy_decline(), approvals.legacy_cancel(), False),
    "item/commandExecution/requestApproval": (approvals.decline(), approvals.cancel(), False),
    "item/fileChange/requestApproval": (approvals.decline(), approvals.cancel(), False),
}
"""For what is shown raw: the body that declines, the one that stops, and whether the turn has to be
interrupted for that. All other methods are answered with an error."""


def raw_choices(question: Question) -> tuple[Choice, ...]:
    """The answers to something this client cannot explain: no, in two strengths."""
    known = DECLINES.get(question.method)
    if known is None:
        return (
            Choice(
                "d",
                own("No"),
                own("no"),
                own("answered with an error; the agent goes on"),
                None,
                "refused",
            ),
            Choice(
                "escape",
                own("No, and stop the turn"),
                own("stop"),
                NO_EFFECT,
                None,
                "refused",
                interrupts=True,
            ),
        )
    decline, stop, interrupts = known
    return refusals(own("the agent is told, and goes on"), decline, stop, interrupts, says=False)


def rule_choices(choice: Choice, rule: Rule) -> tuple[Choice, ...]:
    """The second step of a lasting answer: write it, or go back."""
    return (
        Choice(
            "enter",
            rule.confirm,
            own("write the rule"),
            NO_EFFECT,
            choice.result,
            choice.outcome,
            grants=choice.grants,
        ),
        Choice("escape", own("Back, nothing is answered"), own("back"), NO_EFFECT, None, ""),
    )


def refusals(
    effect: SafeText,
    decline: JsonObject | None = None,
    stop: JsonObject | None = None,
    interrupts: bool = False,
    says: bool = True,
) -> tuple[Choice, ...]:
    """No, and no that stops the turn; `says` adds the no with a message to the agent."""
    no = Choice(
        "d",
        own("No, go on without it"),
        own("no"),
        effect,
        decline or approvals.decline(),
        "decline",
    )
    return (
        no,
        *([saying(no)] if says else []),
        Choice(
            "escape",
            own("No, and stop the turn"),
            own("stop"),
            NO_EFFECT,
            stop or approvals.cancel(),
            "cancel",
            interrupts=interrupts,
        ),
    )


def saying(no: Choice) -> Choice:
    """That no with a message to the agent, which goes to the thread that asks."""

    def write() -> Step:
        from codex_tui.dialogs.say import SayStep

        return SayStep(no)

    return Choice("t", own("No, and say why …"), own("say why…"), NO_EFFECT, None, "", leads=write)
