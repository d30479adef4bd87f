"""The last look at a form: exactly what leaves, and the key that sends it. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.sheet import Sheet
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
            own("“"), line(where), own("” does not meet the schema ("), line(str(error.validator)), own(")")
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

    def press(self, key: str, character: str | None) -> Step | None:
        if key == REVEAL_KEY and self.secrets & set(self.content):
            return replace(self, revealed=not self.revealed)
        return None

    def paste(self, text: str) -> Step | None:
        return None

    @property
    def sheet(self) -> Sheet:
        text = json.dumps(self._drawn(), indent=2, ensure_ascii=False, allow_nan=False)
        wrong = complaint(self.content, self.rules)
        hidden = bool(self.secrets & set(self.content))
        facts = [Fact(own("Goes to"), (join(own("MCP server “"), line(self.server), own("”")),), "code")]
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
            body=lambda look: NumberedText(text, look),
            measure=measure(text),
            choices=(*([] if wrong is not None else [self._send()]), *_REFUSALS),
        )

    def _drawn(self) -> dict[str, Any]:
        if self.revealed:
            return self.content
        return {
            name: "•" * len(value) if name in self.secrets and isinstance(value, str) else value
            for name, value in self.content.items()
        }

    def _send(self) -> Choice:
        return Choice(
            "y",
            own("y"),
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
        own("F8"),
        own("Decline"),
        own("decline"),
        own("the server is told no; the turn goes on"),
        decline_elicitation(),
        "decline",
    ),
    Choice("escape", own("Esc"), own("Back to the form"), own("back"), own("nothing is sent"), None, ""),
)
