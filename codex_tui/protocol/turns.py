"""Turns: one prompt and everything the model did about it (`Turn` in the engine's schema)."""

from typing import Annotated, Any, cast

from pydantic import Field

from codex_tui.protocol.base import JsonObject, Wire, known
from codex_tui.protocol.items import AnyItem

TurnStatus = Annotated[str, known("inProgress", "completed", "interrupted", "failed")]


class TurnError(Wire):
    """Why a turn failed or a model call is retried. `codex_error_info` is a word, or `{word: {…}}`."""

    message: str = ""
    additional_details: str | None = None
    codex_error_info: str | JsonObject | None = None

    @property
    def kind(self) -> str:
        """The word of `codex_error_info`: contextWindowExceeded, usageLimitExceeded, …; "" without one."""
        info = self.codex_error_info
        if isinstance(info, dict):
            return next(iter(info), "")
        return info or ""

    @property
    def http_status(self) -> int | None:
        """The status code of the provider's answer, when `codex_error_info` brings one."""
        info = self.codex_error_info
        inner: Any = info.get(self.kind) if isinstance(info, dict) else None
        if not isinstance(inner, dict):
            return None
        status: Any = cast("JsonObject", inner).get("httpStatusCode")
        return status if type(status) is int else None


class Turn(Wire):
    """One turn. `started_at` and `completed_at` are in seconds since the epoch."""

    id: str
    root_turn_id: str | None = None
    status: TurnStatus = "inProgress"
    items: tuple[AnyItem, ...] = ()
    items_view: Annotated[str, known("notLoaded", "summary", "full")] = "full"
    error: TurnError | None = None
    started_at: int | None = None
    completed_at: int | None = None
    duration_ms: int | None = None


class TurnsPage(Wire):
    """A page of turns; also the result of `thread/turns/list`. Newest first unless asked otherwise."""

    data: tuple[Turn, ...] = ()
    next_cursor: str | None = None
    backwards_cursor: str | None = None


class TurnStartResult(Wire):
    """Of `turn/start`. During a turn it is that turn: the prompt then steers it."""

    turn: Turn


class TurnSteerResult(Wire):
    """Of `turn/steer`."""

    turn_id: str


class TurnStarted(Wire):
    """`turn/started`."""

    thread_id: str
    turn: Turn


class TurnCompleted(Wire):
    """`turn/completed`. Its `turn.items` are not the transcript: at most the last agent message."""

    thread_id: str
    turn: Turn


class TurnDiffUpdated(Wire):
    """`turn/diff/updated`: the whole turn's diff so far, in git's style."""

    thread_id: str
    turn_id: str
    diff: str


class PlanStep(Wire):
    step: str
    status: Annotated[str, known("pending", "inProgress", "completed")] = "pending"


class TurnPlanUpdated(Wire):
    """`turn/plan/updated`: the agent's checklist as it stands now."""

    thread_id: str
    turn_id: str
    explanation: str | None = None
    plan: tuple[PlanStep, ...] = ()


class ErrorNotified(Wire):
    """`error`: a model call failed. With `will_retry` the turn goes on, else `turn/completed` follows."""

    thread_id: str
    turn_id: str
    error: TurnError
    will_retry: bool = False


class ModelRerouted(Wire):
    """`model/rerouted`: the provider answers with another model than the one asked for."""

    thread_id: str
    turn_id: str
    from_model: str = ""
    to_model: str = ""
    reason: Annotated[str, known("highRiskCyberActivity")] = ""


class AuthRecovery(Wire):
    """`modelProvider/authRecoveryStarted` and `…Completed`: the engine renews a provider's login."""

    thread_id: str
    turn_id: str
    provider: str = ""
    message: str = ""


class TokenBreakdown(Wire):
    """Tokens of one model call, or of all calls of a thread."""

    total_tokens: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_output_tokens: int = 0


class TokenUsage(Wire):
    """`last` is the newest model call: its total fills the context window. `total` only ever grows."""

    total: TokenBreakdown = Field(default_factory=TokenBreakdown)
    last: TokenBreakdown = Field(default_factory=TokenBreakdown)
    model_context_window: int | None = None
