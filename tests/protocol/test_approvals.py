"""What may be granted, and the answers that grant it."""

from __future__ import annotations

from typing import Any

import pytest

from codex_tui.protocol.approvals import (
    CommandApproval,
    NetworkAmendment,
    accept_with_prefix,
    offers,
)
from codex_tui.protocol.base import read
from codex_tui.protocol.elicitation import ElicitationRequest
from codex_tui.protocol.initialize import InitializeResult
from codex_tui.protocol.registry import parse_request
from tests.protocol import messages


def _asking(**members: Any) -> CommandApproval:
    return read(CommandApproval, {**messages.ITEM, **members})


def test_only_what_the_request_lists_is_offered() -> None:
    request = parse_request(*messages.REQUESTS[0])
    assert isinstance(request, CommandApproval)
    assert offers(request) == (True, False, ("touch", "a.txt"), ())


def test_a_network_request_offers_its_rules() -> None:
    request = parse_request(*messages.REQUESTS[1])
    assert isinstance(request, CommandApproval)
    once, session, prefix, network = offers(request)
    assert (once, session, prefix) == (True, True, None)
    assert network == (NetworkAmendment(host="example.com", action="allow"),)


def test_a_proposed_rule_that_is_not_listed_is_not_offered() -> None:
    request = _asking(proposedExecpolicyAmendment=["touch"], availableDecisions=["accept", "cancel"])
    assert offers(request) == (True, False, None, ())


def test_an_empty_list_offers_no_grant() -> None:
    assert offers(_asking(availableDecisions=[])) == (False, False, None, ())


def test_an_engine_without_a_list_offers_once_session_and_its_rule() -> None:
    assert offers(_asking(proposedExecpolicyAmendment=["git"])) == (True, True, ("git",), ())


@pytest.mark.parametrize(
    "decision",
    [
        {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": []}},
        {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["touch", 5]}},
        {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": "touch"}},
        {"acceptWithExecpolicyAmendment": ["touch"]},
        {"applyNetworkPolicyAmendment": {"network_policy_amendment": {"host": "example.com"}}},
        {"applyNetworkPolicyAmendment": None},
        {"acceptForEver": {}},
        "acceptForEver",
    ],
)
def test_a_decision_of_foreign_shape_offers_nothing(decision: Any) -> None:
    assert offers(_asking(availableDecisions=[decision])) == (False, False, None, ())


def test_a_rule_needs_a_word() -> None:
    with pytest.raises(ValueError, match="at least one word"):
        accept_with_prefix([])


def test_the_engines_question_about_a_tool_is_told_from_a_servers_own() -> None:
    own = {**messages.IDS, "serverName": "lab", "mode": "form", "message": "?"}
    assert read(ElicitationRequest, own).tool_approval is None
    assert read(ElicitationRequest, {**own, "_meta": {"codex_approval_kind": "other"}}).tool_approval is None
    approval = read(ElicitationRequest, {**own, "_meta": {"codex_approval_kind": "mcp_tool_call"}})
    assert approval.tool_approval == {"codex_approval_kind": "mcp_tool_call"}


@pytest.mark.parametrize(
    ("agent", "version"),
    [("codex_tui/0.169.0 (Linux 6; x86_64)", "0.169.0"), ("codex_tui/0.163.0", "0.163.0"), ("odd", "")],
)
def test_the_engines_version_is_read_from_its_user_agent(agent: str, version: str) -> None:
    assert InitializeResult(user_agent=agent).engine_version == version
