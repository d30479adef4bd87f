"""Calls of tools: MCP servers', the client's own, the web, images, other agents, and the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from textual.strip import Strip

from codex_tui.paint.facts import duration, fold_sign, outcome_of, path_in, taken
from codex_tui.paint.lines import Part, Row, headline, indented, note, prose_width, wrap
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.raw import json_text, paint_text, short_value
from codex_tui.protocol.items import (
    CollabAgentToolCall,
    ContextCompaction,
    DynamicToolCall,
    FunctionCallOutput,
    HookPrompt,
    ImageGeneration,
    ImageView,
    McpToolCall,
    ReviewMode,
    Sleep,
    SubAgentActivity,
    WebSearch,
)
from codex_tui.protocol.items import Item as WireItem
from codex_tui.session.transcript import Item
from codex_tui.text import SafeText, copyable, line, own, prose

NORMAL_ROWS = 3
"""Rows of a tool's result in the normal view."""
FULL_ROWS = 800
"""Rows of each value when unfolded."""


def paint_mcp(item: Item, body: McpToolCall, look: Look, fold: Fold) -> list[Strip]:
    title = _call(look, f"{body.server}.{body.tool}", body.arguments)
    facts = [
        *outcome_of(look, item, body.status, own("done"), own("running")),
        *taken(look, item, body.duration_ms),
    ]
    error = body.error.message if body.error else ""
    result = content_text(body.result.content) if body.result else ""
    if not result and body.result is not None and body.result.structured_content is not None:
        result = json_text(body.result.structured_content)
    return _paint_call(item, body, look, fold, title, facts, body.arguments, error or result)


def paint_dynamic(item: Item, body: DynamicToolCall, look: Look, fold: Fold) -> list[Strip]:
    name = f"{body.namespace}.{body.tool}" if body.namespace else body.tool
    status = "failed" if body.success is False and body.status == "completed" else body.status
    facts = [
        *outcome_of(look, item, status, own("done"), own("running")),
        *taken(look, item, body.duration_ms),
    ]
    result = content_text(body.content_items or ())
    return _paint_call(
        item, body, look, fold, _call(look, name, body.arguments), facts, body.arguments, result
    )


def _call(look: Look, name: str, arguments: Any) -> list[Part]:
    palette = look.palette
    short = short_value(arguments)
    title: list[Part] = [(line(name), palette.text)]
    return [*title, (own("  "), palette.dim), (short, palette.dim)] if short else title


def _paint_call(
    item: Item,
    body: WireItem,
    look: Look,
    fold: Fold,
    title: list[Part],
    facts: list[Row],
    arguments: Any,
    result: str,
) -> list[Strip]:
    sign = fold_sign(look, fold, is_foldable(item, body))
    strips = [headline(look, look.marks.tool, look.palette.dim, title, facts, sign)]
    if fold == "normal" and result:
        strips += paint_text(result.rstrip("\n"), look, NORMAL_ROWS)
    if fold == "full":
        if arguments not in (None, {}, ""):
            strips += _labelled(look, own("arguments"), json_text(arguments))
        if result:
            strips += _labelled(look, own("result"), result.rstrip("\n"))
    return strips


def _labelled(look: Look, label: SafeText, text: str) -> list[Strip]:
    return [note(look, label, 2), *paint_text(text, look, FULL_ROWS, 4)]


def content_text(blocks: Iterable[Any]) -> str:
    """MCP content blocks as text: texts as they are, other things named with kind and size."""
    return "\n".join(_block_text(block) for block in blocks)


def _block_text(block: Any) -> str:
    if not isinstance(block, dict):
        return json_text(block)
    members = cast("dict[str, Any]", block)
    if isinstance(text := members.get("text"), str):
        return text
    kind = str(members.get("type", "value"))
    data = members.get("data") or members.get("imageUrl") or members.get("image_url")
    if isinstance(data, str):
        mime = members.get("mimeType") or ""
        return f"[{kind} {mime}, {len(data):,} characters]"
    return json_text(members)


