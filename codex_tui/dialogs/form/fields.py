"""What a person has put into one field so far, and what a key makes of it. Pure values.

None of them shows its content in its `repr`: what is typed here must not get into a log.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from codex_tui.dialogs.entry import EDITING, edited
from codex_tui.dialogs.form.values import fits_format, fits_pattern, read_integer, read_number
from codex_tui.dialogs.signs import TYPING, KeyLine
from codex_tui.text import SafeText, join, number, own

if TYPE_CHECKING:
    from codex_tui.dialogs.form.schema import Field, Option

MAX_TEXT = 20_000
"""Characters that a text field takes; a form is no place for a file."""
LONG_CHOICE = 8
"""Options from which on typing filters them."""


class Missing:
    """The type of `MISSING`."""


MISSING = Missing()
"""The value of a field that is left out of the answer."""


class Entry(Protocol):
    """The state of one field."""

    def press(self, key: str, character: str | None) -> Entry | None:
        """After that key; None when it means nothing to this field."""
        ...

    def paste(self, text: str) -> Entry | None:
        """After a paste; None when the field takes none of it."""
        ...

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        """What its keys do."""
        ...

    def value(self, about: Field) -> Any:
        """What would be sent, or `MISSING`; only meaningful without an error."""
        ...

    def error(self, about: Field) -> SafeText | None:
        """Why this can't be sent as it is."""
        ...


