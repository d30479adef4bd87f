"""The table of all methods of the protocol: `python -m tests.protocol.methods_table > docs/METHODS.md`.

Rows come from the installed engine's schema, what happens here from the registry, and the
reasons for the rest from the dictionaries below: by method, or by its beginning when the key
ends with `/`. A method without a reason is an error, so that a new engine is looked at.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from codex_tui.protocol.registry import NOTIFICATIONS, RESULTS, SERVER_REQUESTS, ignores
from codex_tui.session.reducer.dispatch import MESSAGES
from tests.protocol.schema import EngineSchema, generate

RAW_NOTIFICATIONS = {
    "model/safetyBuffering/updated": "rare; its text is for other clients' own boxes",
    "model/verification": "rare; the provider asks the person to verify who they are",
    "thread/environment/": "this client starts no environments but the local one",
    "windows/worldWritableWarning": "no view of its own yet",
    "windowsSandbox/setupCompleted": "no view of its own yet",
}

BY_ITSELF = {
    "account/chatgptAuthTokens/refresh": "refused without asking: this client keeps no tokens",
    "attestation/generate": "refused without asking: this client never says that it can",
    "currentTime/read": "answered without asking",
    "item/tool/call": "refused without asking: this client offers no tools",
}
"""Server requests that no person sees."""

NOT_CALLED = {
    "account/bedrock/": "logging in is `codex login`",
    "account/gatewayOAuth/": "logging in is `codex login`",
    "account/login/": "logging in is `codex login`",
    "account/rateLimits/read": "the notifications after each model call say it",
    "account/logout": "logging out is `codex logout`",
    "account/rateLimitResetCredit/consume": "spends the person's credits; belongs in the account's own pages",
    "account/sendAddCreditsNudgeEmail": "sends mail in the person's name",
    "account/usage/read": "no view for it yet",
    "account/workspaceMessages/read": "no view for it yet",
    "app/": "no view for connected apps yet",
    "collaborationMode/list": "no plan mode switch yet",
    "command/exec": "runs commands with full power outside a thread",
    "command/exec/": "runs commands with full power outside a thread",
    "config/batchWrite": "this client does not edit the engine's configuration",
    "config/mcpServer/reload": "no management of MCP servers yet",
    "configRequirements/read": "no view for it yet",
    "environment/": "one local environment only",
    "experimentalFeature/": "features are set in the configuration",
    "externalAgentConfig/": "importing from other agents is not this client's work",
    "feedback/upload": "sends the person's data away",
    "fs/": "reads and writes with full power outside a thread",
    "fuzzyFileSearch": "no file completion yet",
    "fuzzyFileSearch/": "no file completion yet",
    "hooks/list": "no view for it yet",
    "marketplace/": "no management of plugins",
    "mcpServer/": "no management of MCP servers yet",
    "mcpServerStatus/list": "starts all servers anew; no view for it yet",
    "memory/": "no view for it yet",
    "mock/": "for the engine's own tests",
    "model/list": "no list of models yet",
    "modelProvider/": "providers are set in the configuration",
    "permissionProfile/list": "no view for it yet",
    "plugin/": "no management of plugins",
    "process/": "runs commands with full power outside a thread",
    "project/": "for clients that sort threads into projects",
    "remoteControl/": "no remote control",
    "review/start": "no `/review` yet",
    "rollout/compress": "upkeep of the engine's own files",
    "server/diagnostics": "for the engine's own support",
    "skills/": "no view for skills yet",
    "thread/attachment/": "for clients that attach files of their own",
    "thread/attachmentOwner/": "for clients that attach files of their own",
    "thread/decrement_elicitation": "counts open questions for clients that hide them",
    "thread/goal/": "a goal set elsewhere is shown; this client sets none",
    "thread/guardianReview": "no view for it yet",
    "thread/increment_elicitation": "counts open questions for clients that hide them",
    "thread/inject_items": "writes into the model's history",
    "thread/items/": "thread/turns/list brings whole items",
    "thread/loaded/list": "one thread at a time so far",
    "thread/memoryMode/set": "no view for it yet",
    "thread/metadata/update": "nothing to set",
    "thread/prediction/request": "no predictions",
    "thread/queue/": "what is queued can be seen and not changed yet",
    "thread/readState/update": "for clients that list threads as a mailbox",
    "thread/realtime/": "no voice",
    "thread/section/": "for clients that sort threads into sections",
    "threadSection/": "for clients that sort threads into sections",
    "thread/settings/update": "settings go with the next turn/start",
    "thread/timeline/list": "for voice sessions",
    "turn/settings/update": "settings go with the next turn/start",
    "userVerification/": "for clients of a desktop with a key store",
    "windowsSandbox/": "no view for it yet",
}

NEWER = {
    "thread/section/changed": (0, 169),
    "modelProvider/list": (0, 169),
    "thread/guardianReview": (0, 169),
}
"""Methods known from newer engines than the oldest supported one. They stand in the table either way."""

NEWER_NOTIFICATIONS = ("thread/section/changed",)
NEWER_CALLS = ("modelProvider/list", "thread/guardianReview")

HEAD = """\
# Every method of the engine's protocol, and what this client does with it

