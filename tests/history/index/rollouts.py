"""Rollout files as engines of each generation write them, for tests of the index."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

Generation = Literal["events", "unnamed", "items", "model", "bare"]
GENERATIONS: Final[tuple[Generation, ...]] = ("events", "unnamed", "items", "model", "bare")
"""Engines up to 0.150, up to 0.98 (turns without ids), from 0.151; what the model reads alone; the oldest."""

HEAD: Final = {"id": "x", "cwd": "/home/dev", "instructions": "You are Codex."}


def line(kind: str, payload: dict[str, Any]) -> str:
    return json.dumps({"timestamp": "2026-01-02T03:04:05.678Z", "type": kind, "payload": payload}) + "\n"


def head(generation: Generation) -> str:
    return json.dumps(HEAD) + "\n" if generation == "bare" else line("session_meta", HEAD)


def turn(generation: Generation, id: str, prompt: str, *answers: str) -> str:
    """One whole turn, with what stands around the words: contexts, outputs, counts."""
    begin = line("event_msg", {"type": "task_started", "turn_id": id})
    end = line("event_msg", {"type": "task_complete", "turn_id": id, "last_agent_message": "|".join(answers)})
    output = line("response_item", {"type": "function_call_output", "output": "told by a command"})
    if generation == "model":
        context = message("user", "<environment_context>told to the model</environment_context>")
        said = [message("user", prompt), *(message("assistant", text) for text in answers)]
        return "".join(line("response_item", part) for part in (context, *said)) + output
    if generation == "bare":
        said = [message("user", prompt), *(message("assistant", text) for text in answers)]
        return "".join(json.dumps(part) + "\n" for part in said)
    if generation == "items":
        said = [("UserMessage", prompt), *(("AgentMessage", text) for text in answers)]
        return begin + "".join(item(id, kind, text) for kind, text in said) + output + end
    events = [("user_message", prompt), *(("agent_message", text) for text in answers)]
    told = [line("event_msg", {"type": kind, "message": text}) for kind, text in events]
    body = line("response_item", message("user", prompt)) + told[0] + output + "".join(told[1:])
    return body if generation == "unnamed" else begin + body + end


def message(role: str, text: str) -> dict[str, Any]:
    kind = "input_text" if role == "user" else "output_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}


def item(turn_id: str, kind: str, text: str) -> str:
    part = {"type": "text" if kind == "UserMessage" else "Text", "text": text}
    told = {"type": kind, "id": "i", "content": [part]}
    return line("event_msg", {"type": "item_completed", "turn_id": turn_id, "item": told})


def rolled_back(turns: int) -> str:
    return line("event_msg", {"type": "thread_rolled_back", "num_turns": turns})


class Home:
    """An engine's home; each write is at a later time than the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._clock = 1_700_000_000

    def path(self, number: int, *, archived: bool = False) -> Path:
        folder = self.folder / ("archived_sessions" if archived else "sessions/2026/01/02")
        return folder / f"rollout-2026-01-02T03-04-05-{thread(number)}.jsonl"

    def write(self, number: int, text: str | bytes, *, archived: bool = False) -> Path:
        path = self.path(number, archived=archived)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.touch(path)
        return path

    def append(self, path: Path, text: str | bytes) -> None:
        with path.open("ab") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        self.touch(path)

    def touch(self, path: Path) -> None:
        self._clock += 60
        os.utime(path, (self._clock, self._clock))

    def talk(self, number: int, *said: Sequence[str], generation: Generation = "events") -> Path:
        """A thread of so many turns: each a prompt and its answers."""
        turns = [turn(generation, f"u{at}", *texts) for at, texts in enumerate(said)]
        return self.write(number, head(generation) + "".join(turns))


def thread(number: int) -> str:
    return f"01998000-0000-7000-8000-{number:012}"
