"""Messages as engines send them, one of each kind that matters here; ids and paths are made up.

Where an engine from 0.169 on sends more members than 0.163 did, both shapes are here.
"""

from __future__ import annotations

from typing import Any

IDS: dict[str, Any] = {"threadId": "thr-1", "turnId": "turn-1"}
ITEM: dict[str, Any] = {**IDS, "itemId": "item-1"}
TURN: dict[str, Any] = {
    "id": "turn-1",
    "items": [],
    "itemsView": "notLoaded",
    "status": "inProgress",
    "error": None,
    "startedAt": 1790000000,
    "completedAt": None,
    "durationMs": None,
}
THREAD: dict[str, Any] = {
    "id": "thr-1",
    "sessionId": "thr-1",
    "forkedFromId": None,
    "preview": "",
    "ephemeral": False,
    "modelProvider": "lab",
    "createdAt": 1790000000,
    "updatedAt": 1790000000,
    "status": {"type": "idle"},
    "path": "/home/dev/.codex/sessions/rollout.jsonl",
    "cwd": "/home/dev/project",
    "cliVersion": "0.163.0",
    "source": "vscode",
    "gitInfo": {"sha": None, "branch": "main", "originUrl": None},
    "name": None,
    "projectId": None,
    "turns": [],
}
COMMAND: dict[str, Any] = {
    "type": "commandExecution",
    "id": "item-1",
    "command": "/bin/bash -lc 'ls -la'",
    "cwd": "/home/dev/project",
    "processId": "4242",
    "source": "unifiedExecStartup",
    "status": "inProgress",
    "commandActions": [{"type": "listFiles", "command": "ls -la", "path": None}],
    "aggregatedOutput": None,
    "exitCode": None,
    "durationMs": None,
}
PATCH: dict[str, Any] = {
    "type": "fileChange",
    "id": "item-2",
    "changes": [
        {"path": "/home/dev/project/a.txt", "kind": {"type": "add"}, "diff": "one\n"},
        {
            "path": "/home/dev/project/b.txt",
            "kind": {"type": "update", "move_path": "/home/dev/project/c.txt"},
            "diff": "@@ -1 +1 @@\n-two\n+three\n",
        },
    ],
    "status": "completed",
}

NOTIFICATIONS: list[tuple[str, dict[str, Any]]] = [
    ("thread/started", {"thread": THREAD}),
    ("thread/started", {"thread": {**THREAD, "attachedToThreadId": None, "cliVersion": "0.169.0"}}),
    ("thread/status/changed", {"threadId": "thr-1", "status": {"type": "idle"}}),
    (
        "thread/status/changed",
        {"threadId": "thr-1", "status": {"type": "active", "activeFlags": ["waitingOnApproval"]}},
    ),
    ("thread/name/updated", {"threadId": "thr-1", "threadName": "Fix the tests"}),
    ("thread/closed", {"threadId": "thr-1"}),
    (
        "thread/tokenUsage/updated",
        {
            **IDS,
            "tokenUsage": {
                "total": {"totalTokens": 20, "inputTokens": 15, "cachedInputTokens": 0, "outputTokens": 5},
                "last": {"totalTokens": 20, "inputTokens": 15, "cachedInputTokens": 0, "outputTokens": 5},
                "modelContextWindow": 272000,
            },
        },
    ),
    ("turn/started", {"threadId": "thr-1", "turn": TURN}),
    (
        "turn/completed",
        {
            "threadId": "thr-1",
            "turn": {
                **TURN,
                "status": "failed",
                "error": {
                    "message": "stream disconnected",
                    "codexErrorInfo": {"responseStreamDisconnected": {"httpStatusCode": 502}},
                    "additionalDetails": None,
                },
            },
        },
    ),
    ("turn/diff/updated", {**IDS, "diff": "diff --git a/a.txt b/a.txt\n"}),
    ("turn/plan/updated", {**IDS, "explanation": None, "plan": [{"step": "Look", "status": "inProgress"}]}),
    (
        "error",
        {
            **IDS,
            "error": {
                "message": "no",
                "codexErrorInfo": "usageLimitExceeded",
                "additionalDetails": None,
                "misalignment": None,
            },
            "willRetry": False,
        },
    ),
    ("item/started", {**IDS, "item": COMMAND, "startedAtMs": 1790000000000}),
    (
        "item/started",
        {**IDS, "item": {**COMMAND, "startedAtMs": 1790000000000, "completedAtMs": None}, "startedAtMs": 1},
    ),
    ("item/completed", {**IDS, "item": PATCH, "completedAtMs": 1790000000001}),
    (
        "item/completed",
        {
            **IDS,
            "item": {
                "type": "agentMessage",
                "id": "item-3",
                "text": "Done.",
                "phase": "final_answer",
                "moderation": None,
                "memoryCitation": None,
                "delivery": None,
                "questions": None,
                "startedAtMs": None,
                "completedAtMs": 2,
            },
            "contentTokenCount": 3,
            "completedAtMs": 2,
        },
    ),
    (
        "item/completed",
        {**IDS, "item": {"type": "hologram", "id": "item-4", "beam": [1]}, "completedAtMs": 1},
    ),
    ("item/agentMessage/delta", {**ITEM, "delta": "Hel"}),
    ("item/commandExecution/outputDelta", {**ITEM, "delta": "total 0\n"}),
    ("item/commandExecution/terminalInteraction", {**ITEM, "processId": "4242", "stdin": "q"}),
    ("item/reasoning/summaryPartAdded", {**ITEM, "summaryIndex": 1}),
    ("item/reasoning/summaryTextDelta", {**ITEM, "delta": "Hm", "summaryIndex": 1}),
    ("item/reasoning/textDelta", {**ITEM, "delta": "Hm", "contentIndex": 0}),
    ("item/fileChange/patchUpdated", {**ITEM, "changes": PATCH["changes"]}),
    ("serverRequest/resolved", {"threadId": "thr-1", "requestId": 0}),
    ("serverRequest/resolved", {"threadId": "thr-1", "requestId": "0"}),
    ("warning", {"threadId": "thr-1", "message": "Model metadata not found."}),
    (
        "configWarning",
        {
            "summary": "Invalid configuration; using defaults.",
            "details": "unknown variant",
            "path": "/home/dev/.codex/config.toml",
            "range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 9}},
        },
    ),
    ("mcpServer/startupStatus/updated", {"name": "lab", "status": "failed", "error": "no such file"}),
    ("account/rateLimits/updated", {"rateLimits": {"limitId": "codex", "primary": None, "planType": None}}),
    (
        "hook/completed",
        {
            "threadId": "thr-1",
            "turnId": None,
            "run": {"id": "h", "eventName": "stop", "status": "completed", "entries": [], "durationMs": 12},
        },
    ),
]

