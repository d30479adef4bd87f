"""The engine's configuration as it stands after all its layers."""

from pydantic import Field

from codex_tui.protocol.base import JsonObject, Wire


class ConfigReadResult(Wire):
    """Of `config/read`. Members of `config` are snake_case, as in the file; `origins` is by key path."""

    config: JsonObject = Field(default_factory=JsonObject)
    origins: JsonObject = Field(default_factory=JsonObject)
