"""Ask for one line: a name, a file. Something that cannot be undone is asked once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult


def _nothing(_: str) -> SafeText:
    return own("")


class AskScreen(ModalScreen[str | None]):
    """Dismisses with what was typed, never blank, or with None."""

    BINDINGS: ClassVar = [("escape,ctrl+c", "back", "leave it")]

    def __init__(
        self, title: SafeText, value: SafeText, says: SafeText, doubt: Callable[[str], SafeText] = _nothing
    ) -> None:
        """`says` stands below the field. `doubt` gives a question about what was typed, "" for none;
        only a `y` answers it with yes."""
        super().__init__()
        self._heading: SafeText = title
        self._value = value
        self._says = says
        self._doubt = doubt
        self._asked = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet recall") as sheet:
            sheet.border_title = Content(self._heading)
            sheet.border_subtitle = "Enter   Esc leaves it"
            yield Input(self._value, compact=True, select_on_focus=False)
            # Content, since a plain string would be read as markup.
            yield Static(Content(self._says), classes="recall--count")

    @on(Input.Submitted)
    def _take(self) -> None:
        typed = self.query_one(Input).value
        if not typed.strip():
            return
        question: SafeText = self._doubt(typed)
        if not question:
            self.dismiss(typed)
            return
        self._asked = True
        self.query_one(Static).update(Content(question))
        self.set_focus(None)

    def on_key(self, event: events.Key) -> None:
        """While it is asked once more: y takes it, every other key goes back to the field."""
        if not self._asked or event.key in ("escape", "ctrl+c"):
            return
        event.stop()
        event.prevent_default()
        self._asked = False
        if event.key == "y":
            self.dismiss(self.query_one(Input).value)
        else:
            self._back_to_field()

    def action_back(self) -> None:
        if self._asked:
            self._asked = False
            self._back_to_field()
        else:
            self.dismiss(None)

    def _back_to_field(self) -> None:
        self.query_one(Static).update(Content(self._says))
        self.set_focus(self.query_one(Input))
