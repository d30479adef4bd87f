"""Saved threads as engines of each generation wrote them: the same made-up conversation in their words.

    thread_id = write_rollout(home, "0.77.0", cwd=project, turns=3)

What differs from one generation to the next was read off files that those engines wrote.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]

GENERATIONS = ("0.42.0", "0.77.0", "0.98.0", "0.125.0", "0.140.0", "0.145.0", "0.150.0", "0.151.0", "0.169.0")
"""One engine of each kind of file there is."""

BEGAN = datetime(2025, 10, 3, 9, 30, tzinfo=UTC)


def prompt_of(turn: int) -> str:
    return f"How long does dough {turn} rest?"


def answer_of(turn: int) -> str:
    return f"Dough {turn} rests for {turn + 1} hours."


def write_rollout(
    home: Path,
    version: str,
    *,
    cwd: Path,
    turns: int = 2,
    provider: str = "scripted",
    archived: bool = False,
    cut: int = 0,
) -> str:
    """Write a thread of so many turns into `$CODEX_HOME`; its id. `cut`: characters that its end lacks.

    Engines before 0.77 note no provider.
    """
    thread_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{version} {turns} {archived} {cwd}"))
    at = BEGAN + timedelta(days=GENERATIONS.index(version) if version in GENERATIONS else 0)
    place = home / "archived_sessions" if archived else home / "sessions" / f"{at:%Y/%m/%d}"
    place.mkdir(parents=True, exist_ok=True)
    lines = _lines(_number(version), version, thread_id, at, str(cwd), turns, provider)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    path = place / f"rollout-{at:%Y-%m-%dT%H-%M-%S}-{thread_id}.jsonl"
    path.write_text(text[: len(text) - cut], encoding="utf-8")
    return thread_id


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _lines(
    number: tuple[int, ...], version: str, thread_id: str, at: datetime, cwd: str, turns: int, provider: str
) -> Iterator[Json]:
    """The file's lines. `number` is the version's."""
    paginated = number >= (0, 151)
    bodies = [("session_meta", _meta(number, version, thread_id, at, cwd, provider))]
    for turn in range(turns):
        bodies += _paged_turn(thread_id, turn, cwd) if paginated else _turn(number, turn, cwd)
    for ordinal, (kind, payload) in enumerate(bodies):
        when = at + timedelta(seconds=ordinal)
        line: Json = {"timestamp": f"{when:%Y-%m-%dT%H:%M:%S}.000Z", "type": kind, "payload": payload}
        yield {**line, "ordinal": ordinal} if number >= (0, 150) else line


def _meta(
    number: tuple[int, ...], version: str, thread_id: str, at: datetime, cwd: str, provider: str
) -> Json:
    meta: Json = {
        "id": thread_id,
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "cwd": cwd,
        "originator": "codex_cli_rs",
        "cli_version": version,
    }
    if number < (0, 98):
        meta["instructions"] = None
    if number >= (0, 77):
        meta |= {"source": "cli", "model_provider": provider}
    if number >= (0, 98):
        meta["base_instructions"] = {"text": "You bake."}
    if number >= (0, 140):
        meta["thread_source"] = "user"
    if number >= (0, 145):
        meta |= {"session_id": thread_id, "history_mode": "paginated" if number >= (0, 151) else "legacy"}
    if number >= (0, 151):
        meta["runtime_workspace_roots"] = [cwd]
    return meta


def _turn(number: tuple[int, ...], turn: int, cwd: str) -> list[tuple[str, Json]]:
    """A turn with a thought, a command, a patch and an answer, as engines up to 0.150 wrote it."""
    turn_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"turn {turn}"))
    call, patch = f"call_{turn}_1", f"call_{turn}_2"
    sandbox = {"mode": "workspace-write"} if number < (0, 77) else {"type": "workspace-write"}
    context: Json = {
        "cwd": cwd,
        "approval_policy": "on-request",
        "sandbox_policy": sandbox,
        "model": "gpt-5",
        "summary": "auto",
    }
    said: Json = {"type": "user_message", "message": prompt_of(turn)}
    said |= {"kind": "plain"} if number < (0, 77) else {"images": []}
    arguments = json.dumps({"command": ["bash", "-lc", "ls"]})
    change = f"*** Begin Patch\n*** Add File: note{turn}.txt\n+dough\n*** End Patch\n"
    lines: list[tuple[str, Json]] = [
        ("response_item", _message("user", "input_text", f"<environment_context>\n  <cwd>{cwd}</cwd>")),
        ("response_item", _message("user", "input_text", prompt_of(turn))),
        ("event_msg", said),
        ("turn_context", context),
        ("event_msg", {"type": "agent_reasoning", "text": "**Thinking of bread**"}),
        ("response_item", _thought()),
        ("response_item", _call(call, "shell", arguments)),
        ("response_item", _output(call, '{"output":"flour\\n","metadata":{"exit_code":0}}')),
        (
            "response_item",
            {"type": "custom_tool_call", "call_id": patch, "name": "apply_patch", "input": change},
        ),
        ("response_item", {"type": "custom_tool_call_output", "call_id": patch, "output": "Success."}),
        ("event_msg", {"type": "agent_message", "message": answer_of(turn)}),
        ("response_item", _message("assistant", "output_text", answer_of(turn))),
        ("event_msg", _tokens(turn)),
    ]
    if (0, 77) <= number < (0, 98):
        lines.insert(1, ("response_item", {"type": "ghost_snapshot", "ghost_commit": _GHOST}))
    if number >= (0, 125):
        context["turn_id"] = turn_id
        began: Json = {"type": "task_started", "turn_id": turn_id, "started_at": 1_760_000_000 + turn}
        ended: Json = {"type": "task_complete", "turn_id": turn_id, "last_agent_message": answer_of(turn)}
        lines = [("event_msg", began), *lines, ("event_msg", {**ended, "duration_ms": 400})]
    if number >= (0, 140):
        end: Json = {
            "type": "patch_apply_end",
            "call_id": patch,
            "turn_id": turn_id,
            "stdout": "Success.",
            "stderr": "",
            "success": True,
            "changes": {f"{cwd}/note{turn}.txt": {"type": "add", "content": "dough\n"}},
            "status": "completed",
        }
        lines.insert(-4, ("event_msg", end))
    return lines


def _paged_turn(thread_id: str, turn: int, cwd: str) -> list[tuple[str, Json]]:
    """The same as engines from 0.151 on write it: whole items, from which the history is made."""
    turn_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"turn {thread_id} {turn}"))
    where = {"thread_id": thread_id, "turn_id": turn_id}

    def done(item: Json) -> tuple[str, Json]:
        times = {"started_at_ms": 1_760_000_000_000 + turn, "completed_at_ms": 1_760_000_000_100 + turn}
        return "event_msg", {"type": "item_completed", **where, "item": item, **times}

    command: Json = {
        "type": "CommandExecution",
        "id": f"call_{turn}_1",
        "command": ["bash", "-lc", "ls"],
        "cwd": f"file://{cwd}",
        "parsed_cmd": [{"type": "list_files", "cmd": "ls", "path": None}],
        "source": "unified_exec_startup",
        "status": "completed",
        "aggregated_output": "flour\n",
        "exit_code": 0,
        "duration": {"secs": 0, "nanos": 4_000_000},
    }
    return [
        ("event_msg", {"type": "task_started", "turn_id": turn_id, "started_at": 1_760_000_000 + turn}),
        ("response_item", _message("user", "input_text", prompt_of(turn))),
        done(
            {
                "type": "UserMessage",
                "id": f"u-{turn_id}",
                "content": [{"type": "text", "text": prompt_of(turn)}],
            }
        ),
        done(command),
        done(
            {
                "type": "AgentMessage",
                "id": f"m-{turn_id}",
                "content": [{"type": "Text", "text": answer_of(turn)}],
            }
        ),
        ("response_item", _message("assistant", "output_text", answer_of(turn))),
        ("event_msg", _tokens(turn)),
        (
            "event_msg",
            {
                "type": "task_complete",
                "turn_id": turn_id,
                "last_agent_message": answer_of(turn),
                "duration_ms": 400,
            },
        ),
    ]


_GHOST: Json = {
    "id": "0123456789012345678901234567890123456789",
    "parent": None,
    "preexisting_untracked_files": [],
    "preexisting_untracked_dirs": [],
}


def _message(role: str, kind: str, text: str) -> Json:
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}


def _thought() -> Json:
    summary = [{"type": "summary_text", "text": "**Thinking of bread**"}]
    return {"type": "reasoning", "summary": summary, "content": None, "encrypted_content": None}


def _call(call_id: str, name: str, arguments: str) -> Json:
    return {"type": "function_call", "name": name, "arguments": arguments, "call_id": call_id}


def _output(call_id: str, output: str) -> Json:
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def _tokens(turn: int) -> Json:
    used = {"input_tokens": 1500 * (turn + 1), "cached_input_tokens": 0, "output_tokens": 4}
    used |= {"reasoning_output_tokens": 0, "total_tokens": 1500 * (turn + 1) + 4}
    info = {"total_token_usage": used, "last_token_usage": used, "model_context_window": 272_000}
    return {"type": "token_count", "info": info, "rate_limits": {"primary": None, "secondary": None}}
