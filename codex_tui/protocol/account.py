"""Who is logged in, and how much of the allowance is left."""

from typing import Annotated

from codex_tui.protocol.base import Wire, known


class Account(Wire):
    """`email` and `plan_type` only for `chatgpt`."""

    type: Annotated[str, known("apiKey", "chatgpt", "amazonBedrock")]
    email: str | None = None
    plan_type: str | None = None


class AccountReadResult(Wire):
    """Of `account/read`; `account` is None when nobody is logged in."""

    account: Account | None = None
    requires_openai_auth: bool = False


class AccountUpdated(Wire):
    """`account/updated`."""

    auth_mode: str | None = None
    plan_type: str | None = None


class LoginCompleted(Wire):
    """`account/login/completed`."""

    login_id: str | None = None
    success: bool = False
    error: str | None = None


class RateLimitWindow(Wire):
    """`used_percent` 0 to 100; `resets_at` in seconds since the epoch."""

    used_percent: int = 0
    window_duration_mins: int | None = None
    resets_at: int | None = None


class Credits(Wire):
    has_credits: bool = False
    unlimited: bool = False
    balance: str | None = None


class RateLimits(Wire):
    """All members are None without a ChatGPT login."""

    limit_id: str | None = None
    limit_name: str | None = None
    plan_type: str | None = None
    primary: RateLimitWindow | None = None
    secondary: RateLimitWindow | None = None
    credits: Credits | None = None
    rate_limit_reached_type: str | None = None


class RateLimitsUpdated(Wire):
    """`account/rateLimits/updated`: after each model call."""

    rate_limits: RateLimits


class AuthTokensRefresh(Wire):
    """`account/chatgptAuthTokens/refresh` (server request): a login given from outside has run out."""

    reason: Annotated[str, known("unauthorized")] = ""
    previous_account_id: str | None = None
