"""Which event goes where: one table for the engine's messages, one match for all else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from codex_tui.protocol import account, deltas, hooks, mcp, notices, threads, turns
from codex_tui.protocol.base import Wire
from codex_tui.protocol.events import (
    AccountKnown,
    AgentsListed,
    Answered,
    Asked,
    BranchSeen,
    DenialApproved,
    EngineReady,
    EngineStarting,
    EngineStopped,
    Event,
    LineSkipped,
    Notified,
    OlderSought,
    OlderTurns,
    PlansRecalled,
    PromptFailed,
    PromptSent,
    Remarked,
    TerminalsListed,
    ThreadOpened,
    ThreadShown,
    TurnsTakenBack,
    UnknownNotified,
)
from codex_tui.session.reducer import (
    health,
    history,
    items,
    questions,
    recalled,
    reviews,
    rewound,
    streams,
    terminals,
)
from codex_tui.session.reducer import notices as notes
from codex_tui.session.reducer import threads as conversations
from codex_tui.session.reducer import turns as rounds
from codex_tui.session.reducer.places import Step, unchanged
from codex_tui.session.state import State

W = TypeVar("W", bound=Wire)
Rule = Callable[[State, Wire], Step | None]
"""What a message does; None when it is not of the kind the rule is for."""


def _rule(kind: type[W], apply: Callable[[State, W], Step]) -> Rule:
    return lambda state, said: apply(state, said) if isinstance(said, kind) else None


MESSAGES: dict[str, Rule] = {
    "account/login/completed": _rule(account.LoginCompleted, notes.login_completed),
    "account/updated": _rule(account.AccountUpdated, health.account_updated),
    "autoApprovalReview/strictReviewRequired": _rule(deltas.StrictReviewRequired, notes.strict_review),
    "configWarning": _rule(notices.ConfigWarning, notes.config_warned),
    "deprecationNotice": _rule(notices.DeprecationNotice, notes.deprecated),
    "error": _rule(turns.ErrorNotified, rounds.failed),
    "guardianWarning": _rule(notices.GuardianWarned, notes.guardian_warned),
    "hook/completed": _rule(hooks.HookCompleted, notes.hook_completed),
    "item/agentMessage/delta": _rule(deltas.AgentMessageDelta, streams.agent_text),
    "item/autoApprovalReview/completed": _rule(deltas.AutoReviewCompleted, reviews.reviewed),
    "item/autoApprovalReview/started": _rule(deltas.AutoReviewStarted, reviews.reviewed),
    "item/commandExecution/outputDelta": _rule(deltas.CommandOutputDelta, streams.output),
    "item/commandExecution/terminalInteraction": _rule(deltas.TerminalInteraction, items.typed),
    "item/completed": _rule(deltas.ItemCompleted, items.completed),
    "item/fileChange/patchUpdated": _rule(deltas.PatchUpdated, streams.patch),
    "item/mcpToolCall/progress": _rule(deltas.McpToolProgress, items.progressed),
    "item/plan/delta": _rule(deltas.PlanDelta, streams.plan_text),
    "item/reasoning/summaryPartAdded": _rule(deltas.ReasoningPartAdded, streams.reasoning),
    "item/reasoning/summaryTextDelta": _rule(deltas.ReasoningSummaryDelta, streams.reasoning),
    "item/reasoning/textDelta": _rule(deltas.ReasoningDelta, streams.reasoning),
    "item/started": _rule(deltas.ItemStarted, items.started),
    "mcpServer/oauthLogin/completed": _rule(mcp.McpLoginCompleted, notes.server_login),
    "mcpServer/startupStatus/updated": _rule(mcp.McpServerStatusUpdated, notes.server_status),
    "model/rerouted": _rule(turns.ModelRerouted, notes.rerouted),
    "modelProvider/authRecoveryStarted": _rule(turns.AuthRecovery, notes.recovering),
    "modelProvider/authRecoveryCompleted": _rule(turns.AuthRecovery, notes.recovering),
    "serverRequest/resolved": _rule(notices.ServerRequestResolved, questions.resolved),
    "thread/archived": _rule(threads.ThreadArchived, conversations.archived),
    "thread/closed": _rule(threads.ThreadClosed, conversations.closed),
    "thread/compacted": _rule(threads.ThreadCompacted, rounds.compacted),
    "thread/deleted": _rule(threads.ThreadDeleted, conversations.deleted),
    "thread/goal/updated": _rule(threads.ThreadGoalUpdated, conversations.goal_updated),
    "thread/name/updated": _rule(threads.ThreadNameUpdated, conversations.name_updated),
    "thread/reverted": _rule(threads.ThreadReverted, rewound.reverted),
    "thread/settings/updated": _rule(threads.ThreadSettingsUpdated, conversations.settings_updated),
    "thread/started": _rule(threads.ThreadStarted, conversations.started),
    "thread/status/changed": _rule(threads.ThreadStatusChanged, conversations.status_changed),
    "thread/tokenUsage/updated": _rule(threads.ThreadTokenUsageUpdated, conversations.tokens_updated),
    "turn/completed": _rule(turns.TurnCompleted, rounds.completed),
    "turn/diff/updated": _rule(turns.TurnDiffUpdated, rounds.diff_updated),
    "turn/plan/updated": _rule(turns.TurnPlanUpdated, rounds.plan_updated),
    "turn/started": _rule(turns.TurnStarted, rounds.started),
    "warning": _rule(notices.Warned, notes.warned),
}
"""What each message does. Those of `registry.NOTIFICATIONS` that are not here need no place in the
state: what they announce is told by another message, or by an answer the host asks for."""


def take(state: State, event: Event) -> Step:
    """As `reduce`, without its net: tests go through here, so that no mistake stays unseen."""
    match event:
        case Notified():
            return _take_message(state, event)
        case UnknownNotified():
            return notes.unknown(state, event)
        case Asked():
            return questions.asked(state, event)
        case Answered():
            return questions.answered(state, event)
        case ThreadOpened() | OlderTurns() | OlderSought() | TurnsTakenBack():
            gone = isinstance(event, TurnsTakenBack)
            return rewound.taken_back(state, event) if gone else history.loaded(state, event)
        case PromptSent() | PromptFailed() | ThreadShown():
            return _take_wish(state, event)
        case BranchSeen() | AgentsListed():
            seen = isinstance(event, BranchSeen)
            return conversations.branch_seen(state, event) if seen else conversations.agents(state, event)
        case TerminalsListed() | PlansRecalled():
            listed = isinstance(event, TerminalsListed)
            return terminals.listed(state, event) if listed else recalled.plans(state, event)
        case DenialApproved() | Remarked():
            approved = isinstance(event, DenialApproved)
            return reviews.approved(state, event) if approved else notes.remarked(state, event)
        case EngineStarting() | EngineReady() | EngineStopped() | LineSkipped() | AccountKnown():
            return _take_health(state, event)


def _take_wish(state: State, event: PromptSent | PromptFailed | ThreadShown) -> Step:
    match event:
        case PromptSent():
            return conversations.prompt_sent(state, event)
        case PromptFailed():
            return conversations.prompt_failed(state, event)
        case ThreadShown():
            return conversations.shown(state, event)


def _take_health(
    state: State, event: EngineStarting | EngineReady | EngineStopped | LineSkipped | AccountKnown
) -> Step:
    match event:
        case EngineStarting():
            return health.starting(state, event)
        case EngineReady():
            return health.ready(state, event)
        case EngineStopped():
            return health.stopped(state, event)
        case LineSkipped():
            return health.skipped(state, event)
        case AccountKnown():
            return health.account_known(state, event)


def _take_message(state: State, event: Notified) -> Step:
    rule = MESSAGES.get(event.method)
    if rule is None:
        return unchanged(state)
    step = rule(state, event.params)
    return step if step is not None else notes.unfit(state, event)
