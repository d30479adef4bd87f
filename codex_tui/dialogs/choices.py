"""Which answers a question has, and what each of them sends. Pure: no terminal, no engine.

Of the grants only those are here that the request itself offers; declining and stopping always are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from codex_tui.dialogs.shell import count_commands
from codex_tui.protocol import approvals, elicitation, questions
from codex_tui.protocol.approvals import CommandApproval, FileChangeApproval, NetworkAmendment, Offers
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codex_tui.dialogs.setting import Setting
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
    """One answer. `key` is a Textual key name, `sign` how it is shown.

    `result` is the response's body; None answers with an error that says `outcome`. A choice that
    `leads` on only opens another step; one on a later step without an `outcome` goes back. `grants`
    makes it dead until all was seen, `rule` says that what it leads to lasts.
    """

    key: str
    sign: SafeText
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


NO_EFFECT = own("")


def command_choices(request: CommandApproval, script: str, setting: Setting) -> tuple[Choice, ...]:
    """The answers to a command (`item/commandExecution/requestApproval`)."""
    offered = offers(request)
    found: list[Choice] = []
    if offered.once:
        found.append(_once(_retries(setting)))
    if offered.session:
        found.append(
            _session(
                Rule(
                    own("this exact command"),
                    _NO_FILE,
                    (
                        own("this exact command runs without asking, as often as the agent likes"),
                        *([_LEAVES] if _leaves(setting) else []),
                    ),
                    own("Run it, and do not ask for it again"),
                    _UNTIL_ENGINE_ENDS,
                    _NOT_AGAIN,
                    script,
                ),
                own("this exact command, unasked from now on"),
            )
        )
    if offered.prefix is not None:
        found.append(_prefix(offered.prefix, script, setting))
    return (*found, *_refusals(own("the agent is told, and goes on"), says=not setting.asker))


def network_choices(request: CommandApproval, setting: Setting) -> tuple[Choice, ...]:
    """The answers to a host (the same method with `networkApprovalContext`)."""
    context = request.network_approval_context
    if context is None:
        return _refusals(NO_EFFECT)
    offered = offers(request)
    found: list[Choice] = []
    if offered.once:
        found.append(_once(own("this connection; the next one asks again")))
    if offered.session:
        found.append(
            _session(
                Rule(
                    own("this host"),
                    _NO_FILE,
                    (own("every command of this thread reaches this host without asking"),),
                    own("Let it through, and do not ask for this host again"),
                    own("until this engine ends, for this thread"),
                    _NOT_AGAIN,
                    f"{context.protocol}://{context.host}" if context.protocol else context.host,
                ),
                own("this host, unasked in this thread"),
            )
        )
    for amendment in offered.network:
        # An amendment for another host than the one shown is none that can be chosen here.
        if amendment.host == context.host and amendment.action == "allow":
            found.append(_network(amendment, context.protocol, setting))
    denials = (*offered.network, *(request.proposed_network_policy_amendments or ()))
    for amendment in denials:
        if amendment.host == context.host and amendment.action == "deny":
            found.append(_network(amendment, context.protocol, setting))
            break
    refusals = _refusals(own("this connection fails, the agent goes on"), says=not setting.asker)
    return (*found, *refusals)


def patch_choices(request: FileChangeApproval, paths: Sequence[str], setting: Setting) -> tuple[Choice, ...]:
    """The answers to a patch of the files at `paths` (`item/fileChange/requestApproval`).

    Without its changes there are no paths, and only no.
    """
    refusals = _refusals(own("nothing is written; the agent goes on"), says=not setting.asker)
    if not paths:
        return refusals
    found = [_once(NO_EFFECT, own("Yes, write these changes"))]
    # This kind of request carries no list of decisions so far: its protocol offers the same four
    # every time. Should an engine send a list, what is not in it is not granted.
    available = (request.model_extra or {}).get("availableDecisions", ["acceptForSession"])
    if isinstance(available, list) and "acceptForSession" in available:
        found.append(
            _session(
                Rule(
                    own("these files"),
                    _NO_FILE,
                    (own("any change of just these files is written without asking"),),
                    own("Write it, and do not ask for these files again"),
                    _UNTIL_ENGINE_ENDS,
                    _NOT_AGAIN,
                    "\n".join(paths),
                ),
                own("changes of just these files, unasked"),
            )
        )
    return (*found, *refusals)


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
                own("d"),
                own("No"),
                own("no"),
                own("answered with an error; the agent goes on"),
                None,
                "refused",
            ),
            Choice(
                "escape",
                own("Esc"),
                own("No, and stop the turn"),
                own("stop"),
                NO_EFFECT,
                None,
                "refused",
                interrupts=True,
            ),
        )
    decline, stop, interrupts = known
    return _refusals(own("the agent is told, and goes on"), decline, stop, interrupts)


def rule_choices(choice: Choice, rule: Rule) -> tuple[Choice, ...]:
    """The second step of a lasting answer: write it, or go back."""
    return (
        Choice(
            "enter",
            own("Enter"),
            rule.confirm,
            own("write the rule"),
            NO_EFFECT,
            choice.result,
            choice.outcome,
            grants=choice.grants,
        ),
        Choice("escape", own("Esc"), own("Back, nothing is answered"), own("back"), NO_EFFECT, None, ""),
    )


def offers(request: CommandApproval) -> Offers:
    """What may be granted. A request without a list of decisions can only be granted this once."""
    if request.available_decisions is None:
        return Offers(True, False, None, ())
    return approvals.offers(request)


def prefix_rule(words: tuple[str, ...]) -> SafeText:
    """The rule as the engine writes it."""
    pattern = json.dumps(list(words), ensure_ascii=False)
    return join(own("prefix_rule(pattern="), line(pattern), own(', decision="allow")'))


def network_rule(amendment: NetworkAmendment, protocol: str) -> SafeText:
    """The rule as the engine writes it; it adds a justification."""

    def quoted(text: str) -> SafeText:
        return line(json.dumps(text, ensure_ascii=False))

    return join(
        own("network_rule(host="),
        quoted(amendment.host),
        own(", protocol="),
        quoted(protocol),
        own(", decision="),
        quoted(amendment.action),
        own(", justification=…)"),
    )


def _once(effect: SafeText, label: SafeText | None = None) -> Choice:
    return Choice(
        "y",
        own("y"),
        label or own("Yes, this once"),
        own("once"),
        effect,
        approvals.accept(),
        "accept",
        grants=True,
    )


def _retries(setting: Setting) -> SafeText:
    if setting.policy == "untrusted" and setting.sandbox not in {"", "danger-full-access"}:
        return own("reruns without the sandbox if that stops it")
    return NO_EFFECT


_NO_FILE = own("no file; the engine keeps it in memory")
_UNTIL_ENGINE_ENDS = own("until this engine ends")
_NOT_AGAIN = own("Not ask again in this session?")
_LEAVES = own("it may leave the sandbox then, as now, without asking")


def _leaves(setting: Setting) -> bool:
    return setting.sandbox != "danger-full-access"


def _session(rule: Rule, effect: SafeText) -> Choice:
    return Choice(
        "s",
        own("s"),
        own("Yes, for this session too …"),
        own("session…"),
        effect,
        approvals.accept_for_session(),
        "acceptForSession",
        grants=True,
        rule=rule,
    )


def _prefix(words: tuple[str, ...], script: str, setting: Setting) -> Choice:
    count = count_commands(script)
    prefix = join(*(line(word) for word in words), by=own(" "))
    covers = _covers(count)
    rule = Rule(
        prefix_rule(words),
        setting.rules_file,
        (
            own("commands that begin with these words run without asking and without the sandbox"),
            *([covers] if count > 1 else []),
        ),
        own("Write it, and run this command"),
    )

    def edit() -> Step:
        from codex_tui.dialogs.prefix import PrefixStep, first_words

        return PrefixStep(first_words(words, script), len(words), script, setting)

    return Choice(
        "p",
        own("p"),
        own("Always allow a prefix …"),
        own("prefix…"),
        join(prefix, own("   "), covers) if count > 1 else prefix,
        approvals.accept_with_prefix(words),
        "acceptWithExecpolicyAmendment",
        grants=True,
        rule=rule,
        leads=edit,
    )


def _covers(count: int) -> SafeText:
    return join(own("covers only the first of "), number(count), own(" commands"))


def _network(amendment: NetworkAmendment, protocol: str, setting: Setting) -> Choice:
    action: Literal["allow", "deny"] = "allow" if amendment.action == "allow" else "deny"
    allows = action == "allow"
    rule = Rule(
        network_rule(amendment, protocol),
        setting.rules_file,
        (
            own("commands reach this host without asking")
            if allows
            else own("no command reaches this host, and none asks"),
        ),
        own("Write it, and let the command through") if allows else own("Write it, and block the command"),
    )
    return Choice(
        "a" if allows else "b",
        own("a") if allows else own("b"),
        own("Always allow this host …") if allows else own("Always block this host …"),
        own("always…") if allows else own("block…"),
        NO_EFFECT,
        approvals.amend_network(amendment.host, action),
        "applyNetworkPolicyAmendment",
        grants=allows,
        rule=rule,
    )


def _refusals(
    effect: SafeText,
    decline: JsonObject | None = None,
    stop: JsonObject | None = None,
    interrupts: bool = False,
    says: bool = False,
) -> tuple[Choice, ...]:
    no = Choice(
        "d",
        own("d"),
        own("No, go on without it"),
        own("no"),
        effect,
        decline or approvals.decline(),
        "decline",
    )
    return (
        no,
        *([_saying(no)] if says else []),
        Choice(
            "escape",
            own("Esc"),
            own("No, and stop the turn"),
            own("stop"),
            NO_EFFECT,
            stop or approvals.cancel(),
            "cancel",
            interrupts=interrupts,
        ),
    )


def _saying(no: Choice) -> Choice:
    """A no with a message to the agent; only for the thread on screen, which is where messages go."""

    def write() -> Step:
        from codex_tui.dialogs.say import SayStep

        return SayStep(no)

    return Choice("t", own("t"), own("No, and say why …"), own("say why…"), NO_EFFECT, None, "", leads=write)
