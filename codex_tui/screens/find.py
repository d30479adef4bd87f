"""The row in which one types what to find in the conversation, and reads how often it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key

from codex_tui.dialogs.entry import Entry
from codex_tui.panes.status.parts import Fact, Part, ruled, words
from codex_tui.panes.status.widgets import OneLine, Rule
from codex_tui.text import SafeText, cell_width, cut, cut_left, line, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.widget import Widget

    from codex_tui.panes.chat import ChatView
    from codex_tui.panes.chat.finding import Found

LABEL = own("find ")
MIN_FIELD = 8
"""Cells the words have at least, before keys are named beside them."""
KEYS, WHERE, BELOW, REMARK = 1, 2, 3, 4
"""What goes first where it is narrow, the lower one: the keys, then that a match is not in sight, then
what is below, at last what was just said."""
_NEXT = frozenset({"enter", "down"})
_BEFORE = frozenset({"shift+enter", "up"})


class FindRow(OneLine, can_focus=True):
    """Takes the rule's place while something is looked for.

    Enter and Shift+Enter walk through the matches; Tab goes on reading at the current one, Esc back to
    where the reader was. Opened from reading, Enter goes on reading at once, where `n` and `N` walk.
    """

    DEFAULT_CSS = "FindRow { height: 1; width: 1fr; background: $background; }"

    def __init__(self, chat: ChatView, rule: Rule) -> None:
        super().__init__(marks=rule.marks)
        self._chat = chat
        self._rule = rule
        self._entry = Entry()
        self._found: Found | None = None
        self._back: Widget | None = None
        self.display = False
        rule.stand_in = self

    @property
    def query_text(self) -> str:
        """What is looked for."""
        return self._entry.text

    def open(self, back_to: Widget) -> None:
        """Show the row and type in it; what was looked for last is found again."""
        if back_to is not self:
            self._back = back_to
        self._rule.display, self.display = False, True
        self.screen.set_focus(self)  # at once: what was typed behind the key is for this row
        if self._chat.is_searching:
            self._chat.keep_place()
        else:
            self._entry, self._found = Entry(), None
        self.update()

    def look_for(self, words: str) -> None:
        """Look for `words` in the place of what stands in the row."""
        self._take(Entry().paste(words))

    def tell(self, found: Found | None) -> None:
        """What the conversation has found; None: the search was ended there."""
        if not self.display:
            return
        self._found = found
        if found is None and not self.has_focus:
            self._hide()
        self.update()

    def _hide(self) -> None:
        self.display, self._rule.display = False, True

    # -- keys -----------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        key, focused = event.key, self.screen.focused
        if focused is not None and focused is not self:
            # Typed behind the key that gave the keyboard back. Anew: this event ends here.
            focused.post_message(Key(key, event.character))
        elif key == "escape":
            self._close()
        elif key == "enter" and self._back is self._chat:
            self._read()
        elif key in _NEXT:
            self._chat.find(1)
        elif key in _BEFORE:
            self._chat.find(-1)
        elif key == "tab":
            self._read()
        elif (entry := self._entry.press(key, event.character)) is not None:
            self._take(entry)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._take(self._entry.paste(" ".join(event.text.split())))

    def _take(self, entry: Entry) -> None:
        changed = entry.text != self._entry.text
        self._entry = entry
        if changed:
            self._chat.search(entry.text)
        self.update()

    def _read(self) -> None:
        """On to reading at the current match; the row stays and says which one that is."""
        if self._entry.text and self._chat.is_searching:
            self._chat.read()
        else:
            self._close()

    def _close(self) -> None:
        self._hide()
        self._chat.end_search(give_back=True)
        if self._back is self._chat:
            self._chat.read()
        elif self._back is not None:
            self.screen.set_focus(self._back)

    def leave(self) -> None:
        """The person went on elsewhere: the row goes, the reader stays at the match."""
        if self.display:
            self._hide()
            self._chat.end_search(give_back=False)

    def on_click(self, event: events.Click) -> None:
        """A click on what is below goes there, as on the rule."""
        self._rule.click_at(self.size.width - event.x)

    def on_focus(self) -> None:
        self.update()

    def on_blur(self) -> None:
        self.update()

    # -- the look -------------------------------------------------------------------------

    def parts(self) -> Sequence[Part]:
        says = self._says()
        # The words and the count stay in sight; what else there is room for goes by rank.
        room = self.size.width - cell_width(LABEL) - 12 - MIN_FIELD
        for rank in (KEYS, WHERE, BELOW, REMARK):
            if sum(map(_width, says)) > room:
                says = [fact for fact in says if fact.rank != rank]
        field = self._field(max(MIN_FIELD, room + MIN_FIELD - sum(map(_width, says))))
        return ruled([Fact(((LABEL, "dim"), *field))], says, self.size.width, self.marks.rule)

    def _says(self) -> list[Fact]:
        """What stands beside the words: which match of how many, whether it shows, the keys or what was
        just said, and what the rule says of what is below."""
        said = self._rule.remark
        about = words(said, "text", REMARK) if said else Fact(((self._keys(), "dim"),), KEYS)
        return [*self._of_search(about), *(Fact(fact.parts, BELOW) for fact in self._rule.right if fact.rank)]

    def _of_search(self, keys: Fact) -> list[Fact]:
        found = self._found
        if found is None or not self._entry.text.strip():
            return [keys]
        if found.lacking:
            keys = words(own("older turns did not come: Enter tries again"), "warn", WHERE)
        if not found.total:
            return [words(own("looking") if found.more else own("nothing found")), keys]
        more = self.marks.ellipsis if found.more else own("")
        at = words(SafeText(f"{number(found.position)} of {number(found.total)}{more}"))
        return [words(own("in what is left out"), "text", WHERE), at, keys] if found.hidden else [at, keys]

    def _keys(self) -> SafeText:
        if not self.has_focus:
            return own("n next  N before  / find  Esc ends")
        if self._back is self._chat:
            return own("Enter read  ↑ ↓ matches  Esc back")
        return own("Enter next  Tab read here  Esc back")

    def _field(self, room: int) -> list[Part]:
        text, at = self._entry.text, self._entry.at
        if not self.has_focus:
            return [(cut(line(text), room), "text")]
        before = cut_left(line(text[:at]), room - 1)
        under = line(text[at : at + 1]) or own(" ")
        after = cut(line(text[at + 1 :]), max(0, room - cell_width(before) - cell_width(under)))
        return [(before, "text"), (under, "cursor"), (after, "text")]


def _width(fact: Fact) -> int:
    return sum(cell_width(text) for text, _ in fact.parts) + 5
