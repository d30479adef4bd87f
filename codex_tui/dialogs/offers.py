"""Which answers the engine's questions for a command, a host or a patch have. Pure.

Of the grants only those are here that the request itself offers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from codex_tui.dialogs.choices import NO_EFFECT, Choice, Rule, refusals
from codex_tui.dialogs.shell import count_commands
from codex_tui.protocol import approvals
from codex_tui.protocol.approvals import Offers
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.dialogs.setting import Setting
    from codex_tui.dialogs.step import Step
    from codex_tui.protocol.approvals import CommandApproval, FileChangeApproval, NetworkAmendment


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
    return (*found, *refusals(own("the agent is told, and goes on")))


def network_choices(request: CommandApproval, setting: Setting) -> tuple[Choice, ...]:
    """The answers to a host (the same method with `networkApprovalContext`)."""
    context = request.network_approval_context
    if context is None:
        return refusals(NO_EFFECT)
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
    noes = refusals(own("this connection fails, the agent goes on"))
    return (*found, *noes)


def patch_choices(request: FileChangeApproval, paths: Sequence[str], setting: Setting) -> tuple[Choice, ...]:
    """The answers to a patch of the files at `paths` (`item/fileChange/requestApproval`).

    Without its changes there are no paths, and only no.
    """
    noes = refusals(own("nothing is written; the agent goes on"))
    if not paths:
        return noes
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
    return (*found, *noes)


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
        own(", justification=...)"),
    )


def _once(effect: SafeText, label: SafeText | None = None) -> Choice:
    return Choice(
        "y",
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
        own("Always allow this host …") if allows else own("Always block this host …"),
        own("always…") if allows else own("block…"),
        NO_EFFECT,
        approvals.amend_network(amendment.host, action),
        "applyNetworkPolicyAmendment",
        grants=allows,
        rule=rule,
    )
