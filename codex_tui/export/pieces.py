"""What a document says of each kind of item: a heading, and blocks of text. Pure.

Everything of an item is there, whatever its kind; the two formats only differ in how they write it.
All text is as `copyable` leaves it: no control or invisible character of the engine's reaches the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from codex_tui.paint.copies import output_text
from codex_tui.paint.diff import diff_text
from codex_tui.paint.kinds import kind_of
from codex_tui.paint.message import prompt_text
from codex_tui.paint.raw import json_text
from codex_tui.paint.shell import bare_command
from codex_tui.paint.tool import content_text
from codex_tui.protocol import items
from codex_tui.session.transcript import Checklist, Item, Notice, Turn
from codex_tui.text import copyable

SHOWN = 100_000
"""Characters of one output or one diff that go into the document; the middle of a longer one does not.
A page of many megabytes opens in no browser."""

Form = Literal["prose", "prompt", "code", "diff"]


@dataclass(frozen=True, slots=True)
class Block:
    """`prose` is markdown of the agent, `prompt` what a person wrote, the others stand as they are."""

    form: Form
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One item. `who` says what it is in our words; `subject` is foreign, on one line; `facts` are ours.

    An item with an `aside` look is folded in a page: the conversation reads without it.
    """

    who: str
    subject: str = ""
    facts: str = ""
    blocks: tuple[Block, ...] = ()
    aside: bool = True


def pieces(turn: Turn) -> Iterator[Piece]:
    """All items of a turn, in their order."""
    for item in turn.items:
        yield piece(item)


def piece(item: Item) -> Piece:
    """What is said of one item; of a kind nobody knows, everything it brought."""
    body: Any = item.body
    made = _MAKERS.get(type(item.body), _raw)(item, body)
    if item.phase == "dropped":
        return Piece(made.who, made.subject, _facts(made.facts, "not finished"), made.blocks, made.aside)
    return made


def _facts(*facts: str) -> str:
    return ", ".join(fact for fact in facts if fact)


def _line(text: str) -> str:
    """Foreign text on one line."""
    return " ".join(copyable(text).split())


def _block(form: Form, text: str) -> tuple[Block, ...]:
    text = copyable(text).strip("\n")
    if len(text) > SHOWN and form in ("code", "diff"):
        left_out = len(text) - SHOWN
        text = f"{text[: SHOWN // 2]}\n[{left_out:,} characters left out]\n{text[-SHOWN // 2 :]}"
    return (Block(form, text),) if text.strip() else ()


def _seconds(ms: int | None) -> str:
    return "" if ms is None else f"{ms / 1000:.1f} s"


def _raw(item: Item, body: Any) -> Piece:
    name = str(getattr(body, "type", "item"))
    return Piece(
        _NAMES.get(name, "Item"), _subject(body, name), "", _block("code", kind_of(body).text(item, body))
    )


_NAMES = {
    "webSearch": "Web search",
    "imageView": "Image looked at",
    "imageGeneration": "Image made",
    "sleep": "Waited",
    "contextCompaction": "Context compacted",
    "subAgentActivity": "Sub-agent",
    "collabAgentToolCall": "Sub-agents",
    "hookPrompt": "A hook told the model",
    "functionCallOutput": "Function",
    "dynamicToolCall": "Tool",
}


def _subject(body: Any, name: str) -> str:
    """The member that says most about it; of an unknown kind its name."""
    for member in ("query", "path", "tool", "name", "agent_path"):
        if isinstance(found := getattr(body, member, None), str) and found:
            return _line(found)
    return "" if name in _NAMES else _line(name)


def _user(item: Item, body: items.UserMessage) -> Piece:
    return Piece("You", "", "", _block("prompt", prompt_text(body)), aside=False)


def _agent(item: Item, body: items.AgentMessage) -> Piece:
    asks = "".join(f"\n\n{question.title}" for question in body.questions or ())
    return Piece("Agent", "", "", _block("prose", body.text + asks), aside=False)


def _plan(item: Item, body: items.PlanItem) -> Piece:
    return Piece("Proposed plan", "", "", _block("prose", body.text), aside=False)


def _checklist(item: Item, body: Checklist) -> Piece:
    return Piece("Plan", "", "", _block("code", kind_of(body).text(item, body)), aside=False)


def _thought(item: Item, body: items.Reasoning) -> Piece:
    return Piece("Thought", "", "", _block("prose", kind_of(body).text(item, body)))


def _command(item: Item, body: items.CommandExecution) -> Piece:
    command = bare_command(body.command)
    outcome = "" if body.exit_code is None else f"exit {body.exit_code}"
    if body.status in ("failed", "declined"):
        outcome = _facts(body.status, outcome)
    by = "typed by you" if body.source == "userShell" else ""
    blocks = _block("code", f"$ {command}") if "\n" in command else ()
    output = body.aggregated_output or ""
    blocks += _block("code", output_text(output, item.output_cut)) if output else ()
    return Piece("Command", _line(command), _facts(outcome, _seconds(body.duration_ms), by), blocks)


def _patch(item: Item, body: items.FileChange) -> Piece:
    paths = [_line(change.path) for change in body.changes]
    count = f"{len(paths)} file{'' if len(paths) == 1 else 's'}"
    outcome = {"completed": "", "inProgress": "not applied yet"}.get(body.status, _line(body.status))
    subject = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
    return Piece("Patch", subject, _facts(count, outcome), _block("diff", diff_text(body.changes)))


def _mcp(item: Item, body: items.McpToolCall) -> Piece:
    outcome = "" if body.status == "completed" else _line(body.status)
    blocks: Sequence[Block] = _block("code", json_text(body.arguments)) if body.arguments else ()
    if body.error is not None:
        blocks = [*blocks, *_block("code", body.error.message)]
    if body.result is not None:
        blocks = [*blocks, *_block("code", content_text(body.result.content))]
    name = _line(f"{body.server}.{body.tool}")
    return Piece("Tool", name, _facts(outcome, _seconds(body.duration_ms)), tuple(blocks))


def _review(item: Item, body: items.ReviewMode) -> Piece:
    if body.type == "exitedReviewMode":
        return Piece("Review", "", "", _block("prose", body.review), aside=False)
    return Piece("Review of", _line(body.review))


def _bare(item: Item, body: Any) -> Piece:
    return Piece(_NAMES.get(body.type, "Item"), _subject(body, body.type))


def _notice(item: Item, body: Notice) -> Piece:
    who = {"warning": "Warning", "error": "Error"}.get(body.severity, "Note")
    return Piece(who, _line(body.title), "", _block("code", body.detail), aside=bool(body.detail))


_MAKERS: dict[type, Callable[[Item, Any], Piece]] = {
    items.UserMessage: _user,
    items.AgentMessage: _agent,
    items.PlanItem: _plan,
    items.Reasoning: _thought,
    items.CommandExecution: _command,
    items.FileChange: _patch,
    items.McpToolCall: _mcp,
    items.ReviewMode: _review,
    items.ContextCompaction: _bare,
    items.ImageView: _bare,
    Notice: _notice,
    Checklist: _checklist,
}
