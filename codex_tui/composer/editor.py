"""The composer: a text area of one to some rows whose whole content goes off as a prompt.

It sits on the path to the first frame: nothing heavy may be imported here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.document._edit import Edit
from textual.message import Message
from textual.strip import Strip
from textual.widgets._text_area import TextArea

from codex_tui.actions import ACTIONS, bindings
from codex_tui.composer.draft import Chips, image_chips, showable
from codex_tui.composer.recall import Recall
from codex_tui.paint.look import Marks
from codex_tui.text import join, own

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.text import Text
    from textual import events
    from textual.document._document import EditResult, Location

NARROW = 60  # columns below which the gutter shrinks
BURST = 0.03
"""Seconds between two keys that nobody types: a paste from a terminal that does not mark pastes."""


def _editing_keys() -> list[BindingType]:
    """The text area's own keys without those that the table of actions gives a meaning of their own."""
    mine = ("app", "main", "chat", "composer")
    taken = {key for action in ACTIONS if action.scope in mine for key in action.keys}
    kept: list[BindingType] = []
    for binding in TextArea.BINDINGS:
        if not isinstance(binding, Binding):
            continue
        keys = [key for key in binding.key.split(",") if key not in taken]
        if keys:
            kept.append(Binding(",".join(keys), binding.action, binding.description, show=False))
    return kept


