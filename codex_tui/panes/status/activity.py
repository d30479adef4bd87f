"""What the engine is doing right now, in a few words, derived from the state alone. Pure.

`now_ms` is the time in ms since the epoch, on the clock the engine's own times are on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from codex_tui.paint.shell import bare_command
from codex_tui.text import SafeText, join, line, number, own, shorten

if TYPE_CHECKING:
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Item, Thread, Turn

LABEL_WIDTH = 40  # cells a command or tool name takes at most

ActivityKind = Literal["works", "waits", "starts", "dead"]


@dataclass(frozen=True, slots=True)
class Activity:
    """`kind`: the engine works (the dot turns), waits for the person, starts, or is dead.
    `detail` is worth a place where there is one, `seconds` is how long, `hint` what to press."""

    kind: ActivityKind
    says: SafeText
    seconds: int | None = None
    hint: SafeText = own("")
    detail: SafeText = own("")


ESC = own("Esc stops")


def activity(state: State, now_ms: int, label_width: int = LABEL_WIDTH) -> Activity | None:
    """What to say instead of the quiet facts, or None. Names are shortened to `label_width` cells."""
    engine = state.engine
    if engine.phase == "died":
        detail = join(own("("), line(engine.reason), own(")")) if engine.reason else own("")
        return Activity("dead", own("engine stopped"), detail=detail, hint=own("r restarts it"))
    if engine.phase == "stopped":
        return Activity("dead", own("engine stopped"), hint=own("r restarts it"))
    if engine.phase == "starting":
        return Activity("starts", own("starting the engine"))
    thread = state.active
    if thread is None:
        return None
    turn = thread.running_turn
    if turn is None:
        sent = [pending for pending in thread.pending if pending.how != "queue"]
        return Activity("works", own("sending"), _since(sent[0].sent_ms, now_ms)) if sent else None
    if _asks(state, thread):
        return Activity("waits", own("waits for your answer"))
    return _of_turn(turn, now_ms, label_width)


def duration(seconds: int) -> SafeText:
    """`12 s`, `3 min 05 s`, `2 h 07 min`."""
    if seconds < 60:
        return join(number(seconds), own(" s"))
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return SafeText(f"{minutes} min {rest:02} s")
    hours, minutes = divmod(minutes, 60)
    return SafeText(f"{hours} h {minutes:02} min")


def _asks(state: State, thread: Thread) -> bool:
    return any(flag.startswith("waitingOn") for flag in thread.flags) or any(
        question.thread_id in (None, thread.id) for question in state.inbox.questions
    )


def _of_turn(turn: Turn, now_ms: int, label_width: int) -> Activity:
    newest: Item | None = None
    for item in reversed(turn.items):
        if item.phase == "running":
            newest = item
            break
    if newest is None:
        # Between items the model thinks about what comes next.
        return Activity("works", own("thinking"), _since(turn.started_ms, now_ms), ESC)
    says, own_time = _of_item(newest, label_width)
    began = newest.started_ms if own_time and newest.started_ms is not None else turn.started_ms
    return Activity("works", says, _since(began, now_ms), ESC)


_DOES: dict[str, SafeText] = {
    "fileChange": own("changing files"),
    "collabAgentToolCall": own("waiting for another agent"),
    "webSearch": own("searching the web"),
    "imageGeneration": own("drawing an image"),
    "contextCompaction": own("compacting the conversation"),
    "sleep": own("sleeping"),
}


def _of_item(item: Item, label_width: int) -> tuple[SafeText, bool]:
    """The words for a running item, and whether its own time counts rather than the turn's."""
    body: Any = item.body
    match body.type:
        case "commandExecution":
            return join(own("running "), command_label(body, label_width)), True
        case "mcpToolCall":
            return join(own("calling "), _label(f"{body.server}.{body.tool}", label_width)), True
        case "dynamicToolCall":
            return join(own("calling "), _label(body.tool, label_width)), True
        case "agentMessage" | "plan":
            return own("writing"), False
        case other:
            return _DOES.get(other, own("thinking")), other in _DOES


def command_label(body: Any, width: int = LABEL_WIDTH) -> SafeText:
    """A command in one short line: what the shell runs rather than the shell."""
    actions = body.command_actions
    parsed: str = actions[0].command if len(actions) == 1 else ""
    command = parsed or bare_command(body.command)
    return _label(" ".join(command.split()), width)


def _label(text: str, width: int) -> SafeText:
    return shorten(line(text), width)


def _since(began_ms: int | None, now_ms: int) -> int | None:
    return max(0, now_ms - began_ms) // 1000 if began_ms is not None else None
