"""Requests for rights, questions and the old engines' approvals, as tests of dialogs want them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.registry import parse_request
from codex_tui.session.inbox import Question
from tests.ui.dialogs.stage import PROJECT, question

IDS: JsonObject = {"threadId": "t", "turnId": "u", "itemId": "call_1"}
RIGHTS = "item/permissions/requestApproval"
INPUT = "item/tool/requestUserInput"


def asked(method: str, raw: JsonObject, number: int = 0) -> Question:
    """A request as it comes; it must fit its model."""
    params = parse_request(method, raw)
    assert params is not None, method
    thread = raw.get("threadId") or raw.get("conversationId")
    return replace(question(method, params, raw, number), thread_id=thread)


def entry(path: str, access: str) -> JsonObject:
    return {"path": {"type": "path", "path": path}, "access": access}


def rights(permissions: JsonObject, **more: Any) -> Question:
    raw: JsonObject = {
        **IDS,
        "environmentId": "local",
        "startedAtMs": 1,
        "cwd": PROJECT,
        "reason": None,
        **more,
    }
    return asked(RIGHTS, {**raw, "permissions": permissions})


def some_rights(**more: Any) -> Question:
    """Network, three paths of which one is a link, a pattern, and a place that stays closed."""
    files: JsonObject = {
        "read": ["/etc/hosts", f"{PROJECT}/setup.cfg"],
        "write": ["/opt/notes"],
        "entries": [
            entry("/etc/hosts", "read"),
            entry(f"{PROJECT}/setup.cfg", "read"),
            entry("/opt/notes", "write"),
            {"path": {"type": "glob_pattern", "pattern": "/srv/**/*.log"}, "access": "read"},
            entry("/opt/notes/keys", "deny"),
        ],
        "globScanMaxDepth": 3,
    }
    return rights(
        {"network": {"enabled": True}, "fileSystem": files}, reason="the notes are kept there", **more
    )


def ask(
    name: str, text: str, *options: tuple[str, str], other: bool = True, secret: bool = False
) -> JsonObject:
    listed = [{"label": label, "description": words} for label, words in options]
    return {
        "id": name,
        "header": name.capitalize(),
        "question": text,
        "isOther": other,
        "isSecret": secret,
        "options": listed or None,
    }


def questions(*asks: JsonObject, blocking: bool = True) -> Question:
    raw: JsonObject = {**IDS, "questions": list(asks), "isBlocking": blocking, "autoResolutionMs": None}
    return asked(INPUT, raw)


SIGN = ask(
    "sign", "Which division do you mean?", ("True (Recommended)", "7 / 2 is 3.5"), ("Floor", "7 / 2 is 3")
)
ZERO = ask("zero", "And for zero?", ("Error", "raise ValueError"), ("None", "return None"))
KEY = ask("key", "Which key has the server?", secret=True)


def legacy_command(*command: str, **more: Any) -> Question:
    raw: JsonObject = {
        "conversationId": "t",
        "callId": "call_1",
        "command": list(command),
        "cwd": PROJECT,
        "parsedCmd": [{"type": "read", "cmd": "cat notes", "name": "notes", "path": "notes"}],
        "reason": "to see what is there",
        **more,
    }
    return asked("execCommandApproval", raw)


def legacy_patch(changes: JsonObject, **more: Any) -> Question:
    raw: JsonObject = {"conversationId": "t", "callId": "call_1", "fileChanges": changes, **more}
    return asked("applyPatchApproval", raw)


OLD_PATCH: JsonObject = {
    f"{PROJECT}/calc.py": {
        "type": "update",
        "unified_diff": "@@ -1,2 +1,2 @@\n a\n-b\n+c\n",
        "move_path": None,
    },
    f"{PROJECT}/new.py": {"type": "add", "content": "x = 1\n"},
    "/etc/motd": {"type": "delete", "content": "hello\n"},
}
