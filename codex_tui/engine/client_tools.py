"""Tools that this client itself offers to the model (`dynamicTools` of `thread/start`, `item/tool/call`).

None is offered by default: the engine's own tools do what a model needs, and what a client runs is
outside the engine's sandbox and its approvals. The registry is for faces that have something only
they can do, such as showing a file in an editor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from codex_tui.protocol.base import JsonObject

RESULT_KEPT = 256 * 1024
"""Characters of a tool's answer that go to the engine, which cuts far shorter for the model."""


class ToolFailedError(Exception):
    """A tool could not do it; the text is for the model."""


@dataclass(frozen=True, slots=True)
class ClientTool:
    """One tool. `run` gets the model's arguments, as unchecked as they came, and gives text back.

    It is called where messages are read, so it must return at once, and it raises ToolFailedError
    when it cannot do what was asked.
    """

    name: str
    description: str
    schema: JsonObject  # JSON Schema of the arguments
    run: Callable[[Any], str]

    @property
    def spec(self) -> JsonObject:
        """The tool as `thread/start` announces it."""
        return {
            "type": "function",
            "name": self.name,
            "description": self.description,
            "inputSchema": self.schema,
        }


Tools = Mapping[str, ClientTool]
NO_TOOLS: Tools = MappingProxyType({})


def registry(*tools: ClientTool) -> Tools:
    """Tools by name. Raises ValueError when two have the same one."""
    found = {tool.name: tool for tool in tools}
    if len(found) != len(tools):
        raise ValueError("two tools of the same name")
    return MappingProxyType(found)


def tool_result(text: str, success: bool) -> JsonObject:
    """The response's body of `item/tool/call`."""
    return {"contentItems": [{"type": "inputText", "text": text[:RESULT_KEPT]}], "success": success}
