"""Where an item leads: its addresses and files. What is chosen is shown in full before it is opened."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, ClassVar, cast

from rich.style import Style
from textual import events, on
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList

from codex_tui.dialogs.url import refused, url_facts, url_rows
from codex_tui.editor import CannotOpenError, find_editor
from codex_tui.opener import open_url
from codex_tui.paint.facts import path_in
from codex_tui.paint.look import Look, Marks
from codex_tui.paint.question import Fact, paint_facts
from codex_tui.panes.colours import palette_of
from codex_tui.text import SafeText, join, line, number, own
from codex_tui.text.hosts import read_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from codex_tui.app import CodexApp
    from codex_tui.session.references import Reference

SHOWN = 0.5
"""Seconds an address must have been on screen before it can be opened: a key that was typed ahead,
or pasted, opens nothing."""
KEYS = "Enter opens   c copies   Esc closes"
_OUTCOMES = {
    "opened": own("handed to the browser"),
    "refused": own("not opened: too many pages were"),
    "missing": own("not opened: no browser was found (xdg-open, open or $BROWSER)"),
    "failed": own("not opened: the browser could not be started"),
}


class Lines(Widget):
    """Painted lines, as many as there are."""

    DEFAULT_CSS = "Lines { height: auto; width: 1fr; }"

    def __init__(self, paint: Callable[[int], Sequence[Strip]]) -> None:
        """`paint`: the lines at a width in cells."""
        super().__init__()
        self._paint = paint
        self._strips: Sequence[Strip] = ()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._strips = self._paint(width)
        return len(self._strips)

    def render_line(self, y: int) -> Strip:
        back = Style.from_color(bgcolor=self.background_colors[1].rich_color)
        strip = self._strips[y] if y < len(self._strips) else Strip([])
        return strip.apply_style(back).adjust_cell_length(self.size.width, back)


class LinkScreen(ModalScreen[None]):
    """`links`: files by absolute path. `root`: paths below it are listed without it.

    `open_page` hands an address to the browser; tests inject it.
    """

    AUTO_FOCUS = ""  # the keys are the screen's
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - as the screen declares it
    BINDINGS: ClassVar = [
        ("escape,q,l", "dismiss", "close"),
        ("up,k", "move(-1)", "above"),
        ("down,j", "move(1)", "below"),
        ("pageup", "move(-8)", "page up"),
        ("pagedown", "move(8)", "page down"),
        ("enter,o", "open", "open"),
        ("c,y", "copy", "copy"),
    ]

    def __init__(
        self,
        links: Sequence[Reference],
        *,
        root: str = "",
        marks: Marks | None = None,
        clock: Callable[[], float] = time.monotonic,
        open_page: Callable[[str], str] = open_url,
    ) -> None:
        super().__init__()
        self._links = links
        self._root = root
        self._marks = marks or Marks()
        self._clock = clock
        self._open_page = open_page
        self._shown_at = clock()

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet links") as sheet:
            sheet.border_subtitle = KEYS
            # Content, since a plain string would be read as markup.
            yield OptionList(
                *[Content(self._listed(link)) for link in self._links], compact=True, markup=False
            )
            yield Lines(self._detail)

    def on_mount(self) -> None:
        listed = self.query_one(OptionList)
        listed.can_focus = False
        listed.highlighted = 0

    @property
    def _chosen(self) -> Reference:
        return self._links[self.query_one(OptionList).highlighted or 0]

    def _listed(self, link: Reference) -> SafeText:
        if link.kind == "url":
            return line(link.target)
        path = path_in(self._root, link.target)
        return join(path, own(":"), SafeText(str(link.line))) if link.line else path

    def _detail(self, width: int) -> Sequence[Strip]:
        look = Look(width=width, palette=palette_of(self), marks=self._marks)
        link = self._chosen
        if link.kind == "url":
            target = read_url(link.target)
            rows = url_rows(link.target, target, look)
            shown = [rows.paint(at) for at in range(len(rows))]
            return [*shown, *paint_facts(url_facts(link.target, target), look)]
        facts = [Fact(own("File"), (line(link.target),), "code")]
        if link.line:
            facts.append(Fact(own("Line"), (number(link.line),)))
        try:
            with_ = Fact(own("Opens in"), (line(find_editor(os.environ).name),))
        except CannotOpenError as error:
            with_ = Fact(own("Not opened"), (error.reason,), "warn")
        return paint_facts([*facts, with_], look)

    @on(OptionList.OptionHighlighted)
    def _show_detail(self) -> None:
        self._shown_at = self._clock()
        sheet, total = self.query_one(Vertical), len(self._links)
        at = (self.query_one(OptionList).highlighted or 0) + 1
        which = join(own(": "), number(at), own(" of "), number(total)) if total > 1 else own("")
        sheet.border_title = join(own("Links and files"), which)
        sheet.border_subtitle = KEYS
        self.query_one(Lines).refresh(layout=True)

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()

    def on_resize(self, event: events.Resize) -> None:
        self.query_one(Lines).refresh(layout=True)

    def action_move(self, steps: int) -> None:
        listed = self.query_one(OptionList)
        listed.highlighted = min(max((listed.highlighted or 0) + steps, 0), len(self._links) - 1)

    def action_copy(self) -> None:
        link = self._chosen
        what = own("the address") if link.kind == "url" else own("the path")
        self.dismiss()
        self._codex.copy(link.target, what)

    def action_open(self) -> None:
        link = self._chosen
        if link.kind == "file":
            self.dismiss()
            self._codex.open_editor(link.target, link.line)
        elif self._may_open(link.target):
            self.dismiss()
            self._codex.main.say(_OUTCOMES.get(self._open_page(link.target), own("not opened")))

    def _may_open(self, url: str) -> bool:
        """Whether the address may be opened, and all of it and of what it says has been on screen a while."""
        if refused(url, read_url(url)) or self._clock() - self._shown_at < SHOWN:
            return False
        shown = self.query_one(Lines)
        if self.query_one(Vertical).content_region.contains_region(shown.region):
            return True
        self.query_one(Vertical).border_subtitle = "too long to show: c copies it   Esc closes"
        return False

    @property
    def _codex(self) -> CodexApp:
        return cast("CodexApp", self.app)  # pyright: ignore[reportUnknownMemberType]