def paint_web(item: Item, body: WebSearch, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    action = body.action or {}
    kind = str(action.get("type", "search"))
    url, pattern = str(action.get("url") or ""), str(action.get("pattern") or "")
    query = body.query or str(action.get("query") or "") or url
    verb = {
        "search": own("searched the web"),
        "openPage": own("opened"),
        "findInPage": own("searched in a page"),
    }.get(kind, own("searched the web"))
    if item.phase == "running":
        verb = own("searching the web")
    title: list[Part] = [(verb, palette.dim)]
    if query:
        title += [(own("  "), palette.dim), (line(query), palette.text)]
    if pattern:
        title.append((line(f"  {pattern}"), palette.dim))
    sign = fold_sign(look, fold, is_foldable(item, body))
    strips = [headline(look, look.marks.web, palette.dim, title, taken(look, item), sign)]
    if fold == "full":
        strips += paint_text(json_text([action, *(body.results or ())]), look, FULL_ROWS)
    return strips


def paint_image(item: Item, body: ImageView, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    title: list[Part] = [(own("looked at "), palette.dim), (path_in(look.root, body.path), palette.text)]
    return [headline(look, look.marks.image, palette.dim, title)]


def paint_drawing(item: Item, body: ImageGeneration, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    title: list[Part] = [(own("image "), palette.dim)]
    if body.saved_path:
        title.append((path_in(look.root, body.saved_path), palette.text))
    elif body.revised_prompt:
        title.append((prose(body.revised_prompt.replace("\n", " ")), palette.text))
    sign = fold_sign(look, fold, is_foldable(item, body))
    facts: list[Row] = [[(line(body.status), palette.dim)]] if body.status else []
    strips = [headline(look, look.marks.image, palette.dim, title, facts, sign)]
    if fold == "full" and body.revised_prompt:
        strips += paint_text(body.revised_prompt, look, FULL_ROWS)
    return strips


_AGENT_VERBS = {
    "spawnAgent": own("started an agent"),
    "sendInput": own("told an agent"),
    "wait": own("waited for agents"),
    "closeAgent": own("closed an agent"),
    "resumeAgent": own("resumed an agent"),
}


def paint_collab(item: Item, body: CollabAgentToolCall, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    title: list[Part] = [(_AGENT_VERBS.get(body.tool) or line(body.tool), palette.text)]
    if body.prompt:
        title += [(own("  "), palette.dim), (prose(body.prompt.split("\n", 1)[0]), palette.dim)]
    facts = [*outcome_of(look, item, body.status, own("done"), own("running")), *taken(look, item)]
    sign = fold_sign(look, fold, is_foldable(item, body))
    strips = [headline(look, look.marks.agent, palette.dim, title, facts, sign)]
    if fold == "full":
        if body.prompt:
            rows = [
                row
                for text in body.prompt.split("\n")
                for row in wrap([(prose(text), palette.text)], prose_width(look, 2))
            ]
            strips += indented(look, rows[:FULL_ROWS], 2)
        states = {key: state.model_dump(exclude_none=True) for key, state in body.agents_states.items()}
        if states:
            strips += paint_text(json_text(states), look, FULL_ROWS)
    return strips


def paint_sub_agent(item: Item, body: SubAgentActivity, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    title: list[Part] = [
        (own("agent "), palette.dim),
        (line(body.agent_path or body.agent_thread_id), palette.text),
    ]
    title.append((line(f"  {body.kind}"), palette.dim))
    facts: list[Row] = [[(line(body.model), palette.dim)]] if body.model else []
    return [headline(look, look.marks.agent, palette.dim, title, facts)]


def paint_review(item: Item, body: ReviewMode, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    subject = prose(body.review.split("\n", 1)[0][:300])
    title: list[Part] = [(own("review of "), palette.dim), (subject or own("changes"), palette.text)]
    return [headline(look, look.marks.agent, palette.dim, title)]


def paint_sleep(item: Item, body: Sleep, look: Look, fold: Fold) -> list[Strip]:
    verb = own("sleeping ") if item.phase == "running" else own("slept ")
    said = SafeText(f"{verb}{duration(body.duration_ms)}")
    return [headline(look, look.marks.note, look.palette.dim, [(said, look.palette.dim)])]


def paint_compaction(item: Item, body: ContextCompaction, look: Look, fold: Fold) -> list[Strip]:
    said = own("compacting the context") if item.phase == "running" else own("context compacted")
    title: list[Part] = [(said, look.palette.dim)]
    return [headline(look, look.marks.note, look.palette.dim, title, taken(look, item))]


def paint_hook(item: Item, body: HookPrompt, look: Look, fold: Fold) -> list[Strip]:
    """What a hook told the model: neither the person nor the agent said it."""
    text = "\n".join(fragment.text for fragment in body.fragments)
    title: list[Part] = [(own("a hook told the model  "), look.palette.dim)]
    title.append((prose(text.split("\n", 1)[0]), look.palette.text))
    sign = fold_sign(look, fold, is_foldable(item, body))
    strips = [headline(look, look.marks.note, look.palette.dim, title, (), sign)]
    return strips + paint_text(text, look, FULL_ROWS) if fold == "full" else strips


def paint_output_of(item: Item, body: FunctionCallOutput, look: Look, fold: Fold) -> list[Strip]:
    """What a function without a kind of its own gave back."""
    name = f"{body.namespace}.{body.name}" if body.namespace else body.name
    output = body.output if isinstance(body.output, str) else json_text(body.output)
    title: list[Part] = [(own("output of "), look.palette.dim), (line(name), look.palette.text)]
    return _paint_call(item, body, look, fold, title, [], None, output)


def paint_unknown(item: Item, body: WireItem, look: Look, fold: Fold) -> list[Strip]:
    """An item nobody here knows: its type, and what it brought."""
    palette = look.palette
    title: list[Part] = [(line(body.type), palette.text), (own("  not known to this client"), palette.dim)]
    strips = [headline(look, look.marks.unknown, palette.dim, title, (), fold_sign(look, fold, True))]
    if fold == "brief":
        return strips
    return strips + paint_text(
        json_text(members_of(body)), look, NORMAL_ROWS * 2 if fold == "normal" else FULL_ROWS
    )


def members_of(body: WireItem) -> dict[str, Any]:
    """Everything an item brought, as on the wire."""
    return body.model_dump(by_alias=True, exclude_none=True)


def is_foldable(item: Item, body: WireItem) -> bool:
    return True


def guess_call(item: Item, body: WireItem, look: Look, fold: Fold) -> int:
    return {"brief": 1, "normal": 1 + NORMAL_ROWS, "full": 12}[fold]


def call_text(item: Item, body: WireItem) -> str:
    return copyable(json_text(members_of(body)))
