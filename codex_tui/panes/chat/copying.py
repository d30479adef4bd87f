"""Keys that copy the selected item or go where it leads.

`y` waits for a letter that says what to copy; the letters stand in the rule meanwhile. With several
of a kind (blocks of code) the same letter goes from one to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.events import Key
from textual.message import Message

from codex_tui.panes.chat.reading import Reader
from codex_tui.panes.chat.selection import shown_text
from codex_tui.text import SafeText, join, own

if TYPE_CHECKING:
    from codex_tui.paint.copies import Copy
    from codex_tui.paint.look import Look
    from codex_tui.panes.chat.layout import Slot
    from codex_tui.session.references import Reference
    from codex_tui.session.transcript import Item

CHORD_SECONDS = 60.0
"""How long the letters stay in the rule; they stay good until another key comes."""


@dataclass
class Chord:
    """A copy that is being said in letters. `again`: the one whose next text the same letter copies."""

    item: Item
    slot: Slot
    copies: Sequence[Copy]
    again: Copy | None = None
    at: int = 0

    @property
    def words(self) -> SafeText:
        """The letters, for the rule."""
        named = [join(copy.key, own(" "), copy.name) for copy in self.copies]
        return join(own("copy:  y as shown"), *named, own("Esc"), by=own("   "))


def _anew(event: Key) -> Key:
    """The same key for somebody else: the event itself ends where it was taken."""
    return Key(event.key, event.character)


class Copying(Reader, can_focus=False):
    """A conversation whose selected item can be copied, and whose links can be listed."""

    _chord: Chord | None = None
    _look: Look
    _typed_ahead: Sequence[Key] = ()

    class Copied(Message):
        """This is to go to the clipboard: foreign text (or what makes it), and our name for it."""

        def __init__(self, text: str | Callable[[], str], what: SafeText) -> None:
            super().__init__()
            self.text = text
            self.what = what

    class LinksWanted(Message):
        """Where the item leads, to be shown before anything is opened."""

        def __init__(self, links: Sequence[Reference]) -> None:
            super().__init__()
            self.links = links

    class FileWanted(Message):
        """A file to open in the person's editor."""

        def __init__(self, path: str, line: int | None) -> None:
            super().__init__()
            self.path = path
            self.line = line

    async def _on_key(self, event: Key) -> None:
        """A chord's letters, and our own keys: here and now, since Textual's way of bindings takes a
        detour on which keys that are typed fast pass each other."""
        focused = self.screen.focused
        if self._chord is not None and self._go_on(event.key):
            done = True
        elif focused is not None and focused is not self:
            # Typed behind a key that gave the keyboard away (what is to be found, behind `/`).
            focused.post_message(_anew(event))
            done = True
        elif self._leaving:
            self._typed_ahead = [*self._typed_ahead, event]  # for whoever gets the keyboard
            done = True
        else:
            self._end_chord()
            found = self._bindings.key_to_bindings.get(event.key, ())
            for binding in found:
                await self.run_action(binding.action)
            done = bool(found)
        if done:
            event.stop()
            event.prevent_default()

    def on_blur(self) -> None:
        if self._chord is not None:
            self._end_chord()
        ahead, self._typed_ahead = self._typed_ahead, ()
        if (focused := self.screen.focused) is not None:
            for event in ahead:
                focused.post_message(_anew(event))

    def action_copy_item(self) -> None:
        if self.text_selection is not None and (text := self.screen.get_selected_text()):
            self.screen.clear_selection()
            self.post_message(self.Copied(text, own("")))
            return
        chosen = self._chosen()
        if chosen is None:
            return
        from codex_tui.paint.copies import copies_of

        slot, item = chosen
        self._chord = Chord(item, slot, copies_of(item))
        self.post_message(self.Says(self._chord.words, CHORD_SECONDS))

    def action_copy_source(self) -> None:
        if (chosen := self._chosen()) is not None:
            from codex_tui.paint.copies import source_of

            name, make = source_of(chosen[1]).texts[0]
            self.post_message(self.Copied(make, name))

    def action_list_links(self) -> None:
        if (chosen := self._chosen()) is not None:
            from codex_tui.panes.chat.links import links_of

            links = links_of(chosen[1], self._look.root)
            says = self.Says("it names no file or address")
            self.post_message(self.LinksWanted(links) if links else says)

    def _chosen(self) -> tuple[Slot, Item] | None:
        """The selected item; without one in sight, the last one there is selected."""
        window = self._window
        if window is None:
            return None
        if window.chosen is None:
            window.select(-1)
            self._settle()
        slot = window.chosen
        if slot is None or slot.item is None:
            self.post_message(self.Says("nothing is selected: ↑ and ↓ select"))
            return None
        return slot, slot.item

    def _go_on(self, key: str) -> bool:
        """What a key means after `y`; whether it means anything."""
        chord = self._chord
        if chord is None:
            return False
        if chord.again is not None:
            if key != chord.again.key:
                return False
            self._copy_next(chord, chord.again)
            return True
        if key == "escape":
            self._end_chord()
        elif key == "y":
            window, self._chord = self._window, None
            if window is not None:
                self.post_message(self.Copied(shown_text(window, chord.slot), own("")))
        elif (copy := next((copy for copy in chord.copies if copy.key == key), None)) is not None:
            self._copy_next(chord, copy)
        else:
            self._end_chord()
            self.post_message(self.Says("nothing was copied"))
        return True

    def _copy_next(self, chord: Chord, copy: Copy) -> None:
        name, make = copy.texts[chord.at % len(copy.texts)]
        several = len(copy.texts) > 1
        self._chord = Chord(chord.item, chord.slot, chord.copies, copy, chord.at + 1) if several else None
        more = join(name, own(" ("), copy.key, own(" goes on)")) if several else name
        self.post_message(self.Copied(make, more))

    def _end_chord(self) -> None:
        chord, self._chord = self._chord, None
        if chord is not None and chord.again is None:
            self.post_message(self.Says("", 0.0))