def start(about: Field) -> Entry:
    """The field as the server's default fills it."""
    default = about.default
    if about.kind == "boolean":
        return SwitchEntry(default)
    if about.kind in {"choice", "choices"}:
        wanted = cast("list[str]", default if isinstance(default, list) else [default])
        at_default = [at for at, option in enumerate(about.options) if option.value in wanted]
        picked = frozenset(at_default if default is not None else ())
        return ChoiceEntry(
            about.options,
            several=about.kind == "choices",
            optional=not about.required,
            picked=picked,
            at=min(picked, default=0),
            answered=default is not None,
        )
    # `repr` keeps every digit of a number.
    text = "" if default is None else default if isinstance(default, str) else repr(default)
    return TextEntry(text, len(text))


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A line of text, also for numbers. `cursor` is the character that the next one goes before."""

    text: str = field(default="", repr=False)
    cursor: int = 0
    full: bool = False  # something did not fit

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        return EDITING

    def press(self, key: str, character: str | None) -> Entry | None:
        if character is not None:
            return self._insert(character)
        after = edited(self.text, self.cursor, key)
        if after is None:
            return None
        # Only a text that changed has room again.
        return TextEntry(*after, full=self.full and after[0] == self.text)

    def paste(self, text: str) -> Entry | None:
        # The line end that comes with a copied line is not meant; those inside are, and are shown.
        return self._insert(text.replace("\r\n", "\n").removesuffix("\n"))

    def _insert(self, text: str) -> TextEntry:
        if len(self.text) + len(text) > MAX_TEXT:
            return replace(self, full=True)
        # Half of a surrogate pair can't be sent.
        text = text.encode("utf-8", "replace").decode("utf-8")
        return TextEntry(self.text[: self.cursor] + text + self.text[self.cursor :], self.cursor + len(text))

    def value(self, about: Field) -> Any:
        if not self.text:
            return MISSING
        if about.kind == "integer":
            return read_integer(self.text.strip())
        return read_number(self.text.strip()) if about.kind == "number" else self.text

    def error(self, about: Field) -> SafeText | None:
        if self.full:
            return own("that was too long, and is left out")
        if not self.text:
            return own("needed") if about.required else None
        return (
            _number_error(self.text.strip(), about) if about.kind != "text" else _text_error(self.text, about)
        )


def _number_error(text: str, about: Field) -> SafeText | None:
    whole = about.kind == "integer"
    value = read_integer(text) if whole else read_number(text)
    if value is None:
        return own("not a whole number") if whole else own("not a number, like 12 or 0.5")
    low, high = about.minimum, about.maximum
    below, above = low is not None and value < low, high is not None and value > high
    if not below and not above:
        return None
    return own("too small") if below else own("too big")


def _text_error(text: str, about: Field) -> SafeText | None:
    if len(text) < about.min_length:
        return join(own("too short by "), number(about.min_length - len(text)))
    if about.max_length is not None and len(text) > about.max_length:
        return join(own("too long by "), number(len(text) - about.max_length))
    if about.format and not fits_format(about.format, text):
        return _FORMAT_ERRORS[about.format]
    if about.pattern and not fits_pattern(about.pattern, text):
        return own("not of the pattern wanted")
    return None


_FORMAT_ERRORS = {
    "date": own("not a date (YYYY-MM-DD)"),
    "date-time": own("not a time (2026-02-03T04:05:06Z)"),
    "email": own("not an e-mail address"),
    "uri": own("not a URI (with its scheme)"),
}


@dataclass(frozen=True, slots=True)
class SwitchEntry:
    """Yes or no; None while it is neither."""

    state: bool | None = field(default=None, repr=False)

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        return (
            KeyLine(("space",), own("yes, then no in turn")),
            KeyLine(("left", "right"), own("yes, or no")),
            KeyLine(("backspace", "delete"), own("neither")),
        )

    def press(self, key: str, character: str | None) -> Entry | None:
        if character == " ":
            return SwitchEntry(not self.state)
        if key in {"left", "right"}:
            return SwitchEntry(key == "left")
        if key in {"backspace", "delete"}:
            return SwitchEntry(None)
        return self if character is not None else None

    def paste(self, text: str) -> Entry | None:
        return None

    def value(self, about: Field) -> Any:
        return MISSING if self.state is None else self.state

    def error(self, about: Field) -> SafeText | None:
        return own("needed: yes or no") if about.required and self.state is None else None


@dataclass(frozen=True, slots=True)
class ChoiceEntry:
    """One or several of the options. `at` is the one under the cursor, `filter` narrows a long list.

    `answered` tells an empty list that is sent from one that was never filled in.
    """

    options: tuple[Option, ...] = field(repr=False)
    several: bool = False
    optional: bool = True
    picked: frozenset[int] = field(default=frozenset(), repr=False)
    at: int = 0
    filter: str = field(default="", repr=False)
    answered: bool = False

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        picks = KeyLine(("space",), own("pick it, or not"))
        drops = KeyLine(("delete",), own("pick nothing"))
        if not self.is_long:
            return picks, drops, KeyLine(("left", "right"), own("the option before, or the next"))
        finds = KeyLine((TYPING,), own("finds options that have it"))
        return picks, drops, finds, KeyLine(("backspace", "ctrl+u"), own("less of it, or nothing"))

    @property
    def is_long(self) -> bool:
        """Whether typing filters."""
        return len(self.options) >= LONG_CHOICE

    def found(self) -> list[int]:
        """The options that the filter leaves, in order."""
        if not self.filter:
            return list(range(len(self.options)))
        wanted = self.filter.casefold()
        return [
            at
            for at, option in enumerate(self.options)
            if wanted in option.title.casefold() or wanted in option.value.casefold()
        ]

    def press(self, key: str, character: str | None) -> Entry | None:
        if character == " ":
            return self._pick()
        if key in {"left", "right"} and not self.is_long:
            return self.move(-1 if key == "left" else 1) or self
        if character is not None:
            return self._filtered(self.filter + character) if self.is_long else self
        if key == "backspace":
            return self._filtered(self.filter[:-1])
        if key == "delete":
            return replace(self, picked=frozenset(), answered=False)
        if key == "ctrl+u":
            return self._filtered("")
        return None

    def paste(self, text: str) -> Entry | None:
        return self._filtered(self.filter + text.strip()) if self.is_long else None

    def move(self, step: int) -> ChoiceEntry | None:
        """With the cursor that many found options further on; None where there is none."""
        found = self.found()
        if self.at not in found:
            return None
        to = found.index(self.at) + step
        return replace(self, at=found[to]) if 0 <= to < len(found) else None

    def _filtered(self, text: str) -> ChoiceEntry:
        after = replace(self, filter=text[:200])
        found = after.found()
        return after if not found or after.at in found else replace(after, at=found[0])

    def _pick(self) -> ChoiceEntry:
        if self.at not in self.found():
            return self
        if self.several:
            return replace(self, picked=self.picked ^ {self.at}, answered=True)
        again = self.at in self.picked and self.optional
        return replace(self, picked=frozenset() if again else frozenset({self.at}), answered=not again)

    def value(self, about: Field) -> Any:
        chosen = [self.options[at].value for at in sorted(self.picked)]
        if self.several:
            left_out = not chosen and not about.required and (about.min_items or not self.answered)
            return MISSING if left_out else chosen
        return chosen[0] if chosen else MISSING

    def error(self, about: Field) -> SafeText | None:
        count = len(self.picked)
        if not self.several:
            return own("needed: pick one") if about.required and not count else None
        if count < about.min_items and (count or about.required):
            return join(own("pick "), number(about.min_items - count), own(" more"))
        if about.max_items is not None and count > about.max_items:
            return join(number(count - about.max_items), own(" too many"))
        return None
