"""Which painter paints which kind of item. Interim: simple looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codex_tui.paint.lines import headline
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.message import is_long, paint_prompt, prompt_text
from codex_tui.protocol.items import AgentMessage, PlanItem, ReviewMode, UserMessage
from codex_tui.session.transcript import Body, Item
from codex_tui.text import copyable, line, own
from textual.strip import Strip


@dataclass(frozen=True, slots=True)
class Kind:
    paint: Callable[[Item, Any, Look, Fold], list[Strip]]
    guess: Callable[[Item, Any, Look, Fold], int]
    foldable: Callable[[Item, Any], bool]
    text: Callable[[Item, Any], str]


def _paint_raw(item: Item, body: Any, look: Look, fold: Fold) -> list[Strip]:
    return [headline(look, own("?"), look.palette.dim, [(line(str(body)[:300]), look.palette.text)])]


RAW = Kind(_paint_raw, lambda *_: 1, lambda *_: False, lambda item, body: copyable(str(body)))
PROMPT = Kind(
    lambda item, body, look, fold: paint_prompt(prompt_text(body), look, fold),
    lambda item, body, look, fold: prompt_text(body).count("\n") + 1,
    lambda item, body: is_long(prompt_text(body), Look()),
    lambda item, body: copyable(prompt_text(body)),
)


def kind_of(body: Body) -> Kind:
    return PROMPT if isinstance(body, UserMessage) else RAW


def is_prompt(body: Body) -> bool:
    return isinstance(body, UserMessage)


def markdown_of(body: Body) -> str | None:
    if isinstance(body, (AgentMessage, PlanItem)):
        return body.text
    if isinstance(body, ReviewMode) and body.type == "exitedReviewMode":
        return body.review
    return None


def heading_of(item: Item, look: Look) -> list[Strip]:
    return []