class Composer(TextArea, inherit_bindings=False):
    """Where prompts are written. What is on screen is what is sent, except that chips are expanded.

    `turn_running` decides what Tab does, `when_empty` which keys are actions while nothing is written
    (the main screen sets both); `images` are paths that go
    with the next prompt; `last_key_at` is the monotonic time of the last key or paste.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"composer--chip"}
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("composer"),
        *_editing_keys(),
        Binding("ctrl+underscore", "undo", "bring back what was deleted", show=False, id="composer.undo"),
    ]

    @dataclass
    class Submitted(Message):
        """A prompt to send; with `queue`, for after the running turn."""

        composer: Composer
        text: str
        queue: bool
        images: tuple[str, ...] = ()

    @dataclass
    class PasteRefused(Message):
        """A paste of so many characters was not taken: the draft holds too much already."""

        composer: Composer
        characters: int

    class PromptsWanted(Message):
        """The person looks for an earlier prompt."""

    @dataclass
    class EditorWanted(Message):
        """The person wants to write on at this draft in their own editor."""

        draft: str

    def __init__(
        self,
        placeholder: str = "",
        *,
        images: tuple[str, ...] = (),
        clock: Callable[[], float] = time.monotonic,
        remembered: Callable[[], Sequence[str]] = tuple,
        marks: Marks | None = None,
        id: str | None = None,
    ) -> None:
        """`remembered`: the prompts of earlier sessions, oldest first; asked when they are first wanted."""
        # Built as Content: a plain string would be read as markup.
        super().__init__(
            placeholder=Content(placeholder),
            highlight_cursor_line=False,
            id=id,
        )
        # A steady cursor: a blinking one would wake an idle program twice a second.
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self._marks = marks or Marks()
        self._images: tuple[str, ...] = ()
        self.turn_running = False
        self.when_empty: dict[str, str] = {}  # keys that are commands, not text, while nothing is written
        self.taken: dict[str, str] = {}  # keys that are actions just now, as those of a list of completions
        self.last_key_at: float | None = None
        self._key_time = 0.0
        self._in_burst = False
        self._clock = clock
        self._chips = Chips()
        self._recall = Recall(lambda: [self._folded(text) for text in remembered()])
        self.images = images

    # -- what others read and call --------------------------------------------------------

    @property
    def images(self) -> tuple[str, ...]:
        """Paths of the images that go with the next prompt; shown as chips above it."""
        return self._images

    @images.setter
    def images(self, images: tuple[str, ...]) -> None:
        self._images = images
        # Content, since a plain string would be read as markup.
        self.border_title = Content(f" {image_chips(images, self._marks.image)}") if images else None
        self.set_class(bool(images), "-images")

    @property
    def draft(self) -> str:
        """The prompt as it would be sent."""
        return self._chips.expand(self.text)

    @property
    def is_empty(self) -> bool:
        """No text and no image: nothing would be lost or sent."""
        return self.document.line_count == 1 and not self.document[0] and not self.images

    def clear_draft(self) -> bool:
        """Empty the composer; False when there was nothing. `undo` brings the text back."""
        if self.is_empty:
            return False
        if self.text:
            self.history.checkpoint()
            self.clear()
            self.history.checkpoint()
        else:
            self.images = ()
        return True

    @property
    def is_shell(self) -> bool:
        """Whether the draft is a command for the person's shell: the main screen says so."""
        return self.has_class("-shell")

    def mark_shell(self, now: bool) -> None:
        """Show whether it is."""
        if now != self.is_shell:
            self.set_class(now, "-shell")
            self.refresh()

    def leave_shell(self) -> bool:
        """Take the `!` away, so that the draft is a prompt; False when it is one. `undo` brings it back."""
        if not self.is_shell:
            return False
        self.rewrite(self.draft.lstrip("\n")[1:].lstrip(" "))
        return True

    def restore(self, text: str, images: tuple[str, ...] = ()) -> None:
        """Put a prompt that did not get through back, above what was written since."""
        back = self._folded(text)
        since = self.text
        if back:
            self._load(f"{back}\n{since}" if since.strip() else back)
        self.images = (*images, *(image for image in self.images if image not in images))

    def rewrite(self, text: str) -> None:
        """Put `text` in the draft's place, e.g. as an editor left it; `undo` brings the draft back."""
        self.take_prompt(self._folded(text))

    def take_prompt(self, shown: str) -> None:
        """Put one of `prompts` in the draft's place; `undo` brings the draft back."""
        self.history.checkpoint()
        self.replace(shown, self.document.start, self.document.end)
        self.history.checkpoint()
        self.move_cursor(self.document.end)

    def show_draft(self, text: str, images: tuple[str, ...] = ()) -> None:
        """Another draft in this one's place, as when another thread is shown."""
        self._load(self._folded(text))
        self.images = images

    @property
    def prompts(self) -> Sequence[str]:
        """The prompts of this and of earlier sessions as a draft shows them, oldest first."""
        return self._recall.prompts

    def _folded(self, text: str) -> str:
        """`text` as a draft shows it: a long one as a chip."""
        label = self._chips.put(text) if self._chips.wanted(text, 0) else None
        return showable(text) if label is None else label

    # -- keys -----------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        """Run our own bindings here and now, not when the key has bubbled up to the screen.

        By then the keys behind it in a burst (typed ahead, or over a slow line) would have been
        inserted already: `one, Enter, two` would send `onetwo`.
        """
        self.last_key_at = self._clock()
        self._in_burst = event.time - self._key_time < BURST
        self._key_time = event.time
        taken = self.when_empty if self.is_empty else self.taken
        if (command := taken.get(event.key)) is not None:
            event.prevent_default()
            event.stop()
            await self.app.run_action(command, self)  # pyright: ignore[reportUnknownMemberType]
            return
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.prevent_default()  # the text area would insert Enter
            if await self.app.run_action(binding.action, self):  # pyright: ignore[reportUnknownMemberType]
                event.stop()
                return

    async def _on_paste(self, event: events.Paste) -> None:
        self.last_key_at = self._clock()
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if self._chips.wanted(text, self._shown_length()):
            label = self._chips.put(text)
            if label is None:
                self.post_message(self.PasteRefused(self, len(text)))
                return
            text = label
        self.history.checkpoint()
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)
        self.history.checkpoint()

    def action_send(self) -> None:
        if self._in_burst and self.draft.lstrip("\n").startswith("!"):
            self.action_newline()  # what is pasted runs nothing by itself
        else:
            self._submit(queue=False)

    def action_queue(self) -> None:
        """Tab: while a turn runs a draft waits for its end; otherwise Tab moves on."""
        if not self.turn_running or self.is_empty:
            raise SkipAction
        self._submit(queue=True)

    def action_search_prompts(self) -> None:
        self.post_message(self.PromptsWanted())

    def action_edit_draft(self) -> None:
        self.post_message(self.EditorWanted(self.draft))

    def action_newline(self) -> None:
        start, end = self.selection
        self._replace_via_keyboard("\n", start, end)

    def _submit(self, queue: bool) -> None:
        shown = self.text
        text = self._chips.expand(shown).rstrip().lstrip("\n")
        if not text and not self.images:
            return
        images, self.images = self.images, ()
        if text:
            self._recall.add(shown)
        self._load("")
        self._chips.keep_only(self._recall.sent)
        self.post_message(self.Submitted(self, text, queue, images))

    def action_cursor_up(self, select: bool = False) -> None:
        """Up; on the first row an older prompt."""
        if not select and self._cursor_row == 0:
            older = self._recall.older(self.text)
            if older is not None:
                self._load(older)
                return
        super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Down; on the last row a newer prompt, in the end the unsent draft."""
        if not select and self._cursor_row == self.wrapped_document.height - 1:
            newer = self._recall.newer()
            if newer is not None:
                self._load(newer)
                return
        super().action_cursor_down(select)

    @property
    def _cursor_row(self) -> int:
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    def _load(self, text: str) -> None:
        self.load_text(text)
        self.move_cursor(self.document.end)

    def _shown_length(self) -> int:
        return sum(len(row) + 1 for row in self.document.lines)

    # -- the one way into the document ----------------------------------------------------

    def edit(self, edit: Edit) -> EditResult:
        """Every insertion is made showable first, and a chip goes as a whole or stays."""
        top, bottom = self._around_chips(edit.top, edit.bottom)
        clean = showable(edit.text)
        if clean != edit.text or (top, bottom) != (edit.top, edit.bottom):
            edit = Edit(clean, top, bottom, edit.maintain_selection_offset)
        return super().edit(edit)

    def load_text(self, text: str) -> None:
        super().load_text(showable(text))

    def _around_chips(self, top: Location, bottom: Location) -> tuple[Location, Location]:
        if top == bottom:
            if inside := self._chip_at(top):
                top = bottom = (top[0], inside[1])
            return top, bottom
        first, last = self._chip_at(top), self._chip_at(bottom)
        return (
            (top[0], first[0]) if first else top,
            (bottom[0], last[1]) if last else bottom,
        )

    def _chip_at(self, location: Location) -> tuple[int, int] | None:
        """The columns of the chip that `location` is inside of; its edges are outside."""
        row, column = location
        if not 0 <= row < self.document.line_count:
            return None
        spans = self._chips.spans(self.document[row])
        return next((span for span in spans if span[0] < column < span[1]), None)

    def get_cursor_left_location(self) -> Location:
        target = super().get_cursor_left_location()
        inside = self._chip_at(target)
        return (target[0], inside[0]) if inside else target

    def get_cursor_right_location(self) -> Location:
        target = super().get_cursor_right_location()
        inside = self._chip_at(target)
        return (target[0], inside[1]) if inside else target

    # -- the look -------------------------------------------------------------------------

    def get_line(self, line_index: int) -> Text:
        """One line of the draft, its chips set off."""
        row = super().get_line(line_index)
        for start, end in self._chips.spans(row.plain):
            row.stylize(self.get_component_rich_style("composer--chip", partial=True), start, end)
        return row

    @property
    def gutter_width(self) -> int:
        """Cells before the text: the prompt mark and its margins."""
        return 4 if self.size.width >= NARROW else 2

    def render_line(self, y: int) -> Strip:
        width = self.gutter_width
        row, rows, height = self.scroll_offset.y + y, self.wrapped_document.height, self.size.height
        if y == 0 and row > 0:
            mark = own("^") if self._marks.unfolded.isascii() else own("▴")
        elif y == height - 1 and row < rows - 1:
            mark = self._marks.unfolded
        else:
            mark = (self._marks.command if self.is_shell else self._marks.prompt) if row == 0 else own(" ")
        style = self.get_component_rich_style("text-area--gutter")
        margin = own("  ") if width > 2 else own("")
        gutter = Segment(join(margin, mark, own(" ")), style)
        text = super().render_line(y).crop(0, max(0, self.size.width - width))
        return Strip([gutter, *text], width + text.cell_length)