REQUESTS: list[tuple[str, dict[str, Any]]] = [
    (
        "item/commandExecution/requestApproval",
        {
            **ITEM,
            "kind": "command",
            "startedAtMs": 1,
            "environmentId": "local",
            "command": "/bin/bash -lc 'touch a.txt && echo one'",
            "cwd": "/home/dev/project",
            "commandActions": [{"type": "unknown", "command": "touch a.txt && echo one"}],
            "proposedExecpolicyAmendment": ["touch", "a.txt"],
            "availableDecisions": [
                "accept",
                {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["touch", "a.txt"]}},
                "cancel",
            ],
        },
    ),
    (
        "item/commandExecution/requestApproval",
        {
            **ITEM,
            "itemId": "network#local#http#example.com#80#1",
            "kind": "command",
            "startedAtMs": 1,
            "reason": "Network access to example.com requires approval",
            "networkApprovalContext": {"host": "example.com", "protocol": "http"},
            "proposedNetworkPolicyAmendments": [
                {"host": "example.com", "action": "allow"},
                {"host": "example.com", "action": "deny"},
            ],
            "availableDecisions": [
                "accept",
                "acceptForSession",
                {
                    "applyNetworkPolicyAmendment": {
                        "network_policy_amendment": {"host": "example.com", "action": "allow"}
                    }
                },
                "cancel",
            ],
        },
    ),
    ("item/fileChange/requestApproval", {**ITEM, "startedAtMs": 1, "reason": None, "grantRoot": None}),
    (
        "item/permissions/requestApproval",
        {
            **ITEM,
            "startedAtMs": 1,
            "cwd": "/home/dev/project",
            "reason": "I need to write to /opt/x",
            "permissions": {
                "network": {"enabled": True},
                "fileSystem": {
                    "write": ["/opt/x"],
                    "entries": [{"path": {"type": "path", "path": "/opt/x"}, "access": "write"}],
                },
            },
        },
    ),
    (
        "item/tool/requestUserInput",
        {
            **ITEM,
            "questions": [
                {
                    "id": "lang",
                    "header": "Language",
                    "question": "Which language?",
                    "isOther": True,
                    "isSecret": False,
                    "options": [{"label": "Rust", "description": "Fast"}],
                }
            ],
            "isBlocking": True,
            "autoResolutionMs": None,
        },
    ),
    (
        "mcpServer/elicitation/request",
        {
            **IDS,
            "serverName": "lab",
            "mode": "form",
            "_meta": {"codex_approval_kind": "mcp_tool_call", "persist": ["session"], "tool_name": "destroy"},
            "message": 'Allow the lab MCP server to run tool "destroy"?',
            "requestedSchema": {"type": "object", "properties": {}},
        },
    ),
    ("item/tool/call", {**IDS, "callId": "call-1", "namespace": None, "tool": "find", "arguments": {"q": 1}}),
    (
        "execCommandApproval",
        {
            "conversationId": "thr-1",
            "callId": "call-1",
            "command": ["bash", "-lc", "ls"],
            "cwd": "/home/dev/project",
            "parsedCmd": [{"type": "unknown", "cmd": "ls"}],
        },
    ),
    (
        "applyPatchApproval",
        {
            "conversationId": "thr-1",
            "callId": "call-1",
            "fileChanges": {"/a": {"type": "add", "content": ""}},
        },
    ),
]
