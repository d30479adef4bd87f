"""Where a jump leads: the next prompt, command, patch or failure above or below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from codex_tui.panes.chat.layout import Layout, Slot
    from codex_tui.session.transcript import Item

Aim = Literal["prompt", "command", "patch", "failure", "kind"]

_TYPES: dict[Aim, frozenset[str]] = {
    "prompt": frozenset({"userMessage"}),
    "command": frozenset({"commandExecution"}),
    "patch": frozenset({"fileChange"}),
}
# What a person calls the same kind of thing has several types on the wire.
_FAMILIES = {
    "mcpToolCall": "tool",
    "dynamicToolCall": "tool",
    "functionCallOutput": "tool",
    "webSearch": "tool",
    "collabAgentToolCall": "agent",
    "subAgentActivity": "agent",
    "enteredReviewMode": "review",
    "exitedReviewMode": "review",
    "imageView": "image",
    "imageGeneration": "image",
    "plan": "plan",
    "checklist": "plan",
}


def family_of(item: Item) -> str:
    """Items of one family are the same kind of thing to a reader."""
    return _FAMILIES.get(item.body.type, item.body.type)


def is_failure(item: Item) -> bool:
    """Whether it went wrong: a command's exit code, a failed call or patch, an error that was said."""
    body = item.body
    if body.type == "notice":
        return getattr(body, "severity", "") == "error"
    if getattr(body, "status", "") in ("failed", "errored") or getattr(body, "success", None) is False:
        return True
    return bool(getattr(body, "exit_code", 0) or getattr(body, "error", None))


def wanted_of(aim: Aim, selected: Item | None) -> Callable[[Item], bool]:
    """Whether an item is what the jump aims at; `kind` is that of the selected item (any if none is)."""
    if aim == "failure":
        return is_failure
    if aim == "kind":
        family = family_of(selected) if selected is not None else None
        return lambda item: family is None or family_of(item) == family
    types = _TYPES[aim]
    return lambda item: item.body.type in types


def seek(layout: Layout, start: int, step: int, wanted: Callable[[Item], bool]) -> Slot | None:
    """The first slot with a wanted item in sight from index `start` on, up (`step` -1) or down (1)."""
    index, slots = start, layout.slots
    while 0 <= index < len(slots):
        item = slots[index].item
        if item is not None and wanted(item) and not layout.is_hidden(slots[index]):
            return slots[index]
        index += step
    return None
