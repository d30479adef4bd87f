"""Which method has which model, and the way in for everything the engine sends.

A notification is handled (`NOTIFICATIONS`), ignored (`IGNORED`, with the reason), or kept
raw and shown: the rest, known to us or not. docs/METHODS.md is made from these tables.
"""

from typing import Any, cast

from pydantic import Field, ValidationError

from codex_tui.protocol import (
    account,
    approvals,
    deltas,
    elicitation,
    hooks,
    initialize,
    mcp,
    notices,
    questions,
    terminals,
    threads,
    tools,
    turns,
)
from codex_tui.protocol.base import ForeignShapeError, JsonObject, Wire, describe, read
from codex_tui.protocol.events import Notified, UnknownNotified

NOTIFICATIONS: dict[str, type[Wire]] = {
    "account/login/completed": account.LoginCompleted,
    "account/rateLimits/updated": account.RateLimitsUpdated,
    "account/updated": account.AccountUpdated,
    "autoApprovalReview/strictReviewRequired": deltas.StrictReviewRequired,
    "configWarning": notices.ConfigWarning,
    "deprecationNotice": notices.DeprecationNotice,
    "error": turns.ErrorNotified,
    "guardianWarning": notices.GuardianWarned,
    "hook/completed": hooks.HookCompleted,
    "hook/started": hooks.HookStarted,
    "item/agentMessage/delta": deltas.AgentMessageDelta,
    "item/autoApprovalReview/completed": deltas.AutoReviewCompleted,
    "item/autoApprovalReview/started": deltas.AutoReviewStarted,
    "item/commandExecution/outputDelta": deltas.CommandOutputDelta,
    "item/commandExecution/terminalInteraction": deltas.TerminalInteraction,
    "item/completed": deltas.ItemCompleted,
    "item/fileChange/outputDelta": deltas.FileChangeOutputDelta,
    "item/fileChange/patchUpdated": deltas.PatchUpdated,
    "item/mcpToolCall/progress": deltas.McpToolProgress,
    "item/plan/delta": deltas.PlanDelta,
    "item/reasoning/summaryPartAdded": deltas.ReasoningPartAdded,
    "item/reasoning/summaryTextDelta": deltas.ReasoningSummaryDelta,
    "item/reasoning/textDelta": deltas.ReasoningDelta,
    "item/started": deltas.ItemStarted,
    "mcpServer/oauthLogin/completed": mcp.McpLoginCompleted,
    "mcpServer/startupStatus/updated": mcp.McpServerStatusUpdated,
    "model/rerouted": turns.ModelRerouted,
    "modelProvider/authRecoveryCompleted": turns.AuthRecovery,
    "modelProvider/authRecoveryStarted": turns.AuthRecovery,
    "serverRequest/resolved": notices.ServerRequestResolved,
    "thread/archived": threads.ThreadArchived,
    "thread/closed": threads.ThreadClosed,
    "thread/compacted": threads.ThreadCompacted,
    "thread/deleted": threads.ThreadDeleted,
    "thread/goal/cleared": threads.ThreadGoalCleared,
    "thread/goal/updated": threads.ThreadGoalUpdated,
    "thread/name/updated": threads.ThreadNameUpdated,
    "thread/queue/changed": threads.ThreadQueueChanged,
    "thread/reverted": threads.ThreadReverted,
    "thread/settings/updated": threads.ThreadSettingsUpdated,
    "thread/started": threads.ThreadStarted,
    "thread/status/changed": threads.ThreadStatusChanged,
    "thread/tokenUsage/updated": threads.ThreadTokenUsageUpdated,
    "thread/unarchived": threads.ThreadUnarchived,
    "turn/completed": turns.TurnCompleted,
    "turn/diff/updated": turns.TurnDiffUpdated,
    "turn/plan/updated": turns.TurnPlanUpdated,
    "turn/started": turns.TurnStarted,
    "warning": notices.Warned,
}

SERVER_REQUESTS: dict[str, type[Wire]] = {
    "account/chatgptAuthTokens/refresh": account.AuthTokensRefresh,
    "applyPatchApproval": approvals.LegacyPatchApproval,
    "execCommandApproval": approvals.LegacyCommandApproval,
    "item/commandExecution/requestApproval": approvals.CommandApproval,
    "item/fileChange/requestApproval": approvals.FileChangeApproval,
    "item/permissions/requestApproval": approvals.PermissionsApproval,
    "item/tool/call": tools.DynamicToolCallRequest,
    "item/tool/requestUserInput": questions.UserInputRequest,
    "mcpServer/elicitation/request": elicitation.ElicitationRequest,
}


class Done(Wire):
    """A result of which only matters that the call was carried out."""


class ConfigReadResult(Wire):
    """Of `config/read`: what counts after all layers, in the configuration file's own names."""

    config: JsonObject = Field(default_factory=dict[str, Any])


