"""Where one can go back to, and what happened since: the prompts of a thread and their turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codex_tui.diffs import FileDiff
    from codex_tui.diffs.sources import ThreadDiffs
    from codex_tui.session.transcript import Thread, Turn


@dataclass(frozen=True, slots=True)
class Point:
    """A prompt to go back to. All text is foreign and raw.

    `turns` counts the turns that would go, `files` the paths that their patches named. `at_ms` is
    None where nobody noted the time; `steered`: prompts that were added to the turn while it ran.
    """

    turn_id: str
    text: str
    images: tuple[str, ...] = ()
    at_ms: int | None = None
    steered: int = 0
    turns: int = 1
    files: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """What happened in some turns whose effect on files nobody recorded: commands that may write,
    calls of tools, other agents, patches that failed half-way."""

    commands: int = 0
    tools: int = 0
    agents: int = 0
    patches: int = 0

    def __bool__(self) -> bool:
        return bool(self.commands or self.tools or self.agents or self.patches)


def points_of(thread: Thread) -> tuple[Point, ...]:
    """The prompts of a thread, newest first. A turn that nobody typed a prompt for is no point."""
    found: list[Point] = []
    paths: set[str] = set()
    turns = 0
    for turn in reversed(thread.turns):
        if turn.is_notes:
            continue
        turns += 1
        paths |= _paths(turn)
        point = _point(turn, turns, len(paths))
        if point is not None:
            found.append(point)
    return tuple(found)


def undone_files(thread: Thread, turn_id: str, diffs: ThreadDiffs) -> tuple[FileDiff, ...]:
    """The recorded changes from that turn on, the newest first: the order to take them back in."""
    out: list[FileDiff] = []
    for turn in _since(thread, turn_id):
        out += reversed(_steps(turn, diffs.turn(thread, turn.id)))
    return tuple(out)


def _steps(turn: Turn, files: Sequence[FileDiff]) -> Sequence[FileDiff]:
    """A turn's changes in an order that can be gone back. `files`: what they come to.

    What they come to is in no order; where paths change hands it counts, and the patches have it. A file
    that was moved is, by them, one with its two paths. But a patch calls new what it wrote over: where
    they come to another thing, that is the truth.
    """
    from codex_tui.diffs import read_change
    from codex_tui.protocol.items import FileChange

    bodies = [item.body for item in turn.items if isinstance(item.body, FileChange)]
    changes = [one for body in bodies if body.status == "completed" for one in body.changes]
    moves = any(file.old_path for file in files) or any(change.kind.move_path for change in changes)
    if not moves and len({file.path for file in files}) == len(files):
        return files
    steps = [read_change(one) for one in changes]
    there = {file.path for file in files if file.kind == "changed"}
    seen: set[str] = set()
    for step in steps:
        if step.kind == "new" and step.path in there - seen:
            return files
        seen |= {step.path, step.old_path}
    return steps or files


def written_over(thread: Thread, turn_id: str, diffs: ThreadDiffs) -> frozenset[str]:
    """Paths that, from that turn on, were first written as new files over ones known to be there.

    Only a whole turn's diff tells a new file from one written over; the engine's history has the
    patches alone, and those call both new.
    """
    there: set[str] = set()
    over: set[str] = set()
    touched: set[str] = set()
    undone = False
    for turn in thread.turns:
        undone = undone or turn.id == turn_id
        if turn.is_notes:
            continue
        for file in diffs.turn(thread, turn.id):
            if undone and file.kind == "new" and not turn.diff and file.path in there - touched:
                over.add(file.path)
            if undone:
                touched |= {file.path, file.old_path}
            there.discard(file.old_path)
            if file.kind == "deleted":
                there.discard(file.path)
            else:
                there.add(file.path)
    return frozenset(over)


def unknown_of(thread: Thread, turn_id: str) -> Unknown:
    """What happened from that turn on that may have changed files unrecorded."""
    from codex_tui.protocol.items import (
        CollabAgentToolCall,
        CommandExecution,
        DynamicToolCall,
        FileChange,
        McpToolCall,
    )

    commands = tools = patches = 0
    agents: set[str] = set()
    for turn in _since(thread, turn_id):
        for item in turn.items:
            match item.body:
                case CommandExecution(status=status, command_actions=actions):
                    reads = bool(actions) and all(one.type != "unknown" for one in actions)
                    commands += status != "declined" and not reads
                case McpToolCall(read_only_hint=hint):
                    tools += hint is not True
                case DynamicToolCall():
                    tools += 1
                case CollabAgentToolCall(receiver_thread_ids=ids):
                    agents |= set(ids)
                case FileChange(status="failed"):
                    patches += 1
                case _:
                    pass
    return Unknown(commands, tools, len(agents), patches)


def _since(thread: Thread, turn_id: str) -> list[Turn]:
    """That turn and those after it, newest first; none if the thread does not have it."""
    found: list[Turn] = []
    for turn in reversed(thread.turns):
        if not turn.is_notes:
            found.append(turn)
        if turn.id == turn_id:
            return found
    return []


def _point(turn: Turn, turns: int, files: int) -> Point | None:
    from codex_tui.protocol.items import UserMessage

    said = [(item, item.body) for item in turn.items if isinstance(item.body, UserMessage)]
    if not said:
        return None
    item, body = said[0]
    text = "\n".join(part.text for part in body.content if part.type == "text")
    images = tuple(part.path for part in body.content if part.type == "localImage" and part.path)
    at_ms = item.started_ms if item.started_ms is not None else turn.started_ms
    return Point(turn.id, text, images, at_ms, len(said) - 1, turns, files)


def _paths(turn: Turn) -> set[str]:
    """The paths that the turn's patches named."""
    from codex_tui.protocol.items import FileChange

    paths: set[str] = set()
    for item in turn.items:
        if isinstance(item.body, FileChange) and item.body.status in ("completed", "failed"):
            paths |= {change.kind.move_path or change.path for change in item.body.changes}
    return paths
