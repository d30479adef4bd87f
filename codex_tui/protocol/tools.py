"""Tools the client itself offers to the model."""

from typing import Any

from codex_tui.protocol.base import Wire


class DynamicToolCallRequest(Wire):
    """`item/tool/call` (server request). Its item is the dynamicToolCall with the id `call_id`."""

    thread_id: str
    turn_id: str
    call_id: str
    namespace: str | None = None
    tool: str
    arguments: Any = None
