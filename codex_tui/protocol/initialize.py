"""The first exchange of a connection."""

from codex_tui.protocol.base import Wire


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
