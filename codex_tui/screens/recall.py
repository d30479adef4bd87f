"""`Ctrl+R`: find a prompt of this or an earlier session. It goes into the composer, not off."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from codex_tui.composer.recall import search
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

LISTED = 200  # matches that are listed; a further word narrows them sooner than scrolling


class RecallScreen(ModalScreen[str | None]):
    """Dismisses with the chosen prompt as it was sent, or with None."""

    BINDINGS: ClassVar = [
        ("escape,ctrl+c", "dismiss", "close"),
        ("up", "move(-1)", "newer"),
        ("down,ctrl+r", "move(1)", "older"),
        ("pageup", "move(-8)", "newer"),
        ("pagedown", "move(8)", "older"),
    ]

    def __init__(self, prompts: Sequence[str], wanted: str = "") -> None:
        """`prompts`: oldest first. `wanted`: what to look for to begin with."""
        super().__init__()
        self._prompts = prompts
        self._wanted = wanted
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet recall") as sheet:
            sheet.border_title = "Earlier prompts"
            sheet.border_subtitle = "↑ ↓ choose   Enter takes it   Esc closes"
            yield Input(self._wanted, placeholder="words of it", compact=True, select_on_focus=False)
            # Content, since a plain string would be read as markup.
            yield OptionList(compact=True, markup=False)
            yield Static(classes="recall--count")

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self._list(self._wanted)

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        self._list(message.value)

    @on(Input.Submitted)
    def _take(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self._found[at])

    @on(OptionList.OptionSelected)
    def _take_clicked(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[message.option_index])

    def action_move(self, steps: int) -> None:
        found = self.query_one(OptionList)
        if found.option_count:
            found.highlighted = min(max((found.highlighted or 0) + steps, 0), found.option_count - 1)

    def _list(self, wanted: str) -> None:
        matches = search(self._prompts, wanted)
        self._found = matches[:LISTED]
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Content(_brief(prompt)) for prompt in self._found])
        if self._found:
            listed.highlighted = 0
        count = (
            "nothing like it"
            if self._prompts and not matches
            else f"{len(matches):,} of {len(self._prompts):,}"
        )
        self.query_one(".recall--count", Static).update(
            Content(count if self._prompts else "no prompt was sent yet")
        )


def _brief(prompt: str) -> SafeText:
    """A prompt in one line: its first line, and how many follow."""
    first, *more = prompt.strip("\n").split("\n")
    return SafeText(line(first) + (join(own("   +"), number(len(more)), own(" lines")) if more else own("")))
