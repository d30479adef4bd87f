"""Which painter paints which kind of item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.strip import Strip

from codex_tui.paint import command, explored, notice, patch, plan, thought, tool
from codex_tui.paint.lines import headline
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.message import guess_prompt, paint_user, prompt_text
from codex_tui.protocol import items
from codex_tui.session.transcript import Body, Checklist, Item, Notice
from codex_tui.text import copyable, own

ONE_ROW = 40
"""Characters of a prompt that fit into one row on most screens: with more, folding changes something."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of item is painted, measured, folded and copied. The second argument is its body."""

    paint: Callable[[Item, Any, Look, Fold], list[Strip]]
    guess: Callable[[Item, Any, Look, Fold], int]
    foldable: Callable[[Item, Any], bool]
    text: Callable[[Item, Any], str]


def _one_row(item: Item, body: object, look: Look, fold: Fold) -> int:
    return 1


def _always(item: Item, body: object) -> bool:
    return True


def _never(item: Item, body: object) -> bool:
    return False


def _markdown_text(item: Item, body: Body) -> str:
    return copyable(markdown_of(body) or "")


def _user_text(item: Item, body: items.UserMessage) -> str:
    return copyable(prompt_text(body))


def _folds_prompt(item: Item, body: items.UserMessage) -> bool:
    text = prompt_text(body)
    return "\n" in text or len(text) > ONE_ROW


_RAW = Kind(tool.paint_unknown, tool.guess_call, tool.is_foldable, tool.call_text)
_MESSAGE = Kind(tool.paint_unknown, _one_row, _never, _markdown_text)  # painted by chunks, see cells

_KINDS: dict[type, Kind] = {
    items.UserMessage: Kind(paint_user, guess_prompt, _folds_prompt, _user_text),
    items.AgentMessage: _MESSAGE,
    items.PlanItem: _MESSAGE,
    items.Reasoning: Kind(
        thought.paint_thought, thought.guess_thought, thought.is_foldable, thought.thought_text
    ),
    items.CommandExecution: Kind(
        command.paint_command, command.guess_command, command.is_foldable, command.command_text
    ),
    items.FileChange: Kind(patch.paint_patch, patch.guess_patch, patch.is_foldable, patch.patch_text),
    items.McpToolCall: Kind(tool.paint_mcp, tool.guess_call, tool.is_foldable, tool.call_text),
    items.DynamicToolCall: Kind(tool.paint_dynamic, tool.guess_call, tool.is_foldable, tool.call_text),
    items.CollabAgentToolCall: Kind(tool.paint_collab, _one_row, tool.is_foldable, tool.call_text),
    items.SubAgentActivity: Kind(tool.paint_sub_agent, _one_row, _never, tool.call_text),
    items.WebSearch: Kind(tool.paint_web, _one_row, tool.is_foldable, tool.call_text),
    items.ImageView: Kind(tool.paint_image, _one_row, _never, tool.call_text),
    items.ImageGeneration: Kind(tool.paint_drawing, _one_row, tool.is_foldable, tool.call_text),
    items.HookPrompt: Kind(tool.paint_hook, _one_row, tool.is_foldable, tool.call_text),
    items.FunctionCallOutput: Kind(tool.paint_output_of, tool.guess_call, tool.is_foldable, tool.call_text),
    items.Sleep: Kind(tool.paint_sleep, _one_row, _never, tool.call_text),
    items.ReviewMode: Kind(tool.paint_review, _one_row, _never, tool.call_text),
    items.ContextCompaction: Kind(tool.paint_compaction, _one_row, _never, tool.call_text),
    Notice: Kind(notice.paint_notice, notice.guess_notice, notice.is_foldable, notice.notice_text),
    explored.Explored: Kind(explored.paint_explored, _one_row, _always, explored.explored_text),
    Checklist: Kind(plan.paint_plan, plan.guess_plan, plan.is_foldable, plan.plan_text),
}


def kind_of(body: Body) -> Kind:
    """How `body` is painted; anything without a look of its own is shown raw."""
    return _KINDS.get(type(body), _RAW)


def is_prompt(body: Body) -> bool:
    """Whether a person said it."""
    return isinstance(body, items.UserMessage)


def markdown_of(body: Body) -> str | None:
    """The markdown of an item that is a message, None for all others."""
    if isinstance(body, items.AgentMessage | items.PlanItem):
        return body.text
    if isinstance(body, items.ReviewMode) and body.type == "exitedReviewMode":
        return body.review
    return None


def heading_of(item: Item, look: Look) -> list[Strip]:
    """The line above a message that is not the agent's plain word."""
    palette = look.palette
    if isinstance(item.body, items.PlanItem):
        return [headline(look, look.marks.plan, palette.dim, [(own("proposed plan"), palette.strong)])]
    if isinstance(item.body, items.AgentMessage) and item.body.delivery == "async" and item.body.questions:
        asks = own("asks you, and goes on meanwhile")
        return [headline(look, look.marks.unknown, palette.accent, [(asks, palette.strong)])]
    if isinstance(item.body, items.ReviewMode):
        return [headline(look, look.marks.agent, palette.dim, [(own("review"), palette.strong)])]
    return []
