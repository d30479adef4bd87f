"""The first exchange of a connection."""

from codex_tui.protocol.base import JsonObject, Wire


class InitializeResult(Wire):
    """Of `initialize`. `user_agent` is `<client>/<engine version> (…)`."""

    user_agent: str
    codex_home: str = ""
    platform_family: str = ""
    platform_os: str = ""

    @property
    def engine_version(self) -> str:
        """`0.169.0` of `codex_tui/0.169.0 (…)`; "" when it does not look like that."""
        _, slash, rest = self.user_agent.partition("/")
        return rest.split(" ", 1)[0] if slash else ""


def initialize_params(version: str, opt_out: tuple[str, ...] = ()) -> JsonObject:
    """The params of `initialize`: who we are, and the notifications (`opt_out`) we do not want."""
    capabilities: JsonObject = {"experimentalApi": True}
    if opt_out:
        capabilities["optOutNotificationMethods"] = list(opt_out)
    return {
        "clientInfo": {"name": "codex_tui", "title": "Codex TUI", "version": version},
        "capabilities": capabilities,
    }
