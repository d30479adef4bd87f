"""The last look at a form: exactly what leaves, and the key that sends it. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.signs import KeyLine, signs_of
from codex_tui.paint.question import Fact, NumberedText, measure
from codex_tui.protocol.elicitation import accept_elicitation, decline_elicitation
from codex_tui.text import SafeText, join, line, own

if TYPE_CHECKING:
    from codex_tui.dialogs.step import Step

REVEAL_KEY = "v"


def complaint(content: dict[str, Any], rules: dict[str, Any]) -> SafeText | None:
    """What a JSON Schema library finds wrong with `content`; None when it may leave.

    Nothing is fetched: the rules hold no references, and the registry knows no way to get any.
    """
    from jsonschema import Draft202012Validator
    from referencing import Registry

    validator = Draft202012Validator(rules, registry=Registry[Any]())
    for error in validator.iter_errors(content):  # pyright: ignore[reportUnknownMemberType]
        where = "/".join(str(part) for part in error.absolute_path)
        # Not the library's message: it quotes the answer, which may be a secret.
        return join(
            own('"'), line(where), own('" does not meet the schema ('), line(str(error.validator)), own(")")
        )
    return None


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """`content` as it will be sent to `server`. Values of `secrets` are drawn only when asked for."""

    server: str
    content: dict[str, Any] = field(repr=False)
    rules: dict[str, Any] = field(repr=False)
    secrets: frozenset[str] = frozenset()
    revealed: bool = False

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        hides = self.secrets & set(self.content)
        return (KeyLine((REVEAL_KEY,), own("show secrets, or hide them")),) if hides else ()

    def press(self, key: str, character: str | None) -> Step | None:
        if key == REVEAL_KEY and self.secrets & set(self.content):
            return replace(self, revealed=not self.revealed)
        return None

    def paste(self, text: str) -> Step | None:
        return None

    @property
    def sheet(self) -> Sheet:
        text = self._written(own("."))
        wrong = complaint(self.content, self.rules)
        hidden = bool(self.secrets & set(self.content))
        facts = [Fact(own("Goes to"), (join(own('MCP server "'), line(self.server), own('"')),), "code")]
        if hidden:
            state = (
                own("v hides secrets") if self.revealed else own("secrets are drawn as dots; v shows them")
            )
            facts.append(Fact(own("Careful"), (state,), "warn"))
        if wrong is not None:
            facts.append(Fact(own("Careful"), (join(own("this can't be sent: "), wrong),), "warn"))
        return Sheet(
            title=own("Send exactly this?"),
            facts=tuple(facts),
            body=lambda look: NumberedText(self._written(signs_of(look.marks).dot), look),
            measure=measure(text),
            choices=(*([] if wrong is not None else [self._send()]), *_REFUSALS),
        )

    def _written(self, dot: SafeText) -> str:
        """What leaves as JSON, with a dot for each character of a secret."""
        drawn = {
            name: dot * len(value)
            if name in self.secrets and isinstance(value, str) and not self.revealed
            else value
            for name, value in self.content.items()
        }
        return json.dumps(drawn, indent=2, ensure_ascii=False, allow_nan=False)

    def _send(self) -> Choice:
        return Choice(
            "y",
            own("Yes, send it"),
            own("send"),
            own("the server gets it; the turn goes on"),
            accept_elicitation(self.content),
            "accept",
            grants=True,
        )


_REFUSALS = (
    Choice(
        "f8",
        own("Decline"),
        own("decline"),
        own("the server is told no; the turn goes on"),
        decline_elicitation(),
        "decline",
    ),
    Choice("escape", own("Back to the form"), own("back"), own("nothing is sent"), None, ""),
)
