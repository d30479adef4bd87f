"""The sheet of an action that the automatic reviewer denied: all of it, and whether it may be tried once.

Nobody waits for an answer here. A yes tells the agent; what it then tries is reviewed again.
Risk, authorization and reason are the reviewer's words and are labelled so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from codex_tui.dialogs.care import MISREAD, lookalikes, looked_at_twice, turns_around
from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.exec import asked_by, directory, said, terminal, titled
from codex_tui.dialogs.patch import changes_of, patch_body, patch_facts
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.shell import read_command
from codex_tui.paint.question import Fact, NumberedText, measure, oddities
from codex_tui.protocol.denials import denial_event
from codex_tui.protocol.items import McpToolCall
from codex_tui.text import SafeText, block, join, line, number, own

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.paint.look import Look
    from codex_tui.paint.question import Rows
    from codex_tui.protocol.deltas import AutoReviewCompleted
    from codex_tui.protocol.items import FileUpdate
    from codex_tui.session.transcript import Item


def denial_sheet(review: AutoReviewCompleted, item: Item | None, setting: Setting) -> Sheet:
    """The sheet of a denied action; `item` is the one it was to be, if there is one."""
    action = review.action
    kind = action.get("type")
    changes = changes_of(item) if kind == "applyPatch" else ()
    text = _text(action, item)
    facts = [
        *asked_by(setting),
        *_action_facts(action, setting),
        *(patch_facts(changes, setting) if changes else []),
        *_reviewed(review),
    ]
    event = denial_event(review)
    if kind == "applyPatch" and not changes:
        event = None
        unsaid = own("the engine has not said what would change, so it can't be approved")
        facts.append(Fact(own("Careful"), (unsaid,), "warn"))
    elif event is None:
        unknown = own("an action of a kind this client does not know, so it can't be approved")
        facts.append(Fact(own("Careful"), (unknown,), "warn"))
    if not changes:
        facts += [
            Fact(own("Careful"), (odd,), "warn")
            for odd in (*oddities(text, is_code=kind != "command"), *lookalikes(text))
        ]
    choices = _choices(event)
    if kind == "command" and turns_around(text):
        choices = looked_at_twice(choices, MISREAD, text)
    return Sheet(
        title=titled(own("Approve this denied action once?"), setting),
        facts=tuple(facts),
        body=_body(text, changes, setting),
        measure=_files(len(changes)) if changes else measure(text),
        choices=choices,
        basis=denial_basis(review, item),
        waits=False,
    )


def denied_words(review: AutoReviewCompleted, item: Item | None) -> str:
    """What was denied, for a line of a list: raw text."""
    action = review.action
    if action.get("type") == "applyPatch":
        return ", ".join(change.path for change in changes_of(item)[:3]) or "files not said"
    named = _string(action, "toolName") or _string(action, "program")
    return f"{named} {_text(action, item)}" if named else _text(action, item)


def denial_basis(review: AutoReviewCompleted, item: Item | None) -> object:
    """What is shown of a denial beside its question."""
    return review, changes_of(item), _arguments(item)


def _choices(event: Mapping[str, Any] | None) -> tuple[Choice, ...]:
    yes = Choice(
        "y",
        own("Yes, let it try this once"),
        own("once"),
        own("the agent is told; its next try is reviewed again"),
        dict(event or {}),
        "approved once",
        grants=True,
    )
    no = Choice(
        "escape",
        own("No, it stays denied"),
        own("stays denied"),
        NO_EFFECT,
        None,
        "",
        later=True,
        eager=True,
    )
    return (no,) if event is None else (yes, no)


def _body(text: str, changes: tuple[FileUpdate, ...], setting: Setting) -> Any:
    def paint(look: Look) -> Rows:
        return patch_body(changes, setting, look) if changes else NumberedText(text, look)

    return paint


def _files(count: int) -> SafeText:
    return join(number(count), own(" file") if count == 1 else own(" files"))


def _reviewed(review: AutoReviewCompleted) -> list[Fact]:
    """The reviewer's words."""
    told = review.review
    words = [own("denied")]
    if told.risk_level:
        words.append(join(own("risk "), line(told.risk_level)))
    if told.user_authorization:
        words.append(join(own("your authorization "), line(told.user_authorization)))
    facts = [Fact(own("Auto-review"), (join(*words, by=own(", ")),))]
    return [*facts, Fact(own("It says"), tuple(block(told.rationale)))] if told.rationale else facts


def _action_facts(action: Mapping[str, Any], setting: Setting) -> list[Fact]:
    """What the action is, beside its text."""
    cwd = action.get("cwd")
    where = directory(cwd if isinstance(cwd, str) else None, setting)
    match action.get("type"):
        case "command":
            shell = read_command(_string(action, "command")).shell
            return [*where, *([Fact(own("Shell"), (line(shell),), "code")] if shell else [])]
        case "execve":
            return [*where, Fact(own("Program"), (line(_string(action, "program")),), "code")]
        case "writeStdin":
            return [*terminal(setting), *where]
        case "applyPatch":
            return where
        case "networkAccess":
            words = (
                line(_string(action, "protocol")),
                line(_string(action, "host")),
                line(str(action.get("port"))),
            )
            return [Fact(own("Network"), (join(*words, by=own(" ")),), "code")]
        case "mcpToolCall":
            return [
                Fact(own("MCP server"), (line(_string(action, "server")),), "code"),
                Fact(own("Tool"), (line(_string(action, "toolName")),), "code"),
            ]
        case "requestPermissions":
            return [
                Fact(own("Asks for"), (own("the rights below"),), "warn"),
                *said(_string(action, "reason")),
            ]
        case kind:
            return [Fact(own("Kind"), (line(str(kind)),), "code")]


def _text(action: Mapping[str, Any], item: Item | None) -> str:
    """All of the action, as text."""
    match action.get("type"):
        case "command":
            return read_command(_string(action, "command")).text
        case "execve":
            return _json(action.get("argv"))
        case "writeStdin":
            return _string(action, "stdin")
        case "networkAccess":
            return _string(action, "target")
        case "mcpToolCall":
            arguments = _arguments(item)
            return "(its arguments are not known)" if arguments is None else arguments
        case "requestPermissions":
            return _json(action.get("permissions"))
        case _:
            return _json(action)


def _arguments(item: Item | None) -> str | None:
    body = item.body if item is not None else None
    return _json(body.arguments) if isinstance(body, McpToolCall) else None


def _string(action: Mapping[str, Any], name: str) -> str:
    value = action.get(name)
    return value if isinstance(value, str) else ""


def _json(value: Any) -> str:
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "(nested too deep to be written out)"
