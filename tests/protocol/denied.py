"""Denied reviews of every kind of action, as the engine sends them."""

from __future__ import annotations

from typing import Any

from codex_tui.protocol.base import JsonObject, read
from codex_tui.protocol.deltas import AutoReviewCompleted

ACTIONS: dict[str, JsonObject] = {
    "command": {
        "type": "command",
        "source": "unifiedExec",
        "command": "/bin/bash -c 'rm -rf ../old-builds'",
        "cwd": "/srv/calc",
    },
    "execve": {
        "type": "execve",
        "source": "shell",
        "program": "/bin/rm",
        "argv": ["rm", "-rf", "a b"],
        "cwd": "/srv/calc",
    },
    "writeStdin": {
        "type": "writeStdin",
        "approvalId": "approval",
        "processId": "1000",
        "stdin": "yes\n",
        "cwd": "/srv/my calc",
    },
    "applyPatch": {"type": "applyPatch", "cwd": "/srv/calc", "files": ["/srv/calc/calc.py"]},
    "networkAccess": {
        "type": "networkAccess",
        "target": "https://example.org:8443",
        "host": "example.org",
        "protocol": "socks5Tcp",
        "port": 8443,
    },
    "mcpToolCall": {
        "type": "mcpToolCall",
        "server": "billing",
        "toolName": "refund",
        "connectorId": None,
        "connectorName": None,
        "toolTitle": "Refund",
    },
    "requestPermissions": {
        "type": "requestPermissions",
        "reason": "To publish.",
        "permissions": {
            "network": {"enabled": True},
            "fileSystem": {
                "globScanMaxDepth": 3,
                "entries": [
                    {"path": {"type": "path", "path": "/srv"}, "access": "write"},
                    {
                        "path": {"type": "special", "value": {"kind": "project_roots", "subpath": None}},
                        "access": "read",
                    },
                ],
            },
        },
    },
}


def denied(action: JsonObject, review_id: str = "review", **review: Any) -> AutoReviewCompleted:
    """The notification `item/autoApprovalReview/completed`; `review` are further members of its review."""
    given = {"status": "denied", "riskLevel": "high", "userAuthorization": "low"}
    return read(
        AutoReviewCompleted,
        {
            "threadId": "t",
            "turnId": "turn",
            "reviewId": review_id,
            "targetItemId": "call",
            "startedAtMs": 10,
            "completedAtMs": 20,
            "decisionSource": "agent",
            "review": {**given, "rationale": "Not asked for.", **review},
            "action": action,
        },
    )
