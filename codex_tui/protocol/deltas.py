"""Item notifications: started, completed, and everything that streams in between.

Within one item the order is strict: started, deltas, completed. Only `patchUpdated` may come
before `item/started`, and an item may never complete.
"""

from typing import Annotated

from codex_tui.protocol.base import JsonObject, Since, Wire, known
from codex_tui.protocol.items import AnyItem, FileUpdate


class ItemStarted(Wire):
    """`item/started`. Time in ms since the epoch."""

    thread_id: str
    turn_id: str
    item: AnyItem
    started_at_ms: int | None = None


class ItemCompleted(Wire):
    """`item/completed`: the item as it is from now on; what had streamed is replaced by it."""

    thread_id: str
    turn_id: str
    item: AnyItem
    completed_at_ms: int | None = None
    content_token_count: Annotated[int | None, Since((0, 169))] = None


class ItemNotice(Wire):
    """Which item a notification is about."""

    thread_id: str
    turn_id: str
    item_id: str


class TextDelta(ItemNotice):
    """More text at the end of an item."""

    delta: str


class AgentMessageDelta(TextDelta):
    """`item/agentMessage/delta`."""


class PlanDelta(TextDelta):
    """`item/plan/delta`."""


class CommandOutputDelta(TextDelta):
    """`item/commandExecution/outputDelta`. The head of the output may be missing; completion brings all."""


class FileChangeOutputDelta(TextDelta):
    """`item/fileChange/outputDelta`."""


class ReasoningSummaryDelta(TextDelta):
    """`item/reasoning/summaryTextDelta`: for the part `summary_index`."""

    summary_index: int = 0


class ReasoningDelta(TextDelta):
    """`item/reasoning/textDelta`: raw reasoning, part `content_index`."""

    content_index: int = 0


class ReasoningPartAdded(ItemNotice):
    """`item/reasoning/summaryPartAdded`."""

    summary_index: int = 0


class TerminalInteraction(ItemNotice):
    """`item/commandExecution/terminalInteraction`: the model typed `stdin`, or polled if it is empty."""

    process_id: str = ""
    stdin: str = ""


class PatchUpdated(ItemNotice):
    """`item/fileChange/patchUpdated`: a patch as it is written; relative paths, no applicable diff."""

    changes: tuple[FileUpdate, ...] = ()


class McpToolProgress(ItemNotice):
    """`item/mcpToolCall/progress`."""

    message: str = ""


class Review(Wire):
    """What an automatic reviewer thinks of an action."""

    status: Annotated[str, known("inProgress", "approved", "denied", "timedOut", "aborted")] = "inProgress"
    rationale: str | None = None
    risk_level: Annotated[str | None, known("low", "medium", "high", "critical")] = None
    user_authorization: Annotated[str | None, known("unknown", "low", "medium", "high")] = None


class AutoReviewStarted(Wire):
    """`item/autoApprovalReview/started`. `action` has a `type`: command, execve, applyPatch, …"""

    thread_id: str
    turn_id: str
    review_id: str
    target_item_id: str | None = None
    review: Review
    action: JsonObject
    started_at_ms: int | None = None


class AutoReviewCompleted(AutoReviewStarted):
    """`item/autoApprovalReview/completed`."""

    completed_at_ms: int | None = None
    decision_source: Annotated[str | None, known("agent")] = None


class StrictReviewRequired(Wire):
    """`autoApprovalReview/strictReviewRequired`: from here on the reviewer looks at everything."""

    thread_id: str
    turn_id: str