Made by `python -m tests.protocol.methods_table`; a test fails when it is stale.
The rows are the methods of the engine that the package installs, with its experimental ones,
and a few of newer engines. *Shown as raw* means: kept as it came, and readable in the log.
Notifications and server requests that nobody knows yet are treated the same way.
"""


class MissingReasonError(LookupError):
    """A method that is neither handled nor has a reason why not."""


def reason(method: str, reasons: Mapping[str, str]) -> str:
    """The reason for `method`: its own, else that of the longest beginning that ends with `/`."""
    if method in reasons:
        return reasons[method]
    for end in range(len(method), 0, -1):
        if method[end - 1] == "/" and method[:end] in reasons:
            return reasons[method[:end]]
    raise MissingReasonError(method)


def table(schema: EngineSchema) -> str:
    """The whole document."""
    return "\n".join(
        (
            HEAD,
            "## Notifications of the engine\n",
            *_rows({*schema.notifications, *NEWER_NOTIFICATIONS}, _notification),
            "\n## Requests of the engine\n",
            "An answer is owed to each. One that nobody knows is shown as raw and answered with an error.\n",
            *_rows(set(schema.server_requests), _server_request),
            "\n## Requests of this client\n",
            *_rows({*schema.client_requests, *NEWER_CALLS}, _client_request),
            "\n## Notifications of this client\n",
            *_rows(set(schema.client_notifications), lambda _: ("sent", "after `initialize`")),
            "",
        )
    )


def _rows(methods: set[str], what: Callable[[str], tuple[str, str]]) -> list[str]:
    rows = ["| Method | Here | How, or why not |", "|---|---|---|"]
    for method in sorted(methods):
        here, how = what(method)
        since = f" (since {'.'.join(map(str, NEWER[method]))})" if method in NEWER else ""
        rows.append(f"| `{method}`{since} | {here} | {how} |")
    return rows


def _notification(method: str) -> tuple[str, str]:
    if method in NOTIFICATIONS:
        model = _model(NOTIFICATIONS[method])
        return ("handled", model) if method in MESSAGES else ("read", f"{model}; nothing is shown of it yet")
    ignored = ignores(method)
    return ("ignored", ignored) if ignored else ("shown as raw", reason(method, RAW_NOTIFICATIONS))


def _server_request(method: str) -> tuple[str, str]:
    if method in BY_ITSELF:
        return "handled", BY_ITSELF[method]
    if method in SERVER_REQUESTS:
        return "handled", f"a person answers; {_model(SERVER_REQUESTS[method])}"
    raise MissingReasonError(method)


def _client_request(method: str) -> tuple[str, str]:
    if method in RESULTS:
        return "called", f"result {_model(RESULTS[method])}"
    return "not called", reason(method, NOT_CALLED)


def _model(model: type) -> str:
    return f"`{model.__module__.rsplit('.', 1)[-1]}.{model.__name__}`"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(table(generate(Path(folder))))
