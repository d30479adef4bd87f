"""Questions of MCP servers, and the engine's own one before it runs an MCP tool."""

import re
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from codex_tui.protocol.base import JsonObject, Wire, known

_SECRET = re.compile(
    r"pass(?:word|wd|phrase|code)|secret|token|credential|api[ _-]?key|private[ _-]?key|card[ _-]?number"
    r"|\bcv[vc]\b|\bpin\b",
    re.IGNORECASE,
)


class ElicitationRequest(Wire):
    """`mcpServer/elicitation/request` (server request).

    `server_name` is the name in the configuration and the only one to trust. `form` has
    `requested_schema` (an object of flat properties), `url` has `url`; other modes are newer.
    """

    thread_id: str
    turn_id: str | None = None
    server_name: str
    mode: Annotated[str, known("form", "url", "openai/form", "openaiForm", "openai/userVerification")]
    message: str = ""
    requested_schema: Any = None
    url: str | None = None
    elicitation_id: str | None = None
    meta: Any = Field(default=None, alias="_meta")

    @property
    def tool_approval(self) -> JsonObject | None:
        """The `_meta` of the engine's question whether an MCP tool may run; None for a server's own."""
        meta = self.meta
        if isinstance(meta, dict):
            known_meta = cast("JsonObject", meta)
            if known_meta.get("codex_approval_kind") == "mcp_tool_call":
                return known_meta
        return None


def asks_secret(name: str, schema: JsonObject) -> bool:
    """Whether a form's field, by its name, its title or its format, asks for what nobody else may see.

    Servers must not ask for such (MCP, elicitation); some do.
    """
    title = schema.get("title")
    words = (name, title if isinstance(title, str) else "")
    return schema.get("format") == "password" or any(_SECRET.search(text) for text in words)


def accept_elicitation(
    content: JsonObject | None = None, persist: Literal["session", "always"] | None = None
) -> JsonObject:
    """Yes, with the form's values. `persist` (tool approvals only, if offered): don't ask again."""
    body: JsonObject = {"action": "accept"}
    if content is not None:
        body["content"] = content
    if persist is not None:
        body["_meta"] = {"persist": persist}
    return body


def decline_elicitation() -> JsonObject:
    """No; the turn goes on."""
    return {"action": "decline"}


def cancel_elicitation() -> JsonObject:
    """No answer at all; the turn goes on."""
    return {"action": "cancel"}
