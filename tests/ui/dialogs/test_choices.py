"""Which answers a question has, and exactly what each of them sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.dialogs.bodies import sheet_of
from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.setting import Setting
from codex_tui.session.inbox import Question
from codex_tui.session.transcript import Item
from tests.ui.dialogs.stage import change, exec_question, patch_item, patch_question, place, question

SETTING = Setting(
    workspace="/home/ada/proj",
    home="/home/ada",
    codex_home="/home/ada/.codex",
    policy="on-request",
    sandbox="workspace-write",
    look_up=place,
)
AMEND = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["touch", "a.txt"]}}
ALLOW = {
    "applyNetworkPolicyAmendment": {"network_policy_amendment": {"host": "example.com", "action": "allow"}}
}
DENY = {
    "applyNetworkPolicyAmendment": {"network_policy_amendment": {"host": "example.com", "action": "deny"}}
}
NO = {"d": {"decision": "decline"}, "escape": {"decision": "cancel"}}


def choices(asked: Question, item: Item | None = None) -> dict[str, Choice]:
    return {choice.key: choice for choice in sheet_of(asked, item, SETTING).choices}


def sent(asked: Question, item: Item | None = None) -> dict[str, Any]:
    """What each answer sends; those that only lead on to another step are left out."""
    found = choices(asked, item).items()
    return {key: choice.result for key, choice in found if choice.result is not None or not choice.leads}


_OFFERS: list[tuple[Any, dict[str, Any]]] = [
    (None, {"y": {"decision": "accept"}}),
    ([], {}),
    (["accept", "cancel"], {"y": {"decision": "accept"}}),
    (["cancel"], {}),
    (["acceptForSession"], {"s": {"decision": "acceptForSession"}}),
    (["accept", AMEND, "cancel"], {"y": {"decision": "accept"}, "p": {"decision": AMEND}}),
    (
        ["accept", "acceptForSession", "sudo", {"acceptForEver": {}}],
        {"y": {"decision": "accept"}, "s": {"decision": "acceptForSession"}},
    ),
]


@pytest.mark.parametrize(("available", "grants"), _OFFERS)
def test_a_command_has_only_the_grants_it_offers(available: Any, grants: dict[str, Any]) -> None:
    asked = exec_question(availableDecisions=available, proposedExecpolicyAmendment=["touch", "a.txt"])
    assert sent(asked) == {**grants, **NO}


_DECISION = st.sampled_from(
    ["accept", "acceptForSession", "decline", "cancel", "approved", "*", "", AMEND, ALLOW, DENY]
)


@given(st.one_of(st.none(), st.lists(_DECISION, max_size=6)), st.booleans())
def test_no_grant_is_ever_sent_that_was_not_offered(available: list[Any] | None, network: bool) -> None:
    context = {"host": "example.com", "protocol": "https"} if network else None
    asked = exec_question(
        availableDecisions=available,
        proposedExecpolicyAmendment=["rm"],
        proposedNetworkPolicyAmendments=[{"host": "example.com", "action": "allow"}],
        networkApprovalContext=context,
    )
    offered = ["accept"] if available is None else available
    found = choices(asked)
    for choice in found.values():
        if choice.result is None:
            assert choice.key == "t"  # leads to a no
            assert not choice.grants
            continue
        decision = choice.result["decision"]
        if choice.grants:
            assert decision in offered
        else:
            assert decision in ("decline", "cancel", DENY)
    assert {"d", "escape"} <= set(found)


def test_a_lasting_answer_shows_the_rule_as_the_engine_writes_it() -> None:
    asked = exec_question("/bin/bash -lc 'touch a.txt && echo one'", availableDecisions=["accept", AMEND])
    choice = choices(asked)["p"]
    rule = choice.rule
    assert rule is not None
    assert rule.literal == 'prefix_rule(pattern=["touch", "a.txt"], decision="allow")'
    assert rule.file == "~/.codex/rules/default.rules"
    words = " ".join(rule.meaning)
    assert "without asking and without the sandbox" in words
    assert "every project, until you remove it" in rule.lasts
    assert "only the first of 2 commands" in words
    assert "only the first of 2 commands" in choice.effect


def test_a_rule_for_the_only_command_does_not_speak_of_others() -> None:
    rule = choices(exec_question("/bin/bash -lc 'touch a.txt'", availableDecisions=[AMEND]))["p"].rule
    assert rule is not None
    assert "first of" not in " ".join(rule.meaning)


def test_hostile_words_in_a_rule_are_shown_escaped() -> None:
    amend = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ['a"]\u202e', "\x1b[2J"]}}
    rule = choices(exec_question(availableDecisions=[amend]))["p"].rule
    assert rule is not None
    assert rule.literal == r'prefix_rule(pattern=["a\"]<U+202E>", "\u001b[2J"], decision="allow")'


def network_question(*available: Any, **more: Any) -> Question:
    return exec_question(
        None,
        kind="command",
        itemId="network#local#https#example.com#443#x",
        cwd=None,
        commandActions=None,
        networkApprovalContext={"host": "example.com", "protocol": "https"},
        availableDecisions=list(available),
        **more,
    )


def test_a_host_can_be_let_through_once_for_the_session_or_for_good() -> None:
    asked = network_question("accept", "acceptForSession", ALLOW, "cancel")
    found = choices(asked)
    assert sent(asked) == {
        "y": {"decision": "accept"},
        "s": {"decision": "acceptForSession"},
        "a": {"decision": ALLOW},
        **NO,
    }
    rule = found["a"].rule
    assert rule is not None
    assert rule.literal.startswith('network_rule(host="example.com", protocol="https", decision="allow"')


def test_a_host_can_be_blocked_for_good_when_the_engine_proposes_it() -> None:
    found = choices(
        network_question(
            "accept", proposedNetworkPolicyAmendments=[{"host": "example.com", "action": "deny"}]
        )
    )
    assert found["b"].result == {"decision": DENY}
    assert found["b"].rule is not None
    assert not found["b"].grants


def test_a_rule_for_another_host_than_the_one_shown_is_not_offered() -> None:
    other = {
        "applyNetworkPolicyAmendment": {"network_policy_amendment": {"host": "*.com", "action": "allow"}}
    }
    assert set(sent(network_question("accept", other))) == {"y", "d", "escape"}


def test_a_patch_can_be_accepted_once_or_for_the_session_declined_or_stopped() -> None:
    item = patch_item(change("/home/ada/proj/a.py", "@@ -1 +1 @@\n-a\n+b\n"))
    once, session = {"decision": "accept"}, {"decision": "acceptForSession"}
    assert sent(patch_question(), item) == {"y": once, "s": session, **NO}


def test_a_patch_offers_the_session_only_when_the_request_does() -> None:
    item = patch_item(change("/home/ada/proj/a.py", "@@ -1 +1 @@\n-a\n+b\n"))
    asked = patch_question(availableDecisions=["accept", "acceptForSession", "cancel"])
    assert sent(asked, item)["s"] == {"decision": "acceptForSession"}


def test_a_patch_whose_item_is_missing_or_empty_can_only_be_declined() -> None:
    command = patch_item()
    for item in (None, command):
        assert sent(patch_question(), item) == NO


@pytest.mark.parametrize(
    ("method", "decline", "stop", "interrupts"),
    [
        ("item/permissions/requestApproval", {"permissions": {}}, {"permissions": {}}, True),
        ("item/tool/requestUserInput", {"answers": {}}, {"answers": {}}, True),
        ("mcpServer/elicitation/request", {"action": "decline"}, {"action": "cancel"}, False),
        ("execCommandApproval", {"decision": {"denied": {"rejection": ""}}}, {"decision": "abort"}, False),
        ("something/new", None, None, True),
    ],
)
def test_other_kinds_can_only_be_declined(method: str, decline: Any, stop: Any, interrupts: bool) -> None:
    found = choices(question(method, None, {"threadId": "t"}))
    assert {key: choice.result for key, choice in found.items()} == {"d": decline, "escape": stop}
    assert found["escape"].interrupts == interrupts
    assert not any(choice.grants for choice in found.values())


def test_commands_of_an_unknown_kind_and_without_a_command_can_only_be_declined() -> None:
    assert sent(exec_question(kind="humanCommand", availableDecisions=["accept"])) == NO
    assert sent(exec_question(None, availableDecisions=["accept"])) == NO


def test_a_request_that_does_not_fit_its_model_is_declined_with_its_own_words() -> None:
    asked = question("item/commandExecution/requestApproval", None, {"threadId": "t", "command": 7})
    assert sent(asked) == NO
