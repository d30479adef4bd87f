"""What a search looks at: an item's words as they are shown unfolded, without gutter and wrapping."""

from __future__ import annotations

import re

from codex_tui.paint import kinds
from codex_tui.paint.message import prompt_text
from codex_tui.paint.raw import json_text
from codex_tui.paint.shell import bare_command
from codex_tui.paint.thought import thought_source
from codex_tui.paint.tool import content_text
from codex_tui.protocol.items import (
    CollabAgentToolCall,
    CommandExecution,
    DynamicToolCall,
    HookPrompt,
    ImageView,
    McpToolCall,
    Reasoning,
    Sleep,
    SubAgentActivity,
    UserMessage,
    WebSearch,
)
from codex_tui.session.transcript import Item, Notice
from codex_tui.text import block

# Anything else than a line's own characters in ASCII: the rest is looked at one by one.
_ODD = re.compile(r"[^\n\t\x20-\x7e]")
# Colours and other sequences of a terminal, which output is shown without.
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def search_text(item: Item) -> str:
    """The words of `item`, escaped as the screen shows them."""
    words = _words(item)
    return kinds.kind_of(item.body).text(item, item.body) if words is None else shown(words)


def _words(item: Item) -> str | None:
    body = item.body
    words = kinds.markdown_of(body)
    match body:
        case UserMessage():
            words = prompt_text(body)
        case CommandExecution():
            words = f"{bare_command(body.command)}\n{_SEQUENCE.sub('', body.aggregated_output or '')}"
        case Reasoning():
            words = thought_source(body)
        case McpToolCall():
            result = content_text(body.result.content) if body.result else ""
            said = body.error.message if body.error else result
            words = f"{body.server}.{body.tool}\n{_value(body.arguments)}\n{said}"
        case DynamicToolCall():
            words = f"{body.tool}\n{_value(body.arguments)}\n{content_text(body.content_items or ())}"
        case CollabAgentToolCall():
            words = body.prompt or ""
        case WebSearch():
            words = f"{body.query}\n{_value(body.action)}\n{_value(body.results)}"
        case ImageView():
            words = body.path
        case SubAgentActivity():
            words = f"{body.agent_path or body.agent_thread_id}  {body.kind}"
        case Notice():
            words = f"{body.title}\n{body.detail}"
        case HookPrompt():
            words = "\n".join(fragment.text for fragment in body.fragments)
        case Sleep():
            words = ""
        case _:
            pass
    return words


def shown(text: str) -> str:
    """`text` with what a terminal must not get escaped as on screen; most texts come back as they are."""
    return text if _ODD.search(text) is None else "\n".join(block(text))


def _value(value: object) -> str:
    return json_text(value) if value not in (None, {}, "", ()) else ""
