"""Tools the client itself offers to the model."""

from typing import Any

from codex_tui.protocol.base import JsonObject, Wire


class DynamicToolCallRequest(Wire):
    """`item/tool/call` (server request). Its item is the dynamicToolCall with the id `call_id`."""

    thread_id: str
    turn_id: str
    call_id: str
    namespace: str | None = None
    tool: str
    arguments: Any = None


def tool_failed(text: str) -> JsonObject:
    """The answer to `item/tool/call` when the tool could not do it; the model reads `text`."""
    return {"contentItems": [{"type": "inputText", "text": text}], "success": False}


def tool_answered(text: str) -> JsonObject:
    """The answer to `item/tool/call` with the tool's output."""
    return {"contentItems": [{"type": "inputText", "text": text}], "success": True}
