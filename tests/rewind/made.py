"""Threads made for tests: turns with prompts, patches as the engine records them, commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from codex_tui.protocol.items import parse_item
from codex_tui.session.series import Series
from codex_tui.session.transcript import Item, Settings, Thread, Turn
from tests.diffs.made import change_of, written, written_hunks

ROOT = "/p"

Files = Mapping[str, str]
"""Path to text: a whole folder."""


def patch(before: Files, after: Files, moves: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """What leads from one folder to another, as the changes of a `fileChange` item. `moves`: old path
    to new path."""
    moves = moves or {}
    changes: list[dict[str, Any]] = []
    for old, new in moves.items():
        hunks = change_of(before[old], after[new]).hunks
        kind = {"type": "update", "move_path": new}
        changes.append({"path": old, "kind": kind, "diff": written_hunks(hunks)})
    moved = {*moves, *moves.values()}
    for path in sorted({*before, *after} - moved):
        old_text, new_text = before.get(path), after.get(path)
        if old_text == new_text:
            continue
        if old_text is None:
            changes.append({"path": path, "kind": {"type": "add"}, "diff": new_text})
        elif new_text is None:
            changes.append({"path": path, "kind": {"type": "delete"}, "diff": old_text})
        else:
            diff = written_hunks(change_of(old_text, new_text).hunks)
            changes.append({"path": path, "kind": {"type": "update"}, "diff": diff})
    return changes


def whole_diff(before: Files, after: Files) -> str:
    """What leads from one folder to another, as a turn's git diff; paths as they are."""
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    return written([change_of(before.get(path), after.get(path), path) for path in changed])


def said(text: str, id: str = "said") -> dict[str, Any]:
    return {"type": "userMessage", "id": id, "content": [{"type": "text", "text": text}]}


def patched(changes: Sequence[Mapping[str, Any]], id: str, status: str = "completed") -> dict[str, Any]:
    return {"type": "fileChange", "id": id, "changes": list(changes), "status": status}


def ran(command: str, id: str = "ran", **more: Any) -> dict[str, Any]:
    return {
        "type": "commandExecution",
        "id": id,
        "command": command,
        "cwd": ROOT,
        "status": "completed",
        "commandActions": [{"type": "unknown", "command": command}],
        **more,
    }


def turn(id: str, *bodies: dict[str, Any], diff: str = "", at_ms: int | None = 0) -> Turn:
    """A finished turn with these items; their ids are made unique."""
    items = [Item(f"{id}-{at}", id, parse_item(body), "done") for at, body in enumerate(bodies)]
    return Turn(id, "completed", items=Series(items), diff=diff, started_ms=at_ms)


def thread(*turns: Turn, cwd: str = ROOT) -> Thread:
    return Thread("t", settings=Settings(cwd=cwd), turns=Series(turns))
