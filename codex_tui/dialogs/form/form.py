"""The form of an MCP server as a step of a dialog: fields, keys, and what is wrong with an answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.form.fields import MISSING, ChoiceEntry, Entry, start
from codex_tui.dialogs.form.layout import Said, Shown, paint_fields
from codex_tui.dialogs.form.review import ReviewStep
from codex_tui.dialogs.sheet import TYPED_OTHERS, Sheet
from codex_tui.dialogs.signs import KeyLine
from codex_tui.paint.question import Fact, Painted, Rows, Stacked
from codex_tui.protocol.elicitation import cancel_elicitation, decline_elicitation
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from codex_tui.dialogs.form.schema import Form
    from codex_tui.dialogs.step import Step
    from codex_tui.paint.look import Look

REVIEW_KEY = "f10"
DECLINE_KEY = "f8"
_NEXT = {"tab": 1, "down": 1, "enter": 1, "shift+tab": -1, "up": -1}


@dataclass(frozen=True, slots=True)
class FormStep:
    """A form with what was filled in so far; its content is in no `repr`.

    `at` is the field with the cursor. Errors stand beside fields that were left, or beside all once
    a review was asked for (`checked`). Nothing scrolls to the cursor before the first key.
    """

    server: str
    message: str
    form: Form
    entries: tuple[Entry, ...] = field(repr=False)
    asker: tuple[Fact, ...] = ()
    at: int = 0
    left: frozenset[int] = frozenset()
    checked: bool = False
    touched: bool = False

    # -- what it says ---------------------------------------------------------------------

    @property
    def content(self) -> dict[str, Any]:
        """What would be sent; only meaningful without errors."""
        filled = (
            (about.name, entry.value(about))
            for about, entry in zip(self.form.fields, self.entries, strict=True)
        )
        return {name: value for name, value in filled if value is not MISSING}

    @property
    def errors(self) -> tuple[SafeText | None, ...]:
        """What is wrong with each field."""
        return tuple(entry.error(about) for about, entry in zip(self.form.fields, self.entries, strict=True))

    # -- keys -----------------------------------------------------------------------------

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        entry = self.entries[self.at]
        lists = isinstance(entry, ChoiceEntry) and self._lists(entry)
        moves = own("the field above, or below; options first") if lists else own("the field above, or below")
        return (
            KeyLine(("tab", "enter", "shift+tab"), own("the next field, or the one before")),
            KeyLine(("up", "down"), moves),
            *entry.keys,
        )

    def press(self, key: str, character: str | None) -> Step | None:
        if key == REVIEW_KEY:
            return self._check()
        entry = self.entries[self.at]
        if isinstance(entry, ChoiceEntry) and key in {"up", "down"} and self._lists(entry):
            moved = entry.move(_NEXT[key])
            if moved is not None:
                return self._with(moved)
        if key in _NEXT:
            return self._go(self.at + _NEXT[key])
        after = entry.press(key, character)
        if after is not None:
            return self._with(after)
        # What types something is never an answer here, whatever it may mean on other pages.
        return self if character is not None else None

    def paste(self, text: str) -> Step | None:
        after = self.entries[self.at].paste(text)
        return None if after is None else self._with(after)

    def _lists(self, entry: ChoiceEntry) -> bool:
        # Short choices may stand in one row, where up and down leave the field.
        return entry.is_long or len(entry.options) > 3

    def _with(self, entry: Entry) -> FormStep:
        entries = (*self.entries[: self.at], entry, *self.entries[self.at + 1 :])
        return replace(self, entries=entries, touched=True)

    def _go(self, to: int) -> FormStep:
        return replace(self, at=to % len(self.entries), left=self.left | {self.at}, touched=True)

    def _check(self) -> FormStep | None:
        """None when all is well: then the choice of that key leads to the review."""
        wrong = next((at for at, error in enumerate(self.errors) if error is not None), None)
        return None if wrong is None else replace(self, at=wrong, checked=True, touched=True)

    # -- how it looks ---------------------------------------------------------------------

    @property
    def sheet(self) -> Sheet:
        count = len(self.form.fields)
        needed = sum(about.required for about in self.form.fields)
        counted = join(number(count), own(" field") if count == 1 else own(" fields"))
        return Sheet(
            title=join(own('MCP server "'), line(self.server), own('" asks')),
            facts=(
                *self.asker,
                Fact(own("Asked by"), (asker_of(self.server),), "dim"),
                Fact(own("Keys"), (own("Tab and arrows move, typing fills in, Space ticks"),), "dim"),
            ),
            body=self._body,
            measure=join(counted, own(" · "), number(needed), own(" needed (*)")),
            choices=self._choices(),
            focus=self._focus,
            others=TYPED_OTHERS,
        )

    def _shown(self) -> list[Shown]:
        errors = self.errors
        return [
            Shown(
                about,
                entry,
                focused=index == self.at,
                error=errors[index] if self.checked or index in self.left else None,
            )
            for index, (about, entry) in enumerate(zip(self.form.fields, self.entries, strict=True))
        ]

    def _body(self, look: Look) -> Rows:
        return Stacked([Said(self.message, look), Painted(paint_fields(self._shown(), look)[0])])

    def _focus(self, look: Look) -> int:
        return len(Said(self.message, look)) + paint_fields(self._shown(), look)[1] if self.touched else 0

    def _choices(self) -> tuple[Choice, ...]:
        return (
            Choice(
                REVIEW_KEY,
                own("Review, then send …"),
                own("review…"),
                own("nothing is sent yet"),
                None,
                "",
                leads=self._review,
                eager=True,
            ),
            Choice(
                DECLINE_KEY,
                own("Decline"),
                own("decline"),
                own("the server is told no; the turn goes on"),
                decline_elicitation(),
                "decline",
            ),
            cancel_choice(),
        )

    def _review(self) -> Step:
        secrets = frozenset(about.name for about in self.form.fields if about.secret)
        return ReviewStep(self.server, self.content, self.form.rules, secrets)


def asker_of(server: str) -> SafeText:
    """Who asks, in a frame that no name can leave."""
    return join(own('"'), line(server), own('", an MCP server you configured; not Codex'))


def cancel_choice() -> Choice:
    """Esc: neither yes nor no."""
    return Choice(
        "escape",
        own("Cancel"),
        own("cancel"),
        own("the server gets no answer; the turn goes on"),
        cancel_elicitation(),
        "cancel",
    )


def decline_choice() -> Choice:
    """`d`: no, where nothing is typed."""
    return Choice(
        "d",
        own("Decline"),
        own("decline"),
        own("the server is told no; the turn goes on"),
        decline_elicitation(),
        "decline",
    )


def open_form(server: str, message: str, form: Form, asker: tuple[Fact, ...] = ()) -> FormStep:
    """The form with its defaults filled in. It has at least one field."""
    return FormStep(server, message, form, tuple(start(about) for about in form.fields), asker)