RESULTS: dict[str, type[Wire]] = {
    "account/read": account.AccountReadResult,
    "config/read": ConfigReadResult,
    "config/value/write": Done,
    "initialize": initialize.InitializeResult,
    "thread/backgroundTerminals/clean": Done,
    "thread/backgroundTerminals/list": terminals.BackgroundTerminals,
    "thread/backgroundTerminals/terminate": terminals.TerminalTerminated,
    "thread/list": threads.ThreadListResult,
    "thread/approveGuardianDeniedAction": Done,
    "thread/archive": Done,
    "thread/compact/start": Done,
    "thread/delete": Done,
    "thread/fork": threads.OpenedThread,
    "thread/name/set": Done,
    "thread/search": threads.ThreadSearchResult,
    "thread/searchOccurrences": threads.OccurrencesResult,
    "thread/unarchive": Done,
    "thread/unsubscribe": Done,
    "thread/queue/add": Done,
    "thread/read": threads.ThreadReadResult,
    "thread/resume": threads.ThreadResumeResult,
    "thread/revert": threads.ThreadRevertResult,
    "thread/shellCommand": Done,
    "thread/start": threads.ThreadStartResult,
    "thread/turns/list": turns.TurnsPage,
    "turn/interrupt": Done,
    "turn/start": turns.TurnStartResult,
    "turn/steer": turns.TurnSteerResult,
}
"""What `engine.client` calls, and no more."""

_NOT_ASKED = "answers a request this client does not make"
_ELSEWHERE = "for clients with a window of their own (projects, attachments, predictions)"

IGNORED: dict[str, str] = {
    "account/gatewayOAuth/changed": _NOT_ASKED,
    "app/list/updated": _NOT_ASKED,
    "command/exec/outputDelta": _NOT_ASKED,
    "externalAgentConfig/import/completed": _NOT_ASKED,
    "externalAgentConfig/import/progress": _NOT_ASKED,
    "fs/changed": _NOT_ASKED,
    "fuzzyFileSearch/sessionCompleted": _NOT_ASKED,
    "fuzzyFileSearch/sessionUpdated": _NOT_ASKED,
    "mcpServer/event/stream/notification": _NOT_ASKED,
    "process/exited": _NOT_ASKED,
    "process/outputDelta": _NOT_ASKED,
    "project/changed": _ELSEWHERE,
    "remoteControl/status/changed": "says only that remote control is off, at each start",
    "skills/changed": "no list of skills is shown yet",
    "thread/attachment/updated": _ELSEWHERE,
    "thread/prediction/updated": _ELSEWHERE,
    "thread/project/updated": _ELSEWHERE,
    "thread/readState/changed": "what is unread is kept for clients that list threads as a mailbox",
    "thread/section/changed": _ELSEWHERE,
    "turn/moderationMetadata": "for the provider's own clients; no text for a person",
}
"""Notifications that change nothing here, and why. Realtime (voice) ones: see `ignores`."""

REALTIME = "thread/realtime/"


def ignores(method: str) -> str | None:
    """Why a notification is dropped, or None when it is not."""
    if method.startswith(REALTIME):
        return "voice sessions, which this client does not start"
    return IGNORED.get(method)


def notified(method: str, params: Any, emitted_at_ms: int | None = None) -> Notified | UnknownNotified:
    """The event of one notification. Never raises: what does not fit is kept raw, with the problem.

    Ignored methods come raw too, without a problem; see `ignores`.
    """
    model = NOTIFICATIONS.get(method)
    if model is None:
        problem = "" if ignores(method) is not None else "unknown method"
    else:
        # Straight to the validator: 24,000 deltas a second pass here.
        try:
            return Notified(
                method,
                model.__pydantic_validator__.validate_python(params, by_alias=True, by_name=False),
                emitted_at_ms,
            )
        except ValidationError as error:
            problem = describe(error)
        except RecursionError:
            problem = "nested too deeply"
    return UnknownNotified(method, as_object(params), problem)


def parse_notification(method: str, params: Any) -> Wire | None:
    """The model of a notification's params; None when the method has none or they do not fit."""
    return _parse(NOTIFICATIONS.get(method), params)


def parse_request(method: str, params: Any) -> Wire | None:
    """The model of a server request's params; None when the method has none or they do not fit."""
    return _parse(SERVER_REQUESTS.get(method), params)


def parse_result(method: str, result: Any) -> Wire:
    """The model of a result. Raises ForeignShapeError, or KeyError for a method not in RESULTS."""
    return read(RESULTS[method], result)


def _parse(model: type[Wire] | None, params: Any) -> Wire | None:
    if model is None:
        return None
    try:
        return read(model, params)
    except ForeignShapeError:
        return None


def as_object(params: Any) -> JsonObject:
    """`params` if it is an object, else an object with it as its only member `params`."""
    return cast("JsonObject", params) if isinstance(params, dict) else {"params": params}
