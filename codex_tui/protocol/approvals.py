"""Approvals: what the engine asks before it acts, and the answers to it.

The engine is fail-closed: an error, an empty object or an unknown decision never runs
anything. It is *not* the gate for grants: it honours `acceptForSession` though it was not
offered, so the client must send only what `offers` says.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple, cast

from codex_tui.protocol.base import JsonObject, Wire, known
from codex_tui.protocol.items import CommandAction


class NetworkContext(Wire):
    """The host a command wants to reach."""

    host: str
    protocol: Annotated[str, known("http", "https", "socks5Tcp", "socks5Udp")] = ""


class NetworkAmendment(Wire):
    """A rule for a host, for good."""

    host: str
    action: Annotated[str, known("allow", "deny")]


class NetworkPermissions(Wire):
    enabled: bool | None = None


class FileSystemEntry(Wire):
    """`path` is `{"type": "path", "path"}`, `{"type": "glob_pattern", "pattern"}` or a special one."""

    path: JsonObject
    access: Annotated[str, known("read", "write", "deny")]


class FileSystemPermissions(Wire):
    read: tuple[str, ...] | None = None
    write: tuple[str, ...] | None = None
    entries: tuple[FileSystemEntry, ...] | None = None
    glob_scan_max_depth: int | None = None


class PermissionProfile(Wire):
    """Rights beyond the sandbox's."""

    network: NetworkPermissions | None = None
    file_system: FileSystemPermissions | None = None


class ItemRequest(Wire):
    """Common to the requests about an item. Time in ms since the epoch."""

    thread_id: str
    turn_id: str
    item_id: str
    reason: str | None = None
    started_at_ms: int | None = None


class CommandApproval(ItemRequest):
    """`item/commandExecution/requestApproval` (server request).

    With `network_approval_context` it is about a host: no command, and `item_id` belongs to no
    item. `(item_id, approval_id)` tells several questions about one item apart.
    """

    kind: Annotated[str, known("command", "writeStdin", newer=("humanCommand",))] = "command"
    approval_id: str | None = None
    environment_id: str | None = None
    command: str | None = None
    cwd: str | None = None
    command_actions: tuple[CommandAction, ...] | None = None
    network_approval_context: NetworkContext | None = None
    additional_permissions: PermissionProfile | None = None
    proposed_execpolicy_amendment: tuple[str, ...] | None = None
    proposed_network_policy_amendments: tuple[NetworkAmendment, ...] | None = None
    available_decisions: (
        tuple[Annotated[str | JsonObject, known("accept", "acceptForSession", "decline", "cancel")], ...]
        | None
    ) = None


class FileChangeApproval(ItemRequest):
    """`item/fileChange/requestApproval` (server request): the change is in the item, started before."""

    grant_root: str | None = None


class PermissionsApproval(ItemRequest):
    """`item/permissions/requestApproval` (server request): rights for the turn or the session. No item."""

    environment_id: str | None = None
    cwd: str = ""
    permissions: PermissionProfile


class LegacyPatchApproval(Wire):
    """`applyPatchApproval` (server request of older engines). `file_changes` is by path."""

    conversation_id: str
    call_id: str
    file_changes: dict[str, JsonObject]
    reason: str | None = None
    grant_root: str | None = None


class LegacyCommandApproval(Wire):
    """`execCommandApproval` (server request of older engines)."""

    conversation_id: str
    call_id: str
    approval_id: str | None = None
    command: tuple[str, ...]
    cwd: str = ""
    parsed_cmd: tuple[JsonObject, ...] = ()
    reason: str | None = None


class Offers(NamedTuple):
    """The grants a command approval offers; decline and cancel are always possible."""

    once: bool
    session: bool
    prefix: tuple[str, ...] | None  # the rule's words
    network: tuple[NetworkAmendment, ...]


def offers(request: CommandApproval) -> Offers:
    """What may be granted. An engine that sends no list (before 0.106) offers once and for the session."""
    available = request.available_decisions
    if available is None:
        return Offers(True, True, request.proposed_execpolicy_amendment or None, ())
    prefix: tuple[str, ...] | None = None
    network: list[NetworkAmendment] = []
    for decision in available:
        if not isinstance(decision, dict):
            continue
        words = _member(decision, "acceptWithExecpolicyAmendment", "execpolicy_amendment")
        if (
            isinstance(words, list)
            and words
            and all(isinstance(word, str) for word in cast("list[Any]", words))
        ):
            prefix = tuple(cast("list[str]", words))
        rule = _member(decision, "applyNetworkPolicyAmendment", "network_policy_amendment")
        if isinstance(rule, dict):
            host, action = cast("JsonObject", rule).get("host"), cast("JsonObject", rule).get("action")
            if isinstance(host, str) and isinstance(action, str):
                network.append(NetworkAmendment(host=host, action=action))
    return Offers("accept" in available, "acceptForSession" in available, prefix, tuple(network))


def _member(decision: JsonObject, name: str, inner: str) -> Any:
    body: Any = decision.get(name)
    return cast("JsonObject", body).get(inner) if isinstance(body, dict) else None


# Answers to item/commandExecution/requestApproval and item/fileChange/requestApproval.


def accept() -> JsonObject:
    """Run it, this once. Under `untrusted` the engine may run it again outside the sandbox."""
    return {"decision": "accept"}


def accept_for_session() -> JsonObject:
    """Run it, and don't ask for exactly the same again in this session."""
    return {"decision": "acceptForSession"}


def accept_with_prefix(words: Sequence[str]) -> JsonObject:
    """Run it, and write a rule: commands that begin with `words` run unasked and unsandboxed, for good.

    Raises ValueError for no words: that rule would allow everything.
    """
    if not words:
        raise ValueError("a rule needs at least one word")
    return {"decision": {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": list(words)}}}


def amend_network(host: str, action: Literal["allow", "deny"]) -> JsonObject:
    """Write a rule for `host`, for good; `allow` also lets this request through."""
    amendment = {"host": host, "action": action}
    return {"decision": {"applyNetworkPolicyAmendment": {"network_policy_amendment": amendment}}}


def decline() -> JsonObject:
    """Don't; the turn goes on."""
    return {"decision": "decline"}


def cancel() -> JsonObject:
    """Don't, and stop the turn."""
    return {"decision": "cancel"}


# Answers to item/permissions/requestApproval.


def grant(permissions: JsonObject, scope: Literal["turn", "session"] = "turn") -> JsonObject:
    """These rights (a part of those asked for, as they came) for the turn or the session."""
    return {"permissions": permissions, "scope": scope}


def grant_nothing() -> JsonObject:
    """None of the rights; the turn goes on."""
    return {"permissions": {}}


# Answers to applyPatchApproval and execCommandApproval.


def legacy_accept() -> JsonObject:
    return {"decision": "approved"}


def legacy_accept_for_session() -> JsonObject:
    return {"decision": "approved_for_session"}


def legacy_decline(why: str = "") -> JsonObject:
    """Don't; the turn goes on. The model may read `why`."""
    return {"decision": {"denied": {"rejection": why}}}


def legacy_cancel() -> JsonObject:
    """Don't, and stop the turn."""
    return {"decision": "abort"}
